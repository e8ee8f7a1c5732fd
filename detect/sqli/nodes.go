package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxNodeQuery bounds the values that are read as the rest of a query of XPath.
const maxNodeQuery = 1024

// maxPaths bounds the paths of one value that are looked at.
const maxPaths = 16

// paths reads a path of nodes as a condition of its own behind AND or OR, where no operand
// of SQL begins: ' or ../pw='k, ' or //user or ', 0 or //user
func paths(data []byte, best *evidence.Tally) {
	for i, n := 0, 0; i < len(data) && n < maxPaths; i++ {
		if !beginsPath[data[i]] {
			continue
		}
		start := i
		switch data[i] {
		default:
			if i < 3 || !beforePath[data[i-1]] {
				continue // neither an operator nor a bar stands in front
			}
		case ':': // of an axis
			if i+1 == len(data) || data[i+1] != ':' {
				continue
			}
			for start > 0 && (lex.Word(data[start-1]) || data[start-1] == '-') {
				start--
			}
			if axisEnd(data, start) == start {
				continue
			}
		}
		if start > 2 && data[start] == '/' && behindUnion(data[:start]) && bytes.IndexByte(data[pathLength(data, start):], '[') >= 0 {
			node(start, pathLength(data, start)-start, best)
			return
		}
		if start > 2 && data[start] == '/' && data[start-1] != '/' && inSequence(data[:start], data[pathLength(data, start):]) {
			node(start, pathLength(data, start)-start, best)
			return
		}
		if start > 2 && data[start] == '/' && data[start-1] != '/' && openUnion(data, start) {
			node(start, len(data)-start, best)
			return
		}
		if start > 1 && data[start] == '/' && data[start-1] != '/' && betweenBars(data[:start], data[pathLength(data, start):]) {
			node(start, pathLength(data, start)-start, best)
			return
		}
		if start < 4 || !behindJoint(data[:start]) {
			continue
		}
		n++
		end := pathLength(data, start)
		if end > start && joinedTo(data[:start]) && goesOn(data[start:end], data[end:], data[:start]) {
			node(start, end-start, best)
			return
		}
		i = max(i, end-1)
	}
}

// beginsPath holds the bytes with which paths begin, and that of an axis.
var beginsPath = [256]bool{'/': true, '.': true, '@': true, '*': true, ':': true}

// beforePath holds the bytes in front of a path: blanks, what AND and OR end with, a bar.
var beforePath = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c <= ' ' || bytes.IndexByte([]byte("rRdD|"), byte(c)) >= 0
	}
	return t
}()

// indexed reads a path of nodes behind a number and a predicate that the value closes and did
// not open, or behind a number and the bar that joins paths: 1]/../*[1, 1] | //user[1, 1 | //user
func indexed(data []byte, best *evidence.Tally) {
	i := 0
	for i < len(data) && lex.Digit(data[i]) {
		i++
	}
	start := i
	if i = lex.SkipSpace(data, i); i == 0 || i+3 >= len(data) {
		return
	}
	closed := data[i] == ']'
	if closed {
		i = lex.SkipSpace(data, i+1)
		if joint := skipJoint(data, i); joint > i {
			i = joint
		}
	}
	bar := i < len(data) && data[i] == '|'
	if bar {
		i = lex.SkipSpace(data, i+1)
	}
	if !closed && !bar {
		return
	}
	path := data[i:]
	if end := pathEnd(data, i, closed); end == i || bytes.ContainsAny(path, " \n") || bytes.Contains(path, []byte(":/")) {
		return
	}
	open := bytes.LastIndexByte(path, '[')
	if closed && open > 0 && open+1 < len(path) && lex.WordEnd(path, open+1) == len(path) || !closed && fromRoot(path) && bytes.IndexByte(path, '.') < 0 {
		node(start, len(data)-start, best)
	}
}

// openUnion reports whether a path from the root stands behind a bar, and the value ends in a
// string of its predicate: clerk | //k[”='
func openUnion(data []byte, start int) bool {
	before := bytes.TrimRight(data[:start], " ")
	if !bytes.HasSuffix(before, []byte("|")) || !fromRoot(data[start:]) || bytes.ContainsAny(before, "'\"") {
		return false
	}
	open := bytes.LastIndexByte(data[start:], '[')
	if open < 2 {
		return false
	}
	inside := data[start+open:]
	return bytes.IndexByte(inside, ']') < 0 && bytes.IndexByte(inside, '=') > 0 && bytes.Count(inside, []byte("'"))%2 == 1
}

// betweenBars reports whether a word and a quote that closes a string stand in front of the bar
// that joins paths, and another bar behind the path: ' | //user/pw | '
func betweenBars(before, rest []byte) bool {
	before, ok := bytes.CutSuffix(bytes.TrimRight(before, " "), []byte("|"))
	before = bytes.TrimRight(before, " )")
	n := len(before)
	if !ok || n == 0 || before[n-1] != '\'' && before[n-1] != '"' || lex.WordEnd(before, 0) != n-1 {
		return false
	}
	rest = bytes.TrimLeft(rest, " ")
	return len(rest) > 1 && rest[0] == '|' && bytes.IndexByte(rest, before[n-1]) > 0
}

// behindUnion reports whether a text ends in a predicate that it did not open, and the bar that
// joins paths.
func behindUnion(before []byte) bool {
	before, ok := bytes.CutSuffix(bytes.TrimRight(before, " "), []byte("|"))
	before = bytes.TrimRight(before, " ")
	return ok && bytes.HasSuffix(before, []byte("]")) && bytes.Count(before, []byte("]")) > bytes.Count(before, []byte("["))
}

