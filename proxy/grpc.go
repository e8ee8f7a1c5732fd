package proxy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/parse"
)

// isGRPC reports whether the request is a call of gRPC.
func (ex *exchange) isGRPC() bool {
	kind := ex.Request.Field("content-type")
	return len(kind) >= 16 && lex.Equal(kind[:16], "application/grpc")
}

// Status codes of gRPC by what the node would have answered otherwise.
func grpcStatus(status int) int {
	switch status {
	case http.StatusBadRequest:
		return 3 // invalid argument
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return 4 // deadline exceeded
	case http.StatusRequestEntityTooLarge:
		return 8 // resource exhausted
	case http.StatusMisdirectedRequest:
		return 12 // unimplemented
	case http.StatusInternalServerError:
		return 13
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		return 14 // unavailable
	default:
		return 7 // permission denied
	}
}

// replyGRPC answers a call: a head that holds the status and nothing else.
func (p *Proxy) replyGRPC(ex *exchange, status int, text string) {
	a := &ex.answer
	a.reset()
	a.status, a.reason, a.length = http.StatusOK, []byte("OK"), 0
	for _, f := range [...][2]string{
		{"Content-Type", "application/grpc"}, {"Grpc-Status", strconv.Itoa(grpcStatus(status))}, {"Grpc-Message", text}, {"X-Request-Id", ex.ID.String()},
	} {
		a.fields = append(a.fields, parse.Field{Name: []byte(f[0]), Value: []byte(f[1])})
	}
	if ex.stream != nil {
		a.length = bodyUntilClose // a Content-Length does not belong to a call
	} else {
		a.fields = append(a.fields, parse.Field{Name: []byte("Content-Length"), Value: []byte("0")})
	}
	if p.send(ex) != nil {
		p.cut(ex)
		return
	}
	ex.complete = true
}

// A message of gRPC stands behind five bytes: compressed or not, and its length.
const grpcPrefix = 5

// readFirst reads the first message of a call, or its beginning; a call may be a
// conversation, so nothing more is waited for. It reports false when it has answered.
func (p *Proxy) readFirst(ex *exchange) bool {
	ex.body.idles = true
	n, err := ex.readPrefix(grpcPrefix)
	length := int64(0)
	if err == nil {
		length = int64(binary.BigEndian.Uint32(ex.prefix[1:]))
		n, err = ex.readMore(grpcPrefix + int(min(length, int64(ex.InspectBytes()))))
	}
	if err != nil && err != io.EOF { //nolint:errorlint // readers return it bare
		p.bodyFailed(ex, err)
		return false
	}
	ex.Request.Body = ex.prefix[:n]
	ex.Request.BodyCut = length > int64(ex.InspectBytes())
	ex.rest = eof{}
	if err == nil {
		ex.rest = &call{proxy: p, ex: ex, left: length - int64(n-grpcPrefix)}
	}
	return true
}

var errDenied = errors.New("a message was denied")

// call reads the messages of a call after the first; each is decided about before
// any of it is passed on.
type call struct {
	proxy *Proxy
	ex    *exchange
	left  int64 // of the message that is passed on
	held  bytes.Buffer
}

func (c *call) Read(b []byte) (int, error) {
	if c.held.Len() > 0 {
		return c.held.Read(b)
	}
	if c.left > 0 {
		n, err := c.ex.body.Read(b[:min(int64(len(b)), c.left)])
		c.left -= int64(n)
		return n, err
	}
	var head [grpcPrefix]byte
	if _, err := io.ReadFull(&c.ex.body, head[:]); err != nil {
		return 0, err // io.EOF between two messages is the end
	}
	c.held.Reset()
	c.held.Write(head[:])
	c.left = int64(binary.BigEndian.Uint32(head[1:]))
	n, err := io.CopyN(&c.held, &c.ex.body, min(c.left, int64(c.ex.InspectBytes())))
	c.left -= n
	if err != nil {
		return 0, noEOF(err)
	}
	if d := c.proxy.filter.Message(c.ex.Exchange, c.held.Bytes()); d.Action == filter.Deny {
		return 0, errDenied
	}
	return c.held.Read(b)
}
