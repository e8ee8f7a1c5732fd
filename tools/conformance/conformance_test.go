package main

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

// TestFault holds the second opinion to what it is for.
func TestFault(t *testing.T) {
	const host = "Host: h\r\n"
	f := func(request, want string) {
		t.Helper()
		if got := fault([]byte(request)); got != want {
			t.Errorf("%q: %q, want %q", request, got, want)
		}
	}
	for _, r := range requests {
		if !strings.Contains(r, "Content-Length: 5\r\nTransfer-Encoding") {
			f(r, "")
		}
	}
	f("\r\n\nGET / HTTP/1.1\n"+host+"\r\n", "")
	f("GET / HTTP/1.1\r\nHost: h\n\r\n", "line that ends with LF alone")
	f("GET / HTTP/1.1\r\n"+host+"X: a\r\n b\r\n\r\n", "folded field")
	f("GET / HTTP/1.1\r\n"+host+"X: a\rb\r\n\r\n", "control byte in a value")
	f("GET / HTTP/1.1\r\n"+host+"X : a\r\n\r\n", "field whose name is no token, or without a colon")
	f("GET  / HTTP/1.1\r\n"+host+"\r\n", "request line of more or less than three words")
	f("GET / HTTP/1.2\r\n"+host+"\r\n", "version other than 1.0 and 1.1")
	f("GET / HTTP/1.1\r\n"+host+"Content_Length: 5\r\n\r\n", "name like Content-Length or Transfer-Encoding")
	f("POST / HTTP/1.1\r\n"+host+"Content-Length: +5\r\n\r\nhello", "Content-Length that is no number")
	f("POST / HTTP/1.1\r\n"+host+"Content-Length: 5\r\n\r\nhell", "cut")
	f("POST / HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", "chunks that are malformed")
	f("POST / HTTP/1.1\r\n"+host+"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nHost: x\r\n\r\n", "fields behind chunks that frame or route")
	f("GET http://h/ HTTP/1.1\r\nHost: a#b\r\n\r\n", "Host that is none")
	f("GET / HTTP/1.1\r\n\r\n", "no Host")
}

func TestBehind(t *testing.T) {
	var all []byte
	for _, r := range requests[:len(requests)-2] {
		all = append(all, r...)
	}
	all = append(all, ending...)
	if got := string(behind(all, len(requests)-2)); got != ending {
		t.Errorf("%q", got)
	}
}

func TestCompare(t *testing.T) {
	a, b, c := &seen{method: "GET", target: "/a"}, &seen{method: "GET", target: "/b"}, &seen{method: "GET", target: "/a", length: 1}
	f := func(weir, other []*seen, want relation, at int) {
		t.Helper()
		if how, n := compare(weir, other); how != want || n != at {
			t.Errorf("%s at %d, want %s at %d", how, n, want, at)
		}
	}
	f([]*seen{a, b}, []*seen{a, b}, equal, 2)
	f([]*seen{a}, []*seen{a, b}, stricter, 1)
	f([]*seen{a, b}, []*seen{a}, looser, 1)
	f([]*seen{a, b}, []*seen{c, b}, apart, 0)
	f(nil, nil, equal, 0)
}

// TestWhatHasNoClass: a request that is well-formed and refused, or one that is split
// in another way, must not find one.
func TestWhatHasNoClass(t *testing.T) {
	one := func(target string) *seen { return &seen{method: "GET", target: target, host: "a.example"} }
	for _, d := range []*difference{
		{input: []byte(requests[0]), reader: "nginx", how: stricter, other: view{requests: []*seen{one("/")}}},
		{input: []byte(requests[0]), reader: "net/http", how: looser, weir: view{requests: []*seen{one("/")}}},
		{input: []byte(requests[0]), reader: "nginx", how: apart, weir: view{requests: []*seen{one("/")}}, other: view{requests: []*seen{one("/x")}}},
		{input: []byte(requests[0]), reader: "nginx", how: onward, weir: view{requests: []*seen{one("/")}}, other: view{requests: []*seen{one("/x")}}},
	} {
		if c := classify(d); c != nil {
			t.Errorf("%s, %s: %s", d.reader, d.how, c.name)
		}
	}
}

func TestInputsAreTheSameAgain(t *testing.T) {
	distinct := map[string]bool{}
	for n := range 2000 {
		a, b := input(7, n), input(7, n)
		if !bytes.Equal(a, b) {
			t.Fatalf("input %d differs", n)
		}
		distinct[string(a)] = true
	}
	if len(distinct) < 1800 {
		t.Errorf("%d of 2000 are distinct", len(distinct))
	}
}

func TestReadForwarded(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		s, client, err := readForwarded(bufio.NewReader(strings.NewReader(text)))
		if got := s.String(); !strings.HasPrefix(got, want) || err == nil && (client != "c" || string(s.raw) != text) {
			t.Errorf("%q: %s, %q, %q, %v", text, got, client, s.raw, err)
		}
	}
	f("GET /x HTTP/1.1\r\nHost: h\r\nX-Real-IP: c\r\n\r\n", `"GET" "/x" "h" 0 bytes`)
	f("POST /x HTTP/1.1\r\nHost: h\r\nX-Real-IP: c\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", `"POST" "/x" "h" 3 bytes`)
	f("GET /x HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", "malformed")
	f("GET /x HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", "malformed")
	f("GET /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab", "malformed")
}

// TestRowsAreWhole: a row of the table of HTTP/1 without a name or a want tests nothing.
func TestRowsAreWhole(t *testing.T) {
	names := map[string]bool{}
	for _, c := range h1cases {
		if c.name == "" || c.want == "" || c.send == "" || names[c.name] {
			t.Errorf("%+v", c)
		}
		names[c.name] = true
	}
}

func TestOutcomes(t *testing.T) {
	var b strings.Builder
	good, bad, none := &outcome{suite: "good", passed: 1, total: 1, required: 1}, &outcome{suite: "bad", total: 1, required: 1}, &outcome{suite: "none", notRun: "no nginx"}
	if err := printed(&b, []*outcome{good}); err != nil {
		t.Error(err)
	}
	for _, o := range []*outcome{bad, none} {
		if printed(&b, []*outcome{good, o}) == nil {
			t.Errorf("%s is ok", o.suite)
		}
	}
	if printed(&b, nil) == nil {
		t.Error("nothing is ok")
	}
}
