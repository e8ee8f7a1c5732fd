package rce

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/lex"
)

// powers are what an expression of a server's language names to reach what only the server
// has: its process, environment, files, modules, network and time. One that ends with a
// parenthesis is a call, one that ends with a dot or colons a name space of which
// something is called with an argument.
var powers = newWordList(
	// Node, Deno, Bun
	"process.exit(", "process.kill(", "process.abort(", "process.reallyexit(", "process.cwd(", "process.chdir(", "process.binding(", "process._linkedbinding(", "process.dlopen(", "process.getbuiltinmodule(", "process.memoryusage(", "process.getuid(", "process.setuid(", "process.umask(",
	"process.mainmodule.", "while(date.now()", "while(new date(", "while((new date(", "while(+new date(", "deno.env.toobject(", "module._load(", "require.main.require(", "process.report.", "this.process.exit(", "root.process.exit(", "self.process.exit(", "process.stdout.write(", "module.parent.require(", "require.call(", "require.apply(", "globalthis.require(", "global.require(", "import.meta.require(", "module.require(", "module.constructor.", "module.constructor(", "this.process.", "root.process.", "self.process.", "global.process.", "globalthis.process.", "json.stringify(process", "object.keys(process", "object.keys(global)",
	"object.entries(process", "object.values(process", "vm.createcontext(", "vm.runin", "child_process.", "deno.env.", "deno.cwd(", "deno.exit(", "deno.readdir", "deno.writetextfile", "deno.run(", "deno.remove", "bun.spawn", "bun.write(", "bun.shell", "os.userinfo(", "os.networkinterfaces(",
	"res.json(process", "res.send(process", "res.end(", "response.end(", "response.send(process", "console.log(process)", "console.log(process.env)", "object.getownpropertynames(process", "object.getownpropertynames(global", "module.paths.", "while(1);", "while(1){}", "while(true);", "while(true){}", "while(!0)", "for(;;);", "for(;;){}",
	"process.exit.call(", "process.exit.apply(", "process.exit.bind(", "process?.exit?.(", "process?.exit(", "process.emitwarning(process", "structuredclone(process", "util.inspect(process", "inspect(process", "object.getownpropertydescriptor(global", "atomics.wait(new ", "object.assign({},process.env)",
	// Python
	"os.getenv(", "os.listdir(", "os.scandir(", "os.getcwd(", "os.uname(", "os.getlogin(", "os.getuid(", "os.geteuid(", "os.getpid(", "os.kill(", "os.remove(", "os.unlink(", "os.rmdir(", "os.rename(", "os.chmod(", "os.walk(", "os.fork(", "os.abort(", "os._exit(", "os.putenv(", "os.open(", "os.startfile(", "os.sendfile(", "os.exec", "os.spawn",
	"sys.exit(", "sys.modules[", "sys.modules.", "sys._getframe(", "time.sleep(", "socket.gethostname(", "socket.gethostbyname(", "socket.socket(", "socket.create_connection(", "socket.getaddrinfo(", "platform.uname(", "platform.node(", "platform.platform(", "platform.popen(", "getpass.getuser(", "globals()", "locals()", "vars()", "breakpoint()", "globals()[", "locals()[",
	"urllib.request.", "urllib.urlopen(", "urllib2.urlopen(", "cprofile.run(", "timeit.timeit(", "timeit.main(", "code.interact(", "pdb.set_trace(", "pdb.run(", "ctypes.", "shutil.rmtree(", "subprocess.", "importlib.", "imp.load_source(", "pty.spawn(", "builtins.", "__builtins__.", "__builtins__[", "__loader__.", "runpy.", "asyncio.create_subprocess", "open(", "list(open(", "print(open(", "set(open(", "next(open(", "tuple(open(", "sorted(open(", "reflect.ownkeys(process", "print(*open(", "str(open(", "dict(os.environ", "print(os.environ", "str(os.environ", "repr(os.environ", "list(os.environ", "compile('", "compile(\"", "linecache.", "posix.", "webbrowser.open(",
	// Java, Groovy, Scala, Clojure, Kotlin
	"system.getenv(", "system.getproperty(", "system.getproperties(", "system.exit(", "system.setproperty(", "system.load(", "thread.sleep(", "timeunit.seconds.sleep(", "runtime.runtime.", "runtime.exec(", "jenkins.instance.", "jenkins.get(", "jenkins.model.", "hudson.", "bsh.", "new file(", "new url(", "java.lang.", "java.io.", "java.nio.", "java.net.", "java.sql.drivermanager.", "javax.script.", "javax.naming.", "jdk.", "sun.misc.", "sun.reflect.", "groovy.lang.", "groovy.util.eval.", "eval.me(", "eval.x(",
	"org.springframework.util.", "org.springframework.context.", "org.springframework.expression.", "org.apache.commons.io.", "org.codehaus.groovy.", "org.python.util.", "org.mozilla.javascript.", "com.sun.jna.", "packages.java.", "java.type(", "java.extend(", "sys.process.process(", "scala.sys.process.", "scala.io.source.", "source.fromfile(", "clojure.java.shell", "this.class.", "this.getclass(", "evaluate(new ", "mvel.eval(", "ognl.getvalue(", "engine.eval(", "unsafe.allocateinstance(", "classloader.", "defineclass(",
	"thread.currentthread().getcontext", "thread.currentthread().sleep(", "request.setattribute(", "response.getwriter(", "pagecontext.getout(", "application.getrealpath(", "session.invalidate(", "system.loadlibrary(", "println(jenkins.",
	// .NET and classic ASP
	"system.diagnostics.process", "diagnostics.process.", "process.start(", "process.getprocesses(", "environment.getenvironmentvariable", "environment.exit(", "environment.failfast(", "environment.getcommandlineargs(", "environment.username", "environment.machinename", "system.environment.", "environment.getfolderpath(", "file.readalltext(", "file.readalllines(", "file.readallbytes(", "file.writealltext(", "file.writeallbytes(", "file.appendalltext(", "directory.getfiles(", "directory.getdirectories(", "directory.enumeratefiles(",
	"system.io.file.", "system.io.directory.", "system.reflection.assembly.", "assembly.load", "assembly.getexecutingassembly(", "appdomain.currentdomain.", "shell(\"", "response.write(", "activator.createinstance(", "system.activator.", "type.gettype(", "type.gettypefromprogid(", "system.type.", "system.threading.thread.sleep(", "system.net.webclient(", "system.net.dns.", "dns.gethostentry(", "httpcontext.current.", "server.execute(", "server.mappath(", "server.transfer(", "system.web.", "createobject(", "wscript.", "execute(request", "eval(request", "executeglobal(", "microsoft.win32.", "registry.getvalue(",
	// expression languages of Java
	"#this.getclass(", "#root.getclass(", "#systemenvironment[", "#systemproperties[", "@environment.getproperty(", "@systemproperties[", "@systemenvironment[", "#application.", "#request.get", "#session.get",
	// Ruby
	"kernel.", "io.write('/", "io.write(\"/", "file.write('/", "file.write(\"/", "io.binwrite(", "io.sysopen(", "io.copy_stream(", "objectspace.", "uri.open(", "net::http.", "net::http::", "process.spawn(", "process.daemon(", "method(:system)", "method(:exec)", "method(:eval)", "pty.spawn(", "pty.open(", "fileutils.rm", "etc.getpwuid(", "etc.getlogin(", "object.const_get(", "rubyvm::", "fiddle::", "dir.children(", "dir.each_child(", "binding.eval(", "binding.irb", "erb.new(", "drb::", "webrick::",
	"activerecord::base.", "uri('http", "uri(\"http", "socket.gethostname.", "gem::specification.",
	// PHP
	"gethostbyname('", "gethostbyname(\"", "dns_get_record(", "checkdnsrr(", "time_sleep_until(", "time_nanosleep(", "set_time_limit(0);while", "unlink('", "unlink(\"", "mkdir('/", "mkdir(\"/", "rmdir('/", "rmdir(\"/", "chmod('", "chmod(\"", "touch('/", "touch(\"/", "rename('", "rename(\"", "symlink('", "symlink(\"", "new soapclient('http", "new soapclient(\"http", "new simplexmlelement('http", "new pdo('sqlite:/", "fwrite(fopen(", "fputs(fopen(",
	// Perl, Lua
	"readpipe(", "syscall(", "ipc::open", "ipc::run", "posix::", "io::socket", "lwp::", "file::slurp", "os.exit(", "os.tmpname(", "io.output(", "package.loadlib(", "package.searchpath(", "package.loaded.", "debug.getregistry(", "debug.getinfo(", "debug.sethook(", "debug.debug(", "string.dump(", "ngx.exit(", "ngx.say(", "ngx.pipe", "redis.call('config", "redis.call('flush", "redis.call('module", "redis.call('slaveof", "redis.call('debug", "redis.call(\"config", "redis.call(\"flush", "redis.call(\"module", "redis.call(\"slaveof", "_g[", "_g.os.", "_g.io.", "_env.os.", "_env[", "setfenv(", "getfenv(",
	// Go, Rust, Erlang, R, Julia, Mathematica, AppleScript
	"exec.command(", "syscall.exec(", "std::process::command::", "command::new(", "sys.getenv(", "sys.info(", "sys.setenv(", "system2(", "runprocess[", "systemopen[", "import[\"!", "get[\"!", "readlist[\"!", "application:get_env(", "file:read_file(", "file.read!(", "system.get_env(", "system.shell(", "code.eval_string(",
)

