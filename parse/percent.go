package parse

import (
	"unicode/utf8"

	"github.com/weirnode/weir/point"
)

// unescape decodes percent escapes once, %uXXXX too, and pluses to blanks if asked.
// Bytes that begin no escape stay as they are. It returns s itself if there is
// nothing to decode.
func (p *Points) unescape(s []byte, plus bool) (out []byte, changed, bad bool) {
	i := 0
	for i < len(s) && s[i] != '%' && (s[i] != '+' || !plus) {
		i++
	}
	if i == len(s) || !p.room(len(s)) {
		return s, false, false
	}
	out = append(p.arena.Grow(len(s)), s[:i]...)
	for i < len(s) {
		c := s[i]
		switch {
		case c == '+' && plus:
			out = append(out, ' ')
			changed = true
			i++
			continue
		case c != '%':
		case i+2 < len(s) && hexValue(s[i+1]) < 16 && hexValue(s[i+2]) < 16:
			out = append(out, hexValue(s[i+1])<<4|hexValue(s[i+2]))
			changed = true
			i += 3
			continue
		case i+5 < len(s) && s[i+1]|0x20 == 'u' && isHex(s[i+2:i+6]):
			r := rune(hexValue(s[i+2]))<<12 | rune(hexValue(s[i+3]))<<8 | rune(hexValue(s[i+4]))<<4 | rune(hexValue(s[i+5]))
			out = utf8.AppendRune(out, r)
			changed = true
			i += 6
			continue
		default:
			bad = true
		}
		out = append(out, c)
		i++
	}
	if !changed {
		return s, false, bad
	}
	return p.arena.Commit(out), true, bad
}

func isHex(s []byte) bool {
	for _, c := range s {
		if hexValue(c) > 15 {
			return false
		}
	}
	return true
}

// percent decodes a value that still holds escapes: encoded more than once, or in a
// place where the transport does not decode. Values of parameters and cookies are
// escaped as forms are, with pluses for blanks.
func (p *Points) percent(data []byte, at place) {
	out, changed, _ := p.unescape(data, at.kind == point.Text || at.kind == point.CookieText || at.kind == point.Referer)
	if changed {
		p.value(out, at.deeper(p.Tree.Add(at.ref, point.Percent), point.DoubleEsc))
	}
}

// fold adds the ASCII reading of overlong UTF-8 and of full-width characters.
func (p *Points) fold(data []byte, at place) {
	i := 0
	for i < len(data) {
		if _, n := folded(data[i:]); n > 0 {
			break
		}
		i++
	}
	if i == len(data) || !p.room(len(data)) {
		return
	}
	out := append(p.arena.Grow(len(data)), data[:i]...)
	for i < len(data) {
		c, n := folded(data[i:])
		if n == 0 {
			c, n = data[i], 1
		}
		out = append(out, c)
		i += n
	}
	p.value(p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.Charset), point.Overlong))
}

// folded returns the ASCII character that some decoders read at the start of b, and
// how many bytes it takes; 0 if there is none.
func folded(b []byte) (c byte, n int) {
	switch {
	case len(b) >= 2 && (b[0] == 0xc0 || b[0] == 0xc1):
		return (b[0]&1)<<6 | b[1]&0x3f, 2
	case len(b) >= 3 && b[0] == 0xe0 && b[1] >= 0x80 && b[1] < 0x82 && b[2]&0xc0 == 0x80:
		return (b[1]&1)<<6 | b[2]&0x3f, 3
	case len(b) >= 3 && b[0] == 0xef && (b[1] == 0xbc || b[1] == 0xbd) && b[2]&0xc0 == 0x80:
		if r := (rune(b[1]&0x3f)<<6 | rune(b[2]&0x3f)) - 0xf00 + 0x20; r > 0x20 && r < 0x7f {
			return byte(r), 3
		}
	case len(b) >= 3 && b[0] == 0xe2 && b[1] == 0x80 && (b[2] == 0x98 || b[2] == 0x99):
		return '\'', 3
	case len(b) >= 3 && b[0] == 0xe2 && b[1] == 0x80 && (b[2] == 0x9c || b[2] == 0x9d):
		return '"', 3
	case len(b) >= 3 && b[0] == 0xe2 && b[1] == 0x88 && (b[2] == 0x95 || b[2] == 0x96):
		return "/\\"[b[2]-0x95], 3
	}
	return 0, 0
}
