package parse

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// nameSeed keys the sums of names, so that nobody can make two names look like one.
var nameSeed = maphash.MakeSeed()

// sameName is a value among others, by the sum of its name.
type sameName struct {
	sum   uint64
	index int  // that its name brings: a[1]
	value int  // among the values, or fields
	list  bool // its name brings one, or brackets
}

// maxSame bounds what an idle Points keeps of them.
const maxSame = 4096

// seenNames tells names that were not seen before, most of them.
type seenNames [8]uint64

// add notes a name and reports whether it may have been there.
func (s *seenNames) add(sum uint64) bool {
	word, bit := &s[sum>>6&7], uint64(1)<<(sum&63)
	seen := *word&bit != 0
	*word |= bit
	return seen
}

// eachGroup calls f with the values of every name that p.same holds more than once from start on, in
// order, and cuts p.same to what it was. Within f others may be noted behind them.
func (p *Points) eachGroup(start int, f func(group []sameName)) {
	all := p.same[start:]
	slices.SortFunc(all, func(a, b sameName) int {
		return cmp.Or(cmp.Compare(a.sum, b.sum), cmp.Compare(a.index, b.index), cmp.Compare(a.value, b.value))
	})
	for len(all) > 0 {
		end := 1
		for end < len(all) && all[end].sum == all[0].sum {
			end++
		}
		if end > 1 {
			f(all[:end])
		}
		all = all[end:]
	}
	p.same = p.same[:start]
}

// joinRepeated adds the values of a repeated name joined by commas and by nothing, as
// some frameworks see them, when any of them holds more than plain text.
func (p *Points) joinRepeated(tag point.Tag, parent point.Ref, firstNode, start int, at place) {
	if !richer(p.Values[start:]) {
		return
	}
	s, before := siblings{p, tag, parent, firstNode}, len(p.same)
	if !s.collect(start) {
		return
	}
	p.eachGroup(before, func(group []sameName) {
		if s.mayMean(group) {
			s.join(group, at)
		}
	})
}

// richer reports whether a value holds more than plain text.
func richer(values []point.Value) bool {
	for i := range values {
		if values[i].Classes&^plain != 0 {
			return true
		}
	}
	return false
}

// siblings are the pairs, or the parts, that were read from one text.
type siblings struct {
	p         *Points
	tag       point.Tag
	parent    point.Ref
	firstNode int
}

// collect notes the values by their names if a name may come twice, and reports whether one may.
func (s *siblings) collect(start int) (repeated bool) {
	var seen seenNames
	for i := start; i < len(s.p.Values) && !repeated; i++ {
		if name, _, ok := s.named(i); ok {
			repeated = seen.add(lettersOf(name))
		}
	}
	if !repeated {
		return false
	}
	last := point.Ref(0) // a part may have several values
	for i := start; i < len(s.p.Values); i++ {
		if name, same, ok := s.named(i); ok && s.p.Values[i].Ref != last {
			last = s.p.Values[i].Ref
			same.sum = maphash.Bytes(nameSeed, name)
			s.p.same = append(s.p.same, same)
		}
	}
	return true
}

// named returns the name of a value if it stands directly at a pair's node, or in a list there.
func (s *siblings) named(i int) (name []byte, same sameName, ok bool) {
	v, tree := &s.p.Values[i], &s.p.Tree
	if v.Kind == point.Key || int(v.Ref) <= s.firstNode {
		return nil, same, false
	}
	ref := v.Ref
	for tree.Tag(ref) != s.tag || tree.Parent(ref) != s.parent {
		switch tree.Tag(ref) {
		case point.Array:
		case point.Hash:
			if same.index, ok = listIndex(tree.Name(ref)); !ok {
				return nil, same, false
			}
		default:
			return nil, same, false
		}
		ref, same.list = tree.Parent(ref), true
	}
	same.value = i
	return tree.Name(ref), same, true
}

// maxListIndex is the length from which digits are the index of no list.
const maxListIndex = 6

func listIndex(name []byte) (index int, ok bool) {
	if len(name) == 0 || len(name) >= maxListIndex {
		return 0, false
	}
	for _, c := range name {
		if !lex.Digit(c) {
			return 0, false
		}
		index = index*10 + int(c-'0')
	}
	return index, true
}

// mayMean reports whether values joined may mean something: any of a parameter's does, a list
// and parts only if one leaves open what another may close.
func (s *siblings) mayMean(group []sameName) bool {
	for _, one := range group {
		v := &s.p.Values[one.value]
		if v.Classes&^plain != 0 && (!one.list && s.tag != point.Multipart || unfinished(v.Data, v.Classes)) {
			return true
		}
	}
	return false
}

func (s *siblings) join(group []sameName, at place) {
	p, size := s.p, 0
	for _, one := range group {
		size += len(p.Values[one.value].Data) + 1
	}
	if !p.room(2 * size) {
		return
	}
	at.ref = p.Tree.Add(p.Values[group[0].value].Ref, point.Pollution)
	for _, separator := range [...]string{",", ""} {
		text := p.joined(len(group), size, separator, func(i int) []byte { return p.Values[group[i].value].Data })
		p.value(text, at.deeper(at.ref, point.Joined))
	}
}

// joined returns n texts as one of at most size bytes, with a separator between them.
func (p *Points) joined(n, size int, separator string, text func(i int) []byte) []byte {
	out := p.arena.Grow(size)
	for i := range n {
		if i > 0 {
			out = append(out, separator...)
		}
		out = append(out, text(i)...)
	}
	return p.arena.Commit(out)
}

