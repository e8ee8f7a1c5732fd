package rce

import (
	"testing"

	"github.com/weirnode/weir/point"
)

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "1;c'a't ${HOME:0:1}etc|sh")
}

// FuzzWord checks that a word of a shell ends inside of the value behind its start.
func FuzzWord(f *testing.F) {
	f.Add([]byte(`w"h"oa\\mi$@`), 0)
	f.Fuzz(func(t *testing.T, data []byte, i int) {
		if i < 0 || i > len(data) {
			return
		}
		w := readWord(data, i)
		if w.end < i || w.end > len(data) || w.n > len(w.buf) {
			t.Fatalf("word from %d to %d of %d bytes", i, w.end, len(data))
		}
	})
}
