package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// phrases are fragments of code that hardly stand in anything but attacks: of routes to
// classes of PHP frameworks, hidden ways to a program in JavaScript, Ruby, .NET and
// Groovy, lookups of Apache's Text, and commands of XQuery, TeX, reStructuredText,
// PostScript, Tcl, Lisp, gnuplot.
var phrases = [...]string{
	`think\app/`, `think\config/`, `think\container/`, `think\view\driver`, `think\request/`, `think\template`, "call_user_func_array&", "call_user_func&",
	"('return process", `("return process`, "(`return process", "constructor`return process", "function`return process", ",'return process", "['return process", "{eval:true}", "{eval: true}", "error.preparestacktrace=", "error.preparestacktrace =", "callee.caller.arguments[",
	"import('child_process", `import("child_process`, "import('node:child_process", `import("node:child_process`, "['mainmodule']", `["mainmodule"]`, "global['process", `global["process`, "globalthis['process",
	"constructor._load(", "getbuiltinmodule(", "process,'mainmodule'", "bun.spawnsync(", "bun.$`", "bun.file(", "deno.readtextfile", "deno.readfile", "reflect.get(global", "function('return process", `function("return process`, "ffi::cdef(", "ffi::load(", "ffi::scope(", "subfile,,start,", "reflect.construct(function", ".constructor('return", `.constructor("return`, "(require('vm')", `(require("vm")`, "tcpsocket.new(", "tcpsocket.open(", "-oqueuedirectory=", "read_csv('", "read_csv_auto('", "read_text('",
	"extract($_get)", "extract($_post)", "extract($_request)", "import socket,subprocess", "import os,pty", "import pty,", "sys.process._", "deno.run(", "deno.command(", "bun.spawn(",
	"send(:system", "send(:exec", "send(:eval", "send(:instance_eval", "send(:spawn", "send(:`", "{'_get'}", `{"_get"}`, "{'_post'}", `{"_post"}`, "{'_request'}", `{"_request"}`,
	`"".gettype(`, "''.gettype(", `gettype("system.diag`, `gettype("system.refl`, ".execute(", `invokemethod("execute`, "invokemethod('execute", "new string([", "new string(new byte[]{", ".collect{(char)it}",
	"${dns:address|", "${url:utf", "${file:utf", "${script:", "${exec:", "internalget('ognl", "internalget(\"ognl", "struts2.context", "struts.valuestack",
	"@system.io.", "@system.diagnostics", "@system.environment", "@system.reflection",
	"${run{", "${readfile{", "${readsocket{", "${dlfunc{", "${perl{",
	"().__class__", "[].__class__", "{}.__class__", "''.__class__", `"".__class__`,
	"os:cmd(", ":os.cmd(", "system.cmd(", "(shell-command ", "(run-program ", "uiop:run-program", "java.shell/sh", "groovyshell().", "new reflectionfunction(",
	`\write18{`, `\input{/`, `\input{|`, `\input|`, `\include{/etc`, `\lstinputlisting{/`, `\verbatiminput{/`, "(%pipe%", "%pipe%", "(metadata ", "[exec ", "push graphic-context",
	"processstartinfo('cmd", `processstartinfo("cmd`, "processstartinfo('powershell", `processstartinfo("powershell`, ":executeglobal(", " executeglobal(", "filesystemconfig;execute_cmd",
	`system "`, "system '", `exec "`, "exec '", `spawn "`, "spawn '", "cmd|'", `cmd|"`, "msexcel|", "rundll32|",
	"zerodiumsystem(", "response.end(require(", "res.end(require(", "res.send(require(", "response.write(require(", "\"gem::installer", "\"gem::specfetcher", "\"gem::requirement", "package.loadlib(\"/",
	"('child_process').", `("child_process").`, `"__construct()"`, "$$bcel$$", "=require;", "$exec(", ".tourl().text", ".tourl().openstream", "send__(:", `send("system`, "send('system", `method("system`, "method('system", "method(:system", "method(:exec", "method(:eval", ").__globals__", ").__code__", ").__subclasses__", ").__closure__", "eval request(", "execute request(", "executeglobal request(", `[open "|`, `(slurp "`, `(sh "`, "(system/exit", `\newread\`, `\openin\`, "\\catcode`", `"import os`, "'import os",
	"proc:system(", "proc:execute(", "file:read-text(", "file:read-binary(", "file:write-text(", "fetch:text(", "fetch:doc(", "xquery:eval(", "util:eval(", ".mainmodule.require",
	"include'", `include"`, "include_once'", `include_once"`, "require'", `require"`, "require_once'", `require_once"`,
	"=>process)()", "return this})().process", "return this}().process", "(process.exit)(", ",process.exit)(", "process.reallyexit(", "map(process.exit)", "each(process.exit)", "find(process.exit)", "valueof:process.exit", "tojson:process.exit", "apply(process.exit", "',process.exit)", "],process.exit)", "(global,'process')", `(global,"process")`, "(globalthis,'process')", `(globalthis,"process")`,
	".__globals__[", ".__globals__}",
	"->asxml('/", `->asxml("/`, "(new domdocument)->save(", "))->openfile()",
	"}\nssl_engine ", "}\nload_module ", "lookup('pipe'", `lookup("pipe"`, "exception(`", ".gettype().assembly.", "typeof(string).assembly.",
	"include::/etc/", "include::/proc/", "include::file:", "include:: /etc/", "include:: /proc/", ":file: /etc/", ":file: /proc/",
	"load(string.char(", "loadstring(string.char(", ";.${ifs}/", "|.${ifs}/", "&.${ifs}/",
	"eval pack(", "eval unpack", "eval(pack(", "eval(unpack", "core::system", "core::exec", "system qw(", "exec qw(", `system"`, "system'", `exec"`, "exec'", `exec+"`, "exec+'", ";print <", ";print<", "print %env", "values %env", "values%env", "keys%env", ",%env", "`#{\"", "`#{'", "method(:`)",
	`print|"`, `print |"`, `print | "`, "begin{print environ", "begin{for(k in environ", "exec:id,", "exec:sh,", "exec:/bin/", "exec:bash", `exec:"`, "exec:'", `system:"`, "system:'",
	"|`#{", "[*open(", "fwrite(fopen(", "fputs(fopen(",
	`"".class.`, "''.class.", "[].class.forname", ".class.forname(\"java.",
	"(*%w", " *%w(", " *%w[", "[:system]", "[:exec]", "toplevel_binding.eval", "gem::util.popen(", "kernel.`", "kernel::`", "with(process)", "require(atob(", "require(string.fromcharcode(", "require(buffer.from(", "require(unescape(", "({...process.env})",
	"fgets(fopen(", "fpassthru(fopen(", "stream_get_contents(fopen(", "new splfileobject(", "serialize(getenv()", "json_encode(getenv()", "serialize($_server)", "json_encode($_server)", "print_r($_server)", "var_export($_server)", "var_export($_env)", "json_encode($_env)", "print_r($_env)",
	"execute(request(", "executeglobal(request(", "eval(request(", `execute("on error resume next:`, `execute(""on error resume next:`, "solr.runexecutablelistener",
	"[void](", "t(org.", "t(com.", "t(java.", "t(javax.", "t(system)", "t(runtime)", "t(thread)", "t(class)", "t(classloader)", "t(processbuilder)",
	`getmethod("getenv`, "getmethod('getenv", `getmethod("getruntime`, "getmethod('getruntime", `getmethod("getprop`, "getmethod('getprop", "javaimporter(java.", "importpackage(java.", "packages.java.lang.", "packages.java.io.", "packages.java.nio.",
	"[%23markup]", "[%23post_render]", "[%23lazy_builder]", "__pro__proto__to__", "constconstructorructor", "__proto__proto__",
}

