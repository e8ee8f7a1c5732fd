package xss

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/lex"
)

// TestWordsAreComplete holds the filters to the switches that ask for more behind them.
func TestWordsAreComplete(t *testing.T) {
	cases, n := detecttest.Cases(t, "*.go"), 0
	for function, filter := range map[string]*lex.Words{"sinkWeight": heeded, "secret": heeded, "acts": heeded, "word": heeded, "lookedUp": heeded, "isURLAttribute": holding} {
		for _, word := range cases[function] {
			if n++; !filter.Has([]byte(word)) {
				t.Errorf("%s asks for %q, which its filter does not hold", function, word)
			}
		}
	}
	if n < 120 {
		t.Errorf("only %d words", n)
	}
}
