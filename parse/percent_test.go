package parse

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestUnescapeByBlocks: eight bytes at a time mean what one at a time do.
func TestUnescapeByBlocks(t *testing.T) {
	const letters = "ab+%%241uU \x00\xab\xff+"
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		s := make([]byte, random.IntN(40))
		for i := range s {
			if s[i] = 'x'; random.IntN(4) == 0 {
				s[i] = letters[random.IntN(len(letters))]
			}
		}
		for _, plus := range []bool{false, true} {
			var p Points
			p.use(&Options{})
			p.budget = 1 << 20
			got, _, _ := p.unescape(s, plus)
			if want := unescapeBytes(s, plus); !bytes.Equal(got, want) {
				t.Fatalf("%q: %q, want %q", s, got, want)
			}
		}
	}
}

func unescapeBytes(s []byte, plus bool) (out []byte) {
	for len(s) > 0 {
		buf := make([]byte, 4)
		width, escaped := 0, 0
		switch {
		case s[0] == '+' && plus:
			buf[0], width, escaped = ' ', 1, 1
		case s[0] == '%':
			width, escaped = escape(buf, s)
		}
		if escaped == 0 {
			buf[0], width, escaped = s[0], 1, 1
		}
		out, s = append(out, buf[:width]...), s[escaped:]
	}
	return out
}
