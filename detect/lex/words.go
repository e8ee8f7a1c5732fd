package lex

import "strings"

// Words tells of most names that are not among many words, faster than a look-up does:
// by their first two letters and their length.
type Words [1024]uint32

// NewWords returns the filter of words that blanks separate.
func NewWords(list string) *Words {
	w := new(Words)
	for word := range strings.FieldsSeq(list) {
		w[pair(word[0], word[min(1, len(word)-1)])] |= 1 << min(31, len(word))
	}
	return w
}

// May reports whether a lower-case name can be one of the words.
func (w *Words) May(name []byte) bool {
	return len(name) > 0 && w[pair(name[0], name[min(1, len(name)-1)])]>>min(31, len(name))&1 != 0
}

func pair(a, b byte) int { return int(a&31)<<5 | int(b&31) }
