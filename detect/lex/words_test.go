package lex

import "testing"

func TestWords(t *testing.T) {
	w := NewWords("select union a xp_cmdshell")
	for _, name := range []string{"select", "union", "a", "xp_cmdshell", "Select", "UNION"} {
		if !w.Has([]byte(name)) {
			t.Errorf("%s is not one of the words", name)
		}
	}
	for _, name := range []string{"", "desk", "selects", "sel", "b", "un", "sexect", "un\x09on"} {
		if w.Has([]byte(name)) {
			t.Errorf("%q is one of the words", name)
		}
	}
}

func TestTwoWords(t *testing.T) {
	f := func(text, first, second string, ok bool) {
		t.Helper()
		a, b, _, got := TwoWords([]byte(text))
		if got != ok || ok && (string(a) != first || string(b) != second) {
			t.Errorf("%q: %q, %q, %v", text, a, b, got)
		}
	}
	f("oak desk", "oak", "desk", true)
	f("oak  desk and more", "oak", "desk", true)
	f("12 Garden Street", "12", "Garden", true)
	f("room 12", "room", "12", true)
	f("oak-top desk", "", "", false)
	f("oak desk, grey", "", "", false)
	f("1st desk", "", "", false)
	f("oak ", "", "", false)
	f("", "", "", false)
	f(" oak desk", "", "", false)
}

func TestGaps(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 0, "a b": 1, " a  b   c ": 4, "    ": 1} {
		if got := Gaps([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func TestClassName(t *testing.T) {
	for name, want := range map[string]bool{"java.lang.Thread": true, "a.B": true, "": false, "Thread": false, "a.": false, ".B": false, "A.B": false, "groovy.version": false} {
		if got := ClassName([]byte(name)); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
