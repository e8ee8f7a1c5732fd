package ssti

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// filterCalls reads what stands behind each bar.
func filterCalls(inside []byte, off int, t *evidence.Tally) {
	for i := lex.Next(inside, 0, '|'); i < len(inside); i = lex.Next(inside, i+1, '|') {
		filterCall(inside, i+1, off, t)
	}
}

// callingFilters call what they are given by name.
var callingFilters = [...]string{"map", "filter", "sort", "reduce", "find"}

// filterCall reads |map('system') and its kin behind a bar.
func filterCall(inside []byte, i, off int, t *evidence.Tally) {
	i = lex.SkipSpace(inside, i)
	if at(inside, i) == '@' { // which gives Smarty the whole list
		i++
	}
	if end := lex.WordEnd(inside, i); end > i && function(inside[i:end]) && (quotedBefore(inside[:i]) || at(inside, 0) == '$') {
		t.Add(&callback, off+i, end-i)
		return
	}
	for _, f := range callingFilters {
		if !lex.HasPrefix(inside[i:], f) {
			continue
		}
		k := lex.SkipSpace(inside, i+len(f))
		if c := at(inside, k); c != '(' && c != ':' { // which Latte writes
			continue
		}
		k = lex.SkipSpace(inside, k+1)
		quote := at(inside, k)
		if quote != '\'' && quote != '"' {
			end := lex.WordEnd(inside, k)
			if quote == '[' {
				end = k + 1 + max(0, bytes.IndexByte(inside[k:min(len(inside), k+64)], ']'))
			}
			if end > k && at(inside, end) == '|' { // the name is made by filters
				t.Add(&callback, off+i, end-i)
				return
			}
			continue
		}
		end := lex.WordEnd(inside, k+1)
		if joint := lex.SkipSpace(inside, end+1); at(inside, end) == quote && at(inside, joint) == '~' || function(inside[k+1:end]) {
			t.Add(&callback, off+i, end-i)
			return
		}
	}
}

// quotedBefore reports whether a string stands in front of a bar.
func quotedBefore(before []byte) bool {
	before = bytes.TrimRight(before, " |@")
	return len(before) > 1 && (before[len(before)-1] == '\'' || before[len(before)-1] == '"')
}

var functions = lex.NewWords("system exec passthru shell_exec popen assert phpinfo eval call_user_func file_get_contents file_put_contents readfile show_source highlight_file")

// function reports whether a word is a function that runs code.
func function(w []byte) bool {
	return functions.Has(w)
}

// literalMethod finds "".getClass(), 'a'.toUpperCase(), [].class, {}.x().
func literalMethod(inside []byte, off int, t *evidence.Tally) {
	i := lex.SkipSpace(inside, 0)
	if c := at(inside, i); c == '(' || c == '{' { // ${{"a".b()}}
		i++
	}
	start := i
	switch c := at(inside, i); c {
	case '\'', '"':
		n := bytes.IndexByte(inside[i+1:], c)
		if n < 0 {
			return
		}
		i += n + 2
	case '[', '(':
		if at(inside, i+1) != c+2 && at(inside, i+1) != c+1 {
			return
		}
		i += 2
	default:
		if i = numberEnd(inside, i); i == start || start == 0 || inside[start-1] != '(' || at(inside, i) != ')' { // (1).TYPE
			return
		}
	}
	if at(inside, i) == ')' {
		i++
	}
	if quote := at(inside, i+1); at(inside, i) == '[' && ((quote == '\'' || quote == '"') && (lex.HasPrefix(inside[i+2:], "class") || at(inside, i+2) == '_' || at(inside, i+2) == '\\') || chosen(inside[i+1:])) {
		t.Add(&literalCall, off+start, i-start)
		return
	}
	if at(inside, i) != '.' {
		return
	}
	if lex.HasPrefix(inside[i+1:], "__") {
		t.Add(&literalCall, off+start, i-start)
		return
	}
	end := lex.WordEnd(inside, i+1)
	if lex.Equal(inside[i+1:end], "class") || string(inside[i+1:end]) == "TYPE" {
		t.Add(&literalCall, off+start, end-start)
	}
	if end > i+2 && (at(inside, end) == '(' || at(inside, end) == '.') {
		t.Add(&literalCall, off+start, end-start)
	}
}
