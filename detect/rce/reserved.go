package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// reserved reports whether the command is a word of the shell's own grammar right behind
// a separator, behind which a command follows: ;then id, ;do id, ;eval id.
func (c *call) reserved() bool {
	if c.at == substitution && lex.Equal(c.word.text(), "eval") {
		return len(c.rest) > 1 && c.rest[0] == ' '
	}
	if c.at != separator || c.first == 0 || c.data[c.first-1] != ';' && c.data[c.first-1] != '&' {
		return false
	}
	return c.rank == grammar || lex.Equal(c.word.text(), "eval")
}

// condition reports whether [ or [[ begins a command at i.
func condition(data []byte, i int) bool {
	return i+3 < len(data) && i > 0 && data[i] == '[' && (data[i+1] == ' ' || data[i+1] == '[' && data[i+2] == ' ')
}

// condition weighs a test in brackets by the operators that only tests have.
func (r *reader) condition(i int) {
	rest := r.data[i:min(len(r.data), i+window)]
	end := bytes.IndexByte(rest, ']')
	if end < 0 {
		return
	}
	inner := bytes.TrimLeft(rest[:end], "[ ")
	if len(inner) < 4 || inner[0] != '$' && inner[0] != '`' && (inner[0] != '"' || inner[1] != '$') && (inner[0] != '-' || !lex.Letter(inner[1]) || inner[2] != ' ') {
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.Add(&separated, max(0, i-1), end+1)
	t.Add(&argument, i, end+1)
	if r.blanks > 6 || r.documented() || bytes.IndexByte(r.data, '\n') >= 0 || lex.HasPrefix(r.data, "if ") || lex.HasPrefix(r.data, "while ") {
		t.Cap(5)
	}
	keep(&t, r.best)
}

// sources reports whether a dot is the command that reads another file's commands.
func (c *call) sources() bool {
	if c.word.hidden || len(c.rest) < 3 || c.rest[0] != ' ' {
		return false
	}
	switch next := bytes.TrimLeft(c.rest, " "); {
	case len(next) < 2:
		return false
	default:
		return next[0] == '/' || next[0] == '~' || next[0] == '<' && next[1] == '(' || next[0] == '.' && next[1] == '/'
	}
}

// executed reports whether what a substitution prints is run as a command: it stands
// where a command does, at the value's start, behind a separator or behind a dot.
func (c *call) executed() bool {
	from := max(0, c.first-len("(   "))
	open := bytes.LastIndexByte(c.data[from:c.first], '(') + from
	if open < max(1, from) {
		return false
	}
	if len(bytes.TrimLeft(c.rest, " ")) == 0 || c.documented() || lex.OneOf(c.word.text(), "dirname", "basename", "realpath", "readlink", "date") {
		return false
	}
	if end := bytes.IndexByte(c.rest, ')'); end >= 0 && lex.Prose(c.rest[end:]) {
		return false
	}
	before := bytes.TrimRight(c.data[max(0, open-8):open-1], " ")
	switch {
	case len(before) == 0:
		return open == 1
	case c.data[open-1] == '<':
		return before[len(before)-1] == '.' || lex.HasSuffix(before, "source")
	}
	return point.ClassOf[before[len(before)-1]]&(point.Semicolon|point.Pipe|point.Ampersand|point.Newline) != 0
}

// function reads a function that is defined at i: its first command, if it stands behind
// a separator, f(){ id;};f, and whether it forks itself, :(){ :|:& };:
func (r *reader) function(i int, at position) {
	end := i
	if end < len(r.data) && (r.data[end] == ':' || r.data[end] == '.') {
		end++
	} else {
		end = lex.WordEnd(r.data[:min(len(r.data), i+longestWord)], i)
	}
	if end == i || end+4 > len(r.data) || r.data[end] != '(' || r.data[end+1] != ')' {
		return
	}
	body := bytes.TrimLeft(r.data[end+2:min(len(r.data), end+longestWord)], " ")
	if len(body) < 2 || body[0] != '{' && body[0] != '(' {
		return
	}
	if forks(bytes.TrimLeft(body[1:], " "), r.data[i:end]) {
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.ShellWord)
		t.Add(&separated, i, end-i+2)
		t.Add(&closed, i, end-i+2)
		keep(&t, r.best)
	} else if at != start {
		r.body = end + len("()")
	}
}

// forks reports whether a function's body begins with the function twice, with a bar
// between.
func forks(body, name []byte) bool {
	rest, found := bytes.CutPrefix(body, name)
	if !found {
		return false
	}
	rest, found = bytes.CutPrefix(bytes.TrimLeft(rest, " "), []byte("|"))
	return found && bytes.HasPrefix(bytes.TrimLeft(rest, " "), name)
}

// opens reports whether the separator in front of the command is the value's first byte,
// and a short line follows: no sentence begins so.
func (c *call) opens() bool {
	if c.at != separator && c.at != ampersand || c.first > c.openings() {
		return false
	}
	line := bytes.TrimRight(c.rest, " \n\r")
	return c.first > 0 && len(line) < 64 && lex.Gaps(line) <= 4 && bytes.IndexByte(line, '\n') < 0 && (len(line) == 0 || line[len(line)-1] != '|' && line[len(line)-1] != '.')
}

// quotedPipe reports whether a string is a bar and a command, as languages write a pipe
// for a file: '|id'.
func (c *call) quotedPipe() bool {
	if c.at != separator || c.first < 2 || c.data[c.first-1] != '|' || len(c.rest) == 0 {
		return false
	}
	q := c.data[c.first-2]
	return (q == '\'' || q == '"') && bytes.IndexByte(c.rest[:min(len(c.rest), longestWord)], q) >= 0
}

// glued reports whether no blank stands between the separator and the command, and
// another separator than an ampersand.
func (c *call) glued() bool { return c.at == separator && c.data[c.first-1] > ' ' }
