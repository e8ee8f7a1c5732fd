package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxDollars bounds the names that may be operators of one value.
const maxDollars = 64

// operators finds operators with an operand in a value: as the whole value, or
// behind a string or value that was closed.
func operators(data []byte, t *evidence.Tally) {
	document := bytes.HasPrefix(data, []byte("j:{")) // a cookie of Express
	if document {
		data = data[len("j:"):]
	}
	data = bytes.TrimPrefix(data, []byte("Bearer "))
	f := front{data: data}
	for from, tries := 0, 0; tries < maxDollars; tries++ {
		i := bytes.IndexByte(data[from:], '$')
		if i < 0 {
			return
		}
		i += from
		from = i + 1
		end := lex.WordEnd(data, i+1)
		if end == i+1 {
			tries-- // no name
		}
		r := operator(data[i:end])
		if r == plain || !operand(data, end) {
			if r > joins && i == 1 && data[0] == '[' && bytes.HasPrefix(data[end:], []byte("]=")) {
				t.Add(&operatorValue, 0, end+2)
			}
			continue
		}
		switch {
		case r == joins && i < 16 && data[0] == '{' && !lex.Equal(data[i+1:end], "and") && anything(data, end):
			t.Add(&operatorValue, i, end-i)
		case document && r > joins:
			t.Add(&operatorValue, i, end-i)
		case whole(data, i) && i < 16 && !lex.Letter(data[0]):
			t.Add(&operatorValue, i, end-i)
			if r == code {
				t.Add(&codeOperator, i, end-i)
			}
		case r == code || leaves(data, i):
			t.AddWeight(&operatorInject, f.codeOrBreak(i), i, end-i)
		}
	}
}

// anything reports whether $or has an empty condition, which all documents meet:
// {"$or":[{},
func anything(data []byte, end int) bool {
	rest := data[end:min(len(data), end+16)]
	i := bytes.IndexByte(rest, '[')
	if i < 0 {
		return false
	}
	rest = bytes.TrimLeft(rest[i+1:], " ")
	return bytes.HasPrefix(rest, []byte("{}")) || bytes.HasPrefix(rest, []byte("{ }"))
}

// front is what stands in front of the operators of a value, which is read once for all of them.
type front struct {
	data  []byte
	asked bool
	prose int // the length from which on it is prose, -1 if it is none
	query int // where a database is named, -1 if none is
	read  int
	call  int // the last parenthesis in front of read, -1 if there is none
}

// codeOrBreak lowers the weight of an operator at i that prose speaks about.
func (f *front) codeOrBreak(i int) int8 {
	data := f.data
	if !f.asked {
		f.asked, f.prose, f.query, f.call = true, lex.ProseFrom(data), lex.Index(data, "db."), -1
	}
	if call := bytes.LastIndexByte(data[f.read:i], '('); call >= 0 {
		f.call = f.read + call
	}
	f.read = i
	if f.prose >= 0 && f.prose <= i {
		return 4
	}
	if lex.Letter(data[0]) && bytes.IndexByte(data[:i], ' ') > 0 && !leaves(data, i) {
		return 6
	}
	if f.call > 0 && bytes.IndexByte(data[:f.call], ' ') > 0 && lex.Word(data[f.call-1]) && f.query >= 0 && f.query+len("db.") <= f.call {
		return evidence.Gray // a query that somebody asks about
	}
	return operatorInject.Weight
}

// operand reports whether a colon follows a name, quoted or not.
func operand(data []byte, i int) bool {
	if i < len(data) && (data[i] == '"' || data[i] == '\'') {
		i++
	}
	i = lex.SkipSpace(data, i)
	return i < len(data) && data[i] == ':'
}

// whole reports whether the operator is the first member of the value: {"$ne": 1}.
func whole(data []byte, dollar int) bool {
	i := lex.SkipSpace(data, 0)
	if i < len(data) && data[i] == '{' {
		i = lex.SkipSpace(data, i+1)
	} else if dollar != i {
		return false
	}
	if i < len(data) && (data[i] == '"' || data[i] == '\'') {
		i++
	}
	return i == dollar && operator(data[dollar:lex.WordEnd(data, dollar+1)]) != joins
}

// leaves reports whether what stands in front of an operator ends a string or a
// value: a', $or: or ' } ], $comment: or , $where:.
func leaves(data []byte, dollar int) bool {
	i := dollar
	if i > 0 && (data[i-1] == '"' || data[i-1] == '\'') {
		i--
	}
	before := bytes.TrimRight(data[:i], " \t\r\n{[")
	if len(before) == 0 || before[len(before)-1] != ',' {
		return false
	}
	before = bytes.TrimRight(before[:len(before)-1], " \t\r\n}])")
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	if last != '\'' && last != '"' {
		return len(before) <= 16 && !bytes.ContainsAny(before, " {[:")
	}
	return bytes.Count(before, before[len(before)-1:])%2 == 1
}
