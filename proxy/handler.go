package proxy

import (
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/parse"
)

// exchange is a filter's exchange with the wire's side of it. Exchanges are pooled;
// those that an answer still streams from are not given back before it ends.
type exchange struct {
	*filter.Exchange
	pools   *Pools
	head    []byte    // of the outgoing request
	prefix  []byte    // of the body: what has been read of a stream
	rest    io.Reader // what follows prefix; nil when the body is complete
	length  int64     // of the body, -1 if it is chunked
	chunked bool
}

var exchanges = sync.Pool{New: func() any { return new(exchange) }}

// Memory that a pooled exchange keeps, in bytes.
const keptBuffer = 256 << 10

func (ex *exchange) release() {
	head, prefix := ex.head, ex.prefix
	if cap(head) > keptBuffer {
		head = nil
	}
	if cap(prefix) > keptBuffer {
		prefix = nil
	}
	*ex = exchange{head: head[:0], prefix: prefix[:0]}
	exchanges.Put(ex)
}

// handle takes one request through the node.
func (p *Proxy) handle(ctx *fasthttp.RequestCtx) {
	ex := exchanges.Get().(*exchange)
	ex.Exchange, ex.pools = p.filter.Acquire(), p.settings.Load()
	start := ex.Start
	defer p.conclude(ctx, ex, start)

	p.fill(ctx, ex)
	decision := p.filter.Begin(ex.Exchange)
	if decision.Action == filter.Undecided {
		if !p.readBody(ctx, ex) {
			return
		}
		decision = p.filter.Request(ex.Exchange)
	}
	if decision.Action == filter.Deny {
		p.deny(ctx, ex, decision)
		return
	}
	p.forward(ctx, ex)
}

// conclude ends an exchange whatever became of it. A panic that got here is
// answered with 500 and costs the connection.
func (p *Proxy) conclude(ctx *fasthttp.RequestCtx, ex *exchange, start time.Time) {
	if cause := recover(); cause != nil {
		p.metrics.panics.Inc()
		p.log.Error("proxy panicked", zap.String("cause", fmt.Sprint(cause)), zap.ByteString("stack", debug.Stack()))
		p.fail(ctx, ex, fasthttp.StatusInternalServerError, "internal error")
	}
	status := ctx.Response.StatusCode()
	ex.Status = status
	if ex.ResponseBytes == 0 && !ctx.Response.IsBodyStream() {
		ex.ResponseBytes = int64(len(ctx.Response.Body()))
	}
	p.metrics.answered(status, time.Since(start))
	p.filter.End(ex.Exchange)
	ex.Exchange = nil
	ex.release()
}

// fill views the request in place.
func (p *Proxy) fill(ctx *fasthttp.RequestCtx, ex *exchange) {
	h := &ctx.Request.Header
	r := &ex.Request
	r.Method, r.Target, r.Proto = h.Method(), h.RequestURI(), h.Protocol()
	ex.Fault = r.Frame(h.RawHeaders(), p.limits.HeaderFields)
	ex.Client = clientAddress(ctx.RemoteAddr(), r, ex.pools)
	ex.length = int64(h.ContentLength())
	ex.chunked = ex.length == -1
	if ex.length < 0 {
		ex.length = min(ex.length, -1)
		if !ex.chunked {
			ex.length = 0
		}
	}
	ex.RequestBytes = max(0, ex.length)
}

// readBody reads as much of the body as is inspected, all of it when it is short.
// It reports false when it has answered.
func (p *Proxy) readBody(ctx *fasthttp.RequestCtx, ex *exchange) bool {
	if ex.length == 0 {
		return true
	}
	if ex.length > int64(p.limits.BodyBytes) {
		p.fail(ctx, ex, fasthttp.StatusRequestEntityTooLarge, "request body too large")
		ctx.SetConnectionClose()
		return false
	}
	stream := ctx.RequestBodyStream()
	if stream == nil {
		ex.Request.Body = ctx.Request.Body()
		ex.prefix = append(ex.prefix[:0], ex.Request.Body...)
		return true
	}
	want := min(ex.InspectBytes(), ex.pools.buffer)
	if !ex.chunked && ex.length <= int64(ex.pools.buffer) {
		want = int(ex.length)
	}
	n, err := ex.readPrefix(stream, want)
	switch {
	case ex.length == int64(n):
	case err == nil || n < want && ex.chunked && err == io.ErrUnexpectedEOF: //nolint:errorlint // io.ReadFull returns it bare
		ex.rest = stream
		if err != nil {
			ex.rest = eof{}
		}
	case n == 0 && err == io.EOF && ex.chunked: //nolint:errorlint // io.ReadFull returns it bare
		ex.rest = eof{}
	default:
		p.fail(ctx, ex, fasthttp.StatusBadRequest, "the request body ended early")
		ctx.SetConnectionClose()
		return false
	}
	ex.Request.Body = ex.prefix[:min(n, ex.InspectBytes())]
	ex.Request.BodyCut = ex.rest != nil || n > len(ex.Request.Body)
	return true
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// readPrefix reads up to n bytes into the exchange's buffer, which grows as bytes
// come, so that a promise of many bytes reserves nothing.
func (ex *exchange) readPrefix(stream io.Reader, n int) (int, error) {
	ex.prefix = ex.prefix[:0]
	for len(ex.prefix) < n {
		if cap(ex.prefix)-len(ex.prefix) < 1 {
			ex.prefix = append(ex.prefix, make([]byte, min(n-len(ex.prefix), max(4096, cap(ex.prefix))))...)[:len(ex.prefix)]
		}
		room := ex.prefix[len(ex.prefix):min(cap(ex.prefix), n)]
		m, err := stream.Read(room)
		ex.prefix = ex.prefix[:len(ex.prefix)+m]
		if err != nil {
			if err == io.EOF && len(ex.prefix) > 0 && len(ex.prefix) < n {
				err = io.ErrUnexpectedEOF
			}
			if len(ex.prefix) == n && err == io.EOF {
				err = nil
			}
			return len(ex.prefix), err
		}
	}
	return len(ex.prefix), nil
}

// refuse answers what fasthttp could not read as a request.
func (p *Proxy) refuse(ctx *fasthttp.RequestCtx, err error) {
	status, reason := refusal(err)
	p.metrics.invalid(reason).Inc()
	ex := exchanges.Get().(*exchange)
	ex.Exchange, ex.pools = p.filter.Acquire(), p.settings.Load()
	ex.Fault = parse.BadTarget
	p.fail(ctx, ex, status, fasthttp.StatusMessage(status))
	ctx.SetConnectionClose()
	p.metrics.answered(status, time.Since(ex.Start))
	p.filter.Release(ex.Exchange)
	ex.release()
}

// refusal returns status and metric reason of a reading error.
func refusal(err error) (status int, reason string) {
	var small *fasthttp.ErrSmallBuffer
	switch {
	case asError(err, &small):
		return fasthttp.StatusRequestHeaderFieldsTooLarge, "header_too_large"
	case isTimeout(err):
		return fasthttp.StatusRequestTimeout, "timeout"
	default:
		return fasthttp.StatusBadRequest, "unreadable"
	}
}
