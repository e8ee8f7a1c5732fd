package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// step is one member behind an object, as a script names it.
type step struct {
	name     folded
	end      int  // index behind it
	computed bool // a string in brackets
	escaped  bool // escapes or joined strings spell it
	hidden   bool // so do they, or comments keep it apart from the object
}

// gap returns the index of the first byte from i on that is neither blank nor comment, and
// whether there was a comment.
func gap(data []byte, i int) (next int, comment bool) {
	for ; i < len(data); comment = true {
		i = lex.SkipSpace(data, i)
		rest := data[i:min(len(data), i+maxHead)]
		var end int
		switch {
		case bytes.HasPrefix(rest, []byte("/*")):
			end = bytes.Index(rest[2:], []byte("*/")) + 4
		case bytes.HasPrefix(rest, []byte("//")):
			end = bytes.IndexByte(rest, '\n') + 1
		}
		if end < 1 || rest[0] == '/' && rest[1] == '*' && end < 4 {
			return i, comment
		}
		i += end
	}
	return i, comment
}

// member reads the member that is named from i on: .name ?.name ['name'], with blanks and
// comments between its parts.
func member(data []byte, i int) (s step, ok bool) {
	i, s.hidden = gap(data, i)
	rest := data[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("?.[")):
		return s, s.brackets(data, i+3)
	case bytes.HasPrefix(rest, []byte("?.")):
		return s, s.dotted(data, i+2)
	case len(rest) > 1 && rest[0] == '.':
		return s, s.dotted(data, i+1)
	case len(rest) > 2 && rest[0] == '[':
		return s, s.brackets(data, i+1)
	}
	return s, false
}

// pass steps over blanks and comments.
func (s *step) pass(data []byte, i int) int {
	i, comment := gap(data, i)
	s.hidden = s.hidden || comment
	return i
}

// put takes one character of the name and returns how many bytes spell it, 0 if none do.
func (s *step) put(b []byte) int {
	c, n := b[0], 1
	if c == '\\' {
		if c, n = scriptEscape(b); n == 0 {
			return 0
		}
		s.escaped, s.hidden = true, true
	}
	if s.name.n == len(s.name.buf) {
		return 0
	}
	s.name.buf[s.name.n] = lex.Lower(c)
	s.name.n++
	return n
}

// dotted reads the name behind a dot.
func (s *step) dotted(data []byte, i int) bool {
	for i = s.pass(data, i); i < len(data) && isName(data[i]); {
		n := s.put(data[i:])
		if n == 0 {
			break
		}
		i += n
	}
	s.end = i
	return s.name.n > 0
}

// brackets reads one string, or some that + joins, and the bracket behind them.
func (s *step) brackets(data []byte, i int) bool {
	s.computed = true
	for range maxSteps {
		if i = s.pass(data, i); i >= len(data) || data[i] != '\'' && data[i] != '"' && data[i] != '`' {
			return false
		}
		if i = s.text(data, i); i == 0 {
			return false
		}
		if i = s.pass(data, i); i >= len(data) {
			return false
		}
		if s.end = i + 1; data[i] == ']' {
			return s.name.n > 0
		}
		if data[i] != '+' {
			return false
		}
		s.escaped, s.hidden, i = true, true, i+1
	}
	return false
}

// text reads the string whose quote stands at i and returns the index behind it, 0 if it is
// too long for a member's name.
func (s *step) text(data []byte, i int) int {
	quote := data[i]
	for i++; i < len(data); {
		if data[i] == quote {
			return i + 1
		}
		n := s.put(data[i:])
		if n == 0 {
			return 0
		}
		i += n
	}
	return 0
}

// scriptEscape returns the character that an escape at the start of b stands for in a script,
// and its length; 0 if none begins there: \x61 \u0061 \u{61} \141
func scriptEscape(b []byte) (c byte, n int) {
	if len(b) < 3 || b[0] != '\\' {
		return 0, 0
	}
	digits, base, end := b[1:], rune(8), 3
	switch b[1] {
	case 'x':
		digits, base, end = b[2:], 16, 2
	case 'u':
		digits, base, end = b[2:], 16, 4
		if b[2] == '{' {
			digits, end = b[3:], 16
		}
	}
	value := rune(0)
	for n < len(digits) && n < end && digit(digits[n]) < base {
		value = min(value*base+digit(digits[n]), 0x10ffff)
		n++
	}
	if n == 0 || base == 16 && end < 16 && n != end || value < ' ' || value > '~' {
		return 0, 0
	}
	n += len(b) - len(digits)
	if end == 16 {
		if n >= len(b) || b[n] != '}' {
			return 0, 0
		}
		n++
	}
	return byte(value), n
}

// wanted are members of the page and the window that attacks reach for.
func wanted(name string) bool {
	switch name {
	case "cookie", "domain", "write", "writeln", "location", "localstorage", "sessionstorage", "alert", "eval", "prompt", "confirm", "function", "fetch", "import", "atob", "constructor", "innerhtml", "outerhtml",
		"documentelement", "defaultview", "document", "createelement", "settimeout", "setinterval", "execscript", "appendchild", "sendbeacon", "insertadjacenthtml", "contentwindow", "opener", "postmessage", "open", "onerror", "href", "assign", "replace", "referrer", "url", "name", "body", "forms":
		return true
	}
	return false
}

