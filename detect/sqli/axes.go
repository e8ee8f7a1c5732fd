package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// axes of XPath lead from a node to others.
var axes = [...]string{
	"parent", "child", "self", "ancestor", "ancestor-or-self", "descendant", "descendant-or-self", "following", "following-sibling", "preceding", "preceding-sibling", "attribute", "namespace",
}

// beginsAxis holds the letters with which the name of an axis begins.
var beginsAxis = func() (t [256]bool) {
	for _, axis := range axes {
		t[axis[0]], t[axis[0]&^0x20] = true, true
	}
	return t
}()

// axisEnd returns the index behind the axis and the node test at i: parent::*, child::node().
func axisEnd(path []byte, i int) int {
	if i >= len(path) || !beginsAxis[path[i]] {
		return i
	}
	sep := bytes.Index(path[i:min(len(path), i+24)], []byte("::"))
	if sep < 0 {
		return i
	}
	for _, axis := range axes {
		if !lex.Equal(path[i:i+sep], axis) {
			continue
		}
		at := i + sep + 2
		if at < len(path) && path[at] == '*' {
			return at + 1
		}
		end := lex.WordEnd(path, at)
		if end == at {
			return i
		}
		return end
	}
	return i
}

// leavesPredicate reads a path of nodes behind a string and a predicate that the value
// closes and did not open: k'] | //user[a='k, ')]/parent::*[('. Where the predicate stays
// open, an axis must be asked: k' or self::node()='
func leavesPredicate(data []byte, best *evidence.Tally) {
	open := lex.FarQuote(data)
	if open < 0 || bytes.IndexByte(data[:open], '[') >= 0 || bytes.IndexByte(data[:open], '=') >= 0 {
		return
	}
	i := open + 1
	for i < len(data) && (data[i] == ' ' || data[i] == ')') {
		i++
	}
	closed := i < len(data) && data[i] == ']'
	if closed {
		i = lex.SkipSpace(data, i+1)
	}
	joint := skipJoint(data, i)
	switch {
	case closed && i < len(data) && data[i] == '|':
		i = lex.SkipSpace(data, i+1)
	case joint > i:
		i = joint
	case !closed:
		return
	}
	if end := pathEnd(data, i, closed); end > i && reopens(data[end:], data[open]) {
		node(open, end-open, best)
	}
}

// skipJoint passes over AND or OR and the blanks around it, -1 if there is none.
func skipJoint(data []byte, i int) int {
	for _, w := range [...]string{"or ", "and "} {
		if lex.HasPrefix(data[i:], w) {
			return lex.SkipSpace(data, i+len(w))
		}
	}
	return -1
}

// pathEnd returns the index behind the first steps of a path of nodes, i if there is none.
// Outside of a predicate a path has to begin with a slash; inside of one that the value
// has not closed with two of them or with an axis.
func pathEnd(data []byte, i int, closed bool) int {
	start := i
	if end := axisEnd(data, i); end > i && !closed {
		return end
	}
	slashes := 0
	for i < len(data) && data[i] == '/' {
		i++
		slashes++
	}
	if slashes == 0 || slashes > 2 || !closed && slashes != 2 || i >= len(data) {
		return start
	}
	if end := axisEnd(data, i); end > i {
		return end
	}
	if data[i] == '*' || data[i] == '@' {
		return i + 1
	}
	if bytes.HasPrefix(data[i:], []byte("../")) || closed && bytes.HasPrefix(data[i:], []byte(".. |")) {
		return i + 3
	}
	if end := lex.WordEnd(data, i); end > i && lex.Letter(data[i]) {
		return end
	}
	return start
}

// reopens reports whether the same quote is opened again in a predicate or a comparison, or
// ends the value, as what the query goes on with needs.
func reopens(rest []byte, quote byte) bool {
	return bytes.Count(rest, []byte{quote})%2 == 1 && bytes.ContainsAny(rest, "[=(")
}
