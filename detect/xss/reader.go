package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// reader reads statements of code.
type reader struct {
	data      []byte
	pos       int
	from      int
	tally     *evidence.Tally
	broken    bool // a string was closed before the code
	opened    int  // index from which on backticks begin and end templates; 0 if that string was none
	target    int  // where the code of a script URL that is assigned begins, 0 if there is none, and ends
	targetEnd int
	far       bool            // the code is read as far as such a program, from the few places it may begin at
	long      bool            // the code is a whole program behind a closed string, with what opens it again at its end
	open      bool            // a comment has no end
	head      int             // index behind the head of a statement: if (...), for (...)
	sent      bool            // a sink was handed over before
	ticks     answer          // whether the string that was closed was a template
	counted   int             // index up to which backticks were counted, from opened on
	odd       bool            // as many as that are no pairs
	names     answer          // whether the name of the window is an argument
	marks     [allMarks]found // of those that words were asked for
	quiet     *quiet          // of all code behind closed strings of the value, nil where it is read otherwise
}

// answer is what was found out about all of a reader's code, which is asked for at many words.
type answer uint8

const (
	unasked answer = iota
	no
	yes
)

// ask returns an answer, which find gives the first time.
func (a *answer) ask(find func() bool) bool {
	if *a == unasked {
		*a = no
		if find() {
			*a = yes
		}
	}
	return *a == yes
}

// Bounds of how many words, strings and signs are read: of a value that may be a program of its own,
// and of one that has closed a string and takes care of the rest of it.
const (
	maxWords = 96
	maxLong  = 1 << 13
)

// closed reports whether code at start stands behind the first quote of its kind, or in the braces of a
// template, and what would follow it is taken care of.
func closed(data []byte, start int, quote byte) bool {
	switch quote {
	case 0:
		return false
	case '$':
		return start == len("${")
	case '/':
		return givesBack(data, quote)
	}
	return start > 0 && bytes.IndexByte(data[:start], quote) == start-1 && givesBack(data[start:], quote)
}

// run reads words until evidence is enough, the code ends, or it turns out to be
// prose.
func (r *reader) run() {
	if ended := r.words(); ended && r.quiet != nil && r.tally.N == 0 && r.target == 0 {
		r.quiet.keep()
	}
}

// words is run, and reports whether there was an end to the code and not to the words that are read.
func (r *reader) words() (ended bool) {
	beside := false // an operand stands before, with only blanks since
	for n := 0; n < maxWords || (r.long || r.far) && n < maxLong; n++ {
		last := r.pos
		r.blanks()
		if r.pos >= len(r.data) || !beside && r.readBefore() {
			return true
		}
		if beside && r.pos > last && bytes.IndexByte(r.data[last:r.pos], '\n') >= 0 && r.short() {
			beside = false
		}
		start := r.pos
		c := r.data[r.pos]
		switch {
		case isName(c):
			r.name()
			joined := r.joined(start)
			if beside && !joined || r.word(start) {
				return true
			}
			beside = !joined
		case c == '\'' || c == '"' || c == '`':
			if beside && c != '`' || r.schemed(c) {
				return true
			}
			r.text(c)
			beside = true
		case c == '<' && !r.long:
			return true
		case c == '[' && beside && r.computed(start):
			return true
		default:
			r.pos++
			beside = (c == ')' || c == ']') && r.pos != r.head
			if !operators[c] && c != '.' && c != '@' && (c != '#' || !r.long) {
				return true
			}
		}
	}
	return false
}

// readBefore reports whether what follows the position was read behind another quote and held nothing that
// counts, in whatever stands in front.
func (r *reader) readBefore() bool {
	return r.quiet != nil && !r.open && r.head <= r.pos && r.tally.N == 0 && r.target == 0 && r.quiet.known(r.pos)
}

// short reports whether a value is no program of several lines.
func (r *reader) short() bool {
	if r.long {
		return true
	}
	lines := maxLines
	if r.broken {
		lines *= 4
	}
	return len(r.data) <= maxEffect && bytes.Count(r.data, []byte("\n")) <= lines
}

// name passes over a name, of which escapes may be part: \u{61}lert
func (r *reader) name() {
	for {
		for r.pos < len(r.data) && inName[r.data[r.pos]] {
			r.pos++
		}
		if r.pos == len(r.data) || r.data[r.pos] != '{' || !bytes.HasSuffix(r.data[:r.pos], []byte(`\u`)) {
			return
		}
		end := bytes.IndexByte(r.data[r.pos:min(len(r.data), r.pos+maxProbe)], '}')
		if end < 0 {
			return
		}
		r.pos += end + 1
	}
}

// spelledOut reports whether a letter of ASCII is escaped in a name, which has no other reason than to hide
// the name: \u0061lert.
func spelledOut(name []byte) bool {
	i := bytes.Index(name, []byte(`\u`))
	if i < 0 {
		return false
	}
	_, n := lex.ScriptEscape(name[i:])
	return n > 0 || bytes.Contains(name[i+1:], []byte(`\u`)) && spelledOut(name[i+1:])
}

