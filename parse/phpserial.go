package parse

import (
	"bytes"
	"strconv"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maybePHP reads a value that PHP's serialize wrote: strings become values below
// [php_serial], named by the keys of their arrays and objects.
func (p *Points) maybePHP(data []byte, at place) {
	switch data[0] {
	case 'a', 'O', 'C', 's', 'S':
	default:
		return
	}
	w := phpWalk{p: p, data: data}
	if _, next, ok := w.number(2); !ok || next >= len(data) || data[next] != '"' && data[next] != '{' {
		return
	}
	at = at.deeper(p.Tree.Add(at.ref, point.PHPSerial), 0)
	if _, ok := w.value(0, at, 0); !ok {
		p.anomaly(at.ref, BadSerial)
	}
}

// phpWalk reads one serialized value.
type phpWalk struct {
	p    *Points
	data []byte
}

// value reads the value at i.
func (w *phpWalk) value(i int, at place, nesting int) (next int, ok bool) {
	if i+1 >= len(w.data) || !w.p.room(0) {
		return i, false
	}
	if nesting > w.p.limits.Nesting {
		w.p.Overrun = TooNested
		return i, false
	}
	switch w.data[i] {
	case 's', 'S':
		text, next, ok := w.string(i)
		if ok {
			w.p.value(text, at)
		}
		if ok && next < len(w.data) && w.data[next] == ';' {
			next++
		}
		return next, ok
	case 'a':
		return w.members(i+2, at, nesting)
	case 'O', 'C':
		class, next, ok := w.text(i + 2)
		if !ok {
			return i, false
		}
		w.p.key(class, at)
		return w.members(next+1, at, nesting)
	default: // a number, a truth value, a reference, nothing
		end := bytes.IndexByte(w.data[i:], ';')
		return i + end + 1, end >= 0
	}
}

// string reads the string at i, in which S says that there are escapes of two hexadecimal digits.
func (w *phpWalk) string(i int) (text []byte, next int, ok bool) {
	if w.data[i] == 's' {
		return w.text(i + 2)
	}
	n, start, ok := w.number(i + 2)
	if !ok || start >= len(w.data) || w.data[start] != '"' || !w.p.room(len(w.data)-start) {
		return nil, i, false
	}
	rest := w.data[start+1:]
	out := w.p.arena.Grow(min(n, len(rest)))
	read := 0
	for len(out) < n && read < len(rest) {
		if rest[read] == '\\' && read+2 < len(rest) && isHex(rest[read+1:read+3]) {
			out = append(out, lex.Hex(rest[read+1])<<4|lex.Hex(rest[read+2]))
			read += 3
			continue
		}
		out = append(out, rest[read])
		read++
	}
	if read < len(rest) && rest[read] == '"' {
		return w.p.arena.Commit(out), start + read + 2, true
	}
	return w.text(i + 2)
}

// text reads length:"bytes" at i. A length that is wrong is not believed.
func (w *phpWalk) text(i int) (text []byte, next int, ok bool) {
	n, start, ok := w.number(i)
	if !ok || start >= len(w.data) || w.data[start] != '"' {
		return nil, i, false
	}
	start++
	if n <= len(w.data)-start && start+n < len(w.data) && w.data[start+n] == '"' {
		return w.data[start : start+n], start + n + 1, true
	}
	if n = bytes.IndexByte(w.data[start:], '"'); n >= 0 {
		return w.data[start : start+n], start + n + 1, true
	}
	return w.data[start:], len(w.data), true
}

// number reads digits and the colon behind them.
func (w *phpWalk) number(i int) (n, next int, ok bool) {
	colon := bytes.IndexByte(w.data[min(i, len(w.data)):min(i+10, len(w.data))], ':')
	if colon <= 0 {
		return 0, i, false
	}
	n, err := strconv.Atoi(string(w.data[i : i+colon]))
	return n, i + colon + 1, err == nil && n >= 0
}

// members reads count:{key value ...} at i.
func (w *phpWalk) members(i int, at place, nesting int) (next int, ok bool) {
	_, i, ok = w.number(i)
	if !ok || i >= len(w.data) || w.data[i] != '{' {
		return i, false
	}
	i++
	for index := 0; i < len(w.data) && w.data[i] != '}'; index++ {
		child := at
		if w.data[i]|0x20 == 's' {
			var name []byte
			if name, i, ok = w.string(i); !ok {
				return i, false
			}
			i++
			child.ref = w.p.Tree.AddName(at.ref, point.Hash, name)
			w.p.key(name, child)
		} else {
			child.ref = w.p.Tree.AddIndex(at.ref, point.Array, index)
			end := bytes.IndexByte(w.data[i:], ';')
			if end < 0 {
				return i, false
			}
			i += end + 1
		}
		if i, ok = w.value(i, child, nesting+1); !ok {
			return i, false
		}
	}
	return i + 1, i < len(w.data)
}
