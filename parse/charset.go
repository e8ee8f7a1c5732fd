package parse

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// charset is a character set in which ASCII is not ASCII.
type charset uint8

const (
	asciiLike charset = iota
	utf16LE
	utf16BE
	utf32LE
	utf32BE
	utf7
	imap7 // UTF-7 as mailboxes are named in: RFC 3501, 5.1.3
	ebcdic
	shifting // ASCII between escapes that select it: ISO-2022, HZ
)

// maxCharsetName is the longest name of a character set that is compared, in bytes.
const maxCharsetName = 32

// charsetNamed returns the character set of a name; known reports whether anybody
// knows it. Of names letters and digits count: libraries write the rest as they like.
func charsetNamed(name []byte) (c charset, known bool) {
	if len(name) == 0 || lex.Equal(name, "utf-8") {
		return asciiLike, true
	}
	var small [maxCharsetName]byte
	n := 0
	for _, letter := range name {
		if point.ClassOf[letter]&(point.Alpha|point.Digit) != 0 && letter != '_' && n < len(small) {
			small[n] = lex.Lower(letter)
			n++
		}
	}
	return charsetOfLetters(small[:n])
}

func charsetOfLetters(name []byte) (c charset, known bool) {
	switch {
	case lex.OneOf(name, "utf16", "utf16le", "u16", "unicode", "ucs2", "iso10646ucs2"):
		return utf16LE, true
	case lex.Equal(name, "utf16be"):
		return utf16BE, true
	case lex.OneOf(name, "utf32", "utf32le", "u32", "ucs4"):
		return utf32LE, true
	case lex.Equal(name, "utf32be"):
		return utf32BE, true
	case lex.OneOf(name, "utf7", "u7", "unicode11utf7", "xunicode20utf7"):
		return utf7, true
	case lex.Contains(name, "utf7imap"):
		return imap7, true
	case lex.Contains(name, "ibm") || lex.Contains(name, "ebcdic") || isEBCDIC(name):
		return ebcdic, true
	case lex.Contains(name, "2022") || lex.Contains(name, "hzgb") || lex.Equal(name, "hz"):
		return shifting, true
	}
	for _, family := range [...]string{
		"utf8", "ascii", "iso", "windows", "latin", "koi8", "gb", "big5", "shift", "sjis", "euc", "cp", "macintosh", "tis", "l1",
	} {
		if lex.Contains(name, family) {
			return asciiLike, true
		}
	}
	return asciiLike, len(name) == 0
}

// byteOrderMark is U+FEFF in UTF-8, with which text may begin.
const byteOrderMark = "\xef\xbb\xbf"

func withoutMark(text []byte) []byte { return bytes.TrimPrefix(text, []byte(byteOrderMark)) }

// isEBCDIC reports whether a name ends with the number of a code page of IBM's large machines.
func isEBCDIC(name []byte) bool {
	at := len(name)
	for at > 0 && lex.Digit(name[at-1]) {
		at--
	}
	if at == len(name) || at > 0 && !lex.HasSuffix(name[:at], "cp") && !lex.Equal(name[:at], "ccsid") {
		return false
	}
	page := 0
	for _, c := range name[at:min(len(name), at+5)] {
		page = page*10 + int(c-'0')
	}
	for _, r := range [...][2]int{{37, 37}, {273, 298}, {420, 424}, {500, 500}, {833, 838}, {870, 871}, {875, 875}, {880, 880}, {905, 905}, {918, 939}, {1025, 1027}, {1047, 1047}, {1097, 1097}, {1112, 1113}, {1122, 1123}, {1130, 1132}, {1137, 1166}} {
		if page >= r[0] && page <= r[1] {
			return true
		}
	}
	return false
}

