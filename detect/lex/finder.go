package lex

import (
	"bytes"
	"math/bits"

	"github.com/weirnode/weir/point"
)

// Finder finds the first of some words, of two bytes at least, in a text. It is made once for a list that stays.
type Finder struct {
	groups [8][]string // words by their first byte
	exact  bool        // the case of letters matters
	// The bit of the group of words whose first byte it is, and those of words whose second, in either case.
	begins, follows [256]uint8
}

// NewFinder returns the finder of words given in lower case.
func NewFinder(lower ...string) *Finder { return newFinder(lower, false) }

// NewExactFinder returns the finder of words in just the case in which they are given.
func NewExactFinder(words ...string) *Finder { return newFinder(words, true) }

func newFinder(words []string, exact bool) *Finder {
	f := &Finder{exact: exact}
	for _, w := range words {
		if len(w) < 2 {
			panic("BUG: a word is too short to be found: " + w)
		}
		n := w[0] * 37 >> 5
		f.groups[n] = append(f.groups[n], w)
		group := uint8(1) << n
		f.begins[w[0]] |= group
		f.follows[w[1]] |= group
		if !exact {
			f.begins[upper(w[0])] |= group
			f.follows[upper(w[1])] |= group
		}
	}
	return f
}

// In reports whether one of the words stands in data.
func (f *Finder) In(data []byte) bool {
	at, _ := f.First(data)
	return at >= 0
}

// First returns the first place at which one of the words stands, and the word; -1 if there is none. Of
// words that begin at one place it is the one that the list has first.
func (f *Finder) First(data []byte) (at int, word string) {
	var begun uint8 // the group whose first byte is the one before
	for i, c := range data {
		if may := begun & f.follows[c]; may != 0 {
			if word = f.at(data[i-1:], bits.TrailingZeros8(may)); word != "" {
				return i - 1, word
			}
		}
		begun = f.begins[c]
	}
	return -1, ""
}

// May reports whether one of the words may stand in a text of such pairs.
func (f *Finder) May(pairs *point.Pairs) bool {
	for i := range f.groups {
		if MayAny(pairs, f.groups[i]...) {
			return true
		}
	}
	return pairs == nil
}

// at returns the word of a group with which data begins, "" if none does.
func (f *Finder) at(data []byte, group int) string {
	for _, w := range f.groups[group] {
		if f.exact && len(data) >= len(w) && string(data[:len(w)]) == w || !f.exact && HasPrefix(data, w) {
			return w
		}
	}
	return ""
}

// Prefix returns the first of the words with which data begins, "" if it begins with none.
func (f *Finder) Prefix(data []byte) string {
	if len(data) < 2 {
		return ""
	}
	may := f.begins[data[0]] & f.follows[data[1]]
	if may == 0 {
		return ""
	}
	return f.at(data, bits.TrailingZeros8(may))
}

// MayAny reports whether a text of such pairs may hold one of some words, of two bytes at least, in any case.
func MayAny(pairs *point.Pairs, words ...string) bool {
	for _, w := range words { //nolint:modernize // so that May is inlined
		if pairs.May(w) {
			return true
		}
	}
	return false
}

// IndexIn is bytes.Index for a text whose pairs may be known.
func IndexIn(data []byte, word string, pairs *point.Pairs) int {
	if !pairs.May(word) {
		return -1
	}
	return bytes.Index(data, []byte(word))
}
