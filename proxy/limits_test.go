package proxy

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

func TestCrowd(t *testing.T) {
	c := newCrowd(5, 2)
	f := func(address string, exempt bool, want string) {
		t.Helper()
		if got := c.enter(netip.MustParseAddr(address), exempt); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	f("192.0.2.1", false, "")
	f("::ffff:192.0.2.1", false, "")
	f("192.0.2.1", false, "address")
	f("192.0.2.1", true, "")
	f("2001:db8::1", false, "")
	f("2001:db8::2:0:0:1", false, "")
	f("2001:db8:0:1::1", false, "all")
	c.leave(netip.MustParseAddr("192.0.2.1"))
	f("2001:db8:0:0:ffff::1", false, "address")
	for _, a := range []string{"192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::1"} {
		c.leave(netip.MustParseAddr(a))
	}
	if c.all != 0 || len(c.of) != 0 {
		t.Errorf("%d left, %v", c.all, c.of)
	}
}

// TestConnectionLimits closes what is too much and takes new ones when there is room.
func TestConnectionLimits(t *testing.T) {
	u := newRaw(t, nil)
	p, address := running(t, func(c *config.Config) { c.Limits.ConnectionsPerAddress = 3 }, nil, u.url())
	const request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	conns := make([]net.Conn, 0, 3)
	for range 3 {
		c, r := dialed(t, address)
		_, _ = io.WriteString(c, request)
		until(t, r, "200 OK")
		conns = append(conns, c)
	}
	c, r := dialed(t, address)
	_, _ = io.WriteString(c, request)
	if all, _ := io.ReadAll(r); len(all) > 0 {
		t.Errorf("the fourth got %q", all)
	}
	if counted(p.metrics.turnedAway["address"]) != 1 {
		t.Error("not counted")
	}
	_ = conns[0].Close()
	for begun := time.Now(); ; <-time.After(10 * time.Millisecond) {
		if got, _ := exchangeRaw(t, address, request); strings.HasPrefix(got, "HTTP/1.1 200") {
			return
		}
		if time.Since(begun) > 5*time.Second {
			t.Fatal("a place was not freed")
		}
	}
}

// scarce is a listener that lacks file descriptors at first.
type scarce struct {
	net.Listener
	failures int
}

func (s *scarce) Accept() (net.Conn, error) {
	if s.failures--; s.failures >= 0 {
		return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
	}
	return s.Listener.Accept()
}

func TestAcceptingSurvivesAShortageOfDescriptors(t *testing.T) {
	m := newMetrics(nil)
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	t.Cleanup(func() { _ = l.Close() })
	_, _ = net.Dial("tcp", l.Addr().String())
	start := time.Now()
	c, err := (&patient{Listener: &scarce{l, 5}, metrics: m}).Accept()
	if err != nil || counted(m.acceptErrors) != 5 || time.Since(start) > 2*time.Second {
		t.Errorf("%v, %v errors counted after %s", err, counted(m.acceptErrors), time.Since(start))
	}
	_ = c.Close()
}

// TestSlowHeadersEnd: a header that dribbles costs the connection after the header
// timeout, however lively it is.
func TestSlowHeadersEnd(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, func(c *config.Config) { c.Limits.HeaderTimeout = config.Duration(300 * time.Millisecond) }, nil, u.url())
	c, r := dialed(t, address)
	go func() {
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\n")
		for i := range 100 {
			if _, err := fmt.Fprintf(c, "X-%d: 1\r\n", i); err != nil {
				return
			}
			<-time.After(30 * time.Millisecond)
		}
	}()
	start := time.Now()
	all, _ := io.ReadAll(r)
	if d := time.Since(start); !strings.HasPrefix(string(all), "HTTP/1.1 408 ") || d > 2*time.Second {
		t.Errorf("%q after %s", all, d)
	}
}

// TestOverload leaves out bodies first, then requests, and recovers.
func TestOverload(t *testing.T) {
	more := make(chan struct{})
	u := newRaw(t, func(c net.Conn, request string) {
		if strings.HasPrefix(request, "GET /hold") {
			<-more
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	})
	p, address := running(t, func(c *config.Config) {
		c.Limits.InFlight = 2
		up := c.Upstreams["u"]
		up.ResponseTimeout = config.Duration(10 * time.Second)
		c.Upstreams["u"] = up
	}, nil, u.url())
	const body = "q=1' UNION SELECT username,password FROM users--"
	attack := fmt.Sprintf("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	expect := func(held int64, want string) string {
		t.Helper()
		for begun := time.Now(); p.working.Load() != held; <-time.After(5 * time.Millisecond) {
			if time.Since(begun) > 5*time.Second {
				t.Fatalf("%d at work, want %d", p.working.Load(), held)
			}
		}
		got, _ := exchangeRaw(t, address, attack)
		if !strings.HasPrefix(got, "HTTP/1.1 "+want) {
			t.Errorf("%d at work: %.100q, want %s", held, got, want)
		}
		return got
	}
	hold := func(n int) {
		for range n {
			c, _ := dialed(t, address)
			_, _ = io.WriteString(c, "GET /hold HTTP/1.1\r\nHost: h\r\n\r\n")
		}
	}
	expect(0, "403")
	hold(2)
	expect(2, "200")
	hold(2)
	if got := expect(4, "503"); !strings.Contains(got, "Retry-After: 1\r\n") {
		t.Errorf("got %q", got)
	}
	close(more)
	expect(0, "403")
	if counted(p.metrics.shedBodies) != 1 || counted(p.metrics.shedRequests) != 1 {
		t.Errorf("%v bodies, %v requests shed", counted(p.metrics.shedBodies), counted(p.metrics.shedRequests))
	}
}

// TestOversize holds that what is too long costs neither memory nor a desync.
func TestOversize(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, func(c *config.Config) {
		c.Limits.BodyBytes, c.Limits.BufferBytes = 1<<20, 64<<10
	}, nil, u.url())
	chunk := "8000\r\n" + strings.Repeat("x", 0x8000) + "\r\n"
	for name, c := range map[string]struct{ request, want string }{
		"declared length":   {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10737418240\r\n\r\nx", "413"},
		"endless chunks":    {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat(chunk, 100), "413"},
		"long field":        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", 100_000) + "\r\n\r\n", "431"},
		"many fields":       {"GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("X: 1\r\n", 200) + "\r\n", "400"},
		"fields of 10 MiB":  {"GET / HTTP/1.1\r\nHost: h\r\n" + strings.Repeat("X: 1\r\n", 1_700_000) + "\r\n", "431"},
		"long request line": {"GET /" + strings.Repeat("x", 100_000) + " HTTP/1.1\r\nHost: h\r\n\r\n", "431"},
	} {
		conn, r := dialed(t, address)
		go func() { _, _ = io.WriteString(conn, c.request) }()
		all, _ := io.ReadAll(r)
		if !strings.HasPrefix(string(all), "HTTP/1.1 "+c.want) || strings.Count(string(all), "HTTP/1.1 ") != 1 {
			t.Errorf("%s: %.100q, want %s", name, all, c.want)
		}
	}
}
