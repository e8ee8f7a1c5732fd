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
	asked asked
}

func newMeter(data []byte) meter { return meter{data: data, left: len(data) + 8<<10} }

// text returns the value up to where a read that begins at i may go.
func (m *meter) text(i int) []byte {
	if m.left > 0 {
		return m.data
	}
	return m.data[:min(len(m.data), i+closely)]
}

// asked are the last values of attributes whose code was read, and whether it calls a sink: what is repeated
// gives the same ones.
type asked struct {
	values [maxAsked][]byte
	calls  [maxAsked]bool
	next   int
}

const maxAsked = 4

// callsSink is the function of this name with what was asked.
func (m *meter) callsSink(value []byte) bool {
	a := &m.asked
	for i, v := range &a.values {
		if len(v) > 0 && bytes.Equal(v, value) {
			return a.calls[i]
		}
	}
	calls := callsSink(value)
	a.values[a.next], a.calls[a.next] = value, calls
	a.next = (a.next + 1) % maxAsked
	return calls
}

// reading is what is remembered of markup while its tags are read.
type reading struct {
	meter
	opened int       // where the last script element begins, -1 if none did
	named  lex.Ahead // of names of elements
}

func read(data []byte) reading {
	return reading{meter: newMeter(data), opened: -1, named: lex.NewAhead(data, "name")}
}

// spend takes the bytes that were read.
func (m *meter) spend(n int) { m.left -= n }
