package parse

import "github.com/weirnode/weir/point"

// itemKind says what an item of MessagePack or CBOR is.
type itemKind uint8

const (
	noItem     itemKind = iota // nothing that the format knows, or its end is not there
	plainItem                  // true, false, null, a fraction, a time
	numberItem                 // a whole number
	textItem
	bytesItem
	listItem
	objectItem
	tagItem // says of what sort the item behind it is
	endItem // ends an item that does not say how long it is
)

// item is the head of an item.
type item struct {
	kind     itemKind
	negative bool
	open     bool   // an end stands behind what is in it
	size     uint64 // its bytes, elements or members; the number itself
	head     int    // bytes of the head
}

// maxItemHead is how long the head of an item is at most, in bytes.
const maxItemHead = 9

// itemFormat is a format of objects and lists in which every item says first what it is and how long.
type itemFormat struct {
	parser ParserSet
	tag    point.Tag
	flaw   Reason
}

var (
	msgpackFormat = itemFormat{MsgpackParser, point.Msgpack, BadMsgpack}
	cborFormat    = itemFormat{CBORParser, point.CBOR, BadCBOR}
	itemFormats   = [...]*itemFormat{&msgpackFormat, &cborFormat}
)

// item reads the head of the item that begins data, which is not empty. Behind a pointer to a function
// data would escape.
func (f *itemFormat) item(data []byte) item {
	if f.parser == CBORParser {
		return cborItem(data)
	}
	return msgpackItem(data)
}

// opensItems holds the bytes with which an object or a list begins in one of the formats.
var opensItems = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= 0x80 && c < 0xc0 || c >= 0xd8 && c < 0xe0
	}
	return t
}()

// items reads objects and lists, one behind the other, into points below the tag of their format. It
// reports whether that is all there is.
func (p *Points) items(f *itemFormat, data []byte, at place) (whole bool) {
	at = at.deeper(p.Tree.Add(at.ref, f.tag), 0)
	at.kind = point.Text
	w := itemWalk{p: p, format: f, data: data}
	start := len(p.strings)
	whole = true
	for i := 0; i < len(data) && !w.broken; {
		it, from := w.next(i)
		whole = whole && it.kind >= listItem // bytes of text are numbers to MessagePack
		i = w.content(it, from, at, 0)
		p.forget(start)
	}
	if whole = whole && !w.broken; !whole {
		p.anomaly(at.ref, f.flaw)
	}
	return whole
}

// maybeItems reads data that is an object or a list of one of the formats and nothing else. Who does
// not know of the format takes it as it is: the caller keeps it besides.
func (p *Points) maybeItems(data []byte, at place) {
	if len(data) == 0 || !opensItems[data[0]] || int(at.layer) >= p.limits.Depth {
		return
	}
	for _, f := range itemFormats {
		if f.holds(data, p.cut) && p.on(f.parser, at.ref) {
			p.items(f, data, at)
		}
	}
}

// likeItems reports whether data may be the beginning of an object or a list of one of the formats.
func likeItems(head []byte) bool {
	return len(head) > 0 && opensItems[head[0]] && (msgpackFormat.holds(head, true) || cborFormat.holds(head, true))
}

// openItem is an item within which others stand.
type openItem struct {
	item
	read uint64 // items read of it
}

// holds reports whether data is one object or list as programs write them, and nothing else: names are
// texts or numbers. Data that is cut may end anywhere.
func (f *itemFormat) holds(data []byte, cut bool) bool {
	var stack [defaultNesting + 1]openItem
	open := stack[:0]
	for i := 0; i < len(data); {
		it := f.item(data[i:])
		if it.kind == noItem {
			return cut && len(open) > 0 && len(data)-i < maxItemHead
		}
		if i += it.head; it.kind == tagItem {
			continue
		}
		if n := len(open); n == 0 && it.kind != listItem && it.kind != objectItem || n > 0 && !open[n-1].takes(it) {
			return false
		}
		switch {
		case it.kind == endItem:
			open = open[:len(open)-1]
		case it.kind >= listItem || it.open:
			if len(open) == cap(open) {
				return false
			}
			open = append(open, openItem{item: it})
		case it.kind == textItem || it.kind == bytesItem:
			if it.size > uint64(len(data)-i) {
				return cut
			}
			i += int(it.size)
		}
		for len(open) > 0 && open[len(open)-1].full() {
			open = open[:len(open)-1]
		}
		if len(open) == 0 {
			return i == len(data)
		}
	}
	return cut && len(open) > 0
}

// takes counts an item within another and reports whether it may stand there.
func (o *openItem) takes(it item) bool {
	isName := o.kind == objectItem && o.read&1 == 0
	o.read++
	switch {
	case it.kind == endItem:
		return o.open && (o.kind != objectItem || isName)
	case o.kind == textItem || o.kind == bytesItem:
		return it.kind == o.kind && !it.open
	default:
		return !isName || it.kind == textItem || it.kind == numberItem
	}
}

// full reports whether nothing more belongs to an item.
func (o *openItem) full() bool {
	read := o.read
	if o.kind == objectItem {
		read /= 2
	}
	return !o.open && read >= o.size && (o.kind != objectItem || o.read&1 == 0)
}
