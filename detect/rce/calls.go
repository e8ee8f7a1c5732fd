package rce

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// superglobals weighs PHP's request variables used as code, and calls inside ${...}.
func superglobals(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	for _, name := range [...]string{"$_GET", "$_POST", "$_REQUEST", "$_COOKIE", "$_SERVER", "$_FILES", "$GLOBALS", "$_SESSION"} {
		i := lex.IndexPaired(pairs, data, name)
		if i < 0 || i+len(name) >= len(data) {
			continue
		}
		if name == "$GLOBALS" && i > 2 && data[i-1] == '(' && data[i+len(name)] == ')' && (lex.HasSuffix(data[:i-1], "print_r") || lex.HasSuffix(data[:i-1], "var_dump") || lex.HasSuffix(data[:i-1], "var_export")) {
			one(&codeCall, i, len(name), evidence.Code, best)
			return
		}
		if data[i+len(name)] == ';' && i > 0 && data[i-1] == '=' && containsAnyOf(data[i:], "](", "}(") { // $a=$_GET;$a[0]($a[1])
			one(&codeCall, i, len(name), evidence.Code, best)
			return
		}
		if data[i+len(name)] != '[' && data[i+len(name)] != '{' {
			continue
		}
		weight := superglobal.Weight
		if bytes.HasPrefix(data[i+len(name):], []byte("[")) && i > 1 && data[i-1] == ',' && writesInto(data[:i]) || containsAnyOf(data[i:], "](", "] (") || i > 0 && data[i-1] == '$' || included(data[:i]) || i > 0 && (data[i-1] == '(' || data[i-1] == '`' && !inSpan(data, i) || data[i-1] == '{') && !stored(name) && !sanitizes(data[:i]) {
			weight = 8
		}
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.Code)
		t.AddWeight(&superglobal, weight, i, len(name))
		keep(&t, best)
	}
	if !pairs.May("${") {
		return
	}
	if i := bytes.Index(data, []byte("${@")); i >= 0 {
		one(&codeCall, i, 3, evidence.Code, best)
	}
	for from := 0; ; {
		i := bytes.Index(data[from:], []byte("${"))
		if i < 0 {
			return
		}
		from += i + 2
		end := from
		for end < len(data) && end-from < 32 && point.ClassOf[data[end]]&(point.Alpha|point.Digit) != 0 {
			end++
		}
		if end > from && end < len(data) && data[end] == '(' && callRank(data[from:end]) != noCall && callRank(data[from:end]) != fileCall {
			one(&codeCall, from-2, end-from+3, evidence.Code, best)
		}
	}
}

// writesInto reports whether a call that writes a file begins the text that a request
// variable ends: fputs(fopen('x.php','w'),
func writesInto(before []byte) bool {
	return lex.PrefixLength(bytes.TrimLeft(before, "@; "), []string{"fputs(", "fwrite(", "file_put_contents(", "move_uploaded_file(", "copy(", "rename("}) > 0
}

// included reports whether a file is included by the name that follows.
func included(before []byte) bool {
	before = bytes.TrimRight(before, " (\"'")
	return lex.HasSuffix(before, "include") || lex.HasSuffix(before, "require") || lex.HasSuffix(before, "_once")
}

// stored reports whether a request variable holds what the server put there itself.
func stored(name string) bool { return name == "$_FILES" || name == "$_SESSION" || name == "$_SERVER" }

// callKind says what calling a function tells.
type callKind uint8

const (
	noCall   callKind = iota
	weakCall          // probes call it, and harmless code too
	fileCall          // includes or reads files
	graveCall
	bareCall // tells even without arguments
)

// callRank ranks a function by its name, with the object it belongs to.
func callRank(name []byte) callKind {
	if len(name) > longestName {
		return noCall
	}
	dot := bytes.LastIndexByte(name, '.')
	if dot >= 0 && ofGo(name) {
		return noCall
	}
	if k := plainCall(name); k != noCall {
		return k
	}
	if dot >= 0 && graveMethods.Has(name[dot+1:]) && graveObjects.In(name) {
		return graveCall
	}
	return noCall
}

// longestName bounds the name of a function with the object it belongs to, in bytes.
const longestName = 48

// Methods of an object whose name tells that they run commands or code.
var (
	graveMethods = lex.NewWords("exec getruntime execsync popen system fork spawn spawnsync execute start loads eval")
	graveObjects = lex.NewList("os.", "process.", "runtime", "child", "kernel", "io.", "shell", "pickle", "engine", "marshal", "yaml", "builtins")
)

