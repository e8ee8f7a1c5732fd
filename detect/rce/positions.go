package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// positions walks over separators and substitutions.
func (r *reader) positions() {
	data := r.data
	for i := r.next(0); i < len(data); i = r.next(i + 1) {
		switch data[i] {
		case ';', '\n':
			if !r.separates(i) {
				continue
			}
			r.command(i+1, separator)
			if data[i] == '\n' && !r.lines {
				r.windowsCommand(i + 1)
			}
		case '|', '&':
			i += r.bar(i)
		case '$', '<', '>':
			r.substituted(i)
		case '`':
			if bytes.HasPrefix(data[i:], []byte("```")) {
				if i += 2; fences(data[:i-2]) {
					continue
				}
			}
			r.ticks++
			if end := bytes.IndexByte(data[i+1:], '`'); end > 0 {
				r.command(i+1, backtick)
			}
		case '{':
			r.block(i)
		case '\\': // an escaped line end that some reader makes a real one
			if i+2 < len(data) && data[i+1] == 'n' && r.value.Kind != point.UserAgent && r.blanks < 2 && (data[i+2] == '/' || i < 2) {
				r.command(i+2, separator)
			}
		}
		if r.best.Settled(i) {
			return
		}
	}
}

// next returns the index of the next byte from i on at which positions stops, and counts the blanks on the way.
func (r *reader) next(i int) int {
	data := r.data
	if i < len(data) && has(data[i], stopsAnywhere) {
		return i
	}
	for r.joints < maxBlanks && r.passed != &otherThanCommands {
		i += passOver(data[i:], &betweenCommands)
		if i == len(data) || opensCommand[data[i]] {
			return i
		}
		r.blank(i)
		i++
	}
	passed := r.passed
	switch {
	case r.best.Score() >= evidence.Threshold:
		passed = &otherThanCommands
	case i < longestWord && passed == &inMarkup:
		passed = &amongWords
	}
	if passed != r.passed || !r.few {
		return i + passOver(data[i:], passed)
	}
	near := min(len(data), i+nearby)
	if i += passOver(data[i:near], passed); i < near {
		return i
	}
	return r.stops.Next(data, i)
}

// nearby is how far a byte at which positions stops is looked for byte by byte.
const nearby = 12

// pass notes what positions passes over, and which bytes it stops at if the value holds few of them.
func (r *reader) pass() {
	const commands = ";|&`{$<>\n\\"
	r.passed, r.few = r.passedOf(), true
	for i := range len(commands) {
		c := commands[i]
		if !r.passed[c] && r.value.Classes&point.ClassOf[c] != 0 && !r.stops.Add(c) {
			r.few = false
			return
		}
	}
}

// passOver returns the index of the first byte that is not passed over.
func passOver(data []byte, passed *[256]bool) int {
	for i, c := range data {
		if !passed[c] {
			return i
		}
	}
	return len(data)
}

// separates reports whether a semicolon or a line end stands alone, behind no sentence and no entity.
func (r *reader) separates(i int) bool {
	switch c := r.data[i]; {
	case i+1 < len(r.data) && r.data[i+1] == c:
		return false
	case c == '\n':
		return r.plainArguments(r.data[:i]) || r.separatedUpTo(i)
	default:
		return r.value.Classes&point.Ampersand == 0 || !numbered(r.data[:i])
	}
}

// substituted reads what a dollar sign or the sign of a redirection begins.
func (r *reader) substituted(i int) {
	data := r.data
	if i+1 < len(data) && data[i+1] != '(' && data[i+1] != '{' && (data[i] != '>' || i >= longestWord) {
		return // most are of markup
	}
	r.redirected(i)
	if substitutes(data[i:]) {
		r.command(i+len("${ "), substitution)
	}
	if i+1 < len(data) && data[i+1] == '(' && (i+2 == len(data) || data[i] != '$' || data[i+2] != '(' && (!bytes.HasPrefix(data, []byte("={{")) || !selector(data[i+2:]))) { // not arithmetic, nor an expression of n8n
		r.command(i+2, substitution)
	}
}

// selector reports whether what a dollar sign and a parenthesis open names another node of n8n, and a
// member of what comes from it: $('Set').item
func selector(inside []byte) bool {
	if len(inside) < 5 || inside[0] != '\'' && inside[0] != '"' {
		return false
	}
	end := 1
	for end < len(inside) && (lex.Word(inside[end]) || bytes.IndexByte([]byte(" .#-"), inside[end]) >= 0) {
		end++
	}
	return end+3 < len(inside) && inside[end] == inside[0] && inside[end+1] == ')' && lex.PrefixLength(inside[end+2:], []string{".item.", ".first()", ".last()", ".all()", ".params."}) > 0
}

// maxBlanks is how many blanks are counted: more tell nothing more.
const maxBlanks = 8

// opensCommand holds the bytes at which positions stops: before a command.
var opensCommand = [256]bool{';': true, '\n': true, '|': true, '&': true, '$': true, '<': true, '>': true, '`': true, '\\': true, '{': true}

// What positions passes over: other bytes than those; but for blanks, which are counted; behind as many words as
// are counted, where a line end tells nothing, unless the value begins with a separator; and there in values in
// which no parenthesis or brace stands behind the sign of a substitution, as in markup.
var (
	otherThanCommands = except(opensCommand, "")
	betweenCommands   = except(opensCommand, " \t")
	behindSeparators  = except(opensCommand, "")
	amongWords        = except(opensCommand, "", '\n', '\\')
	inMarkup          = except(opensCommand, "", '\n', '\\', '$', '<', '>')
)

// except returns all bytes but those of a table and some more, and some of them that are passed over still.
func except(t [256]bool, more string, still ...byte) [256]bool {
	for _, c := range still {
		t[c] = false
	}
	for _, c := range []byte(more) {
		t[c] = true
	}
	for c := range t {
		t[c] = !t[c]
	}
	return t
}

// passedOf returns what positions passes over in a value behind as many words as are counted, and behind where a
// file may begin that output goes into. Where plus signs were read as blanks the classes know of none.
func (r *reader) passedOf() *[256]bool {
	if r.value.Classes&point.Space == 0 && bytes.IndexByte(r.data, ' ') < 0 { // there are no words
		return &otherThanCommands
	}
	if separatesFirst(r.data) {
		return &behindSeparators
	}
	if lex.MayAny(r.value.Pairs, "$(", "${", "<(", ">(") {
		return &amongWords
	}
	return &inMarkup
}

// bar takes | || & && and returns how many bytes beyond the first.
func (r *reader) bar(i int) int {
	n := 1
	if i+1 < len(r.data) && r.data[i+1] == r.data[i] {
		n = 2
	}
	at := separator
	if r.data[i] == '&' && n == 1 {
		at = ampersand
	}
	r.command(i+n, at)
	r.windowsCommand(i + n)
	return n - 1
}
