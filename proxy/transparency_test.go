package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httputil"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

// pair is one generated request with the answer the application gives to it.
type pair struct {
	request, answer string
	method          string
	old             bool // HTTP/1.0
	closes          bool // the application closes after the answer
}

// pick returns one of the texts.
func pick(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

func makePair(r *rand.Rand, n int) pair {
	p := pair{method: pick(r, "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PROPFIND", "M-SEARCH")}
	p.old = r.IntN(12) == 0
	p.request = makeRequest(r, &p, n)
	p.answer, p.closes = makeAnswer(r, p.method, p.old)
	return p
}

var targetParts = []string{"/a", "/%2e%2e", "//", "/..", "/%2F", "/b;v=1", "/~x", "/%zz", "/é", "/caf%C3%A9", "/a'b", "/(x)", "/$", "/%00", "/[1]", "/{id}", "/|", "/\\", "/^", "/`", "/<>"}

func makeRequest(r *rand.Rand, p *pair, n int) string {
	var b strings.Builder
	var target strings.Builder
	for range 1 + r.IntN(4) {
		target.WriteString(targetParts[r.IntN(len(targetParts))])
	}
	if r.IntN(2) == 0 {
		target.WriteString("?" + pick(r, "", "a", "a=b&a=c", "q=%27x%27", "x=é&y=+%20", "a[]=1&a[]=2", "??", "=&&=", "u=http://e/x?y"))
	}
	version := "HTTP/1.1"
	if p.old {
		version = "HTTP/1.0"
	}
	fmt.Fprintf(&b, "%s %s %s\r\n", p.method, target.String(), version)
	fields := []string{
		pick(r, "Host", "host", "HOST") + ": shop.example.com",
		"X-Case-" + strconv.Itoa(n) + ": 1", "x-lower: v", "COOKIE: a=1; b=2", "Cookie: c=3", "Accept: */*", "X-Dup: 1", "X-Dup: 2", "x-dup: 3",
		"User-Agent: t/1 (é)", "X-Empty:", "Authorization: Basic dTpw", "Accept-Encoding: gzip, br", "Referer: http://e/\"x\"", "X_Under: 1", "Range: bytes=0-5",
		"If-None-Match: \"a\"", "Origin: null", "X-Long: " + strings.Repeat("l", r.IntN(3000)), "Cache-Control: no-cache", "X-Obs: \xff\xfe",
	}
	r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	for i, f := range fields {
		if strings.EqualFold(f[:4], "host") || i < 6 {
			b.WriteString(f + "\r\n")
		}
	}
	if p.method == "POST" || p.method == "PUT" || p.method == "PATCH" {
		writeBody(&b, r, p.old)
	} else {
		b.WriteString("\r\n")
	}
	return b.String()
}

func writeBody(b *strings.Builder, r *rand.Rand, old bool) {
	body := makeBody(r)
	if kind := pick(r, "", "Content-Type: application/json\r\n", "content-type: text/plain; charset=x\r\n", "Content-Type: multipart/form-data; boundary=b\r\n"); kind != "" {
		b.WriteString(kind)
		if strings.Contains(kind, "multipart") {
			body = "preamble\r\n--b\r\nContent-Disposition: form-data; name=a; filename=\"f\"\r\nX: y\r\n\r\n" + body + "\r\n--b--\r\nepilogue"
		}
	}
	if old || r.IntN(2) == 0 {
		fmt.Fprintf(b, "Content-Length: %d\r\n\r\n%s", len(body), body)
		return
	}
	b.WriteString("Transfer-Encoding: chunked\r\n\r\n" + chunked(r, body) + "0\r\n\r\n")
}

func makeBody(r *rand.Rand) string {
	n := []int{0, 1, 17, 1000, 9000, 70_000, 300_000}[r.IntN(7)]
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

func chunked(r *rand.Rand, body string) string {
	var b strings.Builder
	for len(body) > 0 {
		n := min(len(body), 1+r.IntN(40_000))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", n, body[:n])
		body = body[n:]
	}
	return b.String()
}

func makeAnswer(r *rand.Rand, method string, old bool) (answer string, closes bool) {
	status := pick(r, "200 OK", "200", "200 Fine then", "201 Created", "206 Partial Content", "301 Moved Permanently", "304 Not Modified", "204 No Content", "400 Bad Request", "404 Nöt", "451 x", "500 Internal Server Error", "599 y")
	var b strings.Builder
	if r.IntN(20) == 0 {
		b.WriteString("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n")
	}
	b.WriteString("HTTP/1.1 " + status + "\r\n")
	if status == "200" {
		b.Reset()
		b.WriteString("HTTP/1.1 200 \r\n")
	}
	fields := []string{
		"Server: app/1", "server: two", "Date: Mon, 01 Jan 2001 00:00:00 GMT", "Content-Type: text/html", "content-type: text/plain", "Set-Cookie: a=1; Path=/",
		"Set-Cookie: a=2", "set-cookie: b", "Vary: Accept", "VARY: Cookie", "X-Empty:", "Content-Encoding: gzip", "ETag: W/\"x\"", "Cache-Control: max-age=0", "x-lower: é",
		"Location: /a b", "Content-Security-Policy: default-src 'self'", "X-Long: " + strings.Repeat("l", r.IntN(5000)), "Strict-Transport-Security: max-age=1", "Last-Modified: x", "WWW-Authenticate: Basic",
	}
	r.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	for _, f := range fields[:r.IntN(9)] {
		b.WriteString(f + "\r\n")
	}
	body := makeBody(r)
	if strings.HasPrefix(status, "204") {
		return b.String() + "\r\n", false
	}
	bare := method == "HEAD" || strings.HasPrefix(status, "304")
	switch kind := r.IntN(5); {
	case kind < 3:
		fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", len(body))
	case kind == 3 && !old || bare:
		b.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		body = chunked(r, body) + "0\r\n\r\n"
	default:
		b.WriteString("\r\n")
		closes = true
	}
	if bare {
		return b.String(), false
	}
	return b.String() + body, closes
}

// message is what two ends understand of bytes: start line, fields, body.
type message struct {
	start, fields string
	body          []byte
}

// read takes a message apart. Fields that the node may change are left out; bodies
// are compared decoded.
func read(t *testing.T, r *bufio.Reader, method string, request bool) message {
	t.Helper()
	var m message
	for {
		m = message{}
		line, err := r.ReadString('\n')
		if err != nil {
			t.Errorf("start line: %v", err)
			return m
		}
		m.start = strings.TrimSuffix(line, "\r\n")
		length := int64(-2)
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				t.Errorf("fields: %v", err)
				return m
			}
			if line == "\r\n" {
				break
			}
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\r\n"), ":")
			value = strings.TrimSpace(value)
			switch lower := strings.ToLower(name); {
			case lower == "content-length":
				length, _ = strconv.ParseInt(value, 10, 64)
			case lower == "transfer-encoding":
				length = -1
				continue
			case lower == "connection", request && strings.HasPrefix(lower, "x-forwarded-"), request && (lower == "x-real-ip" || lower == "x-request-id"):
				continue
			}
			m.fields += name + ": " + value + "\n"
		}
		if strings.Contains(m.start, " 103 ") {
			continue
		}
		bare := !request && (method == "HEAD" || strings.HasPrefix(m.start[9:], "204") || strings.HasPrefix(m.start[9:], "304"))
		switch {
		case bare || request && length == -2:
		case length == -1:
			m.body, err = io.ReadAll(httputil.NewChunkedReader(r))
			if err == nil {
				_, err = r.ReadString('\n')
			}
		case length >= 0:
			m.body, err = io.ReadAll(io.LimitReader(r, length))
		default:
			m.body, err = io.ReadAll(r)
		}
		if err != nil {
			t.Errorf("body: %v", err)
		}
		return m
	}
}

