package parse

import (
	"strconv"

	"github.com/weirnode/weir/point"
)

// itemWalk reads items.
type itemWalk struct {
	p      *Points
	format *itemFormat
	data   []byte
	said   []byte // the text that was read last, if that is the last thing read
	broken bool   // not to be read to its end
}

// next returns the head of the item at i, without its tags, and where what follows it begins.
func (w *itemWalk) next(i int) (it item, from int) {
	for i < len(w.data) {
		it = w.format.item(w.data[i:])
		if it.kind == noItem {
			break
		}
		if i += it.head; it.kind != tagItem {
			return it, i
		}
	}
	w.broken = w.broken || !w.p.cut || len(w.data)-i >= maxItemHead
	return item{}, len(w.data)
}

// content reads what follows the head of an item and returns the index behind it.
func (w *itemWalk) content(it item, i int, at place, nesting int) (end int) {
	w.said = nil
	if !w.p.room(0) {
		w.broken = true
	}
	if nesting > w.p.limits.Nesting {
		w.p.Overrun, w.broken = TooNested, true
	}
	if w.broken {
		return len(w.data)
	}
	switch it.kind {
	case textItem:
		text, end := w.text(it, i)
		w.p.leaf(text, at)
		w.said = text
		return end
	case bytesItem:
		text, end := w.text(it, i)
		w.p.bytes(text, at)
		return end
	case listItem:
		end = w.list(it, i, at, nesting)
	case objectItem:
		end = w.object(it, i, at, nesting)
	case endItem:
		w.broken = true
		return len(w.data)
	default:
		return i
	}
	w.said = nil
	return end
}

// text returns the text or the bytes of an item, its pieces put together, and the index behind it.
func (w *itemWalk) text(it item, i int) (text []byte, end int) {
	if !it.open {
		if it.size > uint64(len(w.data)-i) {
			w.broken = w.broken || !w.p.cut
			return w.data[i:], len(w.data)
		}
		end = i + int(it.size)
		return w.data[i:end], end
	}
	size, from, more := 0, i, true
	for end = i; more; {
		var piece []byte
		piece, end, more = w.piece(it.kind, end)
		size += len(piece)
	}
	switch {
	case size == 0:
		return w.data[i:i], end
	case !w.p.room(size):
		w.broken = true
		return nil, end
	}
	out := w.p.arena.Grow(size)
	for more = true; more; {
		var piece []byte
		piece, from, more = w.piece(it.kind, from)
		out = append(out, piece...)
	}
	return w.p.arena.Commit(out), end
}

// piece returns the next piece of a text and the index behind it. Where there is none that is behind the end.
func (w *itemWalk) piece(kind itemKind, i int) (text []byte, end int, more bool) {
	it, from := w.next(i)
	if it.kind != kind || it.open {
		w.broken = w.broken || it.kind != endItem && it.kind != noItem
		return nil, from, false
	}
	text, end = w.text(it, from)
	return text, end, true
}

// bytes keeps a string of bytes: as text if somebody may take it for that, as the head of a file if not.
func (p *Points) bytes(data []byte, at place) {
	if printable(data) || mostlyText(data) {
		p.value(data, at)
		return
	}
	p.maybeItems(data, at)
	at.kind = point.FileHead
	p.keep(data[:min(len(data), fileHead)], at)
}

// object reads the members of an object.
func (w *itemWalk) object(it item, i int, at place, nesting int) int {
	operator := applied(&w.p.Tree, at.ref)
	start := len(w.p.strings)
	for n := uint64(0); (it.open || n < it.size) && !w.broken; n++ {
		name, from := w.next(i)
		if it.open && name.kind == endItem {
			return from
		}
		text, end := w.name(name, from, at, nesting)
		value, from := w.next(end)
		if value.kind == noItem {
			return len(w.data)
		}
		i = w.member(text, value, from, at, operator, nesting)
		w.p.forget(start)
	}
	return i
}

// name returns the text of an item that is the name of a member, and the index behind it. Objects and
// lists have none: what is in them is kept.
func (w *itemWalk) name(it item, i int, at place, nesting int) (name []byte, end int) {
	switch it.kind {
	case textItem, bytesItem:
		return w.text(it, i)
	case numberItem:
		return w.p.number(it), i
	default:
		at.ref = w.p.Tree.AddName(at.ref, point.Hash, nil)
		return nil, w.content(it, i, at, nesting+1)
	}
}

// member reads the value of a member.
func (w *itemWalk) member(name []byte, it item, i int, at place, operator bool, nesting int) (end int) {
	classes := point.Classify(name)
	telling := tellingName(name, classes)
	if end, ok := w.spare(it, i); ok && !telling && !operator {
		return end
	}
	at.ref = w.p.Tree.AddName(at.ref, point.Hash, name)
	if telling {
		key := at
		key.kind = point.JSONKey
		w.p.classified(name, classes, key)
	}
	if it.kind == textItem && w.p.asksGQL(name, at.ref) {
		text, end := w.text(it, i)
		w.p.query(text, point.Classify(text), at)
		return end
	}
	return w.content(it, i, at, nesting+1)
}

// spare steps over an item that no detector reads, if such are left out.
func (w *itemWalk) spare(it item, i int) (end int, ok bool) {
	switch {
	case !w.p.lean:
		return i, false
	case it.kind == numberItem || it.kind == plainItem:
		return i, true
	case it.kind != textItem || it.open || it.size >= minToken || it.size > uint64(len(w.data)-i):
		return i, false
	}
	end = i + int(it.size)
	w.said = w.data[i:end]
	return end, spareText(w.said, point.Classify(w.said))
}

// list reads the elements of a list. Its texts and numbers are joined besides if a text leaves open
// what another may close; those of a list within it stand in its place.
func (w *itemWalk) list(it item, i int, at place, nesting int) int {
	p, start, open := w.p, len(w.p.strings), false
	for n := 0; (it.open || uint64(n) < it.size) && !w.broken; n++ {
		element, from := w.next(i)
		if it.open && element.kind == endItem {
			i = from
			break
		}
		w.said = nil
		var ok bool
		if i, ok = w.spare(element, from); !ok {
			child := at
			child.ref = p.Tree.AddIndex(at.ref, point.Array, n)
			i = w.content(element, from, child, nesting+1)
			open = open || unfinished(w.said, point.Classify(w.said))
		}
		w.note(element)
	}
	if open {
		p.joinTexts(p.strings[start:], at)
	}
	return i
}

// note keeps what an element of a list is in a text that joins it: what the walk said, or digits.
func (w *itemWalk) note(element item) {
	switch p := w.p; {
	case len(p.strings) >= maxSame:
	case element.kind == numberItem:
		p.strings = append(p.strings, p.number(element))
	case element.kind == objectItem:
		p.strings = append(p.strings, objectText)
	case w.said != nil:
		p.strings = append(p.strings, w.said)
	}
}

// number returns a whole number as text.
func (p *Points) number(it item) []byte {
	if !it.negative {
		return p.fieldNumber(it.size)
	}
	return p.arena.Commit(strconv.AppendUint(append(p.arena.Grow(maxDigits), '-'), it.size, 10))
}

// maxDigits is how long a whole number is at most as text.
const maxDigits = 21
