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
	"github.com/weirnode/weir/point"
)

const maxValue = 32 << 10

const shellClasses = point.Semicolon | point.Pipe | point.Ampersand | point.Dollar | point.Backtick | point.Newline | point.Paren | point.Less

// Gate reports whether a value can hold commands or code.
func Gate(v *point.Value) bool {
	if v.Kind == point.Number || len(v.Data) < 3 {
		return false
	}
	if v.Kind == point.FileHead {
		return v.Classes&point.Less != 0
	}
	return v.Classes&(shellClasses|point.Brace|point.Slash|point.Backslash) != 0 || v.Classes&(point.Space|point.Colon|point.Bracket) != 0 ||
		v.Kind == point.Key || v.Flags&point.FromBase64 != 0 || v.Data[0] == 'r' && len(v.Data) > 16 || v.Data[0] == '_'
}

// Scan leaves the strongest context's evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Kind != point.FileHead {
		shell(data, v, best)
	}
	code(data, v, best)
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

// shell reads every position at which a shell begins a command.
func shell(data []byte, v *point.Value, best *evidence.Tally) {
	if i := bytes.Index(data, []byte("() {")); i >= 0 && i < 4 || bytes.HasPrefix(data, []byte("(){")) {
		if bytes.Contains(data, []byte("}")) && bytes.ContainsAny(data, ";/") {
			one(&shellshock, 0, len(data), evidence.ShellWord, best)
		}
	}
	if v.Kind == point.UserAgent || v.Kind == point.Referer || v.Kind == point.HeaderText || v.Kind == point.WholePath {
		if v.Classes&(point.Dollar|point.Backtick|point.Pipe) == 0 && (v.Kind != point.WholePath || v.Classes&point.Semicolon == 0) {
			return
		}
	}
	blanks := blanksOf(data)
	if v.Kind != point.UserAgent {
		command(data, 0, start, v, blanks, best)
	}
	if v.Classes&shellClasses == 0 {
		return
	}
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case ';', '\n':
			if v.Kind == point.CookieText || v.Kind == point.UserAgent || data[i] == '\n' && blanks.two < i {
				continue
			}
			command(data, i+1, separator, v, blanks, best)
		case '|', '&':
			n := 1
			if i+1 < len(data) && data[i+1] == data[i] {
				n = 2
			}
			if v.Kind != point.UserAgent {
				at := separator
				if data[i] == '&' && n == 1 {
					at = ampersand
				}
				command(data, i+n, at, v, blanks, best)
			}
			i += n - 1
		case '$':
			if i+1 < len(data) && data[i+1] == '(' {
				command(data, i+2, substitution, v, blanks, best)
			}
		case '`':
			if end := bytes.IndexByte(data[i+1:], '`'); end > 0 {
				command(data, i+1, backtick, v, blanks, best)
			}
		case '<', '>':
			if i+1 < len(data) && data[i+1] == '(' {
				command(data, i+2, substitution, v, blanks, best)
			}
		}
	}
}

// blanks say where a text has its second and its fourth blank; its length if nowhere.
// Text with two in front is prose; with four it has words in a row, as Markdown with
// code has. They are found once: a value may hold thousands of places for a command.
type blanks struct{ two, four int }

func blanksOf(data []byte) blanks {
	b := blanks{len(data), len(data)}
	n := 0
	for i := bytes.IndexByte(data, ' '); i >= 0 && i < len(data); i++ {
		if data[i] != ' ' {
			continue
		}
		switch n++; n {
		case 2:
			b.two = i
		case 4:
			b.four = i
			return b
		}
	}
	return b
}

// position is where a command stands.
type position uint8

const (
	start position = iota
	separator
	ampersand
	substitution
	backtick
)

// command reads the command at i and weighs it by its position.
func command(data []byte, i int, at position, v *point.Value, blanks blanks, best *evidence.Tally) {
	for i < len(data) && (data[i] == ' ' || data[i] == '\t' || data[i] == '(' || data[i] == '{' || data[i] == '!' && at != start || data[i] == '\'' && at == start || data[i] == '"' && at == start) {
		i++
	}
	w := readWord(data, i)
	if w.n == 0 {
		return
	}
	rank := lookUp(w.text())
	if w.path && !w.system() {
		return
	}
	if rank == unknown {
		if w.glob && at != start && w.path {
			rank = strong
		} else {
			return
		}
	}
	var t evidence.Tally
	t.Reset(attack.RCE, evidence.ShellWord)
	rest := data[w.end:]
	score := arguments(rest, w, &t, i)
	isClosed := closes(rest, at) && !listed(data, i, rest)
	switch {
	case at == start:
		startWeight(w, rank, score, isClosed, rest, v, &t, i)
	case rank == strong:
		t.Add(signOf(at), max(0, i-1), w.end-i+1)
		if isClosed || score > 0 {
			t.Add(&closed, i, w.end-i)
		}
	default:
		t.Add(signOf(at), max(0, i-1), w.end-i+1)
		if isClosed && (at == substitution || v.Kind != point.Text && v.Kind != point.HeaderText || blanks.two >= i) && (at != backtick || blanks.four == len(data)) {
			t.Add(&closed, i, w.end-i)
		}
	}
	if w.hidden {
		t.Add(&hiddenWord, i, w.end-i)
	}
	switch at { //nolint:exhaustive // the others weigh as they are
	case ampersand:
		t.AddWeight(&separated, -2, i, 0)
	case backtick:
		if blanks.four < len(data) {
			t.Cap(6)
		}
	}
	if i > 0 && at != start && blanks.four < i {
		limit := 6
		if score >= 6 || w.hidden {
			limit = 20
		}
		t.Cap(limit)
	}
	keep(&t, best)
}

