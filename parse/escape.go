package parse

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// longText is the length from which text with nothing but the entities of
// properly escaped HTML is not read without them: it is content, not evasion.
const longText = 128

// unescaped adds the reading of a value whose HTML entities and JavaScript escapes
// are decoded, if that makes a difference to anybody.
func (p *Points) unescaped(data []byte, at place) {
	i := escapeIn(data)
	if i < 0 || at.kind == point.FileName || !p.room(len(data)) {
		return
	}
	e := escapes{out: append(p.arena.Grow(len(data)+utf8.UTFMax), data[:i]...)}
	for i < len(data) {
		n := 0
		switch data[i] {
		case '&':
			n = e.entity(data[i:])
		case '\\':
			n = e.script(data[i:])
		}
		if n == 0 {
			e.out = append(e.out, data[i])
			n = 1
		}
		i += n
	}
	if !e.telling(len(data)) {
		return
	}
	p.variant(p.arena.Commit(e.out), at.deeper(p.Tree.Add(at.ref, point.HTMLJS), point.FromEscapes))
}

// escapeIn returns where the first thing like an escape is, -1 if there is none.
func escapeIn(data []byte) int {
	first := -1
	for _, mark := range [...]byte{'&', '\\'} {
		text := data
		if first >= 0 {
			text = data[:first+2]
		}
		for i := 0; i+2 < len(text); i++ {
			n := bytes.IndexByte(text[i:len(text)-2], mark)
			if n < 0 {
				break
			}
			if i += n; opensEscape(mark, text[i+1]) {
				first = i
				break
			}
		}
	}
	return first
}

func opensEscape(mark, next byte) bool {
	if mark == '&' {
		return next == '#' || point.ClassOf[next] == point.Alpha
	}
	return next|0x20 == 'u' || next|0x20 == 'x' || next >= '0' && next <= '3'
}

// escapes decodes one value.
type escapes struct {
	out    []byte
	count  int           // escapes decoded
	unlike int           // those that properly escaped HTML does not have
	ascii  bool          // one of those stands for what nobody needs to escape
	found  point.Classes // of what was decoded
}

// telling reports whether the decoded text may mean something that the text does not.
func (e *escapes) telling(length int) bool {
	if e.unlike == 0 && length > longText {
		return false
	}
	return e.ascii || e.found&^(point.Alpha|point.Digit|point.High|point.Space) != 0
}

func (e *escapes) add(r rune, ordinary bool) {
	if r == 0 || r > utf8.MaxRune {
		r = utf8.RuneError
	}
	start := len(e.out)
	e.out = utf8.AppendRune(e.out, r)
	e.found |= point.Classify(e.out[start:])
	e.count++
	if !ordinary {
		e.unlike++
		e.ascii = e.ascii || r < utf8.RuneSelf
	}
}

// entity decodes the entity that b begins with and returns its length, 0 if there is
// none. The semicolon may be missing, digits may have zeros before them.
func (e *escapes) entity(b []byte) int {
	if len(b) > 3 && b[1] == '#' {
		return e.numeric(b)
	}
	end := 1
	for end < len(b) && end <= maxEntity && point.ClassOf[b[end]]&(point.Alpha|point.Digit) != 0 && b[end] != '_' {
		end++
	}
	r, ordinary, ok := named(b[1:end])
	semicolon := end < len(b) && b[end] == ';'
	switch {
	case !ok || !ordinary && !semicolon: // the uncommon names need their semicolon
		return 0
	case !semicolon && end < len(b) && b[end] == '=': // a parameter of this name
		return 0
	}
	e.add(r, ordinary)
	if semicolon {
		end++
	}
	return end
}

func (e *escapes) numeric(b []byte) int {
	i, base := 2, rune(10)
	if b[i]|0x20 == 'x' {
		i, base = 3, 16
	}
	start, r := i, rune(0)
	for i < len(b) && rune(lex.Hex(b[i])) < base {
		r = min(r*base+rune(lex.Hex(b[i])), utf8.MaxRune+1)
		i++
	}
	if i == start {
		return 0
	}
	if i < len(b) && b[i] == ';' {
		i++
	}
	e.add(r, (r == '\'' || r == '"') && b[i-1] == ';')
	return i
}

// script decodes the escape that b begins with: \uXXXX, \u{X}, \xXX, \NNN.
func (e *escapes) script(b []byte) int {
	switch {
	case len(b) >= 6 && b[1]|0x20 == 'u' && isHex(b[2:6]):
		r, _ := hex4(b[2:6])
		e.add(r, false)
		return 6
	case len(b) >= 5 && b[1] == 'u' && b[2] == '{':
		return e.braced(b)
	case len(b) >= 4 && b[1]|0x20 == 'x' && isHex(b[2:4]):
		e.add(rune(lex.Hex(b[2])<<4|lex.Hex(b[3])), false)
		return 4
	case len(b) >= 4 && b[1] >= '0' && b[1] <= '3' && isOctal(b[2]) && isOctal(b[3]):
		e.add(rune(b[1]-'0')<<6|rune(b[2]-'0')<<3|rune(b[3]-'0'), false)
		return 4
	default:
		return 0
	}
}

func (e *escapes) braced(b []byte) int {
	end := bytes.IndexByte(b[:min(len(b), 16)], '}')
	if end < 4 || !isHex(b[3:end]) {
		return 0
	}
	r := rune(0)
	for _, c := range b[3:end] {
		r = min(r<<4|rune(lex.Hex(c)), utf8.MaxRune+1)
	}
	e.add(r, false)
	return end + 1
}

func isOctal(c byte) bool { return c >= '0' && c <= '7' }
