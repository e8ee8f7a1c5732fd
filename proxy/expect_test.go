package proxy

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

// TestExpect: who waits to be told to send a body is told to only if the body is
// wanted; what the head decides is answered without 100 (RFC 9110, 10.1.1).
func TestExpect(t *testing.T) {
	u := newRaw(t, func(c net.Conn, request string) {
		_, body, _ := strings.Cut(request, "\r\n\r\n")
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	})
	p, address := running(t, func(c *config.Config) {
		c.Limits.BodyBytes = 1 << 20
		c.Sites = []config.Site{{Hosts: []string{"shop.example"}, Upstream: "u", Application: config.Application{ID: -1}}}
	}, nil, u.url())
	const expect = " HTTP/1.1\r\nHost: shop.example\r\nExpect: 100-continue\r\n"
	for _, c := range []struct{ name, head, body, want string }{
		{"wanted", "POST /" + expect + "Content-Length: 5\r\n\r\n", "hello", "200"},
		{"wanted, chunks", "POST /" + expect + "Transfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "200"},
		{"wanted, case", "POST / HTTP/1.1\r\nHost: shop.example\r\nexpect: 100-Continue\r\nContent-Length: 5\r\n\r\n", "hello", "200"},
		{"none", "POST /" + expect + "\r\n", "", "200"},
		{"HTTP/1.0 knows no 100", "POST / HTTP/1.0\r\nHost: shop.example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello", "", "200"},
		{"attack in the target", "POST /?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--" + expect + "Content-Length: 5\r\n\r\n", "", "403"},
		{"attack in a field", "POST /" + expect + "Referer: http://x/?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--\r\nContent-Length: 5\r\n\r\n", "", "403"},
		{"malformed", "POST /" + expect + "X: a\r\n b\r\nContent-Length: 5\r\n\r\n", "", "400"},
		{"no such site", "POST / HTTP/1.1\r\nHost: other.example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", "", "421"},
		{"too long", "POST /" + expect + "Content-Length: 10485760\r\n\r\n", "", "413"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, r := dialed(t, address)
			_, _ = io.WriteString(conn, c.head)
			if c.body != "" {
				until(t, r, "HTTP/1.1 100 Continue\r\n")
				_, _ = r.ReadString('\n')
				_, _ = io.WriteString(conn, c.body)
			}
			got, err := readMessage(r)
			if err != nil || !strings.HasPrefix(got, "HTTP/1.1 "+c.want) {
				t.Fatalf("%v, %q", err, got)
			}
			if c.want != "200" {
				if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
					t.Errorf("the connection goes on: %q, %v", rest, err)
				}
				return
			}
			if request := <-u.got; strings.Contains(strings.ToLower(request), "expect:") {
				t.Errorf("forwarded %q", request)
			}
		})
	}
	if n := counted(p.metrics.panics); n != 0 {
		t.Errorf("%v panics", n)
	}
}

// TestExpectAndLeave: who is told to send a body and leaves costs nothing that stays.
func TestExpectAndLeave(t *testing.T) {
	u := newRaw(t, nil)
	p, address := running(t, nil, nil, u.url())
	for _, framing := range []string{"Content-Length: 5", "Transfer-Encoding: chunked"} {
		conn, r := dialed(t, address)
		_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"+framing+"\r\n\r\n")
		until(t, r, "HTTP/1.1 100 Continue\r\n")
		_ = conn.Close()
	}
	for begun := time.Now(); ; <-time.After(5 * time.Millisecond) {
		p.mu.Lock()
		n := len(p.wires)
		p.mu.Unlock()
		if n == 0 && p.working.Load() == 0 {
			return
		}
		if time.Since(begun) > 5*time.Second {
			t.Fatalf("%d connections, %d at work", n, p.working.Load())
		}
	}
}