// weighPhrase weighs a phrase by what must stand around it.
func weighPhrase(data []byte, i int, p string, best *evidence.Tally) {
	if rest := data[i+len(p):]; !fits(data, i, p, rest[:min(len(rest), 2*longestWord)]) {
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.Code)
	t.Add(&phrase, i, len(p))
	switch {
	case lex.PrefixLength(data, []string{"for $", "let $"}) > 0: // of XQuery, whose words read like a sentence
	case document(data), lex.Prose(data[max(0, i-window):i]):
		t.Cap(5)
	case inSentence(data[:i]):
		t.Cap(7)
	}
	keep(&t, best)
}

// fits reports whether a phrase goes on as an attack does.
func fits(data []byte, i int, p string, rest []byte) bool {
	switch p {
	case `system "`, "system '", `exec "`, "exec '", `spawn "`, "spawn '", `system"`, "system'", `exec"`, "exec'", `exec+"`, "exec+'": // a statement without parentheses, as Ruby, Perl and gnuplot have it
		return statementStart(data, i) && (runs(rest) || interpolated(data[:i]) && rankOf(readWordText(rest)) != unknown || printsFile(rest)) && bytes.IndexByte(rest, p[len(p)-1]) > 0
	case "(*%w", " *%w(", " *%w[", "print %env", "values %env", "values%env", "keys%env", ",%env", ";print <", ";print<", "new splfileobject(", "kernel.`", "kernel::`", "[:system]", "[:exec]", "with(process)", "system qw(", "exec qw(", "eval unpack":
		return ofTongue(data, i, p, rest)
	case `print|"`, `print |"`, `print | "`: // of awk, in a value that does not begin with it
		return runs(rest) && !lex.Contains(data[:min(len(data), longestWord)], "awk")
	case "begin{print environ", "begin{for(k in environ":
		return i < 12 && !lex.Contains(data[:i], "awk")
	case "`#{\"", "`#{'":
		return runs(rest)
	case "include'", `include"`, "include_once'", `include_once"`, "require'", `require"`, "require_once'", `require_once"`: // of PHP, without a blank
		return (i == 0 || !lex.Word(data[i-1]) && bytes.IndexByte([]byte("#'\"-/"), data[i-1]) < 0) && lex.PrefixLength(rest, []string{"/", "php:", "data:", "phar:", "zip:", "http:", "https:", "ftp:", "../../"}) > 0
	case `exec:"`, "exec:'", `system:"`, "system:'":
		return i == 0 && runs(rest)
	case "exec:id,", "exec:sh,", "exec:/bin/", "exec:bash": // of socat
		return i == 0
	case "[*open(":
		return lex.IndexQuote(rest) == 0
	case "fwrite(fopen(", "fputs(fopen(":
		return lex.IndexQuote(rest) == 0 && !bytes.Contains(rest, []byte(",$"))
	case "serialize($_server)", "json_encode($_server)", "print_r($_server)", "var_export($_server)", "var_export($_env)", "json_encode($_env)", "print_r($_env)":
		return len(rest) < 2 || rest[0] != ' ' || !lex.Letter(rest[1])
	case `"import os`, "'import os":
		return i > 0 && data[i-1] == '(' && bytes.IndexByte(rest, '(') > 0
	case `(slurp "`:
		return sensitivePath(rest)
	case "('return process", `("return process`, "(`return process", "constructor`return process", "function`return process", ",'return process", "['return process":
		return len(rest) > 0 && !lex.Word(rest[0]) && rest[0] != ' ' && rest[0] != '('
	case "{eval:true}", "{eval: true}": // a worker whose code is its first argument
		return lex.Contains(data[max(0, i-window):i], "worker(")
	case "[void](": // of PowerShell
		return runs(rest) && bytes.IndexByte(rest[:nameEnd(rest, 0)], '-') < 0
	case "t(org.", "t(com.", "t(java.", "t(javax.": // a type of Java in an expression of Spring
		return (i == 0 || !lex.Word(data[i-1]) && data[i-1] != '.') && data[i] == 'T' && bytes.Contains(rest, []byte("(")) && bytes.Contains(rest, []byte(")."))
	case "t(system)", "t(runtime)", "t(thread)", "t(class)", "t(classloader)", "t(processbuilder)":
		name := bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte("?")), []byte("."))
		return len(name) > 0 && len(name) < len(rest) && lex.Letter(name[0]) && (i == 0 || !lex.Word(data[i-1]) && data[i-1] != '.') && data[i] == 'T' && data[i+2] < 'a'
	case "new string([", "new string(new byte[]{", ".collect{(char)it}":
		return p[0] == '.' || spellsBytes(rest)
	case "javaimporter(java.":
		return containsAnyOf(rest, ").Runtime", ").System", ").ProcessBuilder", ").File", "){", ");with(")
	case "importpackage(java.":
		return containsAnyOf(rest, "FileReader", "FileInputStream", "Scanner", "Runtime", "ProcessBuilder")
	case "packages.java.lang.", "packages.java.io.", "packages.java.nio.":
		return containsAnyOf(rest, "(", "Runtime", "ProcessBuilder")
	case "error.preparestacktrace=", "error.preparestacktrace =":
		return containsAnyOf(rest, "getThis", "getFunction", "constructor")
	case `[open "|`, `(sh "`:
		return runs(rest)
	case "[exec ":
		return bytes.IndexByte(rest, ']') > 0 && (runs(rest) || sensitivePath(rest))
	case "getbuiltinmodule(", "constructor._load(", "deno.run(", "deno.command(", "bun.spawn(", "bun.spawnsync(", "ffi::cdef(", "ffi::load(", "ffi::scope(", "new reflectionfunction(", "system.cmd(", ":os.cmd(", "os:cmd(":
		return len(rest) > 1 && bytes.IndexByte([]byte("'\"`[{\\$"), rest[0]) >= 0
	case "proc:system(", "proc:execute(", "file:read-text(", "file:read-binary(", "file:write-text(", "fetch:text(", "fetch:doc(", "xquery:eval(", "util:eval(":
		return len(rest) > 1 && (rest[0] == '"' || rest[0] == '\'')
	case ".__globals__[", ".__globals__}": // of a format of Python: {k.l.__globals__[SECRET]}
		open := bytes.LastIndexByte(data[max(0, i-longestWord):i], '{')
		return open >= 0 && bytes.IndexByte(data[max(0, i-longestWord)+open:i], ' ') < 0
	case "',process.exit)":
		return !lex.Contains(data[max(0, i-longestWord):i], "process.on") && !lex.Contains(data[max(0, i-longestWord):i], ".on(")
	case "exception(`":
		return rankOf(readWordText(rest)) != unknown && bytes.IndexByte(rest, '`') > 0
	case ".gettype().assembly.", "typeof(string).assembly.": // of Dynamic LINQ, CVE-2023-32571
		return lex.Contains(data[i:], ".invoke(")
	case "bun.file(", "deno.readtextfile", "deno.readfile":
		return sensitivePath(rest)
	case "read_csv('", "read_csv_auto('", "read_text('": // of DuckDB, which takes it for a pipe
		end := bytes.IndexByte(rest, '\'')
		return end > 2 && rest[end-1] == '|' && runs(rest)
	case "tcpsocket.new(", "tcpsocket.open(":
		end := bytes.IndexByte(rest, ')')
		return end > 0 && len(rest) > 1 && lex.Digit(rest[1]) && address(rest[1:end]) && !bytes.HasPrefix(rest[1:], []byte("127."))
	case "reflect.get(global":
		return len(rest) > 1 && (rest[0] == ',' || lex.HasPrefix(rest, "this,"))
	case "(metadata ":
		return bytes.Contains(rest, []byte(`\c${`))
	case "push graphic-context":
		return bytes.Contains(data[i:], []byte("url(")) && bytes.ContainsAny(data[i:], "|`") || containsAnyOf(data[i:], "ephemeral:", "msl:", "label:@", "text:@")
	case "cmd|'", `cmd|"`, "msexcel|", "rundll32|":
		return bytes.IndexByte([]byte("=+-@;%\t\n"), data[0]) >= 0 && bytes.IndexByte(rest, '!') >= 0 && (i == 0 || !lex.Word(data[i-1]))
	case "%pipe%", `\write18{`, `\input{|`, `\input|`:
		return len(rest) > 1
	case ".execute(":
		return executesText(data[:i]) || bytes.HasSuffix(data[:i], []byte("{it")) && holdsCommand(rest)
	case "${script:", "${exec:", "${url:utf", "${file:utf":
		return bytes.IndexByte(rest, ':') >= 0
	}
	return true
}

