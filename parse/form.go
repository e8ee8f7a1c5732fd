package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// maxPaired bounds the pairs among which repeated names are looked for.
const maxPaired = 128

// pairs reads name=value pairs of a query or a form. Escapes are decoded once and a
// plus is a blank, as the transport says.
func (p *Points) pairs(text []byte, tag point.Tag, parent point.Ref, at place) {
	first := p.Tree.Len()
	start := len(p.Values)
	for rest := text; len(rest) > 0 && p.room(0); {
		var pair []byte
		pair, rest, _ = bytes.Cut(rest, []byte("&"))
		if len(pair) == 0 {
			continue
		}
		name, value, _ := bytes.Cut(pair, []byte("="))
		p.pair(name, value, tag, parent, at)
	}
	p.joinRepeated(tag, parent, first, start, at)
}

func (p *Points) pair(name, value []byte, tag point.Tag, parent point.Ref, at place) {
	name, _, badName := p.unescape(name, true)
	value, changed, badValue := p.unescape(value, true)
	at.ref = p.named(name, tag, parent)
	if badName || badValue {
		p.anomaly(at.ref, BadPercent)
	}
	p.key(name, at)
	if changed {
		at.layer++
	}
	p.value(value, at)
}

// named adds the node of a name; a[x] is a hash and a[] an array below a.
func (p *Points) named(name []byte, tag point.Tag, parent point.Ref) point.Ref {
	open := bytes.IndexByte(name, '[')
	if open <= 0 || name[len(name)-1] != ']' {
		return p.Tree.AddName(parent, tag, name)
	}
	ref := p.Tree.AddName(parent, tag, name[:open])
	for levels, rest := 0, name[open:]; len(rest) > 0 && rest[0] == '[' && levels < 8; levels++ {
		inner, after, ok := bytes.Cut(rest[1:], []byte("]"))
		if !ok {
			break
		}
		if len(inner) == 0 {
			ref = p.Tree.AddIndex(ref, point.Array, 0)
		} else {
			ref = p.Tree.AddName(ref, point.Hash, inner)
		}
		rest = after
	}
	return ref
}

// joinRepeated adds the values of a repeated name joined by commas, as some
// frameworks see them, when any of them holds more than plain text.
func (p *Points) joinRepeated(tag point.Tag, parent point.Ref, firstNode, start int, at place) {
	end := len(p.Values)
	if end-start < 2 || end-start > maxPaired {
		return
	}
	for i := start; i < end; i++ {
		name := p.nameOf(i, tag, parent, firstNode)
		if name == nil || p.joinedBefore(name, start, i, tag, parent, firstNode) {
			continue
		}
		p.joinFrom(i, end, name, tag, parent, firstNode, at)
	}
}

// nameOf returns the name of a value that stands directly at a pair's node.
func (p *Points) nameOf(i int, tag point.Tag, parent point.Ref, firstNode int) []byte {
	v := &p.Values[i]
	if v.Kind == point.Key || int(v.Ref) <= firstNode || p.Tree.Tag(v.Ref) != tag || p.Tree.Parent(v.Ref) != parent {
		return nil
	}
	return p.Tree.Name(v.Ref)
}

func (p *Points) joinedBefore(name []byte, start, i int, tag point.Tag, parent point.Ref, firstNode int) bool {
	for j := start; j < i; j++ {
		if other := p.nameOf(j, tag, parent, firstNode); other != nil && bytes.Equal(other, name) {
			return true
		}
	}
	return false
}

func (p *Points) joinFrom(i, end int, name []byte, tag point.Tag, parent point.Ref, firstNode int, at place) {
	n, size, classes := 0, 0, point.Classes(0)
	for j := i; j < end; j++ {
		if other := p.nameOf(j, tag, parent, firstNode); other != nil && bytes.Equal(other, name) {
			n++
			size += len(p.Values[j].Data) + 1
			classes |= p.Values[j].Classes
		}
	}
	if n < 2 || classes&^plain == 0 || !p.room(size) {
		return
	}
	out := p.arena.Grow(size)
	for j := i; j < end; j++ {
		if other := p.nameOf(j, tag, parent, firstNode); other != nil && bytes.Equal(other, name) {
			if len(out) > 0 {
				out = append(out, ',')
			}
			out = append(out, p.Values[j].Data...)
		}
	}
	at.ref = p.Tree.Add(p.Values[i].Ref, point.Pollution)
	p.value(p.arena.Commit(out), at.deeper(at.ref, point.Joined))
}
