package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// attribute reads a value that closes an attribute and adds a handler, or that
// stands inside a tag.
func attribute(data []byte, best *evidence.Tally) {
	var t evidence.Tally
	firstQuote := len(data) // found once, at the first handler
	for i := 0; i+5 < len(data); i++ {
		if data[i]|0x20 != 'o' || data[i+1]|0x20 != 'n' || i > 0 && !separates(data[i-1]) {
			continue
		}
		name, value, start, next := nextAttribute(data, i)
		if !isHandler(name) || len(value) == 0 {
			continue
		}
		if firstQuote == len(data) {
			firstQuote = bytes.IndexAny(data, `"'`)
		}
		quoted := firstQuote >= 0 && firstQuote < i
		if !quoted && i > 0 || !codeLike(value) || prose(value) || !runs(value) {
			continue
		}
		t.Reset(attack.XSS, evidence.HTMLAttr)
		t.Add(&attrHandler, start, next-start)
		keep(&t, best)
		return
	}
}

func separates(c byte) bool {
	return c <= ' ' || c == '"' || c == '\'' || c == '/' || c == '`'
}

// runs reports whether a handler's value calls or assigns something.
func runs(value []byte) bool {
	return bytes.ContainsAny(value, "(`=&\\[") || hasFold(value, "javascript:")
}

// schemes that run code; the first are refused without more.
const (
	noScheme = iota
	javascript
	dataScheme
)

// scriptScheme says whether a URL runs code, with entities, tabs and line ends read
// as browsers do.
func scriptScheme(v []byte) int {
	var f folded
	for i := 0; i < len(v) && f.n < 12; {
		c, n := entity(v[i:])
		if n == 0 {
			c, n = v[i], 1
		}
		i += n
		if c <= ' ' || c == 0x7f {
			continue
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		f.buf[f.n] = c
		f.n++
		if c == ':' {
			break
		}
	}
	switch f.text() {
	case "javascript:", "vbscript:", "livescript:", "mocha:", "jscript:":
		return javascript
	case "data:":
		if hasFold(v[:min(len(v), 64)], "text/html") || hasFold(v[:min(len(v), 64)], "image/svg") || hasFold(v[:min(len(v), 64)], "script") || hasFold(v[:min(len(v), 64)], "xml") {
			return dataScheme
		}
	}
	return noScheme
}

// url reads a value that is a URL.
func url(data []byte, best *evidence.Tally) {
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.URLScheme)
	switch scriptScheme(data) {
	case javascript:
		rest := data[bytes.IndexByte(data, ':')+1:]
		if i := indexFold(rest, "colon;"); i >= 0 {
			rest = rest[i:]
		}
		if idle(rest) || !runs(rest) && !hasFold(rest, "alert") {
			return
		}
		t.Add(&bareURL, 0, len(data))
	case dataScheme:
		if hasFold(data, "base64") || bytes.ContainsAny(data, "<(") {
			t.Add(&bareURL, 0, len(data))
		}
	}
	keep(&t, best)
}

// idle reports whether a script URL is one of those that pages use for doing nothing.
func idle(code []byte) bool {
	f := lower(bytes.TrimSpace(code))
	switch f.text() {
	case "", ";", "void(0)", "void(0);", "void 0", "void(null)", "//", "history.back()", "history.go(-1)", "history.back();", "window.print()", "self.close()", "window.close()":
		return true
	}
	return false
}

// scripts reads a value as code from its first byte and behind closing quotes.
func scripts(data []byte, v *point.Value, best *evidence.Tally) {
	symbols(data, best)
	code(data, 0, 0, evidence.Raw, best)
	if v.Classes&(point.Quote|point.Backtick) == 0 {
		return
	}
	for _, quote := range [...]byte{'\'', '"', '`'} {
		from := 0
		for range 3 {
			i := bytes.IndexByte(data[from:], quote)
			if i < 0 {
				break
			}
			from += i + 1
			code(data, from, quote, evidence.JSString, best)
		}
	}
	if i := bytes.Index(data, []byte("${")); i >= 0 {
		code(data, i+2, 0, evidence.Code, best)
	}
	if i := bytes.Index(data, []byte("{{")); i >= 0 {
		code(data, i+2, 0, evidence.Code, best)
	}
}

