package main

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRequestsAreWellFormed(t *testing.T) {
	names := make([]string, 0, len(workloads))
	for _, w := range workloads {
		names = append(names, w.name)
	}
	chosen, err := pick(names)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range chosen {
		distinct := map[string]bool{}
		for i, raw := range w.requests {
			distinct[string(raw)] = true
			in := bufio.NewReader(bytes.NewReader(raw))
			r, err := http.ReadRequest(in)
			if err != nil {
				t.Fatalf("%s %d: %v", w.name, i, err)
			}
			if n, _ := r.Body.Read(make([]byte, 1)); (r.Method == "POST") != (n == 1) {
				t.Errorf("%s %d: %s with a body: %v", w.name, i, r.Method, n == 1)
			}
		}
		if len(distinct) != w.variants {
			t.Errorf("%s: %d of %d requests differ", w.name, len(distinct), w.variants)
		}
		again := w.make(&generator{Rand: newGenerator(0).Rand})
		if !bytes.Equal(again, w.requests[0]) {
			t.Errorf("%s: the same seed gives other bytes", w.name)
		}
	}
	for _, c := range []struct {
		name     string
		min, max int
	}{{"W2", 1900, 2900}, {"W3", 1000, 2100}, {"W4", 60 << 10, 70 << 10}, {"W5", 1 << 20, 1<<20 + 2048}} {
		if n := len(find(c.name).requests[0]); n < c.min || n > c.max {
			t.Errorf("%s has %d bytes", c.name, n)
		}
	}
}

func TestPickRefuses(t *testing.T) {
	if _, err := pick([]string{"W9"}); err == nil {
		t.Error("there is no W9")
	}
}

func TestMedianAndQuantile(t *testing.T) {
	if m := median([]float64{3, 1, 2}); m != 2 {
		t.Errorf("median %v", m)
	}
	if m := median([]float64{4, 1, 2, 3}); m != 2.5 {
		t.Errorf("median %v", m)
	}
	sorted := []time.Duration{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	if a, b := quantile(sorted, .5), quantile(sorted, .99); a != 5 || b != 10 {
		t.Errorf("quantiles %v and %v", a, b)
	}
}

func TestReadHeadAndSkip(t *testing.T) {
	f := func(text, rest string) {
		t.Helper()
		in := bufio.NewReader(strings.NewReader(text))
		h, err := readHead(in)
		if err == nil {
			err = h.skip(in)
		}
		left, _ := in.ReadString(0)
		if err != nil || left != rest {
			t.Errorf("%q: %v, %q is left", text, err, left)
		}
	}
	f("A: b\r\n\r\nrest", "rest")
	f("content-length: 3\r\n\r\nabcrest", "rest")
	f("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nrest", "rest")
}

// TestRefusalsAreCounted drives the origin and something that refuses.
func TestRefusalsAreCounted(t *testing.T) {
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/no" {
			w.WriteHeader(http.StatusForbidden)
		}
	})}
	listener, err := listen()
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener) //nolint:errcheck // ends with Close
	defer server.Close()
	requests := [][]byte{[]byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), []byte("GET /no HTTP/1.1\r\nHost: h\r\n\r\n")}
	a, err := drive(listener.Addr().String(), requests, 10, 2)
	if err != nil || len(a.took) != 10 || a.refused != 5 || a.first == nil {
		t.Errorf("%+v, %v", a, err)
	}
	server.Close()
	if _, err := drive(listener.Addr().String(), requests, 10, 2); err == nil {
		t.Error("nobody listens, and nothing failed")
	}
}
