package parse

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// unescape decodes percent escapes once, %uXXXX too, and pluses to blanks if asked.
// Bytes that begin no escape stay as they are. It returns s itself if there is
// nothing to decode.
func (p *Points) unescape(s []byte, plus bool) (out []byte, changed, bad bool) {
	i := 0
	if len(s) > 16 {
		i = unescaped(s, plus)
	}
	for i < len(s) && s[i] != '%' && (s[i] != '+' || !plus) {
		i++
	}
	if i == len(s) || !p.room(len(s)) {
		return s, false, false
	}
	out = p.arena.Grow(len(s))[:len(s)] // what is decoded is never longer
	n := copy(out, s[:i])
	for again := i; i < len(s); { // from where on eight bytes are tried at once
		if i >= again {
			if k, blanks := plainBytes(out[n:], s[i:], plus); k > 0 {
				changed = changed || blanks
				n, i = n+k, i+k
				continue
			}
			again = i + 8
		}
		c := s[i]
		if c == '+' && plus {
			c, changed = ' ', true
		} else if c == '%' {
			if width, escaped := escape(out[n:], s[i:]); escaped > 0 {
				changed = true
				n += width
				i += escaped
				continue
			}
			bad = true
		}
		out[n] = c
		n++
		i++
	}
	if !changed {
		return s, false, bad
	}
	return p.arena.Commit(out[:n]), true, bad
}

// unescaped returns how many of the first bytes of s, a multiple of eight, are before its first
// escape.
func unescaped(s []byte, plus bool) (n int) {
	for ; n+8 <= len(s); n += 8 {
		x := binary.LittleEndian.Uint64(s[n:])
		if lex.Zeroes(x^'%'*lex.Ones) != 0 || plus && lex.Zeroes(x^'+'*lex.Ones) != 0 {
			break
		}
	}
	return n
}

// plainBytes decodes s up to its first percent sign into out, which is as long, eight bytes at a
// time, and returns how many: it leaves the last few. Blanks reports whether there was a plus.
func plainBytes(out, s []byte, plus bool) (n int, blanks bool) {
	pluses := uint64(0)
	if plus {
		pluses = '+' * lex.Ones
	}
	found := uint64(0)
	for len(s) >= 8 && len(out) >= 8 {
		x := binary.LittleEndian.Uint64(s)
		at := lex.Zeroes(x ^ pluses)
		percents := lex.Zeroes(x ^ '%'*lex.Ones)
		if percents != 0 {
			break
		}
		if plus {
			found |= at
			x ^= at >> 7 * ('+' ^ ' ')
		}
		binary.LittleEndian.PutUint64(out, x)
		s, out = s[8:], out[8:]
		n += 8
	}
	return n, plus && found != 0
}

// escape decodes the escape that s begins with into out and returns how many bytes it
// takes there and took here; 0 if there is none.
func escape(out, s []byte) (width, escaped int) {
	if len(s) < 3 {
		return 0, 0
	}
	if hi, lo := lex.Hex(s[1]), lex.Hex(s[2]); hi < 16 && lo < 16 {
		out[0] = hi<<4 | lo
		return 1, 3
	}
	if len(s) >= 6 && s[1]|0x20 == 'u' && isHex(s[2:6]) {
		r, _ := hex4(s[2:6])
		return utf8.EncodeRune(out, r), 6
	}
	return 0, 0
}

// hasEscape reports whether s holds an escape, not only percent signs.
func hasEscape(s []byte) bool {
	var out [utf8.UTFMax]byte
	for {
		i := bytes.IndexByte(s, '%')
		if i < 0 {
			return false
		}
		if _, escaped := escape(out[:], s[i:]); escaped > 0 {
			return true
		}
		s = s[i+1:]
	}
}

func isHex(s []byte) bool {
	for _, c := range s {
		if lex.Hex(c) > 15 {
			return false
		}
	}
	return true
}

// percent decodes a value that still holds escapes: encoded more than once, or in a
// place where the transport does not decode. Values of parameters and cookies are
// escaped as forms are, with pluses for blanks.
func (p *Points) percent(data []byte, at place) {
	if !hasEscape(data) {
		return
	}
	out, changed, _ := p.unescape(data, at.kind == point.Text || at.kind == point.CookieText || at.kind == point.Referer)
	if changed {
		p.variant(out, at.deeper(p.Tree.Add(at.ref, point.Percent), point.DoubleEsc))
	}
}
