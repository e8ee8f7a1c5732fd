// Package rce finds commands and code.
//
// A value is read as a shell would: at its start, behind separators and inside
// substitutions, with quotes, escapes and wildcards taken out of words; and as code
// of the languages that servers run: calls, server tags, expressions, lookups,
// serialized objects. A command's name is also an English word more often than
// not, so it needs a position that prose does not have, or arguments that only
// commands take.
package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

const maxValue = point.MaxRead

const shellClasses = point.Semicolon | point.Pipe | point.Ampersand | point.Dollar | point.Backtick | point.Newline | point.Paren | point.Less | point.Backslash

// Words are the classes of text in which only the first word can be a command.
const Words = point.Alpha | point.Digit | point.Space | point.Dot | point.Plus

// timed are the classes of times, versions and numbered names. No command and no path of
// code begins with a digit.
const timed = Words | point.Dash | point.Colon

// Gate reports whether a value can hold commands or code.
func Gate(v *point.Value) bool {
	if v.Flags&point.Command != 0 && len(v.Data) > 0 {
		return true
	}
	if v.Kind == point.Number || len(v.Data) < 3 {
		return false
	}
	if v.Kind == point.FileHead || v.Classes&(point.Control|point.High) != 0 && opensObject(v.Data) {
		return true
	}
	if v.Classes == point.Alpha|point.Digit && v.Data[0] == 'a' && len(v.Data) > 16 && lex.HasPrefix(v.Data, "aced0005") {
		return true
	}
	if v.Classes == point.Alpha|point.Digit && OpensHexPickle(v.Data) {
		return true
	}
	if v.Classes&^timed == 0 && lex.Digit(v.Data[0]) && v.Flags == 0 {
		return false
	}
	const telling = shellClasses | point.Brace | point.Slash | point.Backslash | point.Space | point.Colon | point.Bracket
	return v.Classes&telling != 0 || v.Kind == point.Key || v.Kind == point.JSONKey || v.Flags&point.FromBase64 != 0 || begins(v) || v.Classes&point.Dot != 0 && pathLike(v)
}

// Begins reports whether text may begin with a command.
func Begins(first, _, _ []byte) bool { return known.Has(first) }

// begins reports whether a value of few classes may be an option, a variable or an object by
// its first bytes.
func begins(v *point.Value) bool {
	switch v.Data[0] {
	case '_', '%':
		return true
	case '-':
		return v.Classes&point.Equal != 0
	case 'r':
		return len(v.Data) > 16
	case 'q':
		return v.Data[1] == 'x' && len(v.Data) > 4 // a command of Perl
	case 's', 'e':
		return v.Classes&point.Quote != 0 && lex.PrefixLength(v.Data, []string{"system", "exec"}) > 0
	case 'T':
		return v.Data[1] == 'z' && len(v.Data) > 16
	}
	return false
}

// pathLike reports whether a value with dots may be a path of code.
func pathLike(v *point.Value) bool {
	if v.Classes&point.Quote != 0 || callsModule(v.Data) || bytes.HasPrefix(v.Data, []byte("System.")) || bytes.HasPrefix(v.Data, []byte("ENV.")) || bytes.Contains(v.Data, []byte(".__proto__.")) || bytes.Contains(v.Data, []byte(".constructor.prototype")) {
		return true
	}
	first := v.Data[0] | 0x20
	return len(v.Data) >= len("java.net.URL") && (first == 'c' || first == 'o' || first == 'j' || v.Data[0] == '!')
}

// Scan leaves the strongest context's evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Kind == point.FileHead {
		filed(data, best)
		return
	}
	if v.Flags&point.TakenApart == 0 { // what a shell would read stands in a value of its own
		shell(data, v, best)
	}
	dropper(data, v, best)
	plusses(data, v, best)
	ordered(data, v, best)
	if v.Classes&point.Pipe != 0 && v.Classes&(point.Dash|point.Digit) != 0 {
		decoded(data, best)
	}
	code(data, v, tree, best)
	named(v, tree, best)
	if v.Kind == point.JSONKey && lex.Equal(data, "prototype") && lex.Equal(tree.Name(tree.Parent(v.Ref)), "constructor") {
		one(&prototype, 0, len(data), evidence.Code, best)
	}
	if v.Kind == point.Key && overwrites(data) {
		one(&overwritten, 0, len(data), evidence.Code, best)
	}
	if inherited(data, v, tree) {
		one(&prototype, 0, len(data), evidence.Code, best)
	}
}

func keep(t, best *evidence.Tally) {
	if t.Score() > best.Score() {
		*best = *t
	}
}

// one keeps a single decisive sign.
func one(s *evidence.Sign, off, length int, c evidence.Context, best *evidence.Tally) {
	var t evidence.Tally
	t.Reset(attack.RCE, c)
	t.Add(s, off, length)
	keep(&t, best)
}

// maxPlusses bounds a value that is read again with blanks for plus signs.
const maxPlusses = 256

// plusses reads a command line in which plus signs stand for blanks, as in a form that
// was encoded twice: |dir+c:/.
func plusses(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&point.Plus == 0 || v.Classes&(point.Space|point.Newline) != 0 || v.Classes&(point.Pipe|point.Semicolon|point.Ampersand|point.Backtick) == 0 ||
		len(data) > maxPlusses || best.Score() >= evidence.Threshold || !plussed(data) {
		return
	}
	var buf [maxPlusses]byte
	line := buf[:copy(buf[:], data)]
	for i, c := range line {
		if c == '+' {
			line[i] = ' '
		}
	}
	read := *v
	read.Pairs = nil
	shell(line, &read, best)
}

// plussed reports whether a command stands between a separator, or the value's start,
// and a plus sign. Few values pass, since what follows allocates.
func plussed(data []byte) bool {
	for from := 0; ; {
		plus := bytes.IndexByte(data[from:], '+')
		if plus < 0 {
			return false
		}
		plus += from
		first := plus
		for first > 0 && point.ClassOf[data[first-1]]&point.Alpha != 0 && plus-first < 16 {
			first--
		}
		before := bytes.TrimRight(data[:first], "+")
		if first < plus && (len(before) == 0 || bytes.IndexByte([]byte(";|&`"), before[len(before)-1]) >= 0) && rankOf(data[first:plus]) != unknown {
			return true
		}
		from = plus + 1
	}
}
