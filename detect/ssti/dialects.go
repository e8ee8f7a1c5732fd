package ssti

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// razorCalls are how C# in a page of Razor gets at code and files, behind its @.
var razorCalls = [...]string{
	"assembly.load", "activator.createinstance(", "type.gettype(", "process.start(", "environment.getenvironmentvariable", "appdomain.currentdomain", "file.readall", "environment.username", "environment.machinename", "environment.osversion", "html.raw(system.", "system.environment.", "system.io.", "system.diagnostics.", "using system.",
}

// beginsRazor holds the first letters of these, and of typeof.
var beginsRazor = func() (t [256]bool) {
	for _, call := range razorCalls {
		t[call[0]] = true
	}
	t['t'] = true
	return t
}()

// razorNames are parts of the library that run and load code, and read files.
var razorNames = [...]string{"diagnostics", "reflection", "io", "net", "runtime", "management", "codedom"}

// razor returns the length of what such a page would run at the @ at i, 0 if it is nothing:
// it stands behind no name, as in an address.
func razor(data []byte, i int) int {
	if i > 0 && lex.Word(data[i-1]) || !beginsRazor[lex.Lower(at(data, i+1))] {
		return 0
	}
	for _, call := range razorCalls {
		if lex.HasPrefix(data[i+1:], call) {
			return len(call) + 1
		}
	}
	if rest := data[i+1:]; lex.HasPrefix(rest, "typeof(") {
		if end := bytes.IndexByte(rest[:min(len(rest), 64)], ')'); end > 0 && lex.HasPrefix(rest[end+1:], ".assembly") {
			return end + len(".assembly") + 2
		}
	}
	return 0
}

// razor weighs such a call. An import counts with code behind it.
func (b *block) razor(data []byte, t *evidence.Tally) {
	n := razor(data, b.start)
	rest := data[b.start+n:]
	if !lex.HasPrefix(data[b.start+1:], "using") {
		t.Add(&engineClass, b.start, n)
		return
	}
	end := lex.WordEnd(rest, 0)
	for _, name := range razorNames {
		if lex.Equal(rest[:end], name) && bytes.IndexByte(rest, '@') > 0 && bytes.IndexByte(rest, '(') > 0 {
			t.Add(&statement, b.start, n+end)
		}
	}
}

// constructs weighs an object or a call of the library in @( ): @(new System.Net.WebClient()
func (b *block) constructs(inside []byte, off int, t *evidence.Tally) {
	i := lex.SkipSpace(inside, 0)
	if lex.HasPrefix(inside[i:], "new ") {
		i = lex.SkipSpace(inside, i+len("new "))
	}
	start := i
	if !lex.HasPrefix(inside[i:], "system.") {
		return
	}
	for i < len(inside) && (lex.Word(inside[i]) || inside[i] == '.') {
		i++
	}
	if i < len(inside) && inside[i] == '(' {
		t.Add(&engineClass, off+start, i-start)
	}
}

// toolkit weighs directives of Perl's Template Toolkit that run Perl, read files or open
// databases. They are written in capitals.
func (b *block) toolkit(inside []byte, t *evidence.Tally) {
	if b.mark != '[' {
		return
	}
	directive := bytes.TrimSpace(bytes.Trim(inside, "-+"))
	end := lex.WordEnd(directive, 0)
	argument := bytes.TrimLeft(directive[end:], " '\"")
	switch string(directive[:end]) {
	case "PERL", "RAWPERL":
		if len(argument) == 0 {
			t.Add(&statement, b.start, b.to-b.start)
		}
	case "USE":
		for _, plugin := range [...]string{"dbi(", "datafile(", "directory(", "file("} {
			if i := lex.Index(argument, plugin); i == 0 || i > 0 && !lex.Word(argument[i-1]) {
				t.Add(&statement, b.start, b.to-b.start)
				return
			}
		}
	case "INSERT", "INCLUDE", "PROCESS", "WRAPPER":
		if at, word := sensitive.First(argument); at == 0 {
			t.Add(&fileName, b.from, len(word))
		}
	}
}

