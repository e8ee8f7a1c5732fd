package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// closely is how far a read that begins somewhere in a value may go once the value's
// meter has run out.
const closely = 64

// meter bounds what it costs to read one value from many places: reads that overlap, as
// those of <a href=<a href=, would each take all that follows. In what is well formed
// they do not overlap, so that the meter runs out in floods only.
type meter struct {
	data  []byte
	left  int
	sinks asked // whether values call a sink
	texts asked // whether texts of Mavo run code

	triggers found // where an attribute's name stands that has others loaded
}

func newMeter(data []byte) meter { return meter{data: data, left: len(data) + 8<<10} }

// text returns the value up to where a read that begins at i may go.
func (m *meter) text(i int) []byte {
	if m.left > 0 {
		return m.data
	}
	return m.data[:min(len(m.data), i+closely)]
}

// asked are the last values of which something was asked, and the answers: what is repeated gives the same ones.
type asked struct {
	values  [maxAsked][]byte
	answers [maxAsked]bool
	next    int
}

const maxAsked = maxSteps

// ask returns the answer for a value.
func (a *asked) ask(value []byte, of func([]byte) bool) bool {
	for i, v := range &a.values {
		if len(v) > 0 && bytes.Equal(v, value) {
			return a.answers[i]
		}
	}
	is := of(value)
	a.values[a.next], a.answers[a.next] = value, is
	a.next = (a.next + 1) % maxAsked
	return is
}

// reading is what is remembered of markup while its tags are read.
type reading struct {
	meter
	opened int       // where the last script element begins, -1 if none did
	lines  lines     // in which remarks of scripts stand
	fonts  lex.Ahead // of Google's
	forms  forms
	named  lex.Ahead // of names of elements
}

func read(data []byte) reading {
	return reading{meter: newMeter(data), opened: -1, named: lex.NewAhead(data, "name"), fonts: lex.NewAhead(data, "://fonts.googleapis.com/"), forms: formsOf(data)}
}

// spend takes the bytes that were read.
func (m *meter) spend(n int) { m.left -= n }

// lines remembers where the line of a script ends that was asked for last: many may begin in it.
type lines struct{ from, next int }

// end returns where the line that holds i ends in the first bytes of a value, -1 if it does not.
func (l *lines) end(value, data []byte, i int) int {
	if i < l.from || l.next < i {
		l.from, l.next = i, i
		for l.next < len(value) && !endsLine(value, l.next) {
			l.next++
		}
	}
	if l.next >= len(data) || !endsLine(data, l.next) {
		return -1
	}
	return l.next
}

// endsLine reports whether what a line of a script ends with stands at i: CR, LF, U+2028 or U+2029.
func endsLine(data []byte, i int) bool {
	switch data[i] {
	case '\r', '\n':
		return true
	case 0xe2:
		return i+2 < len(data) && data[i+1] == 0x80 && data[i+2]|1 == 0xa9
	}
	return false
}
