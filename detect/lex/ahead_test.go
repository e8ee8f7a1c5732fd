package lex

import (
	"math/rand/v2"
	"testing"
)

func TestAhead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		data := make([]byte, r.IntN(60))
		for i := range data {
			data[i] = "abAB"[r.IntN(4)]
		}
		a := NewAhead(data, "aba")
		for from := 0; from <= len(data); from += r.IntN(9) {
			to := min(len(data), from+r.IntN(9))
			if got, want := a.In(from, to), Contains(data[from:to], "aba"); got != want {
				t.Fatalf("%q between %d and %d: %t, want %t", data, from, to, got, want)
			}
			if from == len(data) {
				break
			}
		}
	}
}
