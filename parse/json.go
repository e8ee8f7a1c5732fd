package parse

import (
	"unicode/utf8"

	"github.com/weirnode/weir/point"
)

// maybeJSON reads a value as JSON if it begins like a document.
func (p *Points) maybeJSON(data []byte, at place) {
	i := skipBlank(data, 0)
	if i >= len(data)-1 || data[i] != '{' && data[i] != '[' {
		return
	}
	next := data[min(skipBlank(data, i+1), len(data)-1)]
	if data[i] == '{' && next != '"' && next != '}' && next != '\'' {
		return
	}
	if data[i] == '[' && next != '"' && next != '{' && next != '[' && next != ']' && next != '-' && (next < '0' || next > '9') && next != 't' && next != 'f' && next != 'n' {
		return
	}
	p.json(data, at)
}

// json reads a document into points below [json_doc]. It is lenient: what can be
// read is read, the rest is an anomaly.
func (p *Points) json(data []byte, at place) {
	at = at.deeper(p.Tree.Add(at.ref, point.JSONDoc), 0)
	at.kind = point.Text
	w := jsonWalk{p: p, data: data}
	end := skipBlank(data, w.value(skipBlank(data, 0), at, 0))
	if w.bad || end < len(data) {
		p.anomaly(at.ref, BadJSON)
		if end < len(data) && p.room(0) { // what follows the document may be read by somebody
			p.Values = append(p.Values, point.Value{Data: data[end:], Ref: at.ref, Classes: point.Classify(data[end:]), Layer: at.layer})
		}
	}
}

// jsonWalk reads one document.
type jsonWalk struct {
	p    *Points
	data []byte
	bad  bool
}

func skipBlank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// value reads the value at i and returns the index behind it.
func (w *jsonWalk) value(i int, at place, nesting int) int {
	if i >= len(w.data) || !w.p.room(0) {
		w.bad = true
		return len(w.data)
	}
	if nesting > w.p.limits.Nesting {
		w.p.Overrun, w.bad = TooNested, true
		return len(w.data)
	}
	switch w.data[i] {
	case '{':
		return w.object(i+1, at, nesting)
	case '[':
		return w.array(i+1, at, nesting)
	case '"', '\'':
		text, end := w.text(i)
		w.p.value(text, at)
		return end
	default:
		return w.word(i, at)
	}
}

func (w *jsonWalk) object(i int, at place, nesting int) int {
	for {
		i = skipBlank(w.data, i)
		switch {
		case i >= len(w.data):
			w.bad = true
			return i
		case w.data[i] == '}':
			return i + 1
		case w.data[i] == ',':
			i++
			continue
		}
		var name []byte
		if c := w.data[i]; c == '"' || c == '\'' {
			name, i = w.text(i)
		} else {
			start := i
			i = w.wordEnd(i)
			if i == start { // no name can begin here
				w.bad = true
				return len(w.data)
			}
			name, w.bad = w.data[start:i], true
		}
		child := at
		child.ref = w.p.Tree.AddName(at.ref, point.Hash, name)
		w.p.key(name, child)
		i = skipBlank(w.data, i)
		if i >= len(w.data) || w.data[i] != ':' {
			w.bad = true
			continue
		}
		i = w.value(skipBlank(w.data, i+1), child, nesting+1)
		if !w.p.room(0) {
			return len(w.data)
		}
	}
}

func (w *jsonWalk) array(i int, at place, nesting int) int {
	for index := 0; ; {
		i = skipBlank(w.data, i)
		switch {
		case i >= len(w.data):
			w.bad = true
			return i
		case w.data[i] == ']':
			return i + 1
		case w.data[i] == ',':
			i++
			continue
		case w.data[i] == '}' || w.data[i] == ':':
			w.bad = true
			i++
			continue
		}
		child := at
		child.ref = w.p.Tree.AddIndex(at.ref, point.Array, index)
		index++
		i = w.value(i, child, nesting+1)
		if !w.p.room(0) {
			return len(w.data)
		}
	}
}

// word reads a number, true, false, null, or what stands in their place.
func (w *jsonWalk) word(i int, at place) int {
	end := w.wordEnd(i)
	if end == i {
		w.bad = true
		return i + 1
	}
	word := w.data[i:end]
	if classes := point.Classify(word); classes&^(point.Alpha|point.Digit|point.Dash|point.Dot|point.Plus) != 0 {
		w.bad = true
		w.p.value(word, at)
	} else {
		w.p.Values = append(w.p.Values, point.Value{Data: word, Ref: at.ref, Classes: classes, Kind: point.Number, Layer: at.layer, Flags: at.flags})
	}
	return end
}

func (w *jsonWalk) wordEnd(i int) int {
	for i < len(w.data) {
		switch w.data[i] {
		case ',', '}', ']', ':', ' ', '\n', '\r', '\t', '{', '[', '"':
			return i
		}
		i++
	}
	return i
}

// text reads the string that opens at i and returns it without escapes.
func (w *jsonWalk) text(i int) (text []byte, end int) {
	quote := w.data[i]
	w.bad = w.bad || quote == '\''
	i++
	for end = i; end < len(w.data) && w.data[end] != quote; end++ {
		if w.data[end] == '\\' {
			return w.escaped(i, end, quote)
		}
	}
	if end == len(w.data) {
		w.bad = true
		return w.data[i:], end
	}
	return w.data[i:end], end + 1
}

// escaped reads the rest of a string from its first backslash on.
func (w *jsonWalk) escaped(start, i int, quote byte) (text []byte, end int) {
	for end = i; end < len(w.data) && w.data[end] != quote; end++ {
		if w.data[end] == '\\' {
			end++
		}
	}
	end = min(end, len(w.data))
	if !w.p.room(end - start) {
		return w.data[start:end], end
	}
	out := append(w.p.arena.Grow(end-start+utf8.UTFMax), w.data[start:i]...)
	for i < end {
		c := w.data[i]
		if c != '\\' || i+1 >= end {
			out = append(out, c)
			i++
			continue
		}
		i += 2
		switch c = w.data[i-1]; c {
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'u':
			var r rune
			r, i = w.unicode(i, end)
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, c)
		}
	}
	text = w.p.arena.Commit(out)
	if end == len(w.data) {
		w.bad = true
		return text, end
	}
	return text, end + 1
}

// unicode reads the digits of \uXXXX at i, and the second half of a surrogate pair.
func (w *jsonWalk) unicode(i, end int) (rune, int) {
	r, ok := hex4(w.data[i:end])
	if !ok {
		w.bad = true
		return utf8.RuneError, i
	}
	i += 4
	if r >= 0xd800 && r < 0xdc00 && i+6 <= end && w.data[i] == '\\' && w.data[i+1] == 'u' {
		if low, ok := hex4(w.data[i+2 : end]); ok && low >= 0xdc00 && low < 0xe000 {
			return (r-0xd800)<<10 | (low - 0xdc00) + 0x10000, i + 6
		}
	}
	return r, i
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 || !isHex(b[:4]) {
		return 0, false
	}
	return rune(hexValue(b[0]))<<12 | rune(hexValue(b[1]))<<8 | rune(hexValue(b[2]))<<4 | rune(hexValue(b[3])), true
}
