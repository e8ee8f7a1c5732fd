package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// operatorWord returns the index behind an operator that is a word, i if there is none.
func operatorWord(data []byte, i int) int {
	if i >= len(data) || data[i] != 'i' {
		return i
	}
	for _, w := range [...]string{"instanceof", "in"} {
		if end := i + len(w); bytes.HasPrefix(data[i:], []byte(w)) && end < len(data) && !isName(data[end]) && data[end] != '\'' && data[end] != '"' {
			return end
		}
	}
	return i
}

// betweenWords returns the index behind an operator that is a word and that blanks part from the quote
// behind which it stands, if an operator and the same quote end the value: ' in alert(1) in '
func betweenWords(data []byte, i int, quote byte) int {
	first := lex.SkipSpace(data, i)
	behind := operatorWord(data, first)
	end, ok := bytes.CutSuffix(data, []byte{quote})
	end = bytes.TrimRight(end, " ")
	if first == i || behind == first || !ok || len(end) <= behind || !operators[end[len(end)-1]] && !bytes.HasSuffix(end, []byte(" in")) && !bytes.HasSuffix(end, []byte(" instanceof")) {
		return i
	}
	return behind
}

// coerced reports whether what stands in front of a colon is the member by which an object
// is made a text or a number, of an object that an operator asks for: '+{toString:
func (r *reader) coerced(before []byte) bool {
	before = bytes.TrimRight(before, " '\"`")
	if lex.SuffixLength(before, []string{"[symbol.hasinstance]", "[symbol.iterator]", "[symbol.asynciterator]", "[symbol.toprimitive]", "[symbol['hasinstance']]", "[symbol['toprimitive']]", "[symbol.replace]", "[symbol.split]", "[symbol.match]", "[symbol.search]", "[symbol.species]"}) > 0 {
		return true
	}
	member := lex.SuffixLength(before, []string{"tostring", "valueof"})
	if member == 0 {
		return r.trapped(before)
	}
	before = bytes.TrimRight(before[:len(before)-member], " '\"`")
	return bytes.HasSuffix(before, []byte("${{")) || len(before) > 1 && before[len(before)-1] == '{' && bytes.IndexByte([]byte("+-*/%=(<>&|,[!~"), before[len(before)-2]) >= 0
}

// traps are members of an object that Proxy, Object.defineProperty, await and JSON.stringify call.
var traps = []string{"get", "set", "has", "apply", "construct", "ownkeys", "deleteproperty", "getownpropertydescriptor", "getprototypeof", "then", "tojson"}

// trapped reports whether text ends with such a member in the first place of an object that
// one of these is given: new Proxy({},{get:
func (r *reader) trapped(before []byte) bool {
	member := lex.SuffixLength(before, traps)
	if member == 0 {
		return false
	}
	before, ok := bytes.CutSuffix(bytes.TrimRight(before[:len(before)-member], " "), []byte("{"))
	if !ok {
		return false
	}
	from := max(0, len(before)-maxHead)
	return lex.Contains(before[from:], "proxy(") || lex.Contains(before[from:], "defineproperty(") || lex.HasSuffix(before, "await") || lex.HasSuffix(before, "await ") || lex.HasSuffix(before, "stringify(") || lex.HasSuffix(before, "resolve(")
}

// coerces reports whether a short value has such a member.
func coerces(data []byte) bool {
	return len(data) <= maxLined && (lex.Contains(data, "tostring") || lex.Contains(data, "valueof"))
}
