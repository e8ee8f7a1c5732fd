package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// options are arguments by which common programs run another one, or load settings that
// do. A value that holds one was meant for a command line that takes it for more than a
// name.
var options = [...]string{
	"-oproxycommand", "-opermitlocalcommand", "-olocalcommand", "-oknownhostscommand", "-oqueuedirectory=", "--upload-pack=", "--upload-pack ", "--receive-pack=", "--use-compress-program=", "--checkpoint-action=",
	"--to-command=", "--rsh-command=", "--info-script=", "--new-volume-script=", "--open-files-in-pager", "--use-askpass=", "--config=alias.", "--config=core.", "--config alias.", "--config=hooks.", "--config hooks.",
	"-c core.sshcommand", "-ccore.sshcommand", "-c core.pager", "-c core.editor", "-c core.fsmonitor", "-c alias.", "-c protocol.ext.allow", "--unzip-command=", "-tt ", "--rsync-path=",
	"--gpu-launcher=", "--renderer-cmd-prefix=", "--utility-cmd-prefix=", "-xx:onoutofmemoryerror=", "-xx:onerror=", "--post-file=", "--init-command=", "--postrotate-command",
	"d allow_url_include", "d auto_prepend_file", "d auto_append_file", "d disable_functions", "-d allow_url_include", "-d auto_prepend_file", "-d auto_append_file", "-d disable_functions", "-d open_basedir", "-dallow_url_include", "-dauto_prepend_file", "-ddisable_functions",
	"-vf drawtext=textfile", "-vf \"drawtext=textfile", "-filter_complex drawtext=textfile", "-k /", "-k http", "-f @/", "-d @/", "-d@/", "--data @/", "--data-binary @/", "-t /etc/", "--upload-file /", "-e/bin/", "-e /bin/", "-i 'sh -c", "-i \"sh -c", "-i sh -c",
	"--eval=$(", "--eval='$(", "--eval=\"$(", "-wrapper sh,", "-wrapper /", "--split-string=", "--checkpoint-action 'exec", "--checkpoint-action \"exec", "--checkpoint-action exec",
}

// maxOptions bounds the options of a value that are looked at, maxAhead what may stand in
// front of one, in bytes.
const (
	maxOptions = 16
	maxAhead   = 48
)

// injected finds an option of a program in a value that was meant to be one argument: at
// its start or behind a name or two.
func injected(data []byte, best *evidence.Tally) {
	own := ownOptions(data)
	if n := handed(data[own:]); n > 0 {
		one(&option, own, n, evidence.ShellWord, best)
		return
	}
	for i, seen, blanks := 0, 0, 0; i < len(data) && seen < maxOptions && blanks < 8 && (seen > 0 || i <= maxAhead); i++ {
		switch {
		case data[i] == ' ' || data[i] == '\t' || data[i] == '\n':
			blanks++
			continue
		case i > 0 && data[i-1] != ' ' && data[i-1] != '\t' && data[i-1] != '\n':
			continue
		}
		n := dash(data[i:])
		if n == 0 {
			continue
		}
		if seen == 0 && i > 0 && lex.Prose(data[:i]) {
			return
		}
		seen++
		if o := optionAt(data[i:], n, i > 0 && rankOf(data[:lex.WordEnd(data, 0)]) >= tool); o > 0 {
			if lex.HasPrefix(data, "find ") && lex.HasPrefix(data[i+n:], "exec grep ") && bytes.Count(data, []byte("-exec")) == 1 {
				return // a whole search of one's own: the option is find's, and grep only reads
			}
			one(&option, i, o, evidence.ShellWord, best)
			return
		}
	}
}

// longestHanded bounds a value that is read as nothing but options.
const longestHanded = 4 * longestWord

// outputs are names of options whose operand is where honest programs write, or a folder
// in which they may.
var outputs = []string{"o", "out", "output", "outdir", "outfile", "log", "logfile", "log-file", "d", "dir", "directory", "tmp", "tmpdir", "temp", "temp-dir", "cache-dir", "t", "workdir", "w", "prefix", "target", "dest", "p", "v"}

