package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// shell reads every position at which a shell begins a command.
func shell(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&(point.Paren|point.Brace) == point.Paren|point.Brace {
		shellShock(data, best)
	}
	if v.Kind == point.UserAgent || v.Kind == point.Referer || v.Kind == point.HeaderText || v.Kind == point.WholePath {
		if v.Classes&(point.Dollar|point.Backtick|point.Pipe|point.Semicolon|point.Ampersand) == 0 || v.Kind == point.UserAgent && v.Classes&(point.Dollar|point.Backtick|point.Pipe) == 0 {
			return
		}
	}
	r := reader{data: data, value: v, best: best, document: document(data), line: scheduled(data), source: scripted(data)}
	if v.Kind != point.UserAgent {
		r.command(0, start)
		if v.Classes&(point.PercentSign|point.Colon) != 0 {
			windows(data, best)
		}
	}
	if v.Classes&shellClasses == 0 {
		return
	}
	r.positions()
}

// shellShock finds a function definition with something behind it.
func shellShock(data []byte, best *evidence.Tally) {
	i := bytes.Index(data[:min(len(data), 64)], []byte("()"))
	if i < 0 {
		return
	}
	rest := bytes.TrimLeft(data[i+2:], " \t")
	if len(rest) == 0 || rest[0] != '{' || i > 0 && data[i-1] != ' ' && data[i-1] != '"' && data[i-1] != '\'' {
		return
	}
	end := bytes.IndexByte(rest, '}')
	if end < 0 || end > 64 {
		return
	}
	body := bytes.TrimSpace(rest[1:end])
	if (len(body) == 0 || body[len(body)-1] == ';' || bytes.Contains(body, []byte("=>"))) && bytes.ContainsAny(rest[end:], ";/") {
		one(&shellshock, 0, len(data), evidence.ShellWord, best)
	}
}

// reader reads the commands of one value.
type reader struct {
	data     []byte
	value    *point.Value
	best     *evidence.Tally
	line     bool // the value is a line of a shell from its first word
	document bool // the value is an article, a message, a listing
	source   bool // the value is a line of a shell's script
	blanks   int  // that were passed
	seen     int  // commands that were weighed
}

// positions walks over separators and substitutions.
func (r *reader) positions() {
	data, kind := r.data, r.value.Kind
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case ' ', '\t':
			r.blanks++
		case ';', '\n':
			if kind == point.UserAgent || data[i] == '\n' && r.blanks >= 2 || data[i] == ';' && endsEntity(data[:i]) {
				continue
			}
			r.command(i+1, separator)
		case '|', '&':
			i += r.bar(i)
		case '$', '<', '>':
			if i+1 < len(data) && data[i+1] == '(' {
				r.command(i+2, substitution)
			}
		case '`':
			if bytes.HasPrefix(data[i:], []byte("```")) { // the fence of a listing
				i += 2
				continue
			}
			if end := bytes.IndexByte(data[i+1:], '`'); end > 0 {
				r.command(i+1, backtick)
			}
		case '\\': // an escaped line end that some reader makes a real one
			if i+2 < len(data) && data[i+1] == 'n' && kind != point.UserAgent && r.blanks < 2 && (data[i+2] == '/' || i < 2) {
				r.command(i+2, separator)
			}
		}
		if r.best.Score() >= certain {
			return
		}
	}
}

// bar takes | || & && and returns how many bytes beyond the first.
func (r *reader) bar(i int) int {
	n := 1
	if i+1 < len(r.data) && r.data[i+1] == r.data[i] {
		n = 2
	}
	if r.value.Kind != point.UserAgent {
		at := separator
		if r.data[i] == '&' && n == 1 {
			at = ampersand
		}
		r.command(i+n, at)
	}
	return n - 1
}

// certain is a score at which no further position is read.
const certain = 16

// position is where a command stands.
type position uint8

const (
	start position = iota
	separator
	ampersand
	substitution
	backtick
)

