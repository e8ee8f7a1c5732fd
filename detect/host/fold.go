package host

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirnode/weir/detect/lex"
)

// Fold appends a host to dst as clients read it that decode escapes, drop what nobody sees and
// fold letters, digits and dots of other forms to ASCII. It reports whether the result differs.
func Fold(dst, name []byte) (out []byte, changed bool) {
	for i := 0; i < len(name); {
		switch c := name[i]; {
		case c == '%' && i+2 < len(name) && lex.Hex(name[i+1]) < 8 && lex.Hex(name[i+2]) < 16:
			dst = append(dst, lex.Hex(name[i+1])<<4|lex.Hex(name[i+2]))
			i, changed = i+3, true
		case c < utf8.RuneSelf:
			dst = append(dst, c)
			i++
		default:
			r, n := utf8.DecodeRune(name[i:])
			if text, known := ascii(r); known {
				dst, changed = append(dst, bytes.TrimLeft(text[:], "\x00")...), true
			} else {
				dst = append(dst, name[i:i+n]...)
			}
			i += n
		}
	}
	return dst, changed
}

// forms are ranges of characters that stand for ASCII ones in their order; again is after how
// many the order begins anew.
var forms = [...]struct {
	first, last rune
	as          byte
	again       rune
}{
	{'！', '～', '!', 94},
	{'①', '⑨', '1', 9},
	{'⓪', '⓪', '0', 1},
	{'Ⓐ', 'Ⓩ', 'a', 26},
	{'ⓐ', 'ⓩ', 'a', 26},
	{'⁰', '⁰', '0', 1},
	{'⁴', '⁹', '4', 6},
	{'₀', '₉', '0', 10},
	{'²', '³', '2', 2},
	{'¹', '¹', '1', 1},
	{'𝐀', '𝚣', 'a', 26},
	{'𝟎', '𝟿', '0', 10},
	{'。', '。', '.', 1},
	{'｡', '｡', '.', 1},
	{'ª', 'ª', 'a', 1},
	{'º', 'º', 'o', 1},
	{'ſ', 'ſ', 's', 1},
	{'ℓ', 'ℓ', 'l', 1},
	{'ℎ', 'ℎ', 'h', 1},
	{'ℴ', 'ℴ', 'o', 1},
	{'ⅼ', 'ⅼ', 'l', 1},
	{'ⅽ', 'ⅽ', 'c', 1},
}

// ascii returns what a character is folded to, with NUL in front of it: nothing for what nobody
// sees, two digits for ⑯.
func ascii(r rune) (text [2]byte, known bool) {
	switch {
	case r == '\u00ad', '\u200b' <= r && r <= '\u200d', r == '\u2060', r == '\ufeff':
		return text, true
	case '⑩' <= r && r <= '⑳':
		n := byte(r-'⑩') + 10
		return [2]byte{'0' + n/10, '0' + n%10}, true
	}
	for i := range forms {
		if f := &forms[i]; f.first <= r && r <= f.last {
			return [2]byte{0, f.as + byte((r-f.first)%f.again)}, true
		}
	}
	return text, false
}
