package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxTongue bounds the part of a value in which these spellings are looked for.
const maxTongue = 1 << 10

// tongues weighs what begins a value in a language that only one program speaks: scripts
// of printers and image libraries, classes that are loaded by name, calls that are
// spelled without a letter.
func tongues(data []byte, v *point.Value, best *evidence.Tally) {
	data = data[:min(len(data), maxTongue)]
	if v.Kind == point.Key || v.Kind == point.JSONKey {
		rendered(data, best)
		return
	}
	if v.Classes&(point.Dot|point.Pipe) == point.Dot|point.Pipe {
		if n := consolePipe(bytes.TrimLeft(data, "'\"")); n > 0 {
			one(&phrase, 0, n, evidence.ShellWord, best)
			return
		}
	}
	switch data[0] {
	case 'a', 'c', 'd', 'l', 'm', 's':
		if n := lex.PrefixLength(data, mediaSources); n > 0 {
			one(&option, 0, n, evidence.ShellWord, best)
		}
	case '(', '"', '\'':
		if n := unspelled(data); n > 0 {
			one(&codeCall, 0, n, evidence.Code, best)
		}
	case '$':
		if n := variableCall(data); n > 0 {
			one(&codeCall, 0, n, evidence.Code, best)
		}
		if n, _ := sliceOf(data); len(data) > 2 && n > 0 && bytes.HasPrefix(data[n:], []byte("${IFS")) {
			one(&hiddenCommand, 0, n+len("${IFS}"), evidence.ShellWord, best)
		}
	case '%', 'p', '<', '@':
		if n := foreignScript(data); n > 0 {
			one(&phrase, 0, n, evidence.Code, best)
		}
	case '\\':
		if len(data) > 3 && data[1] == '!' && data[2] == ' ' && runs(data[3:min(len(data), 2*longestWord)]) { // of psql
			one(&phrase, 0, 3, evidence.ShellWord, best)
		}
	case '.', '!':
		if n := lex.PrefixLength(data, []string{".shell ", ".system ", "!system "}); n > 0 && rankOf(readWordText(data[n:])) != unknown { // of SQLite and other consoles
			one(&phrase, 0, n, evidence.ShellWord, best)
		}
	case '_':
		if lex.Equal(data, "__construct") { // ThinkPHP calls the method that a request names
			one(&phrase, 0, len(data), evidence.Code, best)
		}
	case ';', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		if n := appended(data); n > 0 {
			one(&codeCall, 0, n, evidence.Code, best)
		}
	case 'j':
		if namesLoaded(data) {
			one(&gadgetClass, 0, len(data), evidence.Code, best)
		}
	}
	if v.Classes&point.Paren != 0 {
		if n := endsProcess(data); n > 0 {
			one(&codeCall, 0, n, evidence.Code, best)
		}
	}
	if mayHide(v, data) {
		chained(data, best)
	}
	if v.Classes&point.Quote != 0 {
		breakout(lastSegment(data, v), best)
	}
	if v.Classes&(point.Colon|point.Slash|point.Dash) == point.Colon|point.Slash|point.Dash {
		if i := lex.IndexPaired(v.Pairs, data, "://-o"); i > 0 && lex.HasPrefix(data[i+5:], "proxycommand") {
			one(&option, i+3, len("-oProxyCommand"), evidence.ShellWord, best)
		}
	}
	if v.Classes&point.Backslash != 0 && v.Classes&(point.Ampersand|point.Pipe|point.Semicolon) != 0 {
		foreignProgram(data, v.Pairs, best)
	}
	if v.Classes&(point.Backtick|point.Paren) == point.Backtick|point.Paren {
		ticked(data, best)
	}
}

// lastSegment returns what stands behind the last slash of a path, and other values whole.
func lastSegment(data []byte, v *point.Value) []byte {
	if v.Kind == point.WholePath {
		return data[bytes.LastIndexByte(data, '/')+1:]
	}
	return data
}

// hiddenCommand is the sign of a command that a slice of a variable hides.
var hiddenCommand = evidence.Sign{Stamp: 3045, Name: "sliced-command", Text: "a slice of a variable and ${IFS}, by which a command is spelled", Weight: 8}

