package crlf

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// read reads a value of a kind, behind the gate.
func read(text string, kind point.Kind) evidence.Tally {
	var best evidence.Tally
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}
	if Gate(&v) {
		Scan(&v, &point.Tree{}, &best)
	}
	return best
}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	seen := map[evidence.Stamp]bool{}
	f := func(s *evidence.Sign, kind point.Kind, has, hasNot string) {
		t.Helper()
		seen[s.Stamp] = true
		if got := read(has, kind); got.Count(s.Stamp) == 0 {
			t.Errorf("%s is not in %q: %+v", s.Name, has, got.Marks[:got.N])
		}
		if got := read(hasNot, kind); got.Count(s.Stamp) > 0 {
			t.Errorf("%s is in %q", s.Name, hasNot)
		}
	}
	f(&known, point.Text, "x\r\nSet-Cookie: a=b", "x\r\nSetting: a=b")
	f(&known, point.HeaderText, "x\r\nLocation: y", "x\r\nLocation y")
	f(&other, point.HeaderText, "x\r\nFoo-Bar: 1", "x\r\n:1")
	f(&statusLine, point.Text, "x\r\nHTTP/1.1 200 OK", "x HTTP/1.1 200 OK")
	f(&smuggled, point.Text, "x\r\nGET /a HTTP/1.1", "x\r\nGET a HTTP")
	f(&splitBody, point.HeaderText, "x\r\n\r\n<html>", "x\r\n\r\nhtml")
	f(&inPath, point.WholePath, "/a\nb", "/a\n")
	for _, s := range Signs {
		if !seen[s.Stamp] {
			t.Errorf("%s has no test", s.Name)
		}
	}
}

// TestTextsAreNone checks that lines of a text are no attack, however many.
func TestTextsAreNone(t *testing.T) {
	for _, text := range []string{
		"The server said\nSet-Cookie: a=b\nContent-Type: text/html", "GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: x", "a:b\nlocation:/c\nhost:d.example",
	} {
		if got := read(text, point.Text); got.Score() >= evidence.Gray {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	for _, piece := range []string{"\r\n", "\n", "%0d", "\na:", "\u560a", "\nSet-Cookie:a"} {
		_ = read(strings.Repeat(piece, (256<<10)/len(piece)), point.Text)
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"x\r\nSet-Cookie: a=b", "%0d%0aHost: a.b", "\u560aLocation: /x", "x\nGET / HTTP/1.1"} {
		f.Add(seed, uint8(point.Text))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := point.Kind(kind % 16)
		once := read(text, k)
		if once != read(text, k) {
			t.Fatal("two scans differ")
		}
		for _, m := range once.Marks[:once.N] {
			if int(m.Off)+int(m.Len) > len(text) {
				t.Fatalf("mark %+v outside of %d bytes", m, len(text))
			}
		}
	})
}