// What the names of functions tell, in lower case.
const (
	bareList = "phpinfo phpversion getruntime runtime.getruntime php_uname get_current_user getmypid get_defined_vars get_defined_functions get_loaded_extensions " +
		"posix_getuid sys_get_temp_dir getallheaders apache_request_headers phpcredits get_declared_classes stream_get_wrappers apache_get_modules ini_get_all " +
		"get_defined_constants posix_uname "
	graveList = "system passthru shell_exec popen proc_open pcntl_exec assert call_user_func call_user_func_array create_function eval exec __import__ os.system " +
		"os.popen os.execute subprocess.popen subprocess.call subprocess.check_output subprocess.run subprocess.getoutput commands.getoutput pty.spawn " +
		"child_process.exec child_process.execsync child_process.spawn child_process.execfile process.mainmodule.require global.process.mainmodule.require " +
		"process.binding processbuilder java.lang.processbuilder io.popen open3.capture2 open3.capture2e open3.capture3 open3.popen2 open3.popen3 " +
		"open3.pipeline marshal.load kernel.exec kernel.system kernel.open kernel.exit kernel.fork kernel.spawn file_put_contents execsync spawnsync " +
		"execfilesync gzinflate gzuncompress str_rot13 register_shutdown_function register_tick_function ob_start array_map array_filter array_walk usort " +
		"uasort uksort preg_replace_callback mb_ereg_replace unserialize base64_decode convert_uudecode expect_popen fsockopen pfsockopen stream_socket_client " +
		"curl_exec curl_init dl putenv ini_set ini_alter apache_setenv mb_send_mail imap_open proc_nice getruntime.exec scriptengine.eval pickle.loads " +
		"cpickle.loads vm.runinthiscontext vm.runinnewcontext vm.runincontext vm.compilefunction yaml.load marshal.loads check_output check_call getoutput " +
		"getstatusoutput importlib.import_module builtins.exec os.execl os.execv os.execlp os.execvp os.execve os.spawnl os.spawnv os.spawnlp os.posix_spawn " +
		"execfile iterator_apply forward_static_call forward_static_call_array wscript.shell createobject server.createobject activexobject instance_eval " +
		"class_eval method_missing deserialize posix_kill posix_mkfifo posix_getpwuid get_cfg_var error_log "
	fileList = "include include_once require require_once file_get_contents readfile fopen highlight_file show_source file splfileobject scandir opendir " +
		"parse_ini_file fpassthru simplexml_load_file getimagesize get_headers gzopen gzfile readgzfile md5_file sha1_file hash_file mime_content_type " +
		"exif_read_data stream_get_contents fputs fwrite file_exists php_strip_whitespace move_uploaded_file glob unlink rmdir symlink readlink copy rename " +
		"readfilesync fs.readfilesync fs.readdirsync readdirsync file.read file.open file.readlines file.binread file.write file.foreach io.read io.readlines " +
		"io.binread io.write io.foreach dir.entries dir.glob dir.children os.listdir os.walk os.scandir shutil.rmtree file.delete directoryiterator " +
		"filesystemiterator globiterator open preg_replace "
	weakList = "compile print_r md5 die var_dump sleep usleep getenv chr print echo printf strrev hex2bin implode exit dechex hexdec pi date time random_int uniqid " +
		"getcwd spawn "
)

// names holds all of them, and callKinds what each tells.
var (
	names     = lex.NewWords(bareList + graveList + fileList + weakList)
	callKinds = func() (kinds []callKind) {
		for _, list := range []struct {
			names string
			kind  callKind
		}{{bareList, bareCall}, {graveList, graveCall}, {fileList, fileCall}, {weakList, weakCall}} {
			for range strings.FieldsSeq(list.names) {
				kinds = append(kinds, list.kind)
			}
		}
		return kinds
	}()
)

// plainCall ranks the name of a function.
func plainCall(name []byte) callKind {
	if i := names.Index(name); i >= 0 {
		return callKinds[i]
	}
	return noCall
}

// maxCallees bounds the parentheses of one value in front of which a callee is sought that
// is put together; behind them plain names alone are read.
const maxCallees = 512

