package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// maxAlias bounds the code in which a sink is looked for that is called by another name.
const maxAlias = 160

// aliased reports whether the sink from start to the position is a part of an expression without a
// blank that calls what it comes to: (0||alert)(1), [alert].pop()(1), ({a:alert}).a(1),
// (a=>a(1))(alert), var{alert:a}=window;a(1)
func (r *reader) aliased(start int) bool {
	code := r.data[r.from:]
	if len(code) > maxAlias || start == 0 || r.pos == len(r.data) {
		return false
	}
	before, next := r.data[start-1], r.data[r.pos:]
	if bytes.IndexByte([]byte("([{,:=|&?>"), before) < 0 || bytes.Contains(code, []byte("(?")) || bytes.IndexByte(code, '\\') >= 0 {
		return false
	}
	if next[0] == ':' && before != '?' {
		return (before == '{' || before == ',') && renames(code)
	}
	joined := bytes.HasPrefix(next, []byte("||")) || bytes.HasPrefix(next, []byte("&&"))
	if !joined && bytes.IndexByte([]byte(")]},;:"), next[0]) < 0 || (before == '|' || before == '&') && (start < 2 || r.data[start-2] != before) || before == '[' && bytes.HasPrefix(next, []byte("](")) {
		return false
	}
	rest := bytes.TrimRight(next, ")]};")
	behind := len(rest) > 0 && callsResult(rest)
	return bytes.IndexByte(bytes.TrimSpace(code), ' ') < 0 && (behind || bytes.HasSuffix(r.data[:start], []byte(")(")) && bytes.Contains(r.before(start), []byte("=>")) || bytes.HasSuffix(r.data[:start], []byte("})(")))
}

// callsResult reports whether what an expression comes to is called with a constant, or each member of
// an array in a function that is given it: )(1 pop()(1 map(f=>f(1
func callsResult(rest []byte) bool {
	if bytes.Contains(rest, []byte("=>")) {
		return true
	}
	for _, w := range [...]string{")(", "]("} {
		i := bytes.Index(rest, []byte(w))
		if i < 0 {
			continue
		}
		argument := rest[i+len(w):]
		if len(argument) == 0 || lex.Digit(argument[0]) || bytes.IndexByte([]byte(")`'\"/"), argument[0]) >= 0 || bytes.HasPrefix(argument, []byte("document")) {
			return true
		}
	}
	i := bytes.LastIndexByte(rest, '(')
	return i > 1 && lex.Word(rest[i-1]) && i+1 < len(rest) && lex.Digit(rest[i+1])
}

// renames reports whether a member of the window gets another name: {alert:a}=window
func renames(code []byte) bool {
	at, _ := renaming.First(code)
	return at > 0
}

var renaming = lex.NewList("}=window", "}=self", "}=top", "}=globalthis", "}=this", "}=parent", "})(window", "})(self", "})(top", "})(this", "(window)", "(self)", "(globalthis)")

// globals are the window under its names, as an argument.
var globals = []string{"(window", "(self", "(top", "(globalthis", "(this", "(parent", "(frames"}

// lookedUp reports whether a member of the window is looked up by its name in a string, or by its place,
// so that it can be called: Reflect.get(window,'alert'), Object.values(window)[7](1)
func (r *reader) lookedUp(name string, start int, next []byte) bool {
	switch name {
	case "get", "getownpropertydescriptor", "entries", "values", "keys", "ownkeys", "getownpropertynames":
	default:
		return false
	}
	if lex.SuffixLength(r.data[:start], []string{"reflect.", "object."}) == 0 || lex.PrefixLength(next, globals) == 0 {
		return false
	}
	rest := next[:min(len(next), maxAlias)]
	at, _ := spelledSinks.First(rest)
	if at < 0 && !bytes.Contains(rest, []byte("](")) {
		return false
	}
	r.tally.Add(&computedCall, start, r.pos-start)
	return true
}

var spelledSinks = lex.NewList("'alert", "\"alert", "`alert", "'eval", "\"eval", "`eval", "'al'", "\"al\"", "confirm", "prompt", "/^al", "/ale")

// schemed reports whether the string at the position is a script URL that is assigned, or handed over,
// and notes where its code stands.
func (r *reader) schemed(quote byte) bool {
	rest := r.data[r.pos+1:]
	before := bytes.TrimRight(r.data[:r.pos], " ")
	if !lex.HasPrefix(rest, "javascript:") || len(before) < 2 {
		return false
	}
	last := before[len(before)-1]
	name := bytes.TrimRight(before[:len(before)-1], " ")
	if len(name) == 0 || !isName(name[len(name)-1]) || last != '=' && last != '(' && lex.SuffixLength(before, []string{"{href:", "{src:", "{action:"}) == 0 {
		return false
	}
	code := rest[len("javascript:"):]
	if end := bytes.IndexByte(code, quote); end >= 0 {
		code = code[:end]
	}
	if last == '=' && bytes.IndexByte(before, '.') < 0 || idle(code) || !runs(code) {
		return false
	}
	r.target = r.pos + 1 + len("javascript:")
	r.targetEnd = r.target + len(code)
	return true
}
