package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

const maxQuotes = 4

// scripts reads a value as the rest of a script: from its first byte, and behind
// quotes that could close a string.
func scripts(data []byte, p *point.Pairs, t *evidence.Tally) {
	script(data, skipLiteral(data), false, t)
	if t.Score() >= evidence.Threshold {
		return
	}
	from := 0
	for range maxQuotes {
		i := lex.FarQuote(data[from:])
		if i < 0 {
			from = len(data)
			break
		}
		from += i + 1
		closed := bytes.Count(data[:from-1], data[from-1:from])&1 == 0
		script(data, from, closed, t)
		if t.Score() >= evidence.Threshold && !closed && source(data[:from-1]) { // else nothing opened the string
			t.Cap(evidence.Threshold - 1)
		}
		if t.Score() >= evidence.Threshold {
			return
		}
	}
	if leavesAtFirst(data, from, t) {
		return
	}
	own := evidence.Tally{Type: t.Type, Context: t.Context}
	if spliced(data, &own); own.Score() > t.Score() {
		*t = own
		return
	}
	shell(data, p, t)
}

// leavesAtFirst reads behind the first quote of each kind that no backslash escapes, which leaves the application's
// string however many others there are. Up to tried that was done, but for those behind escaped ones.
func leavesAtFirst(data []byte, tried int, t *evidence.Tally) bool {
	if tried == len(data) && bytes.IndexByte(data, '\\') < 0 {
		return false
	}
	for _, quote := range []byte("'\"") {
		if i := firstQuote(data, quote); i >= tried || i >= 0 && bytes.Count(data[:i], []byte{quote})&1 == 1 {
			if script(data, i+1, true, t); t.Score() >= evidence.Threshold {
				return true
			}
		}
	}
	return false
}

// firstQuote returns the index of the first quote of a kind that no backslash escapes, -1 if there is none.
func firstQuote(data []byte, quote byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(data[from:], quote)
		if i < 0 {
			return -1
		}
		from += i + 1
		before := data[:from-1]
		if (len(before)-len(bytes.TrimRight(before, "\\")))&1 == 0 {
			return from - 1
		}
	}
}

// source reports whether what stands in front of a quote is a program's source rather
// than a literal that an application expects.
func source(before []byte) bool {
	marks := 0
	for _, c := range before {
		if c == '(' || c == '{' || c == ';' || c == '=' {
			marks++
		}
	}
	return marks >= 3 || marks > 0 && bytes.IndexByte(before, ' ') > 0
}

// skipLiteral steps over the literal that an application expects: a number, true.
func skipLiteral(data []byte) int {
	i := lex.SkipSpace(data, 0)
	for i < len(data) && lex.Digit(data[i]) {
		i++
	}
	if i == 0 {
		return lex.PrefixLength(data, []string{"true", "false", "null"})
	}
	return i
}

// script reads what follows a literal or a closed string: logic, or a statement.
func script(data []byte, i int, closed bool, t *evidence.Tally) {
	start := i
	i, _ = lex.Gap(data, skipClosers(data, i))
	switch {
	case i+1 < len(data) && (data[i] == '|' || data[i] == '&') && data[i+1] == data[i]:
		logic(data, start, i+2, closed, t)
	case i < len(data) && data[i] == ';':
		if closed || !calledWith(data, start-1) {
			statements(data, start, i+1, true, t)
		}
		if closed && start > 0 && lex.WordEnd(data, 0) == start-1 && t.Score() == 0 && endsScript(data[i+1:], data[start-1]) {
			t.Add(&scriptReturn, start, len(data)-start)
		}
		if next := lex.SkipSpace(data, i+1); closed && lex.HasPrefix(data[next:], "for ") && next+4 < len(data) && lex.Letter(data[next+4]) { // for u in users
			graph(data, start, next, t)
		}
	case closed && start > 0 && start <= maxLead && i < len(data) && data[i] == '.' && goesOn(data[i:], data[start-1]):
		t.Add(&scriptLogic, start, len(data)-start)
	case closed && start > 0 && start <= maxLead && i < len(data) && data[i] == '?' && chooses(data[i+1:], data[start-1]):
		t.Add(&scriptLogic, start, len(data)-start)
	case closed && start > 0 && i > start && i < len(data) && data[i] == '.' && chains(data[i:], data[start-1]):
		t.Add(&scriptReturn, start, len(data)-start)
	case i < len(data) && start == 0:
		statements(data, start, i, false, t)
	case i < len(data) && closed:
		graph(data, start, i, t)
	}
}

