package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// code reads a value as program text and as serialized objects.
func code(data []byte, v *point.Value, tree *point.Tree, best *evidence.Tally) {
	if v.Classes&point.Less != 0 {
		serverTag(data, v.Pairs, best)
	}
	opening(data, v, tree, best)
	if v.Classes&(point.Dash|point.High) != 0 && (v.Classes&point.Space != 0 || dash(data) > 0) && (v.Kind.Free() || v.Kind == point.Key || v.Kind == point.Segment || v.Kind == point.HeaderText) {
		injected(data, best)
	}
	if v.Classes&point.Dollar != 0 {
		lookups(data, v.Pairs, best)
		superglobals(data, v.Pairs, best)
	}
	if v.Kind == point.UserAgent && v.Classes&(point.Brace|point.Dollar|point.Quote|point.Backtick|point.Less) == 0 {
		return
	}
	if v.Classes&point.Paren != 0 {
		calls(data, v.Pairs, best)
		if v.Classes&point.Quote != 0 && best.Score() < evidence.Threshold {
			calledByName(data, v.Classes, v.Pairs, best)
		}
	}
	if v.Classes&(point.Brace|point.Less|point.HashAt) != 0 {
		arithmetic(data, v.Pairs, best)
	}
	indexedWords(data, v, best)
	if v.Kind != point.UserAgent || v.Classes&(point.Brace|point.Quote) == point.Brace|point.Quote {
		objects(data, v, best)
	}
	if v.Kind == point.UserAgent {
		return
	}
	if v.Classes&point.Quote != 0 && v.Classes&(point.Plus|point.Dot|point.Paren|point.Bracket) != 0 && best.Score() < evidence.Threshold && mayJoin(v.Pairs) {
		joinedName(data, best)
	}
	if v.Classes&point.Quote != 0 && v.Classes&(point.Bracket|point.Dot) != 0 && best.Score() < evidence.Threshold {
		quotedMembers(data, v.Pairs, best)
	}
	if v.Classes&point.Paren != 0 && best.Score() < evidence.Threshold {
		if lex.MayAny(v.Pairs, "&(", "& ", ".(", ". ") {
			calledTexts(data, best)
		}
		argumentRun(data, best)
	}
	if v.Classes&(point.Dollar|point.Equal) == point.Dollar|point.Equal && best.Score() < evidence.Threshold && lex.MayAny(v.Pairs, "&$", "& ", ".$", ". ") {
		calledVariable(data, best)
	}
	if best.Score() < evidence.Threshold {
		tongues(data, v, best)
	}
	whole(data, v, best)
	if v.Classes&(point.HashAt|point.Brace) == point.HashAt|point.Brace || v.Classes&(point.Dollar|point.Brace|point.Backslash) == point.Dollar|point.Brace|point.Backslash || v.Classes&point.PercentSign != 0 && v.Classes&(point.Brace|point.Paren|point.Bracket) != 0 {
		perl(data, v.Pairs, best)
	}
	if v.Classes&(point.Brace|point.Paren|point.Bracket|point.Slash|point.Quote|point.HashAt|point.Pipe) != 0 {
		quotedCommand(data, v.Pairs, best)
	}
	if v.Classes&(point.Dash|point.Space) == point.Dash|point.Space && v.Classes&indexClasses == 0 {
		flags(data, best)
	}
}

// includes are PHP's statements that take code from a file.
var includes = [...]string{"include ", "include_once ", "require ", "require_once "}

// include weighs include 'http://...', which PHP takes without parentheses.
func include(data []byte, i, n int, best *evidence.Tally) {
	k := lex.SkipSpace(data, i+n)
	if k >= len(data) || data[k] != '\'' && data[k] != '"' || i > 0 && lex.Word(data[i-1]) || !told(data, i) {
		return
	}
	for _, from := range [...]string{"http://", "https://", "ftp://", "php://", "data:", "phar://", "/etc/pass", "/proc/", "/tmp/", "/var/log/", "../../"} {
		if lex.HasPrefix(data[k+1:], from) {
			one(&codeCall, i, k+1+len(from)-i, evidence.Code, best)
			return
		}
	}
}