// maxCommands bounds the commands of one value that are weighed.
const maxCommands = 2048

// call is a command at its place.
type call struct {
	*reader
	at    position
	first int // index of its first byte
	word  shellWord
	rank  rank
	rest  []byte
	grave bool // the arguments are those of an attack
}

// command reads the command at i and weighs it by its position.
func (r *reader) command(i int, at position) {
	if r.seen > maxCommands {
		return
	}
	i = lead(r.data, i, at)
	if i < len(r.data) && r.data[i] == '$' && at != start && at != backtick {
		variable(r.data, i, r.best)
	}
	c := call{reader: r, at: at, first: i, word: readWord(r.data, i)}
	if c.word.n == 0 || !delimited(r.data, c.word.end) {
		return
	}
	c.rank = rankOf(c.word.text())
	c.rest = r.data[c.word.end:min(len(r.data), c.word.end+window)]
	if c.word.path && !c.word.system() || c.rank == unknown && (!c.word.glob || at == start || !c.word.path) {
		return
	}
	if c.rank == unknown {
		c.rank = strong
	}
	r.seen++
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	c.weigh(&t)
	keep(&t, r.best)
}

// lead passes over blanks, quotes and brackets before a command.
func lead(data []byte, i int, at position) int {
	for i < len(data) {
		switch c := data[i]; {
		case c == ' ' || c == '\t' || c == '(' || c == '{' || c == '@' || c == '\r' || c == '+' && at != start:
		case c == '!' && at != start:
		case (c == '\'' || c == '"') && at == start && (i+1 >= len(data) || data[i+1] == ' '):
		default:
			return i
		}
		i++
	}
	return i
}

// window is how many bytes around a command are looked at.
const window = 512

// variable weighs a command that was put together in variables: a=nc;$a -l.
func variable(data []byte, i int, best *evidence.Tally) {
	j := i + 1
	for j < len(data) && j-i < 24 && point.ClassOf[data[j]]&(point.Alpha|point.Digit) != 0 {
		j++
	}
	name := data[i+1 : j]
	if len(name) == 0 && j+1 < len(data) && data[j] == '{' {
		end := bytes.IndexByte(data[j:min(len(data), j+12)], '}')
		name = data[j+1 : j+max(1, end)]
		j += len(name) + 2
	}
	sliced := bytes.HasPrefix(data[i:], []byte("${")) && bytes.IndexByte(data[i:min(len(data), i+24)], '}') > 0 && slices(data[i+2:i+bytes.IndexByte(data[i:], '}')])
	if sliced || string(name) == "SHELL" || string(name) == "BASH" || string(name) == "0" {
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.ShellWord)
		t.Add(&separated, max(0, i-1), j-i+1)
		t.Add(&hiddenWord, i, min(len(data), j)-i)
		keep(&t, best)
		return
	}
	if len(name) == 0 || len(name) > 20 {
		return
	}
	before := data[max(0, i-window):i]
	if k := bytes.Index(before, name); k < 0 || k+len(name) >= len(before) || before[k+len(name)] != '=' || k > 0 && before[k-1] == '$' {
		return // $a of Perl and PHP is set with its sign
	}
	if j < len(data) && (data[j] == '=' || data[j] == '-' && j+1 < len(data) && data[j+1] == '>' || data[j] == '[') {
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.Add(&separated, max(0, i-1), j-i+1)
	t.Add(&hiddenWord, i, j-i)
	keep(&t, best)
}