// plainly are members that no program names by a string, where the object is no other language's.
func plainly(object, name string) bool {
	if !plainObject(object) {
		return false
	}
	switch name {
	case "cookie", "alert", "eval", "prompt", "confirm", "write", "domain", "document", "execscript", "innerhtml", "outerhtml":
		return true
	}
	return false
}

// plainObject reports whether no other language has a name for something of its own, by whose members
// programs step with strings.
func plainObject(object string) bool {
	switch object {
	case "this", "self", "content", "parent", "reflect":
		return false
	}
	return true
}

// disguised reports whether a member behind the global object that ends at the position is named
// in a way that keeps its name from being read: document/**/.cookie, (document)['cookie'],
// self['\x61lert'].
func (r *reader) disguised(object string, start int) bool {
	i, around := r.pos, false
	for first := start; i < len(r.data) && first > 0; i++ { // (document)
		first = len(bytes.TrimRight(r.data[:first], " ")) - 1
		if end, _ := gap(r.data, i); first < 0 || r.data[first] != '(' || end >= len(r.data) || r.data[end] != ')' {
			break
		} else {
			i, around = end, true
		}
	}
	hidden := false
	for range maxSteps {
		s, ok := member(r.data, i)
		if !ok {
			return false
		}
		hidden = hidden || s.hidden
		name := s.name.text()
		switch {
		case s.escaped, hidden && wanted(name), s.computed && (plainly(object, name) || around && wanted(name)):
			r.tally.Add(&hiddenMember, start, s.end-start)
			return true
		}
		i = s.end
	}
	return false
}

// computed reports whether a member that is called is named by a string in the brackets at the
// position, though its name is a sink's: event.view['alert'](1)
func (r *reader) computed(start int) bool {
	s, ok := member(r.data, r.pos)
	if !ok {
		return false
	}
	name := s.name.text()
	switch weight := sinkWeight(name, s.name.buf[:1]); {
	case name == "constructor":
		next, more := member(r.data, s.end)
		if !more || next.name.text() != "constructor" && next.name.text() != "prototype" {
			return false
		}
	case !s.escaped && (weight < 8 || !r.ofWindow()), !calls(r.data, s.end):
		return false
	case s.escaped && weight == 0 && !wanted(name):
		return false
	}
	r.tally.Add(&hiddenMember, start, s.end-start)
	return true
}

// ofWindow reports whether what stands in front of the position can be a window: the result of
// something, or a member by which windows are reached.
func (r *reader) ofWindow() bool {
	before := bytes.TrimRight(r.data[:r.pos], " \t\r\n?.")
	return len(before) > 0 && (before[len(before)-1] == ')' || before[len(before)-1] == ']') || lex.SuffixLength(before, []string{".view", "defaultview", "contentwindow", ".window", ".self", ".top", ".parent", ".opener"}) > 0
}

// calls reports whether a call begins behind an index.
func calls(data []byte, i int) bool {
	i, _ = gap(data, i)
	return i < len(data) && (data[i] == '(' || data[i] == '`')
}

// reaches reports whether a short value without a call names what no other has a reason to: the
// page's cookie behind a quote, a comment in front of a member, a constructor's constructor.
func reaches(v *point.Value) bool {
	switch {
	case v.Classes&point.Dot != 0 && v.Classes&^(point.Alpha|point.Digit|point.Dot|point.Mark|point.Space) == 0:
		return v.Classes&point.Space == 0 && lex.Contains(v.Data, "constructor")
	case v.Classes&(point.Slash|point.Star) == point.Slash|point.Star, v.Classes&(point.Quote|point.Plus|point.Dot) == point.Quote|point.Plus|point.Dot,
		v.Classes&(point.Dollar|point.Brace|point.Dot) == point.Dollar|point.Brace|point.Dot, v.Classes&(point.Bracket|point.Brace|point.Colon|point.Dot) == point.Bracket|point.Brace|point.Colon|point.Dot, v.Classes&(point.Bracket|point.Quote) == point.Bracket|point.Quote:
		return names(v.Data)
	case v.Classes&(point.Equal|point.Alpha) == point.Equal|point.Alpha:
		return handsOver(v.Data)
	}
	return false
}

// names reports whether a value names an object of the page.
func names(data []byte) bool {
	at, _ := lex.First(data, []string{"document", "window", "self[", "globalthis", "constructor", "localstorage", "location", "symbol."})
	return at >= 0
}

// handsOver reports whether a sink, or what an attacker's page has set, is assigned: onload=alert,
// location=name
func handsOver(data []byte) bool {
	for range maxSteps {
		i := bytes.IndexByte(data, '=')
		if i < 3 {
			return false
		}
		left, right := data[:i], data[i+1:]
		end := lex.WordEnd(right, 0)
		switch {
		case end == 0:
		case lex.OneOf(right[:end], "name", "url", "location", "window"):
			if (end == len(right) || right[end] != '&') && lex.SuffixLength(left, []string{"location", ".href", "html"}) > 0 {
				return true
			}
		case (end == len(right) && bytes.IndexByte(left, '.') > 0 || end < len(right) && (right[end] == ';' || right[end] == ',')) && sinkWeight(string(right[:min(end, 8)]), right) == 8 && isHook(left):
			return true
		}
		data = right
	}
	return false
}
