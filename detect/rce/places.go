package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// separatesFirst reports whether a value begins with a separator, as no name of a client
// and no list does.
func separatesFirst(data []byte) bool {
	return len(data) > 2 && (data[0] == ';' || data[0] == '&' || data[0] == '|')
}

// assignments passes over variables that are set for a command alone: LANG=C ls. By
// custom they are written in capitals, unlike the parameters of lists: a=1;b=2 c.
func assignments(data []byte, i int) int {
	for range 4 {
		end := i
		for end < len(data) && (data[end] >= 'A' && data[end] <= 'Z' || data[end] == '_' || end > i && lex.Digit(data[end])) && end-i < longestWord {
			end++
		}
		if end == i || end == len(data) || data[end] != '=' {
			return i
		}
		for end < len(data) && !endsWord[data[end]] && end-i < 2*longestWord {
			end++
		}
		if end == len(data) || data[end] != ' ' {
			return i
		}
		next := lex.SkipSpace(data, end)
		if next == len(data) || data[next] != '/' && (data[next] < 'A' || data[next] > 'Z') && rankOf(data[next:nameEnd(data, next)]) < tool {
			return i
		}
		i = next
	}
	return i
}

// maxOperator is longer than any operator that redirects: <<<, &>>, >&.
const maxOperator = 4

// redirecting holds the bytes of one.
var redirecting = setOf("<>&|")

// redirections passes over what is redirected in front of a command: 2>&1 id, </etc/hosts
// cat. Comparisons and markup have a blank or a letter there.
func redirections(data []byte, i int) int {
	from := i
	if i+2 < len(data) && lex.Digit(data[i]) {
		i++
	}
	if i+2 >= len(data) || data[i] != '<' && data[i] != '>' {
		return from
	}
	for operator := min(len(data), i+maxOperator); i < operator && redirecting[data[i]]; {
		i++
	}
	end := i
	for end < len(data) && !endsWord[data[end]] && end-i < longestWord {
		end++
	}
	if end == i || end+1 >= len(data) || data[end] != ' ' || data[i] == '/' && end == i+1 {
		return from
	}
	next := lex.SkipSpace(data, end)
	if next == len(data) || data[next] != '<' && data[next] != '>' && rankOf(data[next:nameEnd(data, next)]) == unknown {
		return from
	}
	return next
}

// filled are folders into which only commands write.
var filled = []string{"/tmp/", "/var/", "/etc/", "/dev/tcp/", "/dev/udp/", "/dev/shm/", "/root/", "/home/", "/usr/", "/opt/", "/srv/", "/proc/", "/run/"}