// bare are what an expression between the marks of a template reaches without a call.
var bare = newWordList(
	"process.env", "process.mainmodule", "global.process", "globalthis.process", "os.environ", "env.to_h", "env.to_a", "env.inspect", "env.map", "env.keys", "env.values", "rails.application.secrets", "rails.application.config.secret", "system.environment", "systemenvironment[", "systemproperties[", "#systemenvironment", "#systemproperties", "@systemproperties", "@systemenvironment",
	"applicationscope", "sessionscope", "requestscope", "facescontext", "servletcontext", "paramvalues", "headervalues", "applicationcontext.", "environment[", "initparam", "#root.", "#this.", "#request.", "#session.", "#application.", "#attr.", "#parameters.", "#context.", "#req.", "#response.", "session.getattribute(", "session.setattribute(", "pagecontext.request", "request.getheader(", "request.getparameter(", "request.getsession(", "@environment.", "jenkins.instance", "settings.secret_key", "config.secret_key", "current_app.",
)

// wordList finds a word of a list at the beginning of text by its first byte.
type wordList [256][]string

func newWordList(words ...string) *wordList {
	var l wordList
	for _, w := range words {
		l[w[0]] = append(l[w[0]], w)
	}
	return &l
}

// prefix returns the longest word with which text begins, "" if none.
func (l *wordList) prefix(text []byte) (longest string) {
	if len(text) == 0 {
		return ""
	}
	for _, w := range l[lex.Lower(text[0])] {
		if len(w) > len(longest) && lex.HasPrefix(text, w) {
			longest = w
		}
	}
	return longest
}

