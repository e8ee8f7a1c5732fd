package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// members are Java, OGNL, SpEL, Python and template paths that only attacks write.
var members = [...]string{
	"java.lang.runtime", "java.lang.processbuilder", "javax.script.scriptengine", "scriptenginemanager", "#_memberaccess", "@java.lang", "@java.io", "t(java.", "t(com.sun.", "getclass().forname", "class.forname",
	"getclass().getclassloader", "class.module.classloader", "org.apache.commons.collections", "com.sun.org.apache.xalan", "ognl.ognlcontext", "#context[", "#request[", "java.net.url", "java.io.file", "java.util.scanner",
	"__class__", "__mro__", "__subclasses__", "__globals__", "__builtins__", "_self.env", "registerundefinedfiltercallback", "freemarker.template.utility.execute", "?new()", "|attr(", "cycler.__init__",
	"lipsum.__", "config.items()", "self.__init__", "constructor.constructor", "getruntime().exec", "$class.inspect", "jdk.nashorn", "springframework.context", "com.opensymphony", "org.springframework.cglib",
	"allowstaticmethodaccess", "#parameters[", "#attr[", "#session[", "#application[", "@ognl.", "@org.apache", "xwork.methodaccessor", "javax.naming.initialcontext", "javax.el.", "springframework.expression", "jdk.jshell",
	"groovy.lang.groovyshell", "java.beans.xmldecoder", "java.lang.system", "java.lang.thread", "java.lang.class", "getdeclaredconstructor", "getdeclaredmethod", "newinstance(", "java.nio.file", "java.util.base64",
	"com.sun.rowset", "process.mainmodule", "global.process", "require('child_process')", "require(\"child_process\")", "require('node:child_process')", "require(\"node:child_process\")", "require(`node:child_process`)", "require(`child_process`)", "process.binding(", "builtins.open", "os.environ", "func_globals", "gi_frame",
	"bash -i >", ".execute().text", "system.diagnostics.process", "objectdataprovider", "wscript.shell", "processbuilder(",
}

// aroundMember is how much in front of a path and behind it says what text it stands in, in bytes.
const aroundMember = 2048

// member weighs a path by what surrounds it: in an expression it is an attack, by
// itself or in a sentence it is a name.
func member(data []byte, i, n int, v *point.Value, best *evidence.Tally) {
	if lex.HasPrefix(data[i:], "java.lang.runtimeexception") {
		return // which traces tell of
	}
	near := data[max(0, i-aroundMember):min(len(data), i+aroundMember)]
	weight := javaPath.Weight
	switch {
	case lex.HasPrefix(data[i:], "java") && inTag(data, i):
	case (lex.HasPrefix(data[i:], "os.environ") || lex.HasPrefix(data[i:], "config.items") || lex.HasPrefix(data[i:], "__mro__") || lex.HasPrefix(data[i:], "__globals__")) && !containsAnyOf(near, "{{", "${", "#{", "%{", "{%"):
		weight = 5 // as programs write them too
	case common(data[i:min(len(data), i+24)]) && !containsAnyOf(near, "{{", "${", "#{", "%{", ".require(", "['", ".constructor"):
		weight = 5
	case v.Classes&(point.Paren|point.Brace|point.HashAt|point.Less|point.Bracket|point.Quote|point.Pipe|point.PercentSign) == 0:
		weight = 5
	case lex.Gaps(data[max(0, i-window):i]) > 5 && !bytes.ContainsAny(data[max(0, i-80):i], "{(<#%@'\"="), document(near):
		weight = 5
	case declares(data[:i]):
		weight = 6
	case stackTrace(near):
		weight = 4
	case wordsBehind(data, i, i+n):
		weight = 7
	case lex.HasPrefix(data[i:], "#set($") && !containsAnyOf(near, "class", "Class", "untime", "inspect", "exec"):
		weight = 5
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.Code)
	t.AddWeight(&javaPath, weight, i, n)
	keep(&t, best)
}

// inTag reports whether a class of Java is the name of an element, or what an element of XMLDecoder's documents names.
func inTag(data []byte, i int) bool {
	open := bytes.LastIndexByte(data[max(0, i-aroundMember):i], '<')
	if open < 0 {
		return false
	}
	open += max(0, i-aroundMember)
	if open == i-1 {
		return open == 0 || !lex.Word(data[open-1])
	}
	tag := data[open+1 : i]
	n := lex.PrefixLength(tag, []string{"object", "void", "new", "java"})
	return n > 0 && n < len(tag) && (tag[n] == ' ' || tag[n] == '\n' || tag[n] == '\t' || tag[n] == '\r') && bytes.IndexByte(tag, '>') < 0 && bytes.IndexByte(tag, '=') > 0
}

