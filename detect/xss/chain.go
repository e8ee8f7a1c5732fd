package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// wanted are members of the page and the window that attacks reach for.
func wanted(name string) bool {
	switch name {
	case "cookie", "domain", "write", "writeln", "location", "localstorage", "sessionstorage", "alert", "eval", "prompt", "confirm", "function", "fetch", "import", "atob", "constructor", "innerhtml", "outerhtml",
		"documentelement", "defaultview", "document", "createelement", "settimeout", "setinterval", "execscript", "appendchild", "sendbeacon", "insertadjacenthtml", "contentwindow", "opener", "postmessage", "open", "onerror", "href", "assign", "replace", "referrer", "url", "name", "body", "forms":
		return true
	}
	return false
}

// plainly are members that no program names by a string, where the object is no other language's.
func plainly(object, name string) bool {
	if !plainObject(object) {
		return false
	}
	switch name {
	case "cookie", "alert", "eval", "prompt", "confirm", "write", "domain", "document", "execscript", "innerhtml", "outerhtml":
		return true
	}
	return false
}

// plainObject reports whether no other language has a name for something of its own, by whose members
// programs step with strings.
func plainObject(object string) bool {
	switch object {
	case "this", "self", "content", "parent", "reflect":
		return false
	}
	return true
}

// disguised reports whether a member behind the global object that ends at the position is named
// in a way that keeps its name from being read: document/**/.cookie, (document)['cookie'],
// self['\x61lert'].
func (r *reader) disguised(object string, start int) bool {
	i, around := r.pos, false
	outside := start
	for first := start; i < len(r.data) && first > 0; i++ { // (document)
		first = len(bytes.TrimRight(r.data[:first], " ")) - 1
		end, _ := lex.Gap(r.data, i)
		if first < 0 || r.data[first] != '(' || end >= len(r.data) || r.data[end] != ')' {
			break
		}
		i, around, outside = end, true, first
	}
	if outside > 0 && isName(r.data[outside-1]) { // $(document)
		around = false
	}
	hidden := false
	for range maxSteps {
		s, ok := lex.MemberAt(r.data, i)
		if !ok {
			return false
		}
		hidden = hidden || s.Hidden
		name := string(s.Name())
		switch {
		case s.Escaped, hidden && wanted(name), s.Computed && (plainly(object, name) || around && wanted(name)), around && object == "document" && (name == "cookie" || name == "domain" || name == "write"):
			r.tally.Add(&hiddenMember, start, s.End-start)
			return true
		}
		i = s.End
	}
	return false
}

// computed reports whether a member that is called is named by a string in the brackets at the
// position, though its name is a sink's: event.view['alert'](1)
func (r *reader) computed(start int) bool {
	s, ok := lex.MemberAt(r.data, r.pos)
	if !ok {
		return false
	}
	name := string(s.Name())
	switch weight := sinkWeight(name, s.Name()); {
	case name == "constructor":
		next, more := lex.MemberAt(r.data, s.End)
		if !more || string(next.Name()) != "constructor" && string(next.Name()) != "prototype" {
			return false
		}
	case !s.Escaped && (weight < 8 || !r.ofWindow()), !calls(r.data, s.End):
		return false
	case s.Escaped && weight == 0 && !wanted(name):
		return false
	}
	r.tally.Add(&hiddenMember, start, s.End-start)
	return true
}

// ofWindow reports whether what stands in front of the position can be a window: the result of
// something, or a member by which windows are reached.
func (r *reader) ofWindow() bool {
	before := bytes.TrimRight(r.data[:r.pos], " \t\r\n?.")
	return len(before) > 0 && (before[len(before)-1] == ')' || before[len(before)-1] == ']') || lex.SuffixLength(before, []string{".view", "defaultview", "contentwindow", ".window", ".self", ".top", ".parent", ".opener"}) > 0
}

// calls reports whether a call begins behind an index.
func calls(data []byte, i int) bool {
	i, _ = lex.Gap(data, i)
	return i < len(data) && (data[i] == '(' || data[i] == '`')
}

// reaches reports whether a short value without a call names what no other has a reason to: the
// page's cookie behind a quote, a comment in front of a member, a constructor's constructor.
func reaches(v *point.Value) bool {
	switch {
	case v.Classes&point.Dot != 0 && v.Classes&^(point.Alpha|point.Digit|point.Dot|point.Mark|point.Space|point.Bracket) == 0:
		return v.Classes&point.Space == 0 && (lex.Contains(v.Data, "constructor") || clicked(v.Data))
	case v.Classes&(point.Slash|point.Star) == point.Slash|point.Star, v.Classes&(point.Slash|point.Newline|point.Dot) == point.Slash|point.Newline|point.Dot, v.Classes&(point.Quote|point.Plus|point.Dot) == point.Quote|point.Plus|point.Dot,
		v.Classes&(point.Dollar|point.Brace|point.Dot) == point.Dollar|point.Brace|point.Dot, v.Classes&(point.Bracket|point.Brace|point.Colon|point.Dot) == point.Bracket|point.Brace|point.Colon|point.Dot, v.Classes&(point.Bracket|point.Quote) == point.Bracket|point.Quote:
		return names(v.Data)
	case v.Classes&(point.Backslash|point.Dot) == point.Backslash|point.Dot:
		return names(v.Data)
	case v.Classes&(point.Brace|point.Colon) == point.Brace|point.Colon:
		return coerces(v.Data)
	case v.Classes&(point.Equal|point.Alpha) == point.Equal|point.Alpha:
		return handsOver(v.Data)
	}
	return false
}

// clicked reports whether a value is nothing but the path to what presses a button or sends a form
// of the page, which a callback's name can be: opener.document.body.firstElementChild.click
func clicked(data []byte) bool {
	if lex.SuffixLength(data, []string{".click", ".submit"}) == 0 || len(bytes.Trim(data, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]")) > 0 {
		return false
	}
	for range maxSteps {
		n := lex.PrefixLength(data, []string{"opener.", "parent.", "top.", "window.", "self."})
		if n == 0 {
			break
		}
		data = data[n:]
	}
	return lex.HasPrefix(data, "document.")
}

// names reports whether a value names an object of the page.
func names(data []byte) bool {
	return objects.In(data)
}

var objects = lex.NewList("document", "window", "self[", "globalthis", "constructor", "localstorage", "location", "symbol.")

// handsOver reports whether a sink, or what an attacker's page has set, is assigned: onload=alert,
// location=name
func handsOver(data []byte) bool {
	for range maxSteps {
		i := bytes.IndexByte(data, '=')
		if i < 3 {
			return false
		}
		left, right := data[:i], data[i+1:]
		end := lex.WordEnd(right, 0)
		switch {
		case end == 0:
		case lex.OneOf(right[:end], "name", "url", "location", "window"):
			if (end == len(right) || right[end] != '&') && lex.SuffixLength(left, []string{"location", ".href", "html"}) > 0 {
				return true
			}
		case (end == len(right) && bytes.IndexByte(left, '.') > 0 || end < len(right) && (right[end] == ';' || right[end] == ',')) && sinkWeight(string(right[:min(end, 8)]), right) == 8 && isHook(left):
			return true
		}
		data = right
	}
	return false
}
