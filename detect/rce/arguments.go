package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// withSlashes are commands whose options begin with a slash.
var withSlashes = lex.NewWords("net dir type reg cmd ping find copy del attrib shutdown tree sort sc ver set start timeout waitfor choice")

// arguments weighs what follows a command's name, up to the next separator.
func (c *call) arguments(t *evidence.Tally) (score int) {
	add := func(s *evidence.Sign, weight int8) {
		score += int(weight)
		t.AddWeight(s, weight, c.first, c.word.end-c.first+min(len(c.rest), 32))
	}
	if separatesFields(c.rest) || len(c.rest) > 1 && c.rest[0] == ',' && c.rest[1] > ' ' && c.first > 0 && c.data[c.first-1] == '{' {
		c.grave = true
		add(&fieldSep, fieldSep.Weight)
	}
	if c.rank >= tool && windowsBlanks(c.rest) {
		c.grave = true
		add(&fieldSep, fieldSep.Weight)
	}
	if c.hidesBehindNothing() {
		c.grave = true
		add(&hiddenArgument, hiddenArgument.Weight)
	}
	if i := bytes.Index(c.rest, []byte(" #")); i >= 0 && c.at != start { // what follows is a remark
		c.rest = c.rest[:i]
	}
	end := argumentsEnd(c.rest, c.at)
	given := withoutQuote(bytes.TrimSuffix(bytes.TrimRight(c.rest[:end], " "), []byte(" #")))
	args := given
	if end > 0 && end < len(c.rest) {
		c.tail(c.rest[end:], add)
	}
	if bytes.Contains(args, []byte("<<<")) && c.at != start {
		c.grave = true
		add(&redirection, 4)
	}
	if head := bytes.TrimLeft(c.rest[:min(len(c.rest), longestWord)], " "); expands(args) || lex.PrefixLength(head, []string{"`echo ", "`printf "}) > 0 || c.at != start && lex.Contains(args, "$env:") {
		c.grave = c.grave || !c.documented() || expands(args) // an article names variables of PowerShell
		add(&hiddenArgument, hiddenArgument.Weight)
	}
	if bytes.ContainsAny(args, "/\\%$~.") {
		switch {
		case sensitivePath(args):
			c.grave = true
			add(&argument, 5)
		case systemPath(args), wildPath(args):
			add(&argument, 4)
		}
		if address(args) {
			add(&argument, 3)
		}
	}
	if flag(args, c.rank == strong || withSlashes.Has(c.word.text())) {
		add(&argument, 3)
	}
	if n := c.beforeRedirections(); n >= 0 && c.at != start {
		c.rest, args = c.rest[:n], bytes.TrimSpace(c.rest[:n])
	}
	if c.typical(args) || c.at != start && (startsOther(c.word.text(), bytes.Trim(args, " '\"")) || c.echoes()) {
		add(&argument, 3)
	}
	if c.at != start && c.fills(given) {
		add(&redirection, 3)
	} else if c.at != start && containsAnyOf(given, " 2>&1", " 2>/dev/null", " >&2") {
		add(&redirection, 3)
	} else if i := bytes.IndexByte(given, '>'); i >= 0 && bytes.ContainsAny(given[i:], "/.\\") {
		add(&redirection, 2)
	}
	return score
}

// fills reports whether output goes into a script or into settings of a server.
func (c *call) fills(args []byte) bool {
	i := bytes.LastIndexByte(args, '>')
	if i < 0 || !c.glued() {
		return false
	}
	file := bytes.TrimSpace(args[i+1:])
	return len(file) > 3 && bytes.IndexByte(file, ' ') < 0 && (codeFile(file) || bytes.HasPrefix(file, []byte(".ht")))
}

