package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// magics are how serialized objects begin.
var magics = [...]string{
	"rO0AB", "\xac\xed\x00\x05", "aced0005", "ACED0005", "AAEAAAD/////", "\x00\x01\x00\x00\x00\xff\xff\xff\xff", "gASV", "gAJj", "gANj", "BAhvOg", "\x04\bo:", "cposix\n", "csubprocess\n", "ccommands\n", "c__builtin__\n", "cbuiltins\n",
}

// escapedMagics are how an object of Java begins whose bytes are escaped.
var escapedMagics = [...]string{"%ac%ed%00%05", `\xac\xed\x00\x05`}

// objects weighs serialized objects.
func objects(data []byte, v *point.Value, best *evidence.Tally) {
	switch data[0] {
	case '%', '\\':
		for _, m := range escapedMagics {
			if lex.HasPrefix(data, m) {
				one(&serialized, 0, len(m), evidence.Code, best)
			}
		}
	case 'r', 0xac, 'a', 'A', 'g', 'B', 4, 'c', 0:
		for _, m := range magics {
			if m[0] != data[0] || len(data) < len(m) || string(data[:len(m)]) != m {
				continue
			}
			if len(data) > 2*len(m) || m[0] == 'c' {
				one(&serialized, 0, len(m), evidence.Code, best)
				return
			}
		}
	case 'T':
		if encodedObject(data) {
			one(&serialized, 0, 8, evidence.Code, best)
		}
	case '/': // the same as AAEAAAD in a view state, two bytes on
		if len(data) >= 24 && bytes.Contains(data[:24], []byte("AQAAAP////8B")) {
			one(&serialized, 0, 24, evidence.Code, best)
		}
	case 0x80:
		if len(data) > 8 && data[1] >= 2 && data[1] <= 5 && containsAnyOf(data, unpickled[:]...) {
			one(&serialized, 0, 2, evidence.Code, best)
		}
	}
	if at, n := pickle(data, v); n > 0 {
		one(&serialized, at, n, evidence.Code, best)
	}
	if v.Classes&point.Slash != 0 && best.Score() < evidence.Threshold && lex.MayAny(v.Pairs, "AAEAAAD/////AQ", "ABAAAA/////wE", "AQAAAP////8B") {
		if i := formatted(data); i > 0 {
			one(&serialized, i, 12, evidence.Code, best)
		}
	}
	if v.Classes&point.Dollar != 0 {
		if i := lex.IndexPaired(v.Pairs, data, "$rO0AB"); i > 0 {
			one(&serialized, i+1, 5, evidence.Code, best)
		}
	}
	if v.Classes&point.Control != 0 {
		remote(data, best)
		rubyObject(data, best)
	}
	switch {
	case v.Classes&point.Dollar != 0 && lex.IndexPaired(v.Pairs, data, "_$$ND_FUNC$$_") >= 0, data[0] == '_' && bytes.HasPrefix(data, []byte("_CRYO_FUNCTION_")):
		one(&serialized, 0, 13, evidence.Code, best)
	case v.Classes&point.Mark != 0 && lex.MayAny(v.Pairs, "!!", "!r", "!<", "!%", "%T"):
		yamlTags(data, best)
	}
	if v.Classes&point.Colon != 0 && v.Classes&(point.Quote|point.Backslash) != 0 && lex.MayAny(v.Pairs, "O:0", "O:+", "C:0", "C:+") {
		phpObject(data, best)
	}
}

// formatted returns where the base64 of an object of .NET's binary formatter begins in a text, 0 if
// nowhere: AAEAAAD/////AQAAAA behind a name and an equals sign, or two other spellings of the same
// bytes where the text that is encoded has others in front (MS-NRBF, 2.6.1).
func formatted(data []byte) int {
	i := bytes.Index(data, []byte("////"))
	if i < 1 {
		return 0
	}
	before, rest := data[:i], data[i:]
	for _, m := range [...][2]string{{"AAEAAAD", "/////AQAAAA"}, {"ABAAAA", "/////wEAAAA"}, {"AQAAAP", "////8BAAAA"}} {
		if bytes.HasSuffix(before, []byte(m[0])) && bytes.HasPrefix(rest, []byte(m[1])) {
			return i - len(m[0])
		}
	}
	return 0
}

