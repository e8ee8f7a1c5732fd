package proxy

import (
	"bytes"
	_ "embed"
	"html"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/weirnode/weir/filter"
)

//go:embed blocked.html
var builtInPage []byte

// deny answers a request that is not forwarded.
func (p *Proxy) deny(ctx *fasthttp.RequestCtx, ex *exchange, d filter.Decision) {
	switch d.Reason {
	case filter.Malformed:
		p.metrics.invalid(ex.Fault.String()).Inc()
		p.fail(ctx, ex, fasthttp.StatusBadRequest, "bad request")
		ctx.SetConnectionClose()
	case filter.NoSite:
		p.fail(ctx, ex, fasthttp.StatusMisdirectedRequest, "no such site here")
	default:
		p.answer(ctx, ex, ex.pools.status, "request blocked", ex.pools.page)
	}
	if ex.rest != nil || ctx.RequestBodyStream() != nil && ex.Request.Body == nil {
		ctx.SetConnectionClose() // the rest of the body is not read
	}
}

// fail answers with a fixed text and the request id.
func (p *Proxy) fail(ctx *fasthttp.RequestCtx, ex *exchange, status int, text string) {
	p.answer(ctx, ex, status, text, nil)
}

// answer writes the node's own answer: JSON for those who ask for it, the page if
// there is one, else one line of text. Nothing of the request is repeated.
func (p *Proxy) answer(ctx *fasthttp.RequestCtx, ex *exchange, status int, text string, page []byte) {
	resp := &ctx.Response
	resp.ResetBody()
	resp.Header.Reset()
	resp.Header.DisableNormalizing()
	resp.SetStatusCode(status)
	id := ex.ID.String()
	resp.Header.Set("X-Request-Id", id)
	resp.Header.Set("Cache-Control", "no-store")
	resp.Header.Set("X-Content-Type-Options", "nosniff")
	switch accept := ctx.Request.Header.Peek("Accept"); {
	case bytes.Contains(accept, []byte("json")) && !bytes.Contains(accept, []byte("html")):
		resp.Header.SetContentType("application/json")
		resp.SetBodyString(`{"error":"` + text + `","request_id":"` + id + `"}` + "\n")
	case page != nil:
		resp.Header.SetContentType("text/html; charset=utf-8")
		resp.SetBody(fillPage(page, id, ex.Client.String(), ex.Start))
	default:
		resp.Header.SetContentType("text/plain; charset=utf-8")
		resp.SetBodyString(text + "\nrequest id: " + id + "\n")
	}
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
