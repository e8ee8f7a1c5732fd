package proxy

import (
	"errors"
	"io"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/parse"
)

// upload reads a body from a client, which must keep sending: no pause longer than
// the body timeout and, after a while, a least rate over all.
type upload struct {
	stream   io.Reader
	patience deadliner
	limits   *config.Limits
	begun    time.Time
	until    time.Time // deadline in force
	n        int64
	idles    bool // a conversation: it has no least rate
}

// deadliner is what a body is read from: a connection or a stream.
type deadliner interface{ SetReadDeadline(t time.Time) error }

// rateAfter is how long an upload may take to get going before its rate counts.
const rateAfter = 10 * time.Second

var (
	errSlow    = errors.New("the client sends too slowly")
	errTooLong = errors.New("the body is longer than allowed")
)

func (u *upload) Read(b []byte) (int, error) {
	now := time.Now()
	if err := u.extend(now); err != nil {
		return 0, err
	}
	if spent := now.Sub(u.begun) - rateAfter; spent > 0 && !u.idles && float64(u.n) < spent.Seconds()*float64(u.limits.BodyRate) {
		return 0, errSlow
	}
	n, err := u.stream.Read(b)
	if u.n += int64(n); u.n > int64(u.limits.BodyBytes) && !u.idles {
		return 0, errTooLong
	}
	return n, err
}

// extend gives the client its time for the next piece. A deadline that still has most of it
// is left as it is.
func (u *upload) extend(now time.Time) error {
	wait := u.limits.BodyTimeout.Std()
	if u.until.Sub(now) >= wait*3/4 {
		return nil
	}
	u.until = now.Add(wait)
	return u.patience.SetReadDeadline(u.until)
}

// readBody reads as much of the body as is inspected, all of it when it is short.
// It reports false when it has answered.
func (p *Proxy) readBody(ex *exchange) bool {
	if ex.length == 0 || ex.Request.Body != nil {
		return true
	}
	if ex.length > int64(p.limits.BodyBytes) {
		p.bodyFailed(ex, errTooLong)
		return false
	}
	if ex.body.stream == nil {
		ex.Request.Body = ex.prefix
		return true
	}
	if ex.isGRPC() {
		return p.readFirst(ex)
	}
	want := min(ex.InspectBytes(), ex.pools.buffer)
	if !ex.chunked && ex.length <= int64(ex.pools.buffer) {
		want = int(ex.length)
	}
	n, err := ex.readPrefix(want)
	switch {
	case ex.length == int64(n):
	case err == nil:
		ex.rest = &ex.body
	case err == io.EOF && ex.chunked: //nolint:errorlint // readers return it bare
		ex.rest = eof{}
	default:
		p.bodyFailed(ex, err)
		return false
	}
	ex.Request.Body = ex.prefix[:min(n, ex.InspectBytes())]
	ex.Request.BodyCut = ex.rest != nil && ex.rest != eof{} || n > len(ex.Request.Body)
	return true
}

// bodyFailed answers a client whose body broke off.
func (p *Proxy) bodyFailed(ex *exchange, err error) {
	switch {
	case errors.Is(err, errTooLong):
		p.metrics.invalid("body_too_large").Inc()
		p.giveUp(ex, fasthttp.StatusRequestEntityTooLarge, "request body too large")
	case errors.Is(err, errSlow) || isTimeout(err):
		p.metrics.invalid("slow_body").Inc()
		p.giveUp(ex, fasthttp.StatusRequestTimeout, "the request body came too slowly")
	case ex.chunked && !isNetwork(err): // what fasthttp says about chunks
		p.filter.Refuse(ex.Exchange, parse.BadChunk)
		p.metrics.invalid(ex.Fault.String()).Inc()
		p.giveUp(ex, fasthttp.StatusBadRequest, "the request body is malformed")
	default:
		p.metrics.invalid("cut").Inc()
		p.giveUp(ex, fasthttp.StatusBadRequest, "the request body ended early")
	}
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// readPrefix reads up to n bytes into the exchange's buffer, which grows as bytes
// come, so that a promise of many bytes reserves nothing. Its error is bare.
func (ex *exchange) readPrefix(n int) (int, error) {
	ex.prefix = ex.prefix[:0]
	return ex.readMore(n)
}

// readMore goes on reading up to n bytes in all.
func (ex *exchange) readMore(n int) (int, error) {
	for len(ex.prefix) < n {
		if cap(ex.prefix) == len(ex.prefix) {
			ex.prefix = append(make([]byte, 0, min(n, max(4096, 2*cap(ex.prefix)))), ex.prefix...)
		}
		m, err := ex.body.Read(ex.prefix[len(ex.prefix):min(cap(ex.prefix), n)])
		ex.prefix = ex.prefix[:len(ex.prefix)+m]
		if err != nil && (err != io.EOF || len(ex.prefix) < n) { //nolint:errorlint // readers return it bare
			return len(ex.prefix), err
		}
	}
	return len(ex.prefix), nil
}