// encodedObject reports whether text is the base64 of PHP's O:8:"..., whose bytes of zero
// keep it from being decoded.
func encodedObject(data []byte) bool {
	if len(data) < 24 || string(data[:3]) != "Tzo" || bytes.IndexByte([]byte("xyz012345"), data[3]) < 0 {
		return false
	}
	return string(data[4:6]) == "Oi" || string(data[6:8]) == "oi"
}

// unpickled are modules and functions by which a pickle runs something.
var unpickled = [...]string{"posix", "subprocess", "system", "builtins", "__reduce__", "__builtin__\neval", "__builtin__\nexec", "__builtin__\ngetattr", "__builtin__\ncompile", "__builtin__\nopen", "popen", "nt\n", "runpy", "importlib", "commands\n", "cpty\n", "\x02os\x94", "\x02os\x8c", "\x03pty", "csocket\n", "shutil\n", "cos\n"}

// filePickled are those functions as no pickle of data names them.
var filePickled = [...]string{
	"posix\nsystem", "posix\npopen", "nt\nsystem", "os\nsystem", "os\npopen", "posix\x94\x8c", "nt\x94\x8c\x06system", "os\x94\x8c\x06system", "os\x94\x8c\x05popen", "subprocess", "ccommands\n", "__builtin__\neval", "__builtin__\nexec",
	"builtins\neval", "builtins\nexec", "builtins\x94\x8c\x04eval", "builtins\x94\x8c\x04exec", "runpy", "pty\nspawn", "webbrowser\nopen",
}

// pickledGlobals are those functions in a pickle of bytes that has no head.
var pickledGlobals = []string{"cposix\n", "cnt\nsystem\n", "cos\nsystem\n", "csubprocess\n", "ccommands\n", "c__builtin__\neval\n", "c__builtin__\nexec\n", "cbuiltins\neval\n", "cbuiltins\nexec\n"}

// shortGlobals are those functions as pickles of protocol 4 name them, with the lengths in front.
var shortGlobals = []string{"\x8c\x05posix\x94\x8c\x06system", "\x8c\x05posix\x8c\x06system", "\x8c\x02os\x94\x8c\x06system", "\x8c\x02os\x8c\x06system", "\x8c\x02nt\x94\x8c\x06system", "\x8c\x0asubprocess\x94\x8c", "\x8c\x08builtins\x94\x8c\x04eval", "\x8c\x08builtins\x94\x8c\x04exec"}

// opensObject reports whether bytes begin as an object of a language does that is no text.
func opensObject(data []byte) bool {
	if len(data) < 8 {
		return false
	}
	switch data[0] {
	case 0xac:
		return data[1] == 0xed
	case 0x80:
		return data[1] >= 2 && data[1] <= 5
	case 4:
		return data[1] == 8
	case 0:
		return data[1] == 0 || data[1] == 1 || data[1] == 3
	case 'H', 'c', 'r':
		return data[2] == 0 && data[1] <= 2
	case '.':
		return bytes.HasPrefix(data, []byte(remotingNET))
	}
	return false
}

// remotingNET is how a message of .NET Remoting begins: MS-NRTP, 2.2.3.3.
const remotingNET = ".NET\x01\x00"

// remoting is how messages begin whose objects name their classes: AMF's packets of
// either version, replies and calls of Hessian, .NET Remoting.
var remoting = [...]string{remotingNET, "\x00\x03\x00", "\x00\x00\x00\x00\x00\x01", "H\x02\x00", "c\x02\x00", "c\x01\x00", "r\x02\x00"}

// maxRemote bounds the part of such a message in which classes are looked for.
const maxRemote = 4 << 10

// remote weighs the classes of such a message.
func remote(data []byte, best *evidence.Tally) {
	for _, head := range remoting {
		if !bytes.HasPrefix(data, []byte(head)) {
			continue
		}
		if i, word := lex.First(data[:min(len(data), maxRemote)], gadgets[:]); i >= 0 {
			one(&gadgetClass, i, len(word), evidence.Code, best)
		}
		return
	}
}

// rubyClasses are classes of which only chains of gadgets marshal objects.
var rubyClasses = [...]string{"Gem::", "\x08ERB", "\x0bKernel", "ActiveSupport::Deprecat", "ActiveSupport::Messages", "Rack::Response", "Rack::Session", "Net::", "ActionView::", "Sprockets::", "DRb::", "UncaughtThrowError"}

// rubyObject weighs an object of Ruby's Marshal.
func rubyObject(data []byte, best *evidence.Tally) {
	if len(data) > 16 && data[0] == 4 && data[1] == 8 && containsAnyOf(data, rubyClasses[:]...) {
		one(&serialized, 0, 2, evidence.Code, best)
	}
}

