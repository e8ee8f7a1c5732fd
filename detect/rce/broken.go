package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// broken is where the first quotes of a value stand, and whether they were looked for.
type broken struct {
	known          bool
	single, double int
}

// breaksOut reports whether a command stands right behind a quote that the value did not open: the first of
// its kind, glued to a word: x';id. In lines that people write a quote opens behind a blank or a sign, and
// within double quotes they substitute.
func (c *call) breaksOut(score int) bool {
	if c.at == start || c.rank < tool || c.rank != strong && score == 0 && (c.at == ampersand || bytes.HasSuffix(c.data[:c.first], []byte(" | "))) {
		return false
	}
	i := c.first
	for i > 0 && betweenStrings[c.data[i-1]] {
		i--
	}
	if i < 2 || i == c.first || c.data[i-1] != '\'' && (c.data[i-1] != '"' || c.at >= substitution) {
		return false
	}
	b := &c.outside
	if !b.known {
		*b = broken{true, bytes.IndexByte(c.data, '\''), bytes.IndexByte(c.data, '"')}
	}
	return (i-1 == b.single || i-1 == b.double) && endsOwnWord(c.data[:i-1])
}

// betweenStrings holds what may stand between a quote and a command behind it.
var betweenStrings = [256]bool{' ': true, ';': true, '|': true, '&': true, '$': true, '(': true, '`': true, '<': true, '>': true, '{': true, '}': true, ')': true, '\n': true}

// endsOwnWord reports whether text ends with a word that is no prefix of a string as Python and C have them.
func endsOwnWord(text []byte) bool {
	n := len(text)
	if !lex.Word(text[n-1]) {
		return bytes.IndexByte([]byte("./-)]*%~"), text[n-1]) >= 0
	}
	return n == 1 || lex.Word(text[n-2]) || bytes.IndexByte([]byte("fbruLFBRU"), text[n-1]) < 0
}
