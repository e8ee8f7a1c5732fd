package proxy

import (
	"bytes"

	"github.com/valyala/fasthttp"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/filter"
)

const continuation = "100-continue"

// expectation tells fasthttp whether the client waits to be told to send its body: it
// knows the field in one spelling only, and neither that HTTP/1.0 has no interim answers
// nor that a request may have no body (RFC 9110, 10.1.1). The request keeps its fields.
func expectation(h *fasthttp.RequestHeader) (same fasthttp.RequestConfig) {
	if n := h.ContentLength(); n == 0 || n < -1 || !h.IsHTTP11() {
		h.Del(fasthttp.HeaderExpect)
	} else if expects(h.RawHeaders()) {
		h.Set(fasthttp.HeaderExpect, continuation)
	}
	return same
}

// expects looks for the field in lines as they came.
func expects(raw []byte) bool {
	const name = "expect:"
	for len(raw) > 0 {
		var line []byte
		line, raw, _ = bytes.Cut(raw, []byte("\n"))
		if len(line) > len(name) && line[0]|0x20 == 'e' && lex.Equal(line[:len(name)], name) {
			return lex.Equal(bytes.TrimSpace(line[len(name):]), continuation)
		}
	}
	return false
}

// expect decides what a client is told that waits: to go on, unless its request can be
// answered by its head alone.
func (p *Proxy) expect(ctx *fasthttp.RequestCtx) int {
	w := ctx.Conn().(*wire)
	w.asked = true
	ex := p.acquire()
	p.fill(ctx, ex, w)
	p.answerByHead(ex)
	if ex.Exchange != nil {
		p.filter.Release(ex.Exchange)
		ex.release()
		return fasthttp.StatusContinue
	}
	w.linger = true // it may be sending all the same
	quiet(ctx, w, true)
	ex.release()
	return fasthttp.StatusExpectationFailed // tells fasthttp not to read on; nobody else hears it
}

// answerByHead answers and ends an exchange for whatever stands against its head. One
// that it leaves open has nothing recorded and is looked at again, with its body.
func (p *Proxy) answerByHead(ex *exchange) {
	ex.h1.close, ex.leased = true, true
	defer p.conclude(ex, ex.Start)

	_, requests := p.work(ex)
	decision := p.filter.Begin(ex.Exchange)
	denied, long := decision.Action == filter.Deny, ex.length > int64(p.limits.BodyBytes)
	if decision.Action == filter.Undecided && !requests && !long {
		decision = p.filter.Request(ex.Exchange)
		denied = decision.Action == filter.Deny
	}
	ex.leased = !denied && !requests && !long
	switch {
	case denied:
		p.deny(ex, decision)
	case requests:
		p.shed(ex)
	case long:
		p.bodyFailed(ex, errTooLong)
	}
}
