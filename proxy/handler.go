package proxy

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/parse"
)

// handle takes one request of HTTP/1 through the node.
func (p *Proxy) handle(ctx *fasthttp.RequestCtx) {
	w := ctx.Conn().(*wire)
	w.asked, w.resting = true, false
	ex := p.acquire()
	p.fill(ctx, ex, w)
	p.exchange(ex)
	if ex.leased {
		p.hijack(ctx, ex)
		return
	}
	body, ok := ex.body.stream.(whole)
	last := ex.h1.close || ok && !body.whole() // the next head would be sought within the body
	w.linger = last && (ex.rest != nil || ctx.RequestBodyStream() != nil)
	w.heads = heads{}
	w.resting, w.timedOut = p.parking != nil && !last, false
	quiet(ctx, w, last)
	ex.release()
}

// quiet has fasthttp answer to nobody what has been answered already.
func quiet(ctx *fasthttp.RequestCtx, w *wire, last bool) {
	w.muted = true
	resp := &ctx.Response
	resp.SkipBody, resp.ImmediateHeaderFlush = true, true
	resp.SetBodyStream(silence{w}, 0)
	if last {
		resp.SetConnectionClose()
	}
}

// exchange takes a filled exchange from decision to answer.
func (p *Proxy) exchange(ex *exchange) {
	start := ex.Start
	defer p.conclude(ex, start)

	bodies, requests := p.work(ex)
	decision := p.filter.Begin(ex.Exchange)
	if requests && decision.Action != filter.Deny {
		p.shed(ex)
		return
	}
	if decision.Action == filter.Undecided {
		if !p.readBody(ex) {
			return
		}
		if bodies && len(ex.Request.Body) > 0 {
			ex.LeaveOut()
			p.metrics.shedBodies.Inc()
		}
		decision = p.filter.Request(ex.Exchange)
	}
	if decision.Action == filter.Deny {
		p.deny(ex, decision)
		return
	}
	p.forward(ex)
}

// conclude ends an exchange whatever became of it. A panic that got here is
// answered with 500 and costs the connection.
func (p *Proxy) conclude(ex *exchange, start time.Time) {
	p.rest(ex)
	if cause := recover(); cause != nil {
		p.metrics.panics.Inc()
		p.log.Error("proxy panicked", zap.String("cause", fmt.Sprint(cause)), zap.ByteString("stack", debug.Stack()))
		ex.leased = false
		p.giveUp(ex, fasthttp.StatusInternalServerError, "internal error")
	}
	if ex.leased {
		return
	}
	p.end(ex, start)
	p.complete(ex)
}

// complete sends what is left of an answer.
func (p *Proxy) complete(ex *exchange) {
	if ex.complete && ex.client.flush(true, ex.trailers) != nil {
		p.cut(ex)
	}
}

func (p *Proxy) end(ex *exchange, start time.Time) {
	if ex.gone {
		ex.Status = 0
	}
	p.metrics.answered(ex.Status, time.Since(start))
	p.filter.End(ex.Exchange)
	ex.Exchange = nil
}

// fill views the request in place.
func (p *Proxy) fill(ctx *fasthttp.RequestCtx, ex *exchange, w *wire) {
	h := &ctx.Request.Header
	r := &ex.Request
	r.Method, r.Target, r.Proto = h.Method(), h.RequestURI(), h.Protocol()
	ex.Fault = r.Frame(p.framed(w, h.RawHeaders()), p.limits.HeaderFields)
	ex.secure = w.secure
	ex.peer = addrOf(ctx.RemoteAddr())
	ex.Client = clientAddress(ex.peer, r, ex.pools)
	switch n := int64(h.ContentLength()); {
	case n == -1:
		ex.length, ex.chunked = -1, true
	case n > 0:
		ex.length = n
	}
	ex.RequestBytes = max(0, ex.length)
	stream := ctx.RequestBodyStream()
	read := 0 // by fasthttp
	if ex.length > 0 {
		read = 1
	}
	if ex.Fault == parse.NoFault && (w.heads.empty || w.heads.short && !w.heads.exact(read)) {
		ex.Fault = parse.BareLF // a head without fields does not show it
	}
	if stream != nil && w.heads.exact(read) {
		stream = w.bodyOf(ex.length, stream)
	}
	if stream != nil {
		ex.body = upload{stream: stream, patience: w, begun: ex.Start, limits: &p.limits}
	} else if ex.length != 0 {
		ex.prefix = append(ex.prefix[:0], ctx.Request.Body()...)
	}
	ex.solitary = ex.length != 0 && (string(r.Method) == "GET" || string(r.Method) == "HEAD")
	ex.h1 = http1{
		wire: w, out: ex.h1.out[:0], old: string(r.Proto) == "HTTP/1.0", head: string(r.Method) == "HEAD",
		close: h.ConnectionClose() || ex.solitary || p.leaving() || closes(r) || !w.heads.exact(read) || w.heads.short,
	}
	ex.client = &ex.h1
}

