package mail

import (
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// endsHead reports whether a line behind a plain line end ends the head of a message, as servers read it: it is
// empty, or neither a field nor the rest of one.
func endsHead(data []byte, from, end int) bool {
	before := data[from-1]
	if from == end || before != '\n' && before != '\r' {
		return from == end && before == '\n'
	}
	i := from
	for i < end && data[i] > ' ' && data[i] != ':' {
		i++
	}
	colon := lex.SkipSpace(data[:end], i)
	return i > from && (colon == end || data[colon] != ':')
}

// lineEnds finds the line ends of a value, from front to back.
type lineEnds struct {
	data   []byte
	plain  bool // there are no others than CR and LF
	cr, lf int  // the next of them
}

func newLineEnds(data []byte, v *point.Value) lineEnds {
	return lineEnds{data: data, plain: v.Classes&point.High == 0 && !lex.MayAny(v.Pairs, "%0d", "%0a"), cr: -1, lf: -1}
}

// next returns where the next line end from a place on stands and how many bytes it takes.
func (l *lineEnds) next(from int) (at, width int) {
	if !l.plain {
		return lineEnd(l.data, from)
	}
	if l.cr < from {
		l.cr = lex.Next(l.data, from, '\r')
	}
	if l.lf < from {
		l.lf = lex.Next(l.data, from, '\n')
	}
	if at = min(l.cr, l.lf); at == len(l.data) {
		return -1, 0
	}
	return at, 1
}

// mayEndLine holds the bytes with which a line end may begin.
var mayEndLine = func() (t [256]bool) {
	for c := range t {
		t[c] = lex.BeginsLineEnd[c] || c >= 0xc4
	}
	return t
}()

// lineEnd returns where the next line end of any form stands and how many bytes it takes.
func lineEnd(data []byte, from int) (at, width int) {
	for i := from; i < len(data); i++ {
		if !mayEndLine[data[i]] {
			continue
		}
		if width = max(lex.NarrowLineEnd(data, i), lex.LineEnd(data, i)); width > 0 {
			return i, width
		}
	}
	return -1, 0
}
