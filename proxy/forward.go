package proxy

import (
	"bufio"
	"errors"
	"io"
	"os"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"
)

// maxInline is the longest body that goes out in one write with the head, in bytes.
const maxInline = 64 << 10

// forward sends the request to its upstream and the answer back.
func (p *Proxy) forward(ctx *fasthttp.RequestCtx, ex *exchange) {
	if ex.Request.Body == nil && ex.length != 0 && ex.rest == nil {
		if !p.readBody(ctx, ex) { // the mode is off: nothing has read it yet
			return
		}
	}
	u := ex.pools.byName[ex.Settings.Upstream]
	peer := addrOf(ctx.RemoteAddr())
	var buf [64]byte
	ex.buildHead(peer.AppendTo(buf[:0]), len(ex.pools.trusted) > 0 && trusts(ex.pools.trusted, peer))
	err := p.try(ctx, ex, u)
	if err == nil {
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
	p.fail(ctx, ex, status, "the application did not answer")
	if ex.rest != nil {
		ctx.SetConnectionClose()
	}
}

var errConnect = errors.New("connect")

// try sends the request, a second time on a new connection if a pooled one turned
// out dead before the first byte of an answer and sending again is safe.
func (p *Proxy) try(ctx *fasthttp.RequestCtx, ex *exchange, u *upstream) error {
	now := time.Now()
	for attempt := 0; ; attempt++ {
		c, err := u.pick(now).get(now, u.metrics.unsolicited.Inc)
		if err != nil {
			if errors.Is(err, errTooMany) || attempt+1 >= len(u.targets) {
				if errors.Is(err, errTooMany) {
					return err
				}
				return errors.Join(errConnect, err)
			}
			continue
		}
		sent, err := p.roundTrip(ctx, ex, u, c)
		if err == nil {
			return nil
		}
		c.discard()
		if !c.pooled || attempt > 0 || sent || ex.rest != nil || !repeatable(ex.Request.Method) || isTimeout(err) {
			return err
		}
		u.metrics.retried.Inc()
	}
}

// repeatable reports whether a request may be sent twice.
func repeatable(method []byte) bool {
	switch string(method) {
	case "GET", "HEAD", "OPTIONS":
		return true
	}
	return false
}

// roundTrip writes the request and reads the answer's head. answered reports whether
// any byte of an answer came. On success the connection belongs to the answer.
func (p *Proxy) roundTrip(ctx *fasthttp.RequestCtx, ex *exchange, u *upstream, c *conn) (answered bool, err error) {
	if err := c.SetDeadline(time.Now().Add(u.response)); err != nil {
		return false, err
	}
	writeErr := ex.write(c, p.limits.BodyTimeout.Std())
	if writeErr != nil && !errors.Is(writeErr, errClientBody) {
		if _, err := c.reader.Peek(1); err != nil { // an early answer counts
			return false, writeErr
		}
	}
	if errors.Is(writeErr, errClientBody) {
		return true, writeErr
	}
	resp := &ctx.Response
	resp.Header.DisableNormalizing()
	for {
		if _, err := c.reader.Peek(1); err != nil {
			return false, err
		}
		if err := resp.Header.Read(c.reader); err != nil {
			return true, err
		}
		if status := resp.StatusCode(); status >= 200 {
			break
		} else if status == fasthttp.StatusSwitchingProtocols {
			return true, errors.New("the upstream switched protocols unasked")
		}
	}
	u.metrics.ok.Inc()
	keep := writeErr == nil && !resp.Header.ConnectionClose() && string(resp.Header.Protocol()) != "HTTP/1.0"
	return true, p.answerBody(ctx, ex, c, keep)
}

// answerBody takes over the body: at once when it is short, as a stream otherwise.
func (p *Proxy) answerBody(ctx *fasthttp.RequestCtx, ex *exchange, c *conn, keep bool) error {
	resp := &ctx.Response
	length := resp.Header.ContentLength()
	status := resp.StatusCode()
	cleanAnswer(&resp.Header)
	if string(ex.Request.Method) == "HEAD" || status == fasthttp.StatusNoContent || status == fasthttp.StatusNotModified {
		resp.SkipBody = true
		p.finish(c, keep)
		return nil
	}
	if length >= 0 && length <= ex.pools.buffer {
		if err := resp.ReadBody(c.reader, 0); err != nil {
			return err
		}
		ex.ResponseBytes = int64(length)
		p.finish(c, keep)
		return nil
	}
	if string(ex.Request.Proto) == "HTTP/1.0" {
		ctx.SetConnectionClose()
		if length < 0 {
			return p.bufferFor10(ctx, ex, c, length, keep)
		}
	}
	body := &answerStream{conn: c, keep: keep, wait: p.limits.BodyTimeout.Std(), proxy: p}
	switch {
	case length >= 0:
		body.reader, body.left = c.reader, int64(length)
		body.fixed = true
		ex.ResponseBytes = int64(length)
	case length == -1:
		body.reader = newChunkReader(c.reader)
	default:
		body.reader, body.keep = c.reader, false
	}
	resp.ImmediateHeaderFlush = true
	resp.SetBodyStream(body, max(length, -1))
	return nil
}

// bufferFor10 reads a body of unknown length for a client that knows no chunks.
func (p *Proxy) bufferFor10(ctx *fasthttp.RequestCtx, ex *exchange, c *conn, length int, keep bool) error {
	var reader io.Reader = c.reader
	if length == -1 {
		reader = newChunkReader(c.reader)
	}
	body, err := io.ReadAll(io.LimitReader(reader, int64(p.limits.BufferBytes)*16))
	if err != nil {
		return err
	}
	ex.ResponseBytes = int64(len(body))
	ctx.Response.SetBodyRaw(body)
	p.finish(c, keep && length == -1)
	return nil
}

func (p *Proxy) finish(c *conn, keep bool) {
	if keep {
		c.put(time.Now())
		return
	}
	c.discard()
}

var errClientBody = errors.New("the client's body ended early")

// write sends head and body.
func (ex *exchange) write(c *conn, wait time.Duration) error {
	body := ex.prefix
	if ex.length == 0 {
		body = nil
	}
	if ex.rest == nil {
		if len(body) <= maxInline {
			ex.head = append(ex.head, body...)
			_, err := c.Write(ex.head)
			return err
		}
		if _, err := c.Write(ex.head); err != nil {
			return err
		}
		_, err := c.Write(body)
		return err
	}
	return ex.writeStream(c, body, wait)
}

// writeStream sends a body of which only the beginning has been read.
func (ex *exchange) writeStream(c *conn, prefix []byte, wait time.Duration) error {
	w := bufio.NewWriterSize(c, 32<<10)
	if _, err := w.Write(ex.head); err != nil {
		return err
	}
	out := bodyWriter{w: w, chunked: ex.chunked}
	if err := out.write(prefix); err != nil {
		return err
	}
	buf := make([]byte, 32<<10)
	for {
		if err := c.SetDeadline(time.Now().Add(wait)); err != nil {
			return err
		}
		n, err := ex.rest.Read(buf)
		if n > 0 {
			if err := out.write(buf[:n]); err != nil {
				return err
			}
			ex.RequestBytes = max(ex.RequestBytes, out.n)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return errors.Join(errClientBody, err)
		}
		if ex.chunked {
			if err := w.Flush(); err != nil { // whoever sends in pieces waits for answers to them
				return err
			}
		}
	}
	if !ex.chunked && out.n != ex.length {
		return errClientBody
	}
	return out.end()
}

// bodyWriter writes a body as it is or in chunks.
type bodyWriter struct {
	w       *bufio.Writer
	chunked bool
	n       int64
}

func (b *bodyWriter) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	b.n += int64(len(p))
	if !b.chunked {
		_, err := b.w.Write(p)
		return err
	}
	var size [20]byte
	if _, err := b.w.Write(appendChunkSize(size[:0], len(p))); err != nil {
		return err
	}
	if _, err := b.w.Write(p); err != nil {
		return err
	}
	_, err := b.w.WriteString("\r\n")
	return err
}

func (b *bodyWriter) end() error {
	if b.chunked {
		if _, err := b.w.WriteString("0\r\n\r\n"); err != nil {
			return err
		}
	}
	return b.w.Flush()
}
