// Package inert keeps text of strangers from acting on whoever reads it on a terminal:
// control bytes that colour, move the cursor or forge lines, and marks that turn the
// direction of writing.
package inert

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// JSON returns a writer that passes on JSON with what acts escaped as \uXXXX. Encoders
// of JSON escape the bytes below 0x20 only: not DEL, the controls of Latin-1 (0x9b begins
// a sequence as ESC [ does), and the marks of direction. Characters must not be split
// between writes; encoders write whole values.
func JSON(w io.Writer) io.Writer { return escaping{w} }

type escaping struct{ io.Writer }

func (e escaping) Write(p []byte) (int, error) {
	if clean(p) {
		return e.Writer.Write(p)
	}
	out := make([]byte, 0, len(p)+64)
	for i := 0; i < len(p); {
		r, n := utf8.DecodeRune(p[i:])
		if acts(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, p[i:i+n]...)
		}
		i += n
	}
	if _, err := e.Writer.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// clean reports whether all bytes are printable ASCII or end lines.
func clean(p []byte) bool {
	for _, c := range p {
		if c >= 0x7f {
			return false
		}
	}
	return true
}

// acts reports whether a character does something in the place of being seen. Bytes
// below 0x20 are left to the encoder, for which some of them are layout.
func acts(r rune) bool {
	return r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Bidi_Control, r)
}

// Text returns s with everything that cannot be seen escaped as in Go, but for ends of
// lines.
func Text(s string) string {
	shown := func(r rune) bool { return r == '\n' || strconv.IsPrint(r) }
	if utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !shown(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case shown(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		i += n
	}
	return b.String()
}
