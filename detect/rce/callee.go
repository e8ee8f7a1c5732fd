package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// longestCallee bounds an expression that is called, in bytes.
const longestCallee = 160

// spelled reads a callee that is put together: ("sys"."tem")("id"), "\x73ystem"("id"),
// x['ex'+'ec']('id'), (chr(105).chr(100))('x').
func spelled(data []byte, end int) (start int, kind callKind) {
	if end < 4 {
		return end, noCall
	}
	var name spelling
	switch last := data[end-1]; last {
	case ')':
		start = opener(data, end)
		if start == end {
			return end, noCall
		}
		inner := data[start+1 : end-1]
		if name := start - len(lastWord(data[:start])); makers.Has(data[name:start]) {
			return name, graveCall
		}
		if computes(inner) {
			return start, graveCall
		}
		if len(inner) > 1 && inner[0] == '$' {
			return start, assigned(data, inner[1:], start)
		}
		name.join(inner, bareWords(inner))
	case ']':
		start = bytes.LastIndexByte(data[max(0, end-longestWord):end], '[')
		if start < 0 {
			return end, noCall
		}
		start += max(0, end-longestWord)
		if inner := data[start+1 : end-1]; digits(inner) == len(inner) { // of a list: (['system'])[0]
			if start < 2 || data[start-1] != ')' && data[start-1] != ']' {
				return end, noCall
			}
			name.join(data[max(0, start-32):start], data[start-1] == ']')
			break
		}
		name.join(data[start+1:end-1], false)
	case '}': // &{"system"}('id')
		from := max(0, end-longestWord)
		start = from + bytes.LastIndexByte(data[from:end-1], '{')
		if start <= from || data[start-1] != '&' && data[start-1] != '$' {
			return end, noCall
		}
		name.join(data[start:end], false)
	case '"', '\'':
		from := max(0, end-longestWord)
		start = from + bytes.LastIndexByte(data[from:end-1], last)
		if start < from {
			return end, noCall
		}
		name.join(data[start:end], false)
	default:
		return end, noCall
	}
	if k := callRank(name.buf[:name.n]); k >= graveCall {
		return start, graveCall
	}
	return start, noCall
}

// bareWords reports whether text holds nothing but words, strings, dots, blanks and parentheses.
func bareWords(text []byte) bool {
	for _, c := range text {
		switch {
		case lex.Word(c), c == '.', c == '(', c == ')', c == ' ', c == '\'', c == '"':
		default:
			return false
		}
	}
	return true
}

