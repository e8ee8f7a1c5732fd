package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
)

// seen is one request as a reader took it.
type seen struct {
	method, target, host string
	length               int    // of the body
	sum                  uint32 // of the body
	raw                  []byte // as it was forwarded, where it was
	malformed            string // why the recorder could not read what was forwarded
}

func (s *seen) body(b []byte) {
	h := fnv.New32a()
	_, _ = h.Write(b)
	s.length, s.sum = len(b), h.Sum32()
}

// same reports whether two readers took the same request.
func (s *seen) same(o *seen) bool {
	return s.method == o.method && s.target == o.target && s.host == o.host && s.length == o.length && s.sum == o.sum && s.malformed == o.malformed
}

func (s *seen) String() string {
	if s.malformed != "" {
		return "malformed: " + s.malformed
	}
	return fmt.Sprintf("%q %q %q %d bytes", s.method, s.target, s.host, s.length)
}

// ledger keeps who was seen to ask for what, by the client's address.
type ledger struct {
	mu sync.Mutex // guards of
	of map[string][]*seen
}

func (l *ledger) add(client string, s *seen) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[string][]*seen{}
	}
	l.of[client] = append(l.of[client], s)
}

// take returns what a client was seen to ask for and forgets it.
func (l *ledger) take(client string) []*seen {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.of[client]
	delete(l.of, client)
	return list
}

// recorder is an application behind a proxy: it reads strictly, keeps what it reads,
// and answers nothing of interest.
type recorder struct {
	ledger
	listener net.Listener
	all      sync.WaitGroup
}

func newRecorder() (*recorder, error) {
	l, err := listen()
	if err != nil {
		return nil, err
	}
	r := &recorder{listener: l}
	r.all.Go(r.accept)
	return r, nil
}

func (r *recorder) address() string { return r.listener.Addr().String() }

// close takes no more connections; those that are open end with their proxy.
func (r *recorder) close() { _ = r.listener.Close() }

func (r *recorder) accept() {
	for {
		c, err := r.listener.Accept()
		if err != nil {
			return
		}
		go r.serve(c)
	}
}

func (r *recorder) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		s, client, err := readForwarded(in)
		if s == nil {
			return
		}
		r.add(client, s)
		if err != nil {
			return
		}
		if _, err := io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n"); err != nil {
			return
		}
	}
}

var errForwarded = errors.New("malformed")

// readForwarded reads what a proxy has forwarded, and the address of its client. Of
// what is malformed it returns as much as there is.
func readForwarded(in *bufio.Reader) (*seen, string, error) {
	if _, err := in.Peek(1); err != nil {
		return nil, "", err
	}
	m := &message{in: in}
	s, err := m.read()
	s.raw = m.raw.Bytes()
	if err != nil {
		s.malformed = err.Error()
	}
	return s, m.client, err
}

// message is a request that is being read.
type message struct {
	in      *bufio.Reader
	raw     bytes.Buffer
	client  string
	length  int
	lengths int
	chunked bool
}

func (m *message) read() (*seen, error) {
	s := &seen{}
	line, err := m.line()
	if err != nil {
		return s, err
	}
	parts := strings.Split(line, " ")
	if len(parts) != 3 || parts[2] != "HTTP/1.1" && parts[2] != "HTTP/1.0" {
		return s, fmt.Errorf("%w request line %q", errForwarded, line)
	}
	s.method, s.target = parts[0], parts[1]
	if err := m.fields(s); err != nil {
		return s, err
	}
	body, err := m.body()
	s.body(body)
	return s, err
}

// line reads a line that must end with CR LF and hold neither alone.
func (m *message) line() (string, error) {
	line, err := m.in.ReadString('\n')
	m.raw.WriteString(line)
	if err != nil {
		return line, err
	}
	text, ok := strings.CutSuffix(line, "\r\n")
	if !ok || strings.ContainsAny(text, "\r\x00") {
		return text, fmt.Errorf("%w line %q", errForwarded, line)
	}
	return text, nil
}

func (m *message) fields(s *seen) error {
	hosts, own := 0, ""
	for {
		line, err := m.line()
		if err != nil {
			return err
		}
		if line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return fmt.Errorf("%w field %q", errForwarded, line)
		}
		switch strings.ToLower(name) {
		case "host":
			s.host = value
			hosts++
		case "x-real-ip":
			m.client = value // the proxy's own comes last
		case "x-nginx-host":
			own = value
		case "content-length":
			m.lengths++
			if m.length, err = strconv.Atoi(value); err != nil || m.length < 0 {
				return fmt.Errorf("%w length %q", errForwarded, value)
			}
		case "transfer-encoding":
			m.lengths++
			m.chunked = true
			if value != "chunked" {
				return fmt.Errorf("%w encoding %q", errForwarded, value)
			}
		}
	}
	if own != "" {
		s.host = own
	}
	if hosts != 1 || m.lengths > 1 {
		return fmt.Errorf("%w: %d hosts, %d framing fields", errForwarded, hosts, m.lengths)
	}
	return nil
}

func (m *message) body() ([]byte, error) {
	if !m.chunked {
		return m.exactly(m.length)
	}
	var whole []byte
	for {
		line, err := m.line()
		if err != nil {
			return whole, err
		}
		n, err := strconv.ParseUint(line, 16, 31)
		if err != nil {
			return whole, fmt.Errorf("%w size %q", errForwarded, line)
		}
		piece, err := m.exactly(int(n))
		if err != nil {
			return whole, err
		}
		whole = append(whole, piece...)
		if end, err := m.line(); err != nil || end != "" {
			return whole, errors.Join(fmt.Errorf("%w end of chunk %q", errForwarded, end), err)
		}
		if n == 0 {
			return whole, nil
		}
	}
}

func (m *message) exactly(n int) ([]byte, error) {
	b := make([]byte, n)
	got, err := io.ReadFull(m.in, b)
	m.raw.Write(b[:got])
	return b[:got], err
}
