package xss

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
)

func TestQuiet(t *testing.T) {
	var q quiet
	if q.known(7) || q.known(12) {
		t.Error("a place is known before the code has ended")
	}
	q.loud()
	if q.known(20) {
		t.Error("a place is known that was not passed")
	}
	if q.keep(); !q.known(20) || q.known(7) || q.known(20+len(q.ends)) {
		t.Error("other places are known than those behind the last word that counts")
	}
}

// TestQuietChangesNothing reads programs behind each of their quotes with what is remembered and without.
func TestQuietChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	programs := strings.Split(`'|"|'|"|,|, |;|(|)|[|]|{|}|+|.|=|=>|a|b|foo|alert|alert(|document|.cookie|this|top|if(|for(|of|/*|*/|\n|  |javascript:|//h.example|eval|constructor|x=|onload=|<|in |return |get |open(|name`, "|")
	comments := strings.Split(`'|"|/*|*/|/*|*/|/|*|/**/|/***/|;|=| |\n|a|alert(1)|x=`, "|")
	for n := range 40_000 {
		parts := programs
		if n%2 == 0 {
			parts = comments
		}
		var text []byte
		for range 4 + r.IntN(40)*(1+r.IntN(6)) {
			text = append(text, parts[r.IntN(len(parts))]...)
		}
		var q quiet
		for _, quote := range []byte{'\'', '"'} {
			for i, c := range text {
				if c != quote || i+1 == len(text) {
					continue
				}
				var with, without evidence.Tally
				codeBehind(text, i+1, quote, &q, &with)
				code(text, i+1, quote, evidence.JSString, &without)
				if with != without {
					t.Fatalf("%q behind %d: %v, without %v", text, i, with, without)
				}
			}
		}
	}
}
