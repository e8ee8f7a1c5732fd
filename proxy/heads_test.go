package proxy

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"

	"github.com/weirnode/weir/config"
)

// TestHeadsCut cuts behind the empty line wherever the pieces end.
func TestHeadsCut(t *testing.T) {
	f := func(text string, want int) {
		t.Helper()
		for range 200 {
			var h heads
			got := 0
			for at := 0; at < len(text) && !h.ended; {
				piece := text[at:min(len(text), at+1+rand.IntN(len(text)))]
				n := h.cut([]byte(piece))
				at, got = at+n, got+n
			}
			if got != want || h.exact(0) != (want < len(text) || strings.HasSuffix(text, "\n\r\n") && want > 4) {
				t.Fatalf("%q: cut at %d, want %d, %+v", text, got, want, h)
			}
		}
	}
	for _, head := range []string{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", "\n\r\n\nGET / HTTP/1.0\r\n\r\n",
		"GET / HTTP/1.1\nHost: h\n\n", "GET / HTTP/1.1\r\nHost: h\n\r\n", "GET / HTTP/1.1\r\nX: a\r\n \r\n\r\n", "GET / HTTP/1.1\r\n\rX: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\r\n\r\n",
	} {
		f(head+"5\r\nhello\r\n", len(head))
	}
	f("\r\n\r\n", 4)
	f("GET / HTTP/1.1\r\nHost: h\r\n", 25)
}

// TestChunksOneAfterAnother: bodies that are read behind fasthttp's back leave the
// connection where the next request begins, however the bytes come.
func TestChunksOneAfterAnother(t *testing.T) {
	u := newRaw(t, func(c net.Conn, request string) {
		path := strings.Fields(request)[1]
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(path), path)
	})
	_, address := running(t, func(c *config.Config) { c.Limits.BufferBytes, c.Parse.InspectBytes = 1<<10, 1<<10 }, nil, u.url())
	chunked := func(path, data string) string {
		return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n%x;a=b\r\n%s\r\n3\r\nend\r\n0\r\nX-Sum: 1\r\n\r\n", path, len(data), data)
	}
	long := strings.Repeat("x", 40<<10)
	requests := []string{
		chunked("/1", "hello"), "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n", chunked("/3", long), chunked("/4", "GET /no HTTP/1.1\r\nHost: h\r\n\r\n"),
		"POST /5 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", chunked("/6", "x"), "GET /7 HTTP/1.1\r\nHost: h\r\n\r\n",
	}
	for name, pause := range map[string]int{"in turn": 0, "in pieces": 7} {
		t.Run(name, func(t *testing.T) {
			c, r := dialed(t, address)
			for i, request := range requests {
				for at := 0; at < len(request); {
					n := len(request) - at
					if pause > 0 && at < 400 {
						n = min(n, 1+rand.IntN(pause))
					}
					_, _ = io.WriteString(c, request[at:at+n])
					at += n
				}
				if got, err := readMessage(r); err != nil || !strings.HasSuffix(got, fmt.Sprintf("\r\n\r\n/%d", i+1)) || strings.Contains(got, "Connection: close") {
					t.Fatalf("request %d: %q, %v", i+1, got, err)
				}
			}
		})
	}
	c, r := dialed(t, address)
	go func() { _, _ = io.WriteString(c, strings.Join(requests, "")) }()
	for i := range requests {
		if got, err := readMessage(r); err != nil || !strings.HasSuffix(got, fmt.Sprintf("\r\n\r\n/%d", i+1)) {
			t.Fatalf("at once, request %d: %q, %v", i+1, got, err)
		}
	}
}

// TestHeadsThatEndWithLF: fasthttp waits for CR LF CR LF, whatever the head ends with; a
// client need not.
func TestHeadsThatEndWithLF(t *testing.T) {
	u := newRaw(t, func(c net.Conn, request string) {
		_, body, _ := strings.Cut(request, "\r\n\r\n")
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	})
	_, strict := running(t, nil, nil, u.url())
	_, lenient := running(t, func(c *config.Config) { c.Listen[0].Framing = config.Lenient }, nil, u.url())
	for _, c := range []struct{ request, mended string }{
		{"GET / HTTP/1.1\r\nHost: h\n\r\n", "200 "},
		{"GET / HTTP/1.1\r\nHost: h\r\nX: 1\n\r\n", "200 "},
		{"GET / HTTP/1.1\r\nHost: h\r\nX: 1\n\n", "400"},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\n\r\nhello", "200 hello"},
		{"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\n\r\n\r\n\r\nx", "200 \r\n\r\nx"},
		{"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\n\r\n5\r\nhello\r\n0\r\n\r\n", "200 5\r\nhello\r\n0\r\n\r\n"},
		{"GET / HTTP/1.0\r\n\n", "400"},
		{"GET / HTTP/1.1\r\nHost: h\r\n\n", "400"},
	} {
		for address, want := range map[string]string{strict: "400", lenient: c.mended} {
			conn, r := dialed(t, address)
			_, _ = io.WriteString(conn, c.request)
			all, err := io.ReadAll(r)
			status, body, _ := strings.Cut(want, " ")
			if err != nil || !strings.HasPrefix(string(all), "HTTP/1.1 "+status) || status == "200" && !strings.HasSuffix(string(all), "\r\n\r\n"+body) {
				t.Errorf("%q, want %q: %.120q, %v", c.request, want, all, err)
			}
		}
	}
	for len(u.got) > 0 {
		<-u.got
	}
}