// redirected weighs a file that is read where a command stands, $(</etc/hosts), and a word
// whose output goes into a file of the system: k>/var/www/a.php
func (r *reader) redirected(i int) {
	rest := r.data[i:min(len(r.data), i+2*longestWord)]
	var file []byte
	switch {
	case len(rest) > 4 && rest[0] == '$' && rest[1] == '(' && rest[2] == '<' && rest[3] != '<' && rest[3] != '(':
		file = bytes.TrimLeft(rest[3:], " ")
		if end := bytes.IndexByte(file, ')'); end < 2 || r.documented() || bytes.IndexByte(file[:end], ' ') >= 0 || bytes.IndexByte(file[:end], '>') >= 0 {
			return
		}
	case rest[0] == '>' && i > 0 && i < longestWord && r.data[i-1] > ' ' && !bytes.ContainsAny(r.data[:i], "<= "):
		file = bytes.TrimLeft(rest, "> ")
		n := lex.PrefixLength(file, filled)
		if end := bytes.IndexAny(file, " ;|&\n<>\"'"); n == 0 || end >= 0 && end <= n || end > 0 && (file[end] == ' ' || file[end] == '<' || file[end] == '>') {
			return
		}
	default:
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.AddWeight(&redirection, 8, i, len(rest)-len(file))
	keep(&t, r.best)
}

// nameEnd returns the index behind a command's name at i.
func nameEnd(data []byte, i int) int {
	end := i
	for end < len(data) && has(data[end], inName) && end-i < longestWord {
		end++
	}
	return end
}

// secrets are files that only attacks hand to a command of any name.
var secrets = [...]string{"/etc/passwd", "/etc/shadow", "/dev/tcp/", "/proc/self/environ", "/root/.ssh/", "~/.ssh/id_"}

// secretive reports whether the value may name one of them.
func (r *reader) secretive() bool {
	if r.secrets == unasked {
		r.secrets = answer(lex.MayAny(r.value.Pairs, secrets[:]...))
	}
	return r.secrets == yes
}

// keepsSecret reports whether a variable is set to such a file at i, right behind what separates, and used in
// what follows: a;x=/etc/passwd;cat $x
func (r *reader) keepsSecret(i int) bool {
	if !r.secretive() {
		return false
	}
	end := lex.WordEnd(r.data[:min(len(r.data), i+longestWord)], i)
	if end == i || end+1 >= len(r.data) || r.data[end] != '=' || r.data[i-1] <= ' ' || r.documented() {
		return false
	}
	rest := bytes.TrimLeft(r.data[end+1:min(len(r.data), end+window)], "'\"")
	for _, s := range secrets {
		if bytes.HasPrefix(rest, []byte(s)) {
			return uses(rest, r.data[i:end])
		}
	}
	return false
}

// secret reports whether a word right behind a separator at i is followed by such a file,
// whatever the word is: a;lpr /etc/passwd.
func (r *reader) secret(i int) bool {
	if i == 0 || !r.secretive() {
		return false
	}
	end := nameEnd(r.data, i)
	if end-i < 2 || end+1 >= len(r.data) || r.data[end] != ' ' {
		return false
	}
	if r.documented() || r.data[i-1] <= ' ' && !dotted(bytes.TrimRight(r.data[:min(i, longestWord)], " ;|&")) {
		return false
	}
	rest := r.data[end+1 : min(len(r.data), end+longestWord)]
	if n := bytes.IndexAny(rest, ";|&\n\"'"); n >= 0 {
		rest = rest[:n]
	}
	for _, s := range secrets {
		if n := bytes.Index(rest, []byte(s)); n >= 0 && (n == 0 || rest[n-1] == ' ' || rest[n-1] == '<' || rest[n-1] == '@') && lex.Gaps(rest[:n]) < 4 {
			return true
		}
	}
	return false
}

// joinedInCode reports whether what a command in backticks prints is the argument of a call or joined
// to other texts, as PHP does: print(`id`), 'a'.`id`
func (c *call) joinedInCode() bool {
	i := c.first - 2
	if i < 1 {
		return false
	}
	before := c.data[i-1]
	if c.rank >= tool && c.data[i] == '.' && (before == '\'' || before == '"' || before == ')') || c.braced() || c.grave && c.data[i] == '(' && (before == '.' || before == '+') {
		return true
	}
	return c.data[i] == '(' && (c.grave || c.rank >= tool) && lex.Word(before) || c.data[i] == '.' && c.grave && (before == '`' || before == '\'' || before == '"' || before == ')')
}

// braced reports whether a command in backticks is all of a block, as in Ruby and Perl: at_exit{`id`}. What
// stands behind a sign of equality is a property of markup, what behind a dollar sign a part of a string.
func (c *call) braced() bool {
	i := c.first - 2
	end := bytes.IndexByte(c.rest, '`')
	return i > 0 && c.rank >= tool && c.data[i] == '{' && (lex.Word(c.data[i-1]) || c.data[i-1] == ')') && end >= 0 && end+1 < len(c.rest) && c.rest[end+1] == '}'
}

// membered reports whether what a command in backticks prints is used as an object, as Ruby does:
// `id`.lines.first
func (c *call) membered() bool {
	if c.value.Classes&point.Space != 0 {
		return false
	}
	i := bytes.IndexByte(c.rest, '`')
	return i >= 0 && i+2 < len(c.rest) && c.rest[i+1] == '.' && lex.OneOf(c.rest[i+2:lex.WordEnd(c.rest, i+2)], "lines", "strip", "split", "chomp", "to_s", "chars", "inspect", "each_line", "reverse", "bytes", "unpack", "unpack1", "encode", "force_encoding", "gsub", "scan")
}

// quoted reports whether backticks set the command off in a sentence.
func (c *call) quoted() bool { return !c.interrupts() && quoted(c.data, c.first) }

// interrupts reports whether backticks cut into a word of a value that is a name, an
// address or a path: a.pdf`id`. Markdown has a blank or a mark in front of its backticks,
// SQL a dot, and scripts without blanks between words are not looked at.
func (c *call) interrupts() bool {
	i := c.first - 1
	if c.ticks&1 == 0 || i < 1 || c.data[i] != '`' || c.rank < tool && !c.waits() || c.documented() || c.value.Classes&(point.High|point.Newline) != 0 {
		return false
	}
	fence := bytes.HasSuffix(c.data[:i], []byte("``"))
	if fence { // of which a shell takes the first two for nothing
		i -= 2
	}
	if b := c.data[max(0, i-1)]; !lex.Word(b) && bytes.IndexByte([]byte("+-/@%~"), b) < 0 && (b != '"' || i < 2 || !lex.Word(c.data[i-2])) {
		return false
	}
	end := bytes.IndexByte(c.rest, '`')
	if end < 0 {
		return false
	}
	after := c.rest[end+1:]
	if fence {
		after = bytes.TrimPrefix(after, []byte("``"))
	}
	if bytes.IndexByte(after, '`') >= 0 {
		return false
	}
	if len(after) > 0 && after[0] <= ' ' && !cutsLine(after) {
		return false
	}
	before := c.data[max(0, i-window):i]
	token := before[bytes.LastIndexByte(before, ' ')+1:]
	blanks := lex.Gaps(before) + lex.Gaps(after)
	return blanks == 0 || blanks <= 2 && (len(bytes.TrimSpace(c.rest[:end])) > 2 || cutsLine(after) && dotted(token))
}

// cutsLine reports whether a remark, a separator or a quote follows behind blanks, and no word.
func cutsLine(after []byte) bool {
	after = bytes.Trim(after, " ")
	return len(after) == 0 || bytes.IndexByte([]byte("#;|&>'\""), after[0]) >= 0 && len(bytes.Trim(after, "#;|&>'\" ")) == 0
}

// waits reports whether the command is a word of English with an argument that only a
// command has: sleep 5, cat /etc/hosts
func (c *call) waits() bool {
	if len(c.rest) < 3 || c.rest[0] != ' ' || !lex.OneOf(c.word.text(), "sleep", "cat", "touch", "find", "head", "tail", "ping") {
		return false
	}
	next := c.rest[1]
	return lex.Digit(next) || next == '/' || next == '-' || next == '.'
}

// bareLine reports whether a value is nothing but names of commands and separators, of
// which one asks who runs it and one is no name of a field: ls ; id.
func (c *call) bareLine() bool {
	if len(c.data) > longestWord || c.at != separator && c.at != ampersand {
		return false
	}
	names, probes, others := 0, 0, 0
	for i := 0; i < len(c.data); {
		end := lex.WordEnd(c.data, i)
		switch name := c.data[i:end]; {
		case end == i:
			if bytes.IndexByte([]byte(" ;|&"), c.data[i]) < 0 {
				return false
			}
			end++
		case lex.OneOf(name, "whoami", "uname"):
			names, probes, others = names+1, probes+1, others+1
		case lex.Equal(name, "id"):
			names, probes = names+1, probes+1
		case lex.OneOf(name, "ifconfig", "ipconfig", "netstat", "ls"):
			names, others = names+1, others+1
		case lex.OneOf(name, "ps", "pwd", "ver", "dir", "env", "hostname"):
			names++
		default:
			return false
		}
		i = end
	}
	return names > 1 && probes > 0 && others > 0
}

// argumentsEnd returns the index behind a command's arguments. What stands in quotes that
// open behind a blank belongs to them, and so does an ampersand of a redirection: >&2.
func argumentsEnd(rest []byte, at position) int {
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; c {
		case ';', '|', '\n', '`', ')':
			return i
		case '&':
			if i == 0 || rest[i-1] != '>' && rest[i-1] != '<' {
				return i
			}
		case '\'', '"':
			if at == start || i == 0 || rest[i-1] != ' ' {
				continue
			}
			if end := bytes.IndexByte(rest[i+1:], c); end >= 0 {
				i += 1 + end
			}
		}
	}
	return len(rest)
}

