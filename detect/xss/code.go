package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// operators are bytes that may stand between a closed string and code.
var operators = func() (t [256]bool) {
	for _, c := range []byte(";,+-*/%&|^?:!~=<>(){}[]") {
		t[c] = true
	}
	return t
}()

// code reads JavaScript at i: operators and separators, then a call of a sink or an
// access to the page. Words in a row are prose and end it.
func code(data []byte, i int, quote byte, context evidence.Context, best *evidence.Tally) {
	start := i
	separated := quote == 0
	for i < len(data) && (data[i] <= ' ' || operators[data[i]] || data[i] == '.') {
		if data[i] == '/' && i+1 < len(data) && data[i+1] == '/' && quote != 0 && i == start {
			return
		}
		separated = separated || data[i] > ' ' || data[i] == '\n'
		i++
	}
	if behind := operatorWord(data, i); quote != 0 && i == start && behind > i { // 'in alert(1) in'
		separated = true
		i = behind
		for i < len(data) && (data[i] <= ' ' || operators[data[i]]) {
			i++
		}
	}
	if !separated || i >= len(data) || !isName(data[i]) && data[i] != '\'' && data[i] != '"' && data[i] != '`' {
		return
	}
	var t evidence.Tally
	t.Reset(attack.XSS, context)
	r := reader{data: data, pos: i, from: start, tally: &t, broken: quote != 0, ticked: quote == '`' && bytes.Count(data[start:], []byte{'`'})&1 == 0}
	r.run()
	if t.Score() == 0 {
		return
	}
	if quote != 0 {
		t.Add(&jsBreakout, max(0, start-1), i-start+1)
	}
	tail := bytes.TrimRight(data[r.pos:], " \t\r\n")
	if bytes.HasSuffix(tail, []byte("//")) || bytes.Contains(tail[:min(len(tail), 64)], []byte("//")) || bytes.HasSuffix(tail, []byte("<!--")) {
		t.Add(&tailComment, len(data)-2, 2)
	}
	if quote == 0 && start == 0 && context == evidence.Raw && t.Count(sinkPassed.Stamp)+t.Count(computedCall.Stamp) == 0 && declares(data) {
		t.Cap(evidence.Threshold - 1)
	}
	keep(&t, best)
}

// reader reads statements of code.
type reader struct {
	data   []byte
	pos    int
	from   int
	tally  *evidence.Tally
	ticked bool // that string was a template, so that a backtick may begin the next
	broken bool // a string was closed before the code
	sent   bool // a sink was handed over before
}

const maxWords = 96

// run reads words until evidence is enough, the code ends, or it turns out to be
// prose.
func (r *reader) run() {
	beside := false // an operand stands before, with only blanks since
	for range maxWords {
		r.blanks()
		if r.pos >= len(r.data) {
			return
		}
		start := r.pos
		c := r.data[r.pos]
		switch {
		case isName(c):
			for r.pos < len(r.data) && isName(r.data[r.pos]) {
				r.pos++
			}
			joined := joins(r.data[start:r.pos])
			if beside && !joined || r.word(start) {
				return
			}
			beside = !joined
		case c == '\'' || c == '"' || c == '`':
			if beside && c != '`' {
				return
			}
			r.text(c)
			beside = true
		case c == '<':
			return
		default:
			r.pos++
			beside = c == ')' || c == ']'
			if !operators[c] && c != '.' && c != '@' {
				return
			}
		}
	}
}

// text passes over a string.
func (r *reader) text(quote byte) {
	r.pos++
	if j := bytes.IndexByte(r.data[r.pos:], quote); j >= 0 {
		r.pos += j + 1
	}
}

// maxComment is the longest comment that is passed over, in bytes: every quote of a value may
// begin code that opens one.
const maxComment = 2048

// blanks passes over white space and comments.
func (r *reader) blanks() {
	for r.pos < len(r.data) {
		switch {
		case r.data[r.pos] <= ' ':
			r.pos++
		case bytes.HasPrefix(r.data[r.pos:], []byte("/*")):
			rest := r.data[r.pos+2:]
			end := bytes.Index(rest[:min(len(rest), maxComment)], []byte("*/"))
			if end < 0 {
				return
			}
			r.pos += end + 4
		default:
			return
		}
	}
}

