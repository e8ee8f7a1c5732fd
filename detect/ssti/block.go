package ssti

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// weigh adds the evidence of a block's inside.
func (b *block) weigh(data []byte, t *evidence.Tally) {
	inside := data[b.from:b.to]
	off := b.from
	switch b.style { //nolint:exhaustive // the others hold expressions
	case inPerl:
		if readable(inside) {
			t.Add(&perlBlock, b.start, b.to-b.start)
		}
		return
	case tag:
		if b.mark == '@' {
			if reference(data, b.start) > 0 {
				t.Add(&engineClass, b.start, b.to-b.start)
			} else {
				b.razor(data, t)
			}
			return
		}
		b.statement(inside, off, t)
		b.toolkit(inside, t)
	case paren:
		b.constructs(inside, off, t)
	case curly:
		b.macro(data, t)
	case single:
		if lex.Equal(inside, "php") || lex.HasPrefix(inside, "include_php ") {
			t.Add(&statement, b.start, b.to-b.start)
		}
	}
	marks := point.Classify(inside)
	if marks&(point.Digit|point.Quote) != 0 {
		b.sums(inside, off, t)
	}
	b.files(inside, off, t)
	if b.style != paren {
		named := b.names(inside, off, t)
		if marks&(point.Space|point.Quote|point.Pipe) != 0 {
			b.squeezed(inside, marks, off, t)
		}
		b.whole(inside, marks, off, t)
		if named { // one link of a chain counts as two
			b.names(inside, off, t)
		}
	}
	if b.style == curly || b.style == dollar || b.style == tag || b.style == single && (lex.Letter(at(inside, 0)) || bytes.IndexByte([]byte("\"'$("), at(inside, 0)) >= 0 || b.start == 0 || at(inside, 0) == '!') {
		b.calls(inside, marks, off, t)
	}
}

// sums finds arithmetic of two constants at the start of an expression.
func (b *block) sums(inside []byte, off int, t *evidence.Tally) {
	i := b.leading(inside)
	start := i
	first, i := constant(inside, i)
	isText := false
	if !first && (b.style != tag || b.prints(inside[:start])) {
		first, i = repeated(inside, start)
		isText = first
	}
	if !first && b.style != single && (b.style != tag || b.prints(inside[:start])) {
		isText, i = literal(inside, start)
		first = isText
	}
	i = lex.SkipSpace(inside, i)
	if first && at(inside, i) == '|' && filtered(inside, i+1) {
		t.Add(&arithmetic, off+start, i-start)
		return
	}
	if !first || i >= len(inside) || start > 0 && lex.Word(inside[start-1]) {
		return
	}
	op := inside[i]
	i++
	if op == '|' { // {{3|add:4}} of Django
		if j := lex.SkipSpace(inside, i); lex.HasPrefix(inside[j:], "add:") {
			op, i = '*', j+len("add:")
		}
	}
	if (op == '*' || op == '/') && at(inside, i) == op { // a power, a floor
		op = '*'
		i++
	}
	i = lex.SkipSpace(inside, i)
	for i < len(inside) && (inside[i] == '(' || inside[i] == '-' || inside[i] == '+') {
		i++
	}
	operand := i
	second, end := b.second(inside, i, op, isText)
	line := op == '*' && isText && point.Classify(inside[start:operand])&(point.Alpha|point.Digit) == 0 && end-i < 4 && at(inside, lex.SkipSpace(inside, end)) != '*'
	if !second || line { // of dashes
		return
	}
	weight := arithmetic.Weight
	if isText && op != '*' {
		if op != '+' && op != '~' || at(inside, lex.SkipSpace(inside, end)) != 0 {
			return
		}
		t.AddWeight(&arithmetic, 6, off+start, end-start)
		return
	}
	switch op {
	case '*':
	case '+', '%':
		if b.style == square || b.style == paren {
			weight = 5
		}
	case '-', '/', '^', '|', '&':
		if weight = 5; op == '/' && lex.Equal(inside[operand:end], "0") { // dates and ranges look like it, but for this
			weight = arithmetic.Weight
		}
	default:
		return
	}
	if b.style == tag && !b.prints(inside[:start]) {
		weight = min(weight, 6) // {% set day = 60*60 %}
	}
	if b.style == single && !alone(inside, end) {
		weight = 4
	}
	t.AddWeight(&arithmetic, weight, off+start, end-start)
}

