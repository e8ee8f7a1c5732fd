package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxUsual bounds a handler that is taken for one that pages have.
const maxUsual = 160

// usual reports whether a handler's code is what pages are written with and attacks are
// not: a question before something is sent, another picture for one that is missing, a
// call of the page's own function.
func usual(code []byte) bool {
	code = unescapedQuotes(bytes.TrimSpace(code))
	if len(code) > maxUsual || len(code) < 4 || bytes.IndexByte(code, '\\') >= 0 || bytes.IndexByte(code, '`') >= 0 && !bytes.Contains(code, []byte("${")) {
		return false
	}
	if bytes.HasPrefix(code, []byte("return confirm(")) {
		return asks(code, len("return confirm"))
	}
	if lex.HasPrefix(code, "this.src=") || lex.HasPrefix(code, "this.onerror=null") || lex.HasPrefix(code, "this.src =") {
		return !lex.Contains(code, "script:") && !lex.Contains(code, "cookie") && !lex.Contains(code, "data:") && bytes.IndexByte(code, '(') < 0 && !lex.Contains(code, "//") && itsOwn(code)
	}
	return ownCall(code) || ownStatements(code)
}

// itsOwn reports whether each statement gives the element itself another picture, or other looks.
func itsOwn(code []byte) bool {
	for len(code) > 0 {
		var statement []byte
		statement, code, _ = bytes.Cut(code, []byte(";"))
		statement = bytes.TrimSpace(statement)
		if len(statement) > 0 && (bytes.Count(statement, []byte("=")) > 1 || lex.PrefixLength(statement, looks) == 0) && !lex.HasPrefix(statement, "return ") {
			return false
		}
	}
	return true
}

// looks are what such a statement sets.
var looks = []string{"this.src", "this.onerror", "this.alt", "this.title", "this.style", "this.classname", "this.width", "this.height", "this.hidden"}

// asks reports whether a call is a question that is put together from strings and names, and all that
// follows is what the page does when the answer is yes.
func asks(code []byte, paren int) bool {
	question := code[paren+1:]
	if len(question) < 5 || question[0] != '\'' && question[0] != '"' || bytes.IndexByte(question, '?') < 0 {
		return false
	}
	end := closing(code, paren)
	if end < 0 {
		return bytes.IndexByte(question, '(') < 0 // an apostrophe in the text: no browser runs it
	}
	question = code[paren+1 : end]
	for i := 0; i < len(question); i++ {
		switch c := question[i]; {
		case c == '\'' || c == '"':
			i += 1 + bytes.IndexByte(question[i+1:], c)
		case !lex.Word(c) && c != '.' && c != '+' && c != ' ':
			return false
		}
	}
	rest := bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(code[end+1:]), []byte(";")))
	then, more := bytes.CutPrefix(rest, []byte("&&"))
	return len(rest) == 0 || string(rest) == "? true : false" || more && ownStatements(bytes.TrimSpace(then))
}

// unescapedQuotes takes off the quotes around a handler as they stand in a text of JSON that is read
// before it is parsed: \"go(3)\". As HTML they would make nonsense of the code.
func unescapedQuotes(code []byte) []byte {
	if rest, ok := bytes.CutPrefix(code, []byte(`\"`)); ok {
		return bytes.TrimSuffix(rest, []byte(`\"`))
	}
	return code
}

// arrow reports whether a handler is a name, or the beginning of {() => ...} or
// {(e) => ...}, in a component's source: as HTML it would make a function and not call it.
func arrow(value []byte) bool {
	if n := len(value); n > 4 && value[0] == '{' && value[n-1] == '}' && lex.Letter(value[1]) && len(bytes.Trim(value[1:n-1], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")) == 0 {
		return true // {handleClick}
	}
	return len(value) > 2 && len(value) < 12 && value[0] == '{' && value[1] == '(' && value[len(value)-1] == ')' && lex.WordEnd(value, 2) == len(value)-1
}

// ownCall reports whether code is one call of a function that browsers do not have, with
// plain arguments: go(3), {() => setOpen(!open)}.
func ownCall(code []byte) bool {
	code = bytes.TrimSuffix(code, []byte(";"))
	if rest, ok := bytes.CutPrefix(code, []byte("{() => ")); ok {
		code = bytes.TrimSuffix(rest, []byte("}"))
	}
	paren := bytes.IndexByte(code, '(')
	if paren < 2 || code[len(code)-1] != ')' || bytes.IndexByte(code[paren+1:], '(') >= 0 {
		return false
	}
	name := code[:paren]
	for _, c := range name {
		if point.ClassOf[c]&(point.Alpha|point.Digit) == 0 {
			return false
		}
	}
	if f := lower(name); f.n == 0 || sinkWeight(f.text(), name) > 0 || known(f.text()) || f.text() == "setattribute" {
		return false
	}
	for _, w := range [...]string{"document", "window", "cookie", "location", "alert", "eval", "script", "constructor", "//", "&", "this["} {
		if lex.Contains(code[paren:], w) {
			return false
		}
	}
	return len(code)-paren > 2 // xss() is what testers write
}

// known are functions of browsers with which attacks go on, and names that testers give.
func known(name string) bool {
	switch name {
	case "open", "write", "writeln", "print", "find", "stop", "focus", "blur", "close", "moveto", "scrollto", "atob", "btoa", "unescape", "decodeuri", "decodeuricomponent", "msgbox", "navigate", "postmessage", "requestanimationframe",
		"queuemicrotask", "createelement", "insertadjacenthtml", "sethtmlunsafe", "addeventlistener", "attachshadow", "jquery", "xss", "pwn", "poc", "hack", "test", "foo", "x", "a", "f", "javascript", "execcommand", "expression":
		return true
	}
	return len(name) < 2
}

// forced reports whether a handler that calls a function with a number, or with nothing, fires by
// itself, as scanners that look for their own function's call make it: a drawing that is loaded, a
// picture whose source is none, a field that takes the focus. The code of pages gets the element or
// the event, and waits for people.
func forced(element, event string, before, behind, code []byte) bool {
	paren := bytes.IndexByte(code, '(')
	if paren < 0 || len(bytes.Trim(code[paren:], "()0123456789; ")) > 0 {
		return false
	}
	before, behind = before[max(0, len(before)-maxTag):], behind[:min(len(behind), maxTag)]
	tag := before[bytes.LastIndexByte(before, '<')+1:]
	if end := bytes.IndexByte(behind, '>'); end >= 0 {
		behind = behind[:end]
	}
	switch event {
	case "onload":
		return element == "svg"
	case "onerror":
		return sourceless(tag) || sourceless(behind)
	case "onfocus":
		return lex.Contains(tag, "autofocus") || lex.Contains(behind, "autofocus")
	case "ontoggle":
		return element == "details"
	case "onstart", "onbegin", "onfinish":
		return true
	}
	return false
}

// sourceless reports whether attributes name a source that is no address of anything: src=x
func sourceless(attributes []byte) bool {
	source := find(attributes, 0, "src")
	return source != nil && len(source) < 8 && !bytes.ContainsAny(source, "./{:")
}