// TestTransparency sends generated pairs directly and through the node in
// monitoring mode: application and client must understand the same (R21). Only
// forwarding fields, hop-by-hop fields, framing of bodies and the version differ.
func TestTransparency(t *testing.T) {
	pairs := 1500
	if testing.Short() {
		pairs = 300
	}
	app := newApp(t)
	_, address := running(t, func(c *config.Config) {
		c.Mode = config.Monitoring
		c.Limits.HeaderBytes = 32 << 10
		u := c.Upstreams["u"]
		u.ResponseTimeout = config.Duration(5 * time.Second)
		c.Upstreams["u"] = u
	}, nil, "http://"+app.Addr().String())
	r := rand.New(rand.NewPCG(1, 2))
	for n := range pairs {
		p := makePair(r, n)
		want := read(t, bufio.NewReader(strings.NewReader(p.request)), p.method, true)
		wantAnswer := read(t, bufio.NewReader(strings.NewReader(p.answer)), p.method, false)
		app.next <- p
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(10 * time.Second))
		go func() { _, _ = io.WriteString(c, p.request) }()
		gotAnswer := read(t, bufio.NewReader(c), p.method, false)
		_ = c.Close()
		got := <-app.got
		if p.old {
			want.start = strings.Replace(want.start, "HTTP/1.0", "HTTP/1.1", 1)
		}
		compare(t, n, "request", p.request, want, got)
		compare(t, n, "answer", p.answer, wantAnswer, gotAnswer)
		if t.Failed() {
			return
		}
	}
}

func compare(t *testing.T, n int, what, raw string, want, got message) {
	t.Helper()
	if got.start != want.start || got.fields != want.fields || !bytes.Equal(got.body, want.body) {
		t.Errorf("pair %d: %s differs\n%.600q\nwant %q\n%s (%d bytes)\ngot %q\n%s (%d bytes)", n, what, raw, want.start, want.fields, len(want.body), got.start, got.fields, len(got.body))
	}
}

// app answers the pairs it is given.
type app struct {
	net.Listener
	next chan pair
	got  chan message
}

func newApp(t *testing.T) *app {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := &app{l, make(chan pair, 1), make(chan message, 1)}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go a.serve(t, c)
		}
	}()
	return a
}

func (a *app) serve(t *testing.T, c net.Conn) {
	t.Helper()
	defer c.Close()
	r := bufio.NewReader(c)
	for {
		if _, err := r.Peek(1); err != nil {
			return
		}
		p := <-a.next
		a.got <- read(t, r, p.method, true)
		_, _ = io.WriteString(c, p.answer)
		if p.closes {
			return
		}
	}
}