func signOf(at position) *evidence.Sign {
	if at == substitution || at == backtick {
		return &substituted
	}
	return &separated
}

// startWeight weighs a command at the value's own start, where prose begins too.
func startWeight(w shellWord, rank, score int, isClosed bool, rest []byte, v *point.Value, t *evidence.Tally, i int) {
	if v.Kind != point.Text && v.Kind != point.Segment && v.Kind != point.CookieText {
		t.Cap(0)
		return
	}
	t.Add(&leading, i, w.end-i)
	if rank == strong {
		t.AddWeight(&separated, 2, i, w.end-i)
	}
	if w.path && (isClosed || score > 0) {
		t.AddWeight(&closed, 5, i, w.end-i)
	}
	if score == 0 && !w.path && !w.hidden {
		t.Cap(6)
	}
	if bytes.Count(rest, []byte(" ")) > 6 || bytes.IndexByte(rest, '\n') >= 0 {
		t.Cap(7) // a line of a how-to page
	}
}

// closes reports whether a command ends right behind its name.
func closes(rest []byte, at position) bool {
	rest = bytes.TrimLeft(rest, " \t'\"")
	if len(rest) == 0 {
		return true
	}
	switch rest[0] {
	case ';', '|', '&', '\n', '#', '\r', 0:
		return true
	case ')':
		return at == substitution
	case '`':
		return at == backtick
	}
	return false
}

// listed reports whether a word stands in a list such as hp|gen|top|women: bars on
// both sides and no blanks, in capitals too.
func listed(data []byte, i int, rest []byte) bool {
	return i > 0 && data[i-1] == '|' && len(rest) > 0 && rest[0] == '|' && i > 1 && point.ClassOf[data[i-2]]&(point.Alpha|point.Digit) != 0
}

// maxArguments bounds what is read behind one command, in bytes.
const maxArguments = 512

// arguments weighs what follows a command's name, up to the next separator.
func arguments(rest []byte, w shellWord, t *evidence.Tally, off int) (score int) {
	add := func(s *evidence.Sign, weight int8) {
		score += int(weight)
		t.AddWeight(s, weight, off, w.end-off+min(len(rest), 32))
	}
	if hasIFS(rest) {
		add(&fieldSep, fieldSep.Weight)
	}
	rest = rest[:min(len(rest), maxArguments)]
	end := bytes.IndexAny(rest, ";|&\n`)")
	if end < 0 {
		end = len(rest)
	}
	if end > 0 && end < len(rest) && rest[end] == '|' {
		add(&redirection, 1)
	}
	for _, field := range [...]struct {
		found  bool
		weight int8
	}{
		{flag(rest[:end]), 3}, {path(rest[:end]), 4}, {address(rest[:end]), 3},
	} {
		if field.found {
			add(&argument, field.weight)
		}
	}
	if i := bytes.IndexByte(rest[:end], '>'); i >= 0 && i+1 < end && bytes.IndexByte(rest[i:end], '/') >= 0 {
		add(&redirection, 2)
	}
	return score
}

func hasIFS(b []byte) bool {
	b = b[:min(len(b), 64)]
	return bytes.Contains(b, []byte("IFS")) && bytes.IndexByte(b, '$') >= 0 || bytes.HasPrefix(b, []byte("<")) && len(b) > 1 && (b[1] == '/' || b[1] == '<') || bytes.Contains(b, []byte("$@"))
}

// flag finds -x, --long or /c.
func flag(b []byte) bool {
	for i := 0; i+1 < len(b); i++ {
		if b[i] == ' ' && (b[i+1] == '-' && i+2 < len(b) && point.ClassOf[b[i+2]]&(point.Alpha|point.Digit|point.Dash) != 0 ||
			b[i+1] == '/' && i+2 < len(b) && (i+3 == len(b) || b[i+3] == ' ') && point.ClassOf[b[i+2]]&point.Alpha != 0) {
			return true
		}
	}
	return false
}

// path finds paths of the system.
func path(b []byte) bool {
	for _, root := range [...]string{"/etc", "/bin", "/usr", "/tmp", "/var", "/dev", "/proc", "/root", "/home", "/opt", `c:\`, `C:\`, "%windir%", "%SYSTEM", "/???", "/*", "passwd", "boot.ini", "win.ini", "~/", "../"} {
		if bytes.Contains(b, []byte(root)) {
			return true
		}
	}
	return false
}

// hostName reports whether the first argument is a dotted name.
func hostName(b []byte) bool {
	b = bytes.TrimLeft(b, " \t")
	if i := bytes.IndexAny(b, " \t"); i >= 0 {
		b = b[:i]
	}
	dot := bytes.LastIndexByte(b, '.')
	return dot > 1 && len(b)-dot > 2 && point.Classify(b)&^(point.Alpha|point.Digit|point.Dash|point.Dot) == 0
}

// address finds a URL, an IPv4 address or a host with a port.
func address(b []byte) bool {
	if bytes.Contains(b, []byte("://")) || hostName(b) {
		return true
	}
	dots, digits := 0, 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' && digits > 0:
			dots++
			digits = 0
		default:
			if dots == 3 && digits > 0 {
				return true
			}
			dots, digits = 0, 0
		}
	}
	return dots == 3 && digits > 0
}
