package sqli

import (
	"bytes"
	"math/bits"

	"github.com/weirnode/weir/detect/lex"
)

// prefixesString reports whether a word before a quote belongs to the string: n, x,
// b, e, q, u& and character sets.
func prefixesString(w []byte) bool {
	if len(w) == 1 {
		switch w[0] {
		case 'n', 'x', 'b', 'e', 'q', 'u', 'r':
			return true
		}
	}
	return w[0] == '_' && len(w) > 3
}

// quoted reads a string or a quoted name whose quote stands at the position.
func (l *lexer) quoted(start int, quote byte, k kind) token {
	end := l.stringEnd(quote)
	if end > len(l.data) {
		l.pos = len(l.data)
		return token{k, cutOff, start, l.pos - start}
	}
	if l.pos = end; l.pos-start == 2 {
		l.doubled(quote)
	}
	return token{k, 0, start, l.pos - start}
}

// stringEnd returns the index behind the string whose quote stands at the position, one behind the end of
// the data if nothing ends it.
func (l *lexer) stringEnd(quote byte) int {
	first := l.pos + 1
	if l.ahead == nil || first == len(l.data) || l.data[first] == quote {
		return stringEnd(l.data, first, quote)
	}
	end := l.ahead.within(quote, l.pos)
	if end == 0 {
		end = stringEnd(l.data, first, quote)
		l.ahead.spans(quote, l.pos, end)
	}
	return end
}

// stringEnd is [lexer.stringEnd] of a string whose quote stands in front of first.
func stringEnd(data []byte, first int, quote byte) int {
	for i := nextQuote(data, first, quote); i < len(data); i = nextQuote(data, i+1, quote) {
		if data[i-1] == '\\' && escaped(data[first:i]) {
			continue
		}
		if i+1 == len(data) || data[i+1] != quote {
			return i + 1
		}
		i++
	}
	return len(data) + 1
}

// nextQuote is [lex.Next] for what is mostly near.
func nextQuote(data []byte, i int, quote byte) int {
	if i+8 <= len(data) {
		if near := lex.Zeroes(lex.Eight(data, i) ^ uint64(quote)*lex.Ones); near != 0 {
			return i + bits.TrailingZeros64(near)>>3
		}
		i += 8
	}
	return lex.Next(data, i, quote)
}

// escaped reports whether a text ends with a backslash that escapes what follows.
func escaped(before []byte) bool {
	n := len(before)
	for n > 0 && before[n-1] == '\\' {
		n--
	}
	return (len(before)-n)%2 == 1
}

// doubled takes the rest of ""a"", a string whose quotes some table's writer doubled.
func (l *lexer) doubled(quote byte) {
	i := l.pos
	for i < len(l.data) && isWord(l.data[i]) {
		i++
	}
	if i == l.pos || i == len(l.data) || l.data[i] != quote || i+1 < len(l.data) && l.data[i+1] != quote || i+1 == len(l.data) && quote != '"' {
		return
	}
	l.pos = min(len(l.data), i+2)
}

// maxTagged bounds the text between two tags of dollars.
const maxTagged = 256

// tagged returns the length of $$ or $tag$ at the position if the same stands behind it again,
// 0 if not.
func (l *lexer) tagged() int {
	rest := l.data[l.pos:]
	end := bytes.IndexByte(rest[1:min(len(rest), tokenWords)], '$') + 2
	if end < 2 || lex.WordEnd(rest, 1) != end-1 || !bytes.Contains(rest[end:min(len(rest), end+maxTagged)], rest[:end]) {
		return 0
	}
	return end
}

// dollar reads PostgreSQL's $$...$$ and $tag$...$tag$.
func (l *lexer) dollar(start int) token {
	i := start + 1
	for i < len(l.data) && i-start < tokenWords && l.data[i] != '$' && isWord(l.data[i]) {
		i++
	}
	if i >= len(l.data) || l.data[i] != '$' {
		l.pos++
		return token{bad, 0, start, 1}
	}
	tag := l.data[start : i+1]
	if j := bytes.Index(l.data[i+1:], tag); j >= 0 {
		l.pos = i + 1 + j + len(tag)
		return token{str, 0, start, l.pos - start}
	}
	l.pos = len(l.data)
	return token{str, cutOff, start, l.pos - start}
}
