package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// bareArgument reports whether a value is a call of PHP that hands a shell one word without
// quotes, which PHP takes for a string: system(whoami);
func (l *lines) bareArgument(data []byte, at, paren int) bool {
	end := l.closing(data, paren) - paren
	return end > 2 && paren+end < len(data) && len(bytes.Trim(data[:at], "';\"@ ])}")) == 0 && endsStatement(data[paren+end+1:]) && lex.OneOf(data[at:paren], "system", "passthru", "shell_exec")
}

// closing returns the index of the next closing parenthesis from i on, or the end of the data. Whoever asks for
// calls does so from front to back, and most of the time gets the same answer.
func (l *lines) closing(data []byte, i int) int {
	if c := &l.closed; !c.asked || i < c.from || c.next < i {
		*c = ahead{true, i, lex.Next(data, i, ')')}
	}
	return l.closed.next
}

// doubtCall lowers what stands in a sentence or a document, unless it is not above the score that
// is known anyway: a flood of calls is not doubted one by one.
func doubtCall(data []byte, at, paren int, argument []byte, t *evidence.Tally, shown *lines, known int) {
	const told, listed = 7, 5
	if t.Score() > max(told, known) && shown.doubts < maxDoubts {
		shown.doubts++
		if shown.leaves(data, at, paren) {
			return
		}
		if end := callEnd(data, paren); inSentence(data[:at]) || declares(data[:at]) || lex.Shown(data, at, paren+len(firstArgument(argument))) || end > 0 && wordsBehind(data, at, end) {
			t.Cap(told)
		}
	}
	if t.Score() > max(listed, known) && shown.document(data) {
		t.Cap(listed)
	}
}

var callers = lex.NewWords("array_map array_filter array_walk usort uasort uksort call_user_func call_user_func_array preg_replace_callback register_shutdown_function")

// ownCallback reports whether a function that calls another back is given one of the
// program's own, by a name that runs nothing: array_map('trim', $names)
func (l *lines) ownCallback(data []byte, at, paren int, argument []byte) bool {
	return callers.Has(data[at:paren]) &&
		!l.callsBack(data, paren) && len(argument) > 3 && namesOne(argument) && !containsAnyOf(data[max(0, at-closely):min(len(data), paren+closely)], "$_", "chr(", "\\x", "base64", "strrev", "$$")
}

// namesOne reports whether the first argument is a variable or one string.
func namesOne(argument []byte) bool {
	end := lex.WordEnd(argument, 1)
	if argument[0] == '$' {
		return end < len(argument)
	}
	return (argument[0] == '\'' || argument[0] == '"') && end+1 < len(argument) && argument[end] == argument[0] && (argument[end+1] == ',' || argument[end+1] == ')')
}

// isStatement reports whether a value that begins with a function's name is a call with a string and what ends it, and
// nothing else: readfile('a');
func isStatement(data []byte, paren int) bool {
	rest := bytes.TrimRight(data[paren:], " ;")
	if len(rest) == len(data[paren:]) && lex.Equal(data[:paren], "readfile") || len(rest) < 5 || rest[len(rest)-1] != ')' || rest[1] != '\'' && rest[1] != '"' {
		return false
	}
	return bytes.IndexByte(rest[2:], rest[1]) == len(rest)-4
}

var printers = lex.NewWords("show_source highlight_file php_strip_whitespace readfile")

// prints reports whether a function of PHP prints a file.
func prints(name []byte) bool {
	return printers.Has(name)
}

// variable reports whether the argument is a name of more words than one, as programs
// have them: run(pip_cmd).
func variable(argument []byte) bool {
	end := lex.WordEnd(argument, 0)
	return end > 2 && bytes.IndexByte(argument[:end], '_') > 0 && (end == len(argument) || argument[end] == ')' || argument[end] == ',')
}

