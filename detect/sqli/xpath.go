package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxNodes bounds the calls of one value that are looked at.
const maxNodes = 8

// xpath reads a condition about nodes of a document: ' or count(/*)=1 or 'a'='b. What
// begins with a slash is no operand of SQL, and /* would be a comment there.
func (r *reader) xpath() {
	data := r.data
	axes := r.pairs.May("::")
	for from, n := 0, 0; n < maxNodes; {
		i := bytes.IndexByte(data[from:], '(')
		if i < 0 || from+i+2 >= len(data) {
			break
		}
		i += from
		from = i + 1
		if !begins(data[from:], axes) {
			continue
		}
		n++
		start := i
		for start > 0 && (lex.Word(data[start-1]) || data[start-1] == '-' || data[start-1] == '(' || data[start-1] == '[' || data[start-1] == ':') {
			start--
		}
		switch fused := data[start:i]; {
		case lex.Equal(fused, "or"), lex.Equal(fused, "and"): // 'or(//k)or'
			start = i
		case lex.HasPrefix(fused, "or("): // 'or(count(//k))or'
			start += len("or")
		case lex.HasPrefix(fused, "and("):
			start += len("and")
		}
		if (aboutNodes(data[start:i]) || fromRoot(data[from:])) && joinedTo(data[:start]) {
			node(start, i+2-start, r.best)
			return
		}
	}
	if documentCalls.May(r.pairs) {
		documents(data, r.best)
	}
}

// fromRoot reports whether an argument is a path of any depth from the root, which is nothing
// in any other language that has AND and OR.
func fromRoot(argument []byte) bool {
	return len(argument) > 2 && argument[0] == '/' && argument[1] == '/' && (lex.Letter(argument[2]) || argument[2] == '*')
}

// begins reports whether an argument is a node by how it begins: a path from the root, the
// node itself, the one above it, or one along an axis, if there are any.
func begins(argument []byte, axes bool) bool {
	switch argument[0] {
	case '/':
		return argument[1] == ')' || step(argument[1:])
	case '.':
		return argument[1] == '.' || argument[1] == ',' || argument[1] == ')' || argument[1] == '/'
	}
	return argument[0] == '@' && (argument[1] == '*' || lex.Letter(argument[1])) || axes && axisEnd(argument, 0) > 0
}

// node keeps the sign of a condition about nodes.
func node(off, n int, best *evidence.Tally) {
	one(&nodeTest, nodeTest.Weight, off, n, evidence.Raw, best)
}

// step reports whether a path of nodes goes on behind its slash.
func step(path []byte) bool {
	if len(path) > 0 && path[0] == '/' {
		path = path[1:]
	}
	return len(path) > 1 && (path[0] == '*' || path[0] == '@' || path[0] == '.' || lex.Letter(path[0]))
}

// nodeFunctions are functions of XPath that are asked about nodes.
var nodeFunctions = [...]string{
	"count", "name", "local-name", "string-length", "substring", "contains", "starts-with", "ends-with", "string", "text", "normalize-space", "boolean", "sum", "number", "concat", "translate", "not", "exists", "empty", "matches", "data", "max",
	"min", "avg", "upper-case", "lower-case", "string-join", "string-to-codepoints", "encode-for-uri", "tokenize", "replace", "substring-before", "substring-after", "distinct-values", "deep-equal", "generate-id", "namespace-uri", "node-name", "root", "id", "lang",
}

// aboutNodes reports whether the innermost of a chain of calls is one of XPath's.
func aboutNodes(calls []byte) bool {
	calls = bytes.TrimRight(calls, "(")
	word := calls[bytes.LastIndexAny(calls, "([:")+1:]
	return lex.OneOf(word, nodeFunctions[:]...)
}

// documentCalls are functions of XPath and XQuery that read other documents, and no
// functions of a database.
var documentCalls = lex.NewCalls("doc(", "doc-available(", "document(", "collection(", "unparsed-text(", "unparsed-text-available(", "json-doc(", "environment-variable(", "system-property(")

// documents finds such a call behind a value that was closed.
func documents(data []byte, best *evidence.Tally) {
	i, word := documentCalls.First(data)
	if i == 0 && fetches(data[len(word):]) {
		node(0, len(word), best)
	}
	if i < 1 || lex.Word(data[i-1]) || data[i-1] == '.' || data[i-1] == '-' {
		return
	}
	start := i
	for start > 0 && (lex.Word(data[start-1]) || data[start-1] == '-' || data[start-1] == '(') {
		start--
	}
	if arg := bytes.TrimLeft(data[i+len(word):], " "); len(arg) > 0 && (arg[0] == '\'' || arg[0] == '"' || lex.HasPrefix(arg, "concat(")) && (joinedTo(data[:start]) || returnedBehind(data[:start]) || boundBehind(data[:start])) {
		node(i, len(word), best)
	}
}

// fetches reports whether an argument is the address of a document, or put together from one.
func fetches(argument []byte) bool {
	argument = bytes.TrimPrefix(argument, []byte("concat("))
	if len(argument) < 2 || argument[0] != '\'' && argument[0] != '"' {
		return false
	}
	return lex.PrefixLength(argument[1:], []string{"http://", "https://", "ftp://", "file:", "//"}) > 0
}

// remarked finds a remark of XPath 2 behind AND or OR, which no other language writes so: ' or(: :)1=1
func (r *reader) remarked() {
	data := r.data
	i := lex.IndexPaired(r.pairs, data, "(:")
	if i > 3 && bytes.Contains(data[i+2:], []byte(":)")) && behindJoint(data[:i]) && joinedTo(data[:i]) {
		node(i, 2, r.best)
	}
}

// returnedBehind reports whether what stands in front ends in RETURN behind a quote and a
// parenthesis that were closed, as in XQuery.
func returnedBehind(before []byte) bool {
	before = bytes.TrimRight(before, " ")
	if !lex.HasSuffix(before, "return") {
		return false
	}
	before = bytes.TrimRight(before[:len(before)-len("return")], " )")
	n := len(before)
	return n > 0 && (before[n-1] == '\'' || before[n-1] == '"') && bytes.Count(before, before[n-1:])%2 == 1
}

// boundBehind reports whether what stands in front binds a variable of XQuery behind a string that
// was closed: '; for $u in doc("a.xml")
func boundBehind(before []byte) bool {
	i := lex.Index(before, "for $")
	if i < 1 || !lex.HasSuffix(trimBlank(before), " in") {
		return false
	}
	return bytes.Count(before[:i], []byte{'\''})%2 == 1 || bytes.Count(before[:i], []byte{'"'})%2 == 1
}

// trimBlank cuts off blanks, and the empty remarks that stand for them where blanks are taken out.
func trimBlank(s []byte) []byte {
	for {
		s = bytes.TrimRight(s, " \t\n")
		rest, ok := bytes.CutSuffix(s, []byte("/**/"))
		if !ok {
			return s
		}
		s = rest
	}
}

// joinedTo reports whether what stands in front ends in AND or OR behind a value that was
// closed or is a number.
func joinedTo(before []byte) bool {
	before = trimBlank(before)
	switch {
	case lex.HasSuffix(before, "and"):
		before = before[:len(before)-3]
	case lex.HasSuffix(before, "or"):
		before = before[:len(before)-2]
	default:
		return false
	}
	before = trimBlank(before)
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
