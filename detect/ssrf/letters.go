package ssrf

import "github.com/weirnode/weir/detect/lex"

// folds reports whether a name holds characters that clients fold to ASCII: enclosed
// and full-width letters, ideographic dots, encoded dots.
func folds(name []byte) bool {
	if lex.Contains(name, "%2e") {
		return true
	}
	for i := 0; i+2 < len(name); i++ {
		a, b, c := name[i], name[i+1], name[i+2]
		switch {
		case a == 0xe2 && b >= 0x91 && b <= 0x93 && (b > 0x91 || c >= 0xa0):
			return true
		case a == 0xef && (b == 0xbc && c >= 0x8e || b == 0xbd && c <= 0xa1):
			return true
		case a == 0xe3 && b == 0x80 && c == 0x82:
			return true
		case a == 0xe2 && b == 0x80 && (c == 0x8c || c == 0x8d) && i > 0 && name[i-1] >= 0x80: // that join letters of some alphabets
		case a == 0xc2 && b == 0xad, a == 0xe2 && b == 0x80 && c >= 0x8b && c <= 0x8d, a == 0xe2 && b == 0x81 && c == 0xa0: // that nobody sees and clients drop
			return true
		}
	}
	return false
}
