package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

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
	colon
	arrow   // name => value, in the arguments of a call
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
	data  []byte
	ahead *ahead // nil where nothing is remembered
	pos   int
	mode  mode
}

// mode is all that tells besides its place how a lexer goes on. It is one number, so that a lexer that was
// just moved is quickly copied.
type mode uint64

const (
	commented mode = 1 << iota // a comment stood before the last token
	inVersion                  // a versioned comment was opened
	nests                      // comments stand in comments, as PostgreSQL has it
	nestable                   // one that may be such a comment was read

	lastKind          = 8       // bits from which on the kind of the last token stands
	subscript    mode = 1 << 16 // one that is open
	subscripts        = 0xff * subscript
	braceOfODBC  mode = 1 << 24 // {x that is open
	bracesOfODBC      = ^mode(0) &^ (braceOfODBC - 1)
)

func (m mode) is(flag mode) bool { return m&flag != 0 }

// behind reports whether the last token was of a kind.
func (m mode) behind(k kind) bool { return kind(m>>lastKind) == k }

// follow notes the kind of the last token.
func (m *mode) follow(k kind) { *m = *m&^(0xff<<lastKind) | mode(k)<<lastKind }

const tokenWords = 32 // longest word that is looked up

func (l *lexer) next() token {
	if l.ahead != nil {
		return l.ahead.next(l)
	}
	return l.advance()
}

// advance reads the next token itself.
func (l *lexer) advance() token {
	t := l.read()
	l.mode.follow(t.kind)
	return t
}

// lead is how a token begins.
type lead uint8

const (
	odd      lead = iota // in one of several ways
	blank                // not at all
	letter               // of a word
	digit                // of a number
	mark                 // with its only byte
	symbolic             // of one byte or more
	sign                 // the same, or a comment
	fraction             // the same, or of a number
	quote                // of a string
)

// leads holds what the first byte tells of a token.
var leads = func() (t [256]lead) {
	for c := range 0x80 {
		switch b := byte(c); {
		case b <= ' ' || b == 0x7f:
			t[c] = blank
		case isDigit(b):
			t[c] = digit
		case b != '$' && isWord(b):
			t[c] = letter
		case b == '\'' || b == '"':
			t[c] = quote
		case bytes.IndexByte([]byte("(),;+%"), b) >= 0:
			t[c] = mark
		case bytes.IndexByte([]byte("=<>!~^:&|?"), b) >= 0:
			t[c] = symbolic
		case bytes.IndexByte([]byte("-/*"), b) >= 0:
			t[c] = sign
		case b == '.':
			t[c] = fraction
		}
	}
	t[0xa0] = blank
	return t
}()

func (l *lexer) read() token {
	l.mode &^= commented
	for l.pos < len(l.data) {
		start, c := l.pos, l.data[l.pos]
		switch leads[c] {
		case blank:
			l.pos++
		case letter:
			return l.word(start)
		case digit:
			if t := l.number(start); t.kind != end {
				return t
			}
		case mark:
			l.pos++
			return token{single[c], 0, start, 1}
		case symbolic:
			return l.symbol(start, c)
		case quote:
			return l.quoted(start, c, str)
		case fraction:
			if isDigit(l.at(1)) {
				return l.number(start)
			}
			return l.symbol(start, c)
		default:
			if next := l.at(1); leads[c] == sign && next != '-' && next != '*' && next != '/' {
				return l.symbol(start, c)
			}
			if t := l.oddly(start, c); t.kind != end {
				return t
			}
		}
	}
	return token{end, 0, len(l.data), 0}
}

