package main

import (
	"bytes"
	"math/rand/v2"
)

// ending is sent behind each input: whether and how it is seen tells where a front
// took the input to end.
const ending = "GET /end HTTP/1.1\r\nHost: end.example\r\nConnection: close\r\n\r\n"

// requests are what inputs are made of.
var requests = []string{
	"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n",
	"GET /p/a?b=c&d=%20 HTTP/1.1\r\nHost: a.example:8080\r\nAccept: */*\r\nX-A: 1\r\n\r\n",
	"GET /a/%2e%2e//b/./c%2Fd HTTP/1.1\r\nHost: a.example\r\n\r\n",
	"GET http://b.example/abs HTTP/1.1\r\nHost: a.example\r\n\r\n",
	"GET / HTTP/1.0\r\nHost: a.example\r\nConnection: keep-alive\r\n\r\n",
	"HEAD /h HTTP/1.1\r\nHost: a.example\r\n\r\n",
	"OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n",
	"DELETE /d HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\n\r\n",
	"GET /g HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhello",
	"POST /l HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhello",
	"POST /l HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/plain\r\nContent-Length: 40\r\n\r\nGET /in HTTP/1.1\r\nHost: in.example\r\n\r\n..",
	"POST /c HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
	"POST /c HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n",
	"POST /c HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n26\r\nGET /in HTTP/1.1\r\nHost: in.example\r\n\r\n\r\n0\r\n\r\n",
	"PUT /e HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
	"POST /b HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"POST /z HTTP/1.0\r\nHost: a.example\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello",
}