func skipClosers(data []byte, i int) int {
	for i < len(data) && (data[i] <= ' ' || data[i] == ')' || data[i] == '}' || data[i] == ']') {
		i++
	}
	return i
}

// logic reads behind || or &&.
func logic(data []byte, start, i int, closed bool, t *evidence.Tally) {
	i, _ = lex.Gap(data, i)
	for i < len(data) && (data[i] == '(' || data[i] == '!') {
		i++
	}
	if lex.HasPrefix(data[i:], "this.") || lex.HasPrefix(data[i:], "this[") {
		t.Add(&scriptThis, start, i+5-start)
		return
	}
	if closed && between(data, start, i) {
		t.Add(&scriptLogic, start, len(data)-start)
		return
	}
	first, i := operandEnd(data, i)
	if first == 0 {
		return
	}
	i = lex.SkipSpace(data, i)
	rest := data[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("==")), bytes.HasPrefix(rest, []byte("!=")):
		for i < len(data) && (data[i] == '=' || data[i] == '!') {
			i++
		}
		if second, end := operandEnd(data, lex.SkipSpace(data, i)); second == first {
			t.Add(&scriptLogic, start, end-start)
		}
	case closed && len(rest) > 1 && (rest[0] == '<' || rest[0] == '>'):
		if second, end := operandEnd(data, lex.SkipSpace(data, i+1+bytes.Count(rest[1:2], []byte("=")))); second == first && (end == len(data) || bytes.HasPrefix(bytes.TrimLeft(data[end:], " "), []byte("//")) || bytes.HasPrefix(bytes.TrimLeft(data[end:], " "), []byte("||"))) {
			t.Add(&scriptLogic, start, end-start)
		}
	case closed && first == 'n' && bytes.HasPrefix(rest, []byte("//")):
		t.Add(&scriptLogic, start, i-start)
	case closed && first == 'n' && (len(rest) == 0 || bytes.HasPrefix(rest, []byte("||"))):
		t.AddWeight(&scriptLogic, 6, start, i-start)
	}
}

// endsScript reports whether statements with a call or an assignment end in a remark that cuts
// off the rest, or in the quote that the application goes on with: ;run('k')//, ;a=b;'
func endsScript(tail []byte, quote byte) bool {
	tail = bytes.TrimSpace(tail)
	if len(tail) < 5 || len(tail) > maxBetween || !lex.Letter(tail[0]) && tail[0] != '(' && tail[0] != '[' || bytes.Contains(tail, []byte("://")) {
		return false
	}
	body, cut := bytes.CutSuffix(tail, []byte("//"))
	if !cut {
		if body, cut = bytes.CutSuffix(tail, []byte{quote}); !cut || bytes.Count(body, []byte{quote})%2 == 1 {
			return false
		}
		if body, cut = bytes.CutSuffix(bytes.TrimRight(body, " "), []byte(";")); !cut {
			return false
		}
	}
	return bytes.ContainsAny(body, "(=") && !lex.Prose(body)
}

// maxLead bounds the text of the application's string that a value may begin with.
const maxLead = 24