// opener returns the index of the parenthesis that the one before end closes, end if it
// is too far.
func opener(data []byte, end int) int {
	for i, depth := end-1, 0; i >= max(0, end-longestCallee); i-- {
		switch data[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return end
}

// spelling is a name that strings spell.
type spelling struct {
	buf [24]byte
	n   int
}

// join takes the letters of strings that operators join, and those of bare words too if
// asked to.
func (s *spelling) join(b []byte, bare bool) {
	quote := byte(0)
	for len(b) > 0 && s.n < len(s.buf) {
		c, n := b[0], 1
		switch {
		case quote != 0 && c == '\\':
			c, n = escaped(b)
			s.put(c)
		case c == quote:
			quote = 0
		case quote != 0:
			s.put(c)
		case c == '\'' || c == '"':
			quote = c
		case bare:
			s.put(c)
		}
		b = b[n:]
	}
}

func (s *spelling) put(c byte) {
	if point.ClassOf[c]&point.Alpha != 0 && s.n < len(s.buf) {
		s.buf[s.n] = lex.Lower(c)
		s.n++
	}
}

// decoders are functions of PHP that make a name of a string.
var decoders = []string{"strrev(", "hex2bin(", "base64_decode(", "str_rot13(", "implode(", "join(", "substr(", "gzinflate(", "convert_uudecode(", "ucfirst(", "lcfirst(", "strtolower(", "urldecode(", "rawurldecode(", "str_replace(", "mb_strtolower(", "ltrim(", "rtrim("}

// makers are functions of PHP alone that make a string, of which nobody calls the result but who hides a name:
// strrev('metsys')('id')
var makers = lex.NewWords("strrev hex2bin base64_decode str_rot13 urldecode rawurldecode lcfirst ucfirst strtolower mb_strtolower mb_convert_case str_replace convert_uudecode")

// lastWord returns the word with which text ends.
func lastWord(text []byte) []byte {
	i := len(text)
	for i > 0 && len(text)-i < longestWord && lex.Word(text[i-1]) {
		i--
	}
	return text[i:]
}

// computes reports whether an expression in parentheses makes a string out of others
// bit by bit, or of the codes of its letters, as only code that hides a name does.
func computes(inner []byte) bool {
	if bytes.Count(inner, []byte("chr(")) >= 2 || bytes.Contains(inner, []byte(".chr(")) || lex.HasPrefix(inner, "chr(") && bytes.Contains(inner, []byte(").")) || lex.PrefixLength(inner, decoders) > 0 {
		return true
	}
	quote, strings, bits := byte(0), 0, 0
	for i := 0; i < len(inner); i++ {
		switch c := inner[i]; {
		case quote != 0 && c == '\\':
			i++
		case c == quote:
			quote = 0
		case quote != 0:
		case c == '\'' || c == '"':
			quote = c
			strings++
		case c == '^' && strings > 0, c == '~' && i+1 < len(inner) && (inner[i+1] == '\'' || inner[i+1] == '"'):
			bits++
		case c != ' ' && c != '.' && c != '|' && c != '&' && c != '(' && c != ')':
			return false
		}
	}
	return bits > 0 && (strings > 1 || bytes.IndexByte(inner, '~') >= 0)
}

// methodRank ranks a method of what another call or an index returns.
func methodRank(name []byte) callKind {
	if lex.OneOf(name, "system", "popen", "execsync", "spawnsync", "execfilesync", "execfile", "shell_exec", "getoutput", "check_output", "passthru") {
		return graveCall
	}
	return noCall
}

// pipes reports whether a call of open() takes a command for a file: open("|id").
func pipes(callee, argument []byte) bool {
	if !lex.Equal(callee, "open") {
		return false
	}
	first := argument[:min(len(argument), longestWord)]
	if end := bytes.IndexByte(first, ')'); end >= 0 {
		first = first[:end]
	}
	return bytes.IndexByte(first, '|') >= 0 && containsAnyOf(first, `"|`, "'|", `|"`, "|'") && !containsAnyOf(first, "|-", "-|") && len(first) > 3
}

// evaluates reports whether a pattern of preg_replace has the modifier that runs the
// replacement: preg_replace('/.*/e',
func evaluates(callee, argument []byte) bool {
	if !lex.OneOf(callee, "preg_replace", "preg_filter") || len(argument) < 4 {
		return false
	}
	end := bytes.IndexByte(argument[1:min(len(argument), longestWord)], argument[0])
	if end < 2 {
		return false
	}
	pattern := argument[1 : 1+end]
	slash := bytes.LastIndexByte(pattern, pattern[0])
	return slash > 0 && bytes.IndexByte(pattern[slash:], 'e') > 0
}

// spellsCall reports whether a run of chr() that operators join spells the name of a
// function or a command: chr(115).chr(121)... Of a run the first is asked.
func spellsCall(data []byte, at int) bool {
	const call = "chr("
	if !lex.HasPrefix(data[at:], call) || digits(data[at+len(call):min(len(data), at+len(call)+1)]) == 0 || spelledOn(data[:at]) {
		return false
	}
	var buf [32]byte
	n := 0
	for rest := data[at:]; n < len(buf) && lex.HasPrefix(rest, "chr("); n++ {
		rest = rest[len("chr("):]
		code := 0
		width := digits(rest[:min(len(rest), 3)])
		for _, d := range rest[:width] {
			code = code*10 + int(d-'0')
		}
		if width == 0 || width == len(rest) || rest[width] != ')' || code >= 0x80 {
			return false
		}
		buf[n] = byte(code)
		rest = bytes.TrimLeft(rest[width+1:], " .+|")
	}
	name := buf[:n]
	return n > 1 && (callRank(name) >= fileCall || rankOf(name) >= tool || sensitivePath(name) || containsAnyOf(name, "__", "import ", "os."))
}

// spelledOn reports whether chr() with a number and an operator stand at the end.
func spelledOn(before []byte) bool {
	end := bytes.TrimRight(before, " .+|")
	open := bytes.LastIndexByte(end[max(0, len(end)-len("(122)")):], '(')
	if open < 0 || end[len(end)-1] != ')' {
		return false
	}
	return lex.HasSuffix(end[:len(end)-min(len(end), len("(122)"))+open], "chr")
}

// spawnsShell reports whether a program that is started is a shell or asks who runs it.
func spawnsShell(program []byte) bool {
	w := readWord(program, 0)
	return lex.OneOf(w.text(), "sh", "bash", "dash", "zsh", "cmd", "powershell", "id", "whoami", "uname", "nc", "curl", "wget")
}

// breaksOut reports whether a call of PHP that runs a command stands right behind the end
// of another call, so that the application's own end closes it: a);system(id
func breaksOut(data []byte, at, paren int, argument []byte) bool {
	before := bytes.TrimRight(data[:at], " ")
	return bytes.HasSuffix(before, []byte(");")) && bytes.IndexByte(argument, ')') < 0 && lex.OneOf(data[at:paren], "system", "passthru", "shell_exec", "popen", "proc_open") && runs(argument)
}

// ofGo reports whether a function is of a package of Go, which nothing runs as it comes:
// os.Exit, exec.Command. Languages that have such modules too write their functions small.
func ofGo(name []byte) bool {
	module, function, ok := bytes.Cut(name, []byte("."))
	if !ok || len(function) == 0 || function[0] < 'A' || 'Z' < function[0] {
		return false
	}
	switch string(module) {
	case "os", "exec", "time", "syscall", "ioutil", "io":
		return true
	}
	return false
}

// firstArgument returns what stands before the closing parenthesis.
func firstArgument(b []byte) []byte {
	b = b[:min(len(b), 64)]
	if i := bytes.IndexByte(b, ')'); i >= 0 {
		return b[:i]
	}
	return b
}
