package lex

import (
	"math/rand/v2"
	"testing"

	"github.com/weirnode/weir/point"
)

func TestListOfSmallWords(t *testing.T) {
	f := func(text string, at int, word string) {
		t.Helper()
		if i, w := NewList("wget ", "curl ", "cu", "::").First([]byte(text)); i != at || w != word {
			t.Errorf("First(%q) = %d, %q, want %d, %q", text, i, w, at, word)
		}
	}
	f("", -1, "")
	f("c", -1, "")
	f("a CURL x", 2, "curl ")
	f("a cur", 2, "cu")
	f("wwget ", 1, "wget ")
	f("wget", -1, "")
	f("a::", 1, "::")
	f(":", -1, "")
}

// TestListIsFirst holds a List to what First finds.
func TestListIsFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	text := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "abcABC_("[r.IntN(8)]
		}
		return string(b)
	}
	for range 2000 {
		var words []string
		for range 1 + r.IntN(9) {
			w := []byte(text(2 + r.IntN(3)))
			for i := range w {
				w[i] = Lower(w[i])
			}
			words = append(words, string(w))
		}
		data := []byte(text(r.IntN(12)))
		at, word := First(data, words)
		if i, w := NewList(words...).First(data); i != at || w != word {
			t.Fatalf("%q in %q: %d, %q, First says %d, %q", words, data, i, w, at, word)
		}
	}
}

func TestExactList(t *testing.T) {
	list := NewExactList("/etc", "%SYSTEM", "HKLM\\")
	for text, want := range map[string]bool{"": false, "cat /etc/x": true, "/ETC": false, "%system": false, "%SYSTEM%": true, "a HKLM\\b": true, "hklm\\b": false} {
		if got := list.In([]byte(text)); got != want {
			t.Errorf("In(%q) = %t", text, got)
		}
	}
}

func TestMayAny(t *testing.T) {
	var pairs point.Pairs
	pairs.Count([]byte("{{7*7}}"))
	if NewList("${", "#{").May(&pairs) || !NewList("${", "{{").May(&pairs) || !NewList("${").May(nil) {
		t.Error("List.May")
	}
	if !MayAny(&pairs, "${", "{{") || MayAny(&pairs, "${", "#{") || !MayAny(nil, "${") {
		t.Error("MayAny")
	}
}
