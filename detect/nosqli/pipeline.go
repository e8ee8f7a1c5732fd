package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// stages begin a stage of a search behind a bar that changes something, or reads what was not
// searched: those of Splunk and of Kusto.
var stages = []string{
	"inputlookup ", "outputlookup ", "outputcsv ", "outputtext ", "sendemail to=", "sendalert ", "map search=", "rest /", "dbxquery ", "runshellscript ", "script python", "script perl", "append [", "appendcols [", "join [",
	"collect index=", "loadjob ", "savedsearch ", "eventcount ", "metadata type=", "makeresults", "union *", "union (", "externaldata(", "evaluate ", "stats count by passw", "table passw", "project passw",
}

// pipelines finds what goes on behind the first quote of a value as the languages of searches and
// series of measurements do: " | inputlookup a, ") |> drop() //, "} or {a="
func pipelines(data []byte, t *evidence.Tally) {
	i := lex.IndexQuote(data[:min(len(data), maxEnded)])
	if i < 0 || len(data) > maxClause || lex.Prose(data[:i]) {
		return
	}
	rest := bytes.TrimLeft(data[i+1:], " )")
	switch {
	case len(rest) < 4:
	case bytes.HasPrefix(rest, []byte("|>")):
		if flows(rest[2:]) {
			t.Add(&operatorInject, i, len(data)-len(rest)+2-i)
		}
	case rest[0] == '|' && rest[1] != '|' && (i == 0 || !lex.Digit(data[i-1])): // no inches
		stage := bytes.TrimLeft(rest[1:], " ")
		if n := lex.PrefixLength(stage, stages); n > 0 || lex.Equal(bytes.TrimRight(stage, " \"'"), "delete") {
			t.Add(&operatorInject, i, len(data)-len(stage)+n-i)
		}
	case rest[0] == '}' && data[i] == '"':
		if selects(rest[1:]) {
			t.Add(&operatorInject, i, 2)
		}
	}
}

// flows reports whether a call is made and what the application adds is a comment.
func flows(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " ")
	end := lex.WordEnd(rest, 0)
	return end > 0 && end < len(rest) && rest[end] == '(' && bytes.HasSuffix(bytes.TrimRight(rest, " "), []byte("//"))
}

// selects reports whether another choice of series follows the end of one, and the value ends
// inside of a string of it or in a comment: or {a="b, [5m]) or vector(1) #
func selects(rest []byte) bool {
	joint, _ := selectors.First(rest)
	if joint < 0 || joint > len("[15m]) ") {
		return false
	}
	behind := rest[joint:]
	if bytes.HasSuffix(rest, []byte("#")) {
		return bytes.IndexByte(behind, '(') > 0
	}
	return bytes.IndexByte(behind, '{') > 0 && (bytes.Contains(behind, []byte(`="`)) || bytes.Contains(behind, []byte(`~"`))) && bytes.Count(behind, []byte{'"'})%2 == 1
}

// selectors join choices of series.
var selectors = lex.NewList(" or ", " and ", " unless ")

// unquoted reads a clause of a graph query behind a number, a label or a column that a value
// closes, which ends in a comment: 1 RETURN n //, Person) DETACH DELETE n //
func unquoted(data []byte, t *evidence.Tally) {
	i := lex.WordEnd(data, 0)
	if i == 0 || len(data) > maxClause || !bytes.HasSuffix(bytes.TrimRight(data, " "), []byte(" //")) {
		return
	}
	k := i
	for k < len(data) && (data[k] == ' ' || data[k] == '}' || data[k] == ')' || data[k] == '`') {
		k++
	}
	closed := len(bytes.TrimSpace(data[i:k])) > 0
	counted := k > i && len(bytes.TrimLeft(data[:i], "0123456789")) == 0 && (lex.Contains(data[i:], " return ") || lex.Contains(data[i:], " detach delete "))
	if closed || counted {
		graph(data, i, k, t)
	}
}

// ranges finds a pattern or a range of a field that is proved with, behind OR: a OR token:/.*/
func ranges(data []byte, t *evidence.Tally) {
	i := lex.Index(data, " or ")
	if i < 0 || lex.Prose(data[:i]) {
		return
	}
	name := data[i+len(" or "):]
	end := lex.WordEnd(name, 0)
	if end+2 < len(name) && name[end] == ':' && (name[end+1] == '/' || name[end+1] == '[' || name[end+1] == '{') && proves(name[:end]) {
		t.AddWeight(&searchAll, evidence.Threshold, i, end+len(" or "))
	}
}