// text passes over a string, up to the first braces of a template.
func (r *reader) text(quote byte) {
	r.pos++
	j := bytes.IndexByte(r.data[r.pos:], quote)
	for r.long && j > 0 && r.data[r.pos+j-1] == '\\' { // escaped
		r.pos += j + 1
		j = bytes.IndexByte(r.data[r.pos:], quote)
	}
	if j < 0 {
		return
	}
	if quote == '`' {
		if braces := bytes.Index(r.data[r.pos:r.pos+j], []byte("${")); braces >= 0 {
			j = braces + 1
		}
	}
	r.pos += j + 1
}

// maxComment is the longest comment that is passed over, in bytes: every quote of a value may
// begin code that opens one.
const maxComment = 2048

// ticked reports whether the string that was closed was a template, so that a backtick may begin the next.
func (r *reader) ticked() bool {
	return r.opened > 0 && r.ticks.ask(func() bool { return bytes.Count(r.data[r.opened:], []byte{'`'})&1 == 0 })
}

// evenTicks reports whether the backticks in front of an index are pairs.
func (r *reader) evenTicks(i int) bool {
	if i < r.counted || r.counted < r.opened {
		r.counted, r.odd = r.opened, false
	}
	r.odd = r.odd != (bytes.Count(r.data[r.counted:i], []byte{'`'})&1 == 1)
	r.counted = i
	return !r.odd
}

// blanks passes over white space and comments.
func (r *reader) blanks() { r.pos, r.open = blanks(r.quiet, r.data, r.pos, r.long, r.open) }

// blanks returns the index behind the white space and the comments at i, and whether a comment has no end,
// behind which none is looked for.
func blanks(q *quiet, data []byte, i int, long, open bool) (end int, unended bool) {
	for first := i; ; {
		if i >= len(data) {
			q.passedComments(first, i, long, false)
			return i, open
		}
		switch c := data[i]; {
		case c <= ' ':
			i++
		case c == '/' && !open && i+1 < len(data) && data[i+1] == '*':
			if q.inComments(data, i, long) {
				return q.comments.end, q.comments.unended
			}
			limit := len(data)
			if !long {
				limit = min(limit, i+2+maxComment)
			}
			end := q.commentEnd(data, i+2, limit)
			if end < 0 {
				q.passedComments(first, i, long, true)
				return i, true
			}
			i = end
		default:
			q.passedComments(first, i, long, false)
			return i, open
		}
	}
}

// before returns the code in front of i, as much of it as is looked at for one word.
func (r *reader) before(i int) []byte { return r.data[max(r.from, i-maxComment):i] }

// rest returns what follows the position, without blanks, comments and the ?. of
// optional calls.
func (r *reader) rest() []byte {
	i, _ := blanks(nil, r.data, r.pos, false, true)
	unended := r.quiet == nil && i < len(r.data) && r.data[i] == '/' && r.find(remarkEnd, i) > i+maxComment
	after, _ := blanks(r.quiet, r.data, i, false, unended)
	b := r.data[after:]
	if bytes.HasPrefix(b, []byte("?.")) && len(b) > 2 && (b[2] == '(' || b[2] == '[' || b[2] == '`') {
		b = b[2:]
	}
	return b
}

// inName holds the bytes of names in code, of escapes in them, too.
var inName = func() (t [256]bool) {
	for c, class := range point.ClassOf {
		t[c] = class&(point.Alpha|point.Digit) != 0 || c == '$' || c == '\\'
	}
	return t
}()

func isName(c byte) bool { return inName[c] }

// joins reports whether a word may stand beside another in code.
func joins(w []byte) bool {
	switch string(w) {
	case "var", "let", "const", "new", "typeof", "void", "return", "throw", "delete", "in", "instanceof", "function", "async", "await", "if", "else", "try", "do", "yield", "extends", "case":
		return true
	}
	return false
}

// longestJoint is the length of the longest word that stands beside another.
const longestJoint = len("instanceof")

// joined reports whether the word from start to the position may stand beside another.
func (r *reader) joined(start int) bool {
	n := r.pos - start
	return n > 1 && n <= longestJoint && (n <= len("switch") && r.control(start) || joins(r.data[start:r.pos]) || n == len("get") && r.accessor(start))
}

// control reports whether the word from start to the position may stand in or in front of the
// head of a statement, and notes where the head ends.
func (r *reader) control(start int) bool {
	switch string(r.data[start:r.pos]) {
	case "if", "for", "while", "with", "switch", "catch":
		open, _ := lex.Gap(r.data, r.pos)
		if open == len(r.data) || r.data[open] != '(' {
			return false
		}
		r.head = closing(r.data, open) + 1
		return true
	case "of":
		return r.pos < r.head
	case "class": // of JavaScript, and no attribute
		i := lex.SkipSpace(r.data, lex.WordEnd(r.data, lex.SkipSpace(r.data, r.pos)))
		return i < len(r.data) && (r.data[i] == '{' || bytes.HasPrefix(r.data[i:], []byte("extends "))) || bytes.HasPrefix(r.data[r.pos:], []byte(" extends "))
	case "static":
		return r.pos < len(r.data) && (r.data[r.pos] <= ' ' || r.data[r.pos] == '{')
	}
	return false
}

// accessor reports whether the word from start to the position makes an accessor of what
// follows, as the first word of a member: {get x(){...
func (r *reader) accessor(start int) bool {
	switch string(r.data[start:r.pos]) {
	case "get", "set":
		before := bytes.TrimRight(r.data[:start], " \t\r\n")
		return len(before) > 0 && (before[len(before)-1] == '{' || before[len(before)-1] == ',')
	}
	return false
}
