package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// wordsBehind reports whether two words follow behind a blank, or one that ends the value, which
// code has neither behind a call nor behind a member: os.system("x") instead of. Templates, in
// whose text code stands among words, lead it with a sign.
func wordsBehind(data []byte, from, end int) bool {
	if bytes.ContainsAny(data[max(0, from-window):from], "$@#!{%<") || end+4 >= len(data) {
		return false
	}
	if data[end] != ' ' {
		return false
	}
	first := data[end+1 : lex.WordEnd(data, end+1)]
	behind := end + 1 + len(first)
	if len(first) < 2 || !lex.Letter(first[0]) {
		return false
	}
	last := len(first) > 3 && (behind == len(data) || data[behind] == '"' || data[behind] == '<' || data[behind] == '?')
	if !last && (behind+2 >= len(data) || data[behind] != ' ' || !lex.Letter(data[behind+1]) || !lex.Letter(data[behind+2])) {
		return false
	}
	return !lex.OneOf(first, "or", "and", "if", "unless", "else", "for", "in", "is", "not", "as", "xor", "do", "then", "while", "until", "rescue", "instanceof", "with", "from", "into", "union", "select", "order", "limit", "where", "as")
}

// callEnd returns the index behind a call whose parenthesis opens at paren, 0 if
// none does nearby.
func callEnd(data []byte, paren int) int {
	if bytes.IndexByte(data[paren:min(len(data), paren+window)], ')') < 0 {
		return 0
	}
	depth := 0
	for i := paren; i < min(len(data), paren+window); i++ {
		switch data[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				if i++; i < len(data) && data[i] == '.' { // a member that is not called
					i = lex.WordEnd(data, i+1)
				}
				return i
			}
		case '\n', ';', '|', '`':
			return 0
		}
	}
	return 0
}

// placed reports whether a substitution is an argument by itself in a line by which
// somebody looks after a machine of their own: kill -9 $(lsof -t -i:80).
func (c *call) placed() bool {
	if c.at != substitution || !c.line || c.grave || !lex.OneOf(c.word.text(), tellers...) || c.first < 4 || c.data[c.first-1] != '(' || c.data[c.first-3] != ' ' {
		return false
	}
	end := bytes.IndexByte(c.rest, ')')
	if end < 0 || bytes.ContainsAny(c.rest[:end], "/|;&<>$`") || c.sought().mark < c.first-2 {
		return false
	}
	head := call{reader: c.reader, word: readWord(c.data, 0)}
	if lex.Equal(head.word.text(), "sudo") {
		head.word = readWord(c.data, lex.SkipSpace(c.data, head.word.end))
	}
	return head.administers() || lex.Equal(head.word.text(), "kill")
}

// tellers are commands that print what others are given.
var tellers = []string{"lsof", "pgrep", "pidof", "fuser", "ps", "jobs", "docker", "podman", "kubectl", "nproc", "date", "uname", "lsb_release", "git", "whoami", "id", "pwd", "which", "command", "hostname", "dpkg", "rpm", "npm", "brew", "seq", "ls", "find", "grep", "cat", "basename", "dirname", "realpath", "readlink", "getconf", "stat", "go", "python3", "node"}

// labels reports whether bars part the fields of a link whose scheme stands in front:
// ed2k://|file|name|1234|.
func (c *call) labels() bool {
	return c.rank == english && c.first > 4 && c.data[c.first-1] == '|' && bytes.HasSuffix(c.data[:c.first-1], []byte("://")) && len(c.rest) > 1 && c.rest[0] == '|' && lex.Word(c.rest[1]) &&
		c.sought().word >= c.first-4
}

// strung reports whether nothing but separators stands in front of a command, more of
// them than a shell takes: && || ; bash.
func (c *call) strung() bool {
	if c.at != separator || c.first > c.openings() {
		return false
	}
	before := bytes.Trim(c.data[:c.first], " ")
	return len(bytes.TrimLeft(before, " ;|&")) == 0 && bytes.IndexByte(before, ' ') > 0
}

