package proxy

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

func TestForwardsByteForByte(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, nil, nil, u.url())
	head := "POST /a/%2e/b//c?x=%2F+y&x=2 HTTP/1.1\r\nX-First: 1\r\nHost: Shop.example.com\r\nuser-agent: t\r\nCookie: a=1\r\nX-Dup: 1\r\nX-Dup: 2\r\nCookie: b=2\r\nContent-Type: multipart/form-data; boundary=b\r\n"
	body := "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nv\r\n--b--\r\nepilogue"
	exchangeRaw(t, address, head+"Content-Length: "+strconv.Itoa(len(body))+"\r\nConnection: X-Gone, keep-alive\r\nX-Gone: 1\r\nTE: gzip\r\nUpgrade: h2c\r\nX-Request-Id: mine\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n"+body)
	got := <-u.got
	want := head + "Content-Length: " + strconv.Itoa(len(body)) + "\r\nX-Forwarded-For: 127.0.0.1\r\n"
	if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\r\n\r\n"+body) {
		t.Errorf("got\n%s\nwant the beginning\n%s", got, want)
	}
	for _, gone := range []string{"X-Gone", "h2c", "gzip", "mine", "9.9.9.9"} {
		if strings.Contains(got, gone) {
			t.Errorf("%s was forwarded", gone)
		}
	}
}

func TestAnswersByteForByte(t *testing.T) {
	u := newRaw(t, func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, "HTTP/1.1 201 Created\r\nDate: Mon, 01 Jan 2001 00:00:00 GMT\r\nServer: app/1\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nX-dup: 1\r\nX-dup: 2\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc")
	})
	_, address := running(t, nil, nil, u.url())
	got, kept := exchangeRaw(t, address, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	for _, line := range []string{"HTTP/1.1 201", "Date: Mon, 01 Jan 2001", "Server: app/1", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2", "X-dup: 1\r\nX-dup: 2", "Content-Length: 3", "\r\n\r\nabc"} {
		if !strings.Contains(got, line) {
			t.Errorf("%q is missing in\n%s", line, got)
		}
	}
	if strings.Contains(got, "Keep-Alive") || strings.Contains(got, "Content-Type") || !kept {
		t.Errorf("kept %v, got\n%s", kept, got)
	}
}

// TestHazards are the vectors of request smuggling that the raw socket shows.
func TestHazards(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, nil, nil, u.url())
	for name, request := range map[string]string{
		"length and encoding":   "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"two lengths":           "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\nx",
		"signed length":         "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\nx",
		"encoding with gzip":    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"encoding underscore":   "POST / HTTP/1.1\r\nHost: h\r\nTransfer_Encoding: chunked\r\nContent-Length: 1\r\n\r\nx",
		"encoding on 1.0":       "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"folded field":          "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
		"bare line feed":        "GET / HTTP/1.1\r\nHost: h\nX: a\r\n\r\n",
		"blank in name":         "GET / HTTP/1.1\r\nHost: h\r\nX A: 1\r\n\r\n",
		"blank before colon":    "GET / HTTP/1.1\r\nHost: h\r\nX : 1\r\n\r\n",
		"no host":               "GET / HTTP/1.1\r\n\r\n",
		"two hosts":             "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"userinfo in host":      "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
		"markup in host":        "GET / HTTP/1.1\r\nHost: a<script>\r\n\r\n",
		"list in host":          "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n",
		"port out of range":     "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n",
		"fragment":              "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n",
		"connect":               "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
		"version 1.2":           "GET / HTTP/1.2\r\nHost: h\r\n\r\n",
		"control in value":      "GET / HTTP/1.1\r\nHost: h\r\nX: a\x01b\r\n\r\n",
		"target without slash":  "GET a HTTP/1.1\r\nHost: h\r\n\r\n",
		"absolute with at sign": "GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n",
	} {
		answer, kept := exchangeRaw(t, address, request)
		if !strings.HasPrefix(answer, "HTTP/1.1 400 ") || kept {
			t.Errorf("%s: kept %v, answer %.60q", name, kept, answer)
		}
	}
	select {
	case got := <-u.got:
		t.Errorf("forwarded %q", got)
	default:
	}
}

func TestAbsoluteFormGoesToItsOwnHost(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, nil, nil, u.url())
	exchangeRaw(t, address, "GET http://evil.example/x?y HTTP/1.1\r\nHost: good.example\r\n\r\n")
	if got := <-u.got; !strings.HasPrefix(got, "GET /x?y HTTP/1.1\r\nHost: evil.example\r\n") || strings.Contains(got, "good") {
		t.Errorf("got %q", got)
	}
}

