package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxBetween bounds an expression between two quotes of the query.
const maxBetween = 64

// betweenQuotes finds a path, a node or a calculation that AND or OR join to the query's string on both sides,
// which leaves and opens it again: ' or p[//k] or ', '=../p or '
func betweenQuotes(data []byte, best *evidence.Tally) {
	rest := bytes.TrimRight(data, " \t\r\n")
	n := len(rest) - 1
	if n < len("'or.or") || n > 2*maxBetween || rest[n] != '\'' && rest[n] != '"' {
		return
	}
	open := bytes.IndexByte(rest, rest[n])
	if open == n || bytes.IndexByte(rest[open+1:n], rest[n]) >= 0 || bytes.IndexByte(rest[:open], ' ') >= 0 {
		return
	}
	inner, ok := cutJoint(bytes.TrimRight(rest[open+1:n], " \t\r\n"))
	if !ok || len(inner) == 0 || len(inner) > maxBetween {
		return
	}
	if body, led := leadJoint(inner); led && calculated(body) || bytes.HasPrefix(inner, []byte("=../")) || bytes.HasPrefix(inner, []byte("=//")) {
		node(open, len(rest)-open, best)
	}
}

// cutJoint cuts AND or OR off the end of a text.
func cutJoint(text []byte) (before []byte, ok bool) {
	for _, joint := range [...]string{"or", "and"} {
		if n := len(text) - len(joint); n > 0 && lex.HasSuffix(text, joint) && !lex.Letter(text[n-1]) {
			return bytes.TrimRight(text[:n], " \t\r\n"), true
		}
	}
	return nil, false
}

// leadJoint cuts AND or OR off the beginning of a text, behind which a blank or a sign stands.
func leadJoint(text []byte) (behind []byte, ok bool) {
	text = bytes.TrimLeft(text, " \t\r\n")
	n := lex.PrefixLength(text, []string{"or", "and"})
	if n == 0 || n == len(text) || lex.Word(text[n]) {
		return nil, false
	}
	return bytes.TrimLeft(text[n:], " \t\r\n"), true
}

// calculated reports whether a text is one expression of more than words: no two words stand in a row.
func calculated(text []byte) bool {
	if len(text) == 0 || point.Classify(text)&^(point.Alpha|point.Dash|point.Digit|point.High|point.Space) == 0 {
		return false
	}
	for i := 1; i+1 < len(text); i++ {
		if text[i] == ' ' && lex.Word(text[i-1]) && lex.Word(text[i+1]) {
			return false
		}
	}
	return true
}