// openings returns how many separators, blanks and parentheses a value begins with.
func (r *reader) openings() int {
	if r.opened == 0 {
		r.opened = 1 + len(r.data) - len(bytes.TrimLeft(r.data, " ;|&\n\r("))
	}
	return r.opened - 1
}

// versioned reports whether a word is a package in a list of those that another one needs: a version in
// parentheses stands behind it, for which a shell refuses the line, or a comma. python3 (>> 3.8), adduser
func (c *call) versioned() bool {
	if c.word.hidden || c.word.path {
		return false
	}
	if bytes.HasPrefix(c.rest, []byte(", ")) && !onWindows.Has(c.word.text()) {
		return true
	}
	version, ok := bytes.CutPrefix(c.rest, []byte(" ("))
	number := bytes.TrimLeft(version, "<>=~")
	return ok && len(number) < len(version) && len(number) > 1 && number[0] == ' ' && lex.Digit(number[1])
}

// idles reports whether a command does nothing behind another but through a pipe, so that its
// name is more often a word: Ba&sh, <urgent> & more, a == 0 && true.
func (c *call) idles() bool {
	if c.word.hidden || c.word.path || bytes.HasSuffix(bytes.TrimRight(c.data[:c.first], " "), []byte("|")) {
		return false
	}
	return lex.OneOf(c.word.text(), "more", "less", "true", "false", "file") || c.at == ampersand && lex.OneOf(c.word.text(), "sh", "bash", "zsh", "ss", "cc", "dc", "bc", "ed")
}

// media reports whether the word is the encoding of a data URL: data:image/png;base64,
func (c *call) media() bool {
	if len(c.rest) == 0 || c.rest[0] != ',' || !lex.Equal(c.word.text(), "base64") || c.word.hidden || c.data[max(0, c.first-1)] != ';' {
		return false
	}
	i := lex.Index(c.data[max(0, c.first-longestWord):c.first], "data:")
	return i >= 0 && bytes.IndexByte(c.data[max(0, c.first-longestWord)+i:c.first], ' ') < 0
}

// remarked reports whether a parenthesis opens behind a word in front of the separator, as
// texts and lines of logs have it. A shell refuses the whole line for it, outside of
// quotes; cmd.exe does not, so that the command must be one that Windows lacks.
func (c *call) remarked() bool {
	if c.at != separator && c.at != ampersand || c.word.hidden || onWindows.Has(c.word.text()) {
		return false
	}
	before := c.data[max(0, c.first-c.window):c.first]
	open := bytes.Index(before, []byte(" ("))
	if open < 1 || len(before) != c.first || bytes.ContainsAny(before, "\"'`$\n\\") || bytes.ContainsAny(before[:open], ";|&(){}<>") {
		return false
	}
	from := open
	for from > 0 && (lex.Word(before[from-1]) || before[from-1] == ':' || before[from-1] == ']' || before[from-1] == '[') {
		from--
	}
	return open-from > 1 && open+2 < len(before) && lex.Letter(before[open+2]) && !lex.OneOf(before[from:open], "if", "while", "until", "time", "do", "then", "else", "elif", "in", "function", "select", "case", "for", "coproc", "exec", "eval")
}

// onWindows are commands that Windows has too, or programs that are installed there.
var onWindows = lex.NewWords("whoami dir type ipconfig net net1 ping systeminfo tasklist powershell pwsh cmd start copy del echo set ver hostname nslookup certutil curl python " +
	"python3 java php perl ruby node more find findstr sort tree calc notepad wmic reg sc netstat route arp tracert ftp tftp telnet ssh tar move md mkdir rd " +
	"rmdir cd date time timeout shutdown mshta rundll32 regsvr32 bitsadmin cscript wscript vol git wget nc ncat")
