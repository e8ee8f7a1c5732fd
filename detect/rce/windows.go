package rce

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// windows weighs what only cmd.exe reads: loops over output, conditions on files and
// variables, and slices of variables.
func windows(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	if i := lex.Index(data, "for "); i >= 0 && commandStart(data, i) {
		rest := bytes.TrimLeft(data[i+4:], " ")
		loop := len(rest) > 3 && (rest[0] != '%' || rest[1] != '%' || !lex.HasPrefix(data, "@echo off")) && // a batch file
			(rest[0] == '/' && rest[2] == ' ' || rest[0] == '%') && bytes.IndexByte(rest, '%') >= 0
		if in := lex.Index(rest, " in "); loop && in > 0 && bytes.IndexByte(rest[in:], '(') >= 0 && lex.Index(rest[in:], "do ") > 0 {
			one(&windowsLoop, i, min(len(data)-i, 64), evidence.ShellWord, best)
			return
		}
	}
	if i := lex.IndexPaired(pairs, data, ":~"); i > 1 && i+2 < len(data) && (digits(data[i+2:]) > 0 || data[i+2] == '-') {
		if open := bytes.LastIndexByte(data[:i], '%'); open >= 0 && i-open < 24 && bytes.IndexByte(data[i:], '%') > 0 {
			var t evidence.Tally
			t.Reset(attack.RCE, evidence.ShellWord)
			t.Add(&windowsSlice, open, i-open+2)
			if document(data) && unset(data, data[open+1:i]) {
				t.Cap(7)
			}
			keep(&t, best)
		}
	}
}

// unset reports whether a variable is none that Windows sets, and the value does not set
// it either: there is nothing to cut from.
func unset(data, name []byte) bool {
	if lex.OneOf(name, "comspec", "path", "pathext", "windir", "systemroot", "systemdrive", "programfiles", "programdata", "programw6432", "commonprogramfiles", "allusersprofile", "public", "temp", "tmp", "os", "userprofile", "username", "userdomain", "appdata",
		"localappdata", "homepath", "homedrive", "computername", "logonserver", "processor_architecture", "psmodulepath", "cd", "date", "time", "cmdcmdline", "cmdextversion", "prompt", "errorlevel", "random") {
		return false
	}
	for from := 0; ; {
		i := bytes.Index(data[from:], name)
		if i < 0 {
			return true
		}
		from += i + len(name)
		if from < len(data) && (data[from] == '=' || data[from] == ' ') && bytes.Contains(data[max(0, from-len(name)-8):from], []byte("set")) || len(name) == 0 {
			return false
		}
	}
}