// composed reports whether the arguments are a program of one's own and a variable, as
// scripts pass them without a shell: system("convert", src, dst).
func composed(argument []byte) bool {
	if len(argument) < 4 || argument[0] != '"' && argument[0] != '\'' {
		return false
	}
	end := lex.WordEnd(argument, 1)
	if end == 1 || end+3 >= len(argument) || argument[end] != argument[0] || argument[end+1] != ',' || rankOf(argument[1:end]) != unknown || callRank(argument[1:end]) != noCall {
		return false
	}
	next := lex.SkipSpace(argument, end+2)
	last := lex.WordEnd(argument, next)
	return last > next+1 && lex.Letter(argument[next]) && last < len(argument) && argument[last] == ','
}

// harmless reports whether the argument is a command with which programs of beginners
// wait or clear the screen.
func harmless(argument []byte) bool {
	word := bytes.TrimLeft(argument, "'\"")
	return len(word) < len(argument) && lex.OneOf(word[:lex.WordEnd(word, 0)], "pause", "cls", "clear", "color", "title")
}

// probes reports whether a function is one that is called to see whether code runs.
func probes(name []byte) bool {
	return lex.OneOf(name, "sleep", "usleep", "die", "var_dump", "print_r", "getenv")
}

// plainly reports whether the argument is a variable, or a message with which a program
// ends, as honest code has them: var_dump($x), die('error')
func plainly(name, argument []byte) bool {
	if len(argument) < 3 {
		return false
	}
	end := lex.WordEnd(argument, 1)
	if argument[0] == '$' {
		return argument[1] != '_' && end < len(argument) && argument[end] == ')'
	}
	return lex.Equal(name, "die") && (argument[0] == '\'' || argument[0] == '"') && end+1 < len(argument) && argument[end] == argument[0] && argument[end+1] == ')' && point.Classify(argument[1:end])&point.Digit == 0
}

// firstName returns the name at the start of an argument.
func firstName(b []byte) []byte {
	n := 0
	for n < len(b) && n < 40 && point.ClassOf[b[n]]&(point.Alpha|point.Digit|point.Dot) != 0 {
		n++
	}
	if n == 0 || n == len(b) || b[n] != '(' {
		return nil
	}
	return b[:n]
}

// reportsFailure reports whether an argument up to the parenthesis at end is a path without quotes, and a colon and a text
// follow the call, as PHP reports what failed: fopen(/srv/a): Failed to open stream
func reportsFailure(b []byte, end int) bool {
	return end > 0 && end < len(b) && bytes.HasPrefix(b[end:], []byte("): ")) && end+3 < len(b) && lex.Letter(b[end+3]) && !bytes.ContainsAny(b[:end], "'\"`$ ")
}

// codeArgument reports whether what stands at i, behind a parenthesis, is an argument; inner is the rank of a call that
// begins it.
func (l *lines) codeArgument(data []byte, i int, kind, inner callKind) bool {
	b := data[i:]
	if len(b) == 0 {
		return kind != weakCall
	}
	switch c := b[0]; {
	case c == '\'' || c == '"' || c == '$' || c == '\\' || c == '`' || c == '[':
		return true
	case c == ')':
		return kind == bareCall
	case c == '-' && kind == bareCall:
		return true
	case c >= '0' && c <= '9':
		return kind != fileCall
	case c == '/' && reportsFailure(b, l.closing(data, i)-i):
		return false
	}
	if inner != noCall || kind == graveCall && constructs(b) {
		return true
	}
	b = b[:min(len(b), window)]
	if end := bytes.IndexByte(b, ')'); end >= 0 {
		b = b[:end]
	}
	if bytes.IndexByte(b, ' ') >= 0 {
		return false
	}
	for _, c := range b {
		if ofArgument[c] {
			return true
		}
	}
	return false
}

// constructs reports whether an argument begins with an object that is made for it: new ArrayIterator([1])
func constructs(b []byte) bool {
	name, ok := bytes.CutPrefix(b, []byte("new "))
	end := lex.WordEnd(name, 0)
	return ok && end > 0 && end < len(name) && name[end] == '('
}

// ofArgument holds the bytes of which an argument without blanks has one.
var ofArgument = [256]bool{'(': true, '.': true, ',': true, '_': true, '\'': true, '"': true, '/': true}
