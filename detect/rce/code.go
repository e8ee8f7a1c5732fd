package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// code reads a value as program text and as serialized objects.
func code(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Kind == point.Key || v.Kind == point.Text && len(data) < 80 {
		keys(data, v, best)
	}
	if v.Classes&point.Less != 0 {
		serverTag(data, best)
	}
	if v.Kind == point.FileHead {
		return
	}
	if v.Classes&point.Dollar != 0 {
		lookups(data, best)
		superglobals(data, best)
	}
	if v.Classes&point.Paren != 0 {
		calls(data, best)
	}
	if v.Classes&(point.Brace|point.HashAt|point.Dollar|point.PercentSign) != 0 || v.Kind != point.UserAgent && v.Classes&(point.Paren|point.Pipe) != 0 {
		expressions(data, best)
	}
	if v.Kind != point.UserAgent {
		objects(data, v, best)
		if v.Classes&(point.Paren|point.Bracket) != 0 || v.Classes&(point.Dash|point.Space) == point.Dash|point.Space {
			shellOfWindows(data, best)
		}
	}
}

// keys weighs names that reach prototypes and class loaders.
func keys(data []byte, v *point.Value, best *evidence.Tally) {
	if i := bytes.Index(data, []byte("__proto__")); i >= 0 && (v.Kind == point.Key || i == 0 && len(data) > 9 && (data[9] == '.' || data[9] == '[')) {
		one(&prototype, i, 9, evidence.Code, best)
	}
	if v.Kind != point.Key {
		return
	}
	if i := bytes.Index(data, []byte("constructor")); i >= 0 && bytes.Contains(data, []byte("prototype")) {
		one(&prototype, i, 11, evidence.Code, best)
	}
	if bytes.HasPrefix(data, []byte("class.")) && bytes.Contains(data, []byte("lassLoader")) {
		one(&javaPath, 0, len(data), evidence.Code, best)
	}
}

// serverTag weighs tags that servers execute.
func serverTag(data []byte, best *evidence.Tally) {
	for _, tag := range [...]string{"<?php", "<?=", "<%"} {
		i := indexFold(data, tag)
		if i < 0 {
			continue
		}
		body := data[i+len(tag):]
		body = body[:min(len(body), 512)]
		if binary(body) {
			continue
		}
		switch tag {
		case "<?php":
			if len(bytes.TrimSpace(body)) > 0 {
				one(&scriptTag, i, len(tag), evidence.Code, best)
			}
		case "<?=":
			if containsAnyOf(body, "system(", "exec(", "$_", "eval(", "passthru(", "phpinfo(", "shell_exec(") {
				one(&scriptTag, i, len(tag), evidence.Code, best)
			}
		case "<%":
			if containsAnyOf(body, "Runtime", "request.", "Request(", "eval", "exec(", "Process", "system(", "`", "IO.popen", "7*7", "File.open", "Execute") {
				one(&scriptTag, i, len(tag), evidence.Code, best)
			}
		}
	}
}

// binary reports whether bytes are no text, in which short tags occur by chance.
func binary(b []byte) bool {
	odd := 0
	for _, c := range b {
		if point.ClassOf[c]&point.Control != 0 {
			odd++
		}
	}
	return odd*20 > len(b)
}

func containsAnyOf(b []byte, words ...string) bool {
	for _, w := range words {
		if bytes.Contains(b, []byte(w)) {
			return true
		}
	}
	return false
}

// superglobals weighs PHP's request variables used as code.
func superglobals(data []byte, best *evidence.Tally) {
	for _, name := range [...]string{"$_GET", "$_POST", "$_REQUEST", "$_COOKIE", "$_SERVER", "$GLOBALS"} {
		i := bytes.Index(data, []byte(name))
		if i < 0 || i+len(name) >= len(data) || data[i+len(name)] != '[' {
			continue
		}
		s := superglobal
		if bytes.Contains(data[i:], []byte("](")) || i > 0 && (data[i-1] == '(' || data[i-1] == '`') {
			s.Weight = 8
		}
		one(&s, i, len(name), evidence.Code, best)
	}
	if i := bytes.Index(data, []byte("${@")); i >= 0 {
		one(&codeCall, i, 3, evidence.Code, best)
	}
}

// grave are calls that run commands or code; the dot form stands for members.
var grave = [...]string{
	"system", "passthru", "shell_exec", "popen", "proc_open", "pcntl_exec", "assert", "phpinfo", "call_user_func", "call_user_func_array", "create_function", "preg_replace", "eval", "exec",
	"__import__", "os.system", "os.popen", "subprocess.popen", "subprocess.call", "subprocess.check_output", "subprocess.run", "child_process.exec", "child_process.execsync", "child_process.spawn",
	"process.mainmodule.require", "runtime.getruntime", "getruntime", "processbuilder", "io.popen", "kernel.exec", "kernel.system", "file_put_contents", "base64_decode", "execsync", "spawnsync", "compile", "print_r",
	"md5", "die", "var_dump", "sleep", "getenv", "chr",
}

