package reliability

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/load"
)

// bad is an upstream that answers each path in its own bad way, and every other well.
// It can be taken away and brought back.
type bad struct {
	address string
	mu      sync.Mutex // guards the fields below
	l       net.Listener
	conns   map[net.Conn]struct{}
	misdeed map[string]func(net.Conn)
}

func newBad(t *testing.T, misdeeds map[string]func(net.Conn)) *bad {
	t.Helper()
	b := &bad{address: load.FreeAddress(t), conns: map[net.Conn]struct{}{}, misdeed: misdeeds}
	b.up(t)
	t.Cleanup(b.down)
	return b
}

func (b *bad) up(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", b.address)
	if err != nil {
		t.Errorf("bring the upstream back: %v", err)
		return
	}
	b.mu.Lock()
	b.l = l
	b.mu.Unlock()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			b.mu.Lock()
			b.conns[c] = struct{}{}
			b.mu.Unlock()
			go b.serve(c)
		}
	}()
}

// down takes it away with all its connections.
func (b *bad) down() {
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.l.Close()
	for c := range b.conns {
		_ = c.Close()
	}
}

func (b *bad) serve(c net.Conn) {
	defer func() {
		_ = c.Close()
		b.mu.Lock()
		delete(b.conns, c)
		b.mu.Unlock()
	}()
	r := bufio.NewReader(c)
	for {
		request, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		if do := b.misdeed[request.URL.Path]; do != nil {
			do(c)
			return
		}
		if _, err := io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); err != nil {
			return
		}
	}
}

// untilClosed waits for the other side to go away.
func untilClosed(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// drip sends a text a byte a second.
func drip(c net.Conn, text string) {
	for i := range len(text) {
		if _, err := io.WriteString(c, text[i:i+1]); err != nil {
			return
		}
		<-time.After(time.Second)
	}
}

const head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"

// TestUpstreamFaults has an upstream fail in all ways at once, for minutes, while it also
// goes away and comes back: no exchange hangs, nothing is left behind.
func TestUpstreamFaults(t *testing.T) {
	long(t)
	const response, body = time.Second, 2 * time.Second
	b := newBad(t, map[string]func(net.Conn){
		"/killed":    func(net.Conn) {},
		"/reset":     func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) },
		"/blackhole": untilClosed,
		"/halfhead": func(c net.Conn) {
			_, _ = io.WriteString(c, head[:20])
			_ = c.(*net.TCPConn).CloseWrite()
			untilClosed(c)
		},
		"/driphead": func(c net.Conn) { drip(c, head) },
		"/halfbody": func(c net.Conn) {
			_, _ = io.WriteString(c, head+"half")
			_ = c.(*net.TCPConn).CloseWrite()
			untilClosed(c)
		},
		"/stalled": func(c net.Conn) { _, _ = io.WriteString(c, head+"half"); untilClosed(c) },
	})
	n := start(t, options{upstream: "http://" + b.address, upOption: ", response_timeout: 1s, connect_timeout: 500ms, idle_timeout: 1s", limits: ", body_timeout: 2s"})
	limits := map[string]time.Duration{
		"/killed": response, "/reset": response, "/blackhole": response, "/halfhead": response, "/driphead": response,
		"/halfbody": body, "/stalled": body, "/": response,
	}
	pacedFor(t, time.Second, n.url("/"), 50, 8)
	<-time.After(3 * time.Second)
	before := n.goroutines(t)
	ctx, cancel := context.WithTimeout(t.Context(), lasting(t, "WEIR_UPSTREAM", 2*time.Minute))
	defer cancel()
	var all sync.WaitGroup
	var flaps atomic.Int64
	all.Go(func() { b.flap(ctx, t, &flaps) })
	var still standstills
	all.Go(func() { still.watch(ctx) })
	var mu sync.Mutex
	longest, count := map[string]time.Duration{}, 0
	for path := range limits {
		all.Go(func() {
			load.Run(ctx, load.Options{URL: n.url(path), Rate: 10, Workers: 40, Answer: func(a load.Answer) {
				mu.Lock()
				defer mu.Unlock()
				count++
				longest[path] = max(longest[path], a.Took-still.within(a.Time.Add(-a.Took), a.Time))
			}})
		})
	}
	all.Wait()
	var figures strings.Builder
	for path, limit := range limits {
		fmt.Fprintf(&figures, " %s %s", path, longest[path].Round(time.Millisecond))
		if over := longest[path] - limit; over > 100*time.Millisecond {
			t.Errorf("R6: %s took %s, %s longer than its timeout", path, longest[path], over)
		}
	}
	after := 0
	if !eventually(60*time.Second, func() bool { after = n.goroutines(t); return after <= before+5 }) {
		t.Errorf("R6: %d goroutines before, %d a minute after", before, after)
	}
	t.Logf("R6: %d requests, upstream gone %d times; longest (timeouts 1s, of bodies 2s):%s; without the %s in which the machine stood still; goroutines %d before, %d after",
		count, flaps.Load(), figures.String(), still.total().Round(time.Millisecond), before, after)
	n.alive(t)
}

// flap takes the upstream away for a second every five.
func (b *bad) flap(ctx context.Context, t *testing.T, times *atomic.Int64) {
	t.Helper()
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(4 * time.Second):
		}
		b.down()
		times.Add(1)
		<-time.After(time.Second)
		b.up(t)
	}
}

// TestNoForeignBytes has an upstream send whole answers that nobody asked for behind its
// own, at once or a moment later.
func TestNoForeignBytes(t *testing.T) {
	long(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go poison(c)
		}
	}()
	n := start(t, options{upstream: "http://" + l.Addr().String()})
	const want = 100_000
	var asked, failed, foreign atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for range 16 {
		all.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
			for i := asked.Add(1); i <= want; i = asked.Add(1) {
				path := fmt.Sprintf("/%d", i)
				resp, err := client.Get(n.url(path))
				if err != nil {
					failed.Add(1)
					continue
				}
				text, err := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				switch {
				case err != nil || resp.StatusCode != http.StatusOK:
					failed.Add(1)
				case string(text) != path:
					foreign.Add(1)
					t.Errorf("R7: %q for %s", text, path)
				}
			}
		})
	}
	all.Wait()
	t.Logf("R7: %d requests in %s, %d foreign answers, %d failed; %v connections dropped for unsolicited bytes",
		want, time.Since(begun).Round(time.Second), foreign.Load(), failed.Load(), n.metric(t, "weir_upstream_unsolicited_total"))
	if failed.Load() > 0 {
		t.Errorf("R7: %d requests failed", failed.Load())
	}
}

var poisoned atomic.Int64

// poison answers with the path, and by turns with something more: at once, a moment
// later, or not.
func poison(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	for {
		i := poisoned.Add(1)
		request, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		path := request.URL.Path
		own := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(path), path)
		const more = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON"
		switch i % 3 {
		case 0:
			_, err = io.WriteString(c, own)
		case 1:
			_, err = io.WriteString(c, own+more)
		case 2:
			if _, err = io.WriteString(c, own); err == nil {
				<-time.After(time.Duration(i%5) * 200 * time.Microsecond)
				_, err = io.WriteString(c, more)
			}
		}
		if err != nil {
			return
		}
	}
}