// powerAt returns the length of a power with which text begins and that is used, 0 if none.
func powerAt(text []byte) int {
	if n := requires(text); n > 0 {
		return n
	}
	word := powers.prefix(text)
	if word == "" || word != "exec.command(" && ofGo(text[:len(word)]) {
		return 0
	}
	rest := text[len(word):]
	if word[len(word)-1] == '(' && passed(rest) {
		return 0
	}
	switch word {
	case "open(": // a file that is read or written at once
		return used(rest, len(word), ").read", ").write", ").seek")
	case "new file(", "new url(":
		return used(rest, len(word), ").text", ").gettext", ").write", ").openstream", ").openconnection", ").getcontent", ").withwriter", ").eachline", ").listfiles", ").delete", ").bytes", ").append", ").readlines", ").createnewfile", ").exists", ").readbytes", ").readtext")
	case "compile('", `compile("`:
		if !containsAnyOf(rest[:min(len(rest), 2*longestWord)], "'exec')", "'eval')", "'single')", `"exec")`, `"eval")`, `"single")`) {
			return 0
		}
	case "uri('http", `uri("http`:
		if !containsAnyOf(rest, ").read", ").open") {
			return 0
		}
	case "res.end(", "response.end(":
		if len(rest) == 0 || rest[0] == ')' {
			return 0
		}
	case "importlib.":
		if ownModule(rest) {
			return 0
		}
	case `shell("`:
		if !runs(rest) {
			return 0
		}
	case "response.write(":
		if len(rest) == 0 || !lex.Digit(rest[0]) {
			return 0
		}
	}
	if strings.ContainsAny(word, "([!") || word[len(word)-1] == ' ' {
		return len(word)
	}
	end := len(word)
	for end < len(text) && (lex.Word(text[end]) || text[end] == '.' || text[end] == ':' || text[end] == '!' || text[end] == '$') {
		end++
	}
	if end+1 >= len(text) || text[end] != '(' && text[end] != '[' {
		return 0
	}
	if text[end+1] == ')' && (end+2 == len(text) || text[end+2] != '.') && !asks(text[:end]) {
		return 0 // as names of methods are written, and lines of a stack
	}
	if passed(text[end+1:]) {
		return 0
	}
	return end + 1
}

