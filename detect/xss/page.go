package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

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
