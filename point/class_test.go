package point

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestClassify holds what is told of many bytes at once to the table: each byte at each place
// of texts of many lengths, and random texts.
func TestClassify(t *testing.T) {
	for c := range 256 {
		for _, n := range []int{1, 31, 32, 33, 63, 64, 65, 100} {
			for at := range n {
				text := bytes.Repeat([]byte{'7'}, n)
				text[at] = byte(c)
				if got, want := Classify(text), classify(text); got != want {
					t.Fatalf("%#x at %d of %d: %#x, want %#x", c, at, n, got, want)
				}
			}
		}
	}
	r := rand.New(rand.NewPCG(4, 2026))
	for range 10_000 {
		text := make([]byte, r.IntN(200))
		for i := range text {
			text[i] = byte(r.Uint32() >> r.IntN(8))
		}
		if got, want := Classify(text), classify(text); got != want {
			t.Fatalf("%q: %#x, want %#x", text, got, want)
		}
	}
}
