package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// document reads a value as the inside of a string of a JSON or JavaScript document: the
// string is closed, so are the objects around, another member follows, and the value
// ends inside of a string again: "}},{"match_all":{}}],"x":[{"a":"
func document(data []byte, t *evidence.Tally) {
	i := bytes.IndexAny(data[:min(len(data), 64)], `"'`)
	if i < 0 || bytes.ContainsAny(data[:i], "{[:(<=") {
		return
	}
	quote := data[i]
	k := lex.SkipSpace(data, i+1)
	for k < len(data) && (data[k] == '}' || data[k] == ']' || data[k] <= ' ') {
		k++
	}
	closers := k - i - 1
	if k >= len(data) || data[k] != ',' {
		return
	}
	for k++; k < len(data) && (data[k] == '{' || data[k] == '[' || data[k] <= ' '); {
		k++
	}
	named := k < len(data) && data[k] == quote
	if named {
		k++
	}
	end := nameEnd(data, k)
	if end > k && !lex.Letter(data[k]) && data[k] != '$' && data[k] != '_' {
		return
	}
	if end == k || named && (end == len(data) || data[end] != quote) {
		return
	}
	if named {
		end++
	}
	if end = lex.SkipSpace(data, end); end == len(data) || data[end] != ':' {
		return
	}
	rest := data[end+1:]
	switch {
	case operatorOf(rest):
		t.Add(&operatorInject, i, end-i)
	case quote == '"' && named && bytes.Count(rest, []byte{quote})%2 == 1 && (closers > 0 || rest[len(rest)-1] != quote || opensMember(rest[:len(rest)-1])):
		t.Add(&documentBreak, i, end-i)
	case quote == '"' && named && closers > 0 && excess(rest) > 1 && bytes.Count(rest, []byte{quote})%2 == 0 && !bytes.Contains(data, []byte(`""`)):
		t.Add(&documentBreak, i, end-i)
	}
}

// goesOnBehind reports whether a comma follows the first double quote.
func goesOnBehind(data []byte) bool {
	i := bytes.IndexByte(data, '"')
	if i < 0 {
		return false
	}
	i = lex.SkipSpace(data, i+1)
	return i < len(data) && data[i] == ','
}

// opensMember reports whether a text ends where the string of another member begins: ,"k":
func opensMember(text []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(text, " \t\r\n"), []byte(`":`))
}

// excess returns how many braces and brackets more are closed than opened.
func excess(s []byte) int {
	n := 0
	for _, c := range s {
		switch c {
		case '}', ']':
			n++
		case '{', '[':
			n--
		}
	}
	return n
}

// fragment reports whether a value is a piece of another, which was taken apart as if it
// were a form because it holds & and =, or of a body that is a document besides: pieces of
// documents with URLs look like break-outs.
func fragment(v *point.Value, tree *point.Tree) bool {
	if tree.Tag(v.Ref) != point.FormURLEncoded {
		return false
	}
	body := tree.Parent(v.Ref)
	return tree.Tag(body) != point.Post || isDocument(body, tree)
}

// isDocument reports whether a body that says it is a form was taken apart as a document first, as
// clients send it that spare themselves a question about CORS.
func isDocument(body point.Ref, tree *point.Tree) bool {
	first := body + 1
	return tree.Parent(first) == body && tree.Tag(first).Objects()
}

// excessParens reports whether a parenthesis is closed that was not opened.
func excessParens(s []byte) bool {
	return bytes.Count(s, []byte(")")) > bytes.Count(s, []byte("("))
}

// nameEnd returns the index behind a member's name.
func nameEnd(data []byte, i int) int {
	for i < len(data) && (lex.Word(data[i]) || data[i] == '$' || data[i] == '.' || data[i] == '-') {
		i++
	}
	return i
}