// leads holds the bytes that may stand in front of the first constant of any block.
var leads = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c <= ' ' || bytes.IndexByte([]byte("{(=-+!$#%@[\\:~^"), byte(c)) >= 0
	}
	return t
}()

// leading returns the index behind what may stand in front of the first constant.
func (b *block) leading(inside []byte) int {
	i := 0
	if b.style == curly && lex.HasPrefix(inside, "print ") {
		i = len("print ")
	}
	for i < len(inside) && (leads[inside[i]] || b.style == tag && (lex.Letter(inside[i]) || inside[i] == '_' || inside[i] == '.')) {
		i++
	}
	return i
}

// second reads the constant behind an operator.
func (b *block) second(inside []byte, i int, op byte, isText bool) (ok bool, end int) {
	ok, end = constant(inside, i)
	switch {
	case ok:
	case isText && op != '*':
		ok, end = literal(inside, i)
	case op == '*' && b.style == curly: // 5*'a'
		ok, end = literal(inside, i)
		ok = ok && alone(inside, end)
	}
	return ok, end
}

// prints reports whether a statement's beginning shows its result, or branches on it.
func (b *block) prints(before []byte) bool {
	if printing.In(before) || b.mark == '#' && setting.In(before) {
		return true
	}
	for _, c := range before {
		if 'a' <= c && c <= 'z' {
			return false
		}
	}
	return true
}

var (
	printing = lex.NewList("print", "echo", "write", "if")
	setting  = lex.NewList("set(", "set (")
)

// alone reports whether an expression ends its block.
func alone(inside []byte, i int) bool {
	i = lex.SkipSpace(inside, i)
	return i >= len(inside) || bytes.IndexByte([]byte("|)!#"), inside[i]) >= 0
}

// maxSqueezed bounds a block that is read again without its blanks.
const maxSqueezed = 256

// squeezed finds telling words that blanks or signs between strings part: [] .__ class __ (),
// ”['__cla'+'ss__'].
func (b *block) squeezed(inside []byte, marks point.Classes, off int, t *evidence.Tally) {
	if t.Score() >= evidence.Threshold || len(inside) > maxSqueezed || !parted(inside, marks) {
		return
	}
	var buf [maxSqueezed]byte
	line := buf[:0]
	for i := 0; i < len(inside); i++ {
		c := inside[i]
		if (c == '\'' || c == '"') && i+2 < len(inside) && (inside[i+1] == '+' || inside[i+1] == '~') && inside[i+2] == c {
			i += 2
			continue
		}
		if c > ' ' {
			line = append(line, c)
		}
	}
	var own evidence.Tally
	b.names(line, 0, &own)
	if own.Score() >= evidence.Threshold || quotedFunction(line) || formats(line) {
		t.Add(&chain, off, len(inside))
	}
}

// parted reports whether blanks stand beside names with a dash below, signs between strings, or a filter puts
// strings together.
func parted(inside []byte, marks point.Classes) bool {
	return marks&point.Space != 0 && (bytes.Contains(inside, []byte("_ ")) || bytes.Contains(inside, []byte(" _"))) ||
		marks&(point.Quote|point.Plus) == point.Quote|point.Plus && (bytes.Contains(inside, []byte("'+'")) || bytes.Contains(inside, []byte(`"+"`)) || bytes.Contains(inside, []byte("'~'"))) ||
		marks&point.Pipe != 0 && bytes.Contains(inside, []byte("|format("))
}

// quotedFunction reports whether a string is the name of a function that runs code.
func quotedFunction(line []byte) bool {
	for i, c := range line {
		if c != '\'' && c != '"' {
			continue
		}
		if end := lex.WordEnd(line, i+1); at(line, end) == c && function(line[i+1:end]) {
			return true
		}
	}
	return false
}

