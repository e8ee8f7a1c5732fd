package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxReopened bounds the word in front of the quote that a value closes, and the string that it ends in.
const maxReopened = 32

// opensAnother finds what closes a string and a predicate or a call of XPath, and ends in a string of another
// one, whatever stands between: k'] | ../* | //l['m'=', ') or 1 or contains(.,'k
func opensAnother(data []byte, best *evidence.Tally) {
	i := lex.WordEnd(data, 0)
	if i >= maxReopened || i+3 > len(data) || data[i] != '\'' && data[i] != '"' {
		return
	}
	quote, rest := data[i], data[i+1:]
	tail := max(0, len(rest)-maxReopened)
	last := tail + bytes.LastIndexByte(rest[tail:], quote)
	if last < tail || lex.WordEnd(rest, last+1) != len(rest) || bytes.Count(rest, []byte{quote})%2 == 0 {
		return
	}
	closed := bytes.TrimLeft(rest, ") \t\r\n")
	switch {
	case bytes.HasPrefix(closed, []byte("]")):
		joint := bytes.TrimLeft(closed[1:], " \t\r\n")
		if len(joint) > 2 && joint[0] == '|' && joint[1] != '|' && bytes.LastIndexByte(rest[:last], '[') > bytes.LastIndexByte(rest[:last], '|') {
			node(i, len(data)-i, best)
		}
	case rest[0] == ')':
		call := bytes.TrimRight(rest[:last], " \t\r\n")
		open := bytes.LastIndexByte(call, '(')
		if open < 0 || !bytes.HasSuffix(call, []byte(",")) || lex.SuffixLength(call[:open], []string{"contains", "starts-with", "ends-with", "matches"}) == 0 {
			return
		}
		if joint := skipJoint(closed, 0); joint > 0 {
			node(i, len(data)-i, best)
		}
	}
}
