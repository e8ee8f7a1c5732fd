package sqli

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxNodes bounds the calls of one value that are looked at.
const maxNodes = 8

// xpath reads a condition about nodes of a document: ' or count(/*)=1 or 'a'='b. What
// begins with a slash is no operand of SQL, and /* would be a comment there.
func xpath(data []byte, best *evidence.Tally) {
	for from, n := 0, 0; n < maxNodes; n++ {
		i := bytes.Index(data[from:], []byte("(/"))
		if i < 0 {
			return
		}
		i += from
		from = i + 2
		if !step(data[i+2:]) {
			continue
		}
		start := i
		for start > 0 && (lex.Word(data[start-1]) || data[start-1] == '-' || data[start-1] == '(') {
			start--
		}
		if !aboutNodes(data[start:i]) || !joinedTo(data[:start]) {
			continue
		}
		var t evidence.Tally
		t.Reset(attack.SQLi, evidence.Raw)
		t.Add(&nodeTest, start, i+2-start)
		if t.Score() > best.Score() {
			*best = t
		}
		return
	}
}

// step reports whether a path of nodes goes on behind its slash.
func step(path []byte) bool {
	if len(path) > 0 && path[0] == '/' {
		path = path[1:]
	}
	return len(path) > 1 && (path[0] == '*' || path[0] == '@' || path[0] == '.' || lex.Letter(path[0]))
}

// aboutNodes reports whether the innermost of a chain of calls is one of XPath's.
func aboutNodes(calls []byte) bool {
	word := calls[bytes.LastIndexByte(calls, '(')+1:]
	for _, f := range [...]string{"count", "name", "local-name", "string-length", "substring", "contains", "starts-with", "string", "text", "normalize-space", "boolean", "sum", "number", "concat", "translate"} {
		if lex.Equal(word, f) {
			return true
		}
	}
	return false
}

// joinedTo reports whether what stands in front ends in AND or OR behind a value that was
// closed or is a number.
func joinedTo(before []byte) bool {
	before = bytes.TrimRight(before, " \t\n")
	switch {
	case lex.HasSuffix(before, "and"):
		before = before[:len(before)-3]
	case lex.HasSuffix(before, "or"):
		before = before[:len(before)-2]
	default:
		return false
	}
	before = bytes.TrimRight(before, " \t\n")
	if len(before) == 0 {
		return false
	}
	c := before[len(before)-1]
	if c == ']' || c == ')' {
		c = '\''
		if bytes.IndexByte(before, c) < 0 {
			c = '"'
		}
	}
	if c == '\'' || c == '"' { // which the query has opened
		return before[0] != '/' && bytes.Count(before, []byte{c})%2 == 1
	}
	return lex.Digit(c) && lex.WordEnd(before, 0) == len(before)
}