// filed weighs a file: as an object, or by its tags as a document of YAML.
func filed(data []byte, best *evidence.Tally) {
	if len(data) > 8 && data[1] == ':' && lex.Digit(data[2]) && (data[0] == 'O' || data[0] == 'C' || data[0] == 'a') {
		phpObject(data[:min(len(data), window)], best)
		return
	}
	if opensObject(data) {
		if data[0] != 0x80 || containsAnyOf(data, filePickled[:]...) { // models of machine learning are pickles, too
			objects(data, &point.Value{Data: data, Classes: point.Classify(data)}, best)
		}
		return
	}
	switch {
	case len(data) < 8:
		return
	case bytes.HasPrefix(data, []byte("PK\x03\x04")): // a model of machine learning, its pickle stored in an archive
		head := data[:min(len(data), maxRemote)]
		if i, word := lex.First(head, pickledGlobals); i >= 0 {
			one(&serialized, i, len(word), evidence.Code, best)
		} else if i, word := lex.First(head, shortGlobals); i >= 0 {
			one(&serialized, i, len(word), evidence.Code, best)
		}
		return
	case data[0] == 'c':
		objects(data, &point.Value{Data: data, Classes: point.Classify(data)}, best)
	case (data[0] == '}' || data[0] == ']' || data[0] == '(') && (data[1] == 'q' || data[1] == '(' || data[1] == 'c' || data[1] == 'd'): // of data, with such a call
		if i, word := lex.First(data[:min(len(data), maxRemote)], pickledGlobals); i >= 0 {
			one(&serialized, i, len(word), evidence.Code, best)
		}
	}
	if binary(data[:min(len(data), window)]) {
		return
	}
	for from := 0; ; {
		i := bytes.Index(data[from:], []byte("!!"))
		if i < 0 {
			return
		}
		at := from + i
		from = at + 2
		before := bytes.TrimRight(data[max(0, at-8):at], " ")
		if len(before) == 0 || bytes.IndexByte([]byte(":-\n[{,"), before[len(before)-1]) < 0 {
			continue
		}
		for _, tag := range createdTags {
			if bytes.HasPrefix(data[at:], []byte(tag)) {
				one(&serialized, at, len(tag), evidence.Code, best)
				return
			}
		}
	}
}

// createdTags are tags of YAML by which a file makes an object. That a file names a
// function of Python, without calling it, is a setting of honest programs.
var createdTags = [...]string{"!!python/object", "!!python/module", "!!javax.", "!!java.", "!!com.sun.", "!!org.springframework", "!!org.apache", "!!com.mchange", "!!js/function"}

// phpObject finds O:8:"stdClass": at the start or inside an array.
func phpObject(data []byte, best *evidence.Tally) {
	for from := 0; ; {
		i := classMark(data[from:])
		if i < 0 {
			return
		}
		i += from
		if i > 0 && point.ClassOf[data[i-1]]&(point.Semicolon|point.Brace|point.Pipe) == 0 {
			return
		}
		rest := bytes.TrimPrefix(data[i+2:], []byte("+"))
		n := digits(rest)
		if from = i + 2; n > 0 && bytes.HasPrefix(rest[n:], []byte(`:"TYPO3\CMS\Form\Domain\Runtime\FormState":`)) {
			continue // which its forms hand out, signed
		}
		if n > 0 && (bytes.HasPrefix(rest[n:], []byte(`:"`)) || bytes.HasPrefix(rest[n:], []byte(`:\"`)) || bytes.HasPrefix(rest[n:], []byte(`:\x22`))) {
			one(&serialized, i, n+4, evidence.Code, best)
		}
		return
	}
}

// classMark finds O:n: or C:n:, with which PHP writes an object.
func classMark(data []byte) int {
	for colon := 0; ; colon++ {
		i := bytes.IndexByte(data[colon:], ':')
		if i < 0 || colon+i+2 >= len(data) {
			return -1
		}
		colon += i
		if colon > 0 && (data[colon-1] == 'O' || data[colon-1] == 'C') && (isDigitByte(data[colon+1]) || data[colon+1] == '+' && isDigitByte(data[colon+2])) {
			return colon - 1
		}
	}
}

func isDigitByte(c byte) bool { return c >= '0' && c <= '9' }

