package xss

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// attribute reads a value that closes an attribute and adds a handler, or that
// stands inside a tag.
func attribute(data []byte, best *evidence.Tally) {
	quote := firstQuote(data)
	handlers, others := newMeter(data), newMeter(data)
	var out evidence.Tally
	for at := lex.Next(data, 0, '='); at < len(data); at = lex.Next(data, at+1, '=') {
		for i := handlerBefore(data, 0, at); i >= 0; i = handlerBefore(data, i+1, at) {
			if attributeHandler(&handlers, i, quote, best) {
				return
			}
		}
		if quote >= 0 && quote < at && out.N == 0 {
			breaksOutURL(&others, at, quote, &out)
		}
	}
	keep(&out, best)
}

// firstQuote returns the index of the first quote of any kind, -1 if there is none.
func firstQuote(data []byte) int {
	first := -1
	for _, quote := range [...]byte{'"', '\'', '`'} {
		if i := bytes.IndexByte(data, quote); i >= 0 {
			first, data = i, data[:i]
		}
	}
	return first
}

// longestHandler is the length of the longest name of a handler.
const longestHandler = 48

// handlerBefore returns where, from an index on, a name begins that stands in front of an equals sign and
// can be a handler's, -1 if none does.
func handlerBefore(data []byte, from, equal int) int {
	end := equal
	for end > from && data[end-1] <= ' ' {
		end--
	}
	first := end
	for first > from && end-first < longestHandler && lex.Letter(data[first-1]) {
		first--
	}
	for i := first; i+len("onxxx") <= end; i++ {
		if data[i]|0x20 == 'o' && data[i+1]|0x20 == 'n' && (i == 0 || separates(data[i-1]) || escaped(data[:i])) {
			return i
		}
	}
	return -1
}

// attributeHandler weighs the handler that may begin at i and reports whether one does.
func attributeHandler(m *meter, i, quote int, best *evidence.Tally) bool {
	data := m.data
	name, value, start, next := nextAttribute(m.text(i), i)
	m.spend(next - i)
	if !isHandler(name) || !codeLike(value) || !isEvent(name) && i > 0 && !separates(data[i-1]) {
		return false
	}
	quoted := quote >= 0 && quote < i
	if (isVariable(data, start) && !isEvent(name) || isDeclared(data[:start])) && !m.sinks.ask(value, callsSink) {
		return false
	}
	bare := !quoted && i > 0 && (!isEvent(name) || !callsFirst(value) && !m.sinks.ask(value, callsSink))
	if bare || prose(value) || !runs(value) || usual(value) || arrow(value) {
		return false
	}
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.HTMLAttr)
	t.Add(&attrHandler, start, next-start)
	if shown(data[:start], value) {
		t.Cap(evidence.Threshold - 1)
	}
	keep(&t, best)
	return true
}

// isVariable reports whether a name begins a line of its own and blanks stand around the sign behind it, as a program
// gives a variable a value: onerow = [None]
func isVariable(data []byte, start int) bool {
	before := bytes.TrimRight(data[:start], " \t")
	if !bytes.HasSuffix(before, []byte("\n")) && !bytes.HasSuffix(before, []byte(`\n`)) {
		return false
	}
	return bytes.HasPrefix(data[lex.WordEnd(data, start):], []byte(" = "))
}

// isDeclared reports whether a word stands in front of a name by which scripts declare it: const onError = (e) => {}
func isDeclared(before []byte) bool {
	return lex.SuffixLength(before, []string{"const ", "let ", "var "}) > 0
}

// shown reports whether a handler without a sink stands in a tag whose brackets are
// escaped, as an editor writes source: &lt;a href="#" onclick="f()"&gt;.
func shown(before, value []byte) bool {
	before = before[max(0, len(before)-maxUsual):]
	i := bytes.LastIndex(before, []byte("&lt;"))
	if i < 0 || i+4 == len(before) || !lex.Letter(before[i+4]) || lex.Contains(before[i:], "&gt;") || bytes.ContainsAny(before[i:], "<>") {
		return false
	}
	var own evidence.Tally
	code(value, 0, 0, evidence.HTMLAttr, &own)
	return own.Score() < evidence.Gray
}

