package parse

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// quotedStrings reads the strings between double quotes of YAML and TOML, wherever they stand and over
// how many lines they go, that hold an escape which hides something. What is a quote and what is text
// depends on all that stands before; so every quote that may open one is taken for one.
func (p *Points) quotedStrings(data []byte, at place) {
	const triple = `"""`
	tripled := true // another three quotes may follow
	for i := bytes.IndexByte(data, '"'); i >= 0 && p.room(0); {
		rest := data[i+1:]
		if opensQuoted(data, i) {
			end := closingQuote(rest)
			if end == 0 && tripled && bytes.HasPrefix(rest, []byte(triple[1:])) {
				rest = rest[2:]
				end = bytes.Index(rest, []byte(triple))
				tripled = end >= 0
			}
			if end > 0 && hidesText(rest[:end]) && p.room(end) {
				p.leaf(p.arena.Commit(unquoted(p.arena.Grow(end+utf8.UTFMax), rest[:end])), at)
			}
		}
		n := bytes.IndexByte(rest, '"')
		if n < 0 {
			return
		}
		i = len(data) - len(rest) + n
	}
}

// opensQuoted reports whether the quote at i stands where a string may begin.
func opensQuoted(data []byte, i int) bool {
	return i == 0 || bytes.IndexByte([]byte(" \t\r\n:,=[{(-"), data[i-1]) >= 0
}

// closingQuote returns where the next quote is that has no backslash in front, -1 if there is none.
func closingQuote(text []byte) int {
	for i := 0; ; i += 2 {
		n := bytes.IndexAny(text[i:], "\\\"")
		if n < 0 {
			return -1
		}
		if i += n; text[i] == '"' {
			return i
		}
		if i+2 > len(text) {
			return -1
		}
	}
}

// hidesText reports whether text holds an escape for a character by its number, or a line end that does
// not count.
func hidesText(text []byte) bool {
	for {
		_, behind, ok := bytes.Cut(text, []byte(`\`))
		if !ok || len(behind) == 0 {
			return false
		}
		switch behind[0] {
		case 'x', 'u', 'U', '\n', '\r':
			return true
		}
		text = behind[1:]
	}
}

// unquoted appends what text between double quotes stands for: YAML 1.2.2, 5.7 and 7.3.1.
func unquoted(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n' || c == '\r':
			i = skipBlank(text, i) - 1
			out = append(out, ' ')
		case c != '\\' || i+1 == len(text):
			out = append(out, c)
		default:
			i++
			out, i = unescapedYAML(out, text, i)
		}
	}
	return out
}

// unescapedYAML appends what the escape stands for whose letter is at i, and returns where it ends.
func unescapedYAML(out, text []byte, i int) (longer []byte, last int) {
	const letters, meanings = "0abtnvfre_NLP", "\x00\a\b\t\n\v\f\r\x1b    "
	c := text[i]
	digits := 0
	switch c {
	case '\n', '\r':
		return out, skipBlank(text, i) - 1
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits > 0 && i+digits < len(text) && isHex(text[i+1:i+1+digits]) {
		r := rune(0)
		for _, digit := range text[i+1 : i+1+digits] {
			r = min(r<<4|rune(lex.Hex(digit)), utf8.MaxRune)
		}
		return utf8.AppendRune(out, r), i + digits
	}
	if n := bytes.IndexByte([]byte(letters), c); n >= 0 {
		c = meanings[n]
	}
	return append(out, c), i
}

// unfoldedLines joins lines that go on on the next: of vCard and iCalendar (RFC 6350, 3.2), of heads of
// mails, of Java's properties.
func (p *Points) unfoldedLines(data, contentType []byte) []byte {
	properties := lex.Contains(contentType, "properties")
	mail := lex.Contains(contentType, "rfc822")
	if !properties && !mail && !lex.HasPrefix(data, "begin:") || !p.room(len(data)) {
		return data
	}
	soft := lex.Contains(data, "quoted-printable")
	out := p.arena.Grow(len(data))
	for i := 0; i < len(data); i++ {
		c := data[i]
		next := i + 1
		switch {
		case c == '\\' && properties || c == '=' && soft:
			if end := lineEndAt(data, next); end > 0 {
				i = end - 1
				for properties && i+1 < len(data) && point.ClassOf[data[i+1]] == point.Space {
					i++
				}
				continue
			}
			if c == '\\' && next < len(data) { // an escape of its own
				out = append(out, c)
				i++
				c = data[i]
			}
		case !properties && (c == '\r' || c == '\n'):
			if end := lineEndAt(data, i); end > 0 && end < len(data) && point.ClassOf[data[end]] == point.Space {
				if i = end; mail {
					out = append(out, ' ')
				}
				continue
			}
		}
		out = append(out, c)
	}
	return p.arena.Commit(out)
}

// lineEndAt returns where the next line begins if there is a line end at i, 0 if there is none.
func lineEndAt(data []byte, i int) int {
	if i < len(data) && data[i] == '\r' {
		i++
	}
	if i < len(data) && data[i] == '\n' {
		return i + 1
	}
	return 0
}
