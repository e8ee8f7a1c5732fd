package parse

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"net/textproto"
	"strconv"

	"github.com/weirnode/weir/detect/lex"
)

// ReadRequest reads a raw HTTP/1 request from memory, as `weir inspect` and tests
// have it: lines may end with LF alone, the body is what Content-Length or chunks
// say, else all that follows. It is not the validator of the wire: see Frame.
func ReadRequest(raw []byte, r *Request) error {
	line, rest, ok := bytes.Cut(raw, []byte("\n"))
	if !ok {
		return errors.New("there is no request line")
	}
	parts := bytes.Fields(line)
	if len(parts) < 2 {
		return fmt.Errorf("%q is not a request line such as GET / HTTP/1.1", line)
	}
	r.Method, r.Proto = parts[0], []byte("HTTP/1.1")
	r.Target = bytes.Join(parts[1:], []byte(" "))
	if last := parts[len(parts)-1]; len(parts) > 2 && bytes.HasPrefix(last, []byte("HTTP/")) {
		r.Proto, r.Target = last, bytes.Join(parts[1:len(parts)-1], []byte(" "))
	}
	r.Fields = r.Fields[:0]
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 {
			break
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			return fmt.Errorf("%q is not a header field", line)
		}
		r.Fields = append(r.Fields, Field{bytes.TrimSpace(name), trimBlank(value)})
	}
	r.Host = r.Field("host")
	if a := authorityOf(r.Target); a != nil {
		r.Host = a
	}
	r.Body = rawBody(r, rest)
	return nil
}

// Refusal returns what the wire refuses a raw request for that ReadRequest has read, before
// anything of it is inspected. Lines that end with LF alone, as in files that people write, are
// no reason.
func (r *Request) Refusal(raw []byte) Fault {
	line, rest, _ := bytes.Cut(raw, []byte("\n"))
	end := bytes.Index(rest, []byte("\r\n\r\n"))
	if end < 0 || !bytes.HasSuffix(line, []byte("\r")) {
		return NoFault
	}
	head := Request{Method: r.Method, Target: r.Target, Proto: r.Proto}
	return head.Frame(rest[:end+len("\r\n\r\n")], math.MaxInt)
}

func rawBody(r *Request, rest []byte) []byte {
	if lex.Contains(r.Field("transfer-encoding"), "chunked") {
		if body, ok := dechunk(rest); ok {
			return body
		}
		return rest
	}
	if n, err := strconv.Atoi(textproto.TrimString(string(r.Field("content-length")))); err == nil && n >= 0 && n < len(rest) {
		return rest[:n]
	}
	return rest
}

// dechunk joins the chunks of a body.
func dechunk(b []byte) (body []byte, ok bool) {
	for {
		line, rest, found := bytes.Cut(b, []byte("\n"))
		size, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(";"))
		n, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 31)
		if !found || err != nil || n > uint64(len(rest)) {
			return nil, false
		}
		if n == 0 {
			return body, true
		}
		body = append(body, rest[:n]...)
		b = bytes.TrimLeft(rest[n:], "\r\n")
	}
}
