package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// glued reads a subquery that an operator or a comma glues to a value of any kind, as
// scanners do: a@b.example,(select*from(select(sleep(9)))a). It counts only with a
// function that waits, reads files or tells about the database.
func (r *reader) glued() {
	data := r.data
	if !r.pairs.May("(select") {
		return
	}
	i := opensSelect(data)
	if i < 0 {
		return
	}
	listed := i > 1 && data[i-1] == ' ' && data[i-2] == ','
	if i > 0 && !listed && bytes.IndexByte([]byte(",|+-*/%=<>&'\""), data[i-1]) < 0 {
		return
	}
	t := r.tally(i, 0, false, evidence.Raw)
	telling := t.Count(timeFunction.Stamp) + t.Count(graveFunction.Stamp)
	if !listed {
		telling += t.Count(infoFunction.Stamp) + t.Count(systemVariable.Stamp)
	}
	if telling > 0 {
		r.keep(t)
	}
}

// opensSelect returns where the first subquery begins, -1 if there is none. Parentheses alone are many.
func opensSelect(data []byte) int {
	first := -1
	for _, opening := range [...]string{"(s", "(S"} {
		for from := 0; ; from++ {
			i := bytes.Index(data[from:], []byte(opening))
			if from += i; i < 0 || first >= 0 && from > first {
				break
			}
			if lex.HasPrefix(data[from:], "(select") {
				first = from
				break
			}
		}
	}
	return first
}

// Bounds of a probe.
const (
	maxProbed = 48
	minProbe  = 8
)

// probe finds what sqlmap sends first: a value and ten signs, each of which means
// something in a query, in no order that could be one.
func probe(data []byte, best *evidence.Tally) {
	n := len(data)
	if n > maxProbed || n < minProbe {
		return
	}
	from := n
	var seen [256]bool
	for from > 0 && bytes.IndexByte([]byte("'\"(),."), data[from-1]) >= 0 {
		from--
		seen[data[from]] = true
	}
	if n-from < minProbe || !seen['\''] || !seen['"'] || !seen['('] && !seen[')'] || point.Classify(data[:from])&^(point.Alpha|point.Digit|point.Dash|point.Dot|point.HashAt) != 0 {
		return
	}
	one(&syntaxProbe, syntaxProbe.Weight, from, n-from, evidence.Raw, best)
}

// nothing returns the length of a number with an exponent that has no digits, which MySQL
// reads as if it were not there, in front of a sign that it glues: 1.e(
func (l *lexer) nothing() int { return nothing(l.data, l.pos) }

func nothing(data []byte, i int) int {
	start := i
	for i < len(data) && isDigit(data[i]) {
		i++
	}
	if i+2 >= len(data) || data[i] != '.' {
		return 0
	}
	i++
	for i < len(data) && isDigit(data[i]) {
		i++
	}
	if i+1 >= len(data) || data[i]|0x20 != 'e' || bytes.IndexByte([]byte("(),="), data[i+1]) < 0 {
		return 0
	}
	return i + 1 - start
}

// maxFused bounds the glued parentheses of one value that are looked at.
const maxFused = 16

// fused finds SELECT behind a parenthesis that such a number glues, or a function between
// two of them: 1.e(ascii 1.e(
func fused(data []byte, best *evidence.Tally) {
	for from, n := 0, 0; n < maxFused; n++ {
		i := lex.Index(data[from:], ".e(")
		if i < 1 {
			return
		}
		i += from
		behind := from // the glued parenthesis before this one
		from = i + 3
		first := i
		for first > 0 && isDigit(data[first-1]) {
			first--
		}
		if first == i {
			continue
		}
		if (behind == 0 || !callsBefore(data[behind:first])) && (!lex.HasPrefix(data[from:], "select") || from+6 < len(data) && lex.Word(data[from+6])) {
			continue
		}
		one(&numberGlue, numberGlue.Weight, first, from-first, evidence.Raw, best)
		return
	}
}

// callsBefore reports whether a text is the name of a function and a blank.
func callsBefore(text []byte) bool {
	if len(text) > tokenWords || !bytes.HasSuffix(text, []byte(" ")) {
		return false
	}
	l := lexer{data: bytes.TrimRight(text, " ")}
	t := l.next()
	return t.kind == name && t.len == len(l.data) && (t.key == fnPlain || t.key == fnInfo || t.key == fnGrave)
}

// commented reads a path in which comments stand for blanks, from the segment in front of the first
// one on: /item/1/**/union/**/select/**/1
func (r *reader) commented() {
	if i := bytes.Index(r.data, []byte("/*")); i > 0 {
		r.read(bytes.LastIndexByte(r.data[:i], '/')+1, 0, evidence.Raw)
	}
}

// openEnded reports whether a name ends inside of its brackets.
func openEnded(name []byte) bool {
	return bytes.IndexByte(name, '[') > 0 && bytes.LastIndexByte(name, ']') < bytes.LastIndexByte(name, '[')
}

// index reads what stands in the first brackets of a name, which some applications put
// into their queries as it is: k[0; drop table k -- ].
func (r *reader) index() {
	i := bytes.IndexByte(r.data, '[')
	if i < 0 || i+1 == len(r.data) {
		return
	}
	own := *r
	own.data, own.ahead = bytes.TrimSuffix(r.data, []byte("]")), nil
	if inner := own.data[i+1:]; !sentence(inner) {
		own.read(i+1, 0, evidence.Raw)
		own.close()
	}
}

// leavesComment finds a value that ends the comment in which the query has it, and begins another behind more
// columns or another query: */ k,l from m union select /*
func leavesComment(data []byte, best *evidence.Tally) {
	i := lex.SkipSpace(data, lex.WordEnd(data, 0))
	if !bytes.HasPrefix(data[i:], []byte("*/")) || bytes.IndexByte(data, '\n') >= 0 {
		return
	}
	rest := bytes.TrimRight(data[i+2:], " ")
	if end := len(rest) - 2; end < 0 || !bytes.HasSuffix(rest, []byte("/*")) && !commentOnly(rest[end:]) || bytes.Count(rest, []byte("*/")) > bytes.Count(rest, []byte("/*")) {
		return
	}
	if from := lex.Index(rest, " from "); !lex.Contains(rest, "select") && (from < 0 || bytes.IndexByte(rest[:from], ',') < 0) {
		return
	}
	one(&splitComment, evidence.Threshold, i, len(rest)+2, evidence.InComment, best)
}
