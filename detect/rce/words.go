package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// shellWord is the first word of a command as the shell comes to see it.
type shellWord struct {
	buf    [48]byte
	n      int
	end    int  // index behind it
	took   int  // bytes of the last expansion
	hidden bool // quotes, escapes or expansions stood inside
	glob   bool // wildcards stood inside
	path   bool // it was written with a folder
	sliced bool // letters are cut out of variables
}

// text returns the word without its folder and without .exe.
func (w *shellWord) text() []byte {
	b := w.buf[:w.n]
	if i := bytes.LastIndexByte(b, '/'); i >= 0 {
		b = b[i+1:]
	}
	return bytes.TrimSuffix(b, []byte(".exe"))
}

// system reports whether a word with a folder can name a program: /bin/cat, ./x or
// a pattern such as /???/c?t, but not a page such as /jira/free.
func (w *shellWord) system() bool {
	b := w.buf[:w.n]
	if w.n > 0 && b[0] != '/' && b[0] != '.' && b[0] != 'u' {
		return w.elsewhere()
	}
	for _, root := range [...]string{"/bin/", "/usr/", "/sbin/", "/opt/", "/lib64/", "/lib/x86_64", "/system32/", "./", "/???/", "usr/bin/", "/b", "/u", "/s"} {
		if bytes.HasPrefix(b, []byte(root)) && (len(root) > 2 || w.glob) {
			return true
		}
	}
	return w.elsewhere()
}

// elsewhere is system for paths that begin with no folder of programs.
func (w *shellWord) elsewhere() bool {
	b := w.buf[:w.n]
	if w.glob && b[0] == '/' && bytes.Count(b, []byte("/")) >= 2 && mayHoldPrograms(b[1:]) && rankOf(w.text()) >= tool || bytes.Contains(b, []byte("/bin/")) && rankOf(w.text()) >= tool && b[0] == '.' {
		return true
	}
	return w.glob && bytes.Count(b, []byte("/")) >= 2 && (bytes.IndexByte(b, '?') >= 0 || b[0] == '/' && bytes.IndexByte(b, '[') >= 0) || bytes.Contains(b, []byte("/system32/"))
}

// mayHoldPrograms reports whether a path begins with a folder of the system, or with a pattern that may be one, and
// not with a word of a document: /properties/*/id
func mayHoldPrograms(path []byte) bool {
	first := path[:max(0, bytes.IndexByte(path, '/'))]
	return len(first) == 0 || bytes.ContainsAny(first, "?*[") || lex.OneOf(first, "bin", "sbin", "usr", "opt", "lib", "lib32", "lib64", "etc", "tmp", "var", "home", "root", "proc", "snap", "nix", "data", "mnt", "run", "dev", "srv", "system", "windows", "winnt", "c")
}

// isData reports whether what a path with wildcards ends with is no name of a program: *.conf
func (w *shellWord) isData() bool {
	name := w.buf[bytes.LastIndexByte(w.buf[:w.n], '/')+1 : w.n]
	if len(name) == 0 { // a folder, or how a word is spoken: /n[y]ook/
		return true
	}
	dot := bytes.LastIndexByte(name, '.')
	if dot < 0 || dot == len(name)-1 {
		return false
	}
	for _, c := range name[dot+1:] {
		if !lex.Letter(c) {
			return false
		}
	}
	return !lex.OneOf(name[dot+1:], "sh", "bash", "py", "pl", "rb", "php", "exe", "com", "cmd", "bat", "ps", "bin", "run")
}

// fits reports whether a pattern can only be the path of a program: what follows the question
// mark of a page's address is no folder, and no page has a letter in brackets below /bin.
func (w *shellWord) fits() bool {
	b := w.buf[:w.n]
	if bytes.HasPrefix(b, []byte("/???/")) {
		return true
	}
	n := lex.PrefixLength(b, []string{"/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/usr/local/bin/"})
	if n == 0 {
		return false
	}
	open, end := bytes.IndexByte(b[n:], '['), bytes.IndexByte(b[n:], ']')
	return open >= 0 && end > open && end-open <= len("[a-z]") || bytes.IndexByte(b[n:], '?') >= 0 && b[w.n-1] != '?'
}

// plainWord is a name as most are, of which a look tells what it is to a shell.
type plainWord struct {
	at, end int
	plain   bool // the name is all of the word: no trick and no .exe follows it
	unknown bool // it is no command's name
}

func readPlain(data []byte, i int) plainWord {
	end, dashed := i, false
	for ; end < len(data) && has(data[end], inName); end++ {
		switch data[end] {
		case '.':
			return plainWord{at: i, end: end}
		case '-':
			dashed = true
		}
	}
	if end == i || end-i >= len(shellWord{}.buf) || end < len(data) && has(data[end], goesOnWord) {
		return plainWord{at: i, end: end}
	}
	name := data[i:end]
	return plainWord{i, end, true, !known.Has(name) && (!dashed || !cmdlet(name))}
}

