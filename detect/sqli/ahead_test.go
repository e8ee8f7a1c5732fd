package sqli

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestAheadChangesNothing reads texts from many of their places with what is remembered and without.
func TestAheadChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	parts := strings.Split("#|#|--|-- |\n|\n|/*|*/|*/|/*|/*/|/|*|'|\"|a|1|(|)|{|}|,| |;|#(|#a|\u2014 |`|''|\\|/*!|or", "|")
	for range 5000 {
		var text []byte
		some := parts[r.IntN(len(parts)/2):]
		for range 20 + r.IntN(300) {
			text = append(text, some[r.IntN(1+r.IntN(len(some)))]...)
		}
		a := newAhead()
		for range 30 {
			from, m := r.IntN(len(text)), mode(r.IntN(2))*nests
			m.follow(kind(r.IntN(int(comment))))
			with, without := lexer{data: text, ahead: a, pos: from, mode: m}, lexer{data: text, pos: from, mode: m}
			for n := 0; ; n++ {
				got, want := with.next(), without.next()
				if got != want || with.pos != without.pos || with.mode != without.mode {
					t.Fatalf("%q from %d: token %d is %v, mode %x, without %v, %x", text, from, n, got, with.mode, want, without.mode)
				}
				if got.kind == end {
					break
				}
			}
		}
		aheads.Put(a)
	}
}