// framed returns the raw fields, with what a lenient listener tolerates mended.
func (p *Proxy) framed(w *wire, raw []byte) []byte {
	if !w.lenient {
		return raw
	}
	mended, folds, bare := parse.Mend(raw)
	if folds > 0 {
		p.metrics.tolerated("obs_fold").Add(float64(folds))
	}
	if bare > 0 {
		p.metrics.tolerated("bare_lf").Add(float64(bare))
	}
	return mended
}

// closes reports whether the client wants its connection closed.
func closes(r *parse.Request) bool {
	for i := range r.Fields {
		if f := &r.Fields[i]; len(f.Name) == 10 && lex.Equal(f.Name, "connection") && hasOption(f.Value, "close") {
			return true
		}
	}
	return false
}

// refuse answers what fasthttp could not read as a request. When that is the
// client's doing it is recorded as an invalid request.
func (p *Proxy) refuse(ctx *fasthttp.RequestCtx, err error) {
	w := ctx.Conn().(*wire)
	w.resting = false
	if w.strange {
		w.muted = true
		return
	}
	status, reason, fault := refusal(err)
	p.metrics.invalid(reason).Inc()
	ex := p.acquire()
	ex.peer = addrOf(ctx.RemoteAddr())
	ex.Client, ex.Fault = ex.peer, fault
	ex.h1 = http1{wire: w, out: ex.h1.out[:0], close: true}
	ex.client = &ex.h1
	if fault != parse.NoFault {
		p.filter.Begin(ex.Exchange)
	}
	if w.h2c && !w.asked && unlikeHTTP1(fault) {
		status = 0 // it may have been meant as a preface, to which HTTP/1 is no answer (RFC 9113, 3.4)
	} else {
		p.fail(ex, status, fasthttp.StatusMessage(status))
	}
	p.metrics.answered(status, time.Since(ex.Start))
	if fault != parse.NoFault {
		p.filter.End(ex.Exchange)
	} else {
		p.filter.Release(ex.Exchange)
	}
	ex.Exchange = nil
	p.complete(ex)
	ex.release()
	w.linger, w.muted = true, true // fasthttp closes the connection after its own answer
}

// unlikeHTTP1 reports whether what could not be read is no request line of HTTP/1.
func unlikeHTTP1(f parse.Fault) bool {
	return f == parse.BadMethod || f == parse.BadVersion || f == parse.BadRequestLine
}

// unread maps the words with which fasthttp refuses a request to a fault.
var unread = []struct {
	words string
	fault parse.Fault
}{
	{"too many host headers", parse.DuplicateHost},
	{"missing required host", parse.MissingHost},
	{"invalid character", parse.BadHost},
	{"invalid port", parse.BadHost},
	{"fasthttp: unsupported transfer-encoding", parse.BadTransferEncoding},
	{"fasthttp: duplicate content-length", parse.DuplicateContentLength},
	{"cannot parse content-length", parse.BadContentLength},
	{"invalid header value", parse.BadFieldValue},
	{"invalid header key", parse.BadFieldName},
	{"malformed mime header", parse.BadFieldName},
	{"invalid headers, headers cannot start", parse.ObsFold},
	{"fasthttp: unsupported http request method", parse.BadMethod},
	{"fasthttp: cannot find http request method", parse.BadMethod},
	{"unsupported http version", parse.BadVersion},
	{"invalid request uri", parse.BadTarget},
	{"fasthttp: contain forbidden trailer", parse.BadFieldValue},
}

// refusal returns status, metric reason and fault of a reading error.
func refusal(err error) (status int, reason string, fault parse.Fault) {
	var small *fasthttp.ErrSmallBuffer
	switch {
	case errors.As(err, &small):
		return fasthttp.StatusRequestHeaderFieldsTooLarge, "header_too_large", parse.NoFault
	case isTimeout(err):
		return fasthttp.StatusRequestTimeout, "timeout", parse.NoFault
	case isNetwork(err):
		return fasthttp.StatusBadRequest, "cut", parse.NoFault
	}
	text := strings.TrimPrefix(err.Error(), "error when reading request headers: ")
	for _, u := range unread {
		if strings.HasPrefix(text, u.words) { // what follows may be the client's own words
			return fasthttp.StatusBadRequest, u.fault.String(), u.fault
		}
	}
	return fasthttp.StatusBadRequest, parse.BadRequestLine.String(), parse.BadRequestLine
}