// calls weighs calls of dangerous functions: a name, a parenthesis, an argument that
// is no prose.
func calls(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	seen, asked, shown := 0, 0, lines{pairs: pairs}
	text := len(bytes.TrimRightFunc(data, unicode.IsSpace))
	secretive := lex.MayAny(pairs, secrets[:]...)
	for i := lex.Next(data, 1, '('); i < len(data); i = lex.Next(data, i+1, '(') {
		if seen++; seen > maxCallees && !lex.Word(data[i-1]) {
			continue
		}
		at, kind := callee(data, i)
		if kind == noCall && shown.callsBack(data, i) {
			kind = graveCall
		}
		if kind == noCall && secretive && takesSecret(data, i, &asked) {
			kind = fileCall
		}
		if kind == noCall || i+1 >= text { // named, as in a list
			continue
		}
		if weighCall(data, at, i, kind, &shown, best) && best.Score() >= evidence.Threshold {
			return
		}
	}
}

// takesSecret reports whether a name is called with a string that begins with a file which
// attacks read, whatever the name is: Path.of("/etc/passwd"). What arguments of several calls
// share is read once: no quote in front of asked opens such a string.
func takesSecret(data []byte, paren int, asked *int) bool {
	if paren == 0 || paren+4 >= len(data) || !lex.Word(data[paren-1]) {
		return false
	}
	end := paren + 1 + len(firstArgument(data[paren+1:]))
	for at := max(paren+1, *asked); ; at++ {
		i := lex.IndexQuote(data[min(at, end):end])
		if i < 0 {
			*asked = max(*asked, end)
			return false
		}
		if at += i; opensSecret(data, at) {
			*asked = at
			return true
		}
	}
}

// opensSecret reports whether the quote at i opens a string that begins with such a file.
func opensSecret(data []byte, i int) bool {
	text := data[i+1:]
	if len(text) < 2 || text[0] != '/' && text[0] != '~' || bytes.IndexByte([]byte(", (="), data[i-1]) < 0 {
		return false
	}
	for _, s := range secrets {
		if bytes.HasPrefix(text, []byte(s)) {
			return true
		}
	}
	return false
}

// backCalled are functions of PHP that call the one whose name they are given.
var backCalled = lex.NewPrefixes("array_", "iterator_", "fromcallable", "usort", "uasort", "uksort", "forward_static", "call_user", "spl_autoload", "set_error", "set_exception", "header_register", "register_", "reflectionfunction", "preg_replace_callback", "mb_ereg_replace_callback", "ob_start", "sqlitecreatefunction", "createfunction", "collator", "libxml_set", "xml_set", "assert_options", "callbackfilteriterator", "fiber")

// handedOver are functions that run commands or code, as strings.
var handedOver = lex.NewList(inQuotes("system", "passthru", "shell_exec", "exec", "popen", "proc_open", "pcntl_exec", "assert", "eval", "phpinfo", "create_function", "file_put_contents", "readfile", "show_source", "highlight_file")...)

func inQuotes(words ...string) (quoted []string) {
	for _, w := range words {
		quoted = append(quoted, "'"+w+"'", `"`+w+`"`)
	}
	return quoted
}

// callsBack reports whether such a function is called with the name of one that runs
// commands or code as a string among its arguments.
func (l *lines) callsBack(data []byte, paren int) bool {
	if l.handsOver == unasked {
		l.handsOver = answer(handedOver.May(l.pairs))
	}
	if l.handsOver == no {
		return false
	}
	from := paren
	for from > 0 && lex.Word(data[from-1]) && paren-from < longestWord {
		from--
	}
	return from < paren && backCalled.Length(data[from:paren]) > 0 && handedOver.In(data[paren+1:min(len(data), paren+2*longestWord)])
}

// callee returns where the called expression before a parenthesis begins, and what
// it is.
func callee(data []byte, paren int) (start int, kind callKind) {
	end := paren
	for end > 0 && data[end-1] <= ' ' && paren-end < 8 {
		end--
	}
	end = withoutRemark(data, withoutComment(data, end), paren)
	start = end
	for start > 0 && point.ClassOf[data[start-1]]&(point.Alpha|point.Digit|point.Dot) != 0 && end-start < 40 {
		start--
	}
	if start < end {
		name := data[start:end]
		if start > 0 && data[start-1] == '$' {
			return start - 1, assigned(data, name, start)
		}
		if end < paren && callRank(bytes.TrimPrefix(name, []byte("."))) < graveCall {
			return start, noCall
		}
		if name[0] == '.' && start > 0 && (data[start-1] == '\'' || data[start-1] == '"') && len(name) > 1 { // '.system('id').'
			kind = callRank(name[1:])
			if kind == weakCall && probes(name[1:]) {
				kind = graveCall
			}
			return start + 1, kind
		}
		if name[0] == '.' && start > 0 && (data[start-1] == ')' || data[start-1] == ']') {
			return start, methodRank(name[1:])
		}
		if name[0] == '.' || start > 0 && (data[start-1] == '>' && (start < 2 || data[start-2] != '=') || data[start-1] == '\'') || end < paren && data[end] == ' ' && paren-end > 1 && start > 0 {
			return start, noCall
		}
		return start, callRank(name)
	}
	return spelled(data, end)
}