// modified reports whether a variable of Smarty goes through a function that runs code: k|system
func modified(s []byte) bool {
	i := lex.WordEnd(s, 0)
	if i == 0 || at(s, i) != '|' {
		return false
	}
	if i++; at(s, i) == '@' {
		i++
	}
	return function(s[i:lex.WordEnd(s, i)])
}

// formats reports whether two strings that a filter puts into one spell a function:
// "%s%s"|format("sys","tem")
func formats(line []byte) bool {
	_, arguments, ok := bytes.Cut(line, []byte("|format("))
	if !ok {
		return false
	}
	first, rest, ok := bytes.Cut(arguments, []byte(","))
	second, _, _ := bytes.Cut(rest, []byte(")"))
	first, second = bytes.Trim(first, "'\""), bytes.Trim(second, "'\"")
	var buf [16]byte
	return ok && len(first)+len(second) <= len(buf) && function(append(append(buf[:0], first...), second...))
}

// numberEnd returns the index behind the digits at i.
func numberEnd(s []byte, i int) int {
	for i < len(s) && lex.Digit(s[i]) {
		i++
	}
	return i
}

// computed returns where a function is called by a name in quotes that is escaped or put
// together, ("\163ystem")("id"), 'sys'.'tem'('id'), -1 if nowhere.
func computed(inside []byte) int {
	for _, joint := range [...]string{`")("`, `')('`, `\")(\"`, `\')(\'`, `")('`, `')("`} {
		i := bytes.Index(inside, []byte(joint))
		if i < 1 {
			continue
		}
		if open := bytes.LastIndexByte(inside[:i], '('); open == 0 || open > 0 && !lex.Word(inside[open-1]) {
			return i
		}
	}
	return -1
}

// secretOf returns where a secret of the program's surroundings is asked for, env('APP_KEY'),
// -1 if nowhere.
func secretOf(inside []byte) int {
	i, call := surroundings.First(inside)
	if i < 0 || i > 0 && (lex.Word(inside[i-1]) || inside[i-1] == '.') {
		return -1
	}
	name := inside[i+len(call):]
	name = name[:max(0, bytes.IndexAny(name, ")]"))]
	if !secretNames.In(name) {
		return -1
	}
	return i
}

var (
	surroundings = lex.NewList("getenv(", "env(", "env[", "env.fetch(", "constant(")
	secretNames  = lex.NewList("app_key", "password", "secret", "private", "_token")
)

// typeReference returns where a class is named as Spring's expressions do, T(String).valueOf, -1
// if nowhere.
func typeReference(inside []byte) int {
	for i := 0; i+4 < len(inside); i++ {
		if inside[i] != 'T' || inside[i+1] != '(' || i > 0 && lex.Word(inside[i-1]) || inside[i+2] < 'A' || inside[i+2] > 'Z' {
			continue
		}
		end := i + 2
		for end < len(inside) && (lex.Word(inside[end]) || inside[end] == '.') {
			end++
		}
		if at(inside, end) == ')' && (at(inside, end+1) == '.' || at(inside, end+1) == '?' && at(inside, end+2) == '.') {
			return i
		}
	}
	return -1
}

// maxLoop is the number of digits from which a range serves to keep a server busy.
const maxLoop = 7

// hugeRange returns where a range of so many numbers is asked for, -1 if nowhere.
func hugeRange(inside []byte) int {
	i := lex.Index(inside, "range(")
	if i < 0 {
		return -1
	}
	first := i + len("range(")
	if numberEnd(inside, first)-first < maxLoop {
		return -1
	}
	return i
}

// assigns returns where a variable of OGNL is set, (#k= or #k= in front, -1 if nowhere.
func assigns(inside []byte) int {
	i := bytes.Index(inside, []byte("(#"))
	first := i + len("(#")
	if i < 0 {
		if i, first = 0, 1; at(inside, 0) != '#' {
			return -1
		}
	}
	end := lex.WordEnd(inside, first)
	if end == first || at(inside, end) != '=' || at(inside, end+1) == '=' {
		return -1
	}
	return i
}

// chosen reports whether a template is named by what a request says: request.args.k
func chosen(s []byte) bool {
	return lex.PrefixLength(s, []string{"request.args", "request.form", "request.values", "request.cookies", "request.headers", "request.get", "request.query"}) > 0
}
