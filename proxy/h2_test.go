package proxy

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

// client2 returns a client that speaks only HTTP/2.
func client2(t *testing.T, encrypted bool) *http.Client {
	t.Helper()
	transport := &http.Transport{Protocols: new(http.Protocols), TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableCompression: true}
	transport.Protocols.SetHTTP2(encrypted)
	transport.Protocols.SetUnencryptedHTTP2(!encrypted)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

func TestHTTP2AtTheFront(t *testing.T) {
	files := certify(t, t.TempDir(), "shop.example")
	for name, encrypted := range map[string]bool{"tls": true, "h2c": false} {
		t.Run(name, func(t *testing.T) {
			u := newRaw(t, func(c net.Conn, request string) {
				_, body, _ := strings.Cut(request, "\r\n\r\n")
				fmt.Fprintf(c, "HTTP/1.1 201 Created\r\nServer: app\r\nX-Dup: 1\r\nX-Dup: 2\r\nKeep-Alive: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			})
			_, address := running(t, func(c *config.Config) {
				c.Listen[0].H2C = !encrypted
				if encrypted {
					c.Listen[0].TLS = config.TLS{Certificates: []config.Certificate{files}, MinVersion: "1.2"}
				}
			}, nil, u.url())
			scheme := map[bool]string{true: "https://", false: "http://"}[encrypted]
			client := client2(t, encrypted)
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, scheme+address+"/a%2Fb?x=1", strings.NewReader("hello"))
			req.Host = "shop.example"
			req.Header["Cookie"] = []string{"a=1", "b=2"}
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if resp.ProtoMajor != 2 || resp.StatusCode != 201 || string(body) != "hello" || len(resp.Header["X-Dup"]) != 2 || resp.Header.Get("Keep-Alive") != "" || resp.Header.Get("Date") != "" {
				t.Errorf("%s %d %q %v", resp.Proto, resp.StatusCode, body, resp.Header)
			}
			got := <-u.got
			for _, line := range []string{"POST /a%2Fb?x=1 HTTP/1.1\r\n", "Host: shop.example\r\n", "Content-Length: 5\r\n", "Cookie: a=1; b=2\r\n", "X-Forwarded-Proto: " + strings.TrimSuffix(scheme, "://") + "\r\n"} {
				if !strings.Contains(got, line) {
					t.Errorf("%q is missing in %q", line, got)
				}
			}
			resp, err = client.Get(scheme + address + "/?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--")
			if err != nil || resp.StatusCode != http.StatusForbidden {
				t.Fatalf("attack: %v, %v", resp, err)
			}
			_ = resp.Body.Close()
			old := client2(t, encrypted)
			old.Transport.(*http.Transport).Protocols = new(http.Protocols)
			old.Transport.(*http.Transport).Protocols.SetHTTP1(true)
			if resp, err = old.Get(scheme + address + "/"); err != nil || resp.ProtoMajor != 1 || resp.StatusCode != 201 {
				t.Fatalf("HTTP/1.1 beside it: %v, %v", resp, err)
			}
			_ = resp.Body.Close()
		})
	}
}

// TestHTTP2Streams passes events as they come, and cuts what breaks off.
func TestHTTP2Streams(t *testing.T) {
	next := make(chan struct{})
	left := make(chan struct{})
	u := newRaw(t, func(c net.Conn, request string) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
		for range 3 {
			_, _ = io.WriteString(c, "5\r\nevent\r\n")
			<-next
		}
		if strings.HasPrefix(request, "GET /breaks") {
			_ = c.Close()
			return
		}
		_, _ = io.Copy(io.Discard, c)
		close(left)
	})
	_, address := running(t, func(c *config.Config) { c.Listen[0].H2C = true }, nil, u.url())
	client := client2(t, false)
	for _, path := range []string{"/breaks", "/left"} {
		resp, err := client.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 5)
		for range 3 {
			if _, err := io.ReadFull(resp.Body, b); err != nil {
				t.Fatal(err)
			}
			next <- struct{}{}
		}
		if path == "/breaks" {
			if _, err := io.ReadAll(resp.Body); err == nil {
				t.Error("a cut answer was taken for whole")
			}
		}
		_ = resp.Body.Close()
	}
	select {
	case <-left:
	case <-time.After(5 * time.Second):
		t.Error("the upstream still works for a client that left")
	}
}

// message returns a message of gRPC.
func grpcMessage(text string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(text))), text...)
}

