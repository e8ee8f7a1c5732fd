package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// sinkWeight returns what a call of a function weighs, 0 if it is no sink.
func sinkWeight(name string, w []byte) int8 {
	switch name {
	case "alert", "prompt", "confirm", "eval", "execscript", "importscripts", "$eval", "getscript", "sendbeacon":
		return 8
	case "function":
		if w[0] == 'F' {
			return 8
		}
	case "atob", "setinterval", "settimeout", "setimmediate", "fetch", "import", "$get", "$post", "print":
		return 5
	}
	return 0
}

// sink weighs a function that runs code or shows that it ran: called, or handed over
// to be called.
func (r *reader) sink(weight int8, start int, next []byte) bool {
	if r.called(next) && (saidOf(next) || start == 0 && !r.broken && titles(next)) {
		return false
	}
	if r.called(next) && argument(next) && (r.data[r.pos] > ' ' || !plainWord(next)) {
		w := r.data[start:r.pos]
		switch {
		case !r.ownSink(w, next):
			weight = 4
		case string(w) == "print":
			if !r.broken || len(next) < 2 || next[1] != ')' {
				return false
			}
			weight = 6
		case weight == 5 && len(next) > 2 && w[0]|0x20 == 's' && (next[1] == '\'' || next[1] == '"' || next[1] == '`') && bytes.IndexByte(next[1:], '(') > 0:
			weight = 8
		case weight == 5 && foreign(next) && !r.broken && !lex.Contains(next, "cookie") && !lex.Contains(next[:min(len(next), 16)], "data:"):
			weight = 7 // as programs do
		case weight == 5 && (foreign(next) || bytes.HasPrefix(next, []byte("(name")) || r.sent):
			weight = 8
		}
		r.tally.AddWeight(&sinkCall, weight, start, r.pos-start+1)
		return weight == 8
	}
	if weight < 8 || r.ofOther(r.data[:start]) {
		return false
	}
	before := bytes.TrimRight(r.data[:start], " \t\r\n")
	switch {
	case len(next) > 0 && next[0] == '.' && (lex.Contains(next[:min(8, len(next))], ".call") || lex.Contains(next[:min(8, len(next))], ".apply") || lex.Contains(next[:min(8, len(next))], ".bind")):
		r.tally.Add(&sinkCall, start, r.pos-start)
		return true
	case len(before) == 0:
	case len(next) > 0 && next[0] == ')' && before[len(before)-1] == '(' && (len(next) > 1 && (next[1] == '(' || next[1] == '`') || len(before) > 1 && isName(before[len(before)-2])):
		r.tally.Add(&sinkPassed, start, r.pos-start)
		return true
	case before[len(before)-1] == '=' && len(next) > 1 && next[0] == ')' && (next[1] == '(' || next[1] == '`') && assignedTo(before[:len(before)-1]): // (a=alert)(1)
		r.tally.Add(&sinkPassed, start, r.pos-start)
		return true
	case before[len(before)-1] == '=' && assignedTo(before[:len(before)-1]) && (len(next) == 0 || next[0] == ';' || next[0] == ',' || next[0] == '}'):
		r.tally.AddWeight(&sinkPassed, 6, start, r.pos-start)
		if lex.Contains(r.data[r.from:start], "onerror") || bytes.IndexByte(next, '(') >= 0 || bytes.IndexByte(next, '`') >= 0 || lex.Contains(next, "throw") {
			r.tally.AddWeight(&sinkCall, 3, start, r.pos-start)
			return true
		}
		r.sent = true
	case before[len(before)-1] == ':' && len(next) > 0 && (next[0] == '}' || next[0] == ',') && r.coerced(before[:len(before)-1]):
		r.tally.Add(&sinkPassed, start, r.pos-start)
		return true
	case before[len(before)-1] == '(' && len(next) > 0 && next[0] == ',' && lex.Contains(r.data[r.from:start], "apply("):
		r.tally.Add(&sinkPassed, start, r.pos-start)
		return true
	case before[len(before)-1] == ',' && len(next) > 0 && next[0] == ')' && bytes.IndexByte(before[max(0, len(before)-40):], '(') >= 0:
		weight := int8(7)
		if len(next) > 1 && (next[1] == '(' || next[1] == '`') { // (1,alert)(1)
			weight = sinkPassed.Weight
		}
		r.tally.AddWeight(&sinkPassed, weight, start, r.pos-start)
	case before[len(before)-1] == '(' && len(next) > 1 && next[0] == ',' && (lex.HasSuffix(before, "settimeout(") || lex.HasSuffix(before, "setinterval(")):
		r.tally.Add(&sinkPassed, start, r.pos-start)
		return true
	}
	return false
}

// assignedTo reports whether a name stands in front of an assignment.
func assignedTo(before []byte) bool {
	before = bytes.TrimRight(before, " \t\r\n")
	return len(before) > 0 && isName(before[len(before)-1])
}

// ownSink reports whether a call is of the browser's own function: not of another
// object's, and not one without an argument that somebody only talks about.
func (r *reader) ownSink(w, next []byte) bool {
	if bytes.EqualFold(w, []byte("alert")) {
		return !wordsFollow(next)
	}
	if !r.broken && len(next) > 1 && next[0] == '(' && next[1] == ')' {
		return false
	}
	before := r.data[:r.pos-len(w)]
	if lex.HasSuffix(before, "self.") && !bytes.EqualFold(w, []byte("eval")) {
		return false // Python's
	}
	return !r.ofOther(before)
}

// ofOther reports whether a name is the member of an object other than the page's own.
func (r *reader) ofOther(before []byte) bool {
	n := len(before)
	if n == 0 || before[n-1] != '.' && before[n-1] != ':' || n > 1 && before[n-1] == ':' && before[n-2] != ':' {
		return false
	}
	before = bytes.TrimRight(before, ".:?")
	i := len(before)
	for i > 0 && isName(before[i-1]) {
		i--
	}
	f := lower(before[i:])
	switch f.text() {
	case "window", "self", "top", "parent", "frames", "globalthis", "document", "this", "contentwindow", "view", "opener", "defaultview", "$", "jquery", "":
		return false
	}
	return true
}

// foreign reports whether a call's argument is a string with another host.
func foreign(next []byte) bool {
	head := next[:min(len(next), 16)]
	if len(head) < 2 || head[1] != '\'' && head[1] != '"' && head[1] != '`' && head[0] != '`' {
		return false
	}
	return bytes.Contains(head, []byte("//")) || bytes.Contains(head, []byte("data:"))
}

// argument refuses "alert (for the man)": a call's argument is no prose.
func argument(next []byte) bool {
	end := bytes.IndexByte(next, ')')
	if end < 0 {
		end = len(next)
	}
	inner := next[min(1, len(next)):end]
	if len(inner) > 0 && (inner[0] == '\'' || inner[0] == '"' || inner[0] == '`') {
		return true
	}
	return !prose(inner) && bytes.Count(inner, []byte(" ")) < 3
}

// plainWord reports whether a call's argument is a word, as in "prompt (noun)".
func plainWord(next []byte) bool {
	end := bytes.IndexByte(next, ')')
	return end > 1 && point.Classify(next[1:end])&^(point.Alpha|point.Space|point.Dash) == 0
}
