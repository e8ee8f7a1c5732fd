package lex

import (
	"bytes"
	"slices"

	"github.com/weirnode/weir/point"
)

// List is a fixed list of words in lower case of which the first in a text is looked for. It is made
// once.
type List struct {
	words []string
	firstBytes
}

// firstBytes tells where one of some words can begin.
type firstBytes struct {
	begins  [256]bool // the bytes that can be the first of a word
	follows [256]bool // and the second
	short   bool      // one of them is a single byte
}

// NewList returns the list of the words.
func NewList(lower ...string) *List {
	l := &List{words: lower}
	l.take(lower)
	return l
}

func (f *firstBytes) take(lower []string) {
	for _, w := range lower {
		f.begins[w[0]], f.begins[upper(w[0])] = true, true
		if f.short = f.short || len(w) == 1; !f.short {
			f.follows[w[1]], f.follows[upper(w[1])] = true, true
		}
	}
}

// First returns the first place at which one of the words stands, and the word; -1 if there is none.
func (l *List) First(data []byte) (at int, word string) { return l.first(data, l.words) }

func (f *firstBytes) first(data []byte, lower []string) (at int, word string) {
	for i, c := range data {
		if !f.begins[c] || !f.short && i+1 < len(data) && !f.follows[data[i+1]] {
			continue
		}
		for _, w := range lower {
			if HasPrefix(data[i:], w) {
				return i, w
			}
		}
	}
	return -1, ""
}

// In reports whether one of the words stands in data.
func (l *List) In(data []byte) bool {
	at, _ := l.First(data)
	return at >= 0
}

// May reports whether a text of these pairs may hold one of the words.
func (l *List) May(p *point.Pairs) bool { return mayHold(p, l.words) }

func mayHold(p *point.Pairs, words []string) bool {
	return p == nil || slices.ContainsFunc(words, p.May)
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
func (c *Calls) May(p *point.Pairs) bool { return mayHold(p, c.words) }

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
