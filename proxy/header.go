package proxy

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/parse"
)

// class of a header field of a request.
type fieldClass uint8

const (
	endToEnd   fieldClass = iota
	hopByHop              // never forwarded (RFC 9110, 7.6.1)
	forwarding            // replaced by the node
)

// classOf classes a request's header field by its name.
func classOf(name []byte) fieldClass {
	if ofConnection(name) {
		return hopByHop
	}
	switch len(name) {
	case 6:
		if lex.Equal(name, "expect") {
			return hopByHop
		}
	case 9:
		if lex.Equal(name, "x-real-ip") {
			return forwarding
		}
	case 12:
		if lex.Equal(name, "x-request-id") {
			return forwarding
		}
	case 14:
		if lex.Equal(name, "http2-settings") {
			return hopByHop
		}
	case 15:
		if lex.Equal(name, "x-forwarded-for") {
			return forwarding
		}
	case 16:
		if lex.Equal(name, "x-forwarded-host") {
			return forwarding
		}
	case 17:
		if lex.Equal(name, "x-forwarded-proto") {
			return forwarding
		}
	case 19:
		if lex.Equal(name, "proxy-authorization") {
			return hopByHop
		}
	}
	return endToEnd
}

// ofConnection reports whether a field of a request or an answer concerns one connection
// alone (RFC 9110, 7.6.1).
func ofConnection(name []byte) bool {
	switch len(name) {
	case 2:
		return lex.Equal(name, "te")
	case 7:
		return lex.Equal(name, "upgrade") || lex.Equal(name, "trailer")
	case 10:
		return lex.Equal(name, "connection") || lex.Equal(name, "keep-alive")
	case 16:
		return lex.Equal(name, "proxy-connection")
	case 17:
		return lex.Equal(name, "transfer-encoding")
	}
	return false
}

// buildHead writes the head of the outgoing request: the client's fields in their
// order and as they are, without hop-by-hop ones, with the node's forwarding fields
// behind them.
func (ex *exchange) buildHead() {
	r := &ex.Request
	b := append(ex.head[:0], r.Method...)
	b = append(append(append(b, ' '), originForm(r.Target)...), " HTTP/1.1\r\n"...)
	listed, trailers := connectionOptions(r)
	hasHost := false
	for i := range r.Fields {
		f := &r.Fields[i]
		if classOf(f.Name) != endToEnd {
			continue
		}
		if ex.upgrading && ex.Settings.Messages && lex.Equal(f.Name, "sec-websocket-extensions") {
			continue // compressed messages could not be read
		}
		if len(f.Name) == 4 && lex.Equal(f.Name, "host") {
			b = appendField(b, f.Name, r.Host)
			hasHost = true
			continue
		}
		if listed != nil && isListed(listed, f.Name) {
			continue
		}
		b = appendField(b, f.Name, f.Value)
	}
	if !hasHost {
		b = appendField(b, []byte("Host"), r.Host)
	}
	if ex.upgrading {
		b = append(b, "Connection: Upgrade\r\nUpgrade: websocket\r\n"...)
	}
	if trailers {
		b = append(b, "TE: trailers\r\n"...)
	}
	if ex.chunked {
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
	}
	b = ex.forwardingFields(b)
	ex.head = append(b, "\r\n"...)
}

func appendField(b, name, value []byte) []byte {
	return append(append(append(append(b, name...), ": "...), value...), "\r\n"...)
}

// forwardingFields tells the application whom it is talking to. What a client that
// is no trusted proxy said about itself is not passed on.
func (ex *exchange) forwardingFields(b []byte) []byte {
	r := &ex.Request
	trusted := len(ex.pools.trusted) > 0 && trusts(ex.pools.trusted, ex.peer)
	b = append(b, "X-Forwarded-For: "...)
	proto, host := []byte("http"), r.Host
	if ex.secure {
		proto = []byte("https")
	}
	if trusted {
		for i := range r.Fields {
			f := &r.Fields[i]
			switch {
			case lex.Equal(f.Name, "x-forwarded-for"):
				b = append(append(b, f.Value...), ", "...)
			case lex.Equal(f.Name, "x-forwarded-proto"):
				proto = f.Value
			case lex.Equal(f.Name, "x-forwarded-host"):
				host = f.Value
			}
		}
	}
	b = append(ex.peer.AppendTo(b), "\r\nX-Forwarded-Proto: "...)
	b = append(append(b, proto...), "\r\nX-Forwarded-Host: "...)
	b = append(append(b, host...), "\r\nX-Real-IP: "...)
	b = ex.Client.AppendTo(b)
	b = append(b, "\r\nX-Request-Id: "...)
	return append(ex.ID.AppendTo(b), "\r\n"...)
}

// originForm returns path and query of an absolute-form target.
func originForm(target []byte) []byte {
	if len(target) == 0 || target[0] == '/' || target[0] == '*' {
		return target
	}
	_, after, ok := bytes.Cut(target, []byte("://"))
	if !ok {
		return target
	}
	rest := after
	j := bytes.IndexAny(rest, "/?")
	switch {
	case j < 0:
		return []byte("/")
	case rest[j] == '?':
		return append([]byte("/"), rest[j:]...)
	default:
		return rest[j:]
	}
}

// connectionOptions returns the value of Connection when it lists fields, and
// whether the client takes trailers.
func connectionOptions(r *parse.Request) (listed []byte, trailers bool) {
	for i := range r.Fields {
		f := &r.Fields[i]
		switch {
		case len(f.Name) == 10 && lex.Equal(f.Name, "connection"):
			if !lex.Equal(f.Value, "keep-alive") && !lex.Equal(f.Value, "close") {
				listed = f.Value
			}
		case len(f.Name) == 2 && lex.Equal(f.Name, "te"):
			trailers = hasOption(f.Value, "trailers")
		}
	}
	return listed, trailers
}

// isListed reports whether Connection lists a field. Fields that say who is asked,
// by whom, and how long the body is cannot be taken away so.
func isListed(listed, name []byte) bool {
	for _, kept := range [...]string{"host", "authorization", "cookie", "content-length", "content-type"} {
		if lex.Equal(name, kept) {
			return false
		}
	}
	for len(listed) > 0 {
		var option []byte
		option, listed, _ = bytes.Cut(listed, []byte(","))
		if bytes.EqualFold(bytes.TrimSpace(option), name) {
			return true
		}
	}
	return false
}

// takesTrailers reports whether the client takes fields behind a body.
func takesTrailers(r *parse.Request) bool {
	_, trailers := connectionOptions(r)
	return trailers
}
