package parse

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// shortText is how much of a string is searched for its end and classified at once, eight bytes
// at a time; of longer ones first the end is found.
const shortText = 64

// text reads the string that opens at i and returns it without escapes.
func (w *jsonWalk) text(i int) (text []byte, classes point.Classes, end int) {
	quote := w.data[i]
	w.bad = w.bad || quote == '\''
	i++
	rest := w.data[i:]
	n, classes := plainRun(rest, quote)
	for ; n < min(len(rest), shortText+8); n++ {
		c := rest[n]
		if c == quote {
			return rest[:n], classes, i + n + 1
		}
		if c == '\\' {
			text, end = w.escaped(i, i+n, quote)
			return text, point.Classify(text), end
		}
		classes |= point.ClassOf[c]
	}
	from := n
	if n = bytes.IndexByte(rest[from:], quote); n < 0 {
		n = len(rest)
	} else {
		n += from
	}
	text = rest[:n]
	if classes |= point.Classify(text[from:]); classes&point.Backslash != 0 {
		text, end = w.escaped(i, i+bytes.IndexByte(text, '\\'), quote)
		return text, point.Classify(text), end
	}
	if n == len(rest) {
		return text, classes, w.end()
	}
	return text, classes, i + n + 1
}

// plainRun returns how many of the first bytes of a string, a multiple of eight, are neither its
// quote nor a backslash, and their classes.
func plainRun(b []byte, quote byte) (n int, classes point.Classes) {
	quotes := uint64(quote) * ones
	for n+8 <= len(b) && n < shortText {
		p := b[n : n+8 : n+8]
		x := binary.LittleEndian.Uint64(p)
		if zeroes(x^quotes)|zeroes(x^'\\'*ones) != 0 {
			break
		}
		classes |= point.ClassOf[p[0]] | point.ClassOf[p[1]] | point.ClassOf[p[2]] | point.ClassOf[p[3]] |
			point.ClassOf[p[4]] | point.ClassOf[p[5]] | point.ClassOf[p[6]] | point.ClassOf[p[7]]
		n += 8
	}
	return n, classes
}

// escaped reads the rest of a string from its first backslash on.
func (w *jsonWalk) escaped(start, i int, quote byte) (text []byte, end int) {
	for end = i; end < len(w.data) && w.data[end] != quote; end++ {
		if w.data[end] == '\\' {
			end++
		}
	}
	end = min(end, len(w.data))
	if !w.p.room(end - start) {
		return w.data[start:end], end
	}
	out := append(w.p.arena.Grow(end-start+utf8.UTFMax), w.data[start:i]...)
	for i < end {
		plain := bytes.IndexByte(w.data[i:end], '\\')
		if plain < 0 || i+plain+1 >= end {
			plain = end - i
		}
		if out = append(out, w.data[i:i+plain]...); i+plain == end {
			break
		}
		i += plain + 2
		switch c := w.data[i-1]; c {
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'u':
			out, i = w.unicode(out, i, end)
		case 'x': // JSON5
			if i+2 <= end && isHex(w.data[i:i+2]) {
				out, w.bad = append(out, lex.Hex(w.data[i])<<4|lex.Hex(w.data[i+1])), true
				i += 2
				continue
			}
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	text = w.p.arena.Commit(out)
	if end == len(w.data) {
		w.end()
		return text, end
	}
	return text, end + 1
}

// unicode appends what the digits of \uXXXX at i stand for, with the second half of a
// surrogate pair.
func (w *jsonWalk) unicode(out []byte, i, end int) (longer []byte, next int) {
	r, ok := hex4(w.data[i:end])
	if !ok {
		w.bad = true
		return append(out, 'u'), i
	}
	i += 4
	if r >= 0xd800 && r < 0xdc00 && i+6 <= end && w.data[i] == '\\' && w.data[i+1] == 'u' {
		if low, ok := hex4(w.data[i+2 : end]); ok && low >= 0xdc00 && low < 0xe000 {
			return utf8.AppendRune(out, (r-0xd800)<<10|(low-0xdc00)+0x10000), i + 6
		}
	}
	return utf8.AppendRune(out, r), i
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 || !isHex(b[:4]) {
		return 0, false
	}
	return rune(lex.Hex(b[0]))<<12 | rune(lex.Hex(b[1]))<<8 | rune(lex.Hex(b[2]))<<4 | rune(lex.Hex(b[3])), true
}
