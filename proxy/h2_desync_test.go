package proxy

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

// downgrades are requests of HTTP/2 that would become others, or more than one, when
// they are written as HTTP/1. What a pair replaces is in the order of a plain request.
var downgrades = []struct {
	name  string
	pairs []string // replace or follow those of a plain request
	data  string   // follows; without it the head ends the request
}{
	{"lines in :path", []string{":path", "/\r\nX: 1"}, ""},
	{"request in :path", []string{":path", "/ HTTP/1.1\r\nHost: h\r\n\r\nGET /smuggled"}, ""},
	{"blank in :path", []string{":path", "/a b"}, ""},
	{"line feed in :path", []string{":path", "/a\nb"}, ""},
	{"NUL in :path", []string{":path", "/\x00"}, ""},
	{"fragment in :path", []string{":path", "/#f"}, ""},
	{"no slash in :path", []string{":path", "a"}, ""},
	{"empty :path", []string{":path", ""}, ""},
	{"* of GET", []string{":path", "*"}, ""},
	{"absolute :path", []string{":path", "http://other/x"}, ""},
	{":path twice", []string{"+:path", "/smuggled"}, ""},
	{"lines in :method", []string{":method", "GET / HTTP/1.1\r\nX: 1\r\nX:"}, ""},
	{"blank in :method", []string{":method", "GET /smuggled"}, ""},
	{"CONNECT", []string{":method", "CONNECT"}, ""},
	{"lines in :authority", []string{":authority", "h\r\nX: 1"}, ""},
	{"colon and no port in :authority", []string{":authority", "h:x"}, ""},
	{"userinfo in :authority", []string{":authority", "a@h"}, ""},
	{"path in :authority", []string{":authority", "h/smuggled"}, ""},
	{"empty :authority", []string{":authority", ""}, ""},
	{"lines in :scheme", []string{":scheme", "http\r\nX: 1"}, ""},
	{"path in :scheme", []string{":scheme", "http://h/smuggled?"}, ""},
	{"unknown pseudo field", []string{":x", "1"}, ""},
	{"lines in a value", []string{"x", "a\r\nTransfer-Encoding: chunked"}, ""},
	{"line feed in a value", []string{"x", "a\nb: c"}, ""},
	{"return in a value", []string{"x", "a\rb"}, ""},
	{"NUL in a value", []string{"x", "a\x00"}, ""},
	{"colon in a name", []string{"x: 1\r\ny", "z"}, ""},
	{"only a colon in a name", []string{"x:y", "z"}, ""},
	{"capitals in a name", []string{"Transfer-Encoding", "chunked"}, ""},
	{"blank behind a name", []string{"transfer-encoding ", "chunked"}, ""},
	{"empty name", []string{"", "z"}, ""},
	{"connection", []string{"connection", "x"}, ""},
	{"proxy-connection", []string{"proxy-connection", "close"}, ""},
	{"keep-alive", []string{"keep-alive", "1"}, ""},
	{"upgrade", []string{"upgrade", "websocket"}, ""},
	{"te", []string{"te", "chunked"}, ""},
	{"transfer-encoding", []string{"transfer-encoding", "chunked"}, "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"},
	{"transfer_encoding", []string{"transfer_encoding", "chunked"}, "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"},
	{"another host", []string{"host", "other"}, ""},
	{"two hosts", []string{"host", "h", "+host", "h2"}, ""},
	{"length and less", []string{"content-length", "10"}, "hello"},
	{"length and more", []string{"content-length", "2"}, "hello"},
	{"no length and more", []string{"content-length", "0"}, "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"},
	{"length without a body", []string{"content-length", "5"}, ""},
	{"two lengths", []string{"content-length", "5", "+content-length", "6"}, "hello"},
	{"list of lengths", []string{"content-length", "5, 5"}, "hello"},
	{"signed length", []string{"content-length", "+5"}, "hello"},
	{"length of letters", []string{"content-length", "x"}, "hello"},
	{"empty length", []string{"content-length", ""}, "hello"},
}

// replaced returns the pairs of a plain request with others in their places; those
// whose name is not there, or begins with +, follow.
func replaced(pairs []string) []string {
	plain := []string{":method", "POST", ":scheme", "http", ":authority", "h", ":path", "/"}
	for i := 0; i < len(pairs); i += 2 {
		if at := slices.Index(plain, pairs[i]); at >= 0 {
			plain[at+1] = pairs[i+1]
			continue
		}
		plain = append(plain, strings.TrimPrefix(pairs[i], "+"), pairs[i+1])
	}
	return plain
}

// TestHTTP2Downgrades: none of them reaches the application, and the client hears no
// answer but a refusal.
func TestHTTP2Downgrades(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, func(c *config.Config) { c.Listen[0].H2C = true }, nil, u.url())
	for _, c := range downgrades {
		t.Run(c.name, func(t *testing.T) {
			r := rawClient2(t, address)
			r.headers(1, c.data == "", replaced(c.pairs)...)
			if c.data != "" {
				r.send(frameData, flagEnd, 1, []byte(c.data))
			}
			if status := r.outcome(1); status != 400 && status != 0 {
				t.Errorf("status %d", status)
			}
			select {
			case got := <-u.got:
				t.Errorf("forwarded %q", got)
			case <-time.After(20 * time.Millisecond): // a reset may come before
			}
		})
	}
}

// TestHTTP2WellFormed is what the table above would refuse if it refused everything.
func TestHTTP2WellFormed(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, func(c *config.Config) { c.Listen[0].H2C = true }, nil, u.url())
	for _, c := range []struct {
		pairs      []string
		data, want string
	}{
		{nil, "", "POST / HTTP/1.1\r\n"},
		{[]string{"content-length", "5"}, "hello", "\r\nContent-Length: 5\r\n"},
		{nil, "hello", "\r\nTransfer-Encoding: chunked\r\n"},
		{[]string{"host", "h"}, "", "\r\nHost: h\r\n"},
		{[]string{"te", "trailers"}, "", "\r\nTE: trailers\r\n"},
		{[]string{":method", "OPTIONS", ":path", "*"}, "", "OPTIONS * HTTP/1.1\r\n"},
		{[]string{"content-length", "0"}, "", "\r\nContent-Length: 0\r\n"},
	} {
		r := rawClient2(t, address)
		r.headers(1, c.data == "", replaced(c.pairs)...)
		if c.data != "" {
			r.send(frameData, flagEnd, 1, []byte(c.data))
		}
		if status := r.outcome(1); status != 200 {
			t.Errorf("%v: status %d", c.pairs, status)
			continue
		}
		if got := <-u.got; !strings.Contains(got, c.want) || strings.Count(got, "\r\nHost:") != 1 || strings.Count(got, "\r\nContent-Length:") > 1 {
			t.Errorf("%v: %q is not in %q", c.pairs, c.want, got)
		}
	}
}
