package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// javaMethods are methods by which a program of Java leaves what it was given. Only expression languages,
// Groovy and scripts let their names be strings.
var javaMethods = lex.NewWords("getenv getproperty getproperties getruntime forname getclassloader loadclass newinstance getmethod getmethods getdeclaredmethod getdeclaredmethods getdeclaredconstructor getconstructors getprotectiondomain invokemethod")

// classMembers are members of a class behind one that was named by a string.
var classMembers = lex.NewPrefixes("forname", "classloader", "getclassloader", "protectiondomain", "getprotectiondomain", "getmethod", "methods", "getdeclared", "getresource", "newinstance", "getconstructor", "module")

// quotedMembers weighs members of Java that strings name, ("")["class"].forName(, Runtime."getRuntime"(), and
// members whose names are calculated from constants, x['cl'.concat('ass')].
func quotedMembers(data []byte, pairs *point.Pairs, best *evidence.Tally) {
	if !lex.MayAny(pairs, `["`, "['", `."`, ".'", "[ ", "[(", "[[", "[S") {
		return
	}
	for i := 1; i+3 < len(data); i++ {
		if data[i] != '[' && data[i] != '.' || !endsOperand(data[i-1]) {
			continue
		}
		if end := quotedMember(data, i); end > 0 {
			var t evidence.Tally
			t.Reset(attack.RCE, evidence.Code)
			t.Add(&javaPath, i, end-i)
			if document(data) || lex.Prose(data[max(0, i-window):i]) {
				t.Cap(5)
			}
			keep(&t, best)
			return
		}
	}
}

// endsOperand reports whether a byte may end what has a member.
func endsOperand(c byte) bool {
	return lex.Word(c) || c == ']' || c == ')' || c == '"' || c == '\'' || c == '?'
}

// quotedMember returns the index behind such a member that begins at i, 0 if there is none.
func quotedMember(data []byte, i int) int {
	var name []byte
	var end int
	if data[i] == '.' {
		if name, end = quotedName(data, i+1); end == 0 {
			return 0
		}
	} else {
		m, ok := lex.MemberAt(data, i)
		if !ok {
			return calculated(data, i)
		}
		name, end = m.Name(), m.End
	}
	next := lex.SkipSpace(data, end)
	called := next < len(data) && data[next] == '('
	switch {
	case called && javaMethods.Has(name):
	case called && lex.Equal(name, "execute") && !lex.Word(data[i-1]) && executesText(data[max(0, i-window):i]):
	case lex.Equal(name, "lang") && data[i] == '[' && lex.Equal(lastWord(data[:i]), "java"):
	case lex.Equal(name, "class") || called && lex.Equal(name, "getclass"):
		if called && next+1 < len(data) && data[next+1] == ')' {
			end = next + 2
		}
		if m, ok := lex.MemberAt(data, end); !ok || classMembers.Length(m.Name()) == 0 {
			if name, end = quotedName(data, end+1); end == 0 || classMembers.Length(name) == 0 {
				return 0
			}
		}
	default:
		return 0
	}
	return end
}

// quotedName reads a name in quotes, behind a dot as Groovy has it, and returns the index behind it.
func quotedName(data []byte, i int) (name []byte, end int) {
	if i >= len(data) || data[i] != '"' && data[i] != '\'' {
		return nil, 0
	}
	end = lex.WordEnd(data, i+1)
	if end == i+1 || end == len(data) || data[end] != data[i] {
		return nil, 0
	}
	return data[i+1 : end], end + 1
}

// calculations are methods by which a text is put together.
var calculations = lex.NewWords("replace replaceall concat substring substr slice tolowercase touppercase join reverse split trim fromcharcode")

// maxCalculated bounds the parts of a calculation in brackets.
const maxCalculated = 96

