package parse

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// doctype reads a document type: itself a value, the value of each entity that it declares, and the
// values that attributes have where none is written.
func (w *xmlWalk) doctype(b []byte) int {
	w.flush()
	w.types++
	subset, n := w.doctypeEnd(b)
	at := w.root
	at.ref, at.kind = w.p.Tree.Add(w.root.ref, point.XMLDTD), point.XMLDecl
	w.p.keep(b[:n], at)
	if subset > 0 {
		w.declarations(b[subset:n], 0)
		w.weigh()
	}
	return n
}

// doctypeEnd returns where the internal subset of a document type begins, 0 if it has none, and the
// length of all of it.
func (w *xmlWalk) doctypeEnd(b []byte) (subset, n int) {
	inside := false
	for i := len("<!doctype"); i < len(b); {
		switch c := b[i]; {
		case inside && c != ']':
			i += w.inSubset(b[i:])
		case c == '>':
			return subset, i + 1
		case c == '"' || c == '\'':
			i += w.literal(b[i:])
		default:
			if i++; c == '[' && subset == 0 {
				subset = i
			}
			inside = c == '['
		}
	}
	w.bad = w.bad || !w.p.cut
	return subset, len(b)
}

// inSubset returns the length of what begins b: a comment, an instruction or a declaration; anything
// else counts for itself.
func (w *xmlWalk) inSubset(b []byte) int {
	switch {
	case b[0] != '<' || len(b) < 2:
		return 1
	case b[1] == '?':
		_, n := w.until(b, len("<?"), "?>")
		return n
	case bytes.HasPrefix(b, []byte("<!--")):
		_, n := w.until(b, len("<!--"), "-->")
		return n
	case b[1] != '!':
		return 1
	}
	for i := len("<!"); i < len(b); {
		switch b[i] {
		case '>':
			return i + 1
		case '"', '\'':
			i += w.literal(b[i:])
		default:
			i++
		}
	}
	return len(b)
}

// literal returns the length of a text in quotes; one that does not close ends with b.
func (w *xmlWalk) literal(b []byte) int {
	end := bytes.IndexByte(b[1:], b[0])
	if end < 0 {
		w.bad = true
		return len(b)
	}
	return end + 2
}

// declarations reads an internal subset, and those that parameter entities put into it.
func (w *xmlWalk) declarations(b []byte, level int) {
	for len(b) > 0 && w.p.room(0) {
		n := w.inSubset(b)
		switch {
		case bytes.HasPrefix(b, []byte("<!ENTITY")):
			w.declared(b[len("<!ENTITY"):n])
		case bytes.HasPrefix(b, []byte("<!ATTLIST")):
			w.defaults(b[len("<!ATTLIST"):n])
		case b[0] == '%':
			w.included(referred(b), level)
		}
		b = b[n:]
	}
}

// declared reads the declaration of an entity.
func (w *xmlWalk) declared(b []byte) {
	name, rest := xmlWord(b)
	parameter := len(name) == 1 && name[0] == '%'
	if parameter {
		name, rest = xmlWord(rest)
	}
	at := w.root
	at.ref = w.p.Tree.AddIndex(w.root.ref, point.XMLDTDEntity, w.declares)
	w.declares++
	value := w.entityValue(rest, at)
	switch {
	case value == nil:
	case len(w.entities.list) == maxEntities:
		w.p.Overrun = TooMany
	default:
		w.entities.markup = w.entities.markup || bytes.IndexByte(value, '<') >= 0 || bytes.Contains(value, []byte("&#"))
		w.entities.list = append(w.entities.list, entity{name: name, value: value, parameter: parameter})
	}
}

// entityValue keeps the literals of a declaration: its value, or the identifiers of what is outside.
// It returns the value of an internal entity, nil for an external.
func (w *xmlWalk) entityValue(b []byte, at place) (value []byte) {
	word, _ := xmlWord(b)
	external := lex.Equal(word, "system") || lex.Equal(word, "public")
	w.literals(b, func(literal []byte) {
		w.p.value(literal, at)
		if !external && value == nil {
			value = literal
		}
	})
	return value
}

// literals calls f with each text in quotes.
func (w *xmlWalk) literals(b []byte, f func(literal []byte)) {
	for i := 0; i < len(b); {
		if b[i] != '"' && b[i] != '\'' {
			i++
			continue
		}
		n := w.literal(b[i:])
		f(b[i+1 : max(i+n-1, i+1)])
		i += n
	}
}

// defaults keeps the values that a declaration gives to attributes.
func (w *xmlWalk) defaults(b []byte) {
	w.literals(b, func(literal []byte) { w.p.leaf(w.expanded(literal), w.root) })
}

// included reads the declarations that a parameter entity stands for.
func (w *xmlWalk) included(name []byte, level int) {
	one := w.entities.find(name, true)
	switch {
	case one == nil || w.entities.bomb:
		return
	case level == maxIncluded:
		w.p.Overrun = TooNested
		return
	}
	if w.entities.expanded += declaring + len(one.value); w.entities.expanded > maxExpanded {
		w.bomb()
		return
	}
	w.declarations(w.resolved(one.value), level+1)
}

// Bounds of parameter entities: how deep they may stand in one another, and what a reference to one
// costs, in bytes of what entities may come to.
const (
	maxIncluded = 8
	declaring   = 16 * reference
)

// resolved replaces the references to characters in a value, as parsers do where it is declared.
func (w *xmlWalk) resolved(value []byte) []byte {
	if !bytes.Contains(value, []byte("&#")) || !w.p.room(len(value)) {
		return value
	}
	e := escapes{out: w.p.arena.Grow(len(value) + utf8.UTFMax)}
	for i := 0; i < len(value); {
		n := 0
		if bytes.HasPrefix(value[i:], []byte("&#")) {
			n = e.entity(value[i:])
		}
		if n == 0 {
			e.out = append(e.out, value[i])
			n = 1
		}
		i += n
	}
	return w.p.arena.Commit(e.out)
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