// reading are calls that include or read files.
var reading = [...]string{"include", "include_once", "require", "require_once", "file_get_contents", "readfile", "fopen", "highlight_file", "show_source", "file", "scandir", "opendir", "parse_ini_file"}

// calls weighs calls of dangerous functions: a name, a parenthesis, an argument that
// is no prose.
func calls(data []byte, best *evidence.Tally) {
	for i := 1; i < len(data); i++ {
		if data[i] != '(' {
			continue
		}
		start := i
		for start > 0 && (point.ClassOf[data[start-1]]&(point.Alpha|point.Digit|point.Dot) != 0) && i-start < 40 {
			start--
		}
		if start == i {
			continue
		}
		rank := callRank(data[start:i])
		if rank == nil || bytes.Count(data[:start], []byte(" ")) > 5 && !bytes.ContainsAny(data[:start], ";{}<$") {
			continue
		}
		argument := data[i+1:]
		if !codeArgument(argument, rank) {
			continue
		}
		one(rank, start, i-start+1, evidence.Code, best)
		if best.Score() >= evidence.Threshold {
			return
		}
	}
}

// callRank returns the sign of a call's name, nil if it is harmless.
func callRank(name []byte) *evidence.Sign {
	var buf [40]byte
	if len(name) > len(buf) {
		return nil
	}
	lower := buf[:len(name)]
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		lower[i] = c
	}
	lower = bytes.Trim(lower, ".")
	for i, g := range grave {
		if string(lower) == g {
			if i >= len(grave)-6 {
				return &weakCall
			}
			return &codeCall
		}
	}
	for _, r := range reading {
		if string(lower) == r {
			return &includeCall
		}
	}
	for _, tail := range [...]string{".exec", ".getruntime", ".execsync", ".popen", ".system", ".fork"} {
		if bytes.HasSuffix(lower, []byte(tail)) && len(lower) > len(tail) && containsAnyOf(lower, "os", "process", "runtime", "child", "kernel", "io.", "shell") {
			return &codeCall
		}
	}
	return nil
}

// weakCall is a call that probes use and harmless code too.
var weakCall = evidence.Sign{Stamp: codeCall.Stamp, Name: codeCall.Name, Text: codeCall.Text, Weight: 4}

// codeArgument reports whether what stands behind a parenthesis is an argument.
func codeArgument(b []byte, rank *evidence.Sign) bool {
	if len(b) == 0 {
		return true
	}
	switch c := b[0]; {
	case c == '\'' || c == '"' || c == '$' || c == '\\' || c == '`' || c == '[':
		return true
	case c == ')':
		return rank == &codeCall
	case c >= '0' && c <= '9':
		return true
	}
	end := bytes.IndexByte(b, ')')
	if end < 0 {
		end = len(b)
	}
	return bytes.IndexByte(b[:end], ' ') < 0 && bytes.ContainsAny(b[:end], "(.,_'\"/")
}

// members are Java, OGNL, SpEL and template paths that only attacks write.
var members = [...]string{
	"java.lang.runtime", "java.lang.processbuilder", "javax.script.scriptengine", "scriptenginemanager", "#_memberaccess", "@java.lang", "@java.io", "t(java.", "getclass().forname", "class.forname",
	"getclass().getclassloader", "class.module.classloader", "org.apache.commons.collections", "com.sun.org.apache.xalan", "ognl.ognlcontext", "#context[", "#request[", "java.net.url", "java.io.file",
	"__class__", "__mro__", "__subclasses__", "__globals__", "__builtins__", "_self.env", "registerundefinedfiltercallback", "freemarker.template.utility.execute", "?new()", "|attr(", "cycler.__init__",
	"lipsum.__", "config.items()", "self.__init__", "constructor.constructor", "getruntime().exec", "#set($", "$class.inspect", "jdk.nashorn", "springframework.context", "com.opensymphony", "org.springframework.cglib",
}

// expressions weighs expression languages and templates.
func expressions(data []byte, best *evidence.Tally) {
	if !containsAnyOf(data, "ava", "__", "lass", "untime", "onstructor", "ttr(", "elf.", "new()", "set(", "#", "ipsum", "onfig", "gnl", "pring", "pache", "AVA", "UNTIME", "LASS") {
		arithmetic(data, best)
		return
	}
	for _, m := range members {
		if i := indexFold(data, m); i >= 0 && bytes.ContainsAny(data, "{}()#@%|'\"") {
			one(&javaPath, i, len(m), evidence.Code, best)
			return
		}
	}
	arithmetic(data, best)
}

