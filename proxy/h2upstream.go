package proxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/parse"
)

// speak has the target spoken to in HTTP/2.
func (t *target) speak(protocol config.Protocol) {
	if protocol == config.HTTP1 {
		return
	}
	t.http2 = &http.Transport{
		Protocols: new(http.Protocols), TLSClientConfig: t.tls, DisableCompression: true, TLSHandshakeTimeout: t.options.connect,
		DialContext:     (&net.Dialer{Timeout: t.options.connect}).DialContext,
		IdleConnTimeout: t.options.keep, MaxConnsPerHost: t.options.most,
		HTTP2: &http.HTTP2Config{SendPingTimeout: 30 * time.Second},
	}
	t.http2.Protocols.SetHTTP2(protocol == config.H2)
	t.http2.Protocols.SetUnencryptedHTTP2(protocol == config.H2C)
	if t.tls != nil {
		t.http2.TLSClientConfig = t.tls.Clone()
		t.http2.TLSClientConfig.NextProtos = []string{protoHTTP2}
	}
}

// forwardHTTP2 sends the request to an upstream of HTTP/2 and the answer back.
func (p *Proxy) forwardHTTP2(ex *exchange, u *upstream) {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	ex.watch(leaver(func() { cancel(errGone) }), time.Now())
	now := time.Now()
	t, body, resp, err := ex.ask(ctx, u, func() { cancel(context.DeadlineExceeded) })
	if err == nil {
		u.metrics.ok.Inc()
		u.report(t, true, now)
		err = p.relayHTTP2(ex, resp)
		_ = resp.Body.Close()
	}
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = errors.Join(cause, err)
	}
	cancel(nil)
	body.finish()
	ex.unwatch()
	if err != nil || body.denied {
		p.failedHTTP2(ex, u, t, body, err)
	}
}

// ask sends the request to a target and returns its answer, and the body on its way.
// A target that cannot be reached is passed over as long as there are others, since
// nothing has been sent. Late is called when no answer begins in time.
func (ex *exchange) ask(ctx context.Context, u *upstream, late func()) (t *target, body *sending, resp *http.Response, err error) {
	wait := u.response
	if own := ex.Settings.ResponseTimeout; own > 0 {
		wait = own
	}
	now, key := time.Now(), u.key(ex)
	for n := range u.targets {
		t = u.pick(now, key)
		var request *http.Request
		request, body = ex.outgoing(ctx, t)
		body.expect(wait, late)
		resp, err = t.http2.RoundTrip(request)
		body.answered()
		if dial := (*net.OpError)(nil); err == nil || ctx.Err() != nil || !errors.As(err, &dial) || dial.Op != "dial" {
			break
		}
		err = errors.Join(errConnect, err)
		t.died.Store(now.UnixNano())
		if n < len(u.targets)-1 {
			u.report(t, false, now)
		}
	}
	return t, body, resp, err
}

// leaver ends work when its client leaves.
type leaver func()

// Close ends it.
func (l leaver) Close() error {
	l()
	return nil
}

// failedHTTP2 answers for what could not be completed.
func (p *Proxy) failedHTTP2(ex *exchange, u *upstream, t *target, body *sending, err error) {
	switch {
	case body.denied && !ex.begun:
		p.reply(ex, ex.pools.status, "request blocked", ex.pools.page)
	case body.denied && ex.isGRPC():
		ex.complete, ex.trailers = true, []byte("Grpc-Status: 7\r\nGrpc-Message: request blocked\r\n")
	case ex.begun:
		p.cut(ex)
	default:
		if !ex.gone && body.err == nil {
			u.report(t, false, time.Now())
		}
		if body.err != nil {
			err = errors.Join(errClientBody, body.err)
		}
		p.failed(ex, u, err)
	}
}

// outgoing returns the request as it goes out.
func (ex *exchange) outgoing(ctx context.Context, t *target) (*http.Request, *sending) {
	scheme := "http"
	if t.tls != nil {
		scheme = "https"
	}
	r := &ex.Request
	path := string(originForm(r.Target))
	out := &http.Request{
		Method: string(r.Method), URL: &url.URL{Scheme: scheme, Host: t.address, Opaque: "//" + string(r.Host) + path}, Host: string(r.Host),
		Header: http.Header{"User-Agent": nil}, Proto: "HTTP/2.0", ProtoMajor: 2,
	}
	ex.buildHead()
	lines, _ := bytes.CutSuffix(ex.head, []byte("\r\n\r\n"))
	for i, line := range bytes.Split(lines, []byte("\r\n")) {
		name, value, _ := bytes.Cut(line, []byte(": "))
		if i == 0 || lex.Equal(name, "host") || lex.Equal(name, "transfer-encoding") || lex.Equal(name, "content-length") {
			continue
		}
		key := textproto.CanonicalMIMEHeaderKey(string(name))
		out.Header[key] = append(out.Header[key], string(value))
	}
	body := &sending{ex: ex, prefix: bytes.NewReader(ex.prefix)}
	if ex.length != 0 {
		out.ContentLength, out.Body = ex.length, body
	}
	if ex.length != 0 && !ex.streams() {
		out.GetBody = body.again
	}
	return out.WithContext(ctx), body
}

// relayHTTP2 sends an answer of HTTP/2 to the client.
func (p *Proxy) relayHTTP2(ex *exchange, resp *http.Response) error {
	a := &ex.answer
	a.reset()
	a.status, a.reason, a.length = resp.StatusCode, []byte(http.StatusText(resp.StatusCode)), resp.ContentLength
	if a.length < 0 {
		a.length = bodyChunked
	}
	for name, values := range resp.Header {
		for _, value := range values {
			a.fields = append(a.fields, parse.Field{Name: []byte(name), Value: []byte(value)})
		}
	}
	if a.length >= 0 && resp.Header.Get("Content-Length") == "" && !a.bodiless(ex.Request.Method) {
		a.fields = append(a.fields, parse.Field{Name: []byte("Content-Length"), Value: strconv.AppendInt(nil, a.length, 10)})
	}
	if err := p.send(ex); err != nil {
		return err
	}
	if resp.ContentLength != 0 { // else the head may be the end, of gRPC the trailers, and goes out with it
		if err := ex.client.flush(false, nil); err != nil {
			return err
		}
	}
	buf := ex.space()
	for {
		n, err := resp.Body.Read(buf)
		if n > 0 {
			ex.ResponseBytes += int64(n)
			if err := ex.client.body(buf[:n]); err != nil {
				return err
			}
			if err := ex.client.flush(false, nil); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if ex.complete = true; ex.stream == nil && !takesTrailers(&ex.Request) {
		return nil
	}
	for name, values := range resp.Trailer {
		for _, value := range values {
			ex.trailers = append(ex.trailers, name+": "+value+"\r\n"...)
		}
	}
	return nil
}
