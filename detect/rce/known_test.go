package rce

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
)

func TestKnownIsComplete(t *testing.T) {
	n := 0
	for _, words := range detecttest.Cases(t, "commands.go") {
		for _, word := range words {
			if n++; !known.Has([]byte(word)) {
				t.Errorf("known does not hold %q", word)
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d words", n)
	}
}