// goesOn reports whether a method of the application's string is called and logic joins it to the
// string that goes on: .match(/.*/)||'
func goesOn(rest []byte, quote byte) bool {
	end := lex.WordEnd(rest, 1)
	if end == 1 || end >= len(rest) || rest[end] != '(' || len(rest) > maxBetween {
		return false
	}
	before, cut := bytes.CutSuffix(bytes.TrimRight(rest, " "), []byte{quote})
	before = bytes.TrimRight(before, " ")
	return cut && bytes.Count(before, []byte{quote})%2 == 0 && (bytes.HasSuffix(before, []byte(")||")) || bytes.HasSuffix(before, []byte(")&&")) || bytes.HasSuffix(before, []byte(") ||")) || bytes.HasSuffix(before, []byte(") &&")))
}

// chooses reports whether a constant or a pause is chosen, and the string that goes on as the other
// choice: ? true : 'a
func chooses(rest []byte, quote byte) bool {
	i := lex.SkipSpace(rest, 0)
	kind, end := operandEnd(rest, i)
	if lex.HasPrefix(rest[i:], "sleep(") {
		kind, end = 'n', i+1+max(0, bytes.IndexByte(rest[i:], ')'))
	}
	end = lex.SkipSpace(rest, end)
	if kind == 0 || end >= len(rest) || rest[end] != ':' {
		return false
	}
	last := lex.SkipSpace(rest, end+1)
	return last < len(rest) && rest[last] == quote && lex.WordEnd(rest, last+1) == len(rest)
}

// chains reports whether a call of a member ends the application's own statement, another
// statement follows, and the quote is opened again: .sort({a:1});return 1;({b:'
func chains(rest []byte, quote byte) bool {
	end := lex.WordEnd(rest, 1)
	semicolon := bytes.Index(rest, []byte(");"))
	return end > 1 && end < len(rest) && rest[end] == '(' && semicolon > end && len(rest) <= maxBetween && (bytes.HasSuffix(rest, []byte(";//")) || rest[len(rest)-1] == quote && bytes.Count(rest, []byte{quote})%2 == 1)
}

// maxBetween bounds the expression between two operators that a value puts into a string.
const maxBetween = 160

// between reports whether an expression of the script's language stands between the quote
// that the value closes and the same quote, which it opens again behind another operator, or
// a remark that cuts off the rest: ' || typeof 1=='number' || '
func between(data []byte, start, i int) bool {
	if start == 0 || len(data)-i > maxBetween {
		return false
	}
	rest, quote := bytes.TrimRight(data[i:], " "), data[start-1]
	inner, cut := bytes.CutSuffix(rest, []byte("//"))
	if !cut {
		open := bytes.LastIndexByte(rest, quote)
		if open < 0 || lex.WordEnd(rest, open+1) != len(rest) { // a string that the application ends
			return false
		}
		rest = bytes.TrimRight(rest[:open], " ")
		inner = bytes.TrimRight(rest, "=!<>|& ")
		if n := len(rest) - len(bytes.TrimRight(rest, "=!<>|&")); n == 0 || n > 3 {
			return false
		}
	}
	inner = bytes.TrimSpace(inner)
	if bytes.IndexByte(inner, ';') >= 0 || bytes.Count(inner, []byte{quote})%2 == 1 {
		return false
	}
	if call := bytes.Index(inner, []byte{quote, '.'}); call > 0 && inner[0] == quote && bytes.IndexByte(inner[call:], '(') > 2 { // 'a'.match(/./)
		return true
	}
	return lex.PrefixLength(inner, []string{"typeof ", "undefined", "null", "void ", "function", "(function", "eval(", "new date", "object.", "json.", "tojson(", "hex_md5(", "string(", "number(", "math.", "regexp(", "array.", "/", "[", "{", "true", "!", "isfinite(", "isnan(", "parseint(", "version("}) > 0
}

