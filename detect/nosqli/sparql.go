package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maySparql reports whether a value may be a part of a query in SPARQL: it has a variable, ?name, or ends with a
// remark behind a brace that it closes.
func maySparql(v *point.Value) bool {
	if v.Classes&point.Space == 0 || v.Classes&(point.Brace|point.Quote|point.Greater|point.Semicolon) == 0 {
		return false
	}
	return v.Classes&point.Mark != 0 && lex.MayAny(v.Pairs, " ?", "{?", "(?") || v.Classes&(point.Brace|point.HashAt) == point.Brace|point.HashAt || v.Classes&(point.Brace|point.Semicolon|point.Quote) == point.Brace|point.Semicolon|point.Quote
}

// sparql finds the rest of a query in SPARQL behind a string, an IRI, a number or a name that the value ends.
func sparql(data []byte, t *evidence.Tally) {
	at := leavesSparql(data)
	if at < 0 {
		return
	}
	behind := data[at:]
	variables, iri := variablesOf(behind)
	closes := closesGroup(behind)
	switch {
	case variables > 1 && (closes || bytes.Contains(behind, []byte(" . ")) || bytes.Contains(behind, []byte("{"))),
		variables > 0 && iri && (closes || bytes.Contains(behind, []byte(" . "))),
		closes && (variables > 0 || patterns.In(behind)),
		updates.In(behind) && (closes || bytes.IndexByte(behind, '}') >= 0):
		t.Add(&graphPattern, at, len(behind))
	}
}

// patterns begin a part of a pattern, updates change what is stored.
var (
	patterns = lex.NewList("filter(", "filter exists", "filter not exists", "bind(", "service <", "optional {", "minus {", "union {", "where {", "{ select ", "limit ", "offset ", "order by ")
	updates  = lex.NewList("; drop all", "; clear all", "; delete where {", "; delete {", "; insert data {", "; delete data {", "; load <", "; create graph <", "; drop graph <", "; copy default to", "; move <", "; copy <", "; insert {", "; drop default", "; clear default")
)

// leavesSparql returns where what follows a string, an IRI or a short name begins, -1 in a whole query and in prose.
func leavesSparql(data []byte) int {
	if lex.PrefixLength(data, []string{"select", "prefix", "ask", "construct", "describe", "insert", "delete", "base", "with", "load", "#"}) > 0 {
		return -1
	}
	first := bytes.IndexAny(data, " \t\n")
	for i, c := range data {
		switch {
		case c == '"' || c == '\'':
			return endsString(data, i)
		case c == '>':
			if bytes.ContainsAny(data[:i], " <(\"'") || i+2 >= len(data) || data[i+1] != ' ' && data[i+1] != '|' {
				return -1
			}
			return i + 1
		case i == first && isOperand(data[:i]):
			if rest := bytes.TrimLeft(data[i:], " \t\n"); len(rest) > 1 && (bytes.IndexByte([]byte(".;,}{"), rest[0]) >= 0 || lex.PrefixLength(rest, []string{"where {", "values ?", "from <"}) > 0) {
				return i
			}
		}
	}
	return -1
}

// endsString returns where what follows the string that ends at quote begins, -1 if it is none of SPARQL.
func endsString(data []byte, quote int) int {
	rest := bytes.TrimLeft(data[quote+1:], ") \t\n")
	if bytes.HasPrefix(rest, []byte("@")) {
		rest = bytes.TrimLeft(rest[lex.WordEnd(rest, 1):], ") \t\n")
	}
	if len(rest) > 0 && bytes.IndexByte([]byte(".;,}{"), rest[0]) >= 0 || lex.PrefixLength(rest, []string{"bind(", "filter", "optional", "minus", "graph", "service", "values"}) > 0 {
		return quote + 1
	}
	return -1
}

// isOperand reports whether text is a number, a variable or a name by itself.
func isOperand(text []byte) bool {
	text = bytes.TrimPrefix(text, []byte("?"))
	return len(text) > 0 && lex.WordEnd(text, 0) == len(text)
}

// variablesOf counts the variables of a text, to two, and reports whether it names an IRI.
func variablesOf(text []byte) (variables int, iri bool) {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '?' || i > 0 && bytes.IndexByte([]byte(" {(.\n\t|>"), text[i-1]) < 0 || !lex.Letter(text[i+1]) {
			continue
		}
		end := lex.WordEnd(text, i+1)
		if i > 0 && text[i-1] == '(' && end < len(text) && (text[end] == '<' || text[end] == ')' && end == i+2) { // of a regular expression
			continue
		}
		if end == len(text) || bytes.IndexByte([]byte(" }).;,\n\t=!<"), text[end]) >= 0 {
			if variables++; variables > 1 {
				break
			}
		}
		i = end - 1
	}
	i := bytes.Index(text, []byte(" <"))
	return variables, i >= 0 && i+2 < len(text) && lex.Letter(text[i+2]) && lex.PrefixLength(text[i+2:], []string{"http:", "https:", "urn:", "mailto:", "file:"}) > 0
}

// closesGroup reports whether a text ends with a brace and a remark, which takes what follows away.
func closesGroup(text []byte) bool {
	hash := bytes.LastIndexByte(text, '#')
	if hash < 1 || bytes.IndexByte(text[hash:], '\n') >= 0 {
		return false
	}
	before := bytes.TrimRight(text[:hash], " \t\n;")
	return len(before) > 0 && (before[len(before)-1] == '}' || bytes.IndexByte(before, '}') >= 0 && len(text)-hash < 8)
}