// tail weighs the separator behind the arguments: output that goes on to another
// command, or a separator at the very end, which cuts off what the application adds.
func (c *call) tail(rest []byte, add func(*evidence.Sign, int8)) {
	n := 1
	if len(rest) > 1 && rest[1] == rest[0] {
		n = 2
	}
	after := bytes.Trim(rest[n:], " \t\r\n'\"#")
	switch {
	case rest[0] == ')' || rest[0] == '`' || rest[0] == '\n':
	case (n == 2 || len(after) == 0) && c.at != start && c.first > 0 && c.data[c.first-1] != ' ' && lex.OneOf(c.word.text(), "echo", "print", "printf", "ping", "sleep", "type", "set", "find"),
		n == 2 && c.at != start && lex.OneOf(c.word.text(), "echo", "print", "printf", "ping", "sleep"):
		add(&cutBehind, 3)
	case len(after) == 0 && c.at != start && c.rank != english:
		add(&cutBehind, 2)
	case len(after) == 0 && (c.at == separator || c.at == ampersand) && c.data[c.first-1] == rest[0] && lex.OneOf(c.word.text(), "echo", "print", "printf"):
		add(&redirection, 3) // the same separator on both sides: &echo a b&
	case rest[0] == '|' && c.rank != english:
		add(&redirection, 1)
	}
}

// separatesFields finds what stands for a blank without being one.
func separatesFields(b []byte) bool {
	b = b[:min(len(b), 64)]
	if i := bytes.Index(b, []byte("$@")); i >= 0 && (i == 0 || b[i-1] != '"' && b[i-1] != '\'') { // "$@" are the arguments of a script
		return true
	}
	if i := bytes.Index(b, []byte("IFS")); i > 0 && bytes.IndexByte(b[:i], '$') >= 0 && bytes.IndexByte(b[:i], ' ') < 0 {
		return true
	}
	return bytes.HasPrefix(b, []byte("<")) && len(b) > 1 && (b[1] == '/' && !closesElement(b) || b[1] == '<' || b[1] == '>') ||
		bytes.HasPrefix(b, []byte("%09")) || bytes.HasPrefix(b, []byte("%20"))
}

// closesElement reports whether text begins with the end of an element of HTML: </code>
func closesElement(b []byte) bool {
	end := lex.WordEnd(b, len("</"))
	return end > len("</") && end < len(b) && b[end] == '>'
}

// windowsBlanks finds what cmd.exe takes for blanks in front of an option: whoami,;/all
func windowsBlanks(b []byte) bool {
	after := bytes.TrimLeft(b, ",;=")
	n := len(b) - len(after)
	return n > 0 && b[0] != ';' && len(after) > 1 && (after[0] == '/' || after[0] == '-') && lex.Letter(after[1])
}

