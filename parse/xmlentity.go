package parse

import (
	"bytes"
	"unicode/utf8"
)

// Limits of entities. A document whose entities would come to more than maxExpanded
// bytes, or of which one stands for more than maxGrowth others, is a bomb.
const (
	maxEntities = 256
	maxGrowth   = 10_000
	maxExpanded = 1 << 20
	reference   = 16 // what a reference costs besides
)

// entity is a declared entity.
type entity struct {
	name, value []byte
	parameter   bool // of document types
	growth      int  // entities that it stands for; 0 not known yet, <0 being counted
}

// entities are what a document type declares.
type entities struct {
	list     []entity
	expanded int  // bytes that references stand for
	markup   bool // a value may hold markup
	bomb     bool
}

func (e *entities) find(name []byte, parameter bool) *entity {
	if len(name) == 0 { // a reference to nothing, although somebody may declare it
		return nil
	}
	for i := range e.list {
		if e.list[i].parameter == parameter && bytes.Equal(e.list[i].name, name) {
			return &e.list[i]
		}
	}
	return nil
}

// weigh counts how many entities each stands for.
func (w *xmlWalk) weigh() {
	for i := range w.entities.list {
		if w.entities.count(&w.entities.list[i]) > maxGrowth {
			w.bomb()
			return
		}
	}
}

func (w *xmlWalk) bomb() {
	if !w.entities.bomb {
		w.entities.bomb = true
		w.p.anomaly(w.root.ref, DataBomb)
	}
}

// count returns how many entities one stands for; one that stands for itself, for
// more than anybody wants.
func (e *entities) count(one *entity) int {
	if one.growth != 0 {
		if one.growth < 0 {
			return maxGrowth + 1
		}
		return one.growth
	}
	one.growth = -1
	total := 1
	for rest := one.value; total <= maxGrowth; {
		i := bytes.IndexAny(rest, "&%")
		if i < 0 {
			break
		}
		if other := e.find(referred(rest[i:]), rest[i] == '%'); other != nil {
			total += e.count(other)
		}
		rest = rest[i+1:]
	}
	one.growth = min(total, maxGrowth+1)
	return one.growth
}

// referred returns the name in the reference that begins b, nil if it is none.
func referred(b []byte) []byte {
	for i := 1; i < len(b); i++ {
		if b[i] == ';' {
			return b[1:i]
		}
		if b[i] == '&' || b[i] == '%' || isNameEnd(b[i]) {
			break
		}
	}
	return nil
}

// expanded replaces references in text: to characters, and to declared entities with what their
// values refer to.
func (w *xmlWalk) expanded(text []byte) []byte {
	if bytes.IndexByte(text, '&') < 0 || !w.p.room(len(text)) {
		return text
	}
	e := escapes{out: w.p.arena.Grow(len(text) + utf8.UTFMax)}
	w.expand(&e, text, 0, 0)
	return w.p.arena.Commit(e.out)
}

// maxReferences is how deep values of entities may refer to others.
const maxReferences = 64

// expand appends text, for which there is room and for behind bytes that are to follow it.
func (w *xmlWalk) expand(e *escapes, text []byte, level, behind int) {
	for len(text) > 0 {
		plain := bytes.IndexByte(text, '&')
		if plain < 0 {
			plain = len(text)
		}
		e.out = append(e.out, text[:plain]...)
		if text = text[plain:]; len(text) == 0 {
			return
		}
		n := w.insert(e, text, level, behind)
		if n == 0 && (!w.splicing || level > 0 && bytes.HasPrefix(text, []byte("&#"))) {
			n = e.entity(text)
		}
		if n == 0 {
			e.out = append(e.out, '&')
			n = 1
		}
		text = text[n:]
	}
}

// insert puts the value of a declared entity in place of a reference, and returns its length, 0 if
// it is none.
func (w *xmlWalk) insert(e *escapes, b []byte, level, behind int) int {
	if len(w.entities.list) == 0 || level > 0 && w.entities.bomb {
		return 0
	}
	name := referred(b)
	one := w.entities.find(name, false)
	if one == nil {
		return 0
	}
	if level == maxReferences {
		w.p.Overrun = TooNested
		return 0
	}
	n := len(name) + len("&;")
	growth := 1
	if level == 0 {
		growth = max(one.growth, 1)
	}
	w.entities.expanded += reference + len(one.value)*growth
	if w.entities.expanded > maxExpanded {
		w.bomb()
		return n
	}
	value := one.value
	behind += len(b) - n
	if !w.p.room(len(e.out) + len(value) + behind) {
		return n
	}
	if cap(e.out)-len(e.out) < len(value)+behind+utf8.UTFMax {
		e.out = append(w.p.arena.Grow(len(e.out)*2+len(value)+behind+utf8.UTFMax), e.out...)
	}
	w.expand(e, value, level+1, behind)
	return n
}