// rest returns what follows the position, without blanks, comments and the ?. of
// optional calls.
func (r *reader) rest() []byte {
	after := reader{data: r.data, pos: r.pos}
	after.blanks()
	b := r.data[after.pos:]
	if bytes.HasPrefix(b, []byte("?.")) && len(b) > 2 && (b[2] == '(' || b[2] == '[' || b[2] == '`') {
		b = b[2:]
	}
	return b
}

func isName(c byte) bool {
	return point.ClassOf[c]&(point.Alpha|point.Digit) != 0 || c == '$' || c == '\\'
}

// joins reports whether a word may stand beside another in code.
func joins(w []byte) bool {
	switch string(w) {
	case "var", "let", "const", "new", "typeof", "void", "return", "throw", "delete", "in", "instanceof", "function", "async", "await", "if", "else", "try":
		return true
	}
	return false
}

// word weighs the word from start to the position by what follows it, and reports
// whether that is enough.
func (r *reader) word(start int) bool {
	w := r.data[start:r.pos]
	if len(w) < 3 || r.followed() {
		return false
	}
	f := lower(w)
	next := r.rest()
	if bytes.Contains(w, []byte(`\u`)) && r.called(next) {
		r.tally.Add(&sinkCall, start, r.pos-start)
		return true
	}
	if weight := sinkWeight(f.text(), w); weight > 0 {
		return r.sink(weight, start, next)
	}
	switch text := f.text(); text {
	case "document", "window", "self", "top", "parent", "frames", "globalthis", "this", "location", "reflect", "content", "navigator", "opener":
		return r.global(text, start, next)
	case "constructor":
		return r.constructor(start, next)
	case "fromcharcode":
		if len(next) > 0 && next[0] == '(' {
			r.tally.Add(&domAccess, start, r.pos-start)
		}
	case "innerhtml", "outerhtml", "insertadjacenthtml", "srcdoc":
		if len(next) > 1 && next[0] == '=' && oneName(next[1:]) {
			r.tally.AddWeight(&domAccess, 3, start, r.pos-start)
			return false
		}
		if len(next) > 1 && (next[0] == '(' || next[0] == '=' && next[1] != '=') {
			r.tally.Add(&domAccess, start, r.pos-start)
			if bytes.IndexByte(next, '<') >= 0 {
				r.tally.AddWeight(&domWrite, 2, start, r.pos-start)
			}
		}
	case "image", "xmlhttprequest", "websocket", "worker":
		if bytes.HasSuffix(bytes.TrimRight(r.data[:start], " "), []byte("new")) && bytes.Contains(next, []byte("//")) {
			weight := domWrite.Weight
			if !r.broken && !lex.Contains(next, "cookie") {
				weight = 6
			}
			r.tally.AddWeight(&domWrite, weight, start, r.pos-start)
			return weight == domWrite.Weight
		}
	}
	return false
}

// oneName reports whether what is assigned is a name and nothing follows it, so that the attack, if
// there is one, is elsewhere.
func oneName(value []byte) bool {
	i := lex.SkipSpace(value, 0)
	end := lex.WordEnd(value, i)
	return end > i && lex.Letter(value[i]) && len(bytes.TrimRight(value[end:], "; \r\n")) == 0
}

// followed reports whether another word follows, as it does in prose.
func (r *reader) followed() bool {
	i := r.pos
	for i < len(r.data) && r.data[i] == ' ' {
		i++
	}
	return i < len(r.data) && point.ClassOf[r.data[i]]&(point.Alpha|point.Digit) != 0
}

// called reports whether a call follows.
func (r *reader) called(next []byte) bool {
	return len(next) > 0 && (next[0] == '(' || next[0] == '`' && !r.ticked && r.pos < len(r.data) && r.data[r.pos] == '`' && bytes.Count(r.data[:r.pos], []byte("`"))%2 == 0)
}

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