// operandEnd reads a constant: a number is n, a string s, nothing 0. A string that
// the value's end cuts off counts, since the application closes it.
func operandEnd(data []byte, i int) (kind byte, end int) {
	if i >= len(data) {
		return 0, i
	}
	if c := data[i]; c == '\'' || c == '"' {
		n := bytes.IndexByte(data[i+1:min(len(data), i+64)], c)
		switch {
		case n >= 0:
			return 's', i + n + 2
		case len(data)-i < 64:
			return 's', len(data)
		}
		return 0, i
	}
	end = i
	for end < len(data) && lex.Digit(data[end]) {
		end++
	}
	if end > i {
		return 'n', end
	}
	if lex.HasPrefix(data[i:], "true") {
		return 'n', i + 4
	}
	return 0, i
}

// statements reads a statement at the value's start, or where the application's own
// was ended.
func statements(data []byte, start, i int, ended bool, t *evidence.Tally) {
	i = lex.SkipSpace(data, i)
	if ended {
		i = blockStart(data, i)
	}
	rest := data[i:]
	switch {
	case ended && throwsRow(rest):
		t.Add(&scriptThis, start, i+len("throw")-start)
	case ended && lex.HasPrefix(rest, "return") && returned(rest[6:]):
		t.Add(&scriptReturn, start, i+6-start)
	case ended && (lex.HasPrefix(rest, "redis.call(") || lex.HasPrefix(rest, "redis.pcall(")):
		t.Add(&shellCall, start, i-start+len("redis.call("))
	case ended && lex.HasPrefix(rest, "sleep(") && len(rest) > 6 && lex.Digit(rest[6]):
		t.Add(&busyLoop, start, i+7-start)
	case ended && (lex.HasPrefix(rest, "while(true)") || lex.HasPrefix(rest, "while(1)") || lex.HasPrefix(rest, "while(date.now()") || lex.HasPrefix(rest, "for(;;)")):
		t.Add(&busyLoop, start, i-start)
	case waits(rest):
		t.Add(&busyLoop, start, len(data)-start)
	}
}

// blockStart returns the index behind what opens a block in front of a statement: {, try{, k:
func blockStart(data []byte, i int) int {
	for range maxQuotes {
		n := lex.PrefixLength(data[i:], []string{"{", "try{", "try {", "if(1)", "if(true)"})
		if end := lex.WordEnd(data, i); n == 0 && end > i && end+1 < len(data) && data[end] == ':' && lex.Letter(data[end+1]) {
			n = end + 1 - i
		}
		if n == 0 {
			return i
		}
		i = lex.SkipSpace(data, i+n)
	}
	return i
}

// throwsRow reports whether a statement shows the document that is asked for in an error or hands it
// out: throw new Error(JSON.stringify(this))
func throwsRow(rest []byte) bool {
	if lex.PrefixLength(rest, []string{"throw ", "throw(", "throw json", "emit(", "print(", "assert(", "var x=this", "x=this;"}) == 0 {
		return false
	}
	head := rest[:min(len(rest), maxBetween)]
	return lex.HasPrefix(head, "emit(this") || lex.HasPrefix(head, "throw this") || lex.Contains(head, "json(this") || lex.Contains(head, "stringify(this") || lex.Contains(head, "stringify(db")
}

// returned reports whether a constant or a comparison of constants is returned.
func returned(s []byte) bool {
	i := lex.SkipSpace(s, 0)
	if end := lex.WordEnd(s, i); i > 0 && lex.Equal(s[i:end], "this") {
		return true
	}
	if i == 0 && len(s) > 0 && bytes.IndexByte([]byte("('\"!~{[`"), s[0]) < 0 {
		return false
	}
	if i < len(s) && (s[i] == '{' || s[i] == '[' || s[i] == '`') { // a value that is as good as true
		end := bytes.IndexAny(s[i+1:min(len(s), i+maxBetween)], "}]`")
		return end >= 0 && bytes.IndexByte(s[i:i+1+end], ' ') < 0
	}
	for i < len(s) && (s[i] == '(' || s[i] == '!' || s[i] == '~') {
		i++
	}
	kind, _ := operandEnd(s, i)
	return kind != 0 || lex.HasPrefix(s[i:], "false") || lex.HasPrefix(s[i:], "this.")
}

