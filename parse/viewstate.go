package parse

import (
	"encoding/binary"

	"github.com/weirnode/weir/point"
)

// viewstate reads what ASP.NET's LosFormatter wrote: strings become values below
// [viewstate], serialized objects too. It reports whether it could read the whole.
func (p *Points) viewstate(data []byte, at place) bool {
	at = at.deeper(p.Tree.Add(at.ref, point.Viewstate), 0)
	w := stateWalk{p: p, rest: data[2:], at: at}
	before := len(p.Values)
	w.value(0)
	return len(p.Values) > before || !w.bad
}

// stateWalk reads one view state.
type stateWalk struct {
	p    *Points
	rest []byte
	at   place
	bad  bool
}

// What follows a token, beside those that [stateWalk.value] reads itself: so many bytes.
var stateWidths = [256]int8{
	0x03: 1, 0x06: 8, 0x07: 8, 0x08: 4, 0x09: 4, 0x1b: 12, 0x1f: 1, 0x2b: 1,
}

// value reads one value.
func (w *stateWalk) value(nesting int) {
	token, ok := w.byte()
	if !ok || nesting > w.p.limits.Nesting || !w.p.room(0) {
		w.bad = true
		return
	}
	switch token {
	case 0x01, 0x02, 0x0a: // a number
		w.number()
	case 0x04: // a character
		w.number()
	case 0x05, 0x1e, 0x29, 0x2a: // a string, of types too
		w.text()
	case 0x32: // a serialized object
		w.text()
	case 0x0b: // an enumeration: type and value
		w.value(nesting + 1)
		w.number()
	case 0x0f:
		w.values(2, nesting)
	case 0x10:
		w.values(3, nesting)
	case 0x15: // strings
		for range w.number() {
			if w.bad || !w.p.room(0) {
				return
			}
			w.text()
		}
	case 0x14: // an array of one type
		w.value(nesting + 1)
		w.values(w.number(), nesting)
	case 0x16: // a list
		w.values(w.number(), nesting)
	case 0x17, 0x18: // dictionaries
		w.values(2*w.number(), nesting)
	case 0x0c, 0x64, 0x65, 0x66, 0x67, 0x68: // empty, null, zero, true, false
	default:
		w.take(int(stateWidths[token]))
		w.bad = w.bad || stateWidths[token] == 0
	}
}

func (w *stateWalk) values(n, nesting int) {
	for range n {
		if w.bad {
			return
		}
		w.value(nesting + 1)
	}
}

func (w *stateWalk) byte() (byte, bool) {
	if len(w.rest) == 0 {
		return 0, false
	}
	c := w.rest[0]
	w.rest = w.rest[1:]
	return c, true
}

func (w *stateWalk) take(n int) []byte {
	if n < 0 || n > len(w.rest) {
		w.bad = true
		n = len(w.rest)
	}
	out := w.rest[:n]
	w.rest = w.rest[n:]
	return out
}

// number reads seven bits a byte, the lowest first.
func (w *stateWalk) number() int {
	n, width := binary.Uvarint(w.rest)
	if width <= 0 || n > 1<<24 {
		w.bad = true
		return 0
	}
	w.rest = w.rest[width:]
	return int(n)
}

// text keeps bytes with their length before them.
func (w *stateWalk) text() {
	at := w.at
	at.kind = point.Text
	if text := w.take(w.number()); len(text) > 0 {
		w.p.value(text, at)
	}
}