// calculated returns the index behind an index that is calculated from nothing but constants, and of which a
// member follows, 0 if there is none: ['cla-ss'.replace('-',”)].
func calculated(data []byte, i int) int {
	if empty := i > 1 && data[i-1] == data[i-2] && lex.IndexQuote(data[i-1:i]) == 0; !empty && !lex.Word(data[i-1]) && data[i-1] != ']' && data[i-1] != ')' {
		return 0
	}
	depth, methods := 0, 0
	for n := 0; n < maxCalculated && i+1 < len(data); n++ {
		switch c := data[i]; {
		case c <= ' ':
			i = lex.SkipSpace(data, i) - 1
		case c == '"' || c == '\'':
			end := bytes.IndexByte(data[i+1:], c)
			if end < 0 {
				return 0
			}
			i += end + 1
		case c == '[' && depth > 0 && endsOperand(data[i-1]): // an index in it
			return 0
		case c == '[' || c == '(':
			depth++
		case c == ']' || c == ')':
			if depth--; depth == 0 {
				if methods > 0 && (data[i+1] == '.' || data[i+1] == '[' || data[i+1] == '(') {
					return i + 1
				}
				return 0
			}
		case lex.Letter(c):
			end := lex.WordEnd(data, i)
			switch word := data[i:end]; {
			case data[i-1] == '.' && end < len(data) && data[end] == '(' && calculations.Has(word):
				methods++
			case string(word) != "String":
				return 0
			}
			i = end - 1
		case c != '.' && c != ',' && c != '+' && !lex.Digit(c):
			return 0
		}
		i++
	}
	return 0
}

// executesText reports whether what stands in front of a call of execute is a command in a string or a list,
// as Groovy runs them: 'id', ['sh','-c','id'], (c) behind c='id', 'id'.with{it
func executesText(before []byte) bool {
	object := bytes.TrimRight(before, " \t\r\n*?)")
	object = bytes.TrimSuffix(object, []byte(" as String[]"))
	if len(object) == 0 {
		return false
	}
	switch last := object[len(object)-1]; last {
	case '"', '\'':
		from := bytes.LastIndexByte(object[:len(object)-1], last) + 1
		return from > 0 && beginsCommand(object[from:len(object)-1])
	case ']':
		open := bytes.LastIndexByte(object, '[') + 1
		return open > 0 && lex.IndexQuote(object[open:min(len(object), open+2)]) >= 0
	}
	name := lastWord(object)
	if len(name) == 0 {
		return false
	}
	if lex.Equal(name, "it") {
		i := bytes.LastIndexByte(object, '{')
		return i > 0 && i >= len(object)-len(" it ")-1 && holdsCommand(object[:i])
	}
	return holdsCommand(valueOf(object[:len(object)-len(name)], name))
}

// valueOf returns what stands behind the first assignment to a variable.
func valueOf(text, name []byte) []byte {
	for {
		i := bytes.Index(text, name)
		if i < 0 {
			return nil
		}
		text = text[i+len(name):]
		if value := bytes.TrimLeft(text, " "); len(value) > 1 && value[0] == '=' && value[1] != '=' {
			return value
		}
	}
}

// holdsCommand reports whether one of the first strings of a text is a command.
func holdsCommand(text []byte) bool {
	for range maxRoots {
		i := lex.IndexQuote(text)
		if i < 0 {
			return false
		}
		text = text[i+1:]
		if beginsCommand(text) {
			return true
		}
	}
	return false
}

// beginsCommand reports whether a string of which something is run begins with a command.
func beginsCommand(text []byte) bool {
	w := readWord(text, 0)
	return rankOf(w.text()) != unknown || runs(text)
}

// spellsBytes reports whether a list of numbers that are letters follows: 105,100]
func spellsBytes(list []byte) bool {
	n := 0
	for i := 0; i < len(list); {
		i = lex.SkipSpace(list, i)
		end := i + digits(list[i:])
		if end-i < 2 || end-i > 3 || end >= len(list) {
			return false
		}
		n++
		if i = lex.SkipSpace(list, end); i >= len(list) || list[i] != ',' {
			return i < len(list) && n > 1 && (list[i] == ']' || list[i] == '}')
		}
		i++
	}
	return false
}
