package proxy

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

// answerStream is an answer's body on its way to the client. It gives the
// connection back when the body ended well and closes it otherwise.
type answerStream struct {
	conn   *conn
	reader io.Reader
	proxy  *Proxy
	wait   time.Duration
	fixed  bool
	left   int64
	keep   bool
	done   bool
	ended  bool
}

func (s *answerStream) Read(b []byte) (int, error) {
	if s.done {
		return 0, io.EOF
	}
	if s.fixed {
		if s.left == 0 {
			s.done, s.ended = true, true
			return 0, io.EOF
		}
		b = b[:min(int64(len(b)), s.left)]
	}
	if err := s.conn.SetReadDeadline(time.Now().Add(s.patience())); err != nil {
		return 0, err
	}
	n, err := s.reader.Read(b)
	s.left -= int64(n)
	switch {
	case err == io.EOF && s.fixed && s.left > 0:
		err = io.ErrUnexpectedEOF
	case err == io.EOF:
		s.done, s.ended = true, true
	}
	return n, err
}

// patience is how long an upstream may pause within an answer. Event streams pause
// for long.
func (s *answerStream) patience() time.Duration {
	if s.fixed {
		return s.wait
	}
	return max(s.wait, time.Hour)
}

// Close is called when the answer was sent, or could not be.
func (s *answerStream) Close() error {
	if s.conn == nil {
		return nil
	}
	complete := s.ended || s.fixed && s.left == 0
	s.proxy.finish(s.conn, s.keep && complete)
	s.conn = nil
	return nil
}

// chunkReader decodes a chunked body strictly.
type chunkReader struct {
	r    *bufio.Reader
	left int64
	done bool
	body bool // a chunk has been begun
}

func newChunkReader(r *bufio.Reader) *chunkReader { return &chunkReader{r: r} }

var errChunk = errors.New("the upstream's chunks are malformed")

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
	if c.body {
		if line, err := c.line(); err != nil || line != "" {
			return errors.Join(errChunk, err)
		}
	}
	c.body = true
	line, err := c.line()
	if err != nil {
		return err
	}
	size, _, _ := strings.Cut(line, ";")
	n, err := strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 62)
	if err != nil || size == "" || size[0] == '+' {
		return errChunk
	}
	c.left = int64(n)
	if n > 0 {
		return nil
	}
	for {
		if line, err = c.line(); err != nil {
			return err
		}
		if line == "" {
			c.done = true
			return nil
		}
	}
}

func (c *chunkReader) line() (string, error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	if len(line) < 2 || line[len(line)-2] != '\r' {
		return "", errChunk
	}
	return string(line[:len(line)-2]), nil
}
