package proxy

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // RFC 6455 asks for it; nothing is kept secret by it
	"encoding/base64"
	"errors"
	"net"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/parse"
)

// isWebSocket reports whether a request asks in full form for a WebSocket
// (RFC 6455, 4.1). What asks for anything else loses its Upgrade field.
func isWebSocket(r *parse.Request) bool {
	if string(r.Method) != "GET" || string(r.Proto) != "HTTP/1.1" || !lex.Equal(r.Field("upgrade"), "websocket") {
		return false
	}
	var key [16]byte
	text := r.Field("sec-websocket-key")
	if len(text) != 24 || string(r.Field("sec-websocket-version")) != "13" {
		return false
	}
	n, err := base64.StdEncoding.Decode(make([]byte, 18), text)
	return err == nil && n == len(key) && hasUpgrade(r)
}

// hasUpgrade reports whether Connection holds the option upgrade.
func hasUpgrade(r *parse.Request) bool {
	for i := range r.Fields {
		if f := &r.Fields[i]; len(f.Name) == 10 && lex.Equal(f.Name, "connection") && hasOption(f.Value, "upgrade") {
			return true
		}
	}
	return false
}

// acceptOf returns what a server that takes a WebSocket answers to a key.
func acceptOf(key []byte) string {
	sum := sha1.Sum(append(bytes.Clone(key), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...)) //nolint:gosec // see above
	return base64.StdEncoding.EncodeToString(sum[:])
}

// upgrade asks the upstream for a WebSocket on a connection of its own. If it takes
// it the exchange is leased to a tunnel; any other answer is passed on.
func (p *Proxy) upgrade(ex *exchange, u *upstream) {
	ex.upgrading, ex.solitary = true, true // whatever comes of it, the connection is not pooled
	ex.buildHead()
	c, err := p.reach(ex, u, time.Now(), u.key(ex))
	if err != nil {
		p.failed(ex, u, err)
		return
	}
	if _, err = p.roundTrip(ex, u, c); err != nil {
		c.discard()
		p.failed(ex, u, err)
	}
}

var errHandshake = errors.New("the upstream's answer to the WebSocket handshake is wrong")

// takes checks the answer to a handshake: a switch of protocols, and the right one.
func (ex *exchange) takes() error {
	var accept, upgrade, extensions []byte
	for i := range ex.answer.fields {
		switch f := &ex.answer.fields[i]; {
		case lex.Equal(f.Name, "sec-websocket-accept"):
			accept = f.Value
		case lex.Equal(f.Name, "upgrade"):
			upgrade = f.Value
		case lex.Equal(f.Name, "sec-websocket-extensions"):
			extensions = f.Value
		}
	}
	if string(accept) != acceptOf(ex.Request.Field("sec-websocket-key")) || !lex.Equal(upgrade, "websocket") ||
		!hasOption(ex.answer.listed, "upgrade") || ex.Settings.Messages && len(extensions) > 0 {
		return errHandshake
	}
	return nil
}

// lease passes the switch of protocols on and keeps the exchange for a tunnel.
func (p *Proxy) lease(ex *exchange, c *conn) error {
	if err := p.relayHead(ex); err != nil {
		return err
	}
	ex.complete = false
	if err := ex.client.flush(true, nil); err != nil {
		return err
	}
	ex.tunnel, ex.leased = c, true
	return nil
}

// hijack takes the connection from fasthttp and runs the tunnel on it.
func (p *Proxy) hijack(ctx *fasthttp.RequestCtx, ex *exchange) {
	p.tunnel.Add(1)
	ctx.HijackSetNoResponse(true)
	ex.h1.wire.heads.open = true
	ctx.Hijack(func(c net.Conn) {
		defer p.tunnel.Done()
		p.serveTunnel(ex, c)
	})
}