// symbols weighs code written with ()[]{}!+ only.
func symbols(data []byte, best *evidence.Tally) {
	run, brackets, bangs, start := 0, 0, 0, 0
	for i, c := range data {
		switch c {
		case '[', ']', '(', ')', '!', '+', '{', '}', ' ':
			if run == 0 {
				start = i
			}
			run++
			if c == '[' {
				brackets++
			}
			if c == '!' || c == '+' {
				bangs++
			}
			if run >= 24 && brackets >= 4 && bangs >= 4 {
				var t evidence.Tally
				t.Reset(attack.XSS, evidence.Raw)
				t.Add(&symbolsOnly, start, run)
				keep(&t, best)
				return
			}
		default:
			run, brackets, bangs = 0, 0, 0
		}
	}
}

// code reads JavaScript at i: operators and separators, then a call of a sink or an
// access to the page. Words in a row are prose and end it.
func code(data []byte, i int, quote byte, context evidence.Context, best *evidence.Tally) {
	var t evidence.Tally
	t.Reset(attack.XSS, context)
	start := i
	separated := quote == 0
	for i < len(data) {
		c := data[i]
		if c <= ' ' || bytes.IndexByte([]byte(";,+-*/%&|^?:!~=<>(){}[]"), c) >= 0 {
			separated = separated || c > ' '
			i++
			continue
		}
		break
	}
	if !separated || i >= len(data) {
		return
	}
	s := reader{data: data, pos: i, tally: &t}
	s.run()
	if t.Score() == 0 {
		return
	}
	if quote != 0 {
		t.Add(&jsBreakout, max(0, start-1), i-start+1)
	}
	if tail := bytes.TrimRight(data[s.pos:], " \t\r\n"); bytes.HasSuffix(tail, []byte("//")) || bytes.Contains(tail[:min(len(tail), 64)], []byte("//")) || bytes.HasSuffix(tail, []byte("<!--")) {
		t.Add(&tailComment, len(data)-2, 2)
	}
	keep(&t, best)
}

// reader reads statements of code.
type reader struct {
	data  []byte
	pos   int
	tally *evidence.Tally
}

const maxWords = 64

func (r *reader) run() {
	last := false // a word stood before, with only blanks since
	for range maxWords {
		start := r.pos
		for r.pos < len(r.data) && isName(r.data[r.pos]) {
			r.pos++
		}
		if r.pos == start {
			if r.pos >= len(r.data) {
				return
			}
			switch c := r.data[r.pos]; {
			case c <= ' ':
			case c == '<':
				return
			case c == '\'' || c == '"':
				if j := bytes.IndexByte(r.data[r.pos+1:], c); j >= 0 {
					r.pos += j + 1
				}
				last = false
			default:
				last = false
			}
			r.pos++
			continue
		}
		if last && !joins(r.data[start:r.pos]) {
			return // two words in a row are prose
		}
		if r.word(start) {
			return
		}
		last = !joins(r.data[start:r.pos])
	}
}

func isName(c byte) bool {
	return point.ClassOf[c]&(point.Alpha|point.Digit) != 0 || c == '$' || c == '\\'
}

// joins reports whether a word may stand beside another in code.
func joins(w []byte) bool {
	switch string(w) {
	case "var", "let", "const", "new", "typeof", "void", "return", "throw", "delete", "in", "of", "instanceof", "function", "async", "await", "if", "else", "for", "while", "do", "try", "catch", "with", "case":
		return true
	}
	return false
}