// quotedCommand finds a command in Perl's qx{...}.
func quotedCommand(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	if !pairs.May("qx") {
		return
	}
	for i, tries := lex.Next(data, 0, 'q'), 0; i+4 <= len(data) && tries < 16; i = lex.Next(data, i+1, 'q') {
		if data[i+1] != 'x' {
			continue
		}
		tries++
		from := i + 2
		if i > 0 && (lex.Word(data[i-1]) || data[i-1] == '-') || bytes.IndexByte([]byte("{([/'|#"), data[from]) < 0 {
			continue
		}
		rest := data[from+1 : min(len(data), from+2*longestWord)]
		if end := bytes.IndexByte(rest, closing(data[from])); end > 0 && (runs(rest[:end]) || bytes.IndexByte(rest[:end], ' ') > 0 && rankOf(readWordText(rest[:end])) != unknown) {
			one(&phrase, i, 3, evidence.Code, best)
			return
		}
	}
}

func closing(c byte) byte {
	switch c {
	case '{':
		return '}'
	case '(':
		return ')'
	case '[':
		return ']'
	}
	return c
}

// statementStart reports whether a statement of code may begin at i.
func statementStart(data []byte, i int) bool {
	before := bytes.TrimRight(data[:i], " \t")
	return len(before) == 0 || bytes.IndexByte([]byte(";{}\n&|\"'(=`"), before[len(before)-1]) >= 0
}