// waits finds a loop over the clock: var d=new Date();do{c=new Date();}while(c-d<5000). One that
// is shown stands behind a colon.
func waits(s []byte) bool {
	i := lex.Index(s[:min(len(s), 64+len("new date"))], "new date")
	if i < 0 {
		return false
	}
	return doing.In(s[i:]) && lex.Contains(s[i+1:], "new date") && !bytes.Contains(s[:i], []byte(": "))
}

// doing begin loops, called functions that are, and clocks read the time.
var (
	doing  = lex.NewList("do{", "do {", "while(")
	called = lex.NewList("(function(", "(() =>", "(()=>")
	clocks = lex.NewList("new date(", "date.now(")
)

// maxWait bounds the distance between a function and the clock it reads.
const maxWait = 128

// loops finds a function that is called at once and loops over the clock, wherever the
// script of the application goes on into it: 1'+(function(){...}())+'.
func loops(data []byte, p *point.Pairs, t *evidence.Tally) {
	if !called.May(p) {
		return
	}
	i, _ := called.First(data)
	if i < 0 || lex.Prose(data[:i]) && bytes.IndexByte(data[max(0, i-16):i], '\'') < 0 {
		return
	}
	rest := data[i:]
	clock, now := clocks.First(rest[:min(len(rest), maxWait)])
	if clock < 0 {
		if sleep := lex.Index(rest[:min(len(rest), maxWait)], "sleep("); sleep > 0 && sleep+6 < len(rest) && lex.Digit(rest[sleep+6]) {
			t.Add(&busyLoop, i, sleep+6)
		}
		return
	}
	if loop, _ := doing.First(rest[clock:min(len(rest), clock+maxWait)]); loop > 0 && lex.Contains(rest[clock+1:], now) && lex.Contains(rest, "while(") {
		t.Add(&busyLoop, i, len(rest))
	}
}

// shell finds calls of the database's shell, and of fields of this in a comparison.
func shell(data []byte, p *point.Pairs, t *evidence.Tally) {
	if i := indexShell(data, p); i >= 0 && (i == 0 || !lex.Word(data[i-1]) && data[i-1] != '.') && !lex.Prose(data[:i]) {
		if end := collectionCall(data[i+3:]); end > 0 {
			if weight := callWeight(data, i, end); weight > evidence.Gray || t.Score() == 0 {
				t.AddWeight(&shellCall, weight, i, end+3)
			}
		}
	}
	if p.May("g.v(") || p.May("g.e(") {
		traversal(data, t)
	}
	if i := lex.Index(data[:min(len(data), 15+len("keys(this)"))], "keys(this)"); i >= 0 {
		t.Add(&scriptThis, i, 10)
	}
	if lex.HasPrefix(data, "this.") || lex.HasPrefix(data, "this['") || lex.HasPrefix(data, "this[\"") {
		if m, ok := lex.MemberAt(data, len("this")); ok {
			if rest := data[m.End:]; lex.HasPrefix(rest, ".match(") || proves(m.Name()) && asks(rest) {
				t.Add(&scriptThis, 0, 5)
			}
		}
	}
	sleeps(data, t)
	if lex.HasPrefix(data, "db[") || lex.HasPrefix(data, "db.getcollection(") {
		computedCollection(data, t)
	}
	if i := lex.Index(data[:min(len(data), 7+len("function"))], "function"); i >= 0 && lex.Index(data[i:], "return this.") > 0 {
		t.Add(&scriptThis, i, 8)
	}
}

// indexShell returns where the shell's object first stands, -1 if nowhere.
func indexShell(data []byte, p *point.Pairs) int {
	if !p.May("db.") {
		return -1
	}
	return lex.Index(data, "db.")
}

