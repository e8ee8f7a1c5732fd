package lex

import "testing"

func TestWords(t *testing.T) {
	w := NewWords("select union a xp_cmdshell")
	for _, name := range []string{"select", "union", "a", "xp_cmdshell"} {
		if !w.May([]byte(name)) {
			t.Errorf("%s may not be one of the words", name)
		}
	}
	for _, name := range []string{"", "desk", "selects", "sel", "b", "un"} {
		if w.May([]byte(name)) {
			t.Errorf("%q may be one of the words", name)
		}
	}
}