// weigh adds up what the command's place, name and arguments tell.
func (c *call) weigh(t *evidence.Tally) {
	if c.rank == wrapper {
		c.unwrap(t)
	}
	score := c.arguments(t)
	isClosed := c.closes() && !c.listed()
	switch {
	case c.at == start:
		c.weighStart(t, score, isClosed)
	case c.rank == strong:
		t.Add(c.sign(), c.separatorAt(), c.word.end-c.separatorAt())
		if isClosed || score > 0 {
			t.Add(&closed, c.first, c.word.end-c.first)
		} else if !c.proseFollows() {
			weight := int8(1)
			if c.glued() {
				weight = closed.Weight
			}
			t.AddWeight(&closed, weight, c.first, c.word.end-c.first)
		}
	default:
		t.Add(c.sign(), c.separatorAt(), c.word.end-c.separatorAt())
		if weight := c.closedWeight(isClosed); weight > 0 {
			t.AddWeight(&closed, weight, c.first, c.word.end-c.first)
		} else if c.leavesQuote() {
			t.Add(&quoteClosed, max(0, c.first-2), 2)
		}
	}
	if c.word.hidden {
		t.Add(&hiddenWord, c.first, c.word.end-c.first)
	}
	c.doubt(t, score)
}

// unwrap looks at the command behind sudo, time and the like.
func (c *call) unwrap(t *evidence.Tally) {
	least := tool
	if isOneOf(c.word.text(), "sudo", "nohup", "env", "exec", "xargs", "doas", "setsid") { // no words of prose
		least = english
	}
	i := c.word.end
	for range 3 {
		for i < len(c.data) && (c.data[i] == ' ' || c.data[i] == '\t') {
			i++
		}
		w := readWord(c.data, i)
		if w.n == 0 {
			break
		}
		if r := rankOf(w.text()); r >= least && r != wrapper && delimited(c.data, w.end) {
			c.word, c.rank, c.rest = w, r, c.data[w.end:min(len(c.data), w.end+window)]
			t.Add(&wrapped, c.first, w.end-c.first)
			return
		}
		if w.buf[0] != '-' && (w.buf[0] < '0' || w.buf[0] > '9') {
			break
		}
		i = w.end
	}
	c.rank = english
}

// leavesQuote reports whether a quote that the value did not open is closed right
// before the separator: x'|echo a b.
func (c *call) leavesQuote() bool {
	if c.at != separator || len(c.rest) < 2 || c.rest[0] != ' ' {
		return false
	}
	before := bytes.TrimRight(c.data[max(0, c.first-window):c.first], " ;|&")
	n := len(before)
	return n > 0 && (before[n-1] == '\'' || before[n-1] == '"') && bytes.Count(before, before[n-1:]) == 1 && bytes.IndexByte(before, ' ') < 0 && bytes.Count(c.rest[:min(len(c.rest), 64)], []byte(" ")) < 5
}

func (c *call) sign() *evidence.Sign {
	if c.at == substitution || c.at == backtick {
		return &substituted
	}
	return &separated
}

// closedWeight weighs a command that stands alone up to the end or a separator. In
// lists of plain words such as name;id;date it is one more word.
func (c *call) closedWeight(isClosed bool) int8 {
	if !isClosed || c.at != substitution && (c.value.Kind == point.Text || c.value.Kind == point.HeaderText) && c.spaced() || c.at == backtick && quoted(c.data, c.first) {
		return 0
	}
	if c.at == substitution || c.at == backtick {
		return closed.Weight
	}
	before := bytes.TrimRight(c.data[max(0, c.first-window):c.first], " |;&\n")
	last := byte(0)
	if len(before) > 0 {
		last = before[len(before)-1]
	}
	switch {
	case point.ClassOf[last]&point.Alpha == 0, c.rank == tool && (len(before) < 3 || c.value.Classes&^listClasses != 0):
		return closed.Weight
	case c.rank == english && c.value.Classes&^listClasses == 0:
		return 0
	}
	return 1
}

// listClasses are what lists of plain words are made of.
const listClasses = point.Alpha | point.Digit | point.Space | point.Dash | point.Semicolon | point.Pipe | point.Ampersand | point.Plus

