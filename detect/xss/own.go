package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// maxSteps bounds the statements of a handler that are read, and the members and
// arguments of one.
const maxSteps = 8

// ownStatements reports whether a handler's code is made of what pages do to themselves
// and nothing else: steps from this to another element and a change of its looks, a call
// of the page's own function, another window with the element's own link, return false.
// Strings in it hold no scheme, no host, no markup and no entity.
func ownStatements(code []byte) bool {
	r := ownReader{rest: bytes.TrimSpace(code)}
	for range maxSteps {
		if !r.statement() {
			return false
		}
		r.blanks()
		if len(r.rest) == 0 {
			return true
		}
		if !r.take(";") {
			return false
		}
		if r.blanks(); len(r.rest) == 0 {
			return true
		}
	}
	return false
}

// ownReader reads a handler's code from its start.
type ownReader struct{ rest []byte }

func (r *ownReader) blanks() { r.rest = bytes.TrimLeft(r.rest, " \t\r\n") }

func (r *ownReader) take(text string) (ok bool) {
	r.rest, ok = bytes.CutPrefix(r.rest, []byte(text))
	return ok
}

// name takes a name, which may be empty.
func (r *ownReader) name() []byte {
	end := lex.WordEnd(r.rest, 0)
	name := r.rest[:end]
	r.rest = r.rest[end:]
	return name
}

func (r *ownReader) statement() bool {
	if !r.condition() {
		return false
	}
	r.take("return ")
	if r.take("$(") || r.take("jQuery(") {
		return r.changes()
	}
	root := r.name()
	switch {
	case lex.OneOf(root, "true", "false", "return"):
		return true
	case lex.Equal(root, "this"):
		return r.steps()
	case lex.Equal(root, "event"):
		return r.take(".preventDefault()") || r.take(".stopPropagation()") || r.limits()
	case lex.Equal(root, "window"):
		return r.take(".open(") && r.arguments() || r.take(".location") && r.leads()
	case lex.Equal(root, "location"):
		return r.leads()
	case lex.Equal(root, "navigator"):
		return r.take(".clipboard.writeText(") && r.arguments()
	case lex.Equal(root, "document"):
		return (r.take(".getElementById(") || r.take(".querySelector(")) && r.constant() && r.take(")") && r.steps()
	case lex.Equal(root, "history"):
		return r.take(".back()") || r.take(".go(-1)")
	case !ownName(root):
		return false
	case r.take("()"):
		return len(root) > 3 && !named(root)
	case r.take("("):
		return r.arguments()
	}
	return r.take(".") && ownName(r.name()) && r.take("(") && r.arguments()
}

// changes takes a selector and what is done to the looks of the elements it finds.
func (r *ownReader) changes() bool {
	if !r.take("this") && !r.constant() || !r.take(")") {
		return false
	}
	for n := range maxSteps {
		if !r.take(".") {
			return n > 0
		}
		if !lex.OneOf(r.name(), "toggle", "slidetoggle", "slideup", "slidedown", "fadein", "fadeout", "fadetoggle", "show", "hide", "addclass", "removeclass", "toggleclass", "animate", "submit", "focus", "blur", "modal", "tooltip", "collapse", "stop", "closest", "parent", "next", "prev", "find", "siblings") || !r.take("(") || !r.arguments() {
			return false
		}
	}
	return false
}

// object takes the rest of {name: 'constant', ...}.
func (r *ownReader) object() bool {
	for range maxSteps {
		if r.blanks(); r.take("}") {
			return true
		}
		if !r.constant() && len(r.name()) == 0 {
			return false
		}
		if r.blanks(); !r.take(":") {
			return false
		}
		if r.blanks(); !r.constant() {
			return false
		}
		if r.blanks(); !r.take(",") && !bytes.HasPrefix(r.rest, []byte("}")) {
			return false
		}
	}
	return false
}

// leads takes what leads the browser to another page of the same site.
func (r *ownReader) leads() bool {
	r.take(".href")
	if r.blanks(); !r.take("=") {
		return false
	}
	r.blanks()
	if r.take("this.value") || r.take("this.href") || r.take("this.options[this.selectedIndex].value") {
		return true
	}
	return len(r.rest) > 1 && (r.rest[0] == '\'' || r.rest[0] == '"') && r.constant()
}

