package proxy

import (
	"bufio"
	"bytes"
	"io"
)

// heads follows what fasthttp is given to read. It gets a head, and one byte of a body
// with a length because it insists, so that bodies can be read from the connection
// itself: fasthttp takes lines that end with LF alone, folds and names that are none
// behind the last chunk, where another reader would see another end.
type heads struct {
	line  int  // bytes of the current line so far
	last  byte // of them
	bare  bool // the line before ended with LF alone
	begun bool // a line that is not empty has come
	ended bool // so has the empty line behind it
	short bool // not by CR LF CR LF, which fasthttp waits for
	empty bool // the empty line was LF alone
	given bool // it has got what it waits for
	after int  // bytes behind the head that fasthttp has read
	open  bool // it is given everything: HTTP/2, a tunnel
}

// cut returns how many bytes of p fasthttp is given.
func (h *heads) cut(p []byte) int {
	if h.open {
		return len(p)
	}
	if h.ended {
		n := min(1, len(p))
		h.after += n
		return n
	}
	for at := 0; ; {
		n := bytes.IndexByte(p[at:], '\n')
		if n < 0 {
			h.piece(p[at:])
			return len(p)
		}
		h.piece(p[at : at+n])
		at += n + 1
		bare := h.line == 0 || h.last != '\r'
		if empty := h.line == 0 || h.line == 1 && !bare; !empty {
			h.begun = true // empty lines before a head are passed over
		} else if h.begun {
			h.ended, h.empty, h.short = true, bare, bare || h.bare
			return at
		}
		h.line, h.bare = 0, bare
	}
}

// piece notes a piece of a line.
func (h *heads) piece(p []byte) {
	if len(p) > 0 {
		h.line, h.last = h.line+len(p), p[len(p)-1]
	}
}

// exact reports whether fasthttp has read a head and no more than n bytes behind it.
func (h *heads) exact(n int) bool { return h.ended && h.after <= n }

// Read gives fasthttp what it may have: first what was kept back.
func (w *wire) Read(b []byte) (int, error) {
	if w.heads.short && !w.heads.given {
		w.heads.given = true
		return copy(b, "\r\n\r\n"), nil // fasthttp takes it for what follows; its connection ends
	}
	if len(w.first) > 0 {
		n := w.heads.cut(w.first[:min(len(b), len(w.first))])
		copy(b, w.first[:n])
		w.first = w.first[n:]
		return n, nil
	}
	n, err := w.Conn.Read(b)
	if w.resting {
		w.resting, w.timedOut = n == 0, n == 0 && isTimeout(err)
	}
	if end := w.heads.cut(b[:n]); end < n {
		w.kept = append(w.kept[:0], b[end:n]...)
		w.first, n = w.kept, end
	}
	return n, err
}

// unseen reads what fasthttp has not been given.
type unseen struct{ *wire }

func (u unseen) Read(b []byte) (int, error) {
	if len(u.first) > 0 {
		n := copy(b, u.first)
		u.first = u.first[n:]
		return n, nil
	}
	return u.Conn.Read(b)
}

// bodyOf returns a request's body, to be read behind fasthttp's back. Of one with a
// length fasthttp has the first byte.
func (w *wire) bodyOf(length int64, has io.Reader) io.Reader {
	if length < 0 {
		return &chunks{w, chunkReader{r: bufio.NewReaderSize(unseen{w}, chunkBuffer), strict: true}}
	}
	return &fixed{wire: w, has: has, begun: w.heads.given, left: length}
}

// whole is a body that knows whether it has been read to its end.
type whole interface{ whole() bool }

// fixed reads a body of known length.
type fixed struct {
	wire  *wire
	has   io.Reader // gives the first byte
	begun bool      // it has
	left  int64
}

func (f *fixed) whole() bool { return f.left == 0 }

func (f *fixed) Read(b []byte) (n int, err error) {
	if f.left == 0 {
		return 0, io.EOF
	}
	b = b[:min(int64(len(b)), f.left)]
	if !f.begun && len(b) > 0 {
		f.begun = true
		n, err = f.has.Read(b[:1])
	}
	if n == 0 || n < len(b) && len(f.wire.first) > 0 { // what is at hand comes with the first byte
		var m int
		m, err = unseen{f.wire}.Read(b[n:])
		n += m
	}
	if f.left -= int64(n); f.left == 0 {
		return n, io.EOF
	}
	if n > 0 && err == io.EOF { //nolint:errorlint // readers return it bare
		err = nil
	}
	return n, noEOF(err)
}

// chunkBuffer is what is read at once of a chunked body that comes in small pieces.
const chunkBuffer = 4 << 10

// chunks reads a client's chunked body strictly.
type chunks struct {
	wire *wire
	chunkReader
}

func (c *chunks) whole() bool { return c.done }

// Read gives back what was read beyond the body: the next request.
func (c *chunks) Read(b []byte) (int, error) {
	n, err := c.chunkReader.Read(b)
	if err == io.EOF { //nolint:errorlint // readers return it bare
		if rest, _ := c.r.Peek(c.r.Buffered()); len(rest) > 0 {
			c.wire.first = append(bytes.Clone(rest), c.wire.first...)
			_, _ = c.r.Discard(len(rest))
		}
	}
	return n, err
}
