package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// declares reports whether a value is a script from its first word, which no expression
// can go on with, and which neither reads cookies nor leads elsewhere: const a = ...
func declares(data []byte) bool {
	end := lex.WordEnd(data, 0)
	if !isOneOf(data[:end], "const", "let", "var", "function", "class") || end+2 >= len(data) || data[end] != ' ' || !lex.Letter(data[end+1]) {
		return false
	}
	behind := bytes.TrimLeft(data[lex.WordEnd(data, end+1):], " ")
	if len(behind) < 2 || lex.Equal(data[:end], "function") != (behind[0] == '(') || behind[0] != '(' && behind[0] != '=' && behind[0] != '{' {
		return false
	}
	for _, w := range [...]string{"cookie", "location", "eval", "://", "constructor", "localstorage", "atob", "fromcharcode", "domain", "=alert", "= alert", "xss", "alert(1)", "\\x", "\\u", "<script", "import("} {
		if lex.Contains(data, w) {
			return false
		}
	}
	return true
}

// saidOf reports whether two words follow behind a call and a blank: setTimeout("f()", 9)
// is slow.
func saidOf(next []byte) bool {
	if next[0] != '(' {
		return false
	}
	end := closing(next, 0)
	if end < 2 || end+4 >= len(next) || next[end+1] != ' ' || !lex.Letter(next[end+2]) {
		return false
	}
	behind := lex.WordEnd(next, end+2)
	return behind+2 < len(next) && next[behind] == ' ' && lex.Letter(next[behind+1]) && lex.Letter(next[behind+2]) && !joins(next[end+2:behind]) && !isOneOf(next[end+2:behind], "instanceof", "in", "of", "as")
}

// wordsFollow reports whether a call without an argument is followed by words, which no
// code has there: alert() vs confirm().
func wordsFollow(next []byte) bool {
	rest, empty := bytes.CutPrefix(next, []byte("() "))
	end := lex.WordEnd(rest, 0)
	return empty && end > 1 && lex.Letter(rest[0]) && end+1 < len(rest) && rest[end] == ' ' && lex.Letter(rest[end+1]) && !isOneOf(rest[:end], "in", "instanceof", "of")
}

// settles reports whether a cookie is set to a name, a value and the beginning of an
// attribute, as pages remember choices: ="theme=dark; path=/".
func settles(tail []byte) bool {
	tail = bytes.TrimLeft(bytes.TrimPrefix(tail, []byte("=")), " ")
	if len(tail) < 2 || tail[0] != '"' && tail[0] != '\'' {
		return false
	}
	end := bytes.IndexByte(tail[1:], tail[0])
	if end < 0 {
		return false
	}
	name, rest, ok := bytes.Cut(tail[1:1+end], []byte("="))
	value, attribute, more := bytes.Cut(rest, []byte("; "))
	return ok && more && lex.WordEnd(name, 0) == len(name) && lex.WordEnd(value, 0) == len(value) && len(value) > 0 && (lex.HasPrefix(attribute, "path=") || lex.HasPrefix(attribute, "expires=") || lex.HasPrefix(attribute, "max-age=") || lex.HasPrefix(attribute, "samesite="))
}