// environment weighs a command that a variable of Windows names or whose folder it
// names: %COMSPEC% /c, %windir%\system32\cmd.exe, !COMSPEC!.
func (r *reader) environment(i int, at position) {
	end := bytes.IndexByte(r.data[i+1:min(len(r.data), i+24)], r.data[i])
	if end < 1 {
		return
	}
	name, rest := r.data[i+1:i+1+end], r.data[i+end+2:min(len(r.data), i+end+2+window)]
	switch {
	case lex.Equal(name, "comspec") && (at != start || flag(rest, true)):
	case lex.OneOf(name, "windir", "systemroot", "programfiles", "systemdrive") && len(rest) > 1 && rest[0] == '\\':
		path := rest[:len(rest)-len(bytes.TrimLeft(rest, "\\/._-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))]
		w := readWord(path[bytes.LastIndexByte(path, '\\')+1:], 0)
		if rankOf(w.text()) < tool || at == start && !flag(rest, true) {
			return
		}
	default:
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.Add(&separated, max(0, i-1), end+2)
	t.Add(&closed, i, end+2)
	keep(&t, r.best)
}

// ifOfWindows passes over a condition of cmd.exe in front of a command: if 1==1 whoami,
// if not exist c:\\a ping 127.0.0.1
func ifOfWindows(data []byte, i int) int {
	if i+3 >= len(data) || data[i]|0x20 != 'i' || !lex.HasPrefix(data[i:], "if ") {
		return i
	}
	at := lex.SkipSpace(data, i+3)
	for _, word := range [...]string{"/i ", "not "} {
		if lex.HasPrefix(data[at:], word) {
			at = lex.SkipSpace(data, at+len(word))
		}
	}
	n := lex.PrefixLength(data[at:], []string{"exist ", "defined ", "errorlevel "})
	at = lex.SkipSpace(data, at+n)
	end := at
	for end < len(data) && data[end] > ' ' && end-at < longestWord {
		end++
	}
	if next := lex.SkipSpace(data, end); next < len(data) && (n > 0 || bytes.Contains(data[at:end], []byte("=="))) {
		return next
	}
	return i
}

// spaces are name spaces and classes of .NET that PowerShell reaches in brackets.
var spaces = lex.NewPrefixes(
	"system.", "io.", "net.", "diagnostics.", "environment]", "convert]", "text.encoding", "text.", "reflection.", "runtime.", "threading.", "security.", "scriptblock]", "activator]", "appdomain]", "adsi]", "wmi]", "wmiclass]", "ref]", "char[]]", "char]", "byte[]]", "string]", "microsoft.", "management.", "web.", "dns]", "guid]", "math]", "gc]", "console]", "datetime]", "array]", "type]",
)

// cmdVariables are variables that PowerShell sets itself and that tell of the system.
var cmdVariables = lex.NewPrefixes("$env:", "$psversiontable", "$executioncontext", "$pshome", "$shellid", "$psscriptroot", "$psculture")

// typed weighs a statement of PowerShell behind a separator that is no command: a member
// of a class of .NET, [Environment]::UserName, and a variable of the system alone.
func (r *reader) typed(i int) {
	if i < 1 || i+4 >= len(r.data) || r.line || r.documented() {
		return
	}
	rest := r.data[i:min(len(r.data), i+2*longestWord)]
	var n int
	switch rest[0] {
	case '[':
		if n = spaces.Length(rest[1:]); n == 0 {
			return
		}
		end := bytes.Index(rest, []byte("]::"))
		if end < 0 {
			end = bytes.Index(rest, []byte("]("))
		}
		if end < n || bytes.IndexByte(rest[:end], ' ') >= 0 {
			return
		}
		n = end
	case '$':
		n = cmdVariables.Length(rest)
		if end := lex.WordEnd(rest, n); n == 0 || bytes.IndexByte(rest[:end], ' ') >= 0 || end < len(rest) && bytes.IndexByte([]byte(".;|\"'#)&"), rest[end]) < 0 {
			if n = lex.PrefixLength(rest[bytes.IndexByte(rest, '=')+1:], []string{"new-object ", "[scriptblock]::", "[activator]::", "[net.", "[system."}); n == 0 {
				n = runsInto(rest)
			}
			if n == 0 {
				return
			}
		}
	default:
		if n = programPath(rest); n > 0 && r.inTable(i) {
			return
		}
		if n == 0 && rest[0] == '"' && rest[1] == '$' {
			n = cmdVariables.Length(rest[1:])
		}
	}
	if n == 0 {
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.Add(&powershell, i, n)
	keep(&t, r.best)
}

// runsInto returns the length of an assignment of what a command prints to a variable:
// $a=whoami
func runsInto(rest []byte) int {
	equal := lex.WordEnd(rest, 1)
	if equal < 2 || equal+1 >= len(rest) || rest[equal] != '=' {
		return 0
	}
	end := nameEnd(rest, equal+1)
	if rankOf(rest[equal+1:end]) != strong || end < len(rest) && bytes.IndexByte([]byte(";|&"), rest[end]) < 0 {
		return 0
	}
	return end
}

// programPath returns the length of the path of a program of Windows, in quotes or not:
// C:\\Windows\\System32\\whoami.exe
func programPath(rest []byte) int {
	from := 0
	if rest[0] == '"' {
		from = 1
	}
	if from+3 >= len(rest) || rest[from+1] != ':' || rest[from+2] != '\\' {
		return 0
	}
	end := 0
	for end < len(rest)-from && !endsProgram[rest[from+end]] {
		end++
	}
	if lex.SuffixLength(rest[from:from+end], programEnds[:]) == 0 {
		return 0
	}
	return from + end
}

// endsProgram holds the bytes that end the path of a program.
var endsProgram = setOf("\"' &|;<>")

// opensBlock holds the bytes in front of such a block: &{ .{ %{ ?{ ){ Try{
var opensBlock = [256]bool{'&': true, '.': true, '%': true, '?': true, ')': true, 'y': true}

// block weighs a block of PowerShell that is run where it stands and holds nothing but a
// command: &{whoami}, 1..9|%{whoami}
func (r *reader) block(i int) {
	if i+2 < len(r.data) && r.data[i+1] == ',' {
		r.braced(i)
		return
	}
	if i == 0 || !opensBlock[r.data[i-1]] || r.documented() {
		return
	}
	inside := bytes.TrimLeft(r.data[i+1:], " &")
	from := len(r.data) - len(inside)
	least := strong
	if r.data[from-1] == '&' || bytes.HasSuffix(r.data[:from], []byte("& ")) || runs(inside) {
		least = tool
	}
	w := readWord(r.data, from)
	end := w.end
	if end == len(r.data) || rankOf(w.text()) < least || rankOf(w.text()) > strong || r.data[end] != '}' && (r.data[end] != ' ' || !r.closesBlock(i, end)) {
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.Add(&powershell, i-1, end-i+1)
	keep(&t, r.best)
}

// closesBlock reports whether the block that begins at i ends behind the arguments of its command: a parenthesis
// closes behind it if one does in front.
func (r *reader) closesBlock(i, end int) bool {
	n := bytes.IndexByte(r.data[end:], '}')
	switch {
	case n < 0 || r.data[i-1] == 'y':
		return false
	case r.data[i-1] == ')':
		return bytes.HasPrefix(r.data[end+n:], []byte("})"))
	}
	return true
}

// braced weighs a command and its arguments in braces behind an empty word, which a shell takes
// apart at the commas: {,cat,/etc/hosts}
func (r *reader) braced(i int) {
	end := nameEnd(r.data, i+2)
	if end == len(r.data) || r.data[end] != ',' && r.data[end] != '}' {
		return
	}
	if k := rankOf(r.data[i+2 : end]); k < english || k == english && (end+1 == len(r.data) || r.data[end+1] != '/' && r.data[end+1] != '-') {
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.Add(&hiddenWord, i, end-i)
	t.Add(&fieldSep, i, 2)
	keep(&t, r.best)
}

// slashed takes an option that is glued to a command of Windows for what it is:
// ipconfig/all, dir/s.
func (c *call) slashed() {
	slash := bytes.IndexByte(c.word.buf[:c.word.n], '/')
	if slash < 2 || c.word.hidden || !lex.Letter(c.data[c.first]) || c.word.n-slash > 8 {
		return
	}
	name := c.word.buf[:slash]
	if r := rankOf(name); r == strong || lex.OneOf(name, "dir", "cmd", "cmd.exe") {
		for _, b := range c.word.buf[slash+1 : c.word.n] {
			if !lex.Letter(b) {
				return
			}
		}
		c.word.n, c.word.path, c.rank, c.optioned = slash, false, strong, true
	}
}

// commandStart reports whether a command may begin at i.
func commandStart(data []byte, i int) bool {
	before := bytes.TrimRight(data[:i], " @(")
	if len(before) == 0 {
		return true
	}
	switch before[len(before)-1] {
	case '&', '|', ';', '\n', '"', '\'':
		return true
	}
	return false
}

// powerWords are what PowerShell that downloads or decodes code cannot do without.
var powerWords = [...]string{
	"iex(", "iex (", "invoke-expression", "downloadstring(", "downloadfile(", "-encodedcommand", "[system.convert]::frombase64", "new-object net.webclient", "new-object system.net", "invoke-webrequest ",
	"[system.text.encoding]::", "[system.diagnostics.process]::start", "[system.io.file]::", "system.diagnostics.process.start", "-executionpolicy bypass", "[system.reflection.assembly]::",
	"$pshome[", "$env:comspec[", "$shellid[", "[scriptblock]::create", "[environment]::", "[system.net.dns]::", "[net.dns]::", "[system.threading.thread]::", "[threading.thread]::", "[diagnostics.process]::", "[io.file]::", "[io.directory]::", "[net.webrequest]::", "[reflection.assembly]::", "[text.encoding]::", "[convert]::frombase64", "[system.environment]::", "[activator]::createinst", "[appdomain]::", "executioncontext.invokecommand", "net.sockets.tcpclient(", "-scriptblock {", "[runtime.interopservices", "[adsi]\"", "invoke-command {", "while($true)", "while ($true)", "if($true)", "if ($true)", "icm {", "&(gcm ", ".(gcm ", "&(get-command ", "& (gcm ", "[char]1", "[char]0x", "|iex", "| iex",
	"{&$_", "{& $_", "{ & $_", "{.$_", "{iex $_", "{ iex $_", "[powershell]::create(", "[wmiclass]'", "[wmiclass]\"", "shell.application", "mmc20.application", "[ref].assembly.gettype(", "[net.webclient]::", "[system.net.webclient]::", "(iwr 'http", "(iwr \"http", "(iwr http", "(irm 'http", "(irm \"http", "(irm http", "&$env:comspec", "& $env:comspec", "&$pshome", "& $pshome", "${function:", "$function:",
}

// aroundPower is how far from such a word what makes it code may stand, in bytes.
const aroundPower = 512

func power(data []byte, i int, word string, best *evidence.Tally) {
	if end := i + len(word); strings.HasSuffix(word, "iex") && end < len(data) && lex.Word(data[end]) {
		return
	}
	if i > 0 && word[0] == 'i' && point.ClassOf[data[i-1]]&point.Alpha != 0 {
		return
	}
	if word[0] == '-' || bytes.ContainsAny(data[max(0, i-aroundPower):min(len(data), i+aroundPower)], "$('") {
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.Code)
		t.Add(&powershell, i, len(word))
		if word[0] == '-' && lex.Shown(data, i, i+len(word)) {
			t.Cap(evidence.Gray)
		}
		keep(&t, best)
	}
}

// format weighs a command that PowerShell's format operator puts together:
// "{1}{0}"-f'x','ie'.
func format(data []byte, i int, best *evidence.Tally) {
	rest := data[i:min(len(data), i+longestWord)]
	end := bytes.IndexAny(rest, "'\"")
	if end < 0 || i == 0 || data[i-1] != rest[end] {
		return
	}
	after := bytes.TrimLeft(rest[end+1:], " )")
	if len(after) < 4 || !lex.HasPrefix(after, "-f") {
		return
	}
	if after = bytes.TrimLeft(after[2:], " ("); len(after) > 0 && (after[0] == '\'' || after[0] == '"' || after[0] == '$') {
		one(&powershell, i-1, end+3, evidence.Code, best)
	}
}

// flags weighs the flags of PowerShell in a value that holds nothing else of note.
func flags(data []byte, best *evidence.Tally) {
	for from := 0; ; {
		i := bytes.IndexByte(data[from:], '-')
		if i < 0 {
			return
		}
		from += i + 1
		for _, word := range [...]string{"-encodedcommand", "-executionpolicy bypass"} {
			if lex.HasPrefix(data[from-1:], word) {
				power(data, from-1, word, best)
			}
		}
	}
}
