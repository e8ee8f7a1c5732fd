package lex

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestMarksFindTheNext holds Marks to a look at every byte.
func TestMarksFindTheNext(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	for range 2000 {
		data := make([]byte, r.IntN(60))
		for i := range data {
			data[i] = "abcd;|&{"[r.IntN(1+r.IntN(8))]
		}
		var m Marks
		marks := []byte(";|&{")[:r.IntN(MostMarks+1)]
		for _, c := range marks {
			if !m.Add(c) {
				t.Fatalf("%q is one too many of %q", c, marks)
			}
		}
		for i := 0; i <= len(data); i += 1 + r.IntN(3) {
			want := len(data)
			if n := bytes.IndexAny(data[i:], string(marks)); n >= 0 {
				want = i + n
			}
			if got := m.Next(data, i); got != want {
				t.Fatalf("%q from %d on: %d, want %d", data, i, got, want)
			}
		}
		if len(marks) == MostMarks && m.Add('x') {
			t.Fatal("there is room for more than the most")
		}
	}
}