// calls finds calls that run code: of a shell in backticks, of filters with a
// function's name, of methods of a literal.
func (b *block) calls(inside []byte, marks point.Classes, off int, t *evidence.Tally) {
	if b.style == tag || b.mark == '#' || b.style == single && at(inside, 0) == '!' {
		i := 0
		for i < len(inside) && (inside[i] == ' ' || inside[i] == '=' || inside[i] == '-' || inside[i] == '!') {
			i++
		}
		if shell(inside[i:]) {
			t.Add(&codeCall, off+i, 1)
		}
	}
	if marks&point.Pipe != 0 {
		filterCalls(inside, off, t)
	}
	if b.style != single {
		literalMethod(inside, off, t)
	}
	if marks&point.Paren != 0 {
		b.arguments(inside, marks, off, t)
	}
	if marks&point.HashAt != 0 && b.style == dollar {
		if i := assigns(inside); i >= 0 && (i > 0 || b.mark == '%' || inside[0] != '#') {
			t.Add(&globalName, off+i, len("(#"))
		}
	}
	if marks&(point.Paren|point.Bracket) != 0 {
		if i := secretOf(inside); i >= 0 {
			t.Add(&globalName, off+i, len("env("))
		}
	}
}

// arguments finds calls by their arguments.
func (b *block) arguments(inside []byte, marks point.Classes, off int, t *evidence.Tally) {
	if marks&point.Quote != 0 {
		fileArgument(inside, off, t)
		if i := computed(inside); i >= 0 && b.style != square {
			t.Add(&codeCall, off+i, len(inside)-i)
		}
	}
	if i := typeReference(inside); i >= 0 && b.style != tag {
		t.Add(&engineClass, off+i, len("T("))
	}
	if i := hugeRange(inside); i >= 0 {
		t.Add(&statement, off+i, len("range("))
	}
}

// fileArgument finds a call that is given a file of the system.
func fileArgument(inside []byte, off int, t *evidence.Tally) {
	for i, c := range inside {
		if c != '(' || i == 0 || !lex.Word(inside[i-1]) {
			continue
		}
		k := lex.SkipSpace(inside, i+1)
		if q := at(inside, k); q != '\'' && q != '"' {
			continue
		}
		for _, root := range [...]string{"/etc/", "/proc/", "c:\\", "c:/windows", "../../", "file:/", "/var/log/", "/root/"} {
			if lex.HasPrefix(inside[k+1:], root) {
				t.Add(&codeCall, off+i, k+1+len(root)-i)
				return
			}
		}
	}
}

// whole weighs a block that is one object of the engine and nothing else.
func (b *block) whole(inside []byte, marks point.Classes, off int, t *evidence.Tally) {
	trimmed := bytes.TrimSpace(inside)
	if lex.Equal(trimmed, "dump()") || b.style == dollar && special(trimmed) || marks&point.Pipe != 0 && (printsConfig(trimmed) || b.style == curly && totals(trimmed)) || b.style == curly && adds(trimmed) || b.style == single && equates(trimmed) || putTogether(trimmed) {
		t.Add(&globalName, off, len(inside))
	}
	if lex.Equal(trimmed, "this.constructor") || b.style == tag && (string(trimmed) == "ENV" || string(trimmed) == "= ENV") {
		t.AddWeight(&globalName, 8, off, len(inside))
	}
	if lex.Equal(trimmed, "config") || lex.Equal(trimmed, "self") || lex.Equal(trimmed, "settings") {
		t.AddWeight(&globalName, 6, off, len(inside))
	}
}

// plausible reports whether a call's argument is one that an attack would give.
func (b *block) plausible(inside []byte, i int, call string) bool {
	if call == "sleep(" {
		return lex.Digit(at(inside, i))
	}
	if b.style != single && call != "open(" && call != "require(" && call != "exec(" && call != "eval(" {
		return true
	}
	c := at(inside, lex.SkipSpace(inside, i))
	return c == '\'' || c == '"' || c == '`' || c == '$' || c == '\\' || c == '&'
}

// readable reports whether code is text, as noise is not.
func readable(s []byte) bool {
	for _, c := range s[:min(len(s), 32)] {
		if c >= 0x7f || c < ' ' && (c < '\t' || c > '\r') {
			return false
		}
	}
	return len(s) > 1
}

