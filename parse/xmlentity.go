package parse

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Limits of entities. A document whose entities would come to more than maxExpanded
// bytes, or of which one stands for more than maxGrowth others, is a bomb.
const (
	maxEntities = 256
	maxGrowth   = 10_000
	maxExpanded = 1 << 20
	maxInsert   = 16 << 10 // of one reference
	maxName     = 128
	reference   = 16 // what a reference costs besides
)

// entity is a declared entity.
type entity struct {
	name, value []byte
	growth      int // entities that it stands for; 0 not known yet, <0 being counted
}

// entities are what a document type declares.
type entities struct {
	list     []entity
	expanded int // bytes that references stand for
	bomb     bool
}

func (e *entities) find(name []byte) *entity {
	for i := range e.list {
		if bytes.Equal(e.list[i].name, name) {
			return &e.list[i]
		}
	}
	return nil
}

// doctype reads a document type: itself a value, and the value of each entity that
// it declares.
func (w *xmlWalk) doctype(b []byte) int {
	w.flush()
	n := w.doctypeEnd(b)
	at := w.root
	at.ref, at.kind = w.p.Tree.Add(w.root.ref, point.XMLDTD), point.XMLDecl
	w.p.keep(b[:n], at)
	if subset := bytes.IndexByte(b[:n], '['); subset >= 0 {
		w.declarations(b[subset+1 : n])
		w.weigh()
	}
	return n
}

// doctypeEnd returns the length of a document type: brackets and quotes count.
func (w *xmlWalk) doctypeEnd(b []byte) int {
	inside := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c == '[':
			inside = true
		case c == ']':
			inside = false
		case c == '>' && !inside:
			return i + 1
		case c == '"' || c == '\'':
			end := bytes.IndexByte(b[i+1:], c)
			if end < 0 {
				w.bad = true
				return len(b)
			}
			i += end + 1
		case inside && c == '<' && bytes.HasPrefix(b[i:], []byte("<!--")):
			end := bytes.Index(b[i:], []byte("-->"))
			if end < 0 {
				w.bad = true
				return len(b)
			}
			i += end + 2
		}
	}
	w.bad = w.bad || !w.p.cut
	return len(b)
}

// declarations reads the entities of an internal subset.
func (w *xmlWalk) declarations(b []byte) {
	at := w.root
	for index := 0; w.p.room(0); index++ {
		i := bytes.Index(b, []byte("<!ENTITY"))
		if i < 0 {
			return
		}
		b = b[i+len("<!ENTITY"):]
		name, rest := xmlWord(b)
		if len(name) == 1 && name[0] == '%' {
			name, rest = xmlWord(rest)
		}
		at.ref = w.p.Tree.AddIndex(w.root.ref, point.XMLDTDEntity, index)
		var value []byte
		value, b = w.entityValue(rest, at)
		if value == nil {
			continue
		}
		if len(w.entities.list) == maxEntities {
			w.p.Overrun = TooMany
			return
		}
		w.entities.list = append(w.entities.list, entity{name: name, value: value})
	}
}

// entityValue keeps the literals of a declaration: its value, or the identifiers of
// what is outside. It returns the value of an internal entity, nil for an external, and
// what follows the declaration.
func (w *xmlWalk) entityValue(b []byte, at place) (value, rest []byte) {
	word, _ := xmlWord(b)
	external := lex.Equal(word, "system") || lex.Equal(word, "public")
	i := 0
	for ; i < len(b) && b[i] != '>'; i++ {
		if b[i] != '"' && b[i] != '\'' {
			continue
		}
		end := bytes.IndexByte(b[i+1:], b[i])
		if end < 0 {
			return nil, nil
		}
		literal := b[i+1 : i+1+end]
		w.p.value(literal, at)
		if !external && value == nil {
			value = literal
		}
		i += end + 1
	}
	return value, b[i:]
}

// xmlWord cuts the word that begins b.
func xmlWord(b []byte) (word, rest []byte) {
	b = b[skipBlank(b, 0):]
	i := 0
	for i < len(b) && point.ClassOf[b[i]]&(point.Space|point.Newline|point.Greater|point.Quote) == 0 {
		i++
	}
	return b[:i], b[i:]
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
		rest = rest[i+1:]
		if name, _, ok := bytes.Cut(rest[:min(len(rest), maxName)], []byte(";")); ok {
			if other := e.find(name); other != nil {
				total += e.count(other)
			}
		}
	}
	one.growth = min(total, maxGrowth+1)
	return one.growth
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
const maxReferences = 8

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
		if n == 0 {
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
	if len(w.entities.list) == 0 || level == maxReferences || level > 0 && w.entities.bomb {
		return 0
	}
	name, _, ok := bytes.Cut(b[1:min(len(b), maxName)], []byte(";"))
	if !ok {
		return 0
	}
	one := w.entities.find(name)
	if one == nil {
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
	value := one.value[:min(len(one.value), maxInsert)]
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