// Pieces that go in, or take the place of what is there.
var (
	marks = []string{
		"\r", "\n", "\r\n", "\n\r", "\r\n\r\n", "\x00", " ", "\t", "\v", "\f", ":", ",", ";", "\x7f", "\x80", "\xa0", "\xc2\x85", "\xff", "#", "%", "%00", "%0d%0a",
		"/", "//", "..", "\\", "\"", "'", "+", "-", "0", "0x", "_", "@", "?", "=", "[", "]", "{", "|", "*", "chunked", "GET",
	}
	fields = []string{
		"Content-Length: 0", "Content-Length: 3", "Content-Length: 5", "Content-Length: 5, 5", "Content-Length: +5", "Content-Length: 0x5", "Content-Length: -5", "Content-Length: 5 ",
		"Content-Length : 5", "Content-Length:\t5", "Content-Length:5", "content-length: 5", "Content-Length: 5\r\n ", "Content-Length:\r\n 5", "Content-Length: 05", "Content-Length: 5.0", "Content-Length: ",
		"Content_Length: 5", "Content-Length\x00: 5", "Content-Length: 18446744073709551621", "Content-Length: 9223372036854775807", "Content-Length: \"5\"", "Content-Length: 5;a",
		"Transfer-Encoding: chunked", "transfer-encoding: CHUNKED", "Transfer-Encoding: identity", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, identity",
		"Transfer-Encoding : chunked", "Transfer-Encoding:\vchunked", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked;a=b", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: xchunked",
		"Transfer-Encoding: chunked\x00", "Transfer-Encoding:", "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked ", "Transfer_Encoding: chunked", "Transfer-Encoding\t: chunked", " Transfer-Encoding: chunked",
		"Host: b.example", "Host: a.example", "host: b.example", "Host:", "Host: b@c.example", "Host: a.example:0", "Host: a.example:99999", "Host: a.example:x", "Host: [::1]", "Host: [::1]:80", "Host: a_b.example",
		"Host: a.example/x", "Host: a.example,b.example", "Host: a.example#", "Host : b.example", "X-Forwarded-Host: b.example",
		"Connection: close", "Connection: keep-alive", "Connection: Content-Length", "Connection: Transfer-Encoding", "Connection: Host", "Connection: close, X-A", "Upgrade: h2c", "Upgrade: websocket",
		"Expect: 100-continue", "Expect: 200-ok", "TE: trailers", "TE: chunked", "Trailer: Content-Length", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", "X: a\r\n b", "X: a\r\n\tb", "X", ": x", "X Y: 1", "X\x7f: 1",
		"X: \x01", "X: \xff", "X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	}
	methods  = []string{"get", "Get", "G", "G@T", "G\x00T", "", "POST", "PUT", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PRI", "M-SEARCH", "A_B", "GET\t", "QUERY", "1", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ"}
	targets  = []string{"/", "*", "", "a", "?a", "//b.example/x", "/a b", "/a\tb", "/#f", "/%", "/%zz", "/%00", "/\x00", "/\xff", "/\xc3\xa9", "/..", "/../..", "/./", "/a/..%2f", "/\\..\\", "http://b.example", "http://b.example?q", "http://b.example/x", "HTTP://B.example/x", "https://b.example/x", "http:/b.example/x", "http:///x", "http://b@c.example/x", "http://b.example:99999/", "http://b.example:/", "http://[::1]/x", "ftp://b.example/x", "b.example:443", "/a?b?c#", "/|", "/<>\"", "/{}", "/^`", "/a;b", "/a%2520"}
	versions = []string{"HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.10", "HTTP/01.1", "HTTP/1.1x", "HTTP/1.", "HTTP/1,1", "HTTP /1.1", "HTTPS/1.1", "HTTP/3", "", "HTTP/1.1 HTTP/1.1"}
	sizes    = []string{"0", "00", "5", "05", "0000000005", "5 ", " 5", "\t5", "5\t", "5;", "5;a", "5;a=\"b\"", "5 ;a", "5;\n", "5;a\rb", "+5", "-5", "0x5", "5x", "", "5,", "g", "FFFFFFFFFFFFFFFF", "10000000000000005", "100000005", "5\r", "5\x00"}
	ends     = []string{"\n", "\r", "\r\r\n", "\r\n\r\n", " \r\n", "\t\r\n", "\n\r\n", "\r\n ", "\v\r\n", ""}
)

// mutator makes inputs from a seed: the same bytes for the same number.
type mutator struct{ *rand.Rand }

// input returns the n-th input of a seed: one to three requests with up to three
// changes, the first ones without any.
func input(seed uint64, n int) []byte {
	if n < len(requests) {
		return []byte(requests[n])
	}
	m := &mutator{rand.New(rand.NewPCG(seed, uint64(n)))} //nolint:gosec // the same bytes everywhere
	var b []byte
	for range 1 + m.IntN(5)/3 {
		b = append(b, m.one(requests)...)
	}
	for range 1 + m.IntN(3) {
		b = m.change(b)
	}
	return b
}

func (m *mutator) one(of []string) string { return of[m.IntN(len(of))] }

// change changes one thing.
func (m *mutator) change(b []byte) []byte {
	switch m.IntN(12) {
	case 0:
		return m.put(b, m.IntN(len(b)+1), 0, m.one(marks))
	case 1:
		return m.put(b, m.IntN(len(b)+1), 1+m.IntN(3), "")
	case 2:
		return m.put(b, m.IntN(len(b)+1), 1, m.one(marks))
	case 3:
		return m.atLine(b, m.one(fields)+"\r\n")
	case 4:
		return m.atLine(b, m.one(fields)+m.one(ends))
	case 5:
		return m.word(b, 0, m.one(methods))
	case 6:
		return m.word(b, 1, m.one(targets))
	case 7:
		return m.word(b, 2, m.one(versions))
	case 8:
		return m.lineEnd(b)
	case 9:
		return m.chunkSize(b)
	case 10:
		return m.copyLine(b)
	default:
		return m.valueOf(b)
	}
}

// put puts text in the place of n bytes at a position.
func (m *mutator) put(b []byte, at, n int, text string) []byte {
	at = min(at, len(b))
	end := min(at+n, len(b))
	return bytes.Join([][]byte{b[:at], []byte(text), b[end:]}, nil)
}

// lines returns where lines begin.
func lines(b []byte) (starts []int) {
	starts = append(starts, 0)
	for i, c := range b {
		if c == '\n' && i+1 < len(b) {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// atLine puts text before a line, the first excepted where there are others.
func (m *mutator) atLine(b []byte, text string) []byte {
	starts := lines(b)
	return m.put(b, starts[min(1+m.IntN(len(starts)), len(starts)-1)], 0, text)
}

// word replaces one of the words of a request line.
func (m *mutator) word(b []byte, which int, text string) []byte {
	end := bytes.IndexByte(b, '\r')
	if end < 0 {
		return b
	}
	words := bytes.SplitN(b[:end], []byte(" "), 3)
	if len(words) <= which {
		return b
	}
	words[which] = []byte(text)
	return append(bytes.Join(words, []byte(" ")), b[end:]...)
}

func (m *mutator) lineEnd(b []byte) []byte {
	n := bytes.Count(b, []byte("\r\n"))
	if n == 0 {
		return b
	}
	at := 0
	for range m.IntN(n) {
		at += bytes.Index(b[at:], []byte("\r\n")) + 2
	}
	at += bytes.Index(b[at:], []byte("\r\n"))
	return m.put(b, at, 2, m.one(ends))
}

// chunkSize replaces the size of a chunk, a short line behind a head.
func (m *mutator) chunkSize(b []byte) []byte {
	_, _, ok := bytes.Cut(b, []byte("chunked"))
	if !ok {
		return m.atLine(b, m.one(fields)+"\r\n")
	}
	starts := lines(b)
	for range 20 {
		at := starts[m.IntN(len(starts))]
		if end := bytes.IndexByte(b[at:], '\r'); end >= 1 && end <= 5 {
			return m.put(b, at, end, m.one(sizes))
		}
	}
	return b
}

func (m *mutator) copyLine(b []byte) []byte {
	starts := lines(b)
	at := starts[m.IntN(len(starts))]
	end := bytes.IndexByte(b[at:], '\n')
	if end < 0 {
		return b
	}
	return m.put(b, starts[m.IntN(len(starts))], 0, string(b[at:at+end+1]))
}

// valueOf puts a mark next to a colon, at the beginning or end of a value.
func (m *mutator) valueOf(b []byte) []byte {
	n := bytes.Count(b, []byte(": "))
	if n == 0 {
		return b
	}
	at := 0
	for range m.IntN(n) {
		at += bytes.Index(b[at:], []byte(": ")) + 2
	}
	at += bytes.Index(b[at:], []byte(": "))
	switch m.IntN(3) {
	case 0:
		return m.put(b, at, 0, m.one(marks))
	case 1:
		return m.put(b, at+2, 0, m.one(marks))
	default:
		if end := bytes.IndexByte(b[at:], '\r'); end >= 0 {
			at += end
		}
		return m.put(b, at, 0, m.one(marks))
	}
}
