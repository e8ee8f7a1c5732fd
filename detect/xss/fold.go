package xss

import (
	"bytes"
	"sync"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxFold bounds the code that is read once more in plain spelling.
const maxFold = 1 << 10

// maxLines bounds the lines of such code: programs are written in more.
const maxLines = 4

// plainer reads code once more as it would be written plainly, if what it means is kept apart by comments
// and odd blanks, or spelled in strings: location ["assign"] is location.assign.
func plainer(data []byte, best *evidence.Tally) {
	if best.Score() >= evidence.Threshold || bytes.Count(data, []byte("\n")) > maxLines || !veils(data[:min(len(data), maxFold)]) {
		return
	}
	f := folders.Get().(*folder)
	defer folders.Put(f)
	if !bytes.HasPrefix(data, []byte("/*")) {
		f.read(data, 0, 0, best)
	}
	for _, opening := range [...]string{"'", "\"", "`", "${", "{{"} {
		if i := bytes.Index(data, []byte(opening)); i >= 0 {
			quote := opening[0]
			if len(opening) > 1 {
				quote = 0
			}
			f.read(data, i+len(opening), quote, best)
		}
	}
}

// veils reports whether code has what folder takes out.
func veils(data []byte) bool {
	if blankAt(data) > 0 {
		return true
	}
	lastLine := bytes.LastIndexByte(data, '\n')
	for i := 1; i+1 < len(data); i++ {
		if !mayVeil[data[i]] {
			continue
		}
		before, next := data[i-1], data[i+1]
		switch c := data[i]; {
		case c == '\v', c == '\f', c == '/' && next == '*', c == '?' && next == '.', c == '\\' && (next == 'x' || next == 'u'), (c == '\t' || c == '\n') && next == '(', c == '/' && next == '/' && i < lastLine:
			return true
		case c == '[' && (isQuote(next) || next <= ' '):
			return true
		case c == '+' && (isQuote(before) || before <= ' ') && (isQuote(next) || next <= ' '):
			return true
		case c <= ' ' && (next == '.' || next == '[') && ends(before):
			return true
		case c >= 0x80 && (next == '.' || next == '(' || next == '=' || next == '[' || blankAt(data[i:]) > 0):
			return true
		}
	}
	return false
}

// mayVeil holds the bytes at which veils looks.
var mayVeil = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c <= ' ' || c >= 0x80 || bytes.IndexByte([]byte(`/?\[+`), byte(c)) >= 0
	}
	return t
}()

func isQuote(c byte) bool { return c == '\'' || c == '"' || c == '`' }

// ends reports whether an operand can end with a byte.
func ends(c byte) bool { return isName(c) || c == ')' || c == ']' || c >= 0x80 }

// blankAt returns the length of the blank outside of ASCII with which text begins, 0 if it begins with
// none.
func blankAt(b []byte) int {
	if len(b) == 0 || b[0] < 0x80 {
		return 0
	}
	for _, w := range [...]string{"\u00a0", "\ufeff", "\u2028", "\u2029", "\u3000", "\u2002", "\u2003", "\u2009"} {
		if bytes.HasPrefix(b, []byte(w)) {
			return len(w)
		}
	}
	return 0
}

// folder writes code in plain spelling.
type folder struct {
	data []byte
	pos  int
	n    int
	buf  [maxFold + 4]byte
}

// read weighs the code at i, behind a quote if there is one.
func (f *folder) read(data []byte, i int, quote byte, best *evidence.Tally) {
	f.data, f.pos, f.n = data[:min(len(data), i+maxFold)], i, 0
	context := evidence.Raw
	if quote != 0 {
		f.put(quote)
		context = evidence.JSString
	}
	start := f.n
	for f.pos < len(f.data) && f.n < maxFold {
		f.step()
	}
	var own evidence.Tally
	own.Reset(attack.XSS, context)
	code(f.buf[:f.n], start, quote, context, &own)
	for i := range own.N { // what was spelled plainly stands all over the value
		own.Marks[i].Off, own.Marks[i].Len = 0, uint32(len(data))
	}
	keep(&own, best)
}

// unescaped returns a value with its entities read, which holds until the folder is put back.
func (f *folder) unescaped(value []byte) []byte {
	for f.pos, f.n = 0, 0; f.pos < len(value) && f.n < maxFold; {
		c, n := entity(value[f.pos:])
		if n == 0 {
			c, n = value[f.pos], 1
		}
		f.put(c)
		f.pos += n
	}
	return f.buf[:f.n]
}

// folders are kept, as what code is read from is no local variable.
var folders = sync.Pool{New: func() any { return new(folder) }}

func (f *folder) put(c byte) {
	f.buf[f.n] = c
	f.n++
}

// last returns the last byte that was written, 0 if there is none.
func (f *folder) last() byte {
	if f.n == 0 {
		return 0
	}
	return f.buf[f.n-1]
}

