package parse

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirnode/weir/point"
)

// characters takes text between markup: entities are replaced by what they stand for.
func (w *xmlWalk) characters(text []byte) {
	if w.depth == 0 && len(bytes.TrimSpace(text)) > 0 {
		w.bad = true
	}
	if !w.entities.markup || !w.splice(text) {
		w.append(w.expanded(text))
	}
}

// maxSplices is how deep entities may stand for references to entities that hold markup.
const maxSplices = 4

// splice reads text again in which references to entities are replaced: what they stand for may be
// markup. It reports whether there were any.
func (w *xmlWalk) splice(text []byte) bool {
	if w.spliced == maxSplices || bytes.IndexByte(text, '&') < 0 || !w.p.room(len(text)) {
		return false
	}
	before := w.entities.expanded
	e := escapes{out: w.p.arena.Grow(len(text) + utf8.UTFMax)}
	w.splicing = true
	w.expand(&e, text, 0, 0)
	w.splicing = false
	if w.entities.expanded == before {
		return false
	}
	w.spliced++
	w.read(w.p.arena.Commit(e.out))
	w.spliced--
	return true
}

// append adds to the text of the open element. One piece is borrowed, several are
// joined: whoever reads the element sees no CDATA and no comments.
func (w *xmlWalk) append(piece []byte) {
	switch {
	case len(piece) == 0:
	case len(w.text) == 0:
		w.text, w.copied = piece, false
	case !w.copied:
		w.text = append(append(w.p.scratch[:0], w.text...), piece...)
		w.copied, w.p.scratch = true, w.text
	default:
		w.text = append(w.text, piece...)
		w.p.scratch = w.text
	}
}

// flush keeps the text of the open element.
func (w *xmlWalk) flush() {
	text := w.text
	w.text = nil
	blank := len(bytes.TrimSpace(text)) == 0
	if blank && (len(text) == 0 || w.mixed == 0 || w.afterBlank()) {
		return
	}
	if w.copied {
		if !w.p.room(len(text)) {
			return
		}
		text = w.p.arena.Copy(text)
	}
	classes := point.Classify(text)
	if !blank {
		w.p.classifiedLeaf(text, classes, w.at)
		if w.mixed == 0 {
			w.mixed = w.depth
		}
	}
	if len(w.p.pieces)-w.outside >= maxPieces && !w.compact() {
		w.p.Overrun = TooMany
		return
	}
	w.p.pieces = append(w.p.pieces, xmlPiece{text, w.depth, blank, unfinished(text, classes)})
}

// afterBlank reports whether the last piece is blank.
func (w *xmlWalk) afterBlank() bool {
	n := len(w.p.pieces)
	return n > w.outside && w.p.pieces[n-1].blank
}

// compact forgets the texts of elements that are closed, and blanks behind others that nothing parts
// then. It reports whether that made room.
func (w *xmlWalk) compact() bool {
	kept := w.outside
	for level, i := 0, w.outside; i <= len(w.p.pieces); i++ {
		for level < w.depth && w.inside[level] == i {
			w.inside[level] = kept
			level++
		}
		if i < len(w.p.pieces) && w.p.pieces[i].depth > 0 && (!w.p.pieces[i].blank || kept == w.outside || !w.p.pieces[kept-1].blank) {
			w.p.pieces[kept] = w.p.pieces[i]
			kept++
		}
	}
	w.p.pieces = w.p.pieces[:kept]
	return kept-w.outside < maxPieces
}

// xmlPiece is a text that stands in the element at a depth, between others.
type xmlPiece struct {
	text  []byte
	depth int
	blank bool // it only parts others
	open  bool // it leaves open what another may close
}

// Bounds of texts that are put together; what comes beyond the second is noted.
const (
	maxPieces   = 1024
	maxTogether = 4        // times the document
	maxApart    = 64 << 10 // bytes of an element that has no text of its own
)

// join puts the texts of the element that closes together, its own and those of the elements inside
// of it, if some stand between others, or if one leaves open what another may close: readers of its
// text get it without what parts them.
func (w *xmlWalk) join(pieces []xmlPiece) {
	own, size, ownSize, open := 0, 0, 0, false
	for i := range pieces {
		size += len(pieces[i].text)
		open = open || pieces[i].open
		if pieces[i].depth == w.depth+1 {
			ownSize += len(pieces[i].text)
			if !pieces[i].blank {
				own++
			}
		}
	}
	switch {
	case len(pieces) < 2:
	case own > 0 && w.p.room(size+ownSize):
		w.together(pieces, size, 0)
		if own > 1 && own < len(pieces) {
			w.together(pieces, ownSize, w.depth+1)
		}
	case own == 0 && open && size <= maxApart && w.apart != [2]int{w.inside[w.depth], len(w.p.pieces)} && w.p.room(size):
		w.apart = [2]int{w.inside[w.depth], len(w.p.pieces)}
		w.together(pieces, size, 0)
	}
	for i := range pieces {
		pieces[i].depth = 0 // of no open element any more
	}
}

// together keeps texts as one: those at a depth, all with 0.
func (w *xmlWalk) together(pieces []xmlPiece, size, depth int) {
	if w.joined += size; w.joined > maxTogether*(len(w.data)+w.entities.expanded) {
		w.p.Overrun = TooLarge
		return
	}
	text := w.p.arena.Grow(size)
	for i := range pieces {
		if depth == 0 || pieces[i].depth == depth {
			text = append(text, pieces[i].text...)
		}
	}
	w.p.leaf(w.p.arena.Commit(text), w.at)
}
