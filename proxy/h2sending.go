package proxy

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// streams reports whether a part of the body is still to be read.
func (ex *exchange) streams() bool { return ex.rest != nil && ex.rest != eof{} }

// sending is a body on its way to an upstream of HTTP/2. The transport may read it
// at any time until finish.
type sending struct {
	ex     *exchange
	prefix *bytes.Reader

	timing   sync.Mutex // guards the timer
	timer    *time.Timer
	wait     time.Duration
	mu       sync.Mutex // guards the fields below, and reading
	finished bool
	repeated bool // it is sent a second time
	ended    bool // all of it was read
	denied   bool // a message of it was denied
	err      error
}

// expect has late called unless the answer begins in time, counted from the last
// piece of the body.
func (s *sending) expect(wait time.Duration, late func()) {
	s.timing.Lock()
	defer s.timing.Unlock()
	s.wait, s.timer = wait, time.AfterFunc(wait, late)
}

// answered notes that the answer has begun or cannot begin any more.
func (s *sending) answered() {
	s.timing.Lock()
	defer s.timing.Unlock()
	s.timer.Stop()
	s.timer = nil
}

func (s *sending) moved() {
	s.timing.Lock()
	defer s.timing.Unlock()
	if s.timer != nil {
		s.timer.Reset(s.wait)
	}
}

func (s *sending) Read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.finished:
		return 0, net.ErrClosed
	case s.prefix.Len() > 0:
		return s.prefix.Read(b)
	case s.ex.rest == nil:
		s.ended = true
		return 0, io.EOF
	}
	n, err := s.ex.rest.Read(b)
	s.moved()
	switch {
	case err == io.EOF:
		s.ended = true
	case errors.Is(err, errDenied):
		s.denied = true
	case err != nil:
		s.err = err
	}
	return n, err
}

// again returns a whole body once more, to be sent to an upstream that has not looked
// at the request: it refused the stream, or it was going away (RFC 9113, 8.7). That is
// for net/http to know, which does the same for requests without a body.
func (s *sending) again() (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.repeated {
		return nil, errRefusedTwice
	}
	return &repeat{s, bytes.NewReader(s.ex.prefix)}, nil
}

var errRefusedTwice = errors.New("the upstream refused the request twice")

// repeat is a body that is sent a second time.
type repeat struct {
	*sending
	whole *bytes.Reader
}

func (r *repeat) Read(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.finished {
		return 0, net.ErrClosed
	}
	r.repeated = true // not before: net/http may ask for one that it drops
	return r.whole.Read(b)
}

// Close is asked for by net/http, which may still be reading.
func (s *sending) Close() error { return nil }

// finish ends reading: what is read from may be used again after it.
func (s *sending) finish() {
	if s.ex.length == 0 {
		return
	}
	if s.ex.body.patience != nil && s.ex.streams() {
		_ = s.ex.body.patience.SetReadDeadline(time.Now())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finished = true
	if !s.ended && s.ex.streams() {
		s.ex.h1.close = s.ex.stream == nil // the rest of the body is not read
	}
}
