package proxy

import (
	"strconv"

	"github.com/weirnode/weir/detect/lex"
)

// client is who asked: a connection of HTTP/1 or a stream of HTTP/2. An answer goes
// to it as a head, pieces of a body, and an end.
type client interface {
	// begin takes the head. Nothing need be sent yet. With length
	// bodyChunked or bodyUntilClose the body's length is unknown.
	begin(a *answer, length int64) error
	// body takes a piece of the body. Nothing need be sent yet; the last piece must
	// stay as it is until flush.
	body(b []byte) error
	// flush sends what was taken; with end the answer is complete and trailers,
	// whole lines, follow it.
	flush(end bool, trailers []byte) error
}

// maxHeld is how much of an answer is held back while more of it is at hand.
const maxHeld = 32 << 10

// http1 writes answers of HTTP/1.
type http1 struct {
	wire    *wire
	out     []byte
	old     bool // the client speaks HTTP/1.0
	head    bool // the method is HEAD
	close   bool // the connection ends with this answer
	chunked bool
	left    int64  // of a body of known length
	tail    []byte // the last piece of it, if that is long
}

// begin writes status line and fields as they came; only framing and connection
// fields are the node's.
func (h *http1) begin(a *answer, length int64) error {
	bare := h.head || a.status == 101 || a.status == 204 || a.status == 304
	h.chunked = !bare && length < 0 && !h.old
	h.close = h.close || !bare && length < 0 && h.old
	h.left = max(0, length)
	if bare {
		h.left = 0
	}
	b := append(h.out[:0], "HTTP/1.1 "...)
	b = append(append(strconv.AppendInt(b, int64(a.status), 10), ' '), a.reason...)
	b = append(b, "\r\n"...)
	framed := false
	for i := range a.fields {
		f := &a.fields[i]
		if !a.withheld(f.Name) || a.status == 101 && (lex.Equal(f.Name, "connection") || lex.Equal(f.Name, "upgrade")) {
			b = appendField(b, f.Name, f.Value)
			continue
		}
		if !framed && h.keepsFraming(a, f.Name, bare) {
			b = appendField(b, f.Name, f.Value)
			framed = true
		}
	}
	if h.chunked && !framed {
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
	}
	if h.chunked && a.trailers {
		b = a.appendTrailerField(b)
	}
	switch {
	case h.close:
		b = append(b, "Connection: close\r\n"...)
	case h.old:
		b = append(b, "Connection: keep-alive\r\n"...)
	}
	h.out = append(b, "\r\n"...)
	return nil
}

// keepsFraming reports whether a framing field holds for the answer as it is sent.
func (h *http1) keepsFraming(a *answer, name []byte, bare bool) bool {
	switch len(name) {
	case len("content-length"):
		return lex.Equal(name, "content-length") && (a.length >= 0 && (!bare || a.status != 204 || a.length == 0))
	case len("transfer-encoding"):
		return lex.Equal(name, "transfer-encoding") && a.length == bodyChunked && !h.old && (h.chunked || bare && a.status != 204)
	}
	return false
}

func (a *answer) appendTrailerField(b []byte) []byte {
	for i := range a.fields {
		if f := &a.fields[i]; len(f.Name) == 7 && lex.Equal(f.Name, "trailer") {
			b = appendField(b, f.Name, f.Value)
		}
	}
	return b
}

func (h *http1) body(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	if h.chunked {
		h.out = appendChunkSize(h.out, len(b))
	} else {
		h.left -= int64(len(b))
	}
	if len(b) > maxHeld/2 && !h.chunked && h.left == 0 {
		h.tail = b
		return nil
	}
	if len(b) > maxHeld/2 { // long pieces are not copied
		err := h.wire.sendBoth(h.out, b)
		h.out = h.out[:0]
		if err != nil {
			return err
		}
	} else {
		h.out = append(h.out, b...)
	}
	if h.chunked {
		h.out = append(h.out, "\r\n"...)
	}
	if len(h.out) >= maxHeld {
		return h.flush(false, nil)
	}
	return nil
}

func (h *http1) flush(end bool, trailers []byte) error {
	if end && h.chunked {
		h.out = append(append(append(h.out, "0\r\n"...), trailers...), "\r\n"...)
	}
	if h.tail != nil {
		tail := h.tail
		h.tail = nil
		return h.wire.sendBoth(h.out, tail)
	}
	if len(h.out) == 0 {
		return nil
	}
	_, err := h.wire.send(h.out)
	h.out = h.out[:0]
	return err
}