// keys weighs names that reach prototypes and class loaders, and values that spell
// such a path.
func keys(data []byte, v *point.Value, best *evidence.Tally) {
	isName := v.Kind == point.Key || v.Kind == point.JSONKey
	if !isName && (!v.Kind.Free() || len(data) >= 120) {
		return
	}
	if i := bytes.Index(data, []byte("__proto__")); i >= 0 {
		after := data[i+len("__proto__"):]
		if isName || overPrototype(data, v) || i == 0 && len(after) > 0 && (after[0] == '.' || after[0] == '[') || v.Classes&point.Space == 0 && i > 1 && data[i-2] == '[' && len(after) > 1 && after[1] == ']' || i > 0 && (data[i-1] == '[' || data[i-1] == '.' || data[i-1] == ':') && len(after) > 0 && (after[0] == '.' || after[0] == '[' || after[0] == ']' || after[0] == ':') {
			one(&prototype, i, 9, evidence.Code, best)
		}
	}
	if i := bytes.Index(data, []byte("__")); i >= 0 {
		insides(data, i, isName, best)
		if isName && lex.PrefixLength(data[i:], []string{"__definegetter__", "__definesetter__", "__lookupgetter__", "__lookupsetter__"}) > 0 {
			one(&prototype, i, len("__defineGetter__"), evidence.Code, best)
		}
	}
	if i := bytes.Index(data, []byte("constructor")); i >= 0 && (isName && (bytes.Contains(data, []byte("prototype")) || bytes.Contains(data, []byte("constructor[constructor]")) || bytes.Contains(data, []byte("constructor.constructor"))) || bytes.Contains(data, []byte(":constructor:constructor")) || bytes.Contains(data, []byte("constructor[prototype]")) || bytes.Contains(data, []byte("[constructor][prototype]")) || bytes.HasPrefix(data, []byte("constructor.prototype.")) || bytes.Contains(data, []byte(".constructor.prototype.")) && v.Classes&^(point.Alpha|point.Digit|point.Dot|point.Equal) == 0 || data[0] == '/' && bytes.Contains(data, []byte("/constructor/prototype/")) && v.Classes&point.Space == 0) {
		one(&prototype, i, 11, evidence.Code, best)
	}
	if lex.HasPrefix(data, "class.") && bytes.Contains(data, []byte("lassLoader")) || lex.HasPrefix(data, "class[") && bytes.Contains(data, []byte("lassLoader")) {
		one(&javaPath, 0, len(data), evidence.Code, best)
	}
}

// binary reports whether bytes are no text, in which short tags occur by chance.
func binary(b []byte) bool {
	odd := 0
	for _, c := range b {
		if point.ClassOf[c]&point.Control == 0 {
			continue
		}
		if odd++; odd*20 > len(b) {
			return true
		}
	}
	return false
}

func containsAnyOf(b []byte, words ...string) bool {
	for _, w := range words {
		if bytes.Contains(b, []byte(w)) {
			return true
		}
	}
	return false
}

// maxServerTags bounds the tags of one value whose code is read.
const maxServerTags = 64

// serverTag weighs tags that servers execute.
func serverTag(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	if !lex.MayAny(pairs, "<?", "<%", "<cfexecute", "<jsp:") {
		return
	}
	program, asked := false, unasked
	inertAll := func() bool {
		if asked == unasked {
			asked = answer(inert(data))
		}
		return asked == yes
	}
	for at, seen := 0, 0; seen < maxServerTags; {
		i := bytes.IndexByte(data[at:], '<')
		if i < 0 {
			return
		}
		at += i + 1
		tag := serverTagAt(data[at-1:])
		if tag == "" {
			continue
		}
		seen++
		body := data[at-1+len(tag):]
		body = body[:min(len(body), 512)]
		if serverCode(tag, body) && !binary(body) && (grave(body) || !listing(data[:at-1])) {
			harmless := at > 1 && shows(tag, body)
			if tag == "<?php" && (program || beginsProgram(body)) {
				program = program || inertAll()
				harmless = program
			} else if tag == "<?php" && (shownTag(data, at-1) || quotedTag(data[:at-1])) {
				harmless = inertAll()
			}
			if listing := fencedTag(data, at-1); tag == "<?php" && listing != nil && !harmless {
				harmless = inert(listing)
			}
			var t evidence.Tally
			t.Reset(attack.RCE, evidence.Code)
			t.Add(&scriptTag, at-1, len(tag))
			if harmless {
				t.Cap(7)
			}
			if keep(&t, best); !harmless {
				return
			}
		}
	}
}

// listing reports whether text ends inside of an element that shows source.
func listing(before []byte) bool {
	before = before[max(0, len(before)-64):]
	i := bytes.LastIndexByte(before, '<')
	return i >= 0 && (lex.HasPrefix(before[i:], "<code") || lex.HasPrefix(before[i:], "<pre"))
}

// grave reports whether a server's code runs commands or takes code from a request.
func grave(body []byte) bool {
	return containsAnyOf(body, "system(", "exec(", "eval(", "passthru(", "$_", "assert(", "popen(", "include", "`", "base64_decode", "phpinfo(")
}

// serverTagAt returns the tag with which data begins, "" if servers know none such.
func serverTagAt(data []byte) string {
	if len(data) < 3 {
		return ""
	}
	switch lex.Lower(data[1]) {
	case '?':
		for _, tag := range [...]string{"<?php", "<?="} {
			if lex.HasPrefix(data, tag) {
				return tag
			}
		}
		return "<?"
	case '%':
		return "<%"
	case 'c':
		if lex.HasPrefix(data, "<cfexecute") {
			return "<cfexecute"
		}
	case 'j':
		if lex.HasPrefix(data, "<jsp:") {
			return "<jsp:"
		}
	}
	return ""
}

