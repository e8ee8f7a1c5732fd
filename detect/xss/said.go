package xss

import (
	"bytes"
	"unicode"

	"github.com/weirnode/weir/detect/lex"
)

// declares reports whether a value is a script from its first word, which no expression
// can go on with, and which neither reads cookies nor leads elsewhere: const a = ...
func declares(data []byte) bool {
	end := lex.WordEnd(data, 0)
	if !lex.OneOf(data[:end], "const", "let", "var", "function", "class") || end+2 >= len(data) || data[end] != ' ' || !lex.Letter(data[end+1]) {
		return false
	}
	behind := bytes.TrimLeft(data[lex.WordEnd(data, end+1):], " ")
	if len(behind) < 2 || lex.Equal(data[:end], "function") != (behind[0] == '(') || behind[0] != '(' && behind[0] != '=' && behind[0] != '{' {
		return false
	}
	for _, w := range [...]string{"cookie", "location", "eval", "://", "constructor", "localstorage", "atob", "fromcharcode", "domain", "=alert", "= alert", "xss", "alert(1)", "\\x", "\\u", "<script", "import(", "`", "?.", ".call", ".apply", "getscript", "new function", "/*", "//"} {
		if lex.Contains(data, w) {
			return false
		}
	}
	for _, sink := range [...]string{"alert", "confirm", "prompt"} {
		for rest := data; ; {
			i := lex.Index(rest, sink)
			if i < 0 {
				break
			}
			rest = rest[i+len(sink):]
			if !talks(rest) {
				return false
			}
		}
	}
	return true
}

// talks reports whether a box is shown with a text of letters or with a variable, as no
// tester cares to.
func talks(call []byte) bool {
	if len(call) < 4 || call[0] != '(' {
		return false
	}
	text := bytes.TrimLeft(call[1:], "'\"")
	return len(text) > 1 && lex.Letter(text[0]) && lex.Word(text[1]) && !lex.HasPrefix(text, "document") && !lex.HasPrefix(text, "window")
}

// titles reports whether nothing but words follows behind a call and a blank, as in what people
// search for: alert(1) javascript popup blocker. What reaches into the page or out of it is meant.
func titles(next []byte) bool {
	end := closing(next, 0)
	return next[0] == '(' && end > 0 && end+2 < len(next) && next[end+1] == ' ' && prose(next[end+2:]) && bytes.IndexByte(next[:end], '.') < 0
}

// saidOf reports whether two words follow behind a call and a blank: setTimeout("f()", 9)
// is slow. No script has that, and an attribute without quotes would end at the blank that
// the call must hold.
func saidOf(next []byte) bool {
	if next[0] != '(' {
		return false
	}
	end := closing(next, 0)
	if end < 2 || bytes.IndexByte(next[:end], ' ') < 0 || end+4 >= len(next) || next[end+1] != ' ' || !lex.Letter(next[end+2]) {
		return false
	}
	behind := lex.WordEnd(next, end+2)
	return behind+2 < len(next) && next[behind] == ' ' && lex.Letter(next[behind+1]) && lex.Letter(next[behind+2]) && !joins(next[end+2:behind]) && !lex.OneOf(next[end+2:behind], "instanceof", "in", "of", "as")
}

// wordsFollow reports whether a call without an argument is followed by words, which no
// code has there: alert() vs confirm().
func wordsFollow(next []byte) bool {
	rest, empty := bytes.CutPrefix(next, []byte("() "))
	end := lex.WordEnd(rest, 0)
	return empty && end > 1 && lex.Letter(rest[0]) && end+1 < len(rest) && rest[end] == ' ' && lex.Letter(rest[end+1]) && !lex.OneOf(rest[:end], "in", "instanceof", "of")
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

// ownKey reports whether what a member of an object is computed from is a constant of the program,
// by its name, and not set in the value itself: this[_setHead](stream), this[kOnDrain](client)
func ownKey(before, key []byte) bool {
	if lex.WordEnd(key, 0) != len(key) || lex.Digit(key[0]) || key[0] != '_' && (len(key) <= 4 || !bytes.ContainsFunc(key, unicode.IsUpper)) {
		return false
	}
	return !assigned(behindSymbol(before, key), key)
}

// behindSymbol returns what stands behind the line that makes a name a symbol, which is no member of a window, or all of
// the text if none does: const PROCESS = Symbol('process')
func behindSymbol(text, name []byte) []byte {
	i := bytes.Index(text, name)
	if i < 0 || !bytes.HasSuffix(text[:i], []byte("const ")) || !bytes.HasPrefix(text[i+len(name):], []byte(" = Symbol(")) {
		return text
	}
	end := bytes.IndexByte(text[i:], '\n')
	return text[i+max(0, end):]
}

// maxUses is how often a name may be used in front of where it was asked for.
const maxUses = 64

// assigned reports whether a name gets a value, or is given to a function as an argument's name.
func assigned(text, name []byte) bool {
	for range maxUses {
		i := bytes.Index(text, name)
		if i < 0 {
			return false
		}
		inBrackets := i > 1 && text[i-1] == '[' && (isName(text[i-2]) || text[i-2] == ')' || text[i-2] == ']') // and no pattern that is set
		text = text[i+len(name):]
		if len(text) > 0 && isName(text[0]) {
			continue // of another name
		}
		if !inBrackets || len(text) == 0 || text[0] != ']' || len(text) > 2 && text[1] == '=' && text[2] != '=' {
			return true
		}
	}
	return true
}