// weighStart weighs a command at the value's own start, where prose begins too.
func (c *call) weighStart(t *evidence.Tally, score int, isClosed bool) {
	if c.value.Kind != point.Text && c.value.Kind != point.Segment && c.value.Kind != point.CookieText && c.value.Kind != point.XMLText {
		t.Cap(0)
		return
	}
	t.Add(&leading, c.first, c.word.end-c.first)
	if c.rank == strong {
		t.AddWeight(&separated, 2, c.first, c.word.end-c.first)
	}
	if c.word.path && (isClosed || score > 0) {
		t.AddWeight(&closed, 5, c.first, c.word.end-c.first)
	}
	switch {
	case c.ended():
		t.AddWeight(&closed, 5, c.first, c.word.end-c.first)
		return
	case score == 0 && !c.word.path && !c.word.hidden:
		t.Cap(5)
	case !c.grave && !c.word.hidden && c.administers():
		t.Cap(5) // what how-to pages are full of
	case !c.grave && !c.word.path && !c.word.hidden:
		t.Cap(7) // what people ask about
	}
	c.line = c.rank == strong || score > 0 && (c.rank != english || score >= 6) || t.Count(wrapped.Stamp) > 0 || c.argued()
	if c.rank == english && score < 4 {
		t.Cap(5)
	}
	if bytes.Count(c.rest, []byte(" ")) > 6 && !(c.grave && isOneOf(c.word.text(), "reg")) || bytes.IndexByte(c.rest, '\n') >= 0 && len(bytes.TrimSpace(c.rest[bytes.IndexByte(c.rest, '\n'):])) > 0 {
		t.Cap(7) // a line of a how-to page
	}
}

// administers reports whether a command is one by which people install, build and look
// after things of their own.
func (c *call) administers() bool {
	return isOneOf(c.word.text(), "apt-get", "apt", "aptitude", "yum", "dnf", "snap", "dpkg", "rpm", "npm", "npx", "pip", "pip3", "git", "svn", "docker", "docker-compose", "kubectl", "systemctl", "journalctl", "ansible",
		"ansible-playbook", "make", "gcc", "g++", "tar", "unzip", "zip", "gzip", "mkdir", "rmdir", "cp", "mv", "ln", "ssh", "ssh-keygen", "ssh-copy-id", "rsync", "scp", "sftp", "mysqldump", "psql", "sqlite3", "redis-cli", "tmux", "screen", "java", "javac",
		"node", "python", "python3", "perl", "ruby", "php", "grep", "egrep", "sed", "awk", "find", "sort", "uniq", "wc", "jq", "xargs", "diff", "df", "du", "free", "mount", "umount", "crontab", "openssl", "gpg", "gdb", "strace", "iptables", "nmap", "tcpdump", "set", "export",
		"mysql", "sysctl", "update-alternatives", "chmod", "chown", "cd", "robocopy", "xcopy", "tasklist", "netsh", "sc", "get-childitem", "get-content", "get-process", "test-connection", "netstat", "lsof", "ss", "ip", "ifconfig", "traceroute", "dig", "nslookup")
}

// argued reports whether what follows a word's blank is an argument and no prose.
func (c *call) argued() bool {
	return len(c.rest) > 1 && c.rest[0] == ' ' && bytes.IndexByte([]byte("-$'\"/~"), c.rest[1]) >= 0
}

// scripted reports whether a value begins as lines of scripts do: with a word of the shell's
// grammar, or a variable that is set to what a command gives.
func scripted(data []byte) bool {
	i := lex.SkipSpace(data, 0)
	if i < len(data) && data[i] == '(' {
		i++
	}
	end := lex.WordEnd(data, i)
	if end == i || end >= len(data) {
		return bytes.HasPrefix(data, []byte("#!")) || bytes.HasPrefix(data, []byte("&& [ "))
	}
	word := data[i:end]
	if data[end] == '=' && lex.Letter(data[i]) && end-i > 1 {
		rest := bytes.TrimLeft(data[end+1:], "\"")
		if word[0] < 'a' && end+1 < len(data) && (data[end+1] == '"' || data[end+1] == '(') {
			return true
		}
		return bytes.HasPrefix(rest, []byte("$(")) || bytes.HasPrefix(rest, []byte("`"))
	}
	if data[end] != ' ' {
		return false
	}
	if bytes.HasPrefix(data[i:], []byte("import (")) { // Go's imports, where "fmt" is no command
		return true
	}
	return isOneOf(word, "if", "elif", "then", "else", "case", "while", "until", "for", "export", "local", "readonly", "declare", "trap", "test", "set", "alias", "exec", "return", "unset", "typeset") && bytes.ContainsAny(data[end:], "$\"[-/`")
}

