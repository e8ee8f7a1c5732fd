package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// ofTongue reports whether a phrase of Perl, Ruby, PHP or Node goes on as that language does.
func ofTongue(data []byte, i int, p string, rest []byte) bool {
	switch p {
	case "(*%w", " *%w(", " *%w[": // system(*%w[uname -a])
		return lex.SuffixLength(data[:i], []string{"system", "exec", "spawn", "popen"}) > 0
	case ";print <", ";print<": // what a handle holds
		end := bytes.IndexByte(rest, '>')
		return end == 0 || end > 0 && (rest[0] == '$' || capitals(rest[:end]))
	case "new splfileobject(":
		return bytes.Contains(rest, []byte("))->"))
	case "kernel.`", "kernel::`":
		return len(rest) > 1 && rest[0] == '('
	case "[:system]", "[:exec]":
		return len(rest) > 1 && rest[0] == '.'
	case "with(process)":
		return lex.PrefixLength(rest, []string{"env", "mainmodule", "binding", "{", "exit", "kill"}) > 0
	case "system qw(", "exec qw(":
		return rankOf(readWordText(rest)) != unknown
	case "eval unpack":
		return len(rest) > 1 && (rest[0] == '(' || rest[0] == ' ')
	}
	return !bytes.HasPrefix(rest, []byte(" ")) && len(data) <= longestHanded // %ENV
}

// printsFile reports whether a command that is an English word has an argument that no sentence
// has: cat .env, echo $HOME
func printsFile(command []byte) bool {
	w := readWord(command, 0)
	if w.path || rankOf(w.text()) != english || w.end+2 >= len(command) || command[w.end] != ' ' {
		return false
	}
	argument := command[w.end+1:]
	return bytes.IndexByte([]byte("/$-~"), argument[0]) >= 0 || argument[0] == '.' && lex.Letter(argument[1])
}

// referred are what Perl takes a reference of, in a string, to run it: ${\do{...}}
var referred = []string{"`", "qx", "do{", "do {", "system", "exec", "readpipe(", "eval", "(`", "(system", "(exec", "(qx", "(do{", "(print", "(values", "(eval", "(readpipe"}

// dereferenced weighs code in a string of Perl that is run through a reference: ${\`id`}
func dereferenced(data []byte, best *evidence.Tally) {
	i := bytes.Index(data, []byte("${\\"))
	if i < 0 {
		return
	}
	if n := lex.PrefixLength(data[i+3:], referred); n > 0 {
		one(&codeCall, i, 3+n, evidence.Code, best)
	}
}

// handle reports whether a value is a command and a bar right behind it, which Perl opens for a file.
// Lines of scripts that go on in the next one have a blank there.
func (c *call) handle() bool {
	bar := bytes.IndexByte(c.rest, '|')
	return c.first < 3 && len(c.data) <= longestWord && bar > 0 && bar == len(c.rest)-1 && c.rest[bar-1] > ' ' && !bytes.ContainsAny(c.rest, ";&\n")
}
