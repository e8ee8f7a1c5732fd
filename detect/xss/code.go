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
	separated := !isQuote(quote)
	for i < len(data) && (data[i] <= ' ' || operators[data[i]] || data[i] == '.') {
		if data[i] == '/' && i+1 < len(data) && data[i+1] == '/' && quote != 0 && i == start {
			return
		}
		separated = separated || data[i] > ' ' || data[i] == '\n'
		i++
	}
	behind := operatorWord(data, i)
	if isQuote(quote) && data[min(start, len(data)-1)] == ' ' {
		behind = betweenWords(data, start, quote)
	}
	if isQuote(quote) && behind > i { // 'in alert(1) in'
		separated = true
		i = behind
		for i < len(data) && (data[i] <= ' ' || operators[data[i]] || data[i] == '.') {
			i++
		}
	}
	if !separated || i >= len(data) || !isName(data[i]) && data[i] != '\'' && data[i] != '"' && data[i] != '`' {
		return
	}
	var t evidence.Tally
	t.Reset(attack.XSS, context)
	r := reader{data: data, pos: i, from: start, tally: &t, broken: quote != 0, ticked: quote == '`' && bytes.Count(data[start:], []byte{'`'})&1 == 0}
	if quote == '`' {
		r.opened = start
	}
	r.run()
	if r.target > 0 && !ownStatements(data[r.target:r.targetEnd]) {
		t.AddWeight(&scriptURL, 8, r.target, r.targetEnd-r.target)
	}
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
	data      []byte
	pos       int
	from      int
	tally     *evidence.Tally
	ticked    bool // that string was a template, so that a backtick may begin the next
	broken    bool // a string was closed before the code
	opened    int  // index from which on backticks begin and end templates
	target    int  // where the code of a script URL that is assigned begins, 0 if there is none, and ends
	targetEnd int
	head      int  // index behind the head of a statement: if (...), for (...)
	sent      bool // a sink was handed over before
}

const maxWords = 96

// run reads words until evidence is enough, the code ends, or it turns out to be
// prose.
func (r *reader) run() {
	beside := false // an operand stands before, with only blanks since
	for range maxWords {
		last := r.pos
		r.blanks()
		if r.pos >= len(r.data) {
			return
		}
		if beside && bytes.IndexByte(r.data[last:r.pos], '\n') >= 0 && r.short() {
			beside = false
		}
		start := r.pos
		c := r.data[r.pos]
		switch {
		case isName(c):
			r.name()
			joined := r.joined(start)
			if beside && !joined || r.word(start) {
				return
			}
			beside = !joined
		case c == '\'' || c == '"' || c == '`':
			if beside && c != '`' || r.schemed(c) {
				return
			}
			r.text(c)
			beside = true
		case c == '<':
			return
		case c == '[' && beside && r.computed(start):
			return
		default:
			r.pos++
			beside = (c == ')' || c == ']') && r.pos != r.head
			if !operators[c] && c != '.' && c != '@' {
				return
			}
		}
	}
}

// short reports whether a value is no program of several lines.
func (r *reader) short() bool {
	return len(r.data) <= maxEffect && bytes.Count(r.data, []byte("\n")) <= maxLines
}

// name passes over a name, of which escapes may be part: \u{61}lert
func (r *reader) name() {
	for r.pos < len(r.data) {
		switch c := r.data[r.pos]; {
		case isName(c):
			r.pos++
		case c == '{' && bytes.HasSuffix(r.data[:r.pos], []byte(`\u`)):
			end := bytes.IndexByte(r.data[r.pos:min(len(r.data), r.pos+maxProbe)], '}')
			if end < 0 {
				return
			}
			r.pos += end + 1
		default:
			return
		}
	}
}

