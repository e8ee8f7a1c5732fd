package rce

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// FuzzScan checks that two scans agree and that marks lie inside of the value.
func FuzzScan(f *testing.F) {
	f.Add("1;c'a't ${HOME:0:1}etc|sh", uint8(0))
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := point.Kind(kind % 11)
		once, twice := scan(text, k), scan(text, k)
		if once != twice {
			t.Fatal("two scans differ")
		}
		within(t, &once, len(text))
	})
}

func within(t *testing.T, tally *evidence.Tally, n int) {
	t.Helper()
	for _, m := range tally.Marks[:tally.N] {
		if int(m.Off) > n || int(m.Off)+int(m.Len) > n+1 {
			t.Fatalf("mark %+v outside of %d bytes", m, n)
		}
	}
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