// renderKeys are names by which Drupal calls a function when it renders.
var renderKeys = []string{"#post_render", "#pre_render", "#lazy_builder", "#access_callback", "#value_callback"}

// rendered finds such a name: mail[#post_render][].
func rendered(name []byte, best *evidence.Tally) {
	if lex.Contains(name, "[view options]") || lex.Equal(name, "outputfunctionname") || lex.Equal(name, "__construct()") { // of EJS and of Yii, which compiles them
		one(&phrase, 0, len(name), evidence.Code, best)
		return
	}
	hash := bytes.IndexByte(name, '#')
	if hash < 0 {
		return
	}
	for _, k := range renderKeys {
		if lex.HasPrefix(name[hash:], k) {
			one(&phrase, hash, len(k), evidence.Code, best)
			return
		}
	}
}

// minUnspelled is the number of bytes of a name that is not written with letters.
const minUnspelled = 3

// unspelled returns the length of a call whose name PHP computes from bytes without a
// letter, (~%8f%97)(, of a function of JavaScript that is called at once and reads the
// process, and of a call of it between two ends of strings, "+process.exit()+".
func unspelled(data []byte) int {
	switch {
	case bytes.HasPrefix(data, []byte("(~")):
		i, n := 2, 0
		for i < len(data) && n < longestWord {
			switch c := data[i]; {
			case c >= 0x80 || c == '"' || c == '\'':
				i++
			case c == '%' && i+2 < len(data) && hexHigh(data[i+1]):
				i += 3
			default:
				if n >= minUnspelled && bytes.HasPrefix(data[i:], []byte(")(")) {
					return i + 2
				}
				return 0
			}
			n++
		}
	case lex.HasPrefix(data, "(function(){"), lex.HasPrefix(data, "(()=>"):
		body := data[:min(len(data), 2*longestWord)]
		if i, word := lex.First(body, processWords); i > 0 && bytes.HasSuffix(bytes.TrimRight(data, "; "), []byte(")()")) {
			return i + len(word)
		}
	case (data[0] == '"' || data[0] == '\'') && len(data) > 8 && data[1] == '+' && data[len(data)-1] == data[0] && data[len(data)-2] == '+':
		for _, w := range processWords {
			if lex.HasPrefix(data[2:], w) {
				return 2 + len(w)
			}
		}
	}
	return 0
}

// processWords reach the process in which a script of Node runs.
var processWords = []string{"process.env", "process.exit(", "process.kill(", "process.argv", "process.cwd(", "process.version", "require(", "global.process", "globalthis.process"}

