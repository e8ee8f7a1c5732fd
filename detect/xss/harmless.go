package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// harmless reports whether a handler's value is what pages write and attacks cannot use:
// one call of a function of the page's own, or of a member of the element, with plain
// arguments, or a question before something is done.
func harmless(value []byte) bool {
	value = bytes.TrimSpace(value)
	asks := false
	if rest, ok := bytes.CutPrefix(value, []byte("return ")); ok {
		value, asks = bytes.TrimSpace(rest), true
		if string(bytes.TrimRight(value, ";")) == "false" {
			return true
		}
	}
	root, rest := member(value)
	if root == nil || !asks && reaches(root) || asks && reaches(root) && !lex.Equal(root, "confirm") {
		return false
	}
	if lex.Equal(root, "this") && len(rest) > 0 && rest[0] == '=' { // this.src='fallback.png'
		return plainText(bytes.TrimRight(bytes.TrimLeft(rest, "= "), "; "))
	}
	if len(rest) < 2 || rest[0] != '(' {
		return false
	}
	end := bytes.IndexByte(rest, ')')
	return end > 0 && plainArguments(rest[1:end]) && len(bytes.Trim(rest[end+1:], "; ")) == 0
}

// member reads a name and its members, this.a.b, and returns the first name and what
// follows them; nil if one of the members is a way out of the element.
func member(code []byte) (root, rest []byte) {
	for first := true; ; first = false {
		n := lex.WordEnd(code, 0)
		if n == 0 || !first && reaches(code[:n]) {
			return nil, nil
		}
		if first {
			root = code[:n]
		}
		if n == len(code) || code[n] != '.' {
			return root, code[n:]
		}
		code = code[n+1:]
	}
}

// reaches reports whether a name leads to the page, to the network or to code.
func reaches(name []byte) bool {
	f := lower(name)
	switch text := f.text(); text {
	case "window", "document", "self", "top", "parent", "frames", "globalthis", "location", "navigator", "opener", "history", "open", "close", "stop", "print", "import", "function", "constructor",
		"ownerdocument", "defaultview", "contentwindow", "contentdocument", "innerhtml", "outerhtml", "insertadjacenthtml", "srcdoc", "write", "writeln", "cookie", "setattribute", "settimeout", "setinterval", "setimmediate",
		"atob", "btoa", "postmessage", "xmlhttprequest", "image", "worker", "reflect", "object", "array", "apply", "call", "bind", "map", "__proto__", "foreach", "href", "action", "formaction", "getscript", "throw", "with", "new", "var", "let",
		"fetch", "eval", "alert", "prompt", "confirm", "console", "debugger", "void", "typeof", "delete":
		return true
	default:
		return text == "" || name[0] == '_' || lex.Contains(name, "eval") || lex.Contains(name, "xss") || len(name) < 2
	}
}

// plainArguments reports whether arguments are words, numbers and strings without code.
func plainArguments(b []byte) bool {
	return point.Classify(b)&^(point.Alpha|point.Digit|point.Space|point.Dot|point.Dash|point.Plus|point.Quote|point.Mark|point.Slash|point.Dollar|point.Brace|point.HashAt) == 0 &&
		!bytes.Contains(b, []byte("//")) && !lex.Contains(b, "document") && !lex.Contains(b, "location") && !lex.Contains(b, "alert")
}

// plainText reports whether b is a string that names a file or a word.
func plainText(b []byte) bool {
	n := len(b)
	return n > 1 && (b[0] == '\'' || b[0] == '"') && b[n-1] == b[0] && point.Classify(b[1:n-1])&^(point.Alpha|point.Digit|point.Dash|point.Dot|point.Slash) == 0 && !bytes.Contains(b, []byte("//"))
}

// component reports whether an attribute holds a function or a name in braces, as the
// source of components for the browser does: {() => save(1)}, {this.open}. As a handler
// it would do nothing: nobody calls the function.
func component(value []byte) bool {
	rest, ok := bytes.CutPrefix(value, []byte("{"))
	if !ok {
		return false
	}
	if bytes.HasPrefix(rest, []byte("()")) {
		rest = bytes.TrimLeft(rest[2:], " ")
		return len(rest) == 0 || rest[0] == '='
	}
	for i, c := range rest {
		if c == '}' {
			return i > 0
		}
		if point.ClassOf[c]&(point.Alpha|point.Digit|point.Dot) == 0 {
			return c == ' ' && i > 0 && bytes.HasPrefix(rest[i+1:], []byte("=>"))
		}
	}
	return len(rest) > 0 && len(rest) < 12 // e => cut at the blank
}
