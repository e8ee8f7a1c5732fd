package proxy

import (
	"github.com/valyala/fasthttp"

	"github.com/weirnode/weir/parse"
)

// What is left out under overload, in this order: the inspection of bodies above the
// limit of requests at work, whole requests above twice the limit. A request is at
// work until its answer begins.

// work counts a request and reports what must be left out.
func (p *Proxy) work(ex *exchange) (bodies, requests bool) {
	n := p.working.Add(1)
	ex.working = true
	most := int64(p.limits.InFlight)
	return most > 0 && n > most, most > 0 && n > 2*most
}

// rest uncounts a request.
func (p *Proxy) rest(ex *exchange) {
	if ex.working {
		ex.working = false
		p.working.Add(-1)
	}
}

// shed answers a request that is not worked on.
func (p *Proxy) shed(ex *exchange) {
	p.metrics.shedRequests.Inc()
	ex.retry = true
	if ex.length != 0 {
		ex.h1.close = true
	}
	p.fail(ex, fasthttp.StatusServiceUnavailable, "too much to do, try again")
}

// appendRetry tells clients that were turned away when to come again.
func (ex *exchange) appendRetry(fields []parse.Field) []parse.Field {
	if !ex.retry {
		return fields
	}
	return append(fields, parse.Field{Name: []byte("Retry-After"), Value: []byte("1")})
}