// operatorOf reports whether a member's value is an object of an operator: {$ne: 'x'}.
func operatorOf(rest []byte) bool {
	i := lex.SkipSpace(rest, 0)
	if i >= len(rest) || rest[i] != '{' {
		return false
	}
	i = lex.SkipSpace(rest, i+1)
	if i < len(rest) && (rest[i] == '"' || rest[i] == '\'') {
		i++
	}
	return i < len(rest) && rest[i] == '$' && operator(rest[i:lex.WordEnd(rest, i+1)]) > joins
}

// queryParsers are parsers of Solr that read other fields and documents than those that are
// searched.
var queryParsers = lex.NewList("{!join ", "{!func}", "{!frange ", "{!graph ", "{!xmlparser ")

// localParams finds such a parser at the beginning of a query, or of one inside of it.
func localParams(data []byte, t *evidence.Tally) {
	at, word := queryParsers.First(data)
	if at < 0 {
		return
	}
	if before := bytes.TrimRight(data[:at], "\"'"); at == 0 || lex.HasSuffix(before, "_query_:") || lex.HasSuffix(before, "q=") {
		t.AddWeight(&searchAll, evidence.Threshold, at, len(word))
	}
}

// maxClause bounds the values in which a clause of a query is looked for, in bytes.
const maxClause = 256

var (
	quantified = lex.NewList("' or any ", "' or every ", "' and any ", "' and every ", "\" or any ", "\" or every ")
	couchbase  = lex.NewList("' or meta(", "' and meta(", "\" or meta(", "' union select meta(", "' union all select meta(", "' union select curl(", "' union all select curl(")
	everything = lex.NewList(" or *:*", " || *:*", " or (*:*", "\" or \"*:*")
)

// clauses weighs what makes a search or a column store give all rows.
func clauses(data []byte, v *point.Value, t *evidence.Tally) {
	if len(data) > maxClause || v.Classes&(point.Space|point.Brace) == 0 {
		return
	}
	if v.Classes&point.Space != 0 {
		if i := lex.Index(data, "allow filtering"); i > 0 && data[i-1] == ' ' && !lex.Prose(data[:i]) && (v.Classes&(point.Quote|point.Equal|point.Paren) != 0 || lex.Digit(data[0]) && lex.WordEnd(data, 0) == i-1) {
			t.AddWeight(&searchAll, evidence.Threshold, i, 15)
		}
	}
	if v.Classes&(point.Quote|point.Space) == point.Quote|point.Space { // of Couchbase
		if i, _ := quantified.First(data); i >= 0 && lex.Contains(data[i:], " satisfies ") {
			t.AddWeight(&searchAll, evidence.Threshold, i, len("' or any "))
		}
		if i, word := couchbase.First(data); i >= 0 {
			t.AddWeight(&searchAll, evidence.Threshold, i, len(word))
		}
	}
	if v.Classes&(point.Brace|point.Mark) == point.Brace|point.Mark {
		localParams(data, t)
	}
	if v.Classes&(point.Colon|point.Star) != point.Colon|point.Star {
		return
	}
	if i := bytes.Index(data, []byte(":*")); i > 0 && (lex.Contains(data[:i], " or ") || lex.Contains(data, "* or ") || data[0] == '+') {
		start := i
		for start > 0 && lex.Word(data[start-1]) {
			start--
		}
		if second := bytes.LastIndex(data, []byte(":*")); proves(data[start:i]) || second > i && proves(data[bytes.LastIndexByte(data[:second], ' ')+1:second]) {
			t.AddWeight(&searchAll, evidence.Threshold, start, i+2-start)
		}
	}
	i, _ := everything.First(data)
	if i < 0 {
		return
	}
	weight := searchAll.Weight
	if colon := bytes.IndexByte(data[:i], ':'); colon > 0 && secret(data[:colon]) {
		weight = evidence.Threshold
	}
	if bytes.IndexByte(data[:i+1], ')') >= 0 && (excessParens(data) || data[len(data)-1] == '*' && data[i+4] == '(') || data[i] == '"' { // of the application's own query
		weight = evidence.Threshold
	}
	t.AddWeight(&searchAll, weight, i, 7)
}
