package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// operatorWord returns the index behind an operator that is a word, i if there is none.
func operatorWord(data []byte, i int) int {
	for _, w := range [...]string{"instanceof", "in"} {
		if end := i + len(w); bytes.HasPrefix(data[min(i, len(data)):], []byte(w)) && end < len(data) && !isName(data[end]) && data[end] != '\'' && data[end] != '"' {
			return end
		}
	}
	return i
}

// coerced reports whether what stands in front of a colon is the member by which an object
// is made a text or a number, of an object that an operator asks for: '+{toString:
func (r *reader) coerced(before []byte) bool {
	before = bytes.TrimRight(before, " '\"`")
	member := lex.SuffixLength(before, []string{"tostring", "valueof", "[symbol.toprimitive]"})
	if member == 0 {
		return false
	}
	before = bytes.TrimRight(before[:len(before)-member], " '\"`")
	return len(before) > 1 && before[len(before)-1] == '{' && bytes.IndexByte([]byte("+-*/%=(<>&|,[!~"), before[len(before)-2]) >= 0
}

// coerces reports whether a short value has such a member.
func coerces(data []byte) bool {
	return len(data) <= maxLined && (lex.Contains(data, "tostring") || lex.Contains(data, "valueof"))
}