// arithmetic weighs {{7*7}} and its kin, which ask whether a template runs.
func arithmetic(data []byte, best *evidence.Tally) {
	for _, opening := range [...]string{"{{", "${", "#{", "%{", "*{", "<%=", "@("} {
		i := bytes.Index(data, []byte(opening))
		if i < 0 || bytes.Count(data[:i], []byte(" ")) > 5 {
			continue
		}
		b := data[i+len(opening):]
		b = bytes.TrimLeft(b, " '\"(")
		n := digits(b)
		if n == 0 || n >= len(b) {
			continue
		}
		rest := bytes.TrimLeft(b[n:], " '\")")
		if len(rest) > 1 && (rest[0] == '*' || rest[0] == '+' || rest[0] == '-') && digits(bytes.TrimLeft(rest[1:], " '\"*(")) > 0 {
			one(&template, i, len(opening)+n, evidence.Code, best)
			return
		}
	}
}

func digits(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}

// maxLookups bounds the resolving of nested lookups.
const maxLookups = 64

// lookups resolves ${...} from the inside out and weighs what they spell.
func lookups(data []byte, best *evidence.Tally) {
	first := bytes.Index(data, []byte("${"))
	if first < 0 {
		return
	}
	var buf [512]byte
	n := copy(buf[:], data[first:])
	text := buf[:n]
	for range maxLookups {
		if i := indexFold(text, "${jndi:"); i >= 0 {
			one(&jndi, first, min(len(data)-first, n), evidence.Code, best)
			return
		}
		open := bytes.LastIndex(text, []byte("${"))
		if open < 0 {
			return
		}
		end := bytes.IndexByte(text[open:], '}')
		if end < 0 {
			return
		}
		value := resolve(text[open+2 : open+end])
		text = append(text[:open], append(value, text[open+end+1:]...)...)
	}
}

// resolve returns what a lookup without inner ones stands for.
func resolve(inner []byte) []byte {
	if i := bytes.LastIndex(inner, []byte(":-")); i >= 0 {
		return inner[i+2:]
	}
	if i := bytes.LastIndexByte(inner, ':'); i >= 0 && (hasPrefixFold(inner, "lower") || hasPrefixFold(inner, "upper") || hasPrefixFold(inner, "date")) {
		return bytes.Trim(inner[i+1:], "'")
	}
	return nil
}

// objects weighs serialized objects.
func objects(data []byte, v *point.Value, best *evidence.Tally) {
	switch {
	case bytes.HasPrefix(data, []byte("rO0AB")), bytes.HasPrefix(data, []byte{0xac, 0xed, 0x00, 0x05}):
		one(&serialized, 0, 5, evidence.Code, best)
	case bytes.HasPrefix(data, []byte("AAEAAAD/////")):
		one(&serialized, 0, 12, evidence.Code, best)
	case bytes.HasPrefix(data, []byte("cos\nsystem")), bytes.HasPrefix(data, []byte("cposix\n")), bytes.HasPrefix(data, []byte("csubprocess\n")):
		one(&serialized, 0, 6, evidence.Code, best)
	case v.Classes&point.Dollar != 0 && bytes.Contains(data, []byte("_$$ND_FUNC$$_")):
		one(&serialized, 0, 13, evidence.Code, best)
	case v.Classes&point.Mark != 0 && containsAnyOf(data, "!!python/object", "!!javax.script", "!ruby/object"):
		one(&serialized, 0, 8, evidence.Code, best)
	}
	if v.Classes&point.Colon != 0 && v.Classes&point.Quote != 0 {
		if i := bytes.Index(data, []byte("O:")); i >= 0 && (i == 0 || point.ClassOf[data[i-1]]&(point.Semicolon|point.Brace) != 0) {
			n := digits(data[i+2:])
			if n > 0 && bytes.HasPrefix(data[i+2+n:], []byte(`:"`)) {
				one(&serialized, i, n+4, evidence.Code, best)
			}
		}
	}
}

// shellOfWindows weighs PowerShell.
func shellOfWindows(data []byte, best *evidence.Tally) {
	if len(data) < 10 || !containsAnyOf(data, "iex", "IEX", "Iex", "nvoke", "NVOKE", "ownload", "OWNLOAD", "-enc", "-Enc", "-ENC", "onvert", "-Object", "-object", "-OBJECT") {
		return
	}
	for _, sign := range [...]string{"iex(", "iex (", "invoke-expression", "downloadstring(", "-encodedcommand", "[system.convert]::frombase64", "new-object net.webclient", "new-object system.net", "invoke-webrequest "} {
		if i := indexFold(data, sign); i >= 0 && (bytes.ContainsAny(data, "$('") || sign[0] == '-') {
			one(&powershell, i, len(sign), evidence.Code, best)
			return
		}
	}
}

func hasPrefixFold(b []byte, lower string) bool {
	return len(b) >= len(lower) && indexFold(b[:len(lower)], lower) == 0
}

// indexFold returns where a lower-case text occurs in b, ASCII case ignored.
func indexFold(b []byte, lower string) int {
	first, upper := lower[0], lower[0]
	if 'a' <= first && first <= 'z' {
		upper -= 0x20
	}
next:
	for i := 0; i+len(lower) <= len(b); i++ {
		if b[i] != first && b[i] != upper {
			continue
		}
		for j := 1; j < len(lower); j++ {
			c := b[i+j]
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			if c != lower[j] {
				continue next
			}
		}
		return i
	}
	return -1
}