// word weighs the word from start to the position by what follows it, and reports
// whether that is enough.
func (r *reader) word(start int) bool {
	w := r.data[start:r.pos]
	f := lower(w)
	next := trim(r.data[r.pos:])
	called := len(next) > 0 && (next[0] == '(' || next[0] == '`' && r.pos < len(r.data) && r.data[r.pos] == '`')
	text := f.text()
	if bytes.Contains(w, []byte(`\u`)) && called {
		r.tally.Add(&sinkCall, start, r.pos-start)
		return true
	}
	switch text {
	case "alert", "prompt", "confirm", "eval", "execscript", "atob", "setinterval", "settimeout", "fetch", "import", "importscripts", "function", "$get", "$post":
		if text == "function" && (len(w) == 0 || w[0] != 'F') {
			return false
		}
		if called && argument(next) {
			weight := sinkCall.Weight
			if text == "fetch" || text == "import" || text == "atob" || text == "settimeout" || text == "setinterval" {
				weight = 5
			}
			r.tally.AddWeight(&sinkCall, weight, start, r.pos-start+1)
			return true
		}
		if len(next) > 0 && (next[0] == '.' && (hasFold(next[:min(8, len(next))], ".call") || hasFold(next[:min(8, len(next))], ".apply")) || next[0] == ')' && len(next) > 1 && (next[1] == '(' || next[1] == '`')) {
			r.tally.Add(&sinkCall, start, r.pos-start)
			return true
		}
	case "document", "window", "self", "top", "parent", "frames", "globalthis", "this", "location", "reflect", "content":
		return r.global(text, start, next)
	case "constructor":
		if len(next) > 12 && hasFold(next[:min(len(next), 24)], "constructor") {
			r.tally.Add(&computedCall, start, r.pos-start)
			return true
		}
	case "fromcharcode", "innerhtml", "outerhtml", "insertadjacenthtml":
		if len(next) > 0 && (next[0] == '(' || next[0] == '=') {
			r.tally.Add(&domAccess, start, r.pos-start)
		}
	}
	return false
}

// argument refuses "alert (for the man)": a call's argument is no prose.
func argument(next []byte) bool {
	end := bytes.IndexByte(next, ')')
	if end < 0 {
		end = len(next)
	}
	inner := next[min(1, len(next)):end]
	return !prose(inner) && bytes.Count(inner, []byte(" ")) < 3
}

// global weighs the use of a global object.
func (r *reader) global(text string, start int, next []byte) bool {
	if len(next) < 2 {
		return false
	}
	switch {
	case next[0] == '[' && text != "this" && text != "content":
		end := bytes.IndexByte(next, ']')
		if end > 0 && end+1 < len(next) && (next[end+1] == '(' || next[end+1] == '[' || next[end+1] == '`' || next[end+1] == '=') {
			r.tally.Add(&computedCall, start, r.pos-start+end+1)
			return true
		}
	case next[0] == '.':
		for _, member := range [...]string{".cookie", ".domain", ".write", ".location", ".body.", ".createelement", ".documentelement", ".alert", ".eval", ".name", ".localstorage", ".sessionstorage", ".innerhtml"} {
			if hasFold(next[:min(len(next), len(member))], member) {
				r.tally.Add(&domAccess, start, r.pos-start+len(member))
				return false
			}
		}
		if text == "location" && (hasFold(next[:min(8, len(next))], ".href=") || hasFold(next[:min(8, len(next))], ".assign")) || hasFold(next[:min(9, len(next))], ".replace(") && text == "location" {
			r.tally.Add(&domAccess, start, r.pos-start)
		}
	case text == "location" && next[0] == '=' && next[1] != '=' && !prose(next[1:]):
		if scriptScheme(bytes.Trim(next[1:], "'\"` ")) != noScheme || bytes.ContainsAny(next[1:2], "'\"`") {
			r.tally.AddWeight(&domAccess, 7, start, r.pos-start)
		}
	}
	return false
}
