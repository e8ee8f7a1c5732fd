package ssti

import (
	"encoding/binary"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// group is a list of words, in lower case, that are evidence of one sign.
type group struct {
	sign   *evidence.Sign
	weight int8
	whole  bool // nothing of a name may stand in front
	words  []string
}

var groups = []group{
	// Parts of expressions that lead from an object to code, whatever the engine.
	{&chain, 8, false, []string{
		"__class__", "__mro__", "__globals__", "__subclasses__", "__builtins__", "__init__", "__base__", "__bases__", "__import__", "__getitem__", "__dict__",
		"__self__", "\\x5f\\x5f", "|attr(", "| attr(", ".constructor.constructor", "constructor._load", "constructor(", "['constructor']", `["constructor"]`,
		".getclass", ".class.forname", ".class.getclassloader", ".class.classloader", ".class.protectiondomain", ".class.getprotectiondomain", ".class.getresource", ".class.inspect",
		".class.base", ".getruntime", "java.lang.", "t(java", "t(org.", "t(com.sun.", "t(sun.", "$$bcel$$", "'constructor'", "\"constructor\"", ".mainmodule", "func_globals", "func_code", "gi_frame", "tb_frame", "f_globals", "f_back",
		".constructor.prototype", ".mro()", ".forname(", "__proto__", "int3rpr3t3r", `"|reverse]`, "'|reverse]", `"|lower]`, "'|lower]", `process["env"]`, "process['env']", "self.module.cache.", "self.template.module.", "%c%cclass", "(95,95,", "return process", "()|select", "()|string", "()|map", "()|list", "__getattribute__", "__getattr__", "__reduce", "__code__", "__closure__", "__kwdefaults__", "__loader__", "__spec__", "__wrapped__", "__lookupgetter__", "__definegetter__", "'%c'%", "\"%c\"%", ".sub.apply ",
	}},
	// Classes and built-ins that run code by themselves.
	{&engineClass, 9, false, []string{
		"freemarker.template", "?new()", "?api", "?eval", "?interpret", "objectconstructor", "jythonruntime", "registerundefinedfiltercallback", "addafterfiltercallback", "gettemplatefilter(", "getfilter(",
		"smarty_internal", "_self.env", "writefile(", "self::clearconfig", "velocity.tools", "classtool", ".evaluate(", "__${", "::.x", "@java.", "new java",
	}},
	// Objects of an engine or its framework. Those that authors may write too count less.
	{&globalName, 9, true, []string{"_memberaccess", "xwork", "system.diagnostics"}},
	{&globalName, 8, true, []string{
		"config.items", "config.secret_key", "getsession(", "app.session", ".data_model", "config.from_", "self._templatereference", "self.__", "lipsum.", "get_env(name", "lookup('pipe", "lookup(\"pipe", "setescaper(", "lipsum[", "lipsum|", "handler.settings", "messages.storages", "request.query.filter(", `#with "`, "cycler.", "cycler[", "joiner.", "joiner[",
		"get_flashed_messages", "url_for.", "request.application", "request|attr", "request.environ", "request.server.environ", "request.__",
		"app.request.server", "dump(app", "_context|", "_context[", "_context.", "settings.secret_key", "g.pop", "range.constructor", "global.process", "root.process", "process.env",
		"$smarty.version", "$smarty.server|", "$smarty.server)", "$smarty.env", "$smarty.template", "applicationscope", "pagecontext", "requestscope", "sessionscope", "facescontext", "#context", "#application",
		"config.get('secret", "config.get(\"secret", "config['secret", "config[\"secret", "config['sqlalchemy", "get_admin_log", "_charset|", "_charset,", "constant('php_", "constant(\"php_", "request.isdebug", "session.setattribute(", "lookup('env", "lookup(\"env", "lookup('file", "query('pipe", "query(\"pipe", "salt['cmd", "salt[\"cmd", "salt.cmd.",
		"printf \"%#v\"", "printf \"%+v\"", "$api.session_id", "craft.app.config", "craft.app.db", "plugin \"/", "f:cobject(", "object.eval", "system.get_env()", "environment.machinename",
		"current_app.", "request['application", "request[\"application", "attribute(_self", "config.sqlalchemy", "app.secret_key", "applicationcontext.", "springmacrorequestcontext", "beanfactory.", "#execinfo", "#vars[", "#request.get", "#servletcontext", "#httpservlet", "$app->", "binding.local_variable", "storage::get(", "auth()->user()->password", ".getservletcontext(", "const:java",
		"self.instance_variable", "self.methods", "self.template.", "context.kwargs", "system.environment.", "typeof(string).assembly", ".gettype().assembly", "handler.application", "handler.request", "$$phase", ".$apply=", "config('app.key", "config(\"app.key", "config('database", "config(\"database", "db::select(", "db::table(", "db::raw(", "db::statement(", "db::unprepared(", "request()->server", "app()->make", "app('", "self::$", "#parameters", "#attr[", "#root", "#this", "#ctx", "getsystemproperty", "systemproperties", "systemenvironment",
	}},
	{&globalName, 7, true, []string{"module.cache", "initparam", "#request.", "#session"}},
	{&globalName, 6, false, []string{".constructor}", ".constructor "}},
	{&globalName, 5, true, []string{"namespace."}},
	// Functions that run commands or read files, in any engine's language.
	{&codeCall, 9, true, []string{
		"system(", "exec(", "popen(", "popen2(", "popen3(", "open3", "new file(", "process.start(", "passthru(", "shell_exec(", "proc_open(", "eval(", "execsync(", "spawn(", "spawnsync(", "require(", "phpinfo(",
		"file_get_contents(", "readfile(", "file.open(", "file.read(", "io.popen(", "io.read", "open(", "dir.entries(", "dir.glob(", "file_excerpt",
		"include_once(", "readfilesync(", "scriptengine", "processbuilder", "sleep(", "printenv", "system 'id", "system \"id",
		".system \"", ".exec \"", ".readfile \"", "system.io.file", "readalltext(", "readalllines(", "assembly.load",
	}},
}

// entry is a word with its group.
type entry struct {
	word string
	*group
}

// entriesBy holds all words by their first four bytes, so that one walk over a block finds them all;
// begin says which there are.
var (
	entriesBy [1 << slotBits][]entry
	begin     = func() (some [1 << slotBits]bool) {
		for i := range groups {
			for _, w := range groups[i].words {
				slot := slotOf([]byte(w))
				entriesBy[slot] = append(entriesBy[slot], entry{w, &groups[i]})
				some[slot] = true
			}
		}
		return some
	}()
)

const slotBits = 12

// slotOf returns the place of the first four bytes of a text in entriesBy; their case does not matter.
func slotOf(text []byte) uint32 {
	return (binary.LittleEndian.Uint32(text) & 0x1f1f1f1f) * 2654435761 >> (32 - slotBits)
}

// names finds telling words in an expression, functions only where one may be called, and reports whether
// there were any.
func (b *block) names(inside []byte, off int, t *evidence.Tally) (found bool) {
	callable := b.style == curly || b.style == dollar || b.style == tag || b.style == single && lex.Letter(at(inside, 0))
	for i := 0; i+4 <= len(inside); i++ {
		slot := slotOf(inside[i:])
		if !begin[slot] {
			continue
		}
		for _, e := range entriesBy[slot] {
			if !lex.HasPrefix(inside[i:], e.word) || e.whole && i > 0 && lex.Word(inside[i-1]) {
				continue
			}
			if e.sign == &codeCall && (!callable || !b.plausible(inside, i+len(e.word), e.word)) {
				continue
			}
			if (e.sign == &chain || e.sign == &globalName) && ownName(inside[i:]) {
				continue
			}
			if e.word == "process.env" && at(inside, i+len(e.word)) == '.' && !b.printsSecret(inside[i+len(e.word)+1:]) {
				continue // one variable, as programs read it
			}
			if i == 0 && inside[0] == '#' && b.style == curly && e.word != `#with "` {
				continue // a section of Mustache
			}
			t.AddWeight(e.sign, e.weight, off+i, len(e.word))
			found = true
		}
	}
	return found
}

// ownName reports whether a chain ends at the name of the object's class, which
// programs print: self.__class__.__name__.
func ownName(s []byte) bool {
	if lex.HasPrefix(s, "self.") {
		s = s[len("self."):]
	}
	return lex.PrefixLength(s, []string{"__class__.__name__", "__class__.__module__", "__class__.__qualname__"}) > 0
}