// steps takes members of the element and what is done to the last of them.
func (r *ownReader) steps() bool {
	isStyle := false
	for range maxSteps {
		if !r.take(".") {
			return false
		}
		member := r.name()
		styled := isStyle
		isStyle = lex.Equal(member, "style")
		switch {
		case lex.OneOf(member, "parentnode", "parentelement", "nextelementsibling", "previouselementsibling", "nextsibling", "previoussibling", "firstelementchild", "form", "classlist", "style", "dataset"):
		case lex.OneOf(member, "select", "focus", "blur", "submit", "reset", "remove"):
			return r.take("()") || lex.Equal(member, "remove") && r.take("(") && r.arguments()
		case lex.OneOf(member, "toggle", "add"):
			return r.take("(") && r.arguments()
		case lex.OneOf(member, "display", "visibility", "opacity", "color", "value", "checked", "disabled", "hidden", "classname"):
			r.blanks()
			if !r.take("=") {
				return false
			}
			r.blanks()
			return r.constant() || r.take("this.value.toUpperCase()") || r.take("this.value.toLowerCase()") || r.take("this.value.trim()")
		case styled:
			if r.blanks(); !r.take("=") {
				return false
			}
			r.blanks()
			return r.constant()
		default:
			return false
		}
	}
	return false
}

// arguments takes plain arguments and the parenthesis behind them.
func (r *ownReader) arguments() bool {
	for range maxSteps {
		if r.blanks(); r.take(")") {
			return true
		}
		r.take("!")
		if !r.constant() && (!r.take("{") || !r.object()) {
			name := r.name()
			switch {
			case lex.Equal(name, "this"):
				_ = r.take(".dataset.") && len(r.name()) > 0 || r.take(".href") || r.take(".value") || r.take(".checked") || r.take(".form") || r.take(".id")
			case !lex.Equal(name, "event") && !ownName(name):
				return false
			}
		}
		if r.blanks(); !r.take(",") && !bytes.HasPrefix(r.rest, []byte(")")) {
			return false
		}
	}
	return false
}

// constant takes a number, a truth value or a plain string.
func (r *ownReader) constant() bool {
	if len(r.rest) == 0 {
		return false
	}
	if quote := r.rest[0]; quote == '\'' || quote == '"' {
		end := bytes.IndexByte(r.rest[1:], quote)
		if end < 0 || bytes.ContainsAny(r.rest[1:1+end], "<>&:\\`(") || bytes.Contains(r.rest[1:1+end], []byte("//")) {
			return false
		}
		r.rest = r.rest[end+2:]
		return true
	}
	before := *r
	if word := r.name(); len(word) > 0 && (lex.Digit(word[0]) || lex.OneOf(word, "true", "false", "null")) {
		return true
	}
	*r = before
	return false
}

// ownName reports whether a name can be one of the page's own: no sink, no object or
// function of browsers.
func ownName(name []byte) bool {
	f := lower(name)
	if f.n < 1 || lex.Digit(name[0]) || sinkWeight(f.text(), name) > 0 || f.n > 1 && known(f.text()) {
		return false
	}
	switch f.text() {
	case "window", "self", "top", "parent", "frames", "globalthis", "document", "location", "navigator", "opener", "reflect", "content", "this", "event", "constructor", "call", "apply", "bind", "cookie", "localstorage", "sessionstorage",
		"jquery", "angular", "html", "append", "prepend", "globaleval", "load", "innerhtml", "outerhtml", "showmodaldialog", "navigation", "history", "url", "worker", "image", "object", "array", "string", "function", "script", "domain", "name", "origin":
		return false
	}
	return true
}

// named reports whether a function's name is one that testers give theirs.
func named(name []byte) bool {
	for _, w := range [...]string{"xss", "pwn", "hack", "evil", "payload", "attack", "exploit", "test", "poc", "malicious", "steal", "inject"} {
		if lex.Contains(name, w) {
			return true
		}
	}
	return false
}
