package proxy

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

// count returns how many connections are parked.
func (k *parking) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.held)
}

func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come about", what)
		}
	}
}

// TestParkedConnections keeps connections until they are parked: they cost no goroutine
// then, are served again, whole or in pieces, and are closed when they have been idle
// for too long, when their clients leave, and at the end.
func TestParkedConnections(t *testing.T) {
	u := newRaw(t, nil)
	p, address, stop := stoppable(t, func(c *config.Config) { c.Limits.IdleTimeout = config.Duration(6 * time.Second) }, nil, u.url())
	const request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	const size = 50
	type client struct {
		io.ReadWriteCloser
		answer func() string
	}
	var clients []client
	for range size {
		c, r := dialed(t, address)
		if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		clients = append(clients, client{c, func() string {
			text, err := readMessage(r)
			return fmt.Sprint(text, err)
		}})
	}
	ask := func(pieces ...string) {
		t.Helper()
		for _, piece := range pieces {
			for _, c := range clients {
				if _, err := io.WriteString(c, piece); err != nil {
					t.Error(err)
				}
			}
		}
		for i, c := range clients {
			if got := c.answer(); !strings.HasSuffix(got, "ok<nil>") {
				t.Fatalf("client %d: %q", i, got)
			}
		}
	}
	ask(request)
	for range 2 {
		waitFor(t, "parking", func() bool { return p.parking.count() == size })
		ask(request[:7], request[7:])
		ask(request)
	}
	waitFor(t, "parking", func() bool { return p.parking.count() == size })
	waitFor(t, "the end of their goroutines", func() bool { return p.server.GetOpenConnectionsCount() == 0 })
	_ = clients[0].Close()
	waitFor(t, "the client leaving", func() bool { return p.parking.count() == size-1 })
	waitFor(t, "idleness", func() bool { return p.parking.count() == 0 })
	if got := clients[1].answer(); got != "EOF" {
		t.Errorf("idle for too long: %q", got)
	}
	clients = nil
	c, r := dialed(t, address)
	clients = append(clients, client{c, func() string { text, err := readMessage(r); return fmt.Sprint(text, err) }})
	ask(request)
	waitFor(t, "parking", func() bool { return p.parking.count() == 1 })
	stop()
	if got := clients[0].answer(); got != "EOF" {
		t.Errorf("at the end: %q", got)
	}
	if n := len(p.wires); n != 0 || p.crowd.all != 0 {
		t.Errorf("%d connections are remembered, %d counted", n, p.crowd.all)
	}
}

// TestParkedConnectionsOfAllKinds parks what is encrypted, what came behind the PROXY
// protocol, and HTTP/1 on a listener that also takes HTTP/2, and serves it again.
func TestParkedConnectionsOfAllKinds(t *testing.T) {
	u := newRaw(t, nil)
	certificate := certify(t, t.TempDir(), "h")
	for name, test := range map[string]struct {
		listen func(*config.Listen)
		wrap   func(net.Conn) net.Conn
	}{
		"TLS": {
			func(l *config.Listen) {
				l.TLS = config.TLS{Certificates: []config.Certificate{certificate}, MinVersion: "1.2"}
			},
			func(c net.Conn) net.Conn { return tls.Client(c, &tls.Config{InsecureSkipVerify: true}) },
		},
		"PROXY": {
			func(l *config.Listen) { l.ProxyProtocol = true },
			func(c net.Conn) net.Conn {
				_, _ = io.WriteString(c, "PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n")
				return c
			},
		},
		"h2c": {func(l *config.Listen) { l.H2C = true }, func(c net.Conn) net.Conn { return c }},
	} {
		t.Run(name, func(t *testing.T) {
			p, address := running(t, func(c *config.Config) {
				test.listen(&c.Listen[0])
				c.ClientAddress.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
			}, nil, u.url())
			raw, _ := dialed(t, address)
			c := test.wrap(raw)
			if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			r := bufio.NewReader(c)
			for round := range 3 {
				for _, piece := range []string{"GET / HT", "TP/1.1\r\nHost: h\r\n\r\n"} {
					if _, err := io.WriteString(c, piece); err != nil {
						t.Fatal(err)
					}
				}
				if got, err := readMessage(r); err != nil || !strings.HasSuffix(got, "ok") {
					t.Fatalf("round %d: %q, %v", round, got, err)
				}
				waitFor(t, "parking", func() bool { return p.parking.count() == 1 })
			}
		})
	}
}