func hexHigh(c byte) bool { return c == '8' || c == '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

// variableCall returns the length of a call whose function a variable of a variable
// names: $$_[0]($$_[1]).
func variableCall(data []byte) int {
	for from := 0; ; {
		i := bytes.Index(data[from:], []byte("$$"))
		braced := i < 0
		if braced {
			if i = bytes.Index(data[from:], []byte("${$")); i < 0 {
				return 0
			}
			from++
		}
		from += i + 2
		end := lex.WordEnd(data, from)
		if braced && end < len(data) && data[end] == '}' {
			end++
		}
		if end == from || end == len(data) || data[end] != '[' {
			continue
		}
		if n := bytes.IndexByte(data[end:min(len(data), end+longestWord)], ']'); n > 0 && bytes.HasPrefix(data[end+n:], []byte("](")) {
			return end + n + 2
		}
	}
}

// foreignScript returns the length of the beginning of a script of PostScript that runs a
// program, of ImageMagick's two languages, of Groovy that loads code, of YAML whose tags
// name classes, and of a spreadsheet's cell that fetches something.
func foreignScript(data []byte) int {
	switch {
	case lex.HasPrefix(data, "%!ps"):
		if lex.Contains(data, "%pipe%") {
			return 4
		}
	case lex.HasPrefix(data, "%tag !"):
		if at, word := lex.First(data, []string{"!javax.", "!java.net.", "yaml.org,2002:python/"}); at > 0 {
			return at + len(word)
		}
	case lex.HasPrefix(data, "push graphic-context"):
		if i := lex.Index(data, "url("); i > 0 && (bytes.Contains(data[i:], []byte(`"|`)) || bytes.Contains(data[i:], []byte("|`"))) {
			return i + 4
		}
	case lex.HasPrefix(data, "<image authenticate="):
		return len("<image authenticate=")
	case lex.HasPrefix(data, "@grabresolver("), lex.HasPrefix(data, "@grabconfig("), lex.HasPrefix(data, "@asttest("):
		return bytes.IndexByte(data, '(')
	case data[0] == '@':
		for _, f := range formulas {
			if i := lex.Index(data, f); i > 1 && lex.HasPrefix(data[i+len(f):], `"http`) && bytes.IndexByte(data[:i], ' ') < 0 && bytes.IndexByte(data[:i], ')') > 0 {
				return i + len(f)
			}
		}
	}
	return 0
}

// loaded are classes of Java that a document names only to have them loaded.
var loaded = [...]string{"java.lang.autocloseable", "java.net.inet4address", "java.net.inet6address", "java.net.inetsocketaddress", "java.lang.class", "java.net.urlclassloader", "javax.script.scriptenginemanager"}

// namesLoaded reports whether a value is the name of such a class.
func namesLoaded(data []byte) bool {
	return lex.OneOf(data, loaded[:]...)
}

// pickled are calls in Python's pickles that are written as text.
var pickled = [...]string{"\nios\nsystem\n", "\niposix\nsystem\n", "\nisubprocess\n", "\ncos\nsystem\n", "\ncposix\nsystem\n", "\ncposix\npopen\n", "\ncnt\nsystem\n", "\ncsubprocess\n", "\nccommands\n", "\nc__builtin__\neval\n", "\nc__builtin__\nexec\n", "\ncbuiltins\neval\n"}

// programEnds are extensions of what Windows runs.
var programEnds = [...]string{".exe", ".bat", ".cmd", ".ps1", ".vbs", ".com", ".scr", ".msi"}

// foreignProgram finds a program of another host's share behind a separator:
// & \\192.0.2.1\a\b.exe
func foreignProgram(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	i := lex.IndexPaired(pairs, data, `\\`)
	if i < 1 {
		return
	}
	before := bytes.TrimRight(data[:i], " ")
	if len(before) == 0 || bytes.IndexByte([]byte("&|;"), before[len(before)-1]) < 0 {
		return
	}
	path := data[i+2:]
	if end := bytes.IndexAny(path, " \t\n&|;\"'"); end >= 0 {
		path = path[:end]
	}
	if bytes.IndexByte(path, '\\') < 3 {
		return
	}
	if lex.SuffixLength(path, programEnds[:]) > 0 {
		one(&separatedShare, len(before)-1, i+2+len(path)-len(before)+1, evidence.ShellWord, best)
	}
}

// separatedShare is the sign of such a program.
var separatedShare = evidence.Sign{Stamp: 3038, Name: "share-program", Text: "a shell separator and a program of another host's share", Weight: 8}

// maxTicked bounds a command of PowerShell whose ticks are taken out, minTicks what it
// must have.
const (
	maxTicked = 256
	minTicks  = 3
)

// tickedWords are what ticks hide.
var tickedWords = lex.NewList("downloadstring", "downloadfile", "net.webclient", "invoke-expression", "invoke-webrequest", "frombase64string", "new-object")

// ticked finds commands of PowerShell whose words ticks cut, which it drops.
func ticked(data []byte, best *evidence.Tally) {
	var buf [maxTicked]byte
	n, ticks := 0, 0
	for i, c := range data[:min(len(data), maxTicked)] {
		if c == '`' && i > 0 && i+1 < len(data) && lex.Letter(data[i-1]) && lex.Letter(data[i+1]) {
			ticks++
			continue
		}
		buf[n] = c
		n++
	}
	if ticks < minTicks {
		return
	}
	if at, word := tickedWords.First(buf[:n]); at >= 0 {
		one(&powershell, at, min(len(word), len(data)-at), evidence.ShellWord, best)
	}
}
