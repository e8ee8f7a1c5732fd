package lex

import (
	"bytes"
	"math/bits"

	"github.com/weirnode/weir/point"
)

// List is a fixed list of words, of two bytes at least, of which the first in a text is looked for. It is made
// once.
type List struct {
	groups [8][]string // words by their first byte
	exact  bool        // the case of letters matters
	// The bit of the group of words whose first byte it is, and those of words whose second, in either case.
	begins, follows [256]uint8
}

// NewList returns the list of words given in lower case.
func NewList(lower ...string) *List { return newList(lower, false) }

// NewExactList returns the list of words in just the case in which they are given.
func NewExactList(words ...string) *List { return newList(words, true) }

func newList(words []string, exact bool) *List {
	l := &List{exact: exact}
	for _, w := range words {
		if len(w) < 2 {
			panic("BUG: a word is too short to be found: " + w)
		}
		n := w[0] * 37 >> 5
		l.groups[n] = append(l.groups[n], w)
		group := uint8(1) << n
		l.begins[w[0]] |= group
		l.follows[w[1]] |= group
		if !exact {
			l.begins[upper(w[0])] |= group
			l.follows[upper(w[1])] |= group
		}
	}
	return l
}

// First returns the first place at which one of the words stands, and the word; -1 if there is none. Of
// words that begin at one place it is the one that the list has first.
func (l *List) First(data []byte) (at int, word string) {
	var begun uint8 // the group whose first byte is the one before
	for i, c := range data {
		if may := begun & l.follows[c]; may != 0 {
			if word = l.at(data[i-1:], bits.TrailingZeros8(may)); word != "" {
				return i - 1, word
			}
		}
		begun = l.begins[c]
	}
	return -1, ""
}

// at returns the word of a group with which data begins, "" if none does.
func (l *List) at(data []byte, group int) string {
	for _, w := range l.groups[group] {
		if l.exact && len(data) >= len(w) && string(data[:len(w)]) == w || !l.exact && HasPrefix(data, w) {
			return w
		}
	}
	return ""
}

// In reports whether one of the words stands in data.
func (l *List) In(data []byte) bool {
	at, _ := l.First(data)
	return at >= 0
}

// May reports whether a text of these pairs may hold one of the words.
func (l *List) May(p *point.Pairs) bool {
	for i := range l.groups {
		if MayAny(p, l.groups[i]...) {
			return true
		}
	}
	return p == nil
}

// MayAny reports whether a text of these pairs may hold one of some words, in any case.
func MayAny(p *point.Pairs, words ...string) bool {
	for _, w := range words { //nolint:modernize // so that May is inlined
		if p.May(w) {
			return true
		}
	}
	return false
}

// Calls is a fixed list of words in lower case that end with the parenthesis of a call, of which the first
// in a text is looked for.
type Calls struct {
	words []string
	by    [256][]string // by the byte in front of the parenthesis
}

// NewCalls returns the list of the words.
func NewCalls(lower ...string) *Calls {
	c := &Calls{words: lower}
	for _, w := range lower {
		last := w[len(w)-2]
		c.by[last] = append(c.by[last], w)
	}
	return c
}

// May reports whether a text of these pairs may hold one of the words.
func (c *Calls) May(p *point.Pairs) bool { return p == nil || MayAny(p, c.words...) }

// First returns the first place at which one of the words stands, and the word; -1 if there is none.
func (c *Calls) First(data []byte) (at int, word string) {
	for i := Next(data, 1, '('); i < len(data); i = Next(data, i+1, '(') {
		for _, w := range c.by[Lower(data[i-1])] {
			if HasSuffix(data[:i+1], w) {
				return i + 1 - len(w), w
			}
		}
	}
	return -1, ""
}

// In reports whether one of the words stands in data.
func (c *Calls) In(data []byte) bool {
	at, _ := c.First(data)
	return at >= 0
}

// Prefixes is a fixed list of words in lower case with one of which a text may begin.
type Prefixes [256][]string // by their first byte

// NewPrefixes returns the list of the words.
func NewPrefixes(lower ...string) *Prefixes {
	p := new(Prefixes)
	for _, w := range lower {
		p[w[0]] = append(p[w[0]], w)
	}
	return p
}

// Length returns the length of the first of the words with which data begins, 0 if it begins with none.
func (p *Prefixes) Length(data []byte) int {
	if len(data) == 0 {
		return 0
	}
	return PrefixLength(data, p[Lower(data[0])])
}

// IndexPaired is bytes.Index for a text whose pairs tell first whether the mark may stand in it.
func IndexPaired(p *point.Pairs, data []byte, mark string) int {
	if !p.May(mark) {
		return -1
	}
	return bytes.Index(data, []byte(mark))
}
