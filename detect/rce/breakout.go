package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// reaches are what an expression of a server's language begins with that leaves a string:
// the process, its environment, files, other modules, a pause.
var reached = []string{
	"process.env", "process.exit(", "process.kill(", "process.argv", "process.cwd(", "process.version", "process.mainmodule", "process.binding(", "process.abort(", "process.umask(", "global.", "globalthis.", "require(", "json.stringify(process", "object.keys(process", "console.log(process", "module.require(", "deno.", "bun.", "__import__", "os.environ", "os.getcwd(", "os.listdir(", "os.popen(", "os.system(",
	"sys.exit(", "sys.modules", "time.sleep(", "open(", "globals()", "env.to_h", "env.inspect", "env[", "file.read", "file.open", "file.delete", "dir.entries", "dir.glob", "dir[", "io.read", "io.popen", "io.binread(", "io.readlines(", "dir.mkdir(", "kernel.", "marshal.load", "rails.application", "objectspace.",
	"system.environment.", "system.getenv(", "system.getproperty(", "system.exit(", "thread.sleep(", "java.lang.", "java.io.", "java.nio.", "new java.", "new file(", "new url(", "runtime.getruntime(", "phpinfo(", "getcwd(", "scandir(", "get_current_user(", "php_uname(",
	"$env{", "env.fetch(", "env.values", "env.each", "getenv(", "file_get_contents(", "readfile(", "highlight_file(", "show_source(", "php_strip_whitespace(", "parse_ini_file(", "file(", "fopen(", "fgets(", "include ", "include_once ", "print_r(", "var_dump(", "var_export(", "serialize(", "join(", "implode(", "file_put_contents(", "copy(", "unlink(", "mkdir(", "touch(", "rename(", "symlink(",
}

// longestPrefix bounds what may stand in front of the quote that closes a string.
const longestPrefix = 24

// breakout weighs a value that closes a string, goes on with such an expression, and
// mends or cuts off what stands behind it: x'+process.env+' and ';process.env;//
func breakout(data []byte, best *evidence.Tally) {
	if len(data) > 4*longestWord {
		return
	}
	open := bytes.IndexAny(data[:min(len(data), longestPrefix)], "'\"`")
	if open < 0 || point.Classify(data[:open])&^(point.Alpha|point.Digit|point.Dash|point.Dot|point.Space) != 0 {
		return
	}
	inner := bytes.TrimLeft(data[open+1:], ")]} ")
	expression := goesOn(inner)
	if len(expression) == len(inner) || !mended(expression, data[open]) {
		return
	}
	for _, word := range [...]string{"return ", "echo ", "print ", "print(", "await "} {
		expression = bytes.TrimPrefix(expression, []byte(word))
	}
	n := lex.PrefixLength(expression, reached)
	if len(expression) > 2 && expression[0] == '`' && data[open] != '`' && runs(expression[1:]) && bytes.IndexByte(expression[1:], '`') > 0 { // '.`id`.'
		n = 1
	}
	if end := lex.WordEnd(expression, 0); n == 0 && end > 0 && end < len(expression) && expression[end] == '(' && callRank(expression[:end]) >= graveCall && runs(expression[end+1:]) {
		n = end // ".system(id)."
	}
	if n == 0 {
		n = max(powerAt(expression), reachesWithin(expression, data[open]))
	}
	if n > 0 {
		one(&codeCall, open, len(data)-len(expression)-open+n, evidence.Code, best)
	}
}

// mended reports whether an expression ends with an operator and the quote of the string
// that it left, or with a mark of a comment.
func mended(expression []byte, quote byte) bool {
	end := bytes.TrimRight(expression, " ")
	if bytes.HasSuffix(end, []byte("//")) || bytes.HasSuffix(end, []byte("#")) || bytes.HasSuffix(end, []byte("/*")) {
		return true
	}
	if tail := len(end) - len(bytes.TrimRight(end, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")); tail < len(end) && tail <= longestPrefix && end[len(end)-tail-1] == quote {
		end = end[:len(end)-tail] // the string goes on: x'+process.env+'y
	}
	n := len(end)
	if n < 3 || end[n-1] != quote {
		return false
	}
	end = bytes.TrimRight(end[:n-1], " ([{")
	return len(end) > 0 && bytes.IndexByte([]byte(";+-.*|&,:?<^=%"), end[len(end)-1]) >= 0 && !lex.Prose(end)
}

// goesOn returns what stands behind the operators that go on with a string, or behind the end of its
// statement, the text itself if none do.
func goesOn(text []byte) []byte {
	expression := bytes.TrimLeft(text, ";+-.*|& (,<^?=%\n")
	for _, word := range [...]string{"and ", "or ", "if ", "unless "} {
		if rest, ok := bytes.CutPrefix(expression, []byte(word)); ok {
			return rest
		}
	}
	return expression
}

// reachesWithin returns the length up to the end of what an expression reaches, if that is called or stands
// behind no letter, or up to a command in backticks, 0 if it does neither.
func reachesWithin(expression []byte, quote byte) int {
	if i := bytes.IndexByte(expression, '`'); i >= 0 && quote != '`' && runs(expression[i+1:]) && bytes.IndexByte(expression[i+1:], '`') > 0 {
		return i + 1
	}
	i, word := lex.First(expression, reached)
	if i <= 0 || lex.Word(expression[i-1]) || expression[i-1] == ' ' && lex.Prose(expression[:i]) {
		return 0
	}
	return i + len(word)
}

// appended returns the length of what ends an expression of numbers, or a statement, and goes on with an
// expression that reaches: 1;IO.binread("a"), ;process.env.A
func appended(data []byte) int {
	if len(data) > 4*longestWord {
		return 0
	}
	i := digits(data)
	end := i
	for end < len(data) && end-i < 2 && bytes.IndexByte([]byte(";|&"), data[end]) >= 0 {
		end++
	}
	if end == i || data[i] != ';' && end-i < 2 {
		return 0
	}
	n := lex.PrefixLength(data[end:], reached)
	if n < 5 || len(data) < end+n+2 || lex.Prose(data[end+n:]) {
		return 0
	}
	return end + n
}
