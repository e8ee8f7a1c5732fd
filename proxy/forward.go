package proxy

import (
	"errors"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
)

// Longest bodies, in bytes, that go out in one write with the head, and those of them that are
// copied behind it for that even if the system could gather both.
const (
	maxInline = 64 << 10
	maxCopied = 8 << 10
)

// forward sends the request to its upstream and the answer back.
func (p *Proxy) forward(ex *exchange) {
	if !p.readBody(ex) { // it has been read unless the mode is off
		return
	}
	u := ex.pools.byName[ex.Settings.Upstream]
	if ex.h1.wire != nil && isWebSocket(&ex.Request) {
		p.upgrade(ex, u)
		return
	}
	if u.protocol != config.HTTP1 {
		p.forwardHTTP2(ex, u)
		return
	}
	ex.buildHead()
	if err := p.try(ex, u); err != nil {
		p.failed(ex, u, err)
	}
}

// failed answers for an upstream that did not, as far as that is still possible.
func (p *Proxy) failed(ex *exchange, u *upstream, err error) {
	if ex.gone {
		p.log.Debug("client went away", zap.Stringer("request_id", ex.ID))
		p.cut(ex)
		return
	}
	if errors.Is(err, errClientBody) {
		p.bodyFailed(ex, err)
		return
	}
	status, counter := fasthttp.StatusBadGateway, u.metrics.broken
	switch {
	case errors.Is(err, errTooMany):
		status, counter = fasthttp.StatusServiceUnavailable, u.metrics.busy
	case errors.Is(err, errConnect) && !isTimeout(err):
		counter = u.metrics.connect
	case isTimeout(err) || errors.Is(err, os.ErrDeadlineExceeded):
		status, counter = fasthttp.StatusGatewayTimeout, u.metrics.timeout
	}
	counter.Inc()
	p.log.Warn("upstream failed", zap.String("upstream", u.name), zap.Stringer("request_id", ex.ID), zap.Int("status", status), zap.Error(err))
	if ex.rest != nil {
		ex.h1.close = true
	}
	p.fail(ex, status, "the application did not answer")
}

var errConnect = errors.New("connect")

// try sends the request, a second time on a new connection if a pooled one turned
// out dead before the first byte of an answer and sending again is safe.
func (p *Proxy) try(ex *exchange, u *upstream) error {
	now, key := time.Now(), u.key(ex)
	for attempt := 0; ; attempt++ {
		c, err := p.reach(ex, u, now, key)
		if err != nil {
			return err
		}
		sent, err := p.roundTrip(ex, u, c)
		if err == nil {
			u.report(c.target, true, now)
			return nil
		}
		if !ex.gone && !errors.Is(err, errClientBody) && (!c.pooled || sent) {
			u.report(c.target, false, time.Now())
		}
		c.discard()
		if !c.pooled || attempt > 0 || sent || ex.gone || ex.rest != nil || !repeatable(ex.Request.Method) || isTimeout(err) {
			return err
		}
		u.metrics.retried.Inc()
	}
}

// reach returns a connection to a target; one that cannot be reached is passed over
// as long as there are others, since nothing has been sent.
func (p *Proxy) reach(ex *exchange, u *upstream, now time.Time, key uint64) (*conn, error) {
	var c *conn
	var err error
	for range u.targets {
		t := u.pick(now, key)
		if ex.upgrading {
			c, err = t.dial(now)
		} else {
			c, err = t.get(now, u.metrics.unsolicited.Inc)
		}
		if err == nil {
			return c, nil
		}
		if !errors.Is(err, errTooMany) {
			u.report(t, false, now)
			err = errors.Join(errConnect, err)
		}
	}
	return nil, err
}

// repeatable reports whether a request may be sent twice.
func repeatable(method []byte) bool {
	switch string(method) {
	case "GET", "HEAD", "OPTIONS":
		return true
	}
	return false
}

// roundTrip sends the request on a connection and the answer to the client. It
// returns an error only while the client has been told nothing; answered reports
// whether any byte of an answer came. Without an error the connection is put back
// or closed.
func (p *Proxy) roundTrip(ex *exchange, u *upstream, c *conn) (answered bool, err error) {
	now := time.Now()
	ex.watch(c, now)
	wait := u.response
	if own := ex.Settings.ResponseTimeout; own > 0 {
		wait = own
	}
	if err := c.allow(now, wait); err != nil {
		ex.unwatch()
		return false, err
	}
	runtime.Gosched() // others that are ready are inspected first: writes that follow one another wake the upstream once
	writeErr := ex.write(c, p.limits.BodyTimeout.Std(), wait)
	if answered, err = p.readAnswer(ex, c, writeErr); err != nil {
		ex.unwatch()
		return answered, err
	}
	u.metrics.ok.Inc()
	if ex.answer.status == fasthttp.StatusSwitchingProtocols {
		err := p.lease(ex, c)
		ex.unwatch()
		return true, err
	}
	keep := writeErr == nil && !ex.answer.closes && !ex.solitary
	whole, err := p.relay(ex, c)
	c.client = nil
	if ex.unwatch(); ex.gone {
		err = errors.Join(err, errGone)
	}
	switch {
	case err == nil:
		p.finish(c, keep && whole)
	case ex.begun:
		p.cut(ex)
		c.discard()
		err = nil
	}
	return true, err
}