// drivers are parameters by which drivers of databases run or load code.
var drivers = [...]string{
	"autodeserialize=true", "queryinterceptors=", "statementinterceptors=", "allowloadlocalinfile=true", "allowurlinlocalinfile=true", "socketfactory=", "sslfactory=", "loggerfile=", "jndiname=", "slavehost=", ":resource:http",
	"runscript", "create alias", "create trigger", "call ", "javaobjectserializer",
}

// driver weighs a database URL.
func driver(data []byte, best *evidence.Tally) {
	if !lex.HasPrefix(data, "jdbc:") {
		return
	}
	if i, word := lex.First(data[:min(len(data), 2*window)], drivers[:]); i >= 0 {
		one(&driverURL, i, len(word), evidence.Code, best)
	}
}

// fileDatabase weighs the name of a database of H2 whose settings run code when it is
// opened: zip:/a.jar!/b.db;INIT=RUNSCRIPT FROM ...
func fileDatabase(data []byte, best *evidence.Tally) {
	head := data[:min(len(data), 2*window)]
	if lex.PrefixLength(head, []string{"zip:", "file:", "mem:", "tcp:", "ssl:"}) == 0 || bytes.IndexByte(head, ';') < 0 {
		return
	}
	if i, word := lex.First(head, []string{"create trigger", "create alias", "runscript from"}); i >= 0 {
		one(&driverURL, i, len(word), evidence.Code, best)
	}
}