func separates(c byte) bool {
	return c <= ' ' || c == '"' || c == '\'' || c == '/' || c == '`' || c == 0xa0
}

// escaped reports whether text ends with \xNN, which some server may decode to a blank.
func escaped(b []byte) bool {
	n := len(b)
	return n >= 4 && b[n-4] == '\\' && b[n-3] == 'x' && digit(b[n-2]) < 16 && digit(b[n-1]) < 16
}

// callsFirst reports whether code begins with a name and a call: alert(1), x`1`.
func callsFirst(value []byte) bool {
	value = bytes.TrimLeft(value, "\"'` ")
	for i, c := range value {
		if c == '(' || c == '`' {
			return i > 1
		}
		if !isName(c) && c != '.' && c != '[' && c != ']' && c != '\'' && c != ':' {
			return false
		}
	}
	return false
}

// breaksOutURL weighs the attribute in front of the equals sign at a place, if it has a script URL, or a
// style that runs code, behind a closed attribute: " formaction=javascript:alert(1) and the like.
func breaksOutURL(m *meter, at, quote int, t *evidence.Tally) {
	data, first := m.data, at
	for first > 0 && at-first < 32 && inAttributeName[data[first-1]] {
		first--
	}
	if first == at || first <= quote || !separates(data[first-1]) || data[first] != '\\' && !mayHoldCode(data[first:at]) {
		return
	}
	name, value, start, next := nextAttribute(m.text(first), first)
	if m.spend(next - first); !mayWeigh(name, value) {
		return
	}
	w, scheme := lower(name), noScheme
	if isURLAttribute(w.text()) {
		scheme = scriptScheme(value)
	}
	var sign *evidence.Sign
	switch {
	case scheme == javascript && runs(value) && !idle(value[bytes.IndexByte(value, ':')+1:]),
		scheme == dataScheme && !lex.Contains(value[:min(len(value), 32)], "image/"):
		sign = &scriptURL
	case w.text() == "style" && styleRuns(value):
		sign = &styleCode
	case directive(w.text()) && m.sinks.ask(value, callsSink), w.text() == "_" && hyperscript(value):
		sign = &attrHandler
	default:
		return
	}
	t.Reset(attack.XSS, evidence.HTMLAttr)
	t.Add(sign, start, next-start)
}

// mayHoldCode reports whether an attribute of this name can be one that breaksOutURL weighs.
func mayHoldCode(name []byte) bool {
	if holding.Has(name) {
		return true
	}
	if len(directivesBy[lex.Lower(name[0])]) == 0 && bytes.IndexByte(name, '.') < 0 {
		return false
	}
	w := lower(name)
	return directive(w.text())
}

// holding are the names of such attributes, but for directives.
var holding = lex.NewWords("style _ href src action formaction data xlink:href from to values background dynsrc lowsrc poster code content folder manifest ping srcset value codebase archive by implementation xml:base usemap longdesc cite profile icon classid")

// inAttributeName holds the bytes of names of attributes, those of frameworks too.
var inAttributeName = func() (t [256]bool) {
	for c := range 256 {
		t[c] = isName(byte(c)) || strings.IndexByte(":-@().[]*", byte(c)) >= 0
	}
	return t
}()

// callsSink reports whether code of a framework's attribute calls a sink.
func callsSink(value []byte) bool {
	if bytes.IndexByte(value, '&') >= 0 {
		f := folders.Get().(*folder)
		defer folders.Put(f)
		value = f.unescaped(value)
	}
	if !mayCall(value) {
		return false
	}
	var own evidence.Tally
	code(value, 0, 0, evidence.HTMLAttr, &own)
	plainer(value, &own)
	return own.Score() >= evidence.Threshold
}

