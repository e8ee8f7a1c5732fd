package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxStyle bounds the part of a style that is read.
const maxStyle = 2048

// styleRuns reports whether a style runs code: an expression, a binding, a script
// URL. Comments, escapes and blanks are taken out first, as they hide the words from
// all but the browser.
func styleRuns(value []byte) bool {
	if len(value) < 8 || !bytes.ContainsAny(value, "(:@") {
		return false
	}
	var buf [maxStyle]byte
	n := 0
	value = value[:min(len(value), maxStyle)]
	quote := byte(0)
	for i := 0; i < len(value); {
		c, size := entity(value[i:])
		if size == 0 {
			c, size = value[i], 1
		}
		switch {
		case quote != 0: // comments in a string are none
			if buf[n], n = c, n+1; c == quote {
				quote = 0
			}
		case c == '/' && i+1 < len(value) && value[i+1] == '*':
			end := bytes.Index(value[i+2:], []byte("*/"))
			if end < 0 {
				i = len(value)
				continue
			}
			size = end + 4
		case c == '\\':
			if r, width := cssEscape(value[i+size:]); width > 0 {
				buf[n] = r
				n++
				size += width
			}
		case c > ' ':
			if c == '"' && bytes.IndexByte(value[i+1:], '"') >= 0 && bytes.Contains(value[i:min(len(value), i+16)], []byte("*/")) {
				quote = c
			}
			buf[n] = c
			n++
		}
		i += size
	}
	if lex.Contains(buf[:n], "@import") && !lex.Contains(value, "@import") {
		return true // spelled with escapes
	}
	for _, word := range [...]string{"expression(", "-moz-binding", "javascript:", "vbscript:", "behavior:url", "behaviour:url", "binding:url"} {
		if lex.Contains(buf[:n], word) {
			return true
		}
	}
	return false
}

// cssEscape reads up to six hex digits behind a backslash that stand for a letter.
func cssEscape(b []byte) (c byte, n int) {
	value := rune(0)
	for n < len(b) && n < 6 && digit(b[n]) < 16 {
		value = value<<4 | digit(b[n])
		n++
	}
	if n < 2 || value < 0x20 || value > 0x7e {
		return 0, 0
	}
	if n < len(b) && b[n] == ' ' {
		n++
	}
	return byte(value), n
}

// imports reports whether a style sheet loads another from a foreign place.
func imports(css []byte) bool {
	i := lex.Index(css[:min(len(css), maxStyle)], "@import")
	if i < 0 {
		return false
	}
	rest := bytes.TrimLeft(css[i+len("@import"):], " \t\r\n'\"(url")
	return external(rest)
}

// leaks reports whether rules ask a foreign host by what the page holds: one for each
// beginning of a field's value, or for each letter of a text.
func leaks(css []byte) bool {
	foreign := false
	for from := 0; ; {
		i := lex.Index(css[from:], "url(")
		if i < 0 {
			break
		}
		from += i + 4
		foreign = foreign || external(bytes.TrimLeft(css[from:min(len(css), from+64)], " '\""))
	}
	if !foreign {
		return false
	}
	at, _ := lex.First(css, []string{"value^=", "value$=", "value*=", "unicode-range"})
	return at >= 0
}

// rules finds rules that ask a foreign host by what fields hold, where a value goes on with a style
// sheet: }input[value^=k]{background:url(//h.example/k)}
func rules(data []byte, best *evidence.Tally) {
	const selector = "[value"
	i := lex.Index(data[:min(len(data), maxStyle)], selector)
	if i < 0 || best.Score() >= evidence.Threshold || lex.PrefixLength(data[i+len(selector):], []string{"^=", "$=", "*="}) == 0 {
		return
	}
	brace := bytes.IndexByte(data[i:min(len(data), i+maxStyle)], '{')
	if brace < 0 || !external(styleURL(data[i+brace:min(len(data), i+brace+maxStyle)])) {
		return
	}
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.HTMLAttr)
	t.Add(&styleLeak, i, brace+1)
	keep(&t, best)
}

// styleSheet weighs a style element and returns how many bytes of it were read.
func styleSheet(data []byte, start, end int, t *evidence.Tally) int {
	i := bytes.IndexByte(data[end:], '>')
	if i < 0 {
		return len(data) - end
	}
	body := data[end+i+1:]
	body = body[:min(len(body), 2*maxStyle)]
	if j := lex.Index(body, "</style"); j >= 0 {
		body = body[:j]
	}
	switch {
	case data[start+1] == '/': // what follows is none
	case styleRuns(body):
		t.Add(&styleCode, start, end+i+1-start+len(body))
	case leaks(body):
		t.Add(&styleLeak, start, end+i+1-start+len(body))
	case imports(body):
		t.AddWeight(&activeTag, activeTag.Weight, start, end+i+1-start+len(body))
	}
	return len(body)
}
