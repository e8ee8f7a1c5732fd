package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// line passes over comments to the ends of their lines. One that runs to the end is a token.
func (l *lexer) line() token {
	for first := l.pos; l.pos < len(l.data) && l.beginsLine(l.data[l.pos]); {
		start := l.pos
		if l.excludes() {
			l.mode |= nestable
		}
		i := bytes.IndexByte(l.data[start:], '\n')
		if i < 0 {
			l.pos = len(l.data)
			return token{comment, 0, start, l.pos - start}
		}
		l.mode |= commented
		if l.pos += i; l.ahead != nil {
			l.ahead.pass(l, first)
		}
		l.gap()
	}
	return token{}
}

// beginsLine reports whether a comment to the end of the line begins at the position, with the byte that stands there.
func (l *lexer) beginsLine(c byte) bool {
	switch c {
	case '#':
		return !l.jsonPath() && (!l.mode.is(nests) || !l.excludes())
	case '-':
		return l.at(1) == '-' && !isDigit(l.at(2)) && l.at(2) != '('
	case 0xe2:
		return l.longDash()
	}
	return false
}

// gap passes over blanks of one byte.
func (l *lexer) gap() {
	for l.pos < len(l.data) && leads[l.data[l.pos]] == blank {
		l.pos++
	}
}

// excludes reports whether a number sign may be the exclusive or of PostgreSQL: an operand stands on both
// sides, without a blank behind it.
func (l *lexer) excludes() bool {
	return l.data[l.pos] == '#' && (l.mode.behind(number) || l.mode.behind(name) || l.mode.behind(closing)) && (l.at(1) == '(' || lex.Word(l.at(1)))
}

// block passes over /* */; what stands in /*! */ is code.
func (l *lexer) block() token {
	start := l.pos
	l.mode |= commented
	if (l.at(2) == '!' || l.at(2) == 'M' && l.at(3) == '!') && !l.future() {
		l.mode |= inVersion
		l.pos += 3
		for l.pos < len(l.data) && (isDigit(l.data[l.pos]) || l.data[l.pos] == '!') {
			l.pos++
		}
		return token{}
	}
	if end := l.blockEnd(min(start+2, len(l.data))); end > 0 {
		l.pos = end
		if bytes.Contains(l.data[start+2:l.pos], []byte("/*")) {
			l.mode |= nestable
			if l.mode.is(nests) {
				l.pos = max(l.pos, start+l.nested(start))
			}
		}
		return token{}
	}
	l.pos = len(l.data)
	return token{comment, 0, start, l.pos - start}
}

// blockEnd returns the index behind the mark that ends a comment from an index on, 0 if none does.
func (l *lexer) blockEnd(from int) int {
	if l.ahead != nil {
		return l.ahead.blockEnd(l.data, from)
	}
	return blockEnd(l.data, from)
}

func blockEnd(data []byte, from int) int {
	i := bytes.Index(data[from:], []byte("*/"))
	if i < 0 {
		return 0
	}
	return from + i + 2
}

// nested is [nestedEnd] of the comment at start, with what is remembered.
func (l *lexer) nested(start int) int {
	if l.ahead == nil {
		return nestedEnd(l.data[start:])
	}
	return l.ahead.nested.length(l.data, start)
}

// future reports whether a versioned comment is for a version that will never be, so that no server
// executes it.
func (l *lexer) future() bool {
	return bytes.HasPrefix(bytes.TrimLeft(l.data[l.pos+2:min(len(l.data), l.pos+8)], "M!"), []byte("999"))
}
