package nosqli

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxPair bounds the values in which pairs of a form are looked for, maxNamed their names.
const (
	maxPair  = 512
	maxNamed = 40
)

// pairs finds names with operators in a value that is a form of its own:
// user[$ne]=a&pass[$ne]=b.
func pairs(data []byte, t *evidence.Tally) {
	if len(data) > maxPair || !lex.Word(data[0]) {
		return
	}
	i := bytes.Index(data, []byte("[$"))
	if i < 1 || i > maxNamed || lex.WordEnd(data, 0) != i {
		return
	}
	end := lex.WordEnd(data, i+2)
	r := operator(data[i+1 : end])
	if r == plain || r == joins || !bytes.HasPrefix(data[end:], []byte("]=")) && !bytes.HasPrefix(data[end:], []byte("][]=")) {
		return
	}
	t.Add(&compareKey, i+1, end-i-1)
	if name := data[:i]; secret(name) || identity(name) {
		t.Add(&credential, 0, i)
	}
}

// conditionCalls are functions of DynamoDB's and tests of Elasticsearch's query languages.
var conditionCalls = lex.NewList("attribute_exists(", "attribute_not_exists(", "attribute_type(", "begins_with(", "_exists_:", "_missing_:")

// scriptCall finds a call of the database from a script that runs inside of it.
func scriptCall(data []byte) (at int, call string) {
	i := lex.Index(data, "redis.")
	if i < 0 {
		return -1, ""
	}
	for _, call := range [...]string{"redis.call(", "redis.pcall("} {
		if lex.HasPrefix(data[i:], call) {
			return i, call
		}
	}
	return -1, ""
}

// evaluates reports whether a value is the command of Redis that runs a script, with a
// script that calls the database and the number of its keys: EVAL "return redis.call(..)" 0
func evaluates(data []byte) bool {
	rest := data
	for _, command := range [...]string{"eval ", "eval_ro "} {
		if lex.HasPrefix(data, command) {
			rest = bytes.TrimLeft(data[len(command):], " ")
		}
	}
	if len(rest) == len(data) || len(rest) < 4 || rest[0] != '"' && rest[0] != '\'' {
		return false
	}
	end := bytes.LastIndexByte(rest, rest[0])
	i, _ := scriptCall(rest[:end])
	keys := bytes.TrimSpace(rest[end+1:])
	return i > 0 && len(keys) > 0 && lex.Digit(keys[0])
}

// alternatives are tests of DynamoDB behind OR, and what is compared in them.
var alternatives = lex.NewList(" or size(", " or contains(", " or begins_with(", " or attribute_exists(", " or attribute_not_exists(", " or attribute_type(")

// alternative finds such a test with a place for a value behind it, :v, or one of a field's mere
// presence, in a value that is a condition itself.
func alternative(data []byte, t *evidence.Tally) {
	i, word := alternatives.First(data)
	if i < 1 || lex.Prose(data[:i]) {
		return
	}
	rest := data[i+len(word):]
	k := bytes.IndexByte(rest, ':')
	placed := k > 0 && k+1 < len(rest) && lex.Word(rest[k+1]) && (rest[k-1] == ' ' || rest[k-1] == ',')
	if placed || strings.HasPrefix(word, " or attribute_") {
		t.Add(&conditionCall, i, len(word))
	}
}

var (
	joinedQuotes = lex.NewList("' or ", "' and ", "\" or ", "\" and ")
	passwords    = lex.NewList("doc['passw", "doc[\"passw", "_source['passw", "_source[\"passw")
)

// functions weighs conditions behind a closed group, calls from inside of a database, and
// functions that are the whole value where a database takes them for its own.
func functions(data []byte, v *point.Value, tree *point.Tree, t *evidence.Tally) {
	if v.Classes&point.Paren != 0 && v.Classes&point.Space != 0 && len(data) <= maxClause {
		if v.Classes&point.Colon != 0 && !lex.HasSuffix(tree.Name(v.Ref), "expression") { // of a request of DynamoDB's own
			alternative(data, t)
		}
		if i, _ := joinedQuotes.First(data); i >= 0 && i < maxNamed && bytes.Count(data[:i+1], data[i:i+1]) == 1 {
			if at, word := conditionCalls.First(data[i:]); at >= 0 && at < len("' and not ")+1 {
				t.Add(&conditionCall, i, at+len(word))
			}
		}
		if i := lex.Index(data, ") or "); i >= 0 && i < maxNamed && bytes.IndexByte(data[:i], '(') < 0 && lex.WordEnd(data[len(data)-len(bytes.TrimLeft(data, ":@#")):], 0) >= i-2 {
			if at, word := conditionCalls.First(data[i:]); at >= 0 {
				t.Add(&conditionCall, i, at+len(word))
			}
		}
	}
	if v.Classes&(point.Quote|point.Paren|point.Dot) == point.Quote|point.Paren|point.Dot {
		if evaluates(data) {
			t.Add(&shellCall, 0, len("eval"))
		}
		if closesEarly(data) {
			if i, word := scriptCall(data[:min(len(data), maxClause)]); i > 0 && closesEarly(data[:i]) && !lex.Prose(data[:i]) {
				t.Add(&shellCall, i, len(word))
			}
		}
	}
	if v.Classes&(point.Quote|point.Bracket) == point.Quote|point.Bracket && passwords.May(v.Pairs) { // a script of Elasticsearch
		if i, word := passwords.First(data[:min(len(data), maxClause)]); i >= 0 && !lex.Prose(data[:i]) {
			t.AddWeight(&searchAll, evidence.Threshold, i, len(word))
		}
	}
	if v.Classes&(point.Paren|point.Brace) == point.Paren|point.Brace && lex.HasPrefix(data, "function") && len(data) <= maxClause {
		body := bytes.IndexByte(data, '{')
		if body > 0 && body < maxNamed && (lex.HasPrefix(data[body+1:], "emit(") || lex.HasPrefix(data[body+1:], "return db.")) {
			t.Add(&scriptThis, 0, body)
		}
	}
	if v.Classes&(point.Paren|point.Space) == point.Paren|point.Space && lex.HasPrefix(data, "match (") && bytes.HasSuffix(bytes.TrimRight(data, " "), []byte(" //")) && lex.Contains(data, " return ") {
		t.Add(&graphQuery, len(data)-2, 2) // what the application adds is cut off
	}
	if v.Classes&point.Brace != 0 && (lex.HasPrefix(data, "while(true){}") || lex.HasPrefix(data, "while(1){}") || lex.HasPrefix(data, "for(;;){}")) {
		t.Add(&busyLoop, 0, 9)
	}
}

// closesEarly reports whether a string and a call are closed by what a text begins with.
func closesEarly(text []byte) bool {
	text = text[:min(len(text), 16)]
	return lex.IndexQuote(text) >= 0 && bytes.IndexByte(text, ')') > 0
}

// numbers reports whether what stands behind the first word of a line is numbers only:
// the rest of a command that stores something.
func numbers(line []byte) bool {
	i := bytes.IndexByte(line, ' ')
	return i > 0 && len(bytes.Trim(line[i:], "0123456789 ")) == 0
}
