package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// longestProgram bounds a value that is read as a program as a whole.
const longestProgram = 512

// whole weighs a value that is nothing but an expression or a few statements of a server's
// language and reaches what only the server has: System.getenv("A"), import os;os.getpid().
// In prose about code words stand side by side, which no statement has.
func whole(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&(point.Paren|point.Bracket|point.Semicolon|point.Brace|point.Less) == 0 && !bytes.HasPrefix(data, []byte("ENV.")) || len(data) > longestProgram || bytes.IndexByte(bytes.TrimRight(data, "\r\n"), '\n') >= 0 || best.Score() >= evidence.Threshold {
		return
	}
	switch v.Kind {
	case point.Text, point.CookieText, point.XMLText, point.Segment, point.HeaderText, point.Key, point.WholePath:
	default:
		return
	}
	data = lastSegment(data, v)
	if v.Classes&(point.Paren|point.Bracket) != 0 && !assignsFirst(data) && !bytes.Contains(data, []byte(".java:")) {
		if at, n := program(data, lex.HasPrefix(data, "return ")); n > 0 {
			one(&codeCall, at, n, evidence.Code, best)
			return
		}
		if n := imports(data); n > 0 {
			one(&codeCall, 0, n, evidence.Code, best)
			return
		}
	}
	if n := environment(data, v.Pairs); n >= 0 {
		one(&codeCall, n, len("ENV."), evidence.Code, best)
		return
	}
	if v.Classes&(point.Semicolon|point.Paren) != 0 && probesPHP(data) {
		one(&codeCall, 0, len(data), evidence.Code, best)
		return
	}
	if v.Classes&(point.Brace|point.Less) != 0 {
		interiors(data, best)
	}
}

// program reads text as tokens of code and returns where it uses a power, n 0 if it does
// not or if it is no code. Inside marks of a template, those count that need no call.
func program(data []byte, marked bool) (at, n int) {
	behind, blank := false, false // a word or a value stands in front, a blank behind that
	for i := 0; i < len(data); {
		c := data[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			blank = true
			i++
			continue
		case c == '\'' || c == '"' || c == '`':
			end := stringEnd(data, i)
			if end == 0 {
				return 0, 0
			}
			i, behind = end, true
		case lex.Word(c) || c == '$' || c == '@' || c == '%' || c == '#' || c == ':' && i+1 < len(data) && lex.Letter(data[i+1]):
			end := tokenEnd(data, i)
			isKeyword := keyword(data[i:end])
			if !isKeyword && behind && blank {
				return 0, 0
			}
			if n == 0 {
				at, n = i, usesPower(data[i:], marked)
			}
			i, behind = end, !isKeyword
			if end == len(data) && blank && !marked && !isKeyword && !memberTail(data[:end]) {
				return 0, 0
			}
		case c >= 0x80:
			return 0, 0
		default:
			behind = c == ')' || c == ']'
			i++
		}
		blank = false
	}
	if len(data) > 0 && bytes.IndexByte([]byte("?,.:"), data[len(data)-1]) >= 0 {
		return 0, 0
	}
	return at, n
}

// environment returns where an expression of Ruby prints all that its environment holds, -1 if nowhere.
func environment(data []byte, pairs *point.Pairs) int {
	if lex.IndexPaired(pairs, data, "ENV") < 0 {
		return -1
	}
	for _, word := range [...]string{"ENV.to_h", "ENV.to_a", "ENV.inspect", "ENV.values", "ENV.each", "ENV.map", "p(ENV)", "puts(ENV)"} {
		i := bytes.Index(data, []byte(word))
		if i >= 0 && (i == 0 || !lex.Word(data[i-1]) && data[i-1] != ' ') && bytes.IndexByte(data[:i], ' ') < 0 && !wordsBehind(data, i, min(len(data), i+len(word))) {
			return i
		}
	}
	return -1
}

// memberTail reports whether text ends with a word behind an operator, and not with one
// that a sentence adds: 1 + process.exit() - b.
func memberTail(data []byte) bool {
	i := len(data)
	for i > 0 && lex.Word(data[i-1]) {
		i--
	}
	before := bytes.TrimRight(data[:i], " ")
	return len(before) > 0 && bytes.IndexByte([]byte("+-*/%=&|<>!"), before[len(before)-1]) >= 0
}

