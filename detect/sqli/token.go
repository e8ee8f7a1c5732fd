package sqli

import "github.com/weirnode/weir/point"

// kind is the class of a token.
type kind uint8

const (
	end      kind = iota // of the value
	bad                  // no SQL
	number               // 1, 1.5e3, 0x1f
	str                  // a complete or cut-off string
	name                 // identifier
	word                 // keyword
	variable             // @x
	sysvar               // @@x
	compare              // = <> < LIKE ...
	logic                // AND OR XOR || &&
	not                  // NOT !
	arith                // + - * / ...
	comma
	semicolon
	open
	closing
	dot
	comment // to the end of the line or the value
)

// token is one token of the value.
type token struct {
	kind     kind
	key      keyword // of a word
	off, len int
}

// lexer reads one token after the other.
type lexer struct {
	data      []byte
	pos       int
	spaced    bool // white space stood before the last token
	commented bool // a comment stood there
	version   bool // a versioned comment was opened
}

const tokenWords = 32 // longest word that is looked up

func (l *lexer) next() token {
	if t, ended := l.skip(); ended {
		return t
	}
	start := l.pos
	c := l.data[l.pos]
	switch {
	case c >= '0' && c <= '9', c == '.' && l.at(1) >= '0' && l.at(1) <= '9':
		return l.number(start)
	case isWord(c):
		return l.word(start)
	case c == '\'' || c == '"':
		return l.quoted(start, c, str)
	case c == '`':
		return l.quoted(start, c, name)
	case c == '[':
		return l.bracket(start)
	case c == '@':
		return l.variable(start)
	default:
		return l.symbol(start, c)
	}
}

func (l *lexer) at(n int) byte {
	if l.pos+n < len(l.data) {
		return l.data[l.pos+n]
	}
	return 0
}

// skip passes over white space and comments; a comment that runs to the end is a
// token of its own.
func (l *lexer) skip() (token, bool) {
	l.spaced, l.commented = false, false
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		switch {
		case c <= ' ' || c == 0xa0 || c == 0x7f:
			l.pos++
			l.spaced = true
		case c == 0xc2 && l.at(1) == 0xa0:
			l.pos += 2
			l.spaced = true
		case c == '#' || c == '-' && l.at(1) == '-' && (l.at(2) <= ' ' || !isWord(l.at(2)) && l.at(2) != '('):
			start := l.pos
			for l.pos < len(l.data) && l.data[l.pos] != '\n' {
				l.pos++
			}
			if l.pos == len(l.data) {
				return token{comment, 0, start, l.pos - start}, true
			}
			l.spaced, l.commented = true, true
		case c == '/' && l.at(1) == '*':
			if t, ended := l.block(); ended {
				return t, true
			}
		case c == '*' && l.at(1) == '/' && l.version:
			l.pos += 2
			l.spaced, l.version = true, false
		default:
			return token{}, false
		}
	}
	return token{end, 0, len(l.data), 0}, true
}

// block passes over /* */; what stands in /*! */ is code.
func (l *lexer) block() (token, bool) {
	start := l.pos
	l.spaced, l.commented = true, true
	if l.at(2) == '!' {
		l.version = true
		l.pos += 3
		for l.pos < len(l.data) && l.data[l.pos] >= '0' && l.data[l.pos] <= '9' {
			l.pos++
		}
		return token{}, false
	}
	for l.pos += 2; l.pos < len(l.data); l.pos++ {
		if l.data[l.pos] == '*' && l.at(1) == '/' {
			l.pos += 2
			return token{}, false
		}
	}
	l.pos = len(l.data)
	return token{comment, 0, start, l.pos - start}, true
}

func isWord(c byte) bool {
	return point.ClassOf[c]&(point.Alpha|point.Digit) != 0 || c == '$' || c >= 0x80 && c != 0xa0
}

func (l *lexer) words() {
	for l.pos < len(l.data) && isWord(l.data[l.pos]) {
		l.pos++
	}
}

func (l *lexer) digits() {
	for l.pos < len(l.data) && l.data[l.pos] >= '0' && l.data[l.pos] <= '9' {
		l.pos++
	}
}