// handed returns the length of an option in a value that begins with one, if its operand is
// a file that only attacks read, or code, settings or a program in a folder where everybody
// writes: -iL /etc/passwd, --config=/tmp/c, -javaagent:/tmp/a.jar
func handed(data []byte) int {
	if len(data) < 5 || len(data) > longestHanded || data[0] != '-' || !lex.Letter(data[1]) && (data[1] != '-' || !lex.Letter(data[2])) || bytes.IndexByte(data, '\n') >= 0 {
		return 0
	}
	for _, s := range secrets {
		if i := bytes.Index(data, []byte(s)); i > 1 && (bytes.IndexByte([]byte(" =@<:'\"pfTKCFirI"), data[i-1]) >= 0 || bytes.HasSuffix(data[:i], []byte("file://"))) {
			return i
		}
	}
	if n := lex.PrefixLength(data, agents); n > 0 {
		return n
	}
	name := bytes.TrimLeft(data, "-")
	end := 0
	for end < len(name) && (lex.Word(name[end]) || name[end] == '-') {
		end++
	}
	operand := bytes.TrimLeft(name[end:], " =:'\"")
	if end == 0 || end == len(name) {
		return 0
	}
	if data[1] != '-' && end == 1 && len(name) > 1 && name[1] == '/' { // glued: -K/tmp/c
		operand = name[1:]
	}
	switch {
	case runsCode(name[:end], operand), name[0] == 'c' && end == 1 && asked(operand) && len(operand) < len("hostname")+2:
		return end
	case lex.PrefixLength(operand, []string{"/tmp/", "/var/tmp/", "/dev/shm/"}) > 0 && !lex.OneOf(name[:end], outputs...):
		return len(data) - len(operand)
	case lex.OneOf(name[:end], "c", "cmd", "e", "execute", "command") && lex.PrefixLength(operand, []string{"!", ":!", "\\!"}) > 0 && rankOf(readWordText(bytes.TrimLeft(operand, ":\\! "))) != unknown,
		lex.OneOf(name[:end], "e", "r", "c", "eval") && callRank(firstName(operand)) >= graveCall,
		lex.OneOf(name[:end], "fprintf", "fprint", "fprint0", "fls") && bytes.HasPrefix(operand, []byte("/")),
		runner(name[:end]) && asked(operand), lex.OneOf(name[:end], starting...) && asked(operand):
		return end
	}
	return 0
}

// starting are names of options whose operand is a program, though they do not say so.
var starting = []string{"rsh", "use-compress-program", "exec-before-download", "pdf-engine", "pre", "hostname-bin", "compress-prog", "up", "down", "route-up", "tls-verify", "client-connect", "wrapper", "preprocessor", "toolexec", "extcmd", "sendmail-path", "ssh"}

// agents are options by which the machine of Java, Node, Ghostscript and containers load
// code, open a debugger or leave their bounds.
var agents = []string{
	"-javaagent:", "-agentlib:jdwp", "-agentpath:", "-dcom.sun.jndi.", "-djava.rmi.server.codebase", "-djava.security.manager", "-djava.security.policy", "--spring.config.location=http", "--spring.config.additional-location=http", "--inspect=0.0.0.0", "--inspect-brk=0.0.0.0", "--import=data:", "--loader=data:", "--experimental-loader=data:",
	"-dsafer=false", "-dnosafer", "--enable-local-file-access", "-v /:/", "-v=/:/", "--volume=/:/", "--volume /:/",
	"-xbootclasspath/a:", "--enable-write18", "--script-security 2", "--script-security=2", "--mount type=bind,src=/,", "--mount type=bind,source=/,", "--execute=output_document=/", "--execute=post_file=/", "--execute=use_askpass=",
}

// asked reports whether an operand is a command by which attacks ask or wait.
func asked(operand []byte) bool {
	w := readWord(operand, 0)
	return (!w.path || w.system()) && delimited(operand, w.end) && lex.OneOf(w.text(), "id", "whoami", "uname", "hostname", "curl", "wget", "nc", "ncat", "touch", "sleep", "ping", "reboot", "nslookup", "dig", "ifconfig")
}

// dash returns the length of what begins an option: a hyphen, or a soft hyphen, which
// some systems fold to one.
func dash(b []byte) int {
	switch {
	case b[0] == '-' || b[0] == 0xad:
		return 1
	case len(b) > 1 && b[0] == 0xc2 && b[1] == 0xad:
		return 2
	}
	return 0
}