// mayCall reports whether code has a word that counts, or what folder may make one of.
func mayCall(value []byte) bool {
	if len(value) > maxFold/2 { // or folder may cut a word off
		return true
	}
	broken := bytes.ContainsAny(value, "'\"`")
	for i := 0; i < len(value); {
		switch c := value[i]; {
		case isName(c):
			end := i + 1
			for end < len(value) && isName(value[end]) {
				end++
			}
			if counts(value[i:end], broken) {
				return true
			}
			i = end
		case broken && c == '+', c >= 0x80:
			return true
		default:
			i++
		}
	}
	return false
}

// counts reports whether a word of code can count, behind a closed string or not.
func counts(w []byte, broken bool) bool {
	return heeds(w, broken) || lex.Equal(w, "javascript")
}

// bindings finds a style of Mozilla's that loads code, in an attribute that stands by itself:
// or behind another of its declarations: style=-moz-binding:url(//h.example)
func bindings(data []byte, best *evidence.Tally) {
	i := lex.Index(data, "-moz-binding")
	if i < 0 || !lex.Contains(data[max(0, i-maxHead):i], "style") && !external(styleURL(data[i:min(len(data), i+maxHead)])) || styleURL(data[i:]) == nil {
		return
	}
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.HTMLAttr)
	t.Add(&styleCode, i, len("-moz-binding"))
	keep(&t, best)
}

// runs reports whether a handler's value calls or assigns something.
func runs(value []byte) bool {
	return bytes.ContainsAny(value, "(`=&\\[") || lex.Contains(value, "javascript:") || lex.Contains(value, "msgbox ")
}

// schemes that run code; the first are refused without more.
const (
	noScheme = iota
	javascript
	dataScheme
)

// scriptScheme says whether a URL runs code, with entities, escapes, tabs and line
// ends read as browsers do.
func scriptScheme(v []byte) int {
	if len(v) == 0 || !beginsScheme[v[0]] {
		return noScheme
	}
	var f folded
	for i := 0; i < len(v) && f.n < 12; {
		if lex.Letter(v[i]) {
			f.buf[f.n] = v[i] | 0x20
			f.n++
			i++
			continue
		}
		c, n := decoded(v[i:])
		if c == '\\' && i+1 < len(v) && v[i+1] == '0' { // a NUL that stays escaped
			n = 2
		}
		i += n
		if c <= ' ' || c == 0x7f || c >= 0x80 && f.n == 0 || c == '\\' {
			continue
		}
		c = lex.Lower(c)
		f.buf[f.n] = c
		f.n++
		if c == ':' {
			break
		}
	}
	switch f.text() {
	case "javascript:", "vbscript:", "livescript:", "mocha:", "jscript:":
		return javascript
	case "feed:", "view-source:", "jar:", "url:":
		if rest := v[bytes.IndexByte(v, ':')+1:]; len(rest) > len("javascript:") && lex.HasPrefix(rest, "javascript:") {
			return javascript
		}
	case "data:":
		if rest := v[bytes.IndexByte(v, ':')+1:]; markupIn(rest) {
			return dataScheme
		}
		head := v[:min(len(v), 64)]
		if lex.Contains(head, "text/html") || lex.Contains(head, "image/svg") || lex.Contains(head, "script") || lex.Contains(head, "xml") {
			return dataScheme
		}
	}
	return noScheme
}

// beginsScheme holds the bytes with which a URL begins that has such a scheme: its letter, what browsers
// pass over, and what entities and escapes begin with.
var beginsScheme = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c <= ' ' || c >= 0x7f || strings.IndexByte("jvlmfudJVLMFUD&\\", byte(c)) >= 0
	}
	return t
}()