// computedCollection weighs a call of a collection that brackets or a call name at the value's start:
// db['users'].drop(), db.getCollection('users').drop()
func computedCollection(data []byte, t *evidence.Tally) {
	m, ok := lex.MemberAt(data, len("db"))
	if !ok {
		return
	}
	end := m.End
	if !m.Computed {
		end += 1 + bytes.IndexByte(data[end:min(len(data), end+maxBetween)], ')')
	}
	method, ok := lex.MemberAt(data, end)
	if !ok || method.End >= len(data) || data[method.End] != '(' || !lex.OneOf(method.Name(), "drop", "remove", "deletemany", "deleteone", "insert", "insertone", "insertmany", "update", "updatemany", "updateone", "renamecollection", "mapreduce") {
		return
	}
	t.Add(&shellCall, 0, method.End+1)
}

// sleeps finds a function without a name that pauses, as the whole of a value.
func sleeps(data []byte, t *evidence.Tally) {
	if lex.PrefixLength(data, []string{"function(", "function (", "()=>", "() =>"}) == 0 {
		return
	}
	i := lex.Index(data[:min(len(data), maxWait)], "sleep(")
	if i > 0 && i+8 < len(data) && lex.Digit(data[i+6]) && lex.Digit(data[i+8]) {
		t.Add(&busyLoop, 0, i+6)
	}
}

// asks reports whether a field is compared or looked into.
func asks(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " ")
	return lex.PrefixLength(rest, []string{"==", "!=", "<", ">", ".length", ".startswith(", ".charat(", ".charcodeat(", ".substring(", ".substr(", ".slice(", ".includes(", ".indexof(", "["}) > 0
}

// callWeight lowers what a call tells that only reads and is all of the value, as people
// show their queries, or that a sentence is about.
func callWeight(data []byte, i, end int) int8 {
	call := data[i+3 : i+3+end]
	reads := lex.HasSuffix(call, "find(") || lex.HasSuffix(call, "findone(") || lex.HasSuffix(call, "aggregate(") || lex.HasSuffix(call, "count(")
	before := bytes.TrimRight(data[:i], " \n")
	if reads && len(before) == 0 || len(before) > 0 && lex.Word(before[len(before)-1]) && !bytes.HasSuffix(before, []byte("; return")) {
		return evidence.Gray
	}
	return shellCall.Weight
}

// collectionCall reads name.method( with a method that shells have.
func collectionCall(s []byte) int {
	if n := lex.PrefixLength(s, []string{"getcollectionnames(", "getcollectioninfos(", "dropdatabase(", "version(", "shutdownserver(", "admincommand(", "runcommand(", "eval(", "createuser(", "dropuser(", "getusers(", "getuser(", "updateuser(", "changeuserpassword(", "grantrolestouser(", "serverstatus(", "hostinfo(", "copydatabase(", "clonedatabase(", "getsiblingdb("}); n > 0 {
		return n
	}
	end := lex.WordEnd(s, 0)
	if end == 0 || end+1 >= len(s) || s[end] != '.' {
		return 0
	}
	rest := s[end+1:]
	for _, m := range [...]string{"insert(", "insertone(", "find(", "findone(", "drop(", "remove(", "update(", "updateone(", "updatemany(", "replaceone(", "insertmany(", "bulkwrite(", "findoneandupdate(", "findoneanddelete(", "renamecollection(", "createindex(", "dropindexes(", "distinct(", "deleteone(", "deletemany(", "mapreduce(", "aggregate(", "count("} {
		if lex.HasPrefix(rest, m) {
			return end + 1 + len(m)
		}
	}
	return 0
}

// calledWith reports whether a quote closes a string that the value itself opened as the argument of a call, with
// nothing in front that could close another: track('x');return false;
func calledWith(data []byte, quote int) bool {
	if quote < 0 {
		return false
	}
	open := bytes.LastIndexByte(data[:quote], data[quote])
	return open > 1 && data[open-1] == '(' && lex.Word(data[open-2]) && !bytes.ContainsAny(data[:open], "'\"`")
}