// withoutComment steps back over a comment between a name and its parenthesis.
func withoutComment(data []byte, end int) int {
	if end < 4 || data[end-1] != '/' || data[end-2] != '*' {
		return end
	}
	if i := bytes.LastIndex(data[max(0, end-64):end-2], []byte("/*")); i >= 0 {
		end = max(0, end-64) + i
		for end > 0 && data[end-1] <= ' ' {
			end--
		}
	}
	return end
}

// withoutRemark steps back over a remark up to the line's end, behind which the parenthesis stands.
func withoutRemark(data []byte, end, paren int) int {
	if end == paren || bytes.IndexByte(data[end:paren], '\n') < 0 {
		return end
	}
	from := max(0, end-closely)
	if i := bytes.IndexByte(data[from:end], '#'); i > 0 && bytes.IndexByte(data[from+i:end], '\n') < 0 {
		return from + i
	}
	return end
}

// maxMentions bounds the mentions of a variable that are looked at for where it got its value.
const maxMentions = 8

// assigned reports whether a variable that is called was given a function's name in
// the same value: $a='system';$a('id').
func assigned(data, name []byte, before int) callKind {
	from := max(0, before-window)
	if bytes.IndexByte(data[from:before], '=') < 0 {
		return noCall
	}
	for range maxMentions {
		i := bytes.Index(data[from:before], name)
		if i < 0 {
			return noCall
		}
		from += i + len(name)
		if rest := bytes.TrimLeft(data[from:before], " "); len(rest) > 0 && rest[0] == '=' {
			return graveCall
		}
	}
	return noCall
}

// told reports whether a call stands in code, not in a sentence about it.
func told(data []byte, at int) bool {
	before := data[max(0, at-200):at]
	if inSentence(before) || inSpan(data, at) {
		return false
	}
	if lex.SuffixLength(before, []string{"class ", "def ", "func ", "function ", "sub ", "async "}) > 0 { // a declaration
		return false
	}
	return lex.Gaps(before) <= 5 || bytes.ContainsAny(before, ";{}<$=(") || leftQuote(data, at) >= 0
}

// inSpan reports whether code begins a span of Markdown with prose behind it, as remarks on code do.
func inSpan(data []byte, at int) bool {
	if at == 0 || data[at-1] != '`' || at > 1 && data[at-2] > ' ' {
		return false
	}
	end := bytes.IndexByte(data[at:], '`')
	return end > 0 && lex.Prose(data[at+end:min(len(data), at+end+200)])
}

// weighCall reports false if the call stands in a sentence, or tells no more than what was found already.
func weighCall(data []byte, at, paren int, kind callKind, shown *lines, best *evidence.Tally) bool {
	argument := data[paren+1:]
	for len(argument) > 0 && isBlank[argument[0]] {
		argument = argument[1:]
	}
	inner := callRank(firstName(argument))
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.Code)
	switch kind {
	case weakCall:
		t.AddWeight(&codeCall, 4, at, paren-at+1)
		if inner != noCall || shown.nests(data, at, paren, argument) {
			t.AddWeight(&nestedCall, nestedCall.Weight, paren+1, 1)
		}
	case fileCall:
		weighFile(data, at, paren, argument, inner, shown, &t)
	default:
		t.AddWeight(&codeCall, graveWeight(data, at, paren, argument, shown), at, paren-at+1)
	}
	if t.Score() <= best.Score() && best.Score() < evidence.Threshold || !told(data, at) {
		return false
	}
	if weighable(data, at, paren, kind, argument, inner, shown) {
		doubtCall(data, at, paren, argument, &t, shown, best.Score())
		keep(&t, best)
	}
	return true
}

var isBlank = [256]bool{' ': true, '\t': true, '\r': true, '\n': true}

// weighable reports whether what is called has an argument as attacks give it; inner is the rank of a call that
// begins it.
func weighable(data []byte, at, paren int, kind callKind, argument []byte, inner callKind, shown *lines) bool {
	name := data[at:paren]
	if lex.HasSuffix(name, "import_module") && ownModule(argument) {
		return false
	}
	if !shown.codeArgument(data, len(data)-len(argument), kind, inner) && !breaksOut(data, at, paren, argument) {
		command := kind == graveCall && shown.sensitives.runs(data, len(data)-len(argument))
		if !command || lex.Letter(data[at]) && !shown.bareArgument(data, at, paren) {
			return false
		}
	}
	asserts := len(argument) > 0 && lex.Equal(bytes.TrimRight(name, " "), "assert")
	return !asserts || bytes.IndexByte([]byte("'\"$`"), argument[0]) >= 0 || inner >= graveCall
}