// formulas are functions by which a cell of a spreadsheet fetches or runs something.
var formulas = [...]string{"importxml(", "importdata(", "importfeed(", "importhtml(", "importrange(", "webservice(", "dde(", "call(", "exec(", "register.id(", "rtd("}

// fetches reports whether a cell begins with such a function, or sends other cells away
// in a link.
func fetches(cell []byte) bool {
	for _, f := range formulas {
		if lex.HasPrefix(cell, f) {
			return bytes.IndexByte(cell, '"') > 0
		}
	}
	return lex.HasPrefix(cell, "hyperlink(") && lex.Contains(cell, "://") && joinsText(cell)
}

// joinsText reports whether a formula joins texts, outside of the texts themselves: "a"&B2
func joinsText(cell []byte) bool {
	inside := false
	for _, c := range cell {
		switch {
		case c == '"':
			inside = !inside
		case c == '&' && !inside:
			return true
		}
	}
	return false
}

// interpolated reports whether Ruby's mark of code in a string stands in front: #{
func interpolated(before []byte) bool {
	return bytes.HasSuffix(bytes.TrimRight(before, " "), []byte("#{"))
}

// readWordText returns the word with which a command line begins.
func readWordText(line []byte) []byte {
	w := readWord(line, 0)
	return w.text()
}