// step writes what stands at the position.
func (f *folder) step() {
	rest := f.data[f.pos:]
	switch c := rest[0]; {
	case isQuote(c):
		f.text()
	case c <= ' ', c == '/' && len(rest) > 1 && (rest[1] == '*' || rest[1] == '/'), c >= 0x80 && blankAt(rest) > 0:
		f.gap()
	case c >= 0x80: // of a name
		f.put('u')
		f.pos++
	case bytes.HasPrefix(rest, []byte("?.")) && len(rest) > 2 && !lex.Digit(rest[2]):
		if f.pos += 2; isName(rest[2]) {
			f.put('.')
		}
	case c == '[' && ends(f.last()) && f.member():
	case c == '(' && !ends(f.last()) && f.wrapped():
	case c == '\\':
		f.escape()
	default:
		f.put(c)
		f.pos++
	}
}

// escape writes the letter that an escape in a name stands for.
func (f *folder) escape() {
	c, n := lex.ScriptEscape(f.data[f.pos:])
	if n == 0 || !isName(c) {
		c, n = '\\', 1
	}
	f.put(c)
	f.pos += n
}

// gap passes over blanks and comments, and writes the blank that is needed between words.
func (f *folder) gap() {
	odd, line := false, false
	for f.pos < len(f.data) {
		rest := f.data[f.pos:]
		n := blankAt(rest)
		switch {
		case rest[0] <= ' ':
			n = 1
			line = line || rest[0] == '\n' || rest[0] == '\r'
			odd = odd || rest[0] == '\v' || rest[0] == '\f' || rest[0] == '\t'
		case n > 0:
			odd, line = true, line || rest[0] == 0xe2 && rest[1] == 0x80 && rest[2] >= 0xa8
		default:
			if next, comment := lex.Gap(f.data, f.pos); comment {
				n, odd = next-f.pos, true
			}
		}
		if n == 0 {
			break
		}
		f.pos += n
	}
	if f.pos < len(f.data) && f.data[f.pos] == '/' && f.pos+1 < len(f.data) && (f.data[f.pos+1] == '/' || f.data[f.pos+1] == '*') { // a comment without an end
		f.put('/')
		f.pos++
		return
	}
	f.blank(odd, line)
}

// blank writes what must stand between the last byte and the next one. A word and a parenthesis that a
// blank parts can be prose.
func (f *folder) blank(odd, line bool) {
	if f.n == 0 || f.pos == len(f.data) {
		return
	}
	before, next := f.last(), f.data[f.pos]
	switch {
	case line && (before == ')' || before == ']' || before == '}' || isQuote(before)) && isName(next):
		f.put(';')
	case line && ends(before) && isName(next):
		f.put('\n')
	case before == ')' && next == '(':
	case ends(before) && (isName(next) || next >= 0x80), next == '(' && ends(before) && !odd && !line:
		f.put(' ')
	case odd, line && next == '(', bytes.IndexByte([]byte(".[]=+"), before) >= 0, bytes.IndexByte([]byte(".[]=+"), next) >= 0:
	default:
		f.put(' ')
	}
}

// member writes a member that is named by a string in brackets.
func (f *folder) member() bool {
	s, ok := lex.MemberAt(f.data, f.pos)
	if !ok || sinkWeight(string(s.Name()), s.Name()) == 8 || string(s.Name()) == "location" || len(bytes.Trim(s.Name(), "abcdefghijklmnopqrstuvwxyz")) > 0 || f.n+len(s.Name()) >= maxFold {
		return false
	}
	f.put('.')
	first := f.n
	f.n += copy(f.buf[f.n:], s.Name())
	if string(s.Name()) == "function" {
		f.buf[first] = 'F'
	}
	f.pos = s.End
	return true
}

// wrapped writes a name without the parentheses around it, in front of a member: (document).
func (f *folder) wrapped() bool {
	first, _ := lex.Gap(f.data, f.pos+1)
	end := lex.WordEnd(f.data, first)
	behind, _ := lex.Gap(f.data, end)
	if end == first || behind == len(f.data) || f.data[behind] != ')' || f.n+end-first >= maxFold {
		return false
	}
	next, _ := lex.Gap(f.data, behind+1)
	if next+1 >= len(f.data) || f.data[next] != '.' && f.data[next] != '[' && f.data[next] != '?' {
		return false
	}
	f.n += copy(f.buf[f.n:], f.data[first:end])
	f.pos = behind + 1
	return true
}

// text writes a string with its escapes read, and those that are added to it as one with it.
func (f *folder) text() {
	outer := f.data[f.pos]
	quote := outer
	f.put(outer)
	f.pos++
	for f.pos < len(f.data) && f.n < maxFold {
		c, n := f.data[f.pos], 1
		switch c {
		case quote:
			next := f.added(f.pos + 1)
			if next == 0 {
				f.put(outer)
				f.pos++
				return
			}
			quote = f.data[next]
			f.pos = next + 1
			continue
		case outer:
			f.pos++
			continue
		case '\\':
			if c, n = lex.ScriptEscape(f.data[f.pos:]); n == 0 || isQuote(c) || c == '\\' {
				c, n = ' ', min(2, len(f.data)-f.pos)
			}
		}
		f.put(c)
		f.pos += n
	}
}

// added returns the index of the quote that begins a string which is added to the one that ends in front
// of i, 0 if none is.
func (f *folder) added(i int) int {
	i, _ = lex.Gap(f.data, i)
	if i == len(f.data) || f.data[i] != '+' {
		return 0
	}
	i, _ = lex.Gap(f.data, i+1)
	if i+1 >= len(f.data) || f.data[i] != '\'' && f.data[i] != '"' {
		return 0
	}
	return i
}
