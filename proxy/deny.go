package proxy

import (
	"bytes"
	_ "embed"
	"html"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/parse"
)

//go:embed blocked.html
var builtInPage []byte

// deny answers a request that is not forwarded.
func (p *Proxy) deny(ex *exchange, d filter.Decision) {
	if ex.length != 0 && (ex.rest != nil || ex.Request.Body == nil) {
		ex.h1.close = true // the rest of the body is not read
	}
	switch d.Reason {
	case filter.Malformed:
		p.metrics.invalid(ex.Fault.String()).Inc()
		p.giveUp(ex, fasthttp.StatusBadRequest, "bad request")
	case filter.NoSite:
		p.fail(ex, fasthttp.StatusMisdirectedRequest, "no such site here")
	default:
		p.reply(ex, ex.pools.status, "request blocked", ex.pools.page)
	}
}

// fail answers with a fixed text and the request id.
func (p *Proxy) fail(ex *exchange, status int, text string) {
	p.reply(ex, status, text, nil)
}

// giveUp answers and ends the connection: where the next request would begin on it
// is not known.
func (p *Proxy) giveUp(ex *exchange, status int, text string) {
	ex.h1.close = true
	p.reply(ex, status, text, nil)
}

// reply writes the node's own answer: JSON for those who ask for it, the page if
// there is one, else one line of text. Nothing of the request is repeated.
func (p *Proxy) reply(ex *exchange, status int, text string, page []byte) {
	if ex.begun {
		p.cut(ex)
		return
	}
	if ex.isGRPC() {
		p.replyGRPC(ex, status, text)
		return
	}
	id := ex.ID.String()
	var body []byte
	kind := "text/plain; charset=utf-8"
	switch accept := ex.Request.Field("accept"); {
	case bytes.Contains(accept, []byte("json")) && !bytes.Contains(accept, []byte("html")):
		kind = "application/json"
		body = []byte(`{"error":"` + text + `","request_id":"` + id + `"}` + "\n")
	case page != nil:
		kind = "text/html; charset=utf-8"
		body = fillPage(page, id, ex.Client.String(), ex.Start)
	default:
		body = []byte(text + "\nrequest id: " + id + "\n")
	}
	a := &ex.answer
	a.reset()
	a.status, a.reason, a.length = status, []byte(fasthttp.StatusMessage(status)), int64(len(body))
	for _, f := range [...][2]string{
		{"Content-Type", kind},
		{"X-Request-Id", id},
		{"Cache-Control", "no-store"},
		{"X-Content-Type-Options", "nosniff"},
		{"Content-Length", strconv.Itoa(len(body))},
	} {
		a.fields = append(a.fields, parse.Field{Name: []byte(f[0]), Value: []byte(f[1])})
	}
	a.fields = ex.appendRetry(a.fields)
	if err := p.sendReply(ex, body); err != nil {
		p.cut(ex)
	}
}

func (p *Proxy) sendReply(ex *exchange, body []byte) error {
	if err := p.send(ex); err != nil {
		return err
	}
	if string(ex.Request.Method) != "HEAD" {
		ex.ResponseBytes = int64(len(body))
		if err := ex.client.body(body); err != nil {
			return err
		}
	}
	ex.complete = true
	return nil
}

// fillPage puts the facts that a blocked person can quote into a page.
func fillPage(page []byte, id, address string, at time.Time) []byte {
	for _, r := range [...][2]string{
		{"{{request_id}}", id}, {"{{address}}", html.EscapeString(address)}, {"{{time}}", at.UTC().Format(time.RFC3339)},
	} {
		page = bytes.ReplaceAll(page, []byte(r[0]), []byte(r[1]))
	}
	return page
}