// joined reports whether a command ends a value that is one word but for the separator,
// and is joined to it by what no list of names has: a&&id. Names of fields are joined by
// bars and semicolons, too, but ls is none.
func (c *call) joined() bool {
	if c.rank < tool || !c.closes() || len(c.data) > longestWord || c.value.Classes&^(listClasses|point.Dot|point.Slash) != 0 || c.value.Classes&point.Space != 0 || c.first < 2 {
		return false
	}
	return lex.Equal(c.word.text(), "ls") && !bytes.ContainsAny(c.data[:c.first-1], ";|&") || c.data[c.first-1] == '&' && c.data[c.first-2] == '&'
}

// dotted reports whether text is an address, a host or the name of a file.
func dotted(b []byte) bool {
	if lex.Equal(b, "localhost") {
		return true
	}
	dot := bytes.LastIndexByte(b, '.')
	return dot > 0 && dot+1 < len(b) && point.Classify(b)&^(point.Alpha|point.Digit|point.Dash|point.Dot) == 0 && (lex.Letter(b[dot+1]) || quad(b))
}

// quad reports whether text is an address of IPv4.
func quad(b []byte) bool {
	return point.Classify(b)&^(point.Digit|point.Dot) == 0 && bytes.Count(b, []byte(".")) == 3 && len(b) >= len("1.1.1.1")
}

