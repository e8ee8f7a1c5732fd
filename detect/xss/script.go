package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxQuotes bounds the closing quotes of each kind behind which code is read.
const maxQuotes = 32

// scripts reads a value as code from its first byte and behind closing quotes.
func scripts(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&point.Bracket != 0 {
		symbols(data, best)
		unread(data, v, best)
	}
	if v.Classes&(point.Backtick|point.Dollar|point.Brace) == point.Backtick|point.Dollar|point.Brace && v.Pairs.May("${") {
		tagged(data, best)
	}
	code(data, 0, 0, evidence.Raw, best)
	if v.Classes&(point.Star|point.Slash) == point.Star|point.Slash && v.Pairs.May("*/") {
		behindComment(data, best)
	}
	if v.Classes&point.Dot != 0 && len(data) < maxHead && clicked(data) {
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.Raw)
		t.Add(&hiddenMember, 0, len(data))
		keep(&t, best)
	}
	if v.Classes&point.Bracket != 0 {
		emptyBase(data, v, best)
	}
	braces(data, v, best)
	if v.Classes&(point.Quote|point.Backtick) == 0 {
		plainer(data, best)
		return
	}
	var q quiet
	for _, quote := range [...]byte{'\'', '"', '`'} {
		behindQuotes(data, quote, &q, best)
	}
	plainer(data, best)
}

// behindComment reads code behind the end of a comment that the value did not begin.
func behindComment(data []byte, best *evidence.Tally) {
	end := bytes.Index(data, []byte("*/"))
	if end < 0 || bytes.Contains(data[:end+1], []byte("/*")) || bytes.IndexByte(data[:min(len(data), end+3)], '\n') >= 0 && (end > 0 || !bytes.HasSuffix(bytes.TrimSpace(data), []byte("/*"))) { // of a program's own
		return
	}
	code(data, end+2, '/', evidence.InComment, best)
}

// lastQuotes are how many quotes at a value's end are tried besides the first ones.
const lastQuotes = 8

// behindQuotes reads code behind the first quotes of a kind and behind the last. Those behind which none
// can begin are no tries.
func behindQuotes(data []byte, quote byte, q *quiet, best *evidence.Tally) {
	from := 0
	for n, tries := 0, 0; tries < maxQuotes; n++ {
		i := bytes.IndexByte(data[from:], quote)
		if i < 0 {
			return
		}
		from += i + 1
		if !goesOn(data, from) {
			continue
		}
		tries++
		if n&1 == 1 && enclosed(data, from-1, quote) {
			continue
		}
		behindQuote(data, from, quote, n > 0, q, best)
	}
	if !givesBack(data, quote) {
		return
	}
	for end, tries := len(data), 0; tries < lastQuotes; {
		i := bytes.LastIndexByte(data[from:end], quote)
		if i < 0 {
			return
		}
		if end = from + i; goesOn(data, end+1) {
			tries++
			behindQuote(data, end+1, quote, true, q, best)
		}
	}
}

// givesBack reports whether a value ends as one does that goes on within another's string: with a mark of
// a comment or the quote.
func givesBack(data []byte, quote byte) bool {
	tail := data[max(0, len(data)-longestRest):]
	return bytes.IndexByte(tail, quote) >= 0 || bytes.Contains(tail, []byte("//")) || bytes.Contains(tail, []byte("/*")) || bytes.Contains(tail, []byte("<!--"))
}

// longestRest bounds what may stand behind such a mark.
const longestRest = 24

// goesOn reports whether code can go on at i, behind a quote: with an operator or a blank.
func goesOn(data []byte, i int) bool {
	return i < len(data) && (data[i] <= ' ' || operators[data[i]] || data[i] == '.' || operatorWord(data, i) > i)
}

// enclosed reports whether the second quote of a pair, at end, ends an attribute's plain
// value or an argument in the text of markup with which the value begins. As part of a
// script's string the first one would end it and this one begin the next.
func enclosed(data []byte, end int, quote byte) bool {
	if len(data) < 2 || data[0] != '<' || !lex.Letter(data[1]) || end+1 == len(data) {
		return false
	}
	open := bytes.LastIndexByte(data[:end], quote)
	if open < 1 {
		return false
	}
	plain := false
	switch data[open-1] {
	case '=':
		plain = data[end+1] == '>' && point.Classify(data[open+1:end])&^(point.Alpha|point.Digit|point.Dash|point.Space) == 0
	case '(':
		plain = data[end+1] == ')' || data[end+1] == ','
	}
	return plain && bytes.IndexByte(data[:end], '\\') < 0
}