// number reads digits; letters that follow make a name unless they are a keyword.
func (l *lexer) number(start int) token {
	if l.data[start] == '0' && l.at(1)|0x20 == 'x' {
		l.pos += 2
		l.words()
		return token{number, 0, start, l.pos - start}
	}
	for l.pos < len(l.data) && (l.data[l.pos] >= '0' && l.data[l.pos] <= '9' || l.data[l.pos] == '.') {
		l.pos++
	}
	if l.at(0)|0x20 == 'e' && (l.at(1) >= '0' && l.at(1) <= '9' || (l.at(1) == '-' || l.at(1) == '+') && l.at(2) >= '0' && l.at(2) <= '9') {
		l.pos += 2
		l.digits()
	}
	if isWord(l.at(0)) { // 1union is two tokens, 1st is none
		after := *l
		if t := after.word(after.pos); t.kind == name || t.kind == bad {
			return token{bad, 0, start, 1}
		}
	}
	return token{number, 0, start, l.pos - start}
}

func (l *lexer) word(start int) token {
	var buf [tokenWords]byte
	n := 0
	for l.pos < len(l.data) && isWord(l.data[l.pos]) {
		c := l.data[l.pos]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if n < len(buf) {
			buf[n] = c
		}
		n++
		l.pos++
	}
	t := token{name, 0, start, l.pos - start}
	if n > len(buf) {
		return t
	}
	if l.at(0) == '\'' && (n == 1 && (buf[0] == 'n' || buf[0] == 'x' || buf[0] == 'b' || buf[0] == 'e' || buf[0] == 'q')) {
		return l.quoted(start, '\'', str)
	}
	t.kind, t.key = lookUp(buf[:n])
	return t
}

func (l *lexer) quoted(start int, quote byte, k kind) token {
	if l.data[l.pos] != quote {
		for l.data[l.pos] != quote {
			l.pos++
		}
	}
	for l.pos++; l.pos < len(l.data); l.pos++ {
		switch l.data[l.pos] {
		case '\\':
			l.pos++
		case quote:
			if l.at(1) == quote {
				l.pos++
				continue
			}
			l.pos++
			return token{k, 0, start, l.pos - start}
		}
	}
	l.pos = len(l.data)
	return token{k, cutOff, start, l.pos - start}
}

// bracket reads [name]; anything else in brackets is no SQL.
func (l *lexer) bracket(start int) token {
	l.pos++
	for l.pos < len(l.data) && l.pos-start <= 64 && (isWord(l.data[l.pos]) || l.data[l.pos] == ' ') {
		l.pos++
	}
	if l.at(0) == ']' && l.pos > start+1 {
		l.pos++
		return token{name, 0, start, l.pos - start}
	}
	return token{bad, 0, start, 1}
}

func (l *lexer) variable(start int) token {
	k := variable
	l.pos++
	if l.at(0) == '@' {
		k = sysvar
		l.pos++
	}
	first := l.pos
	for l.pos < len(l.data) && (isWord(l.data[l.pos]) || l.data[l.pos] == '.') {
		l.pos++
	}
	if l.pos == first {
		return token{bad, 0, start, 1}
	}
	return token{k, 0, start, l.pos - start}
}

func (l *lexer) symbol(start int, c byte) token {
	second := l.at(1)
	n, k := 1, bad
	switch c {
	case '(':
		k = open
	case ')':
		k = closing
	case ',':
		k = comma
	case ';':
		k = semicolon
	case '.':
		k = dot
	case '=':
		k = compare
	case '<', '>':
		k = compare
		if second == '=' || second == '>' {
			n = 2
			if l.at(2) == '>' {
				n = 3
			}
		}
	case '!':
		k = not
		if second == '=' || second == '<' || second == '>' {
			n, k = 2, compare
		}
	case ':':
		switch second {
		case '=':
			n, k = 2, compare
		case ':':
			n, k = 2, arith
		}
	case '|', '&':
		k = arith
		if second == c {
			n, k = 2, logic
		}
	case '+', '-', '*', '/', '%', '^', '~':
		k = arith
	}
	l.pos += n
	return token{k, 0, start, n}
}
