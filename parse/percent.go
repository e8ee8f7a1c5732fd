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
		p.variant(out, at.deeper(p.Tree.Add(at.ref, point.Percent), point.DoubleEsc))
	}
}
