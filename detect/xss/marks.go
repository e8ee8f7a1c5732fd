package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// mark is one for which all that follows a word is searched.
type mark uint8

const (
	paren mark = iota
	closingParen
	backtick
	less
	remarkEnd
	hexParen
	unicodeParen
	octalParen
	braceParen
	throws
	cookies
	slashes
	calledAgain
	blank
	secondBlank
	thirdBlank
	allMarks
)

var spellings = [allMarks]string{"(", ")", "`", "<", "*/", `\x28`, `\u0028`, `\50`, `\u{28}`, "throw", "cookie", "//", ")(", " ", " ", " "}

// in returns where a mark stands in data, -1 if nowhere. Words stand in either case.
func (m mark) in(data []byte) int {
	if m == throws || m == cookies {
		return lex.Index(data, spellings[m])
	}
	return bytes.Index(data, []byte(spellings[m]))
}

// found is where a mark stands next, and from where on that holds.
type found struct{ from, behind int32 }

// find returns where a mark stands at or behind an index, the length of the data if nowhere. Most questions are for
// what stands further on than the last, so that a byte is looked at once for each mark.
func (r *reader) find(m mark, from int) int {
	f := &r.marks[m]
	if r.quiet != nil {
		f = &r.quiet.marks[m]
	}
	if int(f.behind) <= from || from < int(f.from) {
		i := m.in(r.data[from:])
		if i < 0 {
			i = len(r.data) - from
		}
		*f = found{int32(from), int32(from + i + 1)}
	}
	return int(f.behind) - 1
}

// follows reports whether a mark stands in the rest of the data.
func (r *reader) follows(m mark, rest []byte) bool {
	return r.find(m, len(r.data)-len(rest)) < len(r.data)
}