// pickledCalls are modules of Python by which an object of jsonpickle runs something.
var pickledCalls = [...]string{
	"os.", "posix.", "nt.", "subprocess.", "builtins.", "__builtin__.", "commands.", "runpy.", "importlib.", "pty.", "shutil.", "platform.popen", "webbrowser.",
	"code.", "pdb.", "bdb.", "timeit.", "ctypes.", "socket.", "urllib.request.", "http.client.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "telnetlib.", "xmlrpc.client.", "sqlite3.", "codecs.open", "io.open", "io.FileIO", "linecache.", "fileinput.", "zipfile.", "tarfile.", "multiprocessing.", "logging.FileHandler", "cProfile.", "pickle.loads", "marshal.loads", "glob.",
}

// callsModule reports whether a value is a name in such a module.
func callsModule(data []byte) bool {
	for _, module := range pickledCalls {
		if bytes.HasPrefix(data, []byte(module)) {
			return point.Classify(data)&^(point.Alpha|point.Digit|point.Dot) == 0
		}
	}
	return false
}

// ojClasses are classes of Ruby that JSON names, in the notation of Oj, only to reach a
// chain of gadgets.
var ojClasses = []string{"gem::", "net::", "actionview::", "activesupport::deprecat", "sprockets::", "erb"}

// runners are classes of Java that run something, and that no document creates by an
// attribute or a field which names its class.
var runners = [...]string{
	"java.lang.processbuilder", "java.lang.runtime", "java.beans.xmldecoder", "java.beans.eventhandler", "javax.script.scriptenginemanager", "groovy.util.expando", "groovy.lang.groovyshell", "java.net.urlclassloader", "java.util.serviceloader$lazyiterator",
	"java.lang.thread", "java.io.fileoutputstream", "java.io.filewriter", "java.io.printwriter", "java.io.randomaccessfile", "java.net.socket", "java.net.url", "java.beans.expression", "java.beans.statement", "javax.imageio.imageio$containsfilter", "org.codehaus.groovy.runtime.methodclosure",
}

// elements are how names of elements begin in documents of XStream whose classes run
// something when they are read, or stand for what they cannot write.
var elements = []string{
	"java.util.priorityqueue", "java.lang.processbuilder", "java.beans.eventhandler", "javax.naming.", "javax.imageio.", "javax.crypto.", "javax.swing.", "javax.activation.", "jdk.nashorn.", "sun.", "com.sun.", "com.thoughtworks.", "org.springframework.", "org.codehaus.groovy.", "groovy.", "org.apache.commons.", "dynamic-proxy", "unserializable-parents", "objectdataprovider",
}

// classElements are how names of further classes begin that XStream writes by a name of its own, or never.
var classElements = []string{"java.lang.runtime", "java.lang.thread", "java.net.", "java.io.", "java.util.serviceloader", "java.util.scanner", "java.beans.", "javax.script.", "javax.management.", "java.rmi."}

// maxElements bounds the elements around a text that are looked at.
const maxElements = 6

// inElement reports whether an element around a text, or the text's own, has such a name.
func inElement(v *point.Value, tree *point.Tree) bool {
	ref := v.Ref
	for range maxElements {
		name := tree.Name(ref)
		if lex.PrefixLength(name, elements) > 0 && (bytes.IndexByte(name, '.') < 0 || lex.ClassName(name)) { // not <groovy.version>
			return true
		}
		if ref = tree.Parent(ref); len(name) == 0 {
			return false
		}
	}
	return false
}

// netRunners are those of .NET, and classes that open files.
var netRunners = []string{
	"system.diagnostics.process", "system.io.file", "system.io.directoryinfo", "system.windows.", "system.configuration.install.", "system.management.", "system.security.principal", "system.security.claims", "system.web.ui.", "system.web.security.", "system.runtime.serialization.", "system.runtime.remoting", "system.workflow.", "system.activities.",
	"system.reflection.", "system.codedom.", "system.data.dataset", "system.data.services.", "system.data.dataviewmanager", "system.net.", "system.delegate", "system.appdomain", "system.activator", "system.resources.", "system.drawing.design", "system.servicemodel.", "microsoft.visualstudio.", "microsoft.build.", "microsoft.powershell.",
}