func TestUnsolicitedBytesReachNobody(t *testing.T) {
	u := newRaw(t, func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOISON")
	})
	_, address := running(t, nil, nil, u.url())
	for range 50 {
		if got, _ := exchangeRaw(t, address, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"); strings.Contains(got, "POISON") || !strings.HasSuffix(got, "ok") {
			t.Fatalf("got %q", got)
		}
	}
}

func TestUpstreamFailures(t *testing.T) {
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.Close()
	hang := make(chan struct{})
	defer close(hang)
	for name, c := range map[string]struct {
		target string
		want   string
	}{
		"killed":    {"http://" + dead.Addr().String(), "502"},
		"resetting": {newRaw(t, func(c net.Conn, _ string) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() }).url(), "502"},
		"slow":      {newRaw(t, func(net.Conn, string) { <-hang }).url(), "504"},
		"half head": {newRaw(t, func(c net.Conn, _ string) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nConte"); _ = c.Close() }).url(), "502"},
		"half body": {newRaw(t, func(c net.Conn, _ string) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
			_ = c.Close()
		}).url(), "502"},
		"switching": {newRaw(t, func(c net.Conn, _ string) { _, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\n\r\n") }).url(), "502"},
		"no http":   {newRaw(t, func(c net.Conn, _ string) { _, _ = io.WriteString(c, "SSH-2.0\r\n\r\n"); _ = c.Close() }).url(), "502"},
	} {
		t.Run(name, func(t *testing.T) {
			_, address := running(t, nil, nil, c.target)
			start := time.Now()
			got, _ := exchangeRaw(t, address, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
			if !strings.HasPrefix(got, "HTTP/1.1 "+c.want) || !strings.Contains(got, "request id: ") {
				t.Errorf("got %q", got)
			}
			if d := time.Since(start); d > 2*time.Second {
				t.Errorf("answered after %s", d)
			}
		})
	}
}

func TestFailuresLeaveNoGoroutines(t *testing.T) {
	u := newRaw(t, func(c net.Conn, _ string) { _ = c.Close() })
	_, address := running(t, nil, nil, u.url())
	exchangeRaw(t, address, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	before := runtime.NumGoroutine()
	for range 100 {
		exchangeRaw(t, address, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before+10 && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before+10 {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

func TestEventStreamIsNotHeldBack(t *testing.T) {
	more := make(chan struct{})
	u := newRaw(t, func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ndata:1\r\n")
		<-more
		_, _ = io.WriteString(c, "6\r\ndata:2\r\n0\r\n\r\n")
	})
	_, address := running(t, nil, nil, u.url())
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	r := bufio.NewReader(c)
	for line := ""; !strings.Contains(line, "data:1"); {
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	close(more)
	for line := ""; !strings.Contains(line, "data:2"); {
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLargeBodiesPassInConstantMemory(t *testing.T) {
	const size = 64 << 20
	var received atomic.Int64
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				r := bufio.NewReader(c)
				for line := ""; line != "\r\n"; {
					if line, err = r.ReadString('\n'); err != nil {
						return
					}
				}
				n, _ := io.CopyN(io.Discard, r, size)
				received.Store(n)
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", size)
				_, _ = io.CopyN(c, zeros{}, size)
				_ = c.Close()
			}()
		}
	}()
	_, address := running(t, func(c *config.Config) { c.Limits.BufferBytes = 256 << 10 }, nil, "http://"+l.Addr().String())
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", size)
	if _, err := io.CopyN(c, zeros{}, size); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	for line := ""; line != "\r\n"; {
		if line, err = r.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	n, err := io.CopyN(io.Discard, r, size)
	runtime.ReadMemStats(&after)
	if n != size || received.Load() != size || err != nil {
		t.Errorf("%d bytes up, %d down, %v", received.Load(), n, err)
	}
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 32<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

func TestPanicInADetectorDoesNotFailTheRequest(t *testing.T) {
	u := newRaw(t, nil)
	planted := detect.New(detect.Detector{
		Type: attack.SQLi, Gate: func(*point.Value) bool { return true }, Scan: func(*point.Value, *point.Tree, *evidence.Tally) { panic("planted") },
	})
	_, address := running(t, nil, planted, u.url())
	for range 30 {
		if got, _ := exchangeRaw(t, address, "GET /?a=%27x HTTP/1.1\r\nHost: h\r\n\r\n"); !strings.HasSuffix(got, "ok") {
			t.Fatalf("got %q", got)
		}
	}
}

func TestPoolsAreSwappedUnderLoad(t *testing.T) {
	u := newRaw(t, nil)
	p, address := running(t, nil, nil, u.url())
	cfg := config.Default()
	cfg.Upstreams = map[string]config.Upstream{"u": {Targets: []string{u.url()}, ConnectTimeout: config.Duration(time.Second), ResponseTimeout: config.Duration(5 * time.Second), IdleTimeout: config.Duration(time.Minute), MaxConnections: 64}}
	stop, failed := make(chan struct{}), make(chan string, 4)
	for range 4 {
		go func() {
			for {
				select {
				case <-stop:
					failed <- ""
					return
				default:
				}
				if got, _ := keepAlive(address, 20); got != 20 {
					failed <- fmt.Sprintf("%d of 20 answered", got)
					return
				}
			}
		}()
	}
	for i := range 100 {
		u := cfg.Upstreams["u"]
		u.MaxConnections = 64 + i // other options make a new pool
		cfg.Upstreams["u"] = u
		pools, err := p.Prepare(cfg)
		if err != nil {
			t.Fatal(err)
		}
		p.Swap(pools)
		p.Retire()
	}
	close(stop)
	for range 4 {
		if text := <-failed; text != "" {
			t.Error(text)
		}
	}
}

// keepAlive sends n requests on one connection and counts good answers.
func keepAlive(address string, n int) (good int, err error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	r := bufio.NewReader(c)
	for range n {
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
			return good, err
		}
		answer, err := readMessage(r)
		if err != nil {
			return good, err
		}
		if strings.HasPrefix(answer, "HTTP/1.1 200") {
			good++
		}
	}
	return good, nil
}

func TestOldClients(t *testing.T) {
	u := newRaw(t, func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	})
	_, address := running(t, nil, nil, u.url())
	got, kept := exchangeRaw(t, address, "GET / HTTP/1.0\r\nHost: h\r\n\r\n")
	if strings.Contains(strings.ToLower(got), "chunked") || !strings.HasSuffix(got, "\r\n\r\nabc") || kept {
		t.Errorf("kept %v, got %q", kept, got)
	}
}

func TestClientAddress(t *testing.T) {
	s := &Pools{header: "x-forwarded-for", trusted: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	f := func(peer string, values []string, want string) {
		t.Helper()
		r := &parse.Request{}
		for _, v := range values {
			r.Fields = append(r.Fields, parse.Field{Name: []byte("X-Forwarded-For"), Value: []byte(v)})
		}
		addr := addrOf(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(peer)))
		if got := clientAddress(addr, r, s).String(); got != want {
			t.Errorf("%s %q: %s, want %s", peer, values, got, want)
		}
	}
	f("192.0.2.1:1", []string{"9.9.9.9"}, "192.0.2.1")
	f("10.0.0.1:1", nil, "10.0.0.1")
	f("10.0.0.1:1", []string{"9.9.9.9"}, "9.9.9.9")
	f("10.0.0.1:1", []string{"1.1.1.1, 9.9.9.9, 10.2.2.2"}, "9.9.9.9")
	f("10.0.0.1:1", []string{"1.1.1.1", "9.9.9.9 , 10.2.2.2"}, "9.9.9.9")
	f("10.0.0.1:1", []string{"9.9.9.9:443"}, "9.9.9.9")
	f("10.0.0.1:1", []string{"[2001:db8::1]:443"}, "2001:db8::1")
	f("[::1]:1", []string{"[2001:db8::1]"}, "2001:db8::1")
	f("10.0.0.1:1", []string{"9.9.9.9, garbage"}, "10.0.0.1")
	f("10.0.0.1:1", []string{"9.9.9.9, "}, "10.0.0.1")
	f("10.0.0.1:1", []string{"10.3.3.3, 10.2.2.2"}, "10.3.3.3")
	f("10.0.0.1:1", []string{"::ffff:9.9.9.9"}, "9.9.9.9")
}

func TestBlockPage(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, nil, nil, u.url())
	const evil = "GET /?q=%3Cscript%3Ealert(1)%3C/script%3E HTTP/1.1\r\nHost: h\r\n"
	got, _ := exchangeRaw(t, address, evil+"Accept: text/html\r\n\r\n")
	if !strings.HasPrefix(got, "HTTP/1.1 403") || !strings.Contains(got, "127.0.0.1") || strings.Contains(got, "{{") || strings.Contains(got, "alert(1)") {
		t.Errorf("page %q", got)
	}
	got, _ = exchangeRaw(t, address, evil+"Accept: application/json\r\n\r\n")
	if !strings.Contains(got, `{"error":"request blocked","request_id":"`) {
		t.Errorf("JSON %q", got)
	}
}
