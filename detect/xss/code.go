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
	codeWith(nil, data, i, quote, context, best)
}

// codeBehind is code for what stands behind a closed string, with what is remembered of the value.
func codeBehind(data []byte, i int, quote byte, q *quiet, best *evidence.Tally) {
	codeWith(q, data, i, quote, evidence.JSString, best)
}

func codeWith(q *quiet, data []byte, i int, quote byte, context evidence.Context, best *evidence.Tally) {
	start := i
	separated := !isQuote(quote)
	long, open := closed(data, start, quote), false
	for i, open = blanks(q, data, i, long, open); i < len(data) && (operators[data[i]] || data[i] == '.'); i, open = passOperator(q, data, start, i, long, open) {
		if i == start && quote != 0 && bytes.HasPrefix(data[i:], []byte("//")) {
			return
		}
		separated = true
	}
	if quote == 0 && bytes.HasPrefix(data[start:i], []byte("/*")) && bytes.IndexByte(data[start:i], '\n') >= 0 {
		return // a program with its description
	}
	separated = separated || bytes.IndexByte(data[start:i], '\n') >= 0
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
	r := reader{data: data, pos: i, from: start, tally: &t, long: long, far: q == nil, broken: quote != 0}
	if quote == '`' {
		r.opened = start
	}
	if q != nil && !r.long {
		r.quiet = q
		q.loud()
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

// passOperator passes over the operator at i and the blanks and comments behind it, of code from start on.
func passOperator(q *quiet, data []byte, start, i int, long, open bool) (next int, unended bool) {
	known := q != nil && !long && !open
	if known && (q.inOperators(data, i+1) || q.commentedOn(data, i+1)) {
		return q.operators.end, q.operators.unended
	}
	next, unended = blanks(q, data, i+1, long, open)
	if known {
		q.operators.spans(start, next, unended)
	}
	return next, unended
}

// word weighs the word from start to the position by what follows it, and reports
// whether that is enough.
func (r *reader) word(start int) bool {
	w := r.data[start:r.pos]
	if len(w) < 3 || r.followed() || !heeds(w, r.broken) {
		return false
	}
	if r.quiet != nil {
		r.quiet.loud()
	}
	f := lower(w)
	next := r.rest()
	if spelledOut(w) && r.called(next) {
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
		if len(next) > 1 && next[0] == '(' && (isSource(next[1:]) || r.follows(less, next)) {
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
			if at, _ := handlerCalls.First(head); at > 0 {
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
			if source, _ := sources.First(next[:min(len(next), maxHead)]); source > 0 || r.follows(less, next) {
				r.tally.AddWeight(&domWrite, 2, start, r.pos-start)
			}
		}
	case "image", "xmlhttprequest", "websocket", "worker", "eventsource", "sharedworker":
		if bytes.HasSuffix(bytes.TrimRight(r.data[:start], " "), []byte("new")) && (r.follows(slashes, next) || lex.HasSuffix(f.buf[:f.n], "worker") && inlined(next)) {
			weight := domWrite.Weight
			if !r.broken && !r.follows(cookies, next) && !inlined(next) {
				weight = 6
			}
			r.tally.AddWeight(&domWrite, weight, start, r.pos-start)
			return weight == domWrite.Weight
		}
	}
	return len(f.buf[:f.n]) > 2 && r.lookedUp(f.text(), start, next)
}

// sources are what an attacker sets of a page that writes it into itself.
var sources = lex.NewList(",name)", "location.hash", "location.search", "document.url", "window.name")

// heeded are the words that word, or what it asks, weighs.
var heeded = lex.NewWords(`alert prompt confirm eval execscript importscripts $eval getscript sendbeacon globaleval function atob setinterval settimeout setimmediate fetch import $get $post print
	document localstorage sessionstorage formdata xmlserializer cookiestore key code keycode which cookie responsetext
	xmlhttprequest fontface audio request rtcpeerconnection broadcastchannel mutationobserver intersectionobserver resizeobserver websocket eventsource image blob
	addeventlistener requestanimationframe requestidlecallback queuemicrotask postmessage appendchild insertadjacenthtml pushstate replacestate structuredclone startviewtransition
	ajax post getjson get customelements indexeddb submit
	window self top parent frames globalthis this location reflect content navigator opener constructor sethtmlunsafe parsehtmlunsafe createcontextualfragment fromcharcode fromcodepoint
	createelement attr setattribute open navigate innerhtml outerhtml srcdoc worker sharedworker getownpropertydescriptor entries values keys ownkeys getownpropertynames`)

// heeds reports whether a word can be one of them, an event's behind a closed string, or spelled with escapes.
func heeds(w []byte, broken bool) bool {
	return heeded.Has(w) || broken && len(w) > 1 && w[0]|0x20 == 'o' && w[1]|0x20 == 'n' || bytes.IndexByte(w, '\\') >= 0
}

// inlined reports whether the code of a worker is written where it is started, and calls a sink.
func inlined(next []byte) bool {
	next = next[:min(len(next), maxStyle)]
	if !lex.HasPrefix(next, "(url.createobjecturl(") && !lex.Contains(next[:min(len(next), 8)], "data:") {
		return false
	}
	return workerCalls.In(next)
}

var (
	handlerCalls = lex.NewCalls("alert(", "eval(")
	workerCalls  = lex.NewCalls("alert(", "eval(", "importscripts(", "fetch(")
)

// oneName reports whether what is assigned is a name and nothing follows it, so that the attack, if
// there is one, is elsewhere.
func oneName(value []byte) bool {
	i := lex.SkipSpace(value, 0)
	end := lex.WordEnd(value, i)
	if end == i || !lex.Letter(value[i]) {
		return false
	}
	for end < len(value) && bytes.IndexByte([]byte("; \r\n"), value[end]) >= 0 {
		end++
	}
	return end == len(value)
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
	return len(next) > 0 && (next[0] == '(' || next[0] == '`' && !r.ticked() && r.pos < len(r.data) && r.data[r.pos] == '`' && r.evenTicks(r.pos) && (r.opened == 0 || len(next) > 2 && next[1] > ' ' && bytes.IndexByte(next[1:], '`') > 0))
}

// againConstructor reports whether members lead to another constructor.
func againConstructor(next []byte) bool {
	i := lex.Index(next, "constructor")
	return i >= 0 && !bytes.ContainsAny(next[:i], "=,;:&|")
}

// constructor weighs x.constructor("code") and constructor.constructor.
func (r *reader) constructor(start int, next []byte) bool {
	if start == 0 && (len(next) == 0 || next[0] == '(') {
		return false
	}
	switch {
	case len(next) >= len(".constructor") && againConstructor(next[:min(len(next), 24)]):
	case len(next) > 1 && (next[0] == '(' && (next[1] == '\'' || next[1] == '"' || next[1] == '`' || next[1] == '/' || isSource(next[1:]) && r.follows(calledAgain, next)) || next[0] == '`'):
	case bytes.HasPrefix(next, []byte(")(")) && isSource(next[2:]): // (function(){}.constructor)(name)()
	default:
		return false
	}
	r.tally.Add(&computedCall, start, r.pos-start)
	return true
}