// expands finds slices of variables that spell a path: ${PATH:0:1}, %PATH:~0,1%, and
// strings written in escapes: $'\x2f'.
func expands(b []byte) bool {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte("${"))
		if i < 0 {
			break
		}
		from += i + 2
		if end := bytes.IndexByte(b[from:], '}'); end > 0 && end < 32 && slices(b[from:from+end]) {
			return true
		}
	}
	return calculates(b) || bytes.Contains(b, []byte("$()")) || bytes.Contains(b, []byte(":~")) || bytes.Contains(b, []byte(`$'\`)) || bytes.Contains(b, []byte("$(echo")) || bytes.Contains(b, []byte("$(printf"))
}

// calculates reports whether the shell is to add up two numbers, as probes have it print the sum:
// echo a$((14+67))
func calculates(b []byte) bool {
	_, inside, ok := bytes.Cut(b, []byte("$(("))
	if !ok {
		return false
	}
	first := digits(inside)
	if first == 0 || first == len(inside) || bytes.IndexByte([]byte("+-*"), inside[first]) < 0 {
		return false
	}
	second := digits(inside[first+1:])
	behind := inside[first+1+second:]
	return second > 0 && (len(behind) == 0 || behind[0] == ')') // where arguments end
}

// slices reports whether an expansion cuts a variable by numbers, or one of the
// environment's own by patterns. Defaults and endings, ${a:-b} and ${a%.c}, are what
// scripts are full of.
func slices(inside []byte) bool {
	end := lex.WordEnd(inside, 0)
	if end == 0 || end == len(inside) {
		return end == 0 && len(inside) > 1 && inside[0] == '@'
	}
	switch rest := inside[end:]; rest[0] {
	case ':':
		return len(rest) > 1 && (lex.Digit(rest[1]) || rest[1] == ' ' || rest[1] == '$' || rest[1] == '(')
	case '#', '%', '/':
		return lex.OneOf(inside[:end], "path", "home", "pwd", "shell", "oldpwd", "user", "bash", "hostname", "logname", "ls_colors")
	}
	return false
}

// typical reports whether the arguments are those that this very command takes.
func (c *call) typical(args []byte) bool {
	args = bytes.TrimSpace(args)
	first := args
	if i := bytes.IndexAny(args, " \t"); i >= 0 {
		first = args[:i]
	}
	switch string(c.word.text()) {
	case "sleep", "timeout", "kill", "pkill", "usleep", "waitfor", "start-sleep":
		if next := bytes.TrimLeft(c.rest, " "); c.at != start && len(next) > 2 && (next[0] == '`' || next[0] == '$' && next[1] == '(') {
			return true
		}
		after := bytes.TrimLeft(args[len(first):], " ")
		return len(args) > 0 && digits(first) > 0 && digits(first) >= len(first)-1 && (len(after) == 0 || after[0] == '#' || string(after) == "--" || after[0] == '\'')
	case "iex", "invoke-expression":
		c.grave = c.grave || c.at != start && len(first) > 1 && bytes.IndexByte([]byte("$('\""), first[0]) >= 0
		return c.grave
	case "gci", "get-childitem", "dir", "ls":
		if lex.OneOf(first, "env:", `env:\`, "cert:", "hklm:", "hkcu:") {
			return true
		}
		if len(first) > 2 && first[1] == ':' && first[2] == '\\' && lex.Equal(c.word.text(), "dir") && lex.Gaps(args) < 4 {
			c.grave = true // dir C:\
		}
		return c.file(args, first)
	case "tr":
		return (c.at == substitution || c.at == backtick) && bytes.ContainsAny(args, "-'[")
	case "cmd":
		c.grave = c.grave || lex.OneOf(first, "/c", "/k", "/r")
		return c.grave
	case "powershell", "pwsh":
		c.grave = c.grave || lex.HasPrefix(first, "-e") || lex.HasPrefix(first, "-n") || lex.HasPrefix(first, "-w") || lex.HasPrefix(first, "-c") || lex.HasPrefix(first, "iex")
		return c.grave
	case "perl", "ruby", "node", "python", "python2", "python3", "php", "bash", "sh", "zsh", "lua":
		if lex.OneOf(first, "-e", "-c", "-r", "-n", "-i") && len(args) > 4 {
			code := bytes.TrimLeft(args[len(first):], " '\"")
			c.grave = c.grave || c.at != start || c.word.path || runs(code) || reaches(args)
			return true
		}
		return codeFile(first) || len(first) > 2 && first[0] == '/'
	case "cat", "type", "more", "less", "head", "tail", "nl", "od", "strings", "rev", "tac", "vi", "vim", "nano", "grep", "find", "gc", "rm", "touch", "file", "stat", "cp", "mv":
		if c.glued() && lex.OneOf(args, "flag", "flag.txt", "flag.php", ".env", ".htaccess", ".htpasswd", ".bash_history", ".git/config") {
			return true
		}
		return c.file(args, first) || c.glued() && len(first) == len(args) && len(first) > 2 && bytes.IndexByte(first, '*') > 0
	case "echo", "print", "printf":
		if c.glued() && len(args) == len(first) && (c.opens() && len(first) >= 3 || marker(first)) {
			return true
		}
		if string(bytes.TrimSpace(args)) == "$?" { // how a command ended, as people show it
			return false
		}
		return len(args) > 0 && string(first) == "*" || len(args) > 0 && (bytes.ContainsAny(args[:1], "$\"'`%") && bytes.ContainsAny(args, "$`>\\%")) || bytes.HasPrefix(args, []byte("^"))
	case "gem", "apk", "pip", "pip3", "apt", "npm", "cpan", "snap":
		return c.glued() && lex.OneOf(first, "install", "add", "download", "i", "list", "ls", "freeze")
	case "awk", "gawk", "mawk", "nawk":
		return c.at != start && containsAnyOf(args, "system(", "|getline", "/inet/tcp")
	case "eval":
		return c.at != start && len(first) > 1 && bytes.IndexByte([]byte("$`\"'"), first[0]) >= 0
	case "ping":
		if lex.Contains(args, "127.0.0.1") || lex.Contains(args, "localhost") || lex.Contains(args, "::1") { // which only passes the time
			c.grave = lex.Gaps(args) < 4
			return c.grave
		}
		return hostName(first)
	}
	return takes(c.word.text(), args, first)
}