// plain returns the word at i, and remembers the last one: whoever reads a command there asks.
func (r *reader) plain(i int) *plainWord {
	if r.word.at != i || r.word.end == 0 {
		r.word = readPlain(r.data, i)
	}
	return &r.word
}

// minSkipped is how much of nothing is passed over at once, in bytes.
const minSkipped = 4

// maxSpelled is how many bytes a word may take with all that hides it.
const maxSpelled = 256

// readWord reads the word at i with quotes, backslashes, carets and empty
// expansions taken out.
func readWord(data []byte, i int) (w shellWord) {
	first := i
	for i < min(len(data), first+maxSpelled) && w.n < len(w.buf) {
		if n := nothing(data[i:]); n >= minSkipped { // so much that it would fill the word up
			w.hidden = true
			i, first = i+n, first+n
			continue
		}
		c := data[i]
		switch {
		case (c == '+' || c == '`') && w.n > 0 && joins(data, i):
			w.hidden = true
		case point.ClassOf[c]&(point.Alpha|point.Digit|point.Dot) != 0 || w.n > 0 && (c == '-' || c == '+'):
			c = lex.Lower(c)
			w.put(c)
		case c == '/':
			w.path = true
			w.put(c)
		case c == '\\' || c == '^':
			if !escapes(data, i) {
				w.end = i
				return w
			}
			if c == '\\' && i+1 < len(data) && data[i+1] == '\n' {
				i++
			}
			w.hidden = w.hidden || w.n > 0 || i == first
		case c == '\'' || c == '"':
			n := quotedPart(data, i, &w)
			if n == 0 {
				w.end = i
				return w
			}
			i += n
		case c == '?' || c == '*' || c == '[' || c == ']':
			if !w.path && (c != '[' || w.n == 0) {
				w.end = i
				return w
			}
			w.glob, w.hidden = true, true
			w.put(c)
		case c == '$' && i+1 < len(data) && (data[i+1] == '\'' || data[i+1] == '"' || data[i+1] == '{') && w.expand(data[i:]) > 0:
			i += w.took - 1
		default:
			n := emptyExpansion(data[i:])
			if n == 0 || w.n == 0 && c == '`' || w.n == 0 && i+n < len(data) && point.ClassOf[data[i+n]]&(point.Alpha|point.Slash) == 0 {
				w.end = i
				return w
			}
			w.hidden = true
			i += n - 1
		}
		i++
	}
	w.end = i
	return w
}

// nothing returns the length of what stands for nothing by itself, several times over: ” "" $@ $* and escaped line ends.
func nothing(b []byte) (n int) {
	for n+1 < len(b) {
		switch c, next := b[n], b[n+1]; {
		case (c == '\'' || c == '"') && next == c, c == '$' && (next == '@' || next == '*'), c == '\\' && next == '\n':
			n += 2
		default:
			return n
		}
	}
	return n
}

// emptiness is where the last long run of nothing begins and ends. Its escaped line ends separate commands.
type emptiness struct{ from, to int }

// spelled is readWord, and remembers the run of nothing that a word begins with: many words begin within one.
func (r *reader) spelled(i int) shellWord {
	e := &r.nothing
	if i < e.from || e.to <= i || (i-e.from)%2 != 0 {
		*e = emptiness{i, i + nothing(r.data[i:])}
	}
	if e.to-i < minSkipped {
		return readWord(r.data, i)
	}
	w := readWord(r.data, e.to)
	w.hidden = true
	return w
}

// minNothing is from how many bytes of nothing on arguments hide something behind it.
const minNothing = 16