// constructor weighs x.constructor("code") and constructor.constructor.
func (r *reader) constructor(start int, next []byte) bool {
	if start == 0 && (len(next) == 0 || next[0] == '(') {
		return false
	}
	switch {
	case len(next) > 12 && lex.Contains(next[:min(len(next), 24)], "constructor"):
	case len(next) > 1 && (next[0] == '(' && (next[1] == '\'' || next[1] == '"' || next[1] == '`' || next[1] == '/') || next[0] == '`'):
	default:
		return false
	}
	r.tally.Add(&computedCall, start, r.pos-start)
	return true
}

// members of the document and the window that scripts of attackers use.
var members = [...]struct {
	name   string
	weight int8
}{
	{".cookie", 6},
	{".domain", 6},
	{".write", 8},
	{".writeln", 8},
	{".location", 6},
	{".body.innerhtml", 8},
	{".body.append", 8},
	{".body.", 6},
	{".createelement", 6},
	{".documentelement", 6},
	{".alert", 6},
	{".eval", 6},
	{".prompt", 6},
	{".name", 5},
	{".localstorage", 6},
	{".sessionstorage", 6},
	{".innerhtml", 6},
	{".head.append", 8},
	{".sendbeacon", 8},
	{".forms", 5},
	{".domain", 6},
	{".vulnerable", 8},
}

// global weighs the use of a global object.
func (r *reader) global(text string, start int, next []byte) bool {
	if len(next) < 2 {
		return false
	}
	switch {
	case next[0] == '[' && text != "content":
		end := closing(next, 0)
		if text == "this" && end > 2 && ownKey(r.data[:start], next[1:end]) {
			return false
		}
		if end > 0 && end+1 < len(next) && (next[end+1] == '(' || next[end+1] == '[' || next[end+1] == '`' || next[end+1] == '=' || next[end+1] == '?') {
			r.tally.Add(&computedCall, start, r.pos-start+end+1)
			return true
		}
	case next[0] == '.' && text != "this":
		r.member(text, start, next)
	case text == "location" && next[0] == '=' && next[1] != '=' && !prose(next[1:]):
		r.location(start, next[1:])
	}
	return false
}

func (r *reader) member(text string, start int, next []byte) {
	if text == "location" {
		for _, m := range [...]string{".href=", ".href =", ".assign(", ".replace("} {
			if lex.Contains(next[:min(len(next), len(m))], m) {
				r.location(start, next[len(m):])
				return
			}
		}
	}
	for i := range members {
		m := &members[i]
		if text == "self" && m.name != ".alert" && m.name != ".eval" && m.name != ".location" { // Python's self writes and has a name
			continue
		}
		if len(next) < len(m.name) || !lex.Contains(next[:len(m.name)], m.name) {
			continue
		}
		tail := trim(next[len(m.name):])
		if m.name == ".cookie" && !r.broken && settles(tail) {
			r.tally.AddWeight(&domAccess, 7, start, r.pos-start+len(m.name))
			return
		}
		if m.weight == 8 || len(tail) > 1 && tail[0] == '=' && tail[1] != '=' {
			r.tally.Add(&domWrite, start, r.pos-start+len(m.name))
			return
		}
		r.tally.AddWeight(&domAccess, m.weight, start, r.pos-start+len(m.name))
		return
	}
}

// location weighs code that leads the browser elsewhere.
func (r *reader) location(start int, target []byte) {
	target = bytes.TrimLeft(target, " \t")
	if len(target) == 0 {
		return
	}
	switch c := target[0]; {
	case scriptScheme(bytes.Trim(target, "'\"` ")) != noScheme:
		r.tally.AddWeight(&domAccess, 8, start, r.pos-start)
	case c == '\'' || c == '"' || c == '`', bytes.HasPrefix(target, []byte("name")), bytes.HasPrefix(target, []byte("atob")), bytes.HasPrefix(target, []byte("document")):
		r.tally.AddWeight(&domAccess, 7, start, r.pos-start)
	}
}