// shell reports whether Ruby code begins with a command: in backticks, or as %x(…).
func shell(s []byte) bool {
	if !readable(s) {
		return false
	}
	if at(s, 0) == '`' {
		return bytes.IndexByte(s[1:], '`') > 0
	}
	return len(s) > 4 && s[0] == '%' && s[1] == 'x' && bytes.IndexByte([]byte("(|{["), s[2]) >= 0
}

// statement reads {% import os %}, {% debug %}, <% require 'x' %>, #set($x = ...).
func (b *block) statement(inside []byte, off int, t *evidence.Tally) {
	i := lex.SkipSpace(inside, 0)
	for i < len(inside) && (inside[i] == '-' || inside[i] == '=' || inside[i] == '@') {
		i = lex.SkipSpace(inside, i+1)
	}
	end := lex.WordEnd(inside, i)
	word := inside[i:end]
	if !statements.Has(word) {
		return
	}
	rest := lex.SkipSpace(inside, end)
	switch {
	case (lex.Equal(word, "import") || lex.Equal(word, "from")) && !chosen(inside[rest:]):
		if module(inside[rest:]) || lex.Equal(word, "import") && remote(inside[rest:]) {
			t.Add(&statement, off+i, rest-i)
		}
	case lex.Equal(word, "evaluate") && b.mark == '#' && at(inside, end) == '(':
		t.Add(&statement, off+i, end-i)
	case chosen(inside[rest:]) && (lex.Equal(word, "include") || lex.Equal(word, "extends") || lex.Equal(word, "import") || lex.Equal(word, "from")):
		t.Add(&statement, off+i, rest-i)
	case lex.Equal(word, "while") && always(inside[rest:]):
		t.Add(&statement, off+i, end-i)
	case lex.Equal(word, "if") && always(inside[rest:]):
		t.Add(&statement, off+i, end-i)
	case lex.Equal(word, "foreach") && b.mark == '#' && bytes.Contains(inside[rest:], []byte("..")) && bytes.Contains(inside[rest:], []byte(" in [")):
		t.Add(&statement, off+i, end-i)
	case lex.Equal(word, "for") && overConstants(inside[rest:]):
		t.Add(&statement, off+i, end-i)
	case lex.Equal(word, "debug") && rest == len(inside):
		weight := int8(6)
		if b.start == 0 && b.to+2 == b.size { // all of the value
			weight = statement.Weight
		}
		t.AddWeight(&statement, weight, off+i, end-i)
	case (lex.Equal(word, "include") || lex.Equal(word, "extends") || lex.Equal(word, "import") || lex.Equal(word, "render") || lex.Equal(word, "parse")) && remote(inside[rest:]):
		t.Add(&statement, off+i, rest-i)
	case lex.Equal(word, "assign") && b.mark == '<' && lex.Contains(inside, "?new"):
		t.Add(&engineClass, off+i, end-i)
	}
}

// statements are the words with which those begin that count.
var statements = lex.NewWords("import from evaluate include extends while if foreach for debug render parse assign")

// overConstants reports whether a loop runs over numbers that are written out: c in [1,2].
func overConstants(s []byte) bool {
	i := lex.SkipSpace(s, lex.WordEnd(s, 0))
	if !lex.HasPrefix(s[i:], "in") {
		return false
	}
	i = lex.SkipSpace(s, i+2)
	if at(s, i) != '[' && at(s, i) != '(' {
		return false
	}
	commas := 0
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == ']', c == ')':
			return commas > 0
		case c == ',':
			commas++
		case c != ' ' && !lex.Digit(c):
			return false
		}
	}
	return false
}

// always reports whether a condition is a bare constant.
func always(s []byte) bool {
	s = bytes.Trim(s, " -")
	return lex.Equal(s, "true") || lex.Equal(s, "1") || lex.Equal(s, "not false")
}

// module reports whether a statement imports a module of the language itself.
func module(s []byte) bool {
	s = bytes.TrimLeft(s, `"'`)
	end := lex.WordEnd(s, 0)
	for _, m := range [...]string{"os", "subprocess", "sys", "builtins", "__builtin__", "commands", "pty", "socket", "importlib", "shutil", "codecs"} {
		if lex.Equal(s[:end], m) {
			return at(s, end) != '.' || !bytes.Contains(s, []byte("html"))
		}
	}
	return false
}