var errGone = errors.New("the client went away")

// watch has the client looked after while an upstream works for it.
func (ex *exchange) watch(c io.Closer, now time.Time) {
	switch {
	case ex.h1.wire != nil:
		ex.h1.wire.begin(c, now)
	case ex.stream != nil:
		ex.stream.watch(c)
	}
}

func (ex *exchange) unwatch() {
	switch {
	case ex.h1.wire != nil:
		ex.gone = ex.h1.wire.done() || ex.gone
	case ex.stream != nil:
		ex.gone = ex.stream.done() || ex.gone
	}
}

// readAnswer reads the answer's head; answers that announce another are passed over.
func (p *Proxy) readAnswer(ex *exchange, c *conn, writeErr error) (answered bool, err error) {
	if errors.Is(writeErr, errClientBody) {
		return true, writeErr
	}
	for {
		if _, err := c.reader.Peek(1); err != nil {
			if writeErr != nil { // an early answer counts, its absence does not
				err = writeErr
			}
			return false, err
		}
		if err := ex.answer.read(c.reader); err != nil {
			return true, noEOF(err)
		}
		switch status := ex.answer.status; {
		case status == fasthttp.StatusSwitchingProtocols && ex.upgrading:
			return true, ex.takes()
		case status == fasthttp.StatusSwitchingProtocols:
			return true, errors.New("the upstream switched protocols unasked")
		case status >= 200:
			return true, nil
		}
	}
}

func (p *Proxy) finish(c *conn, keep bool) {
	if keep {
		c.put(time.Now())
		return
	}
	c.discard()
}

var errClientBody = errors.New("the client's body broke off")

// write sends head and body.
func (ex *exchange) write(c *conn, wait, response time.Duration) error {
	body := ex.prefix
	switch {
	case ex.length == 0:
		_, err := c.Write(ex.head)
		return err
	case ex.rest != nil && (ex.rest != eof{} || len(body) > maxInline):
		return ex.writeStream(c, body, wait, response)
	case ex.rest != nil:
		if len(body) > 0 {
			ex.head = append(append(appendChunkSize(ex.head, len(body)), body...), "\r\n"...)
		}
		ex.head = append(ex.head, "0\r\n\r\n"...)
		_, err := c.Write(ex.head)
		return err
	}
	return ex.writeWhole(c, body)
}

// writeWhole sends the head and a body, or what has been read of one, at once.
func (ex *exchange) writeWhole(c *conn, body []byte) error {
	if len(body) <= maxCopied || c.target.tls != nil && len(body) <= maxInline {
		ex.head = append(ex.head, body...)
		_, err := c.Write(ex.head)
		return err
	}
	return c.gather.write(c.Conn, ex.head, body)
}

// writeStream sends a body of which only the beginning has been read.
func (ex *exchange) writeStream(c *conn, prefix []byte, wait, response time.Duration) error {
	out := newBodyWriter(c, ex.chunked)
	if err := ex.begin(c, out, prefix); err != nil {
		return err
	}
	for ended := false; !ended; {
		var err error
		if ended, err = ex.passOn(c, out, wait); err != nil {
			return err
		}
		ex.RequestBytes = max(ex.RequestBytes, out.n)
	}
	if !ex.chunked && out.n != ex.length {
		return errClientBody
	}
	if err := out.end(); err != nil {
		return err
	}
	return c.allow(time.Now(), response)
}

// begin sends the head of such a request and what has been read of its body.
func (ex *exchange) begin(c *conn, out *bodyWriter, prefix []byte) error {
	if ex.chunked {
		if _, err := c.Write(ex.head); err != nil {
			return err
		}
		return out.write(prefix)
	}
	out.n = int64(len(prefix))
	return ex.writeWhole(c, prefix)
}

// passOn sends the next piece of such a body.
func (ex *exchange) passOn(c *conn, out *bodyWriter, wait time.Duration) (ended bool, err error) {
	if n, err := ex.move(c, wait); n > 0 || err != nil {
		out.n += n
		return false, err
	}
	buf := ex.space()
	n, err := ex.rest.Read(buf)
	if n > 0 {
		if err := c.SetDeadline(time.Now().Add(wait)); err != nil {
			return false, err
		}
		if err := out.write(buf[:n]); err != nil {
			return false, err
		}
	}
	if err != nil && err != io.EOF {
		return false, errors.Join(errClientBody, err)
	}
	return err != nil, nil
}