// optionAt returns the length of a dangerous option with which b begins, 0 if there is
// none. n is the length of its dash; own says that the value is a line of a shell whose
// first word is the program.
func optionAt(b []byte, n int, own bool) int {
	for _, o := range options {
		if o[0] == '-' && lex.HasPrefix(b, o) || o[0] == 'd' && b[0] != '-' && lex.HasPrefix(b[n:], o) {
			return len(o)
		}
	}
	end := n
	for end < len(b) && b[end] > ' ' && b[end] != '=' && end < 24 {
		end++
	}
	if end-n > 4 && bytes.IndexByte([]byte("oOxXaw"), b[n]) >= 0 && b[n+1] == '/' && written(b[n+1:]) { // glued: -o/var/www/a.php
		return n + 1
	}
	if end == len(b) || end == n {
		return 0
	}
	name := b[n:end]
	operand := bytes.TrimLeft(b[end+1:min(len(b), end+longestWord)], " '\"")
	switch {
	case commanded(name, operand, b[end+1:]), !own && !lex.OneOf(name, "f", "c", "-file", "-config") && written(operand) && served(operand), lex.OneOf(name, "x", "-exec") && !own && executable(operand):
		return end
	case lex.OneOf(name, "exec", "execdir", "ok", "okdir"):
		if runs(operand) || bytes.HasSuffix(bytes.TrimRight(b, " "), []byte(";")) && startsCommand(operand) {
			return end
		}
	case b[end] == '=' && lex.OneOf(name, "-exec", "-pager") && runs(operand) && !interpreter(operand):
		return end
	case lex.OneOf(name, "c", "-config") && !own && gitRuns(operand):
		return end
	case lex.OneOf(name, "e", "c", "t", "tt", "x", "-rsh", "-exec", "-execute", "-eval", "-command", "-shell", "-pager", "-editor", "-hook"):
		if runs(operand) && shellOption(operand) || n == 1 && len(name) == 1 && name[0] == 'c' && len(operand) > 0 && operand[0] != b[end+1] && asked(operand) {
			return end
		}
	case lex.OneOf(name, "f", "d", "-form", "-data", "-data-binary"):
		if i := bytes.IndexByte(operand, '@'); i >= 0 && (lex.HasPrefix(operand[i+1:], "/etc/") || lex.HasPrefix(operand[i+1:], "/proc/") || lex.HasPrefix(operand[i+1:], "/var/")) {
			return end
		}
	case lex.OneOf(name, "o", "on", "og", "ox", "oa", "-output", "-output-document", "-output-file", "-log-file", "-logfile", "x", "-dump-header", "write", "w", "-write", "-out", "out", "-logging-file"):
		if written(operand) || !own && lex.Equal(name, "o") && setsCommand(operand) {
			return end
		}
	case lex.OneOf(name, "z", "-postrotate-command", "-compress-program"):
		if !own && executable(operand) {
			return end
		}
	case b[end] == '=' && name[0] == '-' && (loads(operand) || runner(name) && shellOption(operand)):
		return end
	}
	return 0
}

// setsCommand reports whether an operand of -o is a keyword of ssh that names a program.
func setsCommand(operand []byte) bool {
	end := lex.WordEnd(operand, 0)
	return end < len(operand) && (operand[end] == '=' || operand[end] == ' ') &&
		lex.OneOf(operand[:end], "proxycommand", "localcommand", "permitlocalcommand", "knownhostscommand", "pkcs11provider", "securitykeyprovider", "authorizedkeyscommand", "remotecommand", "xauthlocation", "queuedirectory")
}

// gitRuns reports whether an operand sets what git runs: core.sshCommand=id.
func gitRuns(operand []byte) bool {
	return lex.PrefixLength(operand, []string{"core.sshcommand=", "core.pager=", "core.editor=", "core.fsmonitor=", "core.hookspath=", "core.gitproxy=", "credential.helper=!"}) > 0
}

// executable reports whether an operand is a program of the system or a script by its
// path: tcpdump -z /bin/id.
func executable(operand []byte) bool {
	w := readWord(operand, 0)
	if !w.path || w.n < 4 || operand[0] != '/' {
		return false
	}
	return w.system() && rankOf(w.text()) != unknown || scriptFile(w.buf[:w.n])
}