// takes reports whether the arguments are those of a command, wherever it stands.
func takes(name, args, first []byte) bool {
	switch string(name) {
	case "saps", "start-process", "sajb", "start-job":
		w := readWord(first, 0)
		return rankOf(w.text()) != unknown
	case "seq", "factor":
		return digits(first) > 0
	case "wmic":
		return lex.OneOf(first, "process", "os", "service", "product", "useraccount", "computersystem", "logicaldisk", "bios", "qfe", "startup", "path", "group", "netuse")
	case "trap":
		return len(args) > len(first) && lex.OneOf(args[bytes.LastIndexByte(args, ' ')+1:], "exit", "0", "int", "debug", "err", "term", "hup", "return")
	case "locate", "getent":
		return lex.OneOf(first, "passwd", "shadow", "hosts", "group")
	case ".", "source":
		return len(first) > 1 && (first[0] == '/' || first[0] == '~' || first[0] == '.' && first[1] == '/' || first[0] == '<' && first[1] == '(')
	case "expr":
		return digits(first) > 0
	case "net", "net1":
		return lex.OneOf(first, "user", "view", "localgroup", "group", "share", "use", "start", "stop", "accounts", "time", "session", "config", "statistics")
	case "netsh":
		return lex.OneOf(first, "firewall", "advfirewall", "wlan", "interface")
	case "reg":
		return lex.OneOf(first, "add", "query", "delete", "save", "export", "import")
	case "sc":
		return lex.OneOf(first, "query", "create", "stop", "start", "delete", "config")
	case "set", "export", "alias", "unset":
		return string(first) == "--" || bytes.IndexByte(first, '=') > 0
	case "nc", "telnet":
		return len(args) > len(first) && digits(bytes.TrimSpace(args[len(first):])) > 0
	case "service":
		return lex.OneOf(args[bytes.LastIndexByte(args, ' ')+1:], "start", "stop", "restart", "status", "reload")
	case "attrib":
		return len(first) == 2 && (first[0] == '+' || first[0] == '-')
	case "rd":
		return len(first) == 2 && first[0] == '/' || drive(args)
	case "route":
		return lex.OneOf(first, "print", "add", "delete", "-n", "change")
	case "time":
		return lex.Equal(first, "/t")
	case "query":
		return lex.OneOf(first, "user", "session", "process", "termserver")
	case "git":
		return lex.OneOf(first, "clone", "config")
	case "date":
		return lex.Equal(first, "/t") || len(first) > 1 && first[0] == '+' && first[1] == '%'
	case "dig":
		return hostName(first) || len(first) > 2 && (first[0] == '+' || first[0] == '@') && len(args) > len(first)
	case "whois", "host", "nslookup":
		return hostName(first)
	case "ip":
		return lex.OneOf(first, "addr", "a", "route", "link", "neigh")
	case "ps":
		return lex.OneOf(first, "aux", "auxww", "axu", "ef", "-ef")
	case "aws":
		return len(args) > len(first) && lex.OneOf(first, "s3", "s3api", "sts", "iam", "ec2", "ssm", "lambda", "secretsmanager", "configure")
	case "cd":
		return len(first) > 0 && (first[0] == '/' || first[0] == '.' || first[0] == '~' || bytes.HasSuffix(first, []byte(`\`)))
	case "docker":
		return lex.OneOf(first, "ps", "run", "exec", "images", "inspect")
	}
	return false
}

// echoes reports whether a command prints what another one does, or sends it: echo `id`
func (c *call) echoes() bool {
	rest := bytes.TrimLeft(c.rest, " ")
	if len(rest) > 4 && len(rest) < len(c.rest) && c.at != backtick && lex.OneOf(c.word.text(), "nslookup", "dig", "host", "ping", "curl", "wget") && (rest[0] == '`' && runs(rest[1:]) || bytes.HasPrefix(rest, []byte("$(")) && runs(rest[2:])) {
		return true // nslookup `id`.h.example
	}
	if len(rest) < 4 || rest[0] != '`' || len(rest) == len(c.rest) || !lex.OneOf(c.word.text(), "echo", "printf", "print") {
		return false
	}
	end := bytes.IndexByte(rest[1:], '`')
	return end > 0 && runs(rest[1:1+end])
}

// marker reports whether a word is one that a probe has printed to find it again: letters
// and digits, or parts that underscores join.
func marker(word []byte) bool {
	classes := point.Classify(word)
	return (len(word) >= 6 || len(word) == 5 && lex.Letter(word[4]) && classes&point.Digit != 0) && classes&^(point.Alpha|point.Digit|point.Dash) == 0 && (classes&point.Digit != 0 || bytes.IndexByte(word, '_') > 0) && lex.Letter(word[0])
}

// reaches reports whether code that an interpreter is given leaves it: for the network, a
// shell, files, other code.
func reaches(code []byte) bool {
	word, _ := lex.First(code, []string{
		"exec", "system", "socket", "spawn", "popen", "eval", "child_process", "subprocess", "http", "/dev/", "/etc/", "base64", "curl", "wget", "whoami", "open(", "passthru", "readfile", "fopen", "file_get", "nc ", "ncat",
		"bash", "/bin/sh", "import os", "require", "`", "net.connect", "urllib", "io.", "id'", "id\"", "uname", "rm -",
	})
	if i := bytes.Index(code, []byte(`"x`)); i >= 0 && i+2 < len(code) && lex.Digit(code[i+2]) { // a thousand X
		return true
	}
	return word >= 0
}

// file reports whether the first argument is the path of a file.
func (c *call) file(args, first []byte) bool {
	if string(first) == "/" {
		return true
	}
	return len(first) > 1 && len(args) < 80 && (first[0] == '/' && (bytes.IndexByte(first[1:], '/') >= 0 || bytes.IndexByte(first, '.') > 0) || first[0] == '.' && (len(first) == 1 || first[1] == '/' || first[1] == '.') || first[0] == '*' || bytes.Contains(first, []byte(":\\")) || codeFile(first))
}

// codeFile reports whether a word is the name of a program's or a system's file.
func codeFile(b []byte) bool {
	return string(b) == "passwd" || string(b) == "shadow" || lex.SuffixLength(b, []string{".php", ".conf", ".ini", ".sh", ".py", ".pl", ".rb", ".env", ".log", ".jsp", ".config", ".bat", ".ps1", ".key", ".pem"}) > 0
}

// flag finds -x, --long, or /c and /all of Windows.
func flag(b []byte, windows bool) bool {
	for i := 0; i+2 < len(b); i++ {
		if b[i] != ' ' && b[i] != '\t' {
			continue
		}
		if b[i+1] == '-' && point.ClassOf[b[i+2]]&(point.Alpha|point.Digit|point.Dash) != 0 && (b[i+2] != '-' || i+3 < len(b) && point.ClassOf[b[i+3]]&point.Alpha != 0) {
			return true
		}
		if b[i+1] == '/' && windows {
			j := i + 2
			for j < len(b) && point.ClassOf[b[j]]&point.Alpha != 0 && j-i < 12 {
				j++
			}
			if j > i+2 && (j == len(b) || b[j] == ' ' || b[j] == ':') && !systemPath(b[i:j]) {
				return true
			}
		}
	}
	return false
}

// sensitivePath finds files that attackers read first.
func sensitivePath(b []byte) bool { return sensitive.In(b) || ofWindows.In(b) }

// The files, as they are written, and those whose names Windows takes in either case.
var (
	sensitive = lex.NewExactList("/etc/passwd", "/etc/shadow", "/etc/hosts", "/etc/group", "/proc/self", "/dev/tcp", "/dev/udp", "boot.ini", "win.ini", ".ssh/id_", ".ssh/auth", ".aws/cred", "/run/secrets/", "wp-config", "/etc/p*", "/etc/p?", "/etc/pas", "/etc/issue", "/flag", "/bin/sh", "/bin/bash", "cmd.exe", `HKLM\`, `hklm\`, `HKEY_`)
	ofWindows = lex.NewList(`\repair\`, `\config\sam`, `\config\system`, `\config\security`, `\ntds.dit`)
)

// sensitiveAt returns the first place from i on at which such a file is named, the end of b if there is none.
func sensitiveAt(b []byte, i int) int {
	first := len(b)
	for _, f := range [...]*lex.List{sensitive, ofWindows} {
		if at, _ := f.First(b[i:first]); at >= 0 {
			first = i + at
		}
	}
	return first
}

// systemPath finds paths of the system.
func systemPath(b []byte) bool { return systemRoots.In(b) || drive(b) }

var systemRoots = lex.NewExactList("/etc", "/bin", "/usr", "/tmp", "/var", "/dev", "/proc", "/root", "/home", "/opt", "/sys/", "/mnt", "%windir%", "%SYSTEM", "%system", "%TEMP", "%USER", "/???", "/*", "passwd", "~/", "$HOME", "$PATH")

// drive finds the root of a drive, C:\ or c:/.
func drive(b []byte) bool {
	for i := 1; i+1 < len(b); i++ {
		if b[i] == ':' && (b[i+1] == '\\' || b[i+1] == '/') && lex.Letter(b[i-1]) && (i == 1 || !lex.Word(b[i-2])) {
			return true
		}
	}
	return false
}

// wildPath finds a path with wildcards: /e?c/p*.
func wildPath(b []byte) bool {
	slashes, wild := 0, false
	for i, c := range b {
		switch {
		case c == '/':
			slashes++
		case c == '?' || c == '*' && i > 0 && point.ClassOf[b[i-1]]&(point.Alpha|point.Slash) != 0:
			wild = wild || slashes > 0
		}
	}
	return wild && slashes >= 2 && lex.Gaps(b) < 6
}

// hostName reports whether the first argument is a dotted name.
func hostName(b []byte) bool {
	b = bytes.TrimLeft(b, " \t")
	if i := bytes.IndexAny(b, " \t/"); i >= 0 {
		b = b[:i]
	}
	dot := bytes.LastIndexByte(b, '.')
	return dot > 0 && len(b)-dot > 2 && point.Classify(b)&^(point.Alpha|point.Digit|point.Dash|point.Dot) == 0
}

// address finds a URL, an IPv4 address or a host with a port.
func address(b []byte) bool {
	if bytes.Contains(b, []byte("://")) || hostName(b) {
		return true
	}
	dots, digits := 0, 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && digits > 0:
			dots++
			digits = 0
		default:
			if dots == 3 && digits > 0 {
				return true
			}
			dots, digits = 0, 0
		}
	}
	return dots == 3 && digits > 0
}

// withoutQuote returns arguments without a quote at their end that none of them opened: the application's.
func withoutQuote(args []byte) []byte {
	n := len(args) - 1
	if n > 0 && (args[n] == '\'' || args[n] == '"') && bytes.Count(args, args[n:])&1 == 1 {
		return args[:n]
	}
	return args
}
