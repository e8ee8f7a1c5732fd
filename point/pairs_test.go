package point

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	var p Pairs
	for range 2000 {
		text := make([]byte, r.IntN(200))
		for i := range text {
			text[i] = byte(r.IntN(256))
			if r.IntN(2) == 0 {
				text[i] = byte('A' + r.IntN(64))
			}
		}
		p.Count(text)
		for from := range text {
			part := text[from:min(len(text), from+1+r.IntN(12))]
			other := bytes.Clone(part)
			for i, c := range other {
				if ClassOf[c] == Alpha && c != '_' {
					other[i] = c ^ 0x20
				}
			}
			if !p.May(string(part)) || !p.May(string(other)) {
				t.Fatalf("%q is not in %q", part, text)
			}
		}
	}
	p.Count([]byte("It's 12 o'clock"))
	for wanted, want := range map[string]bool{"IT'S": true, "99": true, "' ": false, "kc": false, "o": true, "": true} {
		if p.May(wanted) != want {
			t.Errorf("May(%q) is %v", wanted, !want)
		}
	}
	if !(*Pairs)(nil).May("${jndi:") {
		t.Error("nothing is known of a text that was not counted, yet something is not in it")
	}
}

func BenchmarkPairs(b *testing.B) {
	text := []byte(strings.Repeat("It is \"messy\" & has <b>all</b> {sorts: of} pairs;\n", 40))
	var p Pairs
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p.Count(text)
	}
}
