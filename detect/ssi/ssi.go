// Package ssi finds directives of server-side includes and of edge-side includes.
//
// <!--#exec cmd="id" --> and <esi:include src="…"/> are executed by whatever serves
// the page they are stored in. A plain comment is none, nor is a directive that a
// text speaks about.
package ssi

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue = point.MaxRead
	maxTags  = 4 << 10
)

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	command  = evidence.Sign{Stamp: 14001, Name: "include-command", Text: "a directive of server-side includes with its argument", Weight: 9}
	variable = evidence.Sign{Stamp: 14002, Name: "include-print", Text: "a directive of server-side includes that prints or branches", Weight: 8}
	edge     = evidence.Sign{Stamp: 14003, Name: "edge-include", Text: "an element of edge-side includes", Weight: 8}
	edgeMark = evidence.Sign{Stamp: 14004, Name: "edge-comment", Text: "a comment that edge-side includes execute", Weight: 8}
	edgeVar  = evidence.Sign{Stamp: 14005, Name: "edge-variable", Text: "a variable of edge-side includes", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{command, variable, edge, edgeMark, edgeVar}

// Gate reports whether a value can hold a directive.
func Gate(v *point.Value) bool {
	if len(v.Data) < 8 || v.Kind == point.Number {
		return false
	}
	return v.Classes&(point.Dollar|point.Paren|point.Quote) == point.Dollar|point.Paren|point.Quote && lex.IndexPaired(v.Pairs, v.Data, "$add_header(") >= 0 ||
		v.Classes&(point.Less|point.HashAt|point.Mark) == point.Less|point.HashAt|point.Mark ||
		v.Classes&(point.Less|point.Colon) == point.Less|point.Colon ||
		v.Classes&(point.Less|point.Mark|point.Dash) == point.Less|point.Mark|point.Dash ||
		v.Classes&(point.Dollar|point.Paren|point.Brace) == point.Dollar|point.Paren|point.Brace
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	best.Reset(attack.SSI, evidence.Markup)
	data := v.Data[:min(len(v.Data), maxValue)]
	first := -1
	if v.Pairs.May("<!-") || v.Pairs.May("<esi:") {
		first = tags(data, best)
	}
	edgeVariables(data, v, best)
	if first > 0 && !executes(data, first) && lex.Shown(data, first, tagEnd(data, first)) {
		best.Cap(evidence.Threshold - 1) // shown in a text
	}
}

// tags reads what each < begins and returns where the first directive does, -1 if there is none.
func tags(data []byte, best *evidence.Tally) (first int) {
	first = -1
	for i, n := 0, 0; n < maxTags; n++ {
		next := bytes.IndexByte(data[i:], '<')
		if next < 0 {
			return first
		}
		if i += next; i+1 < len(data) && data[i+1] != '!' && data[i+1]|0x20 != 'e' { // of which no directive begins
			n--
		} else if tag(data, i, best) && first < 0 {
			first = i
		}
		i++
	}
	return first
}

// executes reports whether a directive runs a command outside of a span of code.
func executes(data []byte, i int) bool {
	name := bytes.TrimLeft(data[i:min(len(data), i+maxOpening)], "<!- #")
	if !lex.HasPrefix(name, "exec ") {
		return false
	}
	before := data[max(0, i-maxBefore):i]
	if bytes.Count(before, []byte("`"))%2 == 1 {
		return false
	}
	for _, span := range [...]string{"code>", "pre>", "code]"} {
		if at := lex.Index(before, span); at > 0 && before[at-1] != '/' {
			return false
		}
	}
	return true
}

// Bounds of what is looked at around a directive's opening.
const (
	maxOpening = 16
	maxBefore  = 256
)

// tagEnd returns the index behind the tag that begins at i.
func tagEnd(data []byte, i int) int {
	if n := bytes.IndexByte(data[i:], '>'); n >= 0 {
		return i + n + 1
	}
	return len(data)
}

// tag reads what begins with a < and reports whether it is a directive.
func tag(data []byte, i int, t *evidence.Tally) bool {
	rest := data[i:]
	switch {
	case lex.HasPrefix(rest, "<!--#"):
		return directive(data, i, i+5, t)
	case lex.HasPrefix(rest, "<!-#"): // which lenient servers take for the other
		return directive(data, i, i+4, t)
	case lex.HasPrefix(rest, "<!-- #"):
		return directive(data, i, i+6, t)
	case lex.HasPrefix(rest, "<!--esi"):
		t.Add(&edgeMark, i, 7)
		return true
	case lex.HasPrefix(rest, "<esi:"):
		return edgeElement(data, i, t)
	}
	return false
}

// directive reads a command and whether an argument follows.
func directive(data []byte, start, i int, t *evidence.Tally) bool {
	i = lex.SkipSpace(data, i)
	end := lex.WordEnd(data, i)
	word := data[i:end]
	argument := lex.SkipSpace(data, end)
	rest := data[argument:min(len(data), argument+maxBefore)]
	for _, w := range [...]string{"exec", "include", "config", "echo", "set", "fsize", "flastmod", "if", "elif", "email", "odbc", "perl", "block", "wait", "stub"} {
		if lex.Equal(word, w) && (bytes.IndexByte(rest, '=') > 0 || named(data, argument)) {
			t.Add(&command, start, end-start)
			return true
		}
	}
	if lex.Equal(word, "printenv") || lex.Equal(word, "exec") || lex.Equal(word, "endif") || lex.Equal(word, "else") {
		t.Add(&variable, start, end-start)
		return true
	}
	return false
}

// named reports whether an argument has a name and an equals sign, however many blanks are between them.
func named(data []byte, i int) bool {
	end := lex.WordEnd(data, i)
	i = lex.SkipSpace(data, end)
	return i < len(data) && data[i] == '='
}

// edgeElement reads <esi:name.
func edgeElement(data []byte, start int, t *evidence.Tally) bool {
	i := start + len("<esi:")
	end := lex.WordEnd(data, i)
	for _, w := range [...]string{"include", "inline", "vars", "remove", "try", "choose", "when", "debug", "assign", "function", "eval", "comment", "foreach", "text", "attempt", "except", "otherwise", "break", "return"} {
		if lex.Equal(data[i:end], w) {
			t.Add(&edge, start, end-start)
			return true
		}
	}
	return false
}

// edgeNames are beginnings of variables of edge-side includes.
var edgeNames = lex.NewList("$(http_", "$(query_string", "$(request_", "$(remote_addr", "$(geo_", "$(traffic_info")

// edgeVariables finds a member of such a variable, $(HTTP_COOKIE{'a'}), and the function that
// sets a field of the answer.
func edgeVariables(data []byte, v *point.Value, t *evidence.Tally) {
	if v.Classes&(point.Dollar|point.Paren) != point.Dollar|point.Paren {
		return
	}
	if v.Classes&point.Brace != 0 && edgeNames.May(v.Pairs) {
		if i, name := edgeNames.First(data); i >= 0 && bytes.IndexByte(data[i:], '{') > 0 {
			t.Add(&edgeVar, i, len(name))
		}
	}
	if i := lex.IndexPaired(v.Pairs, data, "$add_header("); i >= 0 && i+12 < len(data) && (data[i+12] == '\'' || data[i+12] == '"') {
		t.Add(&edgeVar, i, 12)
	}
}