// behindAddress reports whether nothing but an address or the name of a file stands in
// front of the separator.
func (c *call) behindAddress() bool {
	return c.first < longestWord && dotted(c.ahead())
}

// ahead returns what stands in front of the separator, of a path its last segment.
func (c *call) ahead() []byte {
	before := bytes.TrimRight(c.data[:min(c.first, longestWord)], " ;|&\n\r\"'")
	if c.value.Kind == point.WholePath {
		before = before[bytes.LastIndexByte(before, '/')+1:]
	}
	return before
}

// behindHost reports whether that is an address of IPv4 or the own machine's name, with
// which no sentence begins.
func (c *call) behindHost() bool {
	before := c.ahead()
	return quad(before) || lex.Equal(before, "localhost")
}

// tells reports whether a command that tells of the system is glued to an address or the
// name of a file, behind which fields have no such names.
func (c *call) tells() bool {
	return c.glued() && c.behindAddress() && lex.OneOf(c.word.text(), "env", "set", "w", "who", "uptime", "printenv", "alias", "jobs", "pwd", "id", "umask", "tty", "arch", "ps", "reboot", "poweroff", "halt")
}

// addressed reports whether a command and a word or two are all that stands behind an
// address or the name of a file: 192.0.2.1;cat flag. Those that are words of English too
// must be glued to it.
func (c *call) addressed() bool {
	if !c.behindAddress() || len(c.rest) < 2 || c.rest[0] != ' ' {
		return false
	}
	if c.rank == strong && len(c.rest) < longestWord && lex.Gaps(c.rest) <= 3 {
		return c.behindHost() || c.data[c.first-1] == '&' && c.data[c.first-2] > ' '
	}
	if !c.glued() && !c.behindHost() || c.word.hidden || !c.value.Kind.Free() && c.value.Kind != point.Segment ||
		!lex.OneOf(c.word.text(), "cat", "touch", "echo", "printf", "which", "whereis", "su", "passwd", "apt", "cp", "rm", "strings", "od", "unset", "whois", "type", "kill", "env", "move", "erase", "copy", "ren", "more", "wsl") {
		return false
	}
	return !bytes.ContainsAny(c.rest[1:], " ;|&\n,")
}