// serverCode reports whether what follows a tag is code.
func serverCode(tag string, body []byte) bool {
	switch tag {
	case "<?php":
		return len(bytes.TrimSpace(body)) > 0
	case "<?=":
		return containsAnyOf(body, "system(", "exec(", "$_", "eval(", "passthru(", "phpinfo(", "assert(", "include", "`", "file_get_contents(", "readfile(", "fopen(", "highlight_file(", "show_source(", "getenv(", "scandir(", "glob(", "call_user_func", "array_map(")
	case "<?":
		first := bytes.TrimLeft(body, " \t\r\n")
		return len(first) > 4 && len(first) < len(body) && (first[0] == '$' || lex.HasPrefix(first, "echo") || lex.HasPrefix(first, "print") || lex.HasPrefix(first, "include") || inLower(firstName(first)) && plainCall(firstName(first)) != noCall)
	case "<%":
		if len(body) > 0 && lex.Letter(body[0]) && !bytes.Contains(body, []byte("%>")) { // a form of git: <%ae>
			return false
		}
		return containsAnyOf(body, "Runtime", "request.", "Request(", "request(", "eval", "exec(", "Process", "system(", "`", "IO.popen", "7*7", "File.open", "Execute", "CreateObject", "@ page", "@ Page", "@page", "out.print", "Response.Write", "import=") || rubyReaches(body, "%>")
	case "<jsp:":
		return containsAnyOf(body[:min(len(body), 16)], "scriptlet", "expression", "declaration")
	}
	return true
}

// inLower reports whether a name holds no capital.
func inLower(name []byte) bool {
	for _, c := range name {
		if c != lex.Lower(c) {
			return false
		}
	}
	return true
}

// rubyWords are what of Ruby leaves the program that a template belongs to.
var rubyWords = lex.NewExactList(
	"ENV.to_", "ENV.inspect", "ENV.each", "ENV.map", "ENV.sort", "ENV.keys", "ENV.values", "p(ENV)", "File.foreach(", "File.readlines(", "IO.readlines(", "File.read", "File.open", "File.write", "File.new", "IO.read", "IO.popen", "IO.write", "IO.binread", "Dir.entries", "Dir.glob", "Dir.children", "Dir['/",
	"Kernel.", "TCPSocket", "UDPSocket", "Open3", "Process.spawn", "PTY.", "ObjectSpace", "Marshal.load", "instance_eval", "const_get", "require '", "require \"", "Net::HTTP", "URI.open",
)

// rubyReaches reports whether code of Ruby up to its end does so.
func rubyReaches(body []byte, end string) bool {
	if i := bytes.Index(body, []byte(end)); i >= 0 {
		body = body[:i]
	}
	return rubyWords.In(body)
}

// maxInterpolated bounds the code in strings of Ruby that is looked at.
const maxInterpolated = 16

// ruby weighs code in a string of Ruby, #{...}.
func ruby(data []byte, best *evidence.Tally) {
	for from, n := 0, 0; n < maxInterpolated; n++ {
		i := bytes.Index(data[from:], []byte("#{"))
		if i < 0 {
			return
		}
		at := from + i
		from = at + 2
		if body := data[from:min(len(data), from+2*longestWord)]; bytes.IndexByte(body, '}') > 0 && rubyReaches(body, "}") {
			var t evidence.Tally
			t.Reset(attack.RCE, evidence.Code)
			t.Add(&codeCall, at, 2)
			if document(data) || inSentence(data[:at]) {
				t.Cap(5)
			}
			keep(&t, best)
			return
		}
	}
}

// perl weighs code inside Perl's @{[...]} and Ruby's %x{...}.
func perl(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	if pairs.May("#{") {
		ruby(data, best)
	}
	if pairs.May("${\\") {
		dereferenced(data, best)
	}
	if i := lex.IndexPaired(pairs, data, "@{["); i >= 0 && containsAnyOf(data[i:], "system", "open", "qx", "::", "exec", "`", "require", "eval", "rand") {
		one(&codeCall, i, min(len(data)-i, 32), evidence.Code, best)
		return
	}
	if !pairs.May("%x") {
		return
	}
	for _, opening := range [...]string{"%x{", "%x[", "%x(", "%x!", "%x|", "%x'", "#{%x"} {
		i := bytes.Index(data, []byte(opening))
		if i >= 0 && (i == 0 || point.ClassOf[data[i-1]]&(point.Alpha|point.Digit) == 0) && startsCommand(data[i+len(opening):]) {
			one(&codeCall, i, min(len(data)-i, 32), evidence.Code, best)
			return
		}
	}
}

// startsCommand reports whether a name of a command, or a path, begins here, and not a
// number, a format or what stands in binary data.
func startsCommand(s []byte) bool {
	s = bytes.TrimLeft(s, " {([/'\"")
	n := 0
	for n < len(s) && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || s[n] == '_' || s[n] == '/' || s[n] == '-') {
		n++
	}
	return n >= 2 && (n == len(s) || bytes.IndexByte([]byte(" )]}|;&'\"$`.0123456789"), s[n]) >= 0)
}
