package xss

import (
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// folded is a short text in lower case without NUL, tab and line ends, as browsers
// read names and schemes.
type folded struct {
	buf [32]byte // longer texts would be copied to compare them
	n   int
}

func (f *folded) text() string { return string(f.buf[:f.n]) }

func lower(b []byte) (f folded) {
	for _, c := range b {
		if c == 0 || c == '\t' || c == '\n' || c == '\r' {
			continue
		}
		if f.n == len(f.buf) {
			f.n = 0 // too long to be any of the words
			return f
		}
		c = lex.Lower(c)
		f.buf[f.n] = c
		f.n++
	}
	return f
}

// isHandler reports whether an attribute's name is on followed by letters.
func isHandler(name []byte) bool {
	if len(name) < 5 || len(name) > longestHandler || name[0]|0x20 != 'o' || name[1]|0x20 != 'n' {
		return false
	}
	for _, c := range name[2:] {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return c == 0
		}
	}
	return !spoken.Has(name)
}

// spoken are words that begin as handlers do.
var spoken = lex.NewWords("online only onto ontology onion onset onsite ongoing onwards onboarding onboard once ontwerp")

// isEvent reports whether a handler's name is an event that browsers know, by its
// beginning.
func isEvent(name []byte) bool {
	if len(name) < 6 {
		return false
	}
	w := lower(name[:min(len(name), 8)])
	if w.n < 5 {
		return false
	}
	switch string(w.buf[2:min(w.n, 6)]) {
	case "load", "erro", "clic", "mous", "focu", "blur", "keyd", "keyu", "keyp", "togg", "anim", "tran", "poin", "begi", "star", "subm", "chan", "inpu", "drag", "drop", "copy", "past", "cut", "whee",
		"scro", "resi", "mess", "hash", "page", "befo", "afte", "show", "sele", "play", "ende", "time", "canp", "seek", "auxc", "cont", "dblc", "touc", "gotp", "lost", "full", "pops", "stor", "unlo",
		"unha", "webk", "abor", "canc", "clos", "cuec", "dura", "empt", "fini", "boun", "inva", "prog", "rese", "sear", "stal", "susp", "volu", "wait", "read", "form", "slot", "secu", "repe", "offl", "filt", "bounce":
		return true
	}
	return false
}

// prose reports whether a text is words in a row, as no code is.
func prose(b []byte) bool {
	words, plain := 0, true
	for i := range b {
		c := point.ClassOf[b[i]]
		if c&(point.Alpha|point.Digit|point.Dash|point.Dot|point.Space|point.High) == 0 && b[i] != ',' && b[i] != '\'' && b[i] != '!' && b[i] != '?' {
			plain = false
			break
		}
		if c == point.Space && i > 0 && point.ClassOf[b[i-1]]&point.Alpha != 0 {
			words++
		}
	}
	return plain && words >= 2
}

// codeLike reports whether a text is JavaScript rather than prose: a call, an
// assignment, a member of something, or entities and escapes that hide one.
func codeLike(b []byte) bool {
	b = trim(b)
	if point.Classify(b)&codeMarks == 0 {
		return false
	}
	for i, c := range b {
		switch c {
		case '(', '`':
			if i == 0 || b[i-1] != ' ' || i > 1 && point.ClassOf[b[i-2]]&point.Alpha == 0 {
				return true
			}
		case '=', ';', '&', '\\', '[':
			return true
		case '.':
			if i > 0 && i+1 < len(b) && point.ClassOf[b[i-1]]&point.Alpha != 0 && point.ClassOf[b[i+1]]&point.Alpha != 0 {
				return true
			}
		}
	}
	return false
}

// codeMarks are the classes of which code has one.
const codeMarks = point.Paren | point.Backtick | point.Equal | point.Semicolon | point.Ampersand | point.Backslash | point.Bracket | point.Dot

func trim(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	return b
}

// character is one, and the entity that stands for it.
type character struct {
	name string
	c    byte
}

// entitiesBy are the entities of characters that matter in code, by their first letter.
var entitiesBy = [256][]character{
	'a': {{"&apos;", '\''}, {"&amp;", '&'}}, 'b': {{"&bsol;", '\\'}}, 'c': {{"&colon;", ':'}}, 'g': {{"&gt", '>'}}, 'l': {{"&lpar;", '('}, {"&lt", '<'}},
	'n': {{"&newline;", '\n'}}, 'q': {{"&quot;", '"'}}, 'r': {{"&rpar;", ')'}}, 's': {{"&sol;", '/'}}, 't': {{"&tab;", '\t'}},
}

// entity returns the character that an entity at the start of b stands for, and its
// length; 0 if none begins there.
func entity(b []byte) (c byte, n int) {
	if len(b) < 3 || b[0] != '&' {
		return 0, 0
	}
	if b[1] != '#' {
		for _, e := range entitiesBy[lex.Lower(b[1])] {
			if lex.HasPrefix(b, e.name) {
				return e.c, len(e.name)
			}
		}
		return 0, 0
	}
	i, base := 2, rune(10)
	if b[2]|0x20 == 'x' {
		i, base = 3, 16
	}
	value, start := rune(0), i
	for i < len(b) && i-start < len(folded{}.buf) && b[i] == '0' {
		i++
	}
	for first := i; i < len(b) && i-first < 9; i++ {
		d := digit(b[i])
		if d >= base {
			break
		}
		value = min(value*base+d, 0x10ffff)
	}
	if i == start || value > 0x7f {
		return 0, 0
	}
	if i < len(b) && b[i] == ';' {
		i++
	}
	return byte(value), i
}

func digit(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	default:
		return 99
	}
}