// decoded returns the character at the start of b with entities and \xNN read, and
// how many bytes it takes.
func decoded(b []byte) (c byte, n int) {
	if c, n = entity(b); n > 0 {
		return c, n
	}
	if len(b) >= 4 && b[0] == '\\' && b[1] == 'x' && digit(b[2]) < 16 && digit(b[3]) < 16 {
		return byte(digit(b[2])<<4 | digit(b[3])), 4
	}
	if len(b) >= 6 && b[0] == '\\' && b[1] == 'u' {
		if c, n = lex.ScriptEscape(b); n > 0 {
			return c, n
		}
	}
	return b[0], 1
}

// markupIn reports whether what a data URL holds is markup or code whatever it is said to be: base64
// of < and a letter, a call without a type.
func markupIn(rest []byte) bool {
	head := rest[:min(len(rest), maxHead)]
	if i := lex.Index(head, "base64,"); i >= 0 {
		body := head[i+len("base64,"):]
		return len(body) > 4 && body[0] == 'P' && (body[1] == 'G' || body[1] == 'H')
	}
	return len(rest) > 1 && rest[0] == ',' && callsFirst(rest[1:])
}

// veiled reports whether the scheme of a URL is spelled so that it is read by browsers only: with
// entities, escapes and control characters in it.
func veiled(v []byte) bool {
	letters := 0
	for i := 0; i < len(v) && letters < 12; {
		c, n := decoded(v[i:])
		switch {
		case n > 1 && (c == ':' || c <= ' ' && letters > 0 || lex.Letter(c)):
			return true
		case c == ':':
			return false
		case lex.Letter(c):
			letters++
		case c < ' ' && letters > 0 && c != '\n' && c != '\r':
			return true
		}
		i += n
	}
	return false
}

// url reads a value that is a URL.
func url(data []byte, best *evidence.Tally) {
	switch c := data[0] | 0x20; {
	case c == 'j', c == 'v', c == 'd', c == 'l', c == 'm', c == '&', c == '\\', c == '|', data[0] <= ' ', data[0] >= 0x80, data[0] == '&':
	default:
		return
	}
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.URLScheme)
	switch scriptScheme(data) {
	case javascript:
		rest := data[bytes.IndexByte(data, ':')+1:]
		if i := lex.Index(rest, "colon;"); i >= 0 {
			rest = rest[i:]
		}
		if veiled(data) {
			t.Add(&bareURL, 0, len(data))
			break
		}
		if idle(rest) || idleTold(rest) || prose(rest) || !runs(rest) && !lex.Contains(rest, "alert") && !lex.Contains(rest, "%") {
			return
		}
		t.Add(&bareURL, 0, len(data))
	case dataScheme:
		if lex.Contains(data[:min(len(data), 64)], "image/svg") && !lex.Contains(data, "script") && !lex.Contains(data, "onload") && !lex.Contains(data, "base64") {
			return
		}
		weight := bareURL.Weight
		if lex.Contains(data[:min(len(data), 32)], "image/svg") {
			weight = 6 // pictures travel so
		}
		if lex.Contains(data, "base64") || bytes.ContainsAny(data, "<(") {
			t.AddWeight(&bareURL, weight, 0, len(data))
		}
	}
	keep(&t, best)
}

// idleTold reports whether words follow one of those behind a blank, as in what somebody
// searches for.
func idleTold(code []byte) bool {
	code = bytes.TrimSpace(code)
	i := bytes.IndexByte(code, ')')
	return i > 0 && i+2 < len(code) && code[i+1] == ' ' && (lex.Letter(code[i+2]) || code[i+2] >= 0x80) && idle(code[:i+1]) && !bytes.ContainsAny(code[i+1:], "(`=")
}

// idle reports whether a script URL is one of those that pages use for doing nothing.
func idle(code []byte) bool {
	code = bytes.TrimSpace(code)
	f := lower(code)
	if f.n == 0 && len(code) > 0 {
		return false // longer than any of them
	}
	switch f.text() {
	case "", ";", "void(0)", "void(0);", "void 0", "void(null)", "//", "history.back()", "history.go(-1)", "history.back();", "window.print()", "self.close()", "window.close()":
		return true
	}
	return false
}