// scheduled reports whether a value begins with the five fields of a crontab's line.
func scheduled(data []byte) bool {
	fields, n := 0, 0
	for _, c := range data[:min(len(data), 48)] {
		switch {
		case c >= '0' && c <= '9' || c == '*' || c == '/' || c == ',' || c == '-':
			n++
		case c == ' ' && n > 0:
			fields, n = fields+1, 0
			if fields == 5 {
				return true
			}
		default:
			return false
		}
	}
	return false
}

// separatorAt returns the index of the separator in front of the command.
func (c *call) separatorAt() int {
	i := max(0, c.first-1)
	for i > 0 && (c.data[i] == ' ' || c.data[i] == '\t') {
		i--
	}
	if i > 0 && (c.data[i] == '|' || c.data[i] == '&') && c.data[i-1] == c.data[i] {
		i--
	}
	return i
}

// glued reports whether a command stands right behind its separator, in a value without
// blanks in front, and has one word behind it: k;systemctl status.
func (c *call) glued() bool {
	before := c.data[:c.first]
	return c.at == separator && c.first > 0 && (before[c.first-1] == ';' || before[c.first-1] == '|') && bytes.IndexByte(before, ' ') < 0 && c.first < 32 &&
		len(c.rest) > 2 && c.rest[0] == ' ' && bytes.IndexByte(bytes.TrimSpace(c.rest), ' ') < 0 && !bytes.ContainsAny(c.rest, ";|,")
}

// ended reports whether the value is a command and what ends it, or a quote that is
// closed and a command: id; and ' whoami.
func (c *call) ended() bool {
	if c.first > 0 && (c.data[0] == '\'' || c.data[0] == '"') {
		return c.rank == strong && len(bytes.TrimSpace(c.rest)) == 0 && c.data[1] == ' '
	}
	rest := bytes.TrimSpace(c.rest)
	return c.first == 0 && (len(rest) == 1 || len(rest) == 2 && rest[0] == rest[1]) && (rest[0] == ';' || rest[0] == '|' || rest[0] == '&') &&
		isOneOf(c.word.text(), "id", "ls", "pwd", "whoami", "uname", "ifconfig", "ipconfig", "netstat", "ps", "ver", "dir")
}

// doubt lowers what may be prose, a table or a document.
func (c *call) doubt(t *evidence.Tally, score int) {
	switch {
	case c.at == ampersand && score < 3 && !c.word.hidden && (c.joinsWords() || c.rank == english && len(c.rest) > 0 && c.rest[0] == ';'):
		t.Cap(5) // salt & pepper, &copy;
	case c.at == backtick && c.rank != strong && c.setOff(), c.at == backtick && quoted(c.data, c.first) && score < 5:
		t.Cap(5)
	case c.at == backtick && quoted(c.data, c.first):
		t.Cap(7)
	}
	if c.separates() && score < 3 && !c.word.hidden {
		t.Cap(5)
	}
	if c.tableRow() {
		t.Cap(4)
	}
	if c.at == separator && !c.grave && c.inSpan() {
		t.Cap(5)
	}
	if c.first > 0 && c.at != start && c.blanks >= 4 {
		if score < 6 && !c.word.hidden && !c.piped() {
			t.Cap(6)
		}
	}
	switch {
	case c.word.hidden || c.grave:
	case c.source:
		t.Cap(5)
	case c.document:
		t.Cap(5)
	case c.line && (c.at == separator || c.at == ampersand || c.rank != strong):
		t.Cap(5)
	}
}

