package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// roots are objects of Node and its kin behind which the path to a program begins.
var roots = lex.NewList("process", "globalthis", "global", "module", "require", "deno", "bun", "this", "root")

// hiddenPaths are the beginnings of such paths that nobody spells with strings, comments or escapes for
// another reason.
var hiddenPaths = []string{
	"process.binding", "process.mainmodule", "process.exit(", "process.kill(", "process.abort(", "process.dlopen(", "process._linkedbinding", "process.getbuiltinmodule", "process.constructor", "global.process", "globalthis.process", "global.require", "globalthis.require", "this.process.exit", "this.process.env", "this.process.mainmodule", "this.process.binding",
	"root.process.exit", "root.process.mainmodule", "module.constructor._load", "module.constructor.constructor", "module.require", "module.parent", "require.main", "require.cache", "require(", "require`", "deno.run", "deno.command", "deno.readtextfile", "bun.spawn", "bun.file",
}

// Bounds of a path: its length, and its members.
const (
	maxPath    = 96
	maxMembers = 8
	maxRoots   = 8
)

// mayHide reports whether a value has the signs of such a path.
func mayHide(v *point.Value, data []byte) bool {
	const comment, optional = point.Slash | point.Star, point.Mark | point.Dot | point.Paren
	if !roots.May(v.Pairs) {
		return false
	}
	c := v.Classes
	return c&point.Bracket != 0 && c&(point.Quote|point.Backtick) != 0 && indexesByString(data) || c&comment == comment && bytes.Contains(data, []byte("/*")) || c&(point.Backtick|point.Paren) == point.Backtick || data[0] == '(' || c&optional == optional && data[0]|0x20 == 'p'
}

// indexesByString reports whether a string or an escape stands behind an opening bracket.
func indexesByString(data []byte) bool {
	for from := 0; ; {
		i := bytes.IndexByte(data[from:], '[')
		if i < 0 {
			return false
		}
		from = lex.SkipSpace(data, from+i+1)
		if from < len(data) && (data[from] == '\'' || data[from] == '"' || data[from] == '`' || data[from] == '/') {
			return true
		}
	}
}

// tagged are modules that a template names to require.
var tagged = append([]string{"fs", "net", "http", "https", "dns"}, required...)

// chained weighs members of such objects whose names strings in brackets, comments or escapes hold
// apart: process['binding']('fs'), process/**/.exit(), (require)('fs').
func chained(data []byte, best *evidence.Tally) {
	for from, n := 0, 0; n < maxRoots; n++ {
		at, root := roots.First(data[from:])
		if at < 0 {
			return
		}
		at += from
		from = at + len(root)
		if at > 0 && (lex.Word(data[at-1]) || data[at-1] == '$') || from < len(data) && lex.Word(data[from]) {
			continue
		}
		if end := hiddenPath(data, at, from); end > 0 || root == "require" && mapped(data, at, from) {
			var t evidence.Tally
			t.Reset(attack.RCE, evidence.Code)
			t.Add(&codeCall, at, max(end, from)-at)
			if document(data) || lex.Prose(data[max(0, at-window):at]) {
				t.Cap(5)
			}
			keep(&t, best)
			return
		}
	}
}

// hiddenPath returns the index behind a path of which part is hidden and that leads to a program, 0
// if the one from at on does not.
func hiddenPath(data []byte, at, end int) int {
	var buf [maxPath]byte
	path := append(buf[:0], data[at:end]...)
	before := bytes.TrimRight(data[:at], " ")
	odd, escaped := false, false
	if i, _ := lex.Gap(data, end); len(before) > 0 && (before[len(before)-1] == '(' || bytes.HasSuffix(before, []byte("(0,"))) && i < len(data) && data[i] == ')' { // (process).exit()
		odd, end = true, i+1
	}
	for range maxMembers {
		m, ok := lex.MemberAt(data, end)
		if !ok || len(path)+1+len(m.Name()) > len(buf) {
			break
		}
		odd = odd || m.Computed || m.Hidden || at == 0 && data[end] == '?'
		escaped = escaped || m.Escaped || m.Hidden
		path = append(append(path, '.'), m.Name()...)
		end = m.End
	}
	next, comment := lex.Gap(data, end)
	rest := bytes.TrimPrefix(data[next:], []byte("?."))
	called := len(rest) > 0 && (rest[0] == '(' || rest[0] == '`')
	if called {
		path = append(path, rest[:min(len(rest), cap(path)-len(path))]...)
		odd = odd || rest[0] == '`' || comment && len(path) > len("require")
	}
	switch {
	case !odd:
		return 0
	case lex.HasPrefix(path, "require"):
		if len(rest) < 2 && called || called && rest[0] == '(' && lex.IndexQuote(bytes.TrimLeft(rest[1:min(len(rest), 3)], " ")) != 0 {
			return 0
		}
		if called && rest[0] == '`' && !lex.OneOf(bytes.TrimPrefix(rest[1:lex.WordEnd(rest, 1)], []byte("node:")), tagged...) {
			return 0
		}
	case lex.HasPrefix(path, "process.env"):
		if escaped {
			return end
		}
		return 0
	}
	if lex.PrefixLength(path, hiddenPaths) > 0 || powerAt(path) > 0 {
		return end
	}
	return 0
}

// mapped reports whether require is handed over to be called with the names of modules in an array:
// ['fs'].map(require)
func mapped(data []byte, at, end int) bool {
	before := data[max(0, at-window):at]
	if end >= len(data) || data[end] != ')' || lex.SuffixLength(before, []string{"].map(", "].foreach(", ",", "].flatmap("}) == 0 {
		return false
	}
	i, _ := lex.First(before, []string{"['child_process", "[`child_process", "[\"child_process", "['fs", "[`fs", "[\"fs", "['os'", "['net'", "['vm'"})
	return i >= 0
}
