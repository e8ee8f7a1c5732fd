package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/parse"
)

// chunkReader decodes a chunked body.
type chunkReader struct {
	r        *bufio.Reader
	left     int64
	done     bool
	begun    bool   // a chunk has been begun
	strict   bool   // a client's: nothing odd is passed over
	trailers []byte // whole lines
}

// Longest line before a chunk and longest trailers, in bytes.
const (
	maxChunkLine = 4 << 10
	maxTrailers  = 16 << 10
)

var errChunk = errors.New("chunks are malformed")

func (c *chunkReader) Read(b []byte) (int, error) {
	if c.done {
		return 0, io.EOF
	}
	if c.left == 0 {
		if err := c.next(); err != nil {
			return 0, noEOF(err)
		}
		if c.done {
			return 0, io.EOF
		}
	}
	n, err := c.r.Read(b[:min(int64(len(b)), c.left)])
	c.left -= int64(n)
	return n, noEOF(err)
}

// noEOF makes an end inside a body an error.
func noEOF(err error) error {
	if err == io.EOF { //nolint:errorlint // readers return it bare
		return io.ErrUnexpectedEOF
	}
	return err
}

// next reads the line before a chunk, and after the last one the trailers.
func (c *chunkReader) next() error {
	if c.begun {
		if line, err := c.line(); err != nil || len(line) > 0 {
			return errors.Join(errChunk, err)
		}
	}
	c.begun = true
	line, err := c.line()
	if err != nil {
		return err
	}
	if c.left, err = c.size(line); err != nil || c.left > 0 {
		return err
	}
	for {
		if line, err = c.line(); err != nil {
			return err
		}
		if len(line) == 0 {
			c.done = true
			return nil
		}
		if err := c.trailer(line); err != nil {
			return err
		}
	}
}

// size reads the size before a chunk; extensions are passed over.
func (c *chunkReader) size(line []byte) (int64, error) {
	size, extension, _ := bytes.Cut(line, []byte(";"))
	if !c.strict {
		size = bytes.TrimRight(size, " \t")
	} else if checkValue(extension) != nil {
		return 0, errChunk
	}
	n, err := strconv.ParseUint(string(size), 16, 62)
	if err != nil || size[0] == '+' {
		return 0, errChunk
	}
	return int64(n), nil
}

// trailer keeps a field behind the body, unless it would say how to read the
// message or whom it is for (RFC 9110, 6.5.1).
func (c *chunkReader) trailer(line []byte) error {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || !parse.IsToken(line[:colon]) || checkValue(line) != nil || len(c.trailers)+len(line) > maxTrailers {
		return errChunk
	}
	for _, refused := range [...]string{
		"transfer-encoding", "content-length", "host", "connection", "trailer", "te", "upgrade", "set-cookie", "content-type", "content-encoding", "location",
	} {
		if lex.Equal(line[:colon], refused) {
			if c.strict {
				return errChunk
			}
			return nil
		}
	}
	c.trailers = append(append(c.trailers, line...), "\r\n"...)
	return nil
}

// line returns a line without its end, valid until the next read.
func (c *chunkReader) line() ([]byte, error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	if len(line) < 2 || line[len(line)-2] != '\r' || len(line) > maxChunkLine {
		return nil, errChunk
	}
	return line[:len(line)-2], nil
}

// appendChunkSize appends the line before a chunk.
func appendChunkSize(b []byte, n int) []byte {
	return append(strconv.AppendInt(b, int64(n), 16), "\r\n"...)
}

// bodyWriter writes a request's body as it is or in chunks, each piece at once:
// whoever sends in pieces waits for answers to them.
type bodyWriter struct {
	c io.Writer
	w *bufio.Writer // nil: not chunked
	n int64
}

func newBodyWriter(c io.Writer, chunked bool) *bodyWriter {
	b := &bodyWriter{c: c}
	if chunked {
		b.w = bufio.NewWriterSize(c, 4<<10)
	}
	return b
}

func (b *bodyWriter) write(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	b.n += int64(len(p))
	if b.w == nil {
		_, err := b.c.Write(p)
		return err
	}
	var size [20]byte
	if _, err := b.w.Write(appendChunkSize(size[:0], len(p))); err != nil {
		return err
	}
	if _, err := b.w.Write(p); err != nil {
		return err
	}
	if _, err := b.w.WriteString("\r\n"); err != nil {
		return err
	}
	return b.w.Flush()
}

func (b *bodyWriter) end() error {
	if b.w == nil {
		return nil
	}
	if _, err := b.w.WriteString("0\r\n\r\n"); err != nil {
		return err
	}
	return b.w.Flush()
}