// separates reports whether the command stands behind a semicolon or an ampersand that
// the grammar of its place uses by itself.
func (c *call) separates() bool {
	switch c.value.Kind { //nolint:exhaustive // the places with such grammars
	case point.CookieText, point.HeaderText, point.Referer:
		before := bytes.TrimRight(c.data[max(0, c.first-8):c.first], " ")
		return len(before) > 0 && (before[len(before)-1] == ';' || before[len(before)-1] == '&')
	}
	return false
}

// inSpan reports whether a command stands in backticks that a text sets off, as in:
// run `make a && make b`.
func (c *call) inSpan() bool {
	before := c.data[:c.first]
	open := bytes.LastIndexByte(before, '`')
	return open > 1 && bytes.Count(before, []byte{'`'})&1 == 1 && before[open-1] == ' ' && (lex.Letter(before[open-2]) || before[open-2] == ':')
}

// joinsWords reports whether an ampersand stands between words with blanks around.
func (c *call) joinsWords() bool {
	i := bytes.LastIndexByte(c.data[:c.first], '&')
	return i > 1 && c.data[i-1] == ' ' && point.ClassOf[c.data[i-2]]&(point.Alpha|point.High) != 0 && point.ClassOf[c.data[0]]&(point.Alpha|point.High) != 0
}

// endsEntity reports whether text ends with the beginning of an HTML entity, so that a
// semicolon belongs to it: &copy &#39.
func endsEntity(text []byte) bool {
	for i := len(text) - 1; i >= 0 && len(text)-i < 12; i-- {
		if text[i] == '&' {
			return len(text)-i > 2
		}
		if point.ClassOf[text[i]]&(point.Alpha|point.Digit) == 0 && text[i] != '#' {
			return false
		}
	}
	return false
}

// setOff reports whether more than one side of separators stands around backticks:
// list marks, a full stop, an English word by itself.
func (c *call) setOff() bool {
	if operated(c.data, c.first) {
		return false
	}
	if c.rank == english && !c.word.hidden && c.closes() {
		return true
	}
	end := bytes.IndexByte(c.data[c.first:], '`')
	before, after := c.data[max(0, c.first-window):max(0, c.first-1)], c.data[min(len(c.data), c.first+end+1):]
	after = after[:min(len(after), window)]
	return bytes.ContainsAny(before, " .#*") && !bytes.ContainsAny(before, ";|&") || bytes.ContainsAny(after, " .:*") && !bytes.ContainsAny(after, ";|&")
}

// operated reports whether an operator stands right in front of backticks, so that the
// shell runs what they give.
func operated(data []byte, first int) bool {
	before := bytes.TrimRight(data[:max(0, first-1)], " ")
	return len(before) > 0 && bytes.IndexByte([]byte("|;&"), before[len(before)-1]) >= 0
}

// quoted reports whether backticks set a word off in a sentence, as Markdown does.
func quoted(data []byte, first int) bool {
	end := bytes.IndexByte(data[first:], '`')
	if end < 0 {
		return false
	}
	if operated(data, first) {
		return false
	}
	letters, blanks := 0, 0
	count := func(part []byte) {
		for _, b := range part {
			if point.ClassOf[b]&point.Alpha != 0 {
				letters++
			}
			if b == ' ' || b == '-' {
				blanks++
			}
		}
	}
	count(data[max(0, first-1-window):max(0, first-1)])
	count(data[first+end+1 : min(len(data), first+end+1+window)])
	return letters >= 3 && blanks > 0
}

// piped reports whether output goes into a shell that stands at the end.
func (c *call) piped() bool {
	return c.at == separator && c.closes() && bytes.HasSuffix(bytes.TrimRight(c.data[max(0, c.first-8):c.first], " "), []byte("|")) && isOneOf(c.word.text(), "sh", "bash", "zsh", "ksh", "dash", "python", "python3", "perl", "php")
}

