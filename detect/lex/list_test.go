package lex

import (
	"testing"

	"github.com/weirnode/weir/point"
)

func TestList(t *testing.T) {
	l := NewList("union", "on", "'or ")
	f := func(text string, at int, word string) {
		t.Helper()
		i, w := l.First([]byte(text))
		if i != at || w != word || l.In([]byte(text)) != (at >= 0) {
			t.Errorf("%q: %d %q, want %d %q", text, i, w, at, word)
		}
		var p point.Pairs
		p.Count([]byte(text))
		if at >= 0 && (!l.May(&p) || !l.May(nil)) {
			t.Errorf("pairs of %q may not hold a word of it", text)
		}
	}
	f("a UNION b", 2, "union")
	f("only", 0, "on")
	f("x'or 1", 1, "'or ")
	f("u", -1, "")
	f("", -1, "")
	f("o'r n", -1, "")
	var p point.Pairs
	p.Count([]byte("a plain text"))
	if l.May(&p) {
		t.Error("a plain text may hold a word of the list")
	}
}

func TestIndexPaired(t *testing.T) {
	text := []byte("a ${b}")
	var p point.Pairs
	p.Count(text)
	for mark, want := range map[string]int{"${": 2, "{{": -1, "}": 5} {
		if got, other := IndexPaired(&p, text, mark), IndexPaired(nil, text, mark); got != want || other != want {
			t.Errorf("%q at %d and %d, want %d", mark, got, other, want)
		}
	}
}

func TestCalls(t *testing.T) {
	c := NewCalls("doc(", "count(", "x.v(")
	for text, want := range map[string]int{"a doc(": 2, "DOC(1)": 0, "(doc": -1, "((X.V(": 2, "": -1, "(": -1, "account(count(": 2, "a(b(c": -1} {
		if got, _ := c.First([]byte(text)); got != want || c.In([]byte(text)) != (want >= 0) {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestPrefixes(t *testing.T) {
	p := NewPrefixes("load ", "load csv", "match(", "<a")
	for text, want := range map[string]int{"": 0, "LOAD CSV": 5, "load": 0, "Match(n)": 6, "<A>": 2, "a<a": 0} {
		if got := p.Length([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestIndexFirst(t *testing.T) {
	for text, want := range map[string][2]int{"": {-1, -1}, "a'b\"": {1, -1}, "a\"b'": {1, -1}, "ab\r\n": {-1, 2}, "a\n'\r": {2, 1}, "\r": {-1, 0}} {
		if got := [2]int{FarQuote([]byte(text)), LineBreak([]byte(text))}; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestCallsMay(t *testing.T) {
	c := NewCalls("doc(", "count(")
	var p point.Pairs
	p.Count([]byte("a Doc(1)"))
	if !c.May(&p) || !c.May(nil) {
		t.Error("a text may not hold the call in it")
	}
	if p.Count([]byte("func (a)")); c.May(&p) {
		t.Error("a text may hold a call of which a pair is not in it")
	}
}