// named weighs a class by the name of its place, and names and values by which jsonpickle
// calls a function of Python: {"py/reduce": [{"py/type": "os.system"}, ...]}.
func named(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	if v.Kind == point.JSONKey {
		if madeClass(v, tree) || lex.OneOf(v.Data, "py/reduce", "py/repr", "__js_function", "update-queryresponsewriter", "add-queryresponsewriter", "params.resource.loader.enabled", "eureka.client.serviceurl.defaultzone", "spring.cloud.bootstrap.location", "spring.datasource.hikari.connection-test-query", "spring.datasource.hikari.connection-init-sql") { // of jsonpickle, node-serialize, Solr, Spring
			one(&serialized, 0, len(v.Data), evidence.Code, best)
		}
		return
	}
	name := tree.Name(v.Ref)
	if bytes.HasPrefix(v.Data, []byte("/wEy")) && lex.Equal(name, "__viewstate") { // an object where ASP.NET keeps a pair
		one(&serialized, 0, len(v.Data), evidence.Code, best)
		return
	}
	if lex.Equal(name, "_path") && lex.HasPrefix(v.Data, "_controller=") { // of Symfony's fragments
		if function, _, _ := bytes.Cut(v.Data[len("_controller="):], []byte("&")); callRank(function) >= graveCall {
			one(&phrase, 0, len("_controller=")+len(function), evidence.Code, best)
		}
		return
	}
	if v.Kind == point.Key && tree.Tag(v.Ref) == point.XMLTag && (lex.PrefixLength(v.Data, elements) > 0 || lex.PrefixLength(v.Data, classElements) > 0) {
		one(&gadgetClass, 0, len(v.Data), evidence.Code, best)
		return
	}
	if v.Kind == point.XMLText && inElement(v, tree) {
		one(&gadgetClass, 0, min(len(v.Data), 1), evidence.Code, best)
		return
	}
	if len(name) > 5 && lex.PrefixLength(v.Data, []string{"ldap://", "ldaps://", "rmi://", "iiop://"}) > 0 {
		if at, _ := lex.First(name, []string{"jndi", "registry", "datasource", "data_source", "astext", "lookup", "initialcontext"}); at >= 0 {
			one(&gadgetClass, 0, len(v.Data), evidence.Code, best)
			return
		}
	}
	if lex.OneOf(name, "driver_path", "driverpath", "driver_jar", "driverjar", "jar_path", "jarpath") && lex.PrefixLength(v.Data, []string{"http://", "https://", "ftp://"}) > 0 && lex.HasSuffix(v.Data, ".jar") {
		one(&driverURL, 0, len(v.Data), evidence.Code, best)
		return
	}
	if v.Kind != point.XMLText && madeClass(v, tree) {
		one(&gadgetClass, 0, len(v.Data), evidence.Code, best)
		return
	}
	class := lex.OneOf(name, "class", "@class", "@type", "resolves-to", "defined-in")
	if class {
		if n := lex.PrefixLength(v.Data, []string{"com.sun.org.apache.", "com.sun.xml.internal.", "javax.naming.", "sun.reflect.", "jdk.nashorn.", "sun.rmi.", "com.sun.jndi.", "com.sun.rowset."}); n > 0 {
			one(&gadgetClass, 0, n, evidence.Code, best)
			return
		}
		if lex.Equal(name, "@type") && lex.PrefixLength(v.Data, []string{"java.net.", "java.io.", "com.alibaba.druid.", "com.zaxxer.hikari.", "com.mchange.", "org.apache.tomcat.dbcp", "org.apache.commons.dbcp", "org.apache.ibatis.datasource", "org.apache.commons.io."}) > 0 { // of Fastjson, which looks names up
			one(&gadgetClass, 0, len(v.Data), evidence.Code, best)
			return
		}
	}
	if (class || lex.OneOf(name, "javaclass", "java_class", "classname", "class_name", "_class", "_type", "=")) && lex.OneOf(v.Data, runners[:]...) {
		one(&gadgetClass, 0, len(v.Data), evidence.Code, best)
		return
	}
	if len(name) > 4 && (lex.Equal(name, "$type") || lex.Equal(name, "__type")) && lex.PrefixLength(v.Data, netRunners) > 0 {
		one(&gadgetClass, 0, len(v.Data), evidence.Code, best)
		return
	}
	switch {
	case lex.Equal(name, "json_class") && lex.PrefixLength(v.Data, ojClasses) > 0,
		len(name) >= len("py/type") && lex.HasPrefix(name, "py/") && callsModule(v.Data),
		len(name) > 1 && name[0] == '^' && lex.PrefixLength(v.Data, ojClasses) > 0,
		len(name) == 2 && (string(name) == "^o" || string(name) == "^c") && v.Data[0] >= 'A' && v.Data[0] <= 'Z':
		one(&serialized, 0, len(v.Data), evidence.Code, best)
	}
}