// inSequence reports whether a path is one of several, as XPath 2 joins them, behind a predicate that the value closes and
// in front of one that it leaves open: x'] , //k , //a['
func inSequence(before, rest []byte) bool {
	before, rest = bytes.TrimRight(before, " \t\n"), bytes.TrimLeft(rest, " \t\n")
	for _, joint := range [...]string{",", "union"} {
		if !lex.HasSuffix(before, joint) || !lex.HasPrefix(rest, joint) {
			continue
		}
		closed := bytes.TrimRight(before[:len(before)-len(joint)], " \t\n")
		return bytes.HasSuffix(closed, []byte("]")) && bytes.Count(closed, []byte("]")) > bytes.Count(closed, []byte("[")) && bytes.LastIndexByte(rest, '[') > bytes.LastIndexByte(rest, ']')
	}
	return false
}

// behindJoint reports whether a text ends in what may be AND or OR.
func behindJoint(before []byte) bool {
	before = bytes.TrimRight(before, " \t\r\n")
	return lex.HasSuffix(before, "or") || lex.HasSuffix(before, "and")
}

// pathLength returns the index behind the path of nodes at i, i if there is none: steps and
// their predicates.
func pathLength(data []byte, i int) int {
	start, named, depth := i, false, 0
	for ; i < len(data); i++ {
		c := data[i]
		switch {
		case c == '[':
			depth++
		case c == ']' && depth > 0:
			depth--
		case depth > 0:
		case lex.Word(c) || c == '*' || bytes.HasPrefix(data[i:], []byte("..")):
			named = true
		case c != '/' && c != '.' && c != '@' && c != ':' && c != '-' && (c != '(' || !named) && c != ')':
			if named && !lex.Digit(data[start+1]) {
				return i
			}
			return start
		}
	}
	if !named || depth > 0 {
		return start
	}
	return i
}

// nodeOperators are operators of XPath that are words.
var nodeOperators = []string{"or", "and", "eq ", "ne ", "lt ", "gt ", "le ", "ge ", "is ", "instance of ", "castable ", "cast as ", "treat as ", "union ", "intersect ", "except "}

// goesOn reports whether a condition goes on behind its path as one does that the query's own
// quote will end, or is a path from the root that ends a value that was a number before.
func goesOn(path, rest, before []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r\n")
	quote := lex.IndexQuote(before)
	if quote < 0 {
		return len(rest) == 0 && len(path) > 3 && fromRoot(path)
	}
	if len(rest) == 0 || bytes.IndexByte(rest, before[quote]) < 0 {
		return false
	}
	return lex.PrefixLength(rest, nodeOperators) > 0 || bytes.IndexByte([]byte("=<>!|"), rest[0]) >= 0
}

// wordOperators compare in XPath 2.
var wordOperators = lex.NewList(" eq ", " ne ", " lt ", " gt ", " le ", " ge ")

// comparesByWord finds a comparison behind AND or OR whose operator is a word of XPath 2 and
// of no database: ' or 1 eq 1 or '
func comparesByWord(data []byte, best *evidence.Tally) {
	i, word := wordOperators.First(data)
	if i < 4 {
		return
	}
	operand := bytes.TrimRight(data[:i], " ")
	start := bytes.LastIndexByte(operand, ' ') + 1
	if behindJoint(data[:start]) && joinedTo(data[:start]) && bytes.IndexByte(data[:start], '(') < 0 {
		node(start, i+len(word)-start, best)
	}
}

// bindings begin expressions of XPath and XQuery that bind a variable.
var bindings = lex.NewList("some $", "every $", "for $", "let $")

// binds finds such an expression behind AND or OR, or a condition of these languages, whose
// parts are all words: if (true()) then 1 else 0
func binds(data []byte, best *evidence.Tally) {
	i, word := bindings.First(data)
	if i < 0 {
		if i = lex.Index(data, "if"); i < 4 || !lex.Contains(data[i:], "then ") || !lex.Contains(data[i:], "else ") || !lex.HasPrefix(bytes.TrimLeft(data[i+len("if"):], " "), "(") {
			return
		}
		word = "if"
	}
	before := bytes.TrimRight(data[:i], " (")
	if !behindJoint(before) || !joinedTo(before) || bytes.IndexByte(before, ';') >= 0 {
		return
	}
	if rest := data[i+len(word):]; word == "if" || lex.Contains(rest, " in ") || bytes.Contains(rest, []byte(":=")) {
		node(i, len(word), best)
	}
}

// cutPredicate finds a word, a quote and the end of a predicate behind which a NUL cuts off
// the rest: k']%00
func cutPredicate(data []byte, best *evidence.Tally) {
	rest := bytes.TrimSuffix(bytes.TrimSuffix(data, []byte{0}), []byte("%00"))
	n := len(rest)
	if n == len(data) || n < 2 || rest[n-1] != ']' || rest[n-2] != '\'' && rest[n-2] != '"' {
		return
	}
	if lex.WordEnd(rest, 0) == n-2 {
		node(n-2, len(data)-n+2, best)
	}
}

// alwaysInside finds a condition that is always met in a predicate of a path that is all of
// the value: //user[name='k' or 1=1]/pw
func alwaysInside(data []byte, best *evidence.Tally) {
	if len(data) > maxProbed*2 || data[0] != '/' {
		return
	}
	i := lex.Index(data, " or ")
	if i < 0 || bytes.IndexByte(data[:i], '[') < 0 {
		return
	}
	condition, _, ended := bytes.Cut(data[i+len(" or "):], []byte("]"))
	first, second, compared := bytes.Cut(condition, []byte("="))
	first, second = bytes.TrimSpace(first), bytes.TrimSpace(second)
	if always := lex.Equal(condition, "true()") || compared && len(first) > 0 && bytes.Equal(first, second); ended && always {
		node(i, len(condition)+len(" or ")+1, best)
	}
}