// nests reports whether the argument of a function that probes call holds a call or spells one, or the value
// is nothing but the call.
func (l *lines) nests(data []byte, at, paren int, argument []byte) bool {
	name := data[at:paren]
	if l.lists == unasked {
		l.lists = answer(listsFiles.May(l.pairs))
	}
	if l.lists == yes && listsFiles.In(firstArgument(argument)) || spellsCall(data, at) {
		return true
	}
	if lex.Equal(name, "spawn") && spawnsShell(bytes.TrimLeft(argument, "'\"")) {
		return true
	}
	alone := at < 3 && probes(name) && !plainly(name, argument) || at == len("echo ") && lex.HasPrefix(data, "echo ")
	return alone && bytes.HasSuffix(bytes.TrimRight(data, " ?>\r\n"), []byte(");")) && bytes.IndexByte(firstArgument(argument), ' ') < 0
}

var listsFiles = lex.NewExactList("scandir(", "file_get_contents(")

// weighFile weighs a call that includes or reads a file.
func weighFile(data []byte, at, paren int, argument []byte, inner callKind, shown *lines, t *evidence.Tally) {
	name, first := data[at:paren], firstArgument(argument)
	beside := len(argument) > 2 && argument[1] == '.' // a module or a file beside it
	module := beside && lex.Equal(name, "require") && !containsAnyOf(first, "/etc/", "/proc/")
	weight := includeCall.Weight
	if module || beside && !prints(name) && !bytes.Contains(argument[:min(len(argument), 64)], []byte("../../")) {
		weight = 4
	}
	t.AddWeight(&includeCall, weight, at, paren-at+1)
	switch {
	case !module && (shown.leadsOut(first) || !lex.Equal(name, "open") && bytes.IndexByte(first, '/') >= 0 && lex.OneOf(bytes.Trim(first, "'\""), "/", "/*")),
		usesModule(argument), at == 0 && prints(name) && isStatement(data, paren), at == len("echo ") && lex.HasPrefix(data, "echo file_get_contents("):
		t.AddWeight(&nestedCall, 2, paren+1, 1)
	case printsOwn(name, first), pipes(name, argument), evaluates(name, argument), inner != noCall && included(data[:paren]):
		t.AddWeight(&nestedCall, 4, paren+1, 1)
	}
}

// outward is what in the name of a file leaves the folders of a program.
var outward = lex.NewExactList("php://", "/var/log/", "/tmp/", "../../", "$_GET", "$_POST", "$_REQUEST", "$_COOKIE", "child_process", "://")

// leadsOut reports whether the name of a file leaves them, or is one that attackers read first.
func (l *lines) leadsOut(name []byte) bool {
	if l.leads == unasked {
		l.leads = answer(outward.May(l.pairs) || sensitive.May(l.pairs) || ofWindows.May(l.pairs))
	}
	return l.leads == yes && (outward.In(name) || sensitivePath(name))
}

var ownPrinters = lex.NewWords("show_source highlight_file readfile print_r var_dump file_get_contents")

// printsOwn reports whether a function that prints is given what tells of its server.
func printsOwn(name, first []byte) bool {
	return ownPrinters.Has(name) && ownTelling.In(first)
}

var ownTelling = lex.NewExactList("scandir(", "getcwd(", "getallheaders(", "get_defined_vars(", "localeconv(", "session_id(", "__FILE__")

// graveWeight weighs a call that runs commands or code by its argument.
func graveWeight(data []byte, at, paren int, argument []byte, shown *lines) int8 {
	switch {
	case lex.Equal(data[at:paren], "phpinfo"):
	case lex.PrefixLength(argument, []string{").availableprocessors(", ").totalmemory(", ").freememory(", ").maxmemory(", ").gc("}) > 0: // of Java's runtime
		return 4
	case harmless(argument), data[paren-1] == ' ' && 'A' <= data[at] && data[at] <= 'Z' && len(argument) > 0 && lex.Digit(argument[0]): // 12-Hour System (1-12)
		return 4
	case shown.ownCallback(data, at, paren, argument), composed(argument), variable(argument):
		return 6
	}
	return codeCall.Weight
}