func usesPower(text []byte, marked bool) int {
	if n := powerAt(text); n > 0 {
		return n
	}
	if !marked {
		return 0
	}
	word := bare.prefix(text)
	if n := len(word); word == "process.env" && n < len(text) && (text[n] == '.' || text[n] == '[') {
		return 0 // one variable, as settings name it
	}
	return len(word)
}

// assignsFirst reports whether a value begins with a declaration or an assignment, as lines
// of programs do that people show.
func assignsFirst(data []byte) bool {
	if len(data) == 0 || lex.Contains(data, "while(") && lex.Contains(data, "date") { // a loop that waits
		return false
	}
	end := tokenEnd(data, 0)
	if bytes.HasPrefix(data, []byte("process.on")) {
		return true
	}
	if end == len(data) || data[end] != ' ' {
		return false
	}
	return bytes.HasPrefix(data[end:], []byte(" = ")) || bytes.HasPrefix(data, []byte("return process.exit(")) || lex.OneOf(data[:end], "const", "let", "var", "val", "public", "private", "static", "def", "function", "class", "async", "local", "my", "export", "async", "if", "for", "try")
}

// stringEnd returns the index behind a string that begins at i, 0 if it does not end.
func stringEnd(data []byte, i int) int {
	for j := i + 1; j < len(data); j++ {
		switch data[j] {
		case '\\':
			j++
		case data[i]:
			return j + 1
		}
	}
	return 0
}

// tokenEnd returns the index behind a name with its members.
func tokenEnd(data []byte, i int) int {
	end := i + 1
	for end < len(data) && (lex.Word(data[end]) || (data[end] == '.' || data[end] == ':') && end+1 < len(data) && (lex.Word(data[end+1]) || data[end+1] == ':')) {
		end++
	}
	return end
}

// keyword reports whether a word is one of a language's own, beside which others stand.
func keyword(word []byte) bool {
	switch len(word) {
	case 1:
		return word[0] == 'p' || word[0] == '@' || word[0] == '%' || word[0] == '$' || word[0] == '#'
	case 2, 3, 4, 5, 6, 7, 8, 10, 11:
	default:
		return false
	}
	return lex.OneOf(word, "return", "new", "await", "throw", "var", "let", "const", "local", "def", "my", "if", "else", "elif", "for", "in", "while", "do", "not", "and", "or", "is", "import", "from", "as", "print", "echo", "puts", "function", "lambda", "yield", "typeof", "void", "delete", "with", "try", "catch", "except",
		"raise", "assert", "del", "global", "use", "require", "include", "unless", "then", "end", "begin", "rescue", "instanceof", "async", "println", "out", "say", "exec", "eval", "execute", "val", "static", "public", "class", "constructor", "get", "set", "switch", "case", "default", "extends")
}

// modules are those of Python by which one line of code leaves its program.
var modules = []string{"os", "sys", "subprocess", "socket", "pty", "shutil", "importlib", "ctypes", "time", "base64", "requests", "urllib", "commands", "platform", "pickle", "marshal", "builtins", "threading", "multiprocessing", "asyncio", "http", "smtplib", "ftplib", "code", "pathlib", "tempfile", "posix", "signal", "resource", "runpy", "glob"}

// imports returns the length of an import of such a module that begins a line with more
// statements: import os as o;o.getpid(), from os import *;getpid().
func imports(data []byte) int {
	i := lex.SkipSpace(data, 0)
	for i < len(data) && (data[i] == ';' || data[i] == ')' || data[i] == '\'' || data[i] == '"' || data[i] == ' ') {
		i++
	}
	n := lex.PrefixLength(data[i:], []string{"import ", "from "})
	if n == 0 {
		return 0
	}
	from := lex.SkipSpace(data, i+n)
	end := lex.WordEnd(data, from)
	if !lex.OneOf(data[from:end], modules...) {
		return 0
	}
	rest := data[end:]
	stop := bytes.IndexAny(rest, ";\n")
	if stop < 0 || bytes.Contains(rest, []byte(" = ")) || rest[stop] == '\n' || bytes.IndexByte(rest, '\n') >= 0 || bytes.IndexByte(rest[stop:], '(') < 0 {
		return 0 // a line of a source that goes on
	}
	return end
}

// constants of PHP that statements print to see whether they run.
var constants = []string{"php_version", "php_os", "php_uname", "php_sapi", "php_bindir", "php_binary", "directory_separator", "__file__", "__dir__", "__line__", "getcwd", "gethostname", "php_sapi_name", "php_ini_loaded_file", "get_include_path", "ini_get", "get_cfg_var", "disk_free_space", "get_loaded_extensions", "zend_version", "memory_get_usage", "getmyuid", "getlastmod", "getenv"}