// oddly reads a comment or what else stands for a blank, and returns the zero token, or a token
// that one of many bytes begins.
func (l *lexer) oddly(start int, c byte) token {
	if t, passed := l.skip(c); passed {
		return t
	}
	switch {
	case c == '$' && l.tagged() > 0:
		return l.dollar(start)
	case isWord(c):
		return l.word(start)
	case c == '`':
		return l.quoted(start, c, name)
	case c == '[':
		return l.bracket(start)
	case c == ']' && l.mode.is(subscripts):
		l.mode -= subscript
		l.pos++
		return token{closing, 0, start, 1}
	case c == '@' && l.at(1) != '>' && !l.asksPath():
		return l.variable(start)
	case c == '\\' && l.at(1) == 'N':
		l.pos += 2
		return token{word, kwNull, start, 2}
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

// skip passes over what stands for a blank; a comment that runs to the end is a
// token of its own.
func (l *lexer) skip(c byte) (t token, passed bool) {
	switch {
	case c >= 0x80 && l.wideBlank() > 0:
		l.pos += l.wideBlank()
	case l.beginsLine(c):
		return l.line(), true
	case c == '/' && l.at(1) == '*':
		return l.block(), true
	case c == '*' && l.at(1) == '/' && l.mode.is(inVersion):
		l.pos += 2
		l.mode &^= inVersion
	case c == '}' && l.mode.is(bracesOfODBC):
		l.mode -= braceOfODBC
		l.pos++
	case c == '{' && l.openODBC():
		l.mode += braceOfODBC
		l.pos++
		if l.blanks(); l.at(0) == '`' {
			l.quoted(l.pos, '`', name)
		} else {
			l.words()
		}
	default:
		return token{}, false
	}
	return token{}, true
}

// wideBlank returns the length of a blank of more than one byte, 0 if there is none.
func (l *lexer) wideBlank() int {
	switch l.data[l.pos] {
	case 0xc2:
		if l.at(1) == 0xa0 || l.at(1) == 0x85 { // U+0085
			return 2
		}
	case 0xe2:
		if l.at(1) == 0x80 && (l.at(2) >= 0x80 && l.at(2) <= 0x8b || l.at(2) == 0xa8 || l.at(2) == 0xa9 || l.at(2) == 0xaf) { // U+2000 to U+200B
			return 3
		}
	case 0xe3:
		if l.at(1) == 0x80 && l.at(2) == 0x80 {
			return 3
		}
	case 0xef:
		if l.at(1) == 0xbb && l.at(2) == 0xbf {
			return 3
		}
	}
	return 0
}

// longDash finds the dash that word processors make of --.
func (l *lexer) longDash() bool {
	return l.at(1) == 0x80 && (l.at(2) == 0x93 || l.at(2) == 0x94) && (l.pos+3 == len(l.data) || l.at(3) <= ' ')
}

// jsonPath tells PostgreSQL's #> from a comment.
func (l *lexer) jsonPath() bool {
	return l.at(1) == '>' && (l.at(2) == '\'' || l.at(2) == '>' && l.at(3) == '\'')
}

// openODBC tells {fn f()} and {x expr} from other braces.
func (l *lexer) openODBC() bool {
	after := *l
	after.pos++
	after.blanks()
	first := after.pos
	if after.at(0) == '`' { // {`k`user()}
		return bytes.IndexByte(after.data[first+1:min(len(after.data), first+tokenWords)], '`') > 0
	}
	after.words()
	return after.pos > first && after.pos < len(l.data) && !isDigit(l.data[first]) && l.data[after.pos] != ':' && l.data[after.pos] != '}' && l.data[after.pos] != ','
}

// asksPath tells PostgreSQL's @? and @@, which ask JSON for a path and match a text, from variables.
func (l *lexer) asksPath() bool {
	if c := l.at(1); c != '?' && c != '@' || !l.mode.behind(closing) && !l.mode.behind(name) && !l.mode.behind(str) && !l.mode.behind(word) {
		return false
	}
	rest := bytes.TrimLeft(l.data[min(l.pos+2, len(l.data)):], " ")
	return len(rest) > 0 && (rest[0] == '\'' || rest[0] == '$' || l.at(1) == '?')
}

func (l *lexer) blanks() {
	for l.pos < len(l.data) && l.data[l.pos] <= ' ' {
		l.pos++
	}
}

func isWord(c byte) bool {
	return point.ClassOf[c]&(point.Alpha|point.Digit) != 0 || c == '$' || c >= 0x80 && c != 0xa0
}

// inWord holds the ASCII bytes of isWord.
var inWord = func() (t [256]bool) {
	for c := range 0x80 {
		t[c] = isWord(byte(c))
	}
	return t
}()

func (l *lexer) words() {
	pos := l.pos
	for pos < len(l.data) && inWord[l.data[pos]] {
		pos++
	}
	for l.pos = pos; l.pos < len(l.data) && isWord(l.data[l.pos]) && (l.data[l.pos] < 0x80 || l.wideBlank() == 0); {
		l.pos++
	}
}

func (l *lexer) word(start int) token {
	l.words()
	if l.pos == start { // a byte that begins a wide blank in the middle of nothing
		l.pos++
		return token{bad, 0, start, 1}
	}
	t := token{name, 0, start, l.pos - start}
	if t.len > tokenWords || l.plain(l.data[start:l.pos]) {
		return t
	}
	var buf [tokenWords]byte
	w := buf[:t.len]
	for i, c := range l.data[start:l.pos] {
		c = lex.Lower(c)
		w[i] = c
	}
	if c := l.at(0); (c == '\'' || c == '&' && l.at(1) == '\'' || w[0] == '_' && l.at(0) == ' ' && l.at(1) == '\'') && prefixesString(w) {
		for l.data[l.pos] != '\'' {
			l.pos++
		}
		return l.quoted(start, '\'', str)
	}
	t.kind, t.key = lookUp(w)
	if t.kind == name && t.key == 0 && l.at(0) == '/' && l.at(1) == '*' {
		l.rejoin(&t, w)
	}
	return t
}

// plain reports whether a word in front of the position is nothing but a name: no known one, none of a
// family, none inside of itself, and nothing behind it that makes something else of it.
func (l *lexer) plain(w []byte) bool {
	switch l.at(0) {
	case '\'':
		return false
	case '&':
		if l.at(1) == '\'' {
			return false
		}
	case '/':
		if l.at(1) == '*' {
			return false
		}
	case ' ':
		if w[0] == '_' {
			return false
		}
	}
	return len(w) < len("as") || !isKnown(w) && !familiar(w) && !mayNest(w)
}

// rejoin takes a keyword that a comment parts, for filters that take comments out:
// un/**/ion.
func (l *lexer) rejoin(t *token, w []byte) {
	end := bytes.Index(l.data[l.pos:min(len(l.data), l.pos+12)], []byte("*/"))
	if end < 2 {
		return
	}
	next := l.pos + end + 2
	rest := next
	for rest < len(l.data) && isWord(l.data[rest]) {
		rest++
	}
	var buf [tokenWords]byte
	if rest == next || len(w)+rest-next > len(buf) {
		return
	}
	joined := append(buf[:0], w...)
	for _, c := range l.data[next:rest] {
		joined = append(joined, lex.Lower(c))
	}
	kind, key := syntax(joined)
	if kind == name {
		kind, key = head(joined)
	}
	if kind == name {
		key = function(joined)
	}
	if kind != name || key == fnSleep || key == fnTime || key == fnGrave {
		l.pos = rest
		t.kind, t.key, t.len = kind, key, rest-t.off
	}
}

// maxSubscripts bounds the subscripts that are open at once.
const maxSubscripts = 16

// bracket reads [name]; anything else in brackets is no SQL.
func (l *lexer) bracket(start int) token {
	l.pos++
	for l.pos < len(l.data) && l.pos-start <= 64 && (isWord(l.data[l.pos]) || l.data[l.pos] == ' ') {
		l.pos++
	}
	if indexes := l.mode.behind(name) || l.mode.behind(closing); !indexes && l.at(0) == ']' && l.pos > start+1 {
		l.pos++
		return token{name, catalogued(l.data[start+1 : l.pos-1]), start, l.pos - start}
	} else if indexes && l.mode&subscripts < maxSubscripts*subscript { // of an array
		l.pos = start + 1
		l.mode += subscript
		return token{open, 0, start, 1}
	}
	if l.pos == len(l.data) && !l.mode.behind(end) {
		return token{str, cutOff, start, l.pos - start}
	}
	l.pos = start + 1
	return token{bad, 0, start, 1}
}

// catalogued returns what a name in brackets means of the database's own, 0 if nothing.
func catalogued(inner []byte) keyword {
	var buf [tokenWords]byte
	if len(inner) > len(buf) {
		return 0
	}
	w := buf[:len(inner)]
	for i, c := range inner {
		w[i] = lex.Lower(c)
	}
	if kind, key := lookUpAny(w); kind == name && (key == nmSystem || key == nmGrave) {
		return key
	}
	return 0
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
	if l.pos == first && (k == sysvar || l.at(0) > ' ' && l.at(0) != ',' && l.at(0) != '=' && (l.at(0) != ':' || l.at(1) != '=')) {
		return token{bad, 0, start, 1}
	}
	if k == variable && start > 0 && isWord(l.data[start-1]) && bytes.IndexByte(l.data[first:l.pos], '.') > 0 {
		return token{bad, 0, start, 1} // d'or@example.com
	}
	return token{k, 0, start, l.pos - start}
}