// opening are the classes of what may be left open.
const opening = point.Quote | point.Paren | point.Less | point.Star

// unfinished reports whether text leaves a quote, a parenthesis, a tag or a comment open, or
// closes one that it did not open: parts of one text do. An apostrophe in a word is no quote.
func unfinished(text []byte, classes point.Classes) bool {
	if classes&opening == 0 {
		return false
	}
	single, double, parens, tags := 0, 0, 0, 0
	for i, c := range text {
		switch c {
		case '\'':
			if i == 0 || i+1 == len(text) || !lex.Letter(text[i-1]) || !lex.Letter(text[i+1]) {
				single++
			}
		case '"':
			double++
		case '(':
			parens++
		case ')':
			parens--
		case '<':
			if i+1 < len(text) && (lex.Letter(text[i+1]) || text[i+1] == '!' || text[i+1] == '/') {
				tags++
			}
		case '>':
			tags--
		}
	}
	return single&1 != 0 || double&1 != 0 || parens != 0 || tags > 0 ||
		classes&point.Star != 0 && bytes.Count(text, []byte("/*")) != bytes.Count(text, []byte("*/"))
}

// joinFields adds the values of header fields of one name as servers hand them on: as one, with
// commas (RFC 9110, 5.3), if one leaves open what another may close.
func (p *Points) joinFields(fields []Field) {
	if !repeatsName(fields) {
		return
	}
	start := len(p.same)
	for i := range fields {
		p.same = append(p.same, sameName{sum: fieldSum(fields[i].Name), value: i})
	}
	p.eachGroup(start, func(group []sameName) { p.joinField(fields, group) })
}

// maxNamesLookedUp bounds the fields whose names are compared with those before them.
const maxNamesLookedUp = 32

// repeatsName reports whether two fields may have one name.
func repeatsName(fields []Field) bool {
	var seen seenNames
	lookedUp := 0
	for i := range fields {
		name := fields[i].Name
		if !seen.add(lettersOf(name)) {
			continue
		}
		if lookedUp++; lookedUp > maxNamesLookedUp {
			return true
		}
		for j := range fields[:i] {
			if len(fields[j].Name) == len(name) && bytes.EqualFold(fields[j].Name, name) {
				return true
			}
		}
	}
	return false
}

func (p *Points) joinField(fields []Field, group []sameName) {
	size, open := 0, false
	for _, one := range group {
		value := fields[one.value].Value
		size += len(value) + len(", ")
		open = open || unfinished(value, point.Classify(value))
	}
	if !open || !p.room(size) || lex.Equal(fields[group[0].value].Name, "cookie") {
		return
	}
	text := p.joined(len(group), size, ", ", func(i int) []byte { return fields[group[i].value].Value })
	at := place{ref: p.Tree.AddName(0, point.Header, fields[group[0].value].Name), kind: point.HeaderText}
	p.value(text, at.deeper(p.Tree.Add(at.ref, point.Pollution), point.Joined))
}

// lettersOf mixes the length of a field's name and some of its letters, be they small or not.
func lettersOf(name []byte) uint64 {
	n := len(name)
	if n == 0 {
		return 0
	}
	letters := uint64(name[0]|0x20)<<24 | uint64(name[n/2]|0x20)<<16 | uint64(name[max(n-3, 0)]|0x20)<<8 | uint64(name[n-1]|0x20)
	return (letters ^ uint64(n)<<32) * 0x9e3779b97f4a7c15 >> 55
}

// fieldSum returns the sum of a field's name in small letters, of its beginning if it is long.
func fieldSum(name []byte) uint64 {
	var small [48]byte
	n := 0
	for _, c := range name[:min(len(name), len(small))] {
		small[n] = lex.Lower(c)
		n++
	}
	return maphash.Bytes(nameSeed, small[:n])
}

// objectText is what PHP makes of an object in a list that it joins.
var objectText = []byte("Array")

// joinStrings adds the texts and words of a list as one, which begins at i and ends with the bracket in
// front of end. Those of a list within it stand in its place, as in JavaScript.
func (w *jsonWalk) joinStrings(i, end int, at place) {
	p, start, depth := w.p, len(w.p.strings), 0
	for i = w.blank(i); i < end-1; i = w.blank(i) {
		var text []byte
		opens := 0
		switch w.data[i] {
		case '"', '\'':
			text, _, i = w.text(i)
		case '{':
			text, opens = objectText, 1
			i++
		case '}':
			depth--
			i++
		case ',', ':', '[', ']':
			i++
		default:
			from := i
			_, i = wordEnd(w.data, i)
			text = w.data[from:i]
		}
		if text != nil && depth == 0 && len(p.strings) < maxSame {
			p.strings = append(p.strings, text)
		}
		depth += opens
	}
	p.joinTexts(p.strings[start:], at)
	p.forget(start)
}

// forget drops the texts that were noted from start on.
func (p *Points) forget(start int) {
	clear(p.strings[start:])
	p.strings = p.strings[:start]
}

// joinTexts adds the elements of a list as one.
func (p *Points) joinTexts(list [][]byte, at place) {
	size := 0
	for _, text := range list {
		size += len(text) + 1
	}
	if len(list) < 2 || !p.room(size) {
		return
	}
	text := p.joined(len(list), size, ",", func(i int) []byte { return list[i] })
	p.value(text, at.deeper(p.Tree.Add(at.ref, point.Pollution), point.Joined))
}
