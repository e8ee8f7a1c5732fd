package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// fold adds the ASCII reading of overlong UTF-8, of full-width characters and of
// those that converters take for their best fit in ASCII.
func (p *Points) fold(data []byte, at place) {
	i := 0
	for i < len(data) {
		if i = nextHigh(data, i); i < len(data) {
			if _, n, _ := folded(data[i:]); n > 0 {
				break
			}
			i++
		}
	}
	if i == len(data) || !p.room(len(data)) {
		return
	}
	out := append(p.arena.Grow(len(data)), data[:i]...)
	var flags point.Flags
	var found point.Classes
	letters := 0 // of the mathematical alphabets or full width, and underscores
	for i < len(data) {
		c, n, flag := folded(data[i:])
		if n == 0 {
			c, n = data[i], 1
		} else {
			found |= point.ClassOf[c]
			flags |= flag
			letters += n >> 2
			if c == '_' || n == 3 && lex.Letter(c) { // of names in programs; full width
				letters++
			}
			if n == 3 && lex.Letter(c) && (i > 0 && lex.Letter(data[i-1]) || i+n < len(data) && lex.Letter(data[i+n])) { // within a word
				letters = tellingLetters
			}
		}
		out = append(out, c)
		i += n
		high := nextHigh(data, i)
		out = append(out, data[i:high]...)
		i = high
	}
	if found&^(point.Alpha|point.Digit|point.High) == 0 && flags&point.Overlong == 0 && letters < tellingLetters && len(out)*2 > len(data) {
		return // ordinary text with a letter or two that is folded
	}
	p.variant(p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.Charset), flags))
}

// tellingLetters is how many letters must be folded to matter by themselves.
const tellingLetters = 3

// maxZeros bounds a text from which NULs are dropped, in bytes.
const maxZeros = 2 << 10

// withoutZeros adds the reading of those who drop NULs in the middle of words, as old servers do:
// uni\x00on. Text with other control bytes is no text.
func (p *Points) withoutZeros(data []byte, at place) {
	within := false
	for i, c := range data {
		switch {
		case point.ClassOf[c] != point.Control:
		case c != 0:
			return
		default:
			within = within || i > 0 && i+1 < len(data) && lex.Letter(data[i-1]) && lex.Letter(data[i+1])
		}
	}
	if !within || bytes.Contains(data, []byte("..")) || !p.room(len(data)) { // in a path a NUL ends the name
		return
	}
	out := p.arena.Grow(len(data))
	for _, c := range data {
		if c != 0 {
			out = append(out, c)
		}
	}
	p.variant(p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.Charset), point.FromCharset))
}

// nextHigh returns where the next byte outside of ASCII is, from i on.
func nextHigh(data []byte, i int) int {
	for i < len(data) && data[i] < 0x80 {
		i++
	}
	return i
}

// folded returns the ASCII character that some decoders read at the start of b, and
// how many bytes it takes; 0 if there is none.
func folded(b []byte) (c byte, n int, flag point.Flags) {
	if c, n = overlong(b); n > 0 {
		return c, n, point.Overlong
	}
	if len(b) < 2 {
		return 0, 0, 0
	}
	if len(b) >= 4 && b[0] == 0xf0 && b[1] == 0x9d {
		c, n = mathematical(b)
	} else if len(b) >= 3 && b[0] >= 0xe0 && b[0] < 0xf0 {
		c, n = bestFit3(b)
	} else if i := bytes.IndexByte([]byte{0xb9, 0xba, 0xbc}, b[1]); b[0] == 0xca && i >= 0 {
		c, n = "'\"'"[i], 2 // U+02B9, U+02BA, U+02BC
	} else if b[0] == 0xc2 && b[1] == 0xb4 {
		c, n = '\'', 2
	}
	return c, n, point.BestFit
}

// overlong reads ASCII that is encoded in more bytes than it takes. Old decoders
// took the low bits of whatever followed the first byte, so two bytes need not be
// well-formed.
func overlong(b []byte) (c byte, n int) {
	switch {
	case len(b) >= 2 && (b[0] == 0xc0 || b[0] == 0xc1):
		return (b[0]&1)<<6 | b[1]&0x3f, 2
	case b[0] == 0xe0:
		n = 3
	case b[0] == 0xf0:
		n = 4
	case b[0] == 0xf8:
		n = 5
	case b[0] == 0xfc:
		n = 6
	default:
		return 0, 0
	}
	if len(b) < n || b[n-2]&0xfe != 0x80 || b[n-1]&0xc0 != 0x80 {
		return 0, 0
	}
	for _, zero := range b[1 : n-2] {
		if zero != 0x80 {
			return 0, 0
		}
	}
	return (b[n-2]&1)<<6 | b[n-1]&0x3f, n
}

// mathematical reads a letter or a digit of the mathematical alphabets, U+1D400 to
// U+1D7FF, as Unicode's compatibility forms have it.
func mathematical(b []byte) (c byte, n int) {
	r := rune(b[2]&0x3f)<<6 | rune(b[3]&0x3f) | 0x1d000
	switch {
	case r >= 0x1d400 && r < 0x1d6a4:
		c = byte((r - 0x1d400) % 52)
		if c < 26 {
			return 'A' + c, 4
		}
		return 'a' + c - 26, 4
	case r >= 0x1d7ce && r <= 0x1d7ff:
		return '0' + byte((r-0x1d7ce)%10), 4
	}
	return 0, 0
}

// smallForms are the compatibility forms of U+FE50 to U+FE6B, a blank for what is none of ASCII.
const smallForms = ", . ;:?! (){}  #&*+-<>= \\$%@"

// bestFit3 reads the look-alikes of three bytes.
func bestFit3(b []byte) (c byte, n int) {
	if b[1]&0xc0 != 0x80 || b[2]&0xc0 != 0x80 {
		return 0, 0
	}
	r := rune(b[0]&0x0f)<<12 | rune(b[1]&0x3f)<<6 | rune(b[2]&0x3f)
	switch {
	case r > 0xff00 && r < 0xff5f: // full width
		return byte(r - 0xff00 + 0x20), 3
	case r > 0xf020 && r < 0xf07f: // symbols, by their low byte
		return byte(r - 0xf000), 3
	}
	if r >= 0xfe50 && r < 0xfe50+rune(len(smallForms)) && smallForms[r-0xfe50] != ' ' {
		return smallForms[r-0xfe50], 3
	}
	switch r {
	case 0x2018, 0x2019, 0x2032:
		return '\'', 3
	case 0x201c, 0x201d, 0x2033:
		return '"', 3
	case 0x2215, 0x2044:
		return '/', 3
	case 0x2216:
		return '\\', 3
	case 0x2024:
		return '.', 3
	case 0x3008:
		return '<', 3
	case 0x3009:
		return '>', 3
	case 0x560a: // cut to its low byte, as are the next three
		return '\n', 3
	case 0x560d:
		return '\r', 3
	case 0x563c:
		return '<', 3
	case 0x563e:
		return '>', 3
	default:
		return 0, 0
	}
}