// scriptFile reports whether a word is the name of a script.
func scriptFile(b []byte) bool {
	n := lex.SuffixLength(b, []string{".sh", ".py", ".pl", ".rb", ".bat", ".cmd", ".ps1"})
	return n > 0 && n < len(b)
}

// loads reports whether an operand is a library in a folder where users write, whose code
// runs when it is loaded: --extensions=/tmp/a.so.
func loads(operand []byte) bool {
	end := bytes.IndexAny(operand, " '\"")
	if end < 0 {
		end = len(operand)
	}
	path := operand[:end]
	if lex.PrefixLength(path, []string{"/tmp/", "/var/tmp/", "/dev/shm/", "/var/www/", "/proc/", "/home/", `\\`}) == 0 {
		return false
	}
	return lex.HasSuffix(path, ".so") || lex.HasSuffix(path, ".dll") || lex.HasSuffix(path, ".dylib")
}

// runner reports whether a long option's name says that its operand is run.
func runner(name []byte) bool {
	_, word := lex.First(name, []string{"command", "program", "exec", "hook", "askpass", "rsh", "pager", "editor", "script", "filter", "cmd"})
	return word != ""
}

// runs reports whether an option's operand is a command: /bin/sh, id, sh -c.
func runs(operand []byte) bool {
	certain, end := commands(operand)
	return certain || end > 0 && sensitivePath(operand[end:])
}

// commands reports whether an operand is surely a command, or returns the index behind a word of English that is one
// if a file stands behind it that attackers read first.
func commands(operand []byte) (certain bool, end int) {
	w := readWord(operand, 0)
	if w.n == 0 || w.path && !w.system() {
		return false, 0
	}
	if r := rankOf(w.text()); r != english {
		return r >= tool && r != grammar, 0
	}
	return false, w.end
}

// sensitives remembers where a value names such a file, for whoever asks from front to back.
type sensitives struct{ ahead }

// ahead remembers where something stands next, from a place on.
type ahead struct {
	asked      bool
	from, next int // nothing stands between them
}

// runs is runs for the operand that begins at i and goes on to the value's end.
func (s *sensitives) runs(data []byte, i int) bool {
	certain, end := commands(data[i:])
	if certain || end == 0 {
		return certain
	}
	if i += end; !s.asked || i < s.from || s.next < i {
		s.ahead = ahead{true, i, sensitiveAt(data, i)}
	}
	return s.next < len(data)
}

// shellOption reports whether a command is a shell or another interpreter with code.
func shellOption(operand []byte) bool {
	w := readWord(operand, 0)
	if !interpreter(operand) {
		return false
	}
	rest := bytes.TrimLeft(operand[w.end:], " ")
	if end := bytes.IndexAny(rest, " '\""); end > 0 && rest[end] != ' ' && scriptFile(rest[:end]) {
		return true // rsync -e 'sh a.sh'
	}
	return len(rest) > 1 && (rest[0] == '-' || rest[0] == '/') && bytes.IndexByte([]byte("ceriCERI"), rest[1]) >= 0
}

// interpreter reports whether an operand begins with a shell or another interpreter.
func interpreter(operand []byte) bool {
	w := readWord(operand, 0)
	return lex.OneOf(w.text(), "sh", "bash", "dash", "zsh", "ksh", "python", "python3", "perl", "ruby", "php", "node", "cmd", "powershell", "busybox")
}

// written reports whether an option's operand is a script in a folder that a server
// publishes, or a file from which a system takes commands.
func written(operand []byte) bool {
	end := bytes.IndexAny(operand, " '\";|&\n")
	if end < 0 {
		end = len(operand)
	}
	path := operand[:end]
	if len(path) < 4 || path[0] != '/' && point.Classify(path)&point.Backslash == 0 {
		return false
	}
	return lex.HasPrefix(path, "/etc/cron") ||
		lex.SuffixLength(path, []string{".php", ".phtml", ".phar", ".jsp", ".jspx", ".war", ".aspx", ".ashx", ".asmx", ".asp", ".cgi", ".cfm", ".htaccess", "/authorized_keys", "/crontab", ".bashrc"}) > 0
}