// behindQuote reads code behind a quote. One that is not the first ends a string that the
// value itself began, so that access to the page alone is what any script does.
func behindQuote(data []byte, from int, quote byte, later bool, q *quiet, best *evidence.Tally) {
	if !later {
		codeBehind(data, from, quote, q, best)
		return
	}
	if data[from] == '\n' || data[from] == '\r' { // a line of a program ends there
		return
	}
	var own evidence.Tally
	codeBehind(data, from, quote, q, &own)
	strong := false
	for _, m := range own.Marks[:own.N] {
		strong = strong || m.Weight >= evidence.Threshold
	}
	if !strong {
		own.Cap(evidence.Gray - 1)
	} else if quote != '`' && bytes.IndexByte(bytes.TrimLeft(data[:from], " \t\r\n"), '\n') >= 0 {
		own.Cap(evidence.Threshold - 1) // no string goes on over the end of a line
	}
	keep(&own, best)
}

// braces reads what templates would run.
func braces(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&point.Brace == 0 {
		return
	}
	for _, opening := range [...]string{"${", "{{", "&{", "#{"} {
		if i := lex.IndexPaired(v.Pairs, data, opening); i >= 0 {
			code(data, i+2, 0, evidence.Code, best)
			ordered(data[i:], best)
			if i == 0 && opening == "${" && data[len(data)-1] == '}' {
				code(data, i+2, '$', evidence.Code, best)
			}
		}
	}
}

// ordered reads the expression that AngularJS is given to order by: [1]|orderBy:'x(1)'.
func ordered(block []byte, best *evidence.Tally) {
	i := lex.Index(block, "orderby:")
	if i < 0 || i+10 > len(block) || block[i+8] != '\'' && block[i+8] != '"' {
		return
	}
	code(block, i+9, 0, evidence.Code, best)
}

// emptyBase finds members of empty values that are computed and called, from which
// any function can be had: []["filter"]["constructor"](...).
func emptyBase(data []byte, v *point.Value, best *evidence.Tally) {
	for _, base := range [...]string{"[][", "{}[", "\"\"[", "''[", "{})[", ")["} {
		i := lex.IndexPaired(v.Pairs, data, base)
		if i < 0 {
			continue
		}
		end := closing(data, i+len(base)-1)
		if end < 0 || !bytes.ContainsAny(data[i+len(base):end], `'"`+"`+(/") || end+1 >= len(data) || data[end+1] != '[' && data[end+1] != '(' && data[end+1] != '`' || bytes.IndexByte(data[end:], '(') < 0 && bytes.IndexByte(data[end:], '`') < 0 || base == ")[" && !compiles(data, end+1) {
			continue
		}
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.Code)
		t.Add(&computedCall, i, end-i+1)
		keep(&t, best)
		return
	}
}

// compiles reports whether a member is called with a string or with what an attacker's page has set, and
// what it returns is called at once, as functions made of texts are: ('alert(1)')()
func compiles(data []byte, i int) bool {
	if data[i] != '(' || i+1 == len(data) || !isQuote(data[i+1]) && !isSource(data[i+1:]) {
		return false
	}
	end := closing(data, i)
	return end > 0 && (bytes.HasPrefix(data[end+1:], []byte("()")) || bytes.HasPrefix(data[end+1:], []byte("``")))
}

// closing returns the index of the bracket that closes the one at i, -1 if none does
// nearby.
func closing(b []byte, i int) int {
	depth := 0
	for j := i; j < len(b) && j < i+256; j++ {
		switch b[j] {
		case '[', '(':
			depth++
		case ']', ')':
			if depth--; depth == 0 {
				return j
			}
		case '\'', '"', '`':
			k := bytes.IndexByte(b[j+1:min(len(b), j+256)], b[j])
			if k < 0 {
				return -1
			}
			j += k + 1
		}
	}
	return -1
}

// inSymbols holds the bytes of which code without letters is made.
var inSymbols = [256]bool{'[': true, ']': true, '(': true, ')': true, '!': true, '+': true, '{': true, '}': true, ' ': true}

// symbols weighs code written with ()[]{}!+ only.
func symbols(data []byte, best *evidence.Tally) {
	for from := 0; from < len(data); {
		i := bytes.IndexByte(data[from:], '[')
		if i < 0 {
			return
		}
		start, end := from+i, from+i
		for start > from && inSymbols[data[start-1]] {
			start--
		}
		for end < len(data) && inSymbols[data[end]] {
			end++
		}
		if run := data[start:end]; len(run) >= 24 && bytes.Count(run, []byte("[")) >= 4 && bytes.Count(run, []byte("!"))+bytes.Count(run, []byte("+")) >= 4 {
			var t evidence.Tally
			t.Reset(attack.XSS, evidence.Raw)
			t.Add(&symbolsOnly, start, len(run))
			keep(&t, best)
			return
		}
		from = end
	}
}
