package proxy

import (
	"io"
	"time"
)

// Answers of known length up to shortAnswer are sent in one piece if they arrive
// within patience, so that one that breaks off is told as an error.
const (
	shortAnswer = 64 << 10
	patience    = 100 * time.Millisecond
)

// relay sends an answer to the client, up to the end, which is sent when the
// exchange is recorded: whoever has the answer finds the record. It reports whether the answer was read to
// its end, so that the connection can serve again.
func (p *Proxy) relay(ex *exchange, c *conn) (whole bool, err error) {
	a := &ex.answer
	if a.bodiless(ex.Request.Method) {
		return true, p.relayHead(ex)
	}
	if a.length >= 0 && a.length <= shortAnswer {
		if done, err := p.relayShort(ex, c); done || err != nil {
			return true, err
		}
		return p.relayFixed(ex, c, a.length-ex.ResponseBytes)
	}
	if err := p.send(ex); err != nil {
		return false, err
	}
	if a.length >= 0 {
		return p.relayFixed(ex, c, a.length)
	}
	return p.relayOpen(ex, c)
}

// send begins the answer.
func (p *Proxy) send(ex *exchange) error {
	p.rest(ex)
	ex.begun, ex.Status = true, ex.answer.status
	ex.answer.trailers = ex.answer.trailers && takesTrailers(&ex.Request)
	return ex.client.begin(&ex.answer, ex.answer.length)
}

func (p *Proxy) relayHead(ex *exchange) error {
	if err := p.send(ex); err != nil {
		return err
	}
	ex.complete = true
	return nil
}

// relayShort sends a short answer whole. When it does not come at once, done is
// false and its beginning is on its way.
func (p *Proxy) relayShort(ex *exchange, c *conn) (done bool, err error) {
	n := int(ex.answer.length)
	if c.reader.Buffered() >= n {
		return true, p.relayAtHand(ex, c, n)
	}
	body := ex.space()[:n]
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return false, err
	}
	m, err := io.ReadFull(c.reader, body)
	if err != nil && !isTimeout(err) {
		return false, noEOF(err)
	}
	ex.ResponseBytes = int64(m)
	if err := p.send(ex); err != nil {
		return false, err
	}
	if err := ex.client.body(body[:m]); err != nil {
		return false, err
	}
	if ex.complete = m == n; ex.complete {
		return true, nil
	}
	return false, ex.client.flush(false, nil)
}

// relayAtHand sends an answer whose body has come with its head.
func (p *Proxy) relayAtHand(ex *exchange, c *conn, n int) error {
	body, err := c.reader.Peek(n)
	if err != nil {
		return err
	}
	if err := p.send(ex); err != nil {
		return err
	}
	ex.ResponseBytes = int64(n)
	if err := ex.client.body(body); err != nil { // short enough to be copied
		return err
	}
	ex.complete = true
	_, err = c.reader.Discard(n)
	return err
}

// relayFixed sends what is left of a body of known length.
func (p *Proxy) relayFixed(ex *exchange, c *conn, left int64) (whole bool, err error) {
	err = p.copy(ex, c, io.LimitReader(c.reader, left), left, p.limits.BodyTimeout.Std())
	return err == nil, err
}

// relayOpen sends a body that comes in chunks or ends with the connection. What has
// come is sent before more is waited for.
func (p *Proxy) relayOpen(ex *exchange, c *conn) (whole bool, err error) {
	wait := max(p.limits.BodyTimeout.Std(), time.Hour) // event streams pause for long
	events := ex.answer.streamsEvents()
	if events {
		defer p.stream(c)()
	}
	chunks := &chunkReader{r: c.reader}
	if ex.answer.length == bodyUntilClose {
		err = p.copy(ex, c, c.reader, -1, wait)
	} else {
		err = p.pour(ex, c, chunks, wait)
	}
	if err != nil && events && p.parting.Load() {
		ex.h1.close, ex.complete = true, true
		return false, nil
	}
	if err != nil || ex.complete {
		return false, err
	}
	if ex.complete = true; ex.answer.trailers {
		ex.trailers = chunks.trailers
	}
	return true, nil
}

// copy sends a body that completes the answer; with left at least 0 it must have as many
// bytes.
func (p *Proxy) copy(ex *exchange, c *conn, from io.Reader, left int64, wait time.Duration) error {
	begun := ex.ResponseBytes
	if err := p.pour(ex, c, from, wait); err != nil {
		return err
	}
	if left >= 0 && ex.ResponseBytes-begun != left {
		return io.ErrUnexpectedEOF
	}
	ex.complete = true
	return nil
}

// pour sends what a reader gives until it ends.
func (p *Proxy) pour(ex *exchange, c *conn, from io.Reader, wait time.Duration) error {
	c.client, c.wait, c.until = ex.client, wait, time.Time{}
	buf := ex.space()
	for {
		n, err := from.Read(buf)
		if n > 0 {
			ex.ResponseBytes += int64(n)
			if err := ex.client.body(buf[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// cut ends an answer that cannot be completed so that nobody takes it for complete.
func (p *Proxy) cut(ex *exchange) {
	ex.h1.close = true
	if ex.h1.wire != nil {
		ex.h1.wire.reset = true
	}
	p.metrics.cut.Inc()
}
