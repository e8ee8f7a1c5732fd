package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// within adds what the brackets around a command tell: an expansion that calculates or has a default, a
// group behind a separator, a substitution by a command that prints nothing.
func (c *call) within(t *evidence.Tally, score int) {
	switch {
	case c.at == start || c.documented() || c.line || c.source || c.pasted():
	case c.at >= substitution && c.rank != unknown && c.expanded():
		t.Add(&outputRun, max(0, c.first-2), c.word.end-c.first+2)
	case c.at == substitution && c.silent() && score == 0:
		t.Add(&closed, c.first, c.word.end-c.first)
	case c.at == separator && c.rank == tool && c.grouped() && !c.closes():
		t.Add(&closed, c.first, c.word.end-c.first)
	}
}

// maxExpansion bounds what is read back for the beginning of an expansion.
const maxExpansion = 24

// expanded reports whether a command is substituted inside of an expansion that calculates, an index, or the
// value that a variable gets: $((`id`)), ${a[$(id)]}, ${x:=`id`}. Scripts set variables so, in a line
// that begins with a name.
func (c *call) expanded() bool {
	before := bytes.TrimRight(c.data[max(0, c.first-maxExpansion):c.first], " ({\n")
	before = bytes.TrimRight(bytes.TrimSuffix(bytes.TrimSuffix(before, []byte("$")), []byte("`")), "\"")
	i := bytes.LastIndexByte(before, '$')
	if i < 0 || i+1 >= len(before) && c.at == substitution || c.assigned() {
		return false
	}
	if name := bytes.TrimSuffix(before[:i], []byte("\"")); len(name) > 1 && name[len(name)-1] == '=' && lex.Word(name[len(name)-2]) {
		return false
	}
	inside := before[i+1:]
	if len(inside) == 0 { // $((`id`)): the parentheses are cut off
		return c.at == backtick && bytes.HasSuffix(c.data[:c.first-1], []byte("$(("))
	}
	last := inside[len(inside)-1]
	for _, b := range inside[1:] {
		if !lex.Word(b) && bytes.IndexByte([]byte("[(:=-+!#/"), b) < 0 {
			return false
		}
	}
	switch inside[0] {
	case '[':
		return true
	case '(':
		return len(inside) > 1 && inside[1] == '(' && (last == '[' || last == '(')
	case '{':
		return last == '[' || c.at == backtick && c.rank >= tool && bytes.IndexByte([]byte("=-+"), last) >= 0
	}
	return false
}

// substitutes reports whether text begins with a substitution as ksh and newer versions of bash have it, whose
// commands end with a semicolon: ${ id;}
func substitutes(text []byte) bool {
	if len(text) < 6 || text[0] != '$' || text[1] != '{' || text[2] != ' ' && text[2] != '|' {
		return false
	}
	end := bytes.IndexByte(text[:min(len(text), 2*longestWord)], '}')
	return end > 4 && bytes.HasSuffix(bytes.TrimRight(text[:end], " "), []byte(";"))
}

// assigned reports whether a value begins with an assignment.
func (c *call) assigned() bool {
	if c.worded == 0 {
		c.worded = 1 + lex.WordEnd(c.data, 0)
	}
	end := c.worded - 1
	return end > 0 && end < len(c.data) && (c.data[end] == '=' || c.data[end] == '+' || c.data[end] == ':')
}

// silent reports whether a command prints nothing, so that no script puts it into a substitution for what
// it prints.
func (c *call) silent() bool {
	return c.at == substitution && !c.documented() && !c.line && !c.source && !c.pasted() && len(c.rest) > 1 && c.rest[0] == ' ' && bytes.IndexByte(c.rest, ')') > 0 && bytes.IndexByte(c.rest[1:bytes.IndexByte(c.rest, ')')], ' ') < 0 &&
		lex.OneOf(c.word.text(), "touch", "rm", "mkdir", "rmdir", "chmod", "kill", "killall", "pkill", "sleep", "usleep", "init", "shutdown", "wall", "umount", "useradd", "userdel", "unlink", "insmod", "rmmod")
}

// grouped reports whether a bracket that groups commands stands right behind the separator and is closed:
// a;(pip list), a;{ pip list;}
func (c *call) grouped() bool {
	before := bytes.TrimRight(c.data[max(0, c.first-4):c.first], " ")
	n := len(before)
	if n < 2 || bytes.IndexByte([]byte(";|&"), before[n-2]) < 0 {
		return false
	}
	switch before[n-1] {
	case '(':
		return bytes.IndexByte(c.rest, ')') > 0
	case '{':
		return c.data[c.first-1] == ' ' && bytes.Contains(c.rest, []byte(";}"))
	}
	return false
}

// complete reports whether a substitution by a command ends soon behind a few words: a$(systemctl list-units)
func (c *call) complete() bool {
	if c.at != substitution || c.documented() || c.line || c.source || c.pasted() || c.assigned() || c.administers() || lex.OneOf(c.word.text(), "dirname", "basename", "realpath", "readlink", "mktemp", "getconf", "nproc") {
		return false
	}
	end := bytes.IndexByte(c.rest, ')')
	return end > 1 && end < longestWord && c.rest[0] == ' ' && lex.Gaps(c.rest[:end]) <= 3 && !lex.Prose(c.rest[end:])
}

// starters are programs that start the one they are given.
var starters = []string{"strace", "ltrace", "setarch", "unshare", "chroot", "cpulimit", "logsave", "rlwrap", "busybox", "toybox", "aa-exec", "choom", "chrt", "torify", "torsocks", "proxychains", "runuser", "gdb", "valgrind", "script", "flock", "nsenter", "setpriv", "sudo", "doas", "watch", "expect", "ld.so", "ld-linux-x86-64.so.2"}

// startsOther reports whether the last argument is a command by which attacks ask or wait, and the command one
// that starts others.
func startsOther(name, args []byte) bool {
	last := args[bytes.LastIndexAny(args, " /")+1:]
	return lex.OneOf(name, starters...) && asked(last)
}