// charsetOf returns the character set that data shows by its first bytes.
func charsetOf(data []byte) charset {
	switch {
	case len(data) < 4:
		return asciiLike
	case data[0] == 0xff && data[1] == 0xfe && data[2] == 0 && data[3] == 0:
		return utf32LE
	case data[0] == 0 && data[1] == 0 && data[2] == 0xfe && data[3] == 0xff:
		return utf32BE
	case data[0] == 0xff && data[1] == 0xfe:
		return utf16LE
	case data[0] == 0xfe && data[1] == 0xff:
		return utf16BE
	case data[0] == '\x4c' && (bytes.HasPrefix(data[1:], []byte("\x6f\xa7\x94\x93")) || bytes.HasPrefix(data[2:], []byte("\xc4\xd6\xc3\xe3\xe8\xd7\xc5"))): // <?xml and <!DOCTYPE
		return ebcdic
	default:
		return utf16Like(data)
	}
}

// wideByFirst returns the set of JSON or XML in UTF-16 or UTF-32 without a mark: both begin with two
// characters of ASCII (RFC 4627, 3).
func wideByFirst(data []byte) charset {
	if len(data) < 8 || len(data)%2 != 0 {
		return asciiLike
	}
	switch zero := [4]bool{data[0] == 0, data[1] == 0, data[2] == 0, data[3] == 0}; zero {
	case [4]bool{true, true, true, false}:
		return utf32BE
	case [4]bool{true, false, true, false}:
		return utf16BE
	case [4]bool{false, true, true, true}:
		return utf32LE
	case [4]bool{false, true, false, true}:
		return utf16LE
	}
	return asciiLike
}

// utf16Like recognises text in UTF-16 or UTF-32 without a mark: its ASCII has a zero
// in every other byte, or in three of four.
func utf16Like(data []byte) charset {
	if len(data) < 8 || data[0] != 0 && data[1] != 0 {
		return asciiLike
	}
	var zeros [4]int
	n := min(len(data), 64) &^ 3
	for i, c := range data[:n] {
		if c == 0 {
			zeros[i&3]++
		}
	}
	all := n / 4
	none := func(a, b int) bool { return zeros[a] == 0 && zeros[b] == 0 }
	most := func(a, b int) bool { return zeros[a] >= all && zeros[b] >= all }
	switch {
	case most(1, 3) && none(0, 2):
		return utf16LE
	case most(0, 2) && none(1, 3):
		return utf16BE
	case most(1, 2) && zeros[3] >= all && zeros[0] == 0:
		return utf32LE
	case most(0, 1) && zeros[2] >= all && zeros[3] == 0:
		return utf32BE
	default:
		return asciiLike
	}
}

// decoded converts data to UTF-8 in the arena. Units without a meaning become U+FFFD.
func (p *Points) decoded(c charset, data []byte) (out []byte, ok bool) {
	if !p.room(2*len(data) + 2*utf8.UTFMax) {
		return nil, false
	}
	out = p.arena.Grow(2*len(data) + 2*utf8.UTFMax)
	switch c {
	case utf16LE, utf16BE:
		out = fromUTF16(out, data, c == utf16BE)
	case utf32LE, utf32BE:
		out = fromUTF32(out, data, c == utf32BE)
	case ebcdic:
		out = fromEBCDIC(out, data)
	case shifting:
		out = withoutShifts(out, data)
	default:
		return nil, false
	}
	out = bytes.TrimPrefix(p.arena.Commit(out), []byte("\ufeff"))
	return out, len(out) > 0
}