// document reports whether a text has lines as an article or a commit message has;
// in those commands are told, not given.
func document(data []byte) bool {
	if len(data) <= 80 {
		return false
	}
	head := data[:min(len(data), 4096)]
	return bytes.Count(head, []byte("\n")) >= 2 || bytes.Count(head, []byte(`\n`)) >= 3 || bytes.Count(head, []byte("%0A")) >= 3 // encoded once more
}

// tableRow reports whether bars part plain cells, as in Markdown.
func (c *call) tableRow() bool {
	if c.at != separator || c.first == 0 || bytes.IndexByte(c.data[max(0, c.first-window):c.first], '|') < 0 {
		return false
	}
	end := bytes.IndexByte(c.rest, '|')
	if end < 0 || end+1 < len(c.rest) && c.rest[end+1] == '|' {
		return false
	}
	line := c.data[max(0, c.first-window):min(len(c.data), c.word.end+window)]
	if i := bytes.IndexByte(c.rest, '\n'); i >= 0 && i < window {
		line = c.data[max(0, c.first-window) : c.word.end+i]
	}
	if c.data[0] == '|' && !c.grave && bytes.Count(line, []byte("|")) >= 3 && bytes.Count(line, []byte(" | ")) >= 1 {
		return true
	}
	return bytes.Count(line, []byte("|")) >= 3 && bytes.Count(line, []byte(" | ")) >= 1 && !bytes.ContainsAny(line, "/;$`")
}

// spaced reports whether the text before the command holds words and blanks, as the
// lines of prose do.
func (c *call) spaced() bool {
	return c.blanks >= 2 && point.Classify(c.data[max(0, c.first-window):c.first])&point.Alpha != 0
}

// proseFollows reports whether words follow the command as they do in sentences.
func (c *call) proseFollows() bool {
	return bytes.Count(c.rest[:min(len(c.rest), 64)], []byte(" ")) >= 3
}

// closes reports whether a command ends right behind its name.
func (c *call) closes() bool {
	rest := bytes.TrimLeft(c.rest, " \t'\"\r")
	if len(rest) == 0 {
		return true
	}
	switch rest[0] {
	case ';', '|', '&', '\n', '#', 0:
		return true
	case ')':
		return c.at == substitution
	case '`':
		return c.at == backtick
	case '\\':
		return len(rest) > 1 && rest[1] == 'n'
	}
	return false
}

// listed reports whether a word stands in a list such as hp|gen|top|women: bars on
// both sides and no blanks.
func (c *call) listed() bool {
	i := c.first
	if c.alternates() {
		return true
	}
	if i > 0 && c.data[i-1] == '|' && len(c.rest) > 0 && c.rest[0] == '|' && (c.rank == english || len(c.data) > c.word.n+2) &&
		(i == 1 || c.data[i-2] <= ' ') && (len(c.rest) == 1 || c.rest[1] <= ' ') {
		return true // |less| sets a word off
	}
	return i > 1 && c.data[i-1] == '|' && len(c.rest) > 1 && c.rest[0] == '|' && point.ClassOf[c.rest[1]]&(point.Alpha|point.Digit) != 0 && point.ClassOf[c.data[i-2]]&(point.Alpha|point.Digit) != 0
}

// alternates reports whether a word without arguments stands behind another command with
// only a bar between, as in the patterns curl|wget.
func (c *call) alternates() bool {
	i := c.first - 1
	if i < 2 || c.data[i] != '|' || len(c.rest) > 0 && c.rest[0] != ')' && c.rest[0] != '|' && c.rest[0] != '$' {
		return false
	}
	first := i
	for first > 0 && (lex.Word(c.data[first-1]) || c.data[first-1] == '-') {
		first--
	}
	return first > 0 && first < i && rankOf(c.data[first:i]) >= tool && c.data[first-1] > ' '
}
