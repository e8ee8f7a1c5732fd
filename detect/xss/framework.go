package xss

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// directives are beginnings of attributes that hold code for a framework in the browser:
// Vue, Alpine, AngularJS, htmx, Angular, Livewire, Unpoly, Polymer, Datastar.
var directives = [...]string{"@", ":", "(", "[", "*ng", "ng:", "ng_", "v-", "x-", "ng-", "hx-", "data-ng-", "data-hx-", "data-x-", "data-on", "up-on-", "wire:", "on-", "on:", "mv-", "data-mv-", "data-dojo-", "data-star-"}

// directivesBy are the directives by their first byte.
var directivesBy = func() (by [256][]string) {
	for _, d := range directives {
		by[d[0]] = append(by[d[0]], d)
	}
	return by
}()

// directive reports whether an attribute holds code for a framework in the browser.
func directive(name string) bool {
	if len(name) < 2 || len(name) < 4 && name[0] != ':' && name[0] != '@' {
		return false
	}
	for _, d := range directivesBy[name[0]] {
		if len(name) > len(d) && name[:len(d)] == d {
			return true
		}
	}
	return name == "data-bind" || name == "data-init" || bound(name)
}

// bound reports whether Aurelia reads an attribute's value as code: style.bind
func bound(name string) bool {
	dot := strings.IndexByte(name, '.')
	if dot < 1 {
		return false
	}
	switch name[dot+1:] {
	case "bind", "one-way", "two-way", "from-view", "one-time", "delegate", "trigger", "capture", "call":
		return true
	}
	return false
}

// expressions reads what Mavo would run in the text of an element that is its: <p mv-app>[self.f(1)]
func (m *meter) expressions(data []byte, t *evidence.Tally, start int) {
	text := data[start:min(len(data), start+maxStyle)]
	for range maxSteps {
		_, rest, ok := bytes.Cut(text, []byte("["))
		if !ok {
			return
		}
		if m.texts.ask(rest, runsCode) {
			t.Add(&handler, start, len(data)-start)
			return
		}
		text = rest
	}
}

// runsCode reports whether a text is code that an attack would run.
func runsCode(text []byte) bool {
	var own evidence.Tally
	code(text, 0, 0, evidence.Code, &own)
	return own.Score() >= evidence.Threshold
}

// remotely reports whether Rails runs what a link leads to as a script: data-type=script
func remotely(data []byte, start int) bool {
	from := max(0, start-maxTag)
	tag := data[from+bytes.LastIndexByte(data[from:start], '<')+1 : min(len(data), start+maxTag)]
	return external(find(tag, nameEnd(tag, 0), "href", "action", "data-url"))
}

// hyperscript reports whether an attribute's sentence calls a sink: on load call alert(1),
// init js alert(1) end.
func hyperscript(value []byte) bool {
	begins := false
	for _, w := range [...]string{"on ", "init ", "def ", "behavior ", "install "} {
		begins = begins || lex.HasPrefix(value, w)
	}
	if !begins {
		return false
	}
	for _, w := range [...]string{"call", "js", "then", "get", "do", "set", "init"} {
		i := lex.IndexWord(value, w)
		if i < 0 {
			continue
		}
		var own evidence.Tally
		code(value[i+len(w):], 0, 0, evidence.HTMLAttr, &own)
		if own.Score() >= evidence.Threshold {
			return true
		}
	}
	return false
}

// maxClobber is how far in front of an element another with the same id is looked for.
const maxClobber = 512

// clobbers reports whether a link has a name and the id of an element in front of it, by
// which a script of the page finds its URL in a variable's place: <a id=k><a id=k name=l href=
func (r *reading) clobbers(data []byte, start, end int) bool {
	if start == 0 || !r.named.In(end, min(len(data), end+maxClobber)) {
		return false
	}
	id, name := find(data, end, "id"), find(data, end, "name")
	if len(id) == 0 || len(name) == 0 || len(id) > maxHead || !external(find(data, end, "href")) {
		return false
	}
	before := data[max(0, start-maxClobber):start]
	for {
		i := lex.Index(before, "id=")
		if i < 0 {
			return false
		}
		before = before[i+len("id="):]
		same, ok := bytes.CutPrefix(bytes.TrimLeft(before, "'\""), id)
		if ok && (len(same) == 0 || !isName(same[0])) {
			return true
		}
	}
}

// loads reports whether an attribute names what a framework puts into the page.
func loads(name string) bool {
	switch name {
	case "data-type", "hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete", "data-hx-get", "data-hx-post", "data-hx-put", "data-hx-patch", "data-hx-delete", "ng-include", "data-ng-include":
		return true
	}
	return false
}

// loaded returns what such an attribute weighs: where it leads to another host and is loaded at
// once it is as good as a script.
func (m *meter) loaded(name string, data, value []byte, start int) int8 {
	if name == "data-type" {
		if word(value, "script") && remotely(data, start) {
			return activeTag.Weight
		}
		return 0
	}
	near := data[:min(len(data), start+maxTag)]
	if name == "ng-include" || name == "data-ng-include" {
		if len(value) == 0 {
			value = find(near, start, "src")
		}
		if bytes.Contains(value, []byte("//")) || lex.Contains(value, "data:") {
			return activeTag.Weight
		}
		return 0
	}
	tag := near[bytes.LastIndexByte(near[:start], '<')+1:]
	switch atOnce := m.triggered(len(near)-len(tag), len(near)) && triggersAtOnce(tag); {
	case atOnce && (external(value) || !lex.HasSuffix([]byte(name), "hx-get")):
		return activeTag.Weight
	case external(value):
		return 5
	}
	return 0
}

// triggersAtOnce reports whether an attribute of a tag has others loaded without a click.
func triggersAtOnce(tag []byte) bool {
	trigger := find(tag, nameEnd(tag, 0), "hx-trigger", "data-hx-trigger")
	return lex.PrefixLength(trigger, []string{"load", "revealed", "intersect", "every "}) > 0
}

// triggered reports whether such an attribute's name stands between two places, of which each loading attribute of
// a tag asks. Where it stands next is looked for once.
func (m *meter) triggered(from, to int) bool {
	const name = "hx-trigger"
	t := &m.triggers
	if int(t.behind) <= from || from < int(t.from) {
		i := lex.Index(m.data[from:], name)
		if i < 0 {
			i = len(m.data) - from
		}
		*t = found{int32(from), int32(from + i + 1)}
	}
	return int(t.behind)-1+len(name) <= to
}

// expression returns the code in the value of a directive of htmx that holds some: load[code], js:code
func expression(name string, value []byte) []byte {
	name = strings.TrimPrefix(name, "data-")
	switch name {
	case "hx-trigger":
		_, code, _ := bytes.Cut(value, []byte("["))
		return code
	case "hx-vals", "hx-headers", "hx-request", "hx-vars":
		_, code, ok := bytes.Cut(value, []byte(":"))
		if lex.HasPrefix(value, "js:") && len(code) > 0 && lex.Letter(code[0]) && bytes.IndexByte(code, ':') > 0 {
			_, code, ok = bytes.Cut(code, []byte(":"))
		}
		if ok {
			return code
		}
	}
	return value
}