// TestGRPC holds a conversation through the node: every message is answered before
// the next is sent; then messages that must not pass.
func TestGRPC(t *testing.T) {
	const attack = "x' UNION SELECT username,password FROM users-- "
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	app := &http.Server{Protocols: protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/grpc")
		_ = http.NewResponseController(w).Flush()
		buf := make([]byte, 4096)
		for {
			n, err := r.Body.Read(buf)
			if bytes.Contains(buf[:n], []byte("UNION")) {
				t.Error("the application got the attack")
			}
			_, _ = w.Write(buf[:n])
			_ = http.NewResponseController(w).Flush()
			if err != nil {
				break
			}
		}
		w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
	})}
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	go func() { _ = app.Serve(l) }()
	t.Cleanup(func() { _ = app.Close() })
	_, address := running(t, func(c *config.Config) {
		c.Listen[0].H2C = true
		u := c.Upstreams["u"]
		u.Protocol = config.H2C
		c.Upstreams["u"] = u
	}, nil, "http://"+l.Addr().String())
	client := client2(t, false)
	call := func(messages ...string) (answers int, status string) {
		t.Helper()
		out, in := io.Pipe()
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/shop.Orders/Talk", out)
		req.Header.Set("Content-Type", "application/grpc")
		req.Header.Set("Te", "trailers")
		answered := make(chan struct{}, 1)
		go func() {
			defer in.Close()
			for _, m := range messages {
				if _, err := in.Write(grpcMessage(m)); err != nil {
					return
				}
				<-answered
			}
		}()
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer close(answered)
		defer resp.Body.Close()
		for _, m := range messages {
			b := make([]byte, len(grpcMessage(m)))
			if _, err := io.ReadFull(resp.Body, b); err != nil {
				break
			}
			answers++
			answered <- struct{}{}
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		if status = resp.Trailer.Get("Grpc-Status"); status == "" {
			status = resp.Header.Get("Grpc-Status")
		}
		return answers, status
	}
	if n, status := call("one", "two", strings.Repeat("three", 1000)); n != 3 || status != "0" {
		t.Errorf("conversation: %d answers, status %q", n, status)
	}
	if n, status := call(attack); n != 0 || status != "7" {
		t.Errorf("attack first: %d answers, status %q", n, status)
	}
	if n, status := call("one", "two", attack, "four"); n != 2 || status != "7" {
		t.Errorf("attack later: %d answers, status %q", n, status)
	}
}

// TestUpstreamsOfHTTP2 serve clients of HTTP/1 too.
func TestUpstreamsOfHTTP2(t *testing.T) {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	app := &http.Server{Protocols: protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-r.Context().Done()
			return
		}
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s %s", r.Proto, r.Host, r.RequestURI, body)
	})}
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	go func() { _ = app.Serve(l) }()
	t.Cleanup(func() { _ = app.Close() })
	p, address := running(t, func(c *config.Config) {
		u := c.Upstreams["u"]
		u.Protocol = config.H2C
		u.EjectAfter, u.EjectFor = 5, config.Duration(time.Second)
		c.Upstreams["u"] = u
	}, nil, "http://"+l.Addr().String())
	if err := p.settings.Load().byName["u"].targets[0].ask(t.Context(), &health{path: "/health", timeout: time.Second}); err != nil {
		t.Errorf("health: %v", err)
	}
	got, kept := exchangeRaw(t, address, "POST /a%2Fb/%7e?x=%27 HTTP/1.1\r\nHost: shop.example\r\nContent-Length: 3\r\n\r\nabc")
	if !strings.HasPrefix(got, "HTTP/1.1 200") || !strings.HasSuffix(got, "HTTP/2.0 shop.example /a%2Fb/%7e?x=%27 abc") || !kept {
		t.Errorf("kept %v, got %q", kept, got)
	}
	got, kept = exchangeRaw(t, address, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	if !strings.HasSuffix(got, "HTTP/2.0 h / abc") || !kept {
		t.Errorf("kept %v, got %q", kept, got)
	}
	if got, _ = exchangeRaw(t, address, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 504") {
		t.Errorf("slow: %q", got)
	}
}