// hidesBehindNothing reports whether so much of it stands in a command's arguments that it only fills them up.
func (c *call) hidesBehindNothing() bool {
	if c.at == start || c.value.Classes&(point.Quote|point.Dollar|point.Backslash) == 0 {
		return false
	}
	for i := 0; i+minNothing <= len(c.rest); i++ {
		if bytes.IndexByte([]byte(`'"$\`), c.rest[i]) >= 0 {
			n := nothing(c.rest[i:])
			if n >= minNothing {
				return true
			}
			i += n
		}
	}
	return false
}

// joins reports whether a plus joins two parts in quotes, or a backtick escapes a letter,
// as PowerShell writes words: 'who'+'ami', i`ex.
func joins(data []byte, i int) bool {
	if i+1 == len(data) {
		return false
	}
	next := data[i+1]
	if data[i] == '+' {
		return (next == '\'' || next == '"') && (data[i-1] == '\'' || data[i-1] == '"')
	}
	return lex.Letter(next) && bytes.IndexByte(data[i+1:min(len(data), i+longestWord)], '`') < 0 && bytes.IndexByte(data[max(0, i-longestWord):i], '`') < 0
}

// escapes reports whether a backslash or a caret at i hides a letter of the word.
func escapes(data []byte, i int) bool {
	if i+1 < len(data) && data[i] == '\\' && data[i+1] == 'n' && (i+2 == len(data) || point.ClassOf[data[i+2]]&point.Alpha == 0) {
		return false // a line end that stays escaped
	}
	return i+1 < len(data) && (point.ClassOf[data[i+1]]&(point.Alpha|point.Slash|point.Digit) != 0 || data[i+1] == '\n' || data[i+1] == data[i])
}

// maxQuoted is the longest part of a word in quotes, in bytes.
const maxQuoted = 24

// quotedPart takes a part of a word in quotes: c'a't, "wh"oami. It returns how many
// bytes to go on, 0 if the quote ends the word.
func quotedPart(data []byte, i int, w *shellWord) int {
	j := bytes.IndexByte(data[i+1:min(len(data), i+maxQuoted+2)], data[i])
	if j < 0 {
		return 0
	}
	inner := data[i+1 : i+1+j]
	if point.Classify(inner)&^(point.Alpha|point.Digit|point.Dash|point.Dot|point.Slash) != 0 {
		return 0
	}
	after := i + j + 2
	glued := w.n > 0 || after < len(data) && point.ClassOf[data[after]]&(point.Alpha|point.Slash|point.Quote) != 0
	if !glued && len(inner) == 0 {
		return 0
	}
	for _, c := range inner {
		c = lex.Lower(c)
		if w.n < len(w.buf) {
			w.put(c)
		}
		w.path = w.path || c == '/'
	}
	w.hidden = w.hidden || glued
	return j + 1
}

// emptyExpansion returns the length of an expansion that stands for nothing inside a
// word: $@ $* $1 ${x} $() and a pair of backticks.
func emptyExpansion(b []byte) int {
	switch {
	case len(b) < 2:
	case b[0] == '`' && b[1] == '`':
		return 2
	case b[0] == '`' && len(b) > 3 && b[2] == '`' && lex.Letter(b[1]) && lex.Letter(b[3]): // what no command prints: w`u`ho
		return 3
	case b[0] != '$':
	case b[1] == '@' || b[1] == '*' || b[1] == '!' || b[1] >= '1' && b[1] <= '9':
		return 2
	case b[1] == '(' && len(b) > 2 && b[2] == ')':
		return 3
	case b[1] == '{' && !bytes.HasPrefix(b, []byte("${IFS")):
		if end := bytes.IndexByte(b[:min(len(b), 24)], '}'); end > 0 && (!lex.Letter(b[2]) || bytes.IndexByte(b[:end], '.') <= 0) { // ${a.b} is no variable of a shell
			return end + 1
		}
	case b[1] == '_' && len(b) > 2:
		return 2
	case point.ClassOf[b[1]]&point.Alpha != 0 && !bytes.HasPrefix(b, []byte("$IFS")):
		n := 1
		for n < len(b) && n < 8 && 'A' <= b[n] && b[n] <= 'Z' {
			n++
		}
		if n > 1 && n < len(b) && 'a' <= b[n] && b[n] <= 'z' {
			return n
		}
		if n = lex.WordEnd(b[:min(len(b), 8)], 1); n+1 < len(b) && b[n] == '"' && lex.Letter(b[n+1]) { // s$u"cp"
			return n
		}
	}
	return 0
}

// expand takes an expansion that stands for letters of the word and returns its length.
func (w *shellWord) expand(b []byte) int {
	if w.took = ansiQuoted(b, w); w.took > 0 {
		return w.took
	}
	n, letter := sliceOf(b)
	if w.took = n; n > 0 {
		w.put(letter)
		w.hidden, w.sliced, w.path = true, true, w.path || letter == '/'
	}
	return n
}

func (w *shellWord) put(c byte) {
	w.buf[w.n] = c
	w.n++
}

// delimited reports whether the byte behind a word can end it in a shell.
func delimited(data []byte, end int) bool {
	if end >= len(data) {
		return true
	}
	switch c := data[end]; c {
	case ';', '|', '&', '<', '>', '(', ')', '`', '\'', '"', '$', '{', '}', ',', '#', 0, '%':
		return true
	default:
		return c <= ' ' || c == '\\' && end+1 < len(data) && (data[end+1] == 'n' || data[end+1] == 't' || data[end+1] == '\\')
	}
}
