package lex

import (
	"strings"
	"testing"
)

func TestIndex(t *testing.T) {
	f := func(data, lower string, part, word int) {
		t.Helper()
		if got := Index([]byte(data), lower); got != part {
			t.Errorf("Index(%q, %q) = %d, want %d", data, lower, got, part)
		}
		if got := IndexWord([]byte(data), lower); got != word {
			t.Errorf("IndexWord(%q, %q) = %d, want %d", data, lower, got, word)
		}
	}
	f("", "nikto", -1, -1)
	f("Mozilla (NIKTO/2)", "nikto", 9, 9)
	f("niktonikto nikto", "nikto", 0, 11)
	f("a__class__b", "__class__", 1, -1)
	f("<!<!DocType x", "<!doctype", 2, 2)
	f("nikt", "nikto", -1, -1)
}

func TestPrefixAndSuffix(t *testing.T) {
	if !HasPrefix([]byte("HTTP://x"), "http:") || HasPrefix([]byte("ht"), "http") || HasPrefix([]byte("@TTP"), "`ttp") {
		t.Error("HasPrefix")
	}
	if !HasSuffix([]byte("a.SQL"), ".sql") || HasSuffix([]byte("sql"), ".sql") {
		t.Error("HasSuffix")
	}
	if !Equal([]byte("Bcc"), "bcc") || Equal([]byte("bcc:"), "bcc") {
		t.Error("Equal")
	}
}

func TestProse(t *testing.T) {
	f := func(text string, want bool) {
		t.Helper()
		if got := Prose([]byte(text)); got != want {
			t.Errorf("Prose(%q) = %v", text, got)
		}
	}
	f("", false)
	f("John Smith", false)
	f("{{7*7}} {{7*7}} {{7*7}} {{7*7}} {{7*7}}", false)
	f("In our template we write ", true)
	f(`<a xmlns="http://a.b/" xmlns:xsi="http://c.d/" xsi:e="http://f.g/ http://`, false)
	f("Note: in our pages, as you see, ", true)
	f("Straße und Häuser über alles, ", true)
}

func TestShown(t *testing.T) {
	f := func(text, sign string, want bool) {
		t.Helper()
		from := strings.Index(text, sign)
		if got := Shown([]byte(text), from, from+len(sign)); got != want {
			t.Errorf("Shown(%q) = %v", text, got)
		}
	}
	f("<x>", "<x>", false)
	f("<x> is what you write in the page", "<x>", false)
	f("hello <x>", "<x>", false)
	f("a'<x>', and then the rest of the query goes on", "<x>", false)
	f("Use <x> in the page that you write", "<x>", true)
	f("In our pages we often write <x>", "<x>", true)
}

func TestIndexIsLinear(*testing.T) {
	data := []byte(strings.Repeat("a", 1<<20) + strings.Repeat("<", 1<<20))
	_, _, _ = Index(data, "ab"), IndexWord(data, "<!"), Prose(data)
}

func TestLineEnd(t *testing.T) {
	for in, want := range map[string]int{"\r": 1, "\n": 1, "\u0085": 2, "\u2028": 3, "\u2029": 3, "%0D": 3, "%0a": 3, "a": 0, "\xc2": 0, "\xe2\x80": 0, "%0": 0, "%20": 0, "\u2027": 0} {
		if got := LineEnd([]byte("x"+in), 1); got != want {
			t.Errorf("%q takes %d, want %d", in, got, want)
		}
	}
}

func TestSkipLineEscapes(t *testing.T) {
	for in, want := range map[string]int{`x\r\na`: 5, `x\n\n`: 5, `xa`: 1, `x\t`: 1, `x\`: 1, `x\r\`: 3} {
		if got := SkipLineEscapes([]byte(in), 1); got != want {
			t.Errorf("%q: index %d, want %d", in, got, want)
		}
	}
}

func TestOneOfAndPrefixLength(t *testing.T) {
	for text, want := range map[string]struct {
		oneOf bool
		n     int
	}{"CAT": {true, 3}, "cat x": {false, 3}, "ca": {false, 0}, "": {false, 0}, "tail": {true, 4}} {
		if got := OneOf([]byte(text), "cat", "tail"); got != want.oneOf {
			t.Errorf("OneOf(%q) = %t", text, got)
		}
		if got := PrefixLength([]byte(text), []string{"cat", "tail"}); got != want.n {
			t.Errorf("PrefixLength(%q) = %d, want %d", text, got, want.n)
		}
	}
}

func TestSuffixLength(t *testing.T) {
	for text, want := range map[string]int{"a.PHP": 4, ".sh": 3, "a.shx": 0, "": 0, "sh": 0} {
		if got := SuffixLength([]byte(text), []string{".php", ".sh"}); got != want {
			t.Errorf("SuffixLength(%q) = %d, want %d", text, got, want)
		}
	}
}
