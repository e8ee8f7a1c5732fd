package ssti

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// maxPiped bounds a tag of Smarty that is read for the functions it pipes a value into.
const maxPiped = 160

// pipesInto reports whether a tag of Smarty hands a string, a variable or what a call gives to a
// function that runs code: {"id"|system}. Words that bars part are a choice: {run|exec|stop}
func pipesInto(tag []byte) bool {
	tag = tag[:min(len(tag), maxPiped)]
	if bar := bytes.IndexByte(tag, '|'); bar < 1 || bytes.IndexByte(tag[:bar], '}') >= 0 || bytes.IndexByte(tag[:bar], '{') >= 0 {
		return false
	}
	if end := bytes.IndexAny(tag, "{}"); end >= 0 { // what another tag begins with is read there
		tag = tag[:end+1]
	}
	for from := 0; ; {
		bar := bytes.IndexByte(tag[from:], '|')
		if bar < 1 {
			return false
		}
		bar += from
		from = bar + 1
		if at(tag, from) == '@' {
			from++
		}
		if end := lex.WordEnd(tag, from); end < len(tag) && function(tag[from:end]) && (tag[bar-1] == '\'' || tag[bar-1] == '"' || tag[bar-1] == ')') {
			return true
		}
	}
}

// callsAlone reports whether a tag of Smarty is nothing but the call of a function that runs code, reads
// a file or prints what the server knows. Statements of programs in braces end with a semicolon.
func callsAlone(tag []byte) bool {
	tag = tag[:min(len(tag), maxPiped)]
	end := lex.WordEnd(tag, 0)
	if at(tag, end) != '(' || !function(tag[:end]) && !lex.OneOf(tag[:end], "print_r", "var_dump", "getenv", "implode", "file") {
		return false
	}
	closed := bytes.IndexByte(tag, '}')
	return closed > 1 && (tag[closed-1] == ')' || bytes.Contains(tag[:closed], []byte(")|"))) && bytes.IndexByte([]byte("'\"$"), at(tag, end+1)) >= 0
}

// printsSecret reports whether a variable of the environment that a tag prints is named like a secret.
// Literals of JavaScript, whose marks are others, hold such names all the time.
func (b *block) printsSecret(name []byte) bool {
	if b.style != tag || b.mark != '<' {
		return false
	}
	return secretVariables.In(name[:lex.WordEnd(name, 0)])
}

var secretVariables = lex.NewList("secret", "passw", "token", "private", "api_key", "access_key", "credential", "database_url")
