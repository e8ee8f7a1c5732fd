package ssti

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// literal reads a short string of letters in quotes; '-' is no probe but a line.
func literal(s []byte, i int) (ok bool, end int) {
	quote := at(s, i)
	if quote != '\'' && quote != '"' {
		return false, i
	}
	n := bytes.IndexByte(s[i+1:min(len(s), i+26)], quote)
	return n >= 1 && lex.Word(s[i+1]), i + n + 2
}

// filtered reports whether a filter that calculates follows a bar: 7|add:7, 7 | times: 7.
func filtered(s []byte, i int) bool {
	i = lex.SkipSpace(s, i)
	end := lex.WordEnd(s, i)
	for _, f := range [...]string{"add", "times", "plus", "minus", "multiply", "divided_by", "modulo", "mul"} {
		if lex.Equal(s[i:end], f) {
			i = lex.SkipSpace(s, end)
			if c := at(s, i); c != ':' && c != '(' {
				return false
			}
			ok, _ := constant(s, lex.SkipSpace(s, i+1))
			return ok
		}
	}
	return false
}

// repeated reads a short string that is multiplied: 'x' * 64.
func repeated(s []byte, i int) (ok bool, end int) {
	quote := at(s, i)
	if quote != '\'' && quote != '"' {
		return false, i
	}
	n := bytes.IndexByte(s[i+1:min(len(s), i+18)], quote)
	if n < 1 {
		return false, i
	}
	end = i + n + 2
	return at(s, lex.SkipSpace(s, end)) == '*', end
}

// constant reads a number, or a number in quotes.
func constant(s []byte, i int) (ok bool, end int) {
	quote := at(s, i)
	if quote == '\'' || quote == '"' {
		i++
	}
	start := i
	for i < len(s) && (lex.Digit(s[i]) || s[i] == '.' && i > start) {
		i++
	}
	if i == start || i-start > 18 {
		return false, i
	}
	if quote == '\'' || quote == '"' {
		if at(s, i) != quote {
			return false, i
		}
		i++
	}
	return i >= len(s) || !lex.Word(s[i]), i
}
