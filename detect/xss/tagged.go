package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// tagged finds functions that a template calls with what stands in its braces, so that no
// parenthesis is needed: [].sort.call`${alert}1`, Reflect.apply.call`${eval}${0}${[name]}`
func tagged(data []byte, best *evidence.Tally) {
	for from, n := 0, 0; n < maxQuotes; n++ {
		i := bytes.IndexByte(data[from:], '`')
		if i < 0 {
			return
		}
		i += from
		end := bytes.IndexByte(data[i+1:], '`')
		if end < 0 {
			end = len(data) - i - 1
		}
		template := data[i+1 : i+1+end]
		if start := tagStart(data, i); start >= 0 && callsBack(data[start:i], template) && (data[i-1] > ' ' || handsSink(template)) {
			var t evidence.Tally
			t.Reset(attack.XSS, evidence.Code)
			t.Add(&templateCall, start, i+1+end-start)
			keep(&t, best)
			return
		}
		from = i + 1
	}
}

// tagStart returns where the last name of the function that a template at i calls begins, -1 if none
// stands there. Blanks and comments may part them.
func tagStart(data []byte, i int) int {
	before := bytes.TrimRight(data[:i], " \t\r\n")
	if bytes.HasSuffix(before, []byte("*/")) {
		open := bytes.LastIndex(before[max(0, len(before)-maxHead):], []byte("/*"))
		if open < 0 {
			return -1
		}
		before = bytes.TrimRight(before[:max(0, len(before)-maxHead)+open], " \t\r\n")
	}
	first := len(before) - len(lastName(before))
	if first == len(before) || first == 0 || before[first-1] != '.' && before[first-1] <= ' ' {
		return -1
	}
	return first
}

// callsBack reports whether a function, by the last of its names, calls what a template gives it.
func callsBack(tag, template []byte) bool {
	name := bytes.TrimRight(tag[:lex.WordEnd(tag, 0)], " ")
	switch {
	case lex.OneOf(name, "call", "apply"):
		return bytes.Contains(template, []byte("${"))
	case lex.OneOf(name, "map", "find", "findindex", "from", "sort", "filter", "foreach", "some", "every", "reduce", "flatmap", "replace", "then", "catch", "finally", "construct"):
		return handsSink(template)
	}
	return false
}

// handsSink reports whether a sink stands alone in braces of a template.
func handsSink(template []byte) bool {
	for range maxSteps {
		_, rest, ok := bytes.Cut(template, []byte("${"))
		if !ok {
			return false
		}
		i, _ := lex.Gap(rest, 0)
		end := lex.WordEnd(rest, i)
		behind, _ := lex.Gap(rest, end)
		f := lower(rest[i:end])
		if behind < len(rest) && rest[behind] == '}' && end > i && sinkWeight(f.text(), rest[i:]) == 8 {
			return true
		}
		template = rest
	}
	return false
}

// idioms make letters of empty arrays and truth values.
var idioms = lex.NewList("(![]+", "(!![]+", "({}+[", "({}+\"", "([][[]]+", "([]+{}", "[]+{})[", "+!+[]", "+!![]", "=~[];", "[![]]+[]", "(!1+[", "(!0+[", "([]+!", "(+{}+[", "(+[]+")

// minIdioms are as many as no text about them shows.
const minIdioms = 3

// spellsNothing reports whether letters are made so.
func spellsNothing(data []byte) bool {
	for n := range minIdioms {
		i, w := idioms.First(data)
		if i < 0 {
			return false
		}
		if data = data[i+len(w):]; n > 0 && bytes.HasPrefix(data, []byte(")[")) || indexes(data) {
			return true
		}
	}
	return true
}

// indexes reports whether an idiom's end and an index of the text that it makes follow, which one
// alone is enough to show: ([]+{}[...
func indexes(data []byte) bool {
	return bytes.HasPrefix(data, []byte("[])[")) || bytes.HasPrefix(data, []byte("\"\")[")) || bytes.HasPrefix(data, []byte("])["))
}

// face begins the names that code of emoticons gives its variables.
const face = "\uff9f\u0414\uff9f)"

// emoticons reports whether members of such a variable are computed: (ﾟДﾟ)[ﾟoﾟ]
func emoticons(data []byte) bool {
	_, rest, ok := bytes.Cut(data, []byte(face))
	if !ok {
		return false
	}
	rest = bytes.TrimLeft(rest, " ")
	return len(rest) > 1 && (rest[0] == '[' || rest[0] == '=' && rest[1] != '=' || rest[0] == '.') && bytes.ContainsAny(data, "([{") && bytes.IndexByte(data, '+') >= 0 && bytes.Count(data, []byte(face)) > 2
}

// unread weighs code without a word in it.
func unread(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&point.Paren == 0 {
		return
	}
	head := data[:min(len(data), maxCode)]
	brackets := v.Classes&point.Bracket != 0 && idioms.May(v.Pairs) && bytes.Contains(head, []byte("[]"))
	if (!brackets || !spellsNothing(head)) && (v.Classes&point.High == 0 || !emoticons(head)) {
		return
	}
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.Raw)
	t.Add(&symbolsOnly, 0, len(head))
	keep(&t, best)
}

// maxCode bounds the part of a value in which such code is looked for.
const maxCode = 1 << 10
