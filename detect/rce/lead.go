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
	for i < len(data) && has(data[i], leads) {
		n := 1
		switch data[i] {
		case ' ', '\t', '\r', '(', '{', '@':
		case '$':
			if n = len("${IFS}"); !bytes.HasPrefix(data[i:], []byte("${IFS}")) {
				return i
			}
		case '\'', '"':
			if at != start || i+1 < len(data) && data[i+1] != ' ' {
				return i
			}
		default:
			if !passes(data, i, at) {
				return i
			}
		}
		i += n
	}
	return i
}

// passes reports whether a mark stands in front of a command at some positions.
func passes(data []byte, i int, at position) bool {
	switch data[i] {
	case ';':
		return at != start && i > 0 && data[i-1] == ':'
	case ':':
		return at != start && i+1 < len(data) && data[i+1] == ';'
	case '&':
		return at == separator && i > 0 && data[i-1] == '|' || at == substitution
	case '\n':
		return at >= substitution
	case '.':
		return i+2 < len(data) && joinsString(data[i+1], data[i+2], at)
	case '!': // !ls is a command to notebooks and editors
		return at != start || i == 0 && len(data) > 1 && lex.Letter(data[1])
	}
	return at != start // a plus sign, a NUL
}

// joinsString reports whether a dot with two bytes behind it joins a string that names a program, or runs it.
func joinsString(next, third byte, at position) bool {
	switch next {
	case '(':
		return at == separator && (third == '\'' || third == '"')
	case '\'', '"':
		return (at == separator || at == substitution) && lex.Letter(third)
	case ' ':
		return at != start && (third == '\'' || third == '"')
	}
	return false
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
