package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxMends bounds the parentheses behind a call that are looked at for what mends the string it left.
const maxMends = 16

// leftQuote returns the index of a quote that stands in front of a call with nothing but an operator or
// the end of a statement between: '.system( ';system( -1 if there is none.
func leftQuote(data []byte, at int) int {
	before := bytes.TrimRight(data[max(0, at-maxOperator):at], " @(")
	operator := bytes.TrimRight(before, ";.+,|&*%-")
	quote := bytes.TrimRight(operator, " )]}")
	if len(operator) == len(before) || len(quote) == 0 || bytes.IndexByte([]byte("'\"`"), quote[len(quote)-1]) < 0 {
		return -1
	}
	return at - min(at, maxOperator) + len(quote) - 1
}

// quotes counts the quotes of a text once for all its calls.
type quotes struct {
	to   int    // bytes that were counted
	seen [3]int // of ' " and `
}

// opened reports whether the quote at i opens a string by its number, so that as a part of a string it
// would end that. Apostrophes within words open none.
func (q *quotes) opened(data []byte, i int) bool {
	if q.to > i {
		return false
	}
	for ; q.to < i; q.to++ {
		k := bytes.IndexByte([]byte("'\"`"), data[q.to])
		if k >= 0 && (q.to == 0 || !lex.Letter(data[q.to-1]) || !lex.Letter(data[q.to+1])) {
			q.seen[k]++
		}
	}
	return q.seen[bytes.IndexByte([]byte("'\"`"), data[i])]&1 == 0
}

// leaves reports whether a call stands behind the end of a string that the value is put into, and what
// follows mends that string or hides the rest of it: words'.system('id').'words. A text that shows code
// has the string's beginning too.
func (l *lines) leaves(data []byte, at, paren int) bool {
	if bytes.HasSuffix(data[:at], []byte("#{")) {
		end := callEnd(data, paren)
		return end > 0 && end < len(data) && data[end] == '}' && !bytes.HasSuffix(data[:at-2], []byte("`"))
	}
	i := leftQuote(data, at)
	return i >= 0 && l.quotes.opened(data, i) && mendedBehind(data[paren:min(len(data), paren+window)], data[i])
}

// mendedBehind reports whether behind one of a text's closing parentheses an operator and the quote
// follow, or the end of a statement and a remark or the quote.
func mendedBehind(text []byte, quote byte) bool {
	for range maxMends {
		i := bytes.IndexByte(text, ')')
		if i < 0 {
			return false
		}
		text = text[i+1:]
		next := bytes.TrimLeft(text, " )]}")
		rest := bytes.TrimLeft(next, ";.+,|&*%- ")
		if len(rest) == len(next) {
			continue
		}
		if len(rest) > 0 && rest[0] == quote || next[0] == ';' && (len(rest) == 0 || remarks(rest) || bytes.IndexByte(rest, quote) >= 0) {
			return true
		}
	}
	return false
}

// remarks reports whether a text begins with a remark of a language.
func remarks(text []byte) bool {
	return text[0] == '#' || bytes.HasPrefix(text, []byte("//")) || bytes.HasPrefix(text, []byte("/*")) || bytes.HasPrefix(text, []byte("?>"))
}

// interpolated reports whether a command in backticks is all of an expression in a string of Ruby, and
// none with which people look after their own: #{`id`}
func (c *call) interpolated() bool {
	if c.at != backtick || !bytes.HasSuffix(c.data[:c.first], []byte("#{`")) || c.administers() {
		return false
	}
	end := bytes.IndexByte(c.rest, '`')
	return end >= 0 && end+1 < len(c.rest) && c.rest[end+1] == '}' && point.Classify(c.data[max(0, c.first-closely):c.first-3])&point.Backtick == 0
}
