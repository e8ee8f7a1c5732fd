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
	{".body.outerhtml", 8},
	{".documentelement.innerhtml", 8},
	{".documentelement.outerhtml", 8},
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
	{".serviceworker.register", 6},
	{".forms", 5},
	{".vulnerable", 8},
}

// reachesPage reports whether the members that follow an object lead to the page or to its address.
func reachesPage(next []byte) bool {
	return pageMembers.In(next[:min(len(next), maxHead)])
}

var pageMembers = lex.NewList("location", "href", "write", "innerhtml", "cookie")

// global weighs the use of a global object.
func (r *reader) global(text string, start int, next []byte) bool {
	if len(next) < 2 {
		return false
	}
	if r.disguised(text, start) {
		return true
	}
	switch {
	case next[0] == '[' && text != "content":
		end := closing(next, 0)
		if text == "this" && end > 2 && ownKey(r.data[:start], next[1:end]) {
			return false
		}
		if s, ok := lex.MemberAt(r.data, r.pos); ok && !s.Escaped && !plainObject(text) && !calls(r.data, s.End) && !reachesPage(next) {
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
		for _, m := range [...]string{".href=", ".href =", ".assign(", ".replace(", ".assign`", ".replace`"} {
			if lex.Contains(next[:min(len(next), len(m))], m) {
				r.location(start, bytes.TrimLeft(next[len(m)-1:], "=("))
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
		if end := len(m.name); end < len(next) && (next[end] == '_' || isName(next[end]) && lex.OneOf([]byte(m.name), ".domain", ".location", ".name", ".alert", ".eval", ".prompt")) {
			continue // of another name's beginning
		}
		tail := trim(next[len(m.name):])
		if m.name == ".cookie" && !r.broken && settles(tail) {
			r.tally.AddWeight(&domAccess, 7, start, r.pos-start+len(m.name))
			return
		}
		if m.name == ".forms" && postsAway(tail) || m.name == ".cookie" && r.handedOut(start) {
			r.tally.Add(&domWrite, start, r.pos-start+len(m.name))
			return
		}
		if m.name == ".write" && len(tail) == 0 {
			return // named, as in a list, and not called
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
	i, _ := lex.Gap(target, 0)
	target = target[i:]
	if len(target) == 0 {
		return
	}
	switch c := target[0]; {
	case scriptScheme(bytes.Trim(target, "'\"` ")) != noScheme:
		r.tally.AddWeight(&domAccess, 8, start, r.pos-start)
	case (c == '\'' || c == '"' || c == '`') && steals(target):
		r.tally.AddWeight(&domAccess, 8, start, r.pos-start)
	case isSource(target) && (r.data[r.pos] == '.' || bytes.IndexByte(target, '.') > 0 || bytes.IndexByte(target, ';') >= 0 || r.ofPage(start)):
		r.tally.AddWeight(&domAccess, 8, start, r.pos-start)
	case c == '\'' || c == '"' || c == '`', bytes.HasPrefix(target, []byte("name")), bytes.HasPrefix(target, []byte("atob")), bytes.HasPrefix(target, []byte("document")):
		r.tally.AddWeight(&domAccess, 7, start, r.pos-start)
	case bytes.IndexByte(target, '(') > 0 && start > 0 && bytes.IndexByte([]byte("(;,{>="), r.data[start-1]) >= 0:
		r.effect(start)
	}
}

// isSource reports whether a value is what an attacker's page or link has set.
func isSource(value []byte) bool {
	i := lex.SkipSpace(value, 0)
	end := lex.WordEnd(value, i)
	switch string(value[i:min(end, i+16)]) {
	case "name", "URL", "documentURI", "baseURI":
		return true
	case "location", "window", "self", "top", "document":
		s, ok := lex.MemberAt(value, end)
		return ok && lex.OneOf(s.Name(), "hash", "search", "name", "url", "documenturi", "referrer")
	}
	return false
}

// ofPage reports whether the name at start is a member of a global object: top.location
func (r *reader) ofPage(start int) bool { return start > 1 && r.data[start-1] == '.' }

// steals reports whether a string is joined with what the page keeps to itself:
// '//h.example/?'+document.cookie
func steals(target []byte) bool {
	target = target[:min(len(target), 2*maxHead)]
	joint := bytes.IndexAny(target, "+$")
	return joint > 0 && (lex.Contains(target[joint:], ".cookie") || lex.Contains(target[joint:], "localstorage") || lex.Contains(target[joint:], "sessionstorage"))
}

// postsAway reports whether a form is given another host to be sent to: [0].action='//h.example'
func postsAway(tail []byte) bool {
	i := lex.Index(tail[:min(len(tail), maxHead)], "action")
	if i < 0 {
		return false
	}
	return assignsAway(tail[i+len("action"):])
}

// assignsAway reports whether a string with another host's address is assigned.
func assignsAway(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " =")
	return len(rest) > 1 && (lex.IndexQuote(rest[:1]) == 0 || rest[0] == '`') && external(rest[1:])
}

// handedOut reports whether the object at start is the argument of a function that sends or
// encodes what it is given.
func (r *reader) handedOut(start int) bool {
	return lex.SuffixLength(r.before(start), []string{"postmessage(", "send(", "open(", "btoa(", "escape(", "encodeuricomponent(", "fetch(", "alert(", "sendbeacon(", "location.search=", "location.hash=", ".src="}) > 0
}

// loadsScript weighs an element that is created to be a script, with another host's source.
func (r *reader) loadsScript(start int, next []byte) bool {
	name := bytes.TrimLeft(next, "( ")
	if len(next) == 0 || next[0] != '(' || len(name) < 9 || lex.IndexQuote(name[:1]) != 0 && name[0] != '`' || !lex.HasPrefix(name[1:], "script") {
		return false
	}
	rest := name[:min(len(name), 2*maxHead)]
	if i, member := scriptMembers.First(rest); i > 0 && (member != "{src:" || assignsAway(rest[i+len(member):])) {
		r.tally.Add(&domWrite, start, r.pos-start)
		return true
	}
	src := lex.Index(rest, ".src")
	if text := lex.Index(rest, ".text"); text > 0 && bytes.IndexByte(rest[text:], '=') > 0 && codeLike(rest[text+len(".text"):]) && bytes.IndexByte(rest[text:], '(') > 0 && r.data[0] != 'v' {
		r.tally.Add(&domWrite, start, r.pos-start)
		return true
	}
	if src < 0 || bytes.IndexByte(rest[:src], '\n') >= 0 || !assignsAway(rest[src+len(".src"):]) {
		return false
	}
	r.tally.Add(&domWrite, start, r.pos-start)
	return true
}

// scriptMembers are what such an element can be given as it is created.
var scriptMembers = lex.NewList("{src:", "{textcontent:", "{text:", "{innerhtml:")
