package xss

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// sinkWeight returns what a call of a function weighs, 0 if it is no sink.
func sinkWeight(name string, w []byte) int8 {
	switch name {
	case "alert", "prompt", "confirm", "eval", "execscript", "importscripts", "$eval", "getscript", "sendbeacon", "globaleval":
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
	if r.called(next) && r.argument(next) && (r.data[r.pos] > ' ' || !r.plainWord(next) || r.broken && weight == 8 && isSource(next[1:])) {
		w := r.data[start:r.pos]
		switch {
		case !r.ownSink(w, next):
			weight = 4
		case string(w) == "print":
			if !r.broken || len(next) < 2 || next[1] != ')' {
				return false
			}
			weight = 6
		case weight == 5 && len(next) > 2 && w[0]|0x20 == 's' && (r.runsText(next) || r.runsHash(next)):
			weight = 8
		case weight == 5 && next[0] == '(' && r.commented():
			weight = 8
		case weight == 5 && next[0] == '(' && string(w) != "atob" && (isSource(next[1:]) || w[0]|0x20 == 's' && lex.PrefixLength(next[1:], []string{"atob(", "unescape(", "decodeuri"}) > 0):
			weight = 8
		case weight == 5 && string(w) == "import" && bytes.HasPrefix(bytes.TrimLeft(next, "('\"` "), []byte("//")):
			weight = 8
		case weight == 5 && r.broken && r.short() && !foreign(next) && !r.sent && next[0] == '(' && !bytes.HasPrefix(next, []byte("(name")) && string(w) != "atob":
			weight = 6
		case weight == 5 && foreign(next) && !r.broken && !lex.Contains(next, "cookie") && !lex.Contains(next[:min(len(next), 16)], "data:"):
			weight = 7 // as programs do
		case weight == 5 && (foreign(next) || bytes.HasPrefix(next, []byte("(name")) || r.sent):
			weight = 8
		}
		sign := &sinkCall
		if weight == 8 && r.tally.Count(sign.Stamp) > 0 { // behind one that is less
			sign = &domWrite
		}
		r.tally.AddWeight(sign, weight, start, r.pos-start+1)
		return weight == 8
	}
	if r.apart(start) {
		r.tally.Add(&sinkCall, start, r.pos-start)
		return true
	}
	if weight < 8 || r.ofOther(r.data[:start]) {
		return false
	}
	before := bytes.TrimRight(r.data[:start], " \t\r\n")
	if n := lex.SuffixLength(before, []string{"window.", "self.", "globalthis.", "top."}); n > 0 && n < len(before) && !isName(before[len(before)-n-1]) {
		before = bytes.TrimRight(before[:len(before)-n], " ")
	}
	for len(before) > 1 && len(next) > 1 && next[0] == ')' && next[1] == ')' && bytes.HasSuffix(before, []byte("((")) { // ((alert))(1)
		before, next = before[:len(before)-1], next[1:]
	}
	if len(next) > 0 && next[0] == '.' && (lex.Contains(next[:min(8, len(next))], ".call") || lex.Contains(next[:min(8, len(next))], ".apply") || lex.Contains(next[:min(8, len(next))], ".bind")) {
		r.tally.Add(&sinkCall, start, r.pos-start)
		return true
	}
	if r.passed(start, before, next) || r.broken && string(r.data[start:r.pos]) == "eval" && r.givesName() {
		r.tally.Add(&sinkPassed, start, r.pos-start)
		return true
	}
	switch {
	case len(before) == 0:
	case before[len(before)-1] == '=' && assignedTo(before[:len(before)-1]) && (len(next) == 0 || next[0] == ';' || next[0] == ',' || next[0] == '}'):
		r.tally.AddWeight(&sinkPassed, 6, start, r.pos-start)
		if lex.Contains(r.before(start), "onerror") || r.follows(paren, next) || r.follows(backtick, next) || r.follows(throws, next) {
			r.tally.AddWeight(&sinkCall, 3, start, r.pos-start)
			return true
		}
		r.sent = true
	case before[len(before)-1] == ',' && len(next) > 0 && next[0] == ')' && bytes.IndexByte(before[max(0, len(before)-40):], '(') >= 0:
		weight := int8(7)
		if len(next) > 1 && (next[1] == '(' || next[1] == '`') || replaces(before) || string(r.data[start:r.pos]) == "eval" && lex.Contains(before[max(0, len(before)-maxHead):], ".replace") || !r.isWord(start) && lex.Contains(before[max(0, len(before)-maxHead):], "addeventlistener(") { // (1,alert)(1)
			weight = sinkPassed.Weight
		}
		r.tally.AddWeight(&sinkPassed, weight, start, r.pos-start)
	}
	return false
}

// givesName reports whether the name of the window, which is another page's to set, is an argument.
func (r *reader) givesName() bool {
	return r.short() && r.names.ask(func() bool {
		code := r.data[r.from:min(len(r.data), r.from+maxComment)]
		return bytes.Contains(code, []byte("(name)")) || bytes.Contains(code, []byte("[name]"))
	})
}

// passed reports whether the sink from start to the position is handed over to be called, between what
// stands in front of it and behind.
func (r *reader) passed(start int, before, next []byte) bool {
	if r.aliased(start) {
		return true
	}
	if len(before) == 0 {
		return false
	}
	n := len(before) - 1
	follows := func(marks string) bool { return len(next) > 0 && strings.IndexByte(marks, next[0]) >= 0 }
	called := len(next) > 1 && next[0] == ')' && (next[1] == '(' || next[1] == '`')
	switch before[n] {
	case 's': // class extends Function{}
		return follows("{") && bytes.HasSuffix(before, []byte(" extends"))
	case '(':
		if follows(")") {
			return (called || n > 0 && isName(before[n-1])) && (!r.isWord(start) || callsGiven(before[:n]))
		}
		return follows(",") && (lex.Contains(r.before(start), "apply(") || len(next) > 1 && (lex.HasSuffix(before, "settimeout(") || lex.HasSuffix(before, "setinterval(")))
	case '=':
		return called && assignedTo(before[:n]) || isHook(before[:n]) && (len(next) == 0 && before[0] != 'o' || follows(";,}")) // (a=alert)(1)
	case ':':
		return follows("},") && (r.coerced(before[:n]) || isHook(before[:n]) && lex.Contains(r.before(start), "assign("))
	case '[': // [alert][0](1)
		return indexed(next)
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

// lastName returns the name with which text ends, nothing if it ends with none.
func lastName(before []byte) []byte {
	i := len(before)
	for i > 0 && isName(before[i-1]) {
		i--
	}
	return before[i:]
}

// ofOther reports whether a name is the member of an object other than the page's own.
func (r *reader) ofOther(before []byte) bool {
	n := len(before)
	if n == 0 || before[n-1] != '.' && before[n-1] != ':' || n > 1 && before[n-1] == ':' && before[n-2] != ':' {
		return false
	}
	f := lower(lastName(bytes.TrimRight(before, ".:?")))
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
func (r *reader) argument(next []byte) bool {
	if len(next) > 1 && isQuote(next[1]) {
		return true
	}
	at := len(r.data) - len(next)
	end := r.find(closingParen, at)
	return !prose(r.data[min(at+1, end):end]) && r.thirdBlank(at) >= end
}

// thirdBlank returns where the third blank from an index on stands.
func (r *reader) thirdBlank(i int) int {
	for _, m := range [...]mark{blank, secondBlank} {
		i = min(r.find(m, i)+1, len(r.data))
	}
	return r.find(thirdBlank, i)
}

// plainWord reports whether a call's argument is a word, as in "prompt (noun)".
func (r *reader) plainWord(next []byte) bool {
	at := len(r.data) - len(next)
	end := r.find(closingParen, at)
	if end < at+2 || end == len(r.data) {
		return false
	}
	for _, c := range r.data[at+1 : end] {
		if point.ClassOf[c]&^(point.Alpha|point.Space|point.Dash) != 0 {
			return false
		}
	}
	return true
}

// isWord reports whether a sink's name is what programs call other things, too: print(prompt)
func (r *reader) isWord(start int) bool {
	name := r.data[start:r.pos]
	return (string(name) == "prompt" || string(name) == "confirm") && !r.broken && !bytes.Contains(r.data, []byte("=>"))
}

// callers call the function that they are given.
var callers = []string{
	"map", "foreach", "find", "findindex", "findlast", "filter", "some", "every", "sort", "reduce", "reduceright", "flatmap", "then", "catch", "finally", "settimeout", "setinterval", "setimmediate", "requestanimationframe", "requestidlecallback",
	"queuemicrotask", "from", "observer", "promise", "replace", "replaceall", "apply", "call", "bind", "nexttick", "addeventlistener", "defer", "ready", "proxy",
}

// callsGiven reports whether text ends with the name of such a function, or with what is no name.
func callsGiven(before []byte) bool {
	before = bytes.TrimRight(before, " ")
	return len(before) == 0 || !isName(before[len(before)-1]) || lex.SuffixLength(before, callers) > 0
}

// isHook reports whether what is assigned is called by the browser: an event's handler, or what makes
// a value of an object.
func isHook(before []byte) bool {
	name := lastName(bytes.TrimRight(before, " \t\r\n'\"`]"))
	return isHandler(name) && isEvent(name) || lex.OneOf(name, "valueof", "tostring", "hasinstance", "toprimitive", "onunhandledrejection", "preparestacktrace")
}

// indexed reports whether the array that ends at next is indexed and the function in it called: ][0](
func indexed(next []byte) bool {
	rest, ok := bytes.CutPrefix(next, []byte("]["))
	if !ok {
		return false
	}
	rest = bytes.TrimLeft(rest, "0123456789")
	return len(rest) > 1 && rest[0] == ']' && (rest[1] == '(' || rest[1] == '`')
}

// replaces reports whether text ends in a call of replace or from with its first argument, behind
// which a function is called for each match.
func replaces(before []byte) bool {
	before = before[max(0, len(before)-maxHead):]
	i := bytes.LastIndexByte(before, '(')
	if i < 0 {
		return false
	}
	n := lex.SuffixLength(before[:i], []string{".replace", ".replaceall", "array.from"})
	return n > 0 && (before[i-n] != '.' || i > n && bytes.IndexByte([]byte("'\"`)]"), before[i-n-1]) >= 0)
}

// runsText reports whether a string or a template that a timer is given holds a call.
func (r *reader) runsText(next []byte) bool {
	text := next[1:]
	if next[0] == '(' && lex.IndexQuote(next[1:2]) != 0 && next[1] != '`' {
		return false
	}
	if text[0] != '(' && r.follows(paren, text) {
		return true
	}
	for m := hexParen; m <= braceParen; m++ {
		if r.follows(m, text) {
			return true
		}
	}
	return false
}

// runsHash reports whether a timer is given nothing but what was made of the address before.
func (r *reader) runsHash(next []byte) bool {
	end := lex.WordEnd(next, 1)
	if end == 1 || end == len(next) || next[end] != ')' || !r.short() {
		return false
	}
	return hashes.In(r.before(r.pos))
}

var hashes = lex.NewList("location.hash", "location.search", "atob(")

// apart reports whether a comment parts the name from start to the position and the template by which
// it is called, or whether the template is all that follows it in a value: alert/**/`1`
func (r *reader) apart(start int) bool {
	i, comment := lex.Gap(r.data, r.pos)
	if i == r.pos || r.data[start]|0x20 == 'i' || i >= len(r.data) || r.data[i] != '`' || !r.evenTicks(i) {
		return false
	}
	if comment {
		return true
	}
	end := bytes.IndexByte(r.data[i+1:], '`')
	return start == 0 && end >= 0 && len(bytes.Trim(r.data[i+2+end:], ";/ \n")) == 0 && (lex.Digit(r.data[i+1]) || bytes.IndexByte([]byte("$\\(."), r.data[i+1]) >= 0)
}

// commented reports whether a comment follows at once.
func (r *reader) commented() bool {
	_, comment := lex.Gap(r.data, r.pos)
	return comment
}

// maxCodes bounds the characters that are read of what codes spell.
const maxCodes = 64

// spelled weighs characters that are given by their codes: what they spell tells, if they do.
func (r *reader) spelled(start int, next []byte) bool {
	var buf [maxCodes]byte
	n := 0
	for i := 1; i < len(next) && n < len(buf) && next[i] != ')'; {
		i = lex.SkipSpace(next, i)
		value, base := rune(0), rune(10)
		if lex.HasPrefix(next[i:], "0x") {
			i, base = i+2, 16
		}
		first := i
		for i < len(next) && digit(next[i]) < base && value < 0x10ffff {
			value = value*base + digit(next[i])
			i++
		}
		if i == first {
			break
		}
		buf[n] = byte(min(value, 0x7f))
		n++
		for i < len(next) && (next[i] == ',' || next[i] <= ' ') {
			i++
		}
	}
	if spelling.In(buf[:n]) {
		r.tally.AddWeight(&sinkCall, 8, start, r.pos-start)
		return true
	}
	r.tally.Add(&domAccess, start, r.pos-start)
	return false
}

// spelling are words of which codes of characters tell.
var spelling = lex.NewList("alert", "eval", "prompt", "confirm", "<script", "onerror", "document", "javascript", "cookie", "fetch(")