// fromEBCDIC reads the code page of which the others differ in marks only. Behind < and in
// front of the D of a document type or the E of an entity any of them is a !.
func fromEBCDIC(out, data []byte) []byte {
	for i, b := range data {
		r := charmap.CodePage037.DecodeByte(b)
		if i > 0 && data[i-1] == '\x4c' && i+1 < len(data) && (data[i+1] == '\xc4' || data[i+1] == '\xc5') && (b == '\x4f' || b == '\x5a') {
			r = '!'
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// withoutShifts drops what selects a set: ESC and what follows it (ECMA-35), SO and SI, and the
// tilde of HZ with a brace or the end of its line (RFC 1843).
func withoutShifts(out, data []byte) []byte {
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == 0x0e || c == 0x0f:
		case c == 0x1b:
			for i++; i < len(data) && data[i] >= 0x20 && data[i] <= 0x2f; {
				i++
			}
		case c == '~' && i+1 < len(data) && (data[i+1] == '{' || data[i+1] == '}' || data[i+1] == '\n'):
			i++
		case c == '~' && i+1 < len(data) && data[i+1] == '~':
			i++
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	return out
}

func fromUTF16(out, data []byte, big bool) []byte {
	for i := 0; i+1 < len(data); i += 2 {
		r := unit16(data[i:], big)
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(data) {
				low = unit16(data[i+2:], big)
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

func unit16(b []byte, big bool) rune {
	if big {
		return rune(b[0])<<8 | rune(b[1])
	}
	return rune(b[1])<<8 | rune(b[0])
}

func fromUTF32(out, data []byte, big bool) []byte {
	for i := 0; i+3 < len(data); i += 4 {
		low, high := unit16(data[i:], big), unit16(data[i+2:], big)
		if big {
			low, high = high, low
		}
		out = utf8.AppendRune(out, high<<16|low)
	}
	return out
}

// convert adds a value in UTF-8.
func (p *Points) convert(c charset, data []byte, at place) {
	switch c { //nolint:exhaustive // the others are of wider units
	case utf7:
		p.utf7(data, at)
		return
	case imap7:
		if p.room(len(data)) {
			p.utf7(p.arena.Commit(imapAs7(p.arena.Grow(len(data)), data)), at)
		}
		return
	}
	if int(at.layer) >= p.limits.Depth {
		return
	}
	if out, ok := p.decoded(c, data); ok {
		p.variant(out, at.deeper(p.Tree.Add(at.ref, point.Charset), point.FromCharset))
	}
}

// utf7 adds the reading of a value as UTF-7, if what stands between + and - is ASCII
// that text would not hide: RFC 2152.
func (p *Points) utf7(data []byte, at place) {
	if out, hidden := p.fromUTF7(data); hidden {
		p.variant(out, at.deeper(p.Tree.Add(at.ref, point.Charset), point.FromCharset))
	}
}

// fromUTF7 converts text; hidden reports that there was something that text would not hide.
func (p *Points) fromUTF7(data []byte) (out []byte, hidden bool) {
	i := bytes.IndexByte(data, '+')
	if i < 0 || i+4 > len(data) || !p.room(len(data)) {
		return nil, false
	}
	out = append(p.arena.Grow(len(data)), data[:i]...)
	for i < len(data) {
		if data[i] != '+' {
			out = append(out, data[i])
			i++
			continue
		}
		run := i + 1
		for run < len(data) && isShifted(data[run]) {
			run++
		}
		next, special, ok := shifted(out, data[i+1:run])
		switch {
		case !ok:
			out = append(out, data[i:run]...)
		default:
			out, hidden = next, hidden || special
			if run < len(data) && data[run] == '-' {
				run++
			}
		}
		i = run
	}
	if !hidden {
		return nil, false
	}
	return p.arena.Commit(out), true
}

// imapAs7 appends text of mailboxes' names as UTF-7: an ampersand shifts, a comma is a digit.
func imapAs7(out, text []byte) []byte {
	shifted := false
	for _, c := range text {
		switch {
		case c == '&':
			c, shifted = '+', true
		case c == '-':
			shifted = false
		case c == ',' && shifted:
			c = '/'
		}
		out = append(out, c)
	}
	return out
}

func isShifted(c byte) bool { return base64Values[c] != 0xff && c != '-' && c != '_' }

// shifted decodes the digits between a plus and a minus. It gives up on what is not
// ASCII; special reports a character that is no letter, digit or blank.
func shifted(out, digits []byte) (next []byte, special, ok bool) {
	if len(digits) < 3 {
		return out, false, false
	}
	var acc uint32
	bits, start := 0, len(out)
	for _, digit := range digits {
		acc = acc<<6 | uint32(base64Values[digit])
		if bits += 6; bits < 16 {
			continue
		}
		bits -= 16
		c := acc >> bits & 0xffff
		if c < 0x20 && c != '\n' && c != '\r' && c != '\t' || c >= 0x7f {
			return out[:start], false, false
		}
		out = append(out, byte(c))
		special = special || point.ClassOf[byte(c)]&(point.Alpha|point.Digit|point.Space) == 0
	}
	return out, special, true
}
