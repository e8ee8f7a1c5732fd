package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// passage is what lead passed over in front of a command, whose beginning is the same from each byte of it.
type passage struct {
	at       position
	from, to int
}

// lead is the function of that name, and remembers what it passed over.
func (r *reader) lead(i int, at position) int {
	if p := &r.passage; p.at == at && p.from <= i && i < p.to {
		return p.to
	}
	to := lead(r.data, i, at)
	if to > i && (r.value.Classes&point.Dollar == 0 || bytes.IndexByte(r.data[i:to], '$') < 0) { // no ${IFS}, which is passed over as a whole
		r.passage = passage{at, i, to}
	}
	return to
}

// lead passes over blanks, quotes and brackets before a command.
func lead(data []byte, i int, at position) int {
	for i < len(data) && !lex.Word(data[i]) {
		switch c := data[i]; {
		case c == ':' && at != start && i+1 < len(data) && data[i+1] == ';', c == ';' && at != start && i > 0 && data[i-1] == ':', c == '\n' && at >= substitution:
		case c == '$' && bytes.HasPrefix(data[i:], []byte("${IFS}")):
			i += len("${IFS}") - 1
		case c == '.' && at == separator && i+2 < len(data) && data[i+1] == '(' && (data[i+2] == '\'' || data[i+2] == '"'), c == '.' && (at == separator || at == substitution) && i+2 < len(data) && (data[i+1] == '"' || data[i+1] == '\'') && lex.Letter(data[i+2]):
		case c == ' ' || c == '\t' || c == '(' || c == '{' || c == '@' || c == '\r' || c == '+' && at != start:
		case (c == '!' || c == 0) && at != start, c == '!' && i == 0 && len(data) > 1 && lex.Letter(data[1]), c == '&' && (at == separator && i > 0 && data[i-1] == '|' || at == substitution), c == '.' && at >= separator && bytes.HasPrefix(data[i:], []byte(". ")) && i+2 < len(data) && (data[i+2] == '\'' || data[i+2] == '"'): // !ls is a command to notebooks and editors
		case (c == '\'' || c == '"') && at == start && (i+1 >= len(data) || data[i+1] == ' '):
		default:
			return i
		}
		i++
	}
	return i
}

// onlyWord reports whether a word begins at i that is no command, and no part of a compound one, of a function, an
// assignment, a redirection or a path of Windows.
func (r *reader) onlyWord(i int, at position) bool {
	word := r.plain(i)
	if !word.unknown || word.end < len(r.data) && has(r.data[word.end], behindName) {
		return false
	}
	if name := r.data[i:word.end]; string(name) == "for" || string(name) == "case" { // of compound commands those that are none of their own
		return false
	}
	return at != separator || !r.secret(i)
}