// ownModule reports whether a string that follows soon begins with the name of a module by which
// nothing leaves a program of Python, as its own are.
func ownModule(rest []byte) bool {
	rest = rest[:min(len(rest), longestWord)]
	i := lex.IndexQuote(rest) + 1
	name := rest[i:lex.WordEnd(rest, i)]
	return i > 0 && len(name) > 0 && !lex.OneOf(name, modules...)
}

// passed reports whether the first argument is a variable, as programs pass them and
// attacks, which know of none, do not.
func passed(arguments []byte) bool {
	end := lex.WordEnd(arguments, 0)
	return end > 0 && lex.Letter(arguments[0]) && end < len(arguments) && (arguments[end] == ')' || arguments[end] == ',')
}

// used returns n if a string is the first argument and what is made of it is used as one of
// the members says.
func used(rest []byte, n int, members ...string) int {
	if len(rest) == 0 || rest[0] != '\'' && rest[0] != '"' {
		return 0
	}
	if at, _ := lex.First(rest[:min(len(rest), 2*longestWord)], members); at > 0 {
		return n
	}
	return 0
}

// asks reports whether a path ends with a method that needs no argument to tell something.
func asks(path []byte) bool {
	return lex.PrefixLength(path[bytes.LastIndexByte(path, '.')+1:], []string{"get", "exit", "list", "abort", "toobject"}) > 0
}

// opensPath reports whether a member of a module is called at once with a path from the root, which is not
// where puzzles read their input.
func opensPath(member []byte) bool {
	member = member[:min(len(member), 2*longestWord)]
	i := lex.IndexQuote(member)
	if bytes.HasPrefix(member, []byte("['")) || bytes.HasPrefix(member, []byte(`["`)) {
		open := bytes.IndexByte(member, '(')
		if open < 0 {
			return false
		}
		i = open + 1 + max(lex.IndexQuote(member[open+1:]), 0)
	}
	if i < 1 || i+1 >= len(member) || member[i-1] != '(' {
		if i = bytes.IndexByte(member, '`'); i < 1 || member[i-1] != '(' {
			return false
		}
	}
	path := member[i+1:]
	return len(path) > 1 && path[0] == '/' && !bytes.HasPrefix(path, []byte("/dev/"))
}

// required are modules of Node by which a program leaves itself.
var required = []string{"child_process", "os", "vm", "cluster", "worker_threads", "repl", "inspector", "v8", "module", "process", "async_hooks", "shelljs", "execa", "node-pty"}

// requires returns the length of a call of Node's or Lua's require with such a module, or
// with one that is put together, of which something is used at once.
func requires(text []byte) int {
	n := lex.PrefixLength(text, []string{"require('", "require(\"", "require(`", "import('", "import(\"", "import(`"})
	if n == 0 {
		return 0
	}
	end := bytes.IndexByte(text[n:min(len(text), 2*longestWord)], ')')
	if end < 2 || n+end+1 >= len(text) || bytes.IndexByte([]byte(".[)"), text[n+end+1]) < 0 {
		return 0
	}
	name := text[n : n+end-1]
	joined := bytes.IndexByte(name, '+') > 0 && bytes.IndexByte(name, text[n-1]) > 0 || bytes.IndexByte(name, '\\') >= 0
	module, member := bytes.TrimPrefix(name, []byte("node:")), text[n+end+1:]
	fetched := lex.OneOf(module, "http", "https", "http2") && lex.PrefixLength(member, []string{".get(", ".request(", ".connect("}) > 0
	imported := text[0]|0x20 == 'i'
	if imported && bytes.HasPrefix(member, []byte(".then(")) && lex.OneOf(module, "fs", "fs/promises", "net", "http", "https", "dns", "dgram") {
		return n + end + 1
	}
	if !imported && lex.OneOf(module, "fs", "fs/promises") && opensPath(member) {
		return n + end + 1
	}
	if imported && joined || !joined && !fetched && !lex.OneOf(module, required...) && !usesModule(text[bytes.IndexByte(text, '(')+1:]) {
		return 0
	}
	return n + end + 1
}
