package ptrav

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxFolded bounds the part of a value in which odd spellings are read.
const maxFolded = 2048

// spelling is one way to write a dot or a slash that some decoder reads as one.
type spelling struct {
	text string
	as   byte
}

// spellings by their first byte: escapes of languages, escapes that a decoder left
// half done, overlong UTF-8 and its broken forms, characters that best-fit tables
// turn into the ASCII ones.
var spellings = func() (by [256][]spelling) {
	for _, s := range [...]spelling{
		{"0x2f", '/'},
		{"0x5c", '\\'},
		{"0x2e", '.'},
		{"%2f", '/'},
		{"%5c", '\\'},
		{"%2e", '.'},
		{"%252f", '/'},
		{"%255c", '\\'},
		{"%252e", '.'},
		{"%2%f", '/'},
		{"%5%c", '\\'},
		{"%2%e", '.'},
		{"%c0%af", '/'},
		{"%c1%9c", '\\'},
		{"%c0%ae", '.'},
		{"%c0%2f", '/'},
		{"%c0%5c", '\\'},
		{"%c0%2e", '.'},
		{"%c1%1c", '/'},
		{"%c1%8s", '/'},
		{"%c0%9v", '/'},
		{"%c0%qf", '/'},
		{"%c1%pc", '\\'},
		{"%c1%af", '/'},
		{"%bg%qf", '/'},
		{"%u2215", '/'},
		{"%u2216", '\\'},
		{"%u002f", '/'},
		{"%u005c", '\\'},
		{"%u002e", '.'},
		{"%uff0f", '/'},
		{"%uff0e", '.'},
		{"%uefc8", '\\'},
		{"%uf025", '/'},
		{"%ue080", '/'},
		{"\\u002f", '/'},
		{"\\u005c", '\\'},
		{"\\u002e", '.'},
		{"\\x2f", '/'},
		{"\\x5c", '\\'},
		{"\\x2e", '.'},
		{"\xc0\xaf", '/'},
		{"\xc1\xaf", '/'},
		{"\xc0\x2f", '/'},
		{"\xc1\x9c", '\\'},
		{"\xc1\x1c", '\\'},
		{"\xc0\x5c", '\\'},
		{"\xc1\x5c", '\\'},
		{"\xc0\xae", '.'},
		{"\xc0\x2e", '.'},
		{"\xc0\x5e", '.'},
		{"\xc0\xee", '.'},
		{"\xc0\xfe", '.'},
		{"\xe0\x80\xaf", '/'},
		{"\xe0\x80\xae", '.'},
		{"\xe0\x81\x9c", '\\'},
		{"\xe0\x40\xae", '.'},
		{"\xf0\x80\x80\xaf", '/'},
		{"\xf0\x80\x80\xae", '.'},
		{"\xf0\x80\x81\x9c", '\\'},
		{"\xf8\x80\x80\x80\xaf", '/'},
		{"\xf8\x80\x80\x80\xae", '.'},
		{"\xf8\x80\x80\x81\x9c", '\\'},
		{"\xfc\x80\x80\x80\x80\xaf", '/'},
		{"\xfc\x80\x80\x80\x80\xae", '.'},
		{"\xfc\x80\x80\x80\x81\x9c", '\\'},
		{"∕", '/'},
		{"⁄", '/'},
		{"⧸", '/'},
		{"／", '/'},
		{"∖", '\\'},
		{"⧵", '\\'},
		{"＼", '\\'},
		{"﹨", '\\'},
		{"．", '.'},
		{"․", '.'},
		{"。", '.'},
		{"‥", '.'},
		{".\x00.", '.'},
		{".\t.", '.'},
	} {
		by[s.text[0]] = append(by[s.text[0]], s)
	}
	return by
}()

// mayFold reports whether a value may hold one of them.
func mayFold(v *point.Value) bool {
	switch {
	case v.Classes&point.High != 0:
		return true
	case v.Classes&foldable == 0 && (v.Classes&point.Space == 0 || bytes.IndexByte(v.Data, '\t') < 0) && lex.IndexPaired(v.Pairs, v.Data, "0x") < 0:
		return false
	}
	return mayFoldASCII(v.Pairs)
}

// mayFoldASCII reports whether a text of such pairs may hold one without high bytes.
func mayFoldASCII(pairs *point.Pairs) bool {
	return lex.MayAny(pairs, beginnings...) && lex.MayAny(pairs, inASCII...)
}

// beginnings are what the spellings without high bytes begin with; all digits are one to pairs.
var beginnings = []string{"0x", "%0", "%b", "%c", "%u", `\u`, `\x`, ".\x00"}

// inASCII are the spellings without high bytes.
var inASCII = func() (texts []string) {
	for first := range 0x80 {
		for _, s := range spellings[first] {
			texts = append(texts, s.text)
		}
	}
	return texts
}()

// spells holds the bytes with which a spelling begins.
var spells = func() (t [256]bool) {
	for c := range 256 {
		t[c] = len(spellings[c]) > 0
	}
	return t
}()

// foldable are the classes of bytes with which a spelling begins.
const foldable = point.High | point.PercentSign | point.Backslash | point.Control

// nextSpelling returns the index of the next byte from i on with which a spelling begins, or the end of the data;
// of those with high bytes alone if asked.
func nextSpelling(data []byte, i int, high bool) int {
	for high && i+8 <= len(data) && lex.Eight(data, i)&(0x80*lex.Ones) == 0 {
		i += 8
	}
	for i < len(data) && !spells[data[i]] {
		i++
	}
	return i
}

// fold writes data to dst with odd spellings of dots and slashes read, and counts
// them. It can be told that there are none but with high bytes.
func fold(dst, data []byte, high bool) (out []byte, odd int) {
	data = data[:min(len(data), maxFolded)]
	from := 0 // what stands here is not copied yet
next:
	for i := nextSpelling(data, 0, high); i < len(data); i = nextSpelling(data, i, high) {
		list := spellings[data[i]]
		for k := range list {
			if s := &list[k]; matches(data[i:], s.text) {
				dst = append(append(dst, data[from:i]...), s.as)
				if s.text == "‥" || s.text == ".\x00." || s.text == ".\t." {
					dst = append(dst, '.')
				}
				if !ordinary(data[i:], s) {
					odd++
				}
				i += len(s.text)
				from = i
				continue next
			}
		}
		i++
	}
	return append(dst, data[from:]...), odd
}

// ordinary reports whether a spelling is that of any program that encodes a value once
// more: %2F and %5C with capital digits. Attacks are written by hand or encode dots.
func ordinary(data []byte, s *spelling) bool {
	return len(s.text) == 3 && s.text[0] == '%' && s.as != '.' && data[2] < 'a'
}

// matches reports whether b begins with a lower-case text, ASCII case ignored.
func matches(b []byte, text string) bool {
	if len(b) < len(text) {
		return false
	}
	for i := range len(text) {
		c := b[i]
		c = lex.Lower(c)
		if c != text[i] {
			return false
		}
	}
	return true
}
