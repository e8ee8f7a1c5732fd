package ssti

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// special reports whether an expression is a variable of FreeMarker's own that tells what the
// engine knows.
func special(expression []byte) bool {
	if len(expression) < 5 || expression[0] != '.' {
		return false
	}
	end := lex.WordEnd(expression, 1)
	return lex.OneOf(expression[1:end], "version", "globals", "main", "vars", "locals", "namespace", "data_model", "template_name", "main_template_name", "current_template_name", "caller_template_name", "incompatible_improvements")
}

// printsConfig reports whether an expression prints an application's settings through a filter.
func printsConfig(expression []byte) bool {
	name, filter, ok := bytes.Cut(expression, []byte("|"))
	name, filter = bytes.TrimSpace(name), bytes.TrimSpace(filter)
	if !ok || !lex.Equal(name, "config") && !lex.Equal(name, "self") && !lex.Equal(name, "request") {
		return false
	}
	end := lex.WordEnd(filter, 0)
	return lex.OneOf(filter[:end], "pprint", "string", "list", "tojson", "safe", "join", "urlencode", "attr", "format", "dictsort", "items")
}

// adds reports whether an expression is a function of two constants that calculates, as in
// templates of Go: mul 7 7
func adds(expression []byte) bool {
	end := lex.WordEnd(expression, 0)
	for _, f := range [...]string{"mul", "add", "sub", "div", "mod"} {
		if !lex.Equal(expression[:end], f) {
			continue
		}
		first := lex.SkipSpace(expression, end)
		behind := numberEnd(expression, first)
		second := lex.SkipSpace(expression, behind)
		return behind > first && second > behind && second < len(expression) && numberEnd(expression, second) == len(expression)
	}
	return false
}

// totals reports whether an expression adds up a list of numbers: [7,7]|sum
func totals(expression []byte) bool {
	list, filter, ok := bytes.Cut(expression, []byte("|"))
	list = bytes.TrimSpace(list)
	return ok && len(list) > 4 && (list[0] == '[' || list[0] == '(') && bytes.IndexByte(list, ',') > 0 && len(bytes.Trim(list, "[(0123456789, )]")) == 0 && lex.HasPrefix(bytes.TrimSpace(filter), "sum")
}

// equates reports whether Smarty's math is given two constants: math equation="7*7"
func equates(expression []byte) bool {
	equation, ok := bytes.CutPrefix(expression, []byte("math equation="))
	equation = bytes.Trim(equation, "\"' ")
	end := numberEnd(equation, 0)
	return ok && end > 0 && end+1 < len(equation) && equation[end] == '*' && numberEnd(equation, end+1) == len(equation)
}

// putTogether reports whether a name is made of the keys of a dictionary: dict(__cla=1,ss__=1)|join
func putTogether(expression []byte) bool {
	i := lex.Index(expression[:min(len(expression), 2+len("dict("))], "dict(")
	if i < 0 {
		return false
	}
	_, filter, ok := bytes.Cut(expression[i:], []byte(")"))
	filter = bytes.TrimLeft(filter, " |)")
	return ok && lex.HasPrefix(filter, "join") && bytes.IndexByte(expression[i:], '=') > 0
}
