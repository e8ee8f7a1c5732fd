package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// head is what frames a message.
type head struct {
	length  int
	chunked bool
	closing bool
}

var (
	contentLength    = []byte("content-length")
	transferEncoding = []byte("transfer-encoding")
	connection       = []byte("connection")
)

// readHead reads header fields up to the empty line.
func readHead(in *bufio.Reader) (h head, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return h, err
		}
		if len(line) <= 2 {
			return h, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, contentLength):
			if h.length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return h, err
			}
		case bytes.EqualFold(name, transferEncoding):
			h.chunked = true
		case bytes.EqualFold(name, connection):
			h.closing = bytes.EqualFold(bytes.TrimSpace(value), []byte("close"))
		}
	}
}

// skip reads the body and forgets it.
func (h *head) skip(in *bufio.Reader) error {
	if !h.chunked {
		_, err := in.Discard(h.length)
		return err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(";"))
		n, err := strconv.ParseUint(string(size), 16, 31)
		if err != nil {
			return err
		}
		if _, err := in.Discard(int(n) + 2); err != nil || n == 0 {
			return err
		}
	}
}

// client is one connection that is kept open.
type client struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
}

// timeout bounds one exchange.
const timeout = 20 * time.Second

// refusal is an answer that is no 2xx.
type refusal string

// Error returns the status line.
func (r refusal) Error() string { return "answer " + strconv.Quote(string(r)) }

// send sends a request and reads the answer; one that is no 2xx is a refusal.
func (c *client) send(request []byte) error {
	if c.conn == nil {
		conn, err := net.DialTimeout("tcp", c.address, timeout) //nolint:noctx // bounded by the timeout
		if err != nil {
			return err
		}
		c.conn, c.in = conn, bufio.NewReaderSize(conn, 32<<10)
	}
	if err := c.conn.SetDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	line, err := c.in.ReadString('\n')
	if err != nil {
		return err
	}
	h, err := readHead(c.in)
	if err == nil {
		err = h.skip(c.in)
	}
	if h.closing {
		c.close()
	}
	if err == nil && (len(line) < 12 || line[9] != '2') {
		return refusal(line)
	}
	return err
}

func (c *client) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// answered is what came of many requests.
type answered struct {
	took    []time.Duration
	refused int
	first   error // of the refusals
}

// drive sends n of the requests over so many connections. It ends early when a
// connection fails.
func drive(address string, requests [][]byte, n, connections int) (a answered, err error) {
	var (
		next atomic.Int64
		all  sync.WaitGroup
		mu   sync.Mutex // guards a and err
	)
	for range connections {
		all.Go(func() {
			mine, failed := sendSome(address, requests, n, &next)
			mu.Lock()
			defer mu.Unlock()
			a.took, err = append(a.took, mine.took...), errors.Join(err, failed)
			a.refused += mine.refused
			a.first = cmp.Or(a.first, mine.first)
		})
	}
	all.Wait()
	return a, err
}

func sendSome(address string, requests [][]byte, n int, next *atomic.Int64) (a answered, err error) {
	c := client{address: address}
	defer c.close()
	for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
		which := i % len(requests)
		start := time.Now()
		err := c.send(requests[which])
		a.took = append(a.took, time.Since(start))
		if _, refused := errors.AsType[refusal](err); refused {
			a.refused++
			a.first = cmp.Or(a.first, fmt.Errorf("request %d: %w", which, err))
		} else if err != nil {
			next.Store(int64(n))
			return a, fmt.Errorf("request %d: %w", which, err)
		}
	}
	return a, nil
}
