package ptrav

import (
	"math/rand/v2"
	"testing"
)

// TestStarts holds the finder of paths to a look at each byte.
func TestStarts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		data := make([]byte, r.IntN(24))
		for i := range data {
			data[i] = "a/\\..:~ %1"[r.IntN(10)]
		}
		s := newStarts(data, nil)
		for from := 0; ; {
			got, want := s.next(from), slowStart(data, from)
			if got != want {
				t.Fatalf("%q from %d: %d, want %d", data, from, got, want)
			}
			if got < 0 {
				break
			}
			from = max(from, got) + 1 + r.IntN(3)
		}
	}
}

// slowStart looks at each byte from a place on.
func slowStart(data []byte, from int) int {
	for i := from; i < len(data); i++ {
		switch c := data[i]; {
		case c == '.' && i+1 < len(data) && data[i+1] == '.' && (i == 0 || data[i-1] != '.'):
			if leads(data, i) {
				return backToSlash(data, i)
			}
		case (c == '/' || c == '\\') && (i == 0 || !isPathByte(data[i-1])), c == '~' && i == 0:
			return i
		case c == ':' && i+1 < len(data) && (data[i+1] == '\\' || data[i+1] == '/') && i > 0 && (i == 1 || !isPathByte(data[i-2])):
			return i - 1
		}
	}
	return -1
}