// probesPHP reports whether a value is a statement of PHP that prints a product of numbers
// or something of the server: echo 7*191; and ';print(PHP_OS);//
func probesPHP(data []byte) bool {
	if len(data) > 2*longestWord {
		return false
	}
	statement := bytes.TrimLeft(data, ";'\")]} @")
	n := lex.PrefixLength(statement, []string{"echo ", "echo(", "print ", "print(", "die(", "exit(", "var_dump(", "print_r(", "printf("})
	end := bytes.IndexByte(statement, ';')
	if end < 0 && lex.HasPrefix(statement, "print(") && statement[len(statement)-1] == ')' { // Python, which ends none
		end = len(statement)
	}
	if n == 0 || end < n || !endsStatement(statement[end:]) {
		return false
	}
	inner := bytes.Trim(statement[n:end], " ()'\"@")
	if lex.PrefixLength(inner, constants) > 0 {
		return bytes.IndexByte(inner, ' ') < 0
	}
	if spelledOut(inner) {
		return true
	}
	times := bytes.IndexAny(inner, "*+-^%")
	return times > 1 && len(inner) >= times+2 && point.Classify(inner)&^(point.Digit|point.Star|point.Plus|point.Dash) == 0
}

// hashes are functions that only a probe calls with nothing but literals.
var hashes = []string{"md5(", "sha1(", "crc32(", "strrev(", "str_repeat(", "base64_encode(", "hash(", "str_rot13(", "bin2hex(", "strtoupper(", "urlencode("}

// spelledOut reports whether an expression is a hash of a literal or two strings joined by
// a dot, which only a probe prints.
func spelledOut(inner []byte) bool {
	if n := lex.PrefixLength(inner, hashes); n > 0 {
		return bytes.IndexByte(inner, '$') < 0 && bytes.IndexByte(inner, ' ') < 0
	}
	dot := bytes.Index(inner, []byte("'.'"))
	if dot < 0 {
		dot = bytes.Index(inner, []byte(`"."`))
	}
	return dot > 0 && point.Classify(inner)&^(point.Alpha|point.Digit|point.Dot|point.Quote) == 0
}

// endsStatement reports whether nothing follows a statement but what hides an
// application's own code: a comment, a quote, a bracket.
func endsStatement(rest []byte) bool {
	rest = bytes.TrimLeft(rest, ";'\"([{}) ")
	return len(rest) == 0 || rest[0] == '#' || bytes.HasPrefix(rest, []byte("//")) || bytes.HasPrefix(rest, []byte("/*")) || bytes.HasPrefix(rest, []byte("?>")) || lex.HasPrefix(rest, "exit") || lex.HasPrefix(rest, "die")
}

// marks are the beginnings and ends of expressions in templates.
var marks = [...][2]string{{"${", "}"}, {"#{", "}"}, {"%{", "}"}, {"{{", "}"}, {"*{", "}"}, {"~{", "}"}, {"@{", "}"}, {"<%=", "%>"}, {"<%", "%>"}, {"@(", ")"}}

// opensMark holds the bytes with which they begin.
var opensMark = [256]bool{'$': true, '#': true, '%': true, '{': true, '*': true, '~': true, '@': true, '<': true}

// maxInteriors bounds the expressions of one value that are read.
const maxInteriors = 8

// interiors weighs expressions between marks of a template.
func interiors(data []byte, best *evidence.Tally) {
	for i, seen := 0, 0; i+3 < len(data) && seen < maxInteriors; i++ {
		if !opensMark[data[i]] {
			continue
		}
		for _, m := range marks {
			if !bytes.HasPrefix(data[i:], []byte(m[0])) {
				continue
			}
			seen++
			inner := data[i+len(m[0]):]
			end := bytes.LastIndex(inner, []byte(m[1]))
			if end < 1 {
				break
			}
			inner = bytes.TrimLeft(inner[:end], "= {")
			if first := bytes.Index(inner, []byte(m[1])); first > 0 && bytes.IndexByte(inner[:first], '{') < 0 {
				inner = inner[:first+1]
			}
			inner = bytes.TrimRight(inner, "}%> ")
			if at, n := program(inner, true); n > 0 {
				one(&codeCall, i, len(m[0])+at+n, evidence.Code, best)
				return
			}
			break
		}
	}
}
