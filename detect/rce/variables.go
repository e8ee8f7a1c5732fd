package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// longestWord bounds a word that is put together, in bytes.
const longestWord = 64

// assembled weighs a command that is put together of variables which the value itself
// sets (a=nc;$a -l, y=hoami;w$y, a=ID;${a,,}), and the variables that hold a shell.
func assembled(data []byte, i, reach int, best *evidence.Tally) {
	for j := i; j < len(data) && j-i < longestWord && !endsWord[data[j]]; j++ {
		if data[j] == '=' {
			return // an assignment
		}
		if data[j] != '$' {
			continue
		}
		name, end := variableAt(data, j)
		if end < len(data) && (data[end] == '=' || data[end] == '[' || data[end] == '-' && end+1 < len(data) && data[end+1] == '>') {
			return // of Perl or PHP
		}
		if len(name) > 0 && len(name) <= 20 && (j == i && isShell(name) || isSet(data[max(0, i-reach):i], name)) {
			var t evidence.Tally
			t.Reset(attack.RCE, evidence.ShellWord)
			t.Add(&separated, max(0, i-1), end-i+1)
			t.Add(&hiddenWord, i, end-i)
			keep(&t, best)
			return
		}
		j = max(j, end-1)
	}
}

// ownShell weighs a value that begins with the variable that holds a shell and gives it code to
// run: $SHELL -c id
func ownShell(data []byte, best *evidence.Tally) {
	name, end := variableAt(data, 0)
	if !isShell(name) || end >= len(data) || !lex.HasPrefix(data[end:], " -c ") {
		return
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	t.Add(&leading, 0, end)
	t.Add(&argument, end+1, 2)
	t.Add(&hiddenWord, 0, end)
	keep(&t, best)
}

// endsWord holds the bytes that end a word of a shell.
var endsWord = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c <= ' ' || bytes.IndexByte([]byte(";|&<>()`\"'"), byte(c)) >= 0
	}
	return t
}()

// variableAt returns the name behind a dollar, and the index behind the expansion.
func variableAt(data []byte, i int) (name []byte, end int) {
	from := i + 1
	braced := from < len(data) && data[from] == '{'
	if braced {
		from++
		if from < len(data) && (data[from] == '!' || data[from] == '#') {
			from++
		}
	}
	end = lex.WordEnd(data[:min(len(data), from+24)], from)
	name = data[from:end]
	if !braced {
		return name, end
	}
	if n := bytes.IndexByte(data[end:min(len(data), end+24)], '}'); n >= 0 {
		return name, end + n + 1
	}
	return nil, end
}

func isShell(name []byte) bool {
	return string(name) == "SHELL" || string(name) == "BASH" || string(name) == "0"
}

// isSet reports whether a command in front sets a variable.
func isSet(before, name []byte) bool {
	if !equated(before, name) {
		return false
	}
	for {
		i := bytes.Index(before, name)
		if i < 0 || i+len(name) >= len(before) {
			return false
		}
		if before[i+len(name)] == '=' && (i == 0 || point.ClassOf[before[i-1]]&(point.Alpha|point.Digit|point.Dollar) == 0) {
			return true
		}
		before = before[i+len(name):]
	}
}

// equated reports whether a sign of equality stands behind a name anywhere.
func equated(text, name []byte) bool {
	for {
		i := bytes.IndexByte(text, '=')
		if i < 0 {
			return false
		}
		if bytes.HasSuffix(text[:i], name) {
			return true
		}
		text = text[i+1:]
	}
}

// sliceOf reads an expansion that cuts a letter out of a variable, ${PATH:0:1} or
// ${PWD%%[a-z]*}, and returns its length and the letter; ? stands for any.
func sliceOf(b []byte) (n int, letter byte) {
	name, end := variableAt(b, 0)
	if len(name) == 0 || b[1] != '{' || end > 40 {
		return 0, 0
	}
	cut := b[2+len(name) : end-1]
	switch {
	case len(cut) < 2:
		return 0, 0
	case cut[0] == ':' && digits(cut[1:]) > 0 && bytes.Count(cut, []byte(":")) == 2, cut[0] == '%' && cut[1] == '%', cut[0] == '#' && cut[1] == '#':
	default:
		return 0, 0
	}
	if lex.OneOf(name, "path", "pwd", "home", "oldpwd", "shell") && (string(cut) == ":0:1" || cut[0] == '%') {
		return end, '/'
	}
	return end, '?'
}

// ansiQuoted reads $'...' with its escapes into a word and returns its length, 0 if it
// is none.
func ansiQuoted(b []byte, w *shellWord) int {
	if len(b) < 4 || b[0] != '$' || b[1] != '\'' && b[1] != '"' {
		return 0
	}
	end := bytes.IndexByte(b[2:min(len(b), longestWord)], b[1])
	if end < 1 {
		return 0
	}
	for inner := b[2 : 2+end]; len(inner) > 0 && w.n < len(w.buf); {
		c, n := escaped(inner)
		if c <= ' ' { // the arguments are inside of the quotes
			break
		}
		w.path = w.path || c == '/'
		w.put(lex.Lower(c))
		inner = inner[n:]
	}
	w.hidden = true
	return end + 3
}

// escaped returns the byte that b begins with, with the escapes of C undone, and how
// many bytes spell it.
func escaped(b []byte) (c byte, n int) {
	if b[0] != '\\' || len(b) < 2 {
		return b[0], 1
	}
	base, most, i := byte(8), 3, 1
	switch b[1] {
	case 'x':
		base, most, i = 16, 2, 2
	case 'u':
		base, most, i = 16, 4, 2
	case 'U':
		base, most, i = 16, 8, 2
	}
	for n = i; n < len(b) && n-i < most; n++ {
		d, ok := digitOf(b[n], base)
		if !ok {
			break
		}
		c = c*base + d
	}
	if n == i {
		return b[1], 2
	}
	return c, n
}

func digitOf(c, base byte) (byte, bool) {
	switch {
	case lex.Digit(c):
		c -= '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		c = c | 0x20 - 'a' + 10
	default:
		return 0, false
	}
	return c, c < base
}