// compounds are the shell's commands of several parts: the word that begins one, the one
// in the middle and the one at its end.
var compounds = [...][3]string{
	{"for ", "do ", "done"}, {"while ", "do ", "done"}, {"until ", "do ", "done"}, {"if ", "then ", "fi"}, {"case ", " in ", "esac"},
}

// compound weighs such a command behind a separator and at most one word, which is no
// command: a; while true; do id; done
func (r *reader) compound(i int) {
	if i > window || r.source || r.line || i > r.paste {
		return
	}
	rest := r.data[i:min(len(r.data), i+window)]
	for _, words := range compounds {
		if !bytes.HasPrefix(rest, []byte(words[0])) {
			continue
		}
		if r.documented() || bytes.IndexByte(bytes.TrimRight(r.data[:i], " ;|&"), ' ') >= 0 {
			return
		}
		middle := bytes.Index(rest, []byte(words[1]))
		if middle < 1 || words[1][0] != ' ' && bytes.IndexByte([]byte("; \n"), rest[middle-1]) < 0 {
			return
		}
		if end := bytes.Index(rest[middle:], []byte(words[2])); end < 0 || bytes.IndexByte([]byte("; \n"), rest[middle+end-1]) < 0 || bytes.IndexByte(rest[:middle+end], ';') < 0 {
			return
		}
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.ShellWord)
		t.Add(&separated, max(0, i-1), len(words[0])+1)
		t.Add(&closed, i, len(words[0]))
		keep(&t, r.best)
		return
	}
}

// local reports whether a program of the folder at hand stands behind && or ||, as entries
// of lists of paths do not: a && ./b
func (c *call) local() bool {
	i := c.separatorAt()
	return c.at == separator && (c.data[i] == '&' || c.data[i] == '|') && c.data[i+1] == c.data[i] && c.word.n > 2 && c.word.buf[0] == '.' && c.word.buf[1] == '/' && lex.Letter(c.word.buf[2]) && !c.documented() && !c.line
}

// dropped reports whether the word is a file in a folder where attacks put their programs,
// or a script of the folder at hand, behind a separator and a word that is no path.
func (c *call) dropped() bool {
	if !c.glued() && !c.local() || c.documented() || c.line || c.first > longestWord || len(bytes.TrimSpace(c.rest)) > 0 || bytes.ContainsAny(c.data[:c.first-1], "/ \n") || c.first < 2 {
		return false
	}
	word := c.word.buf[:c.word.n]
	if lex.PrefixLength(word, []string{"/tmp/", "/dev/shm/", "/var/tmp/"}) > 0 {
		return true
	}
	return (bytes.HasPrefix(word, []byte("./")) || bytes.HasPrefix(word, []byte("../"))) && scriptFile(word)
}

// leavesQuote reports whether a quote that the value did not open is closed right
// before the separator: x'|echo a b.
func (c *call) leavesQuote() bool {
	if c.at != separator || len(c.rest) < 2 || c.rest[0] != ' ' {
		return false
	}
	before := bytes.TrimRight(c.data[max(0, c.first-c.window):c.first], " ;|&")
	n := len(before)
	return n > 0 && (before[n-1] == '\'' || before[n-1] == '"') && bytes.Count(before, before[n-1:]) == 1 && bytes.IndexByte(before, ' ') < 0 && lex.Gaps(c.rest[:min(len(c.rest), 64)]) < 5
}

// ended reports whether the value is a command and what ends it, or a quote that is
// closed and a command: id; and ' whoami.
func (c *call) ended() bool {
	if c.first > 0 && (c.data[0] == '\'' || c.data[0] == '"') {
		return c.rank == strong && len(bytes.TrimSpace(c.rest)) == 0 && c.data[1] == ' '
	}
	rest := bytes.TrimSpace(c.rest)
	return c.first == 0 && (len(rest) == 1 || len(rest) == 2 && rest[0] == rest[1]) && (rest[0] == ';' || rest[0] == '|' || rest[0] == '&') &&
		lex.OneOf(c.word.text(), "id", "ls", "pwd", "whoami", "uname", "ifconfig", "ipconfig", "netstat", "ps", "ver", "dir")
}