// text passes over a string, up to the first braces of a template.
func (r *reader) text(quote byte) {
	r.pos++
	j := bytes.IndexByte(r.data[r.pos:], quote)
	if j < 0 {
		return
	}
	if braces := bytes.Index(r.data[r.pos:r.pos+j], []byte("${")); quote == '`' && braces >= 0 {
		j = braces + 1
	}
	r.pos += j + 1
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
	if r.secret(f.text(), start, next) {
		return true
	}
	r.acts(f.text(), start, next)
	switch text := f.text(); text {
	case "document", "window", "self", "top", "parent", "frames", "globalthis", "this", "location", "reflect", "content", "navigator", "opener":
		return r.global(text, start, next)
	case "constructor":
		return r.constructor(start, next)
	case "sethtmlunsafe", "parsehtmlunsafe", "createcontextualfragment":
		if len(next) > 1 && next[0] == '(' && (isSource(next[1:]) || bytes.IndexByte(next, '<') >= 0) {
			r.tally.Add(&domWrite, start, r.pos-start)
			return true
		}
	case "fromcharcode", "fromcodepoint":
		if len(next) > 0 && next[0] == '(' {
			return r.spelled(start, next)
		}
	case "createelement":
		return r.loadsScript(start, next)
	case "attr", "setattribute":
		if r.redirected(start, next) {
			return true
		}
		if head := next[:min(len(next), maxHead)]; lex.HasPrefix(head, "('on") || lex.HasPrefix(head, "(\"on") || lex.HasPrefix(head, "(`on") {
			if at, _ := lex.FirstCall(head, []string{"alert(", "eval("}); at > 0 {
				r.tally.Add(&domWrite, start, r.pos-start)
				return true
			}
		}
	case "open", "navigate":
		if len(next) > 1 && next[0] == '(' && foreign(next) && steals(next[1:]) {
			r.tally.Add(&domWrite, start, r.pos-start)
			return true
		}
		if target := bytes.TrimLeft(next, "( \t"); len(next) > 0 && next[0] == '(' && len(target) > 0 && lex.IndexQuote(target[:1]) == 0 && scriptScheme(bytes.Trim(target, "'\"` ")) == javascript {
			r.tally.Add(&scriptURL, start, r.pos-start)
			return true
		}
	case "innerhtml", "outerhtml", "insertadjacenthtml", "srcdoc":
		if len(next) > 1 && next[0] == '=' && oneName(next[1:]) {
			r.tally.AddWeight(&domAccess, 3, start, r.pos-start)
			return false
		}
		if len(next) > 1 && (next[0] == '(' || next[0] == '=' && next[1] != '=') {
			r.tally.Add(&domAccess, start, r.pos-start)
			if source, _ := lex.First(next[:min(len(next), maxHead)], []string{",name)", "location.hash", "location.search", "document.url", "window.name"}); source > 0 || bytes.IndexByte(next, '<') >= 0 {
				r.tally.AddWeight(&domWrite, 2, start, r.pos-start)
			}
		}
	case "image", "xmlhttprequest", "websocket", "worker", "eventsource", "sharedworker":
		if bytes.HasSuffix(bytes.TrimRight(r.data[:start], " "), []byte("new")) && (bytes.Contains(next, []byte("//")) || lex.HasSuffix(f.buf[:f.n], "worker") && inlined(next)) {
			weight := domWrite.Weight
			if !r.broken && !lex.Contains(next, "cookie") && !inlined(next) {
				weight = 6
			}
			r.tally.AddWeight(&domWrite, weight, start, r.pos-start)
			return weight == domWrite.Weight
		}
	}
	return len(f.buf[:f.n]) > 2 && r.lookedUp(f.text(), start, next)
}

// inlined reports whether the code of a worker is written where it is started, and calls a sink.
func inlined(next []byte) bool {
	next = next[:min(len(next), maxStyle)]
	if !lex.HasPrefix(next, "(url.createobjecturl(") && !lex.Contains(next[:min(len(next), 8)], "data:") {
		return false
	}
	at, _ := lex.FirstCall(next, []string{"alert(", "eval(", "importscripts(", "fetch("})
	return at >= 0
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
	return len(next) > 0 && (next[0] == '(' || next[0] == '`' && !r.ticked && r.pos < len(r.data) && r.data[r.pos] == '`' && bytes.Count(r.data[r.opened:r.pos], []byte("`"))%2 == 0 && (r.opened == 0 || len(next) > 2 && next[1] > ' ' && bytes.IndexByte(next[1:], '`') > 0))
}

// againConstructor reports whether members lead to another constructor.
func againConstructor(next []byte) bool {
	i := lex.Index(next, "constructor")
	return i >= 0 && bytes.IndexAny(next[:i], "=,;:&|") < 0
}

// constructor weighs x.constructor("code") and constructor.constructor.
func (r *reader) constructor(start int, next []byte) bool {
	if start == 0 && (len(next) == 0 || next[0] == '(') {
		return false
	}
	switch {
	case len(next) >= len(".constructor") && againConstructor(next[:min(len(next), 24)]):
	case len(next) > 1 && (next[0] == '(' && (next[1] == '\'' || next[1] == '"' || next[1] == '`' || next[1] == '/' || isSource(next[1:]) && bytes.Contains(next, []byte(")("))) || next[0] == '`'):
	case bytes.HasPrefix(next, []byte(")(")) && isSource(next[2:]): // (function(){}.constructor)(name)()
	default:
		return false
	}
	r.tally.Add(&computedCall, start, r.pos-start)
	return true
}
