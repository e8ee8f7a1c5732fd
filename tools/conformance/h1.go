package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Patience with weir in a row of the table of HTTP/1.
const (
	h1Silence = 400 * time.Millisecond // so long nothing more comes
	h1AtOnce  = 16
)

// runH1 runs the table of HTTP/1, without and with encryption.
func runH1(ctx context.Context, _ *options, s *stage) []*outcome {
	encrypted := &tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}} //nolint:gosec // of the stage
	return []*outcome{
		h1Over(ctx, "HTTP/1 table", s.plain, new(net.Dialer)),
		h1Over(ctx, "HTTP/1 table, TLS", s.tls, encrypted),
	}
}

// dialer is net.Dialer, or tls.Dialer.
type dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

func h1Over(ctx context.Context, suite, address string, d dialer) *outcome {
	o := &outcome{suite: suite, required: len(h1cases)}
	begun := time.Now()
	reasons := make([]string, len(h1cases))
	places := make(chan struct{}, h1AtOnce)
	var all sync.WaitGroup
	for i := range h1cases {
		places <- struct{}{}
		all.Go(func() {
			reasons[i] = h1cases[i].try(ctx, address, d)
			<-places
		})
	}
	all.Wait()
	for i, c := range h1cases {
		o.check(strconv.Quote(c.name), reasons[i])
	}
	o.took = time.Since(begun)
	return o
}

// try returns why a row failed, or nothing.
func (c *h1case) try(ctx context.Context, address string, d dialer) string {
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, c.send); err != nil {
		return err.Error()
	}
	in := bufio.NewReader(conn)
	if c.rest != "" {
		if got, seen := answers(conn, in, c.send); got != "" {
			return fmt.Sprintf("did not wait: %s %s", got, seen)
		}
		if _, err := io.WriteString(conn, c.rest); err != nil {
			return err.Error()
		}
	}
	got, seen := answers(conn, in, c.send)
	switch {
	case got != c.want:
		return fmt.Sprintf("got %q, want %q", got, c.want)
	case c.seen != "" && c.seen != seen:
		return fmt.Sprintf("the application was asked %q, want %q", seen, c.seen)
	}
	return ""
}

// answers reads answers until none comes any more: their status codes, and what the
// application says it was asked.
func answers(conn net.Conn, in *bufio.Reader, request string) (codes, seen string) {
	method, _, _ := strings.Cut(request, " ")
	var list []string
	for {
		_ = conn.SetReadDeadline(time.Now().Add(h1Silence)) // a failure shows at reading
		if _, err := in.Peek(1); err != nil {
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				list = append(list, "closed")
			}
			return strings.Join(list, " "), seen
		}
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		resp, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			return strings.Join(append(list, "malformed: "+err.Error()), " "), seen
		}
		_, err = io.Copy(io.Discard, resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return strings.Join(append(list, "broken off: "+err.Error()), " "), seen
		}
		list = append(list, strconv.Itoa(resp.StatusCode))
		if asked := resp.Header.Get("X-Asked"); asked != "" {
			seen = asked
		}
	}
}