// declares reports whether what stands in front declares a variable, as source does that
// is shown to others: Process p = new
func declares(before []byte) bool {
	before = bytes.TrimSuffix(bytes.TrimSpace(before), []byte("new"))
	before = bytes.TrimSpace(before)
	if len(before) < 5 || before[len(before)-1] != '=' || before[0] < 'A' || before[0] > 'Z' {
		return false
	}
	words := bytes.TrimSpace(before[:len(before)-1])
	return lex.Gaps(words) == 1 && point.Classify(words)&^(point.Alpha|point.Digit|point.Space) == 0
}

// common reports whether a member also stands in the source of honest programs.
func common(start []byte) bool {
	for _, m := range [...]string{"os.environ", "newinstanc", "process.bi", "process.ma", "global.pro", "java.net.u", "java.io.fi", "java.lang.", "java.nio.f", "java.util.", "getdeclare", "class.forn", "__class__", "__builtins", "builtins.o", "system.dia"} {
		if len(start) >= len(m) && lex.HasPrefix(start, m) {
			return m != "java.lang." || !lex.Contains(start, "runtime") && !lex.Contains(start, "process")
		}
	}
	return false
}

// stackTrace reports whether a text is the trace of an error, as clients report them.
func stackTrace(data []byte) bool {
	return bytes.Contains(data, []byte("\tat ")) || bytes.Contains(data, []byte("\n    at ")) || bytes.Contains(data, []byte(".java:"))
}

// gadgets are classes whose creation runs code. A field that names one is an attack.
var gadgets = [...]string{
	"jdbcrowsetimpl", "templatesimpl", "invokertransformer", "instantiatetransformer", "chainedtransformer", "clonetransformer", "instantiatefactory", "prototypeclonefactory", "prototypeserializationfactory",
	"whileclosure", "forclosure", "badattributevalueexp", "annotationinvocationhandler", "beancomparator", "jndirefforwardingdatasource", "basicdatasource", "objectdataprovider", "windowsidentity", "systemidentity",
	"classpathxmlapplicationcontext", "filesystemxmlapplicationcontext", "methodclosure", "spelexpression", "jndiobjectfactory", "unicastref", "jrmpclient",
	"java.beans.eventhandler", "imageio$containsfilter", "jndiconverter", "assemblyinstaller", "poolbackeddatasource", "wrapperconnectionpooldatasource", "xbean.propertyeditor", "oraclemanagedconnectionfactory", "jndidatasourcefactory",
	"delegateserializationholder", "generic.comparisoncomparer", "security.roleprincipal", "tokens.sessionsecuritytoken", "axhost+state", "basemodel.baseactivationfactory", "runtime.convertedclosure", "unitofworkchangeset", "sun.swing.swinglazyvalue", "spi.continuationdircontext",
	"feed.impl.tostringbean", "feed.impl.objectbean", "uidefaults$proxylazyvalue", "factorypointcutadvisor", "partiallycomparableadvisorholder", "caucho.naming.qname", "bsh.interpreter", "bsh.xthis", "disk.diskfileitem", "python.core.pymethod", "javascript.nativejavaobject",
	"ldap.rdn$rdnentry", "internal.objects.xstring", "mimetypeparameterlist", "jndiconnectionpool", "anterosdbcpconfig", "swing.jeditorpane", "jndidatasource", "jndiconfiguration", "sessionviewstatehistoryitem", "typeconfusedelegate", "textformattingrunproperties", "powershell.editor", "expandedwrapper", "xamlreader", "activitysurrogateselector", "toolboxitemcontainer", "windowsprincipal", "settingspropertyvalue",
}

func gadget(data []byte, i, n int, v *point.Value, best *evidence.Tally) {
	if len(data) > 400 && v.Classes&point.Less == 0 || v.Classes&(point.Dot|point.Less|point.Quote) == 0 {
		return
	}
	weight := gadgetClass.Weight
	if lex.Gaps(data) > 4 && v.Classes&point.Less == 0 || stackTrace(data) {
		weight = 4
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.Code)
	t.AddWeight(&gadgetClass, weight, i, n)
	keep(&t, best)
}

// arithmetic weighs {{7*7}} and its kin, which ask whether a template runs.
func arithmetic(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	for _, opening := range [...]string{"{{", "${", "#{", "%{", "*{", "<%=", "@(", "$(("} {
		i := lex.IndexPaired(pairs, data, opening)
		if i < 0 || lex.Gaps(data[:i]) > 5 {
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
