package parse

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// text reads the string that opens at i and returns it without escapes.
func (w *jsonWalk) text(i int) (text []byte, classes point.Classes, end int) {
	quote := w.data[i]
	w.bad = w.bad || quote == '\''
	i++
	text = w.data[i:]
	n := bytes.IndexByte(text, quote)
	if n >= 0 {
		text = text[:n]
	}
	classes = point.Classify(text)
	switch {
	case classes&point.Backslash != 0:
		text, end = w.escaped(i, i+bytes.IndexByte(text, '\\'), quote)
		return text, point.Classify(text), end
	case n < 0:
		return text, classes, w.end()
	}
	return text, classes, i + n + 1
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
