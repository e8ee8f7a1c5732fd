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
	return len(name) > 0 && w.MayBegin(name[0], name[min(1, len(name)-1)], len(name))
}

// MayBegin is May for a name of which only the first two letters, or the one twice, and
// the length are told. Their case does not matter.
func (w *Words) MayBegin(first, second byte, n int) bool {
	return w[pair(first, second)]>>min(31, n)&1 != 0
}

func pair(a, b byte) int { return int(a&31)<<5 | int(b&31) }

// TwoWords returns the first two runs of letters or digits if blanks follow each, or the
// end of the text follows the second. It reports false for anything else.
func TwoWords(text []byte) (first, second []byte, ok bool) {
	a, i := run(text, 0)
	if len(a) == 0 || i == len(text) || text[i] != ' ' {
		return nil, nil, false
	}
	for i < len(text) && text[i] == ' ' {
		i++
	}
	b, i := run(text, i)
	return a, b, len(b) > 0 && (i == len(text) || text[i] == ' ')
}

// run returns the letters, or the digits, that begin at i, and the index behind them.
func run(text []byte, i int) (word []byte, end int) {
	end = i
	switch {
	case i == len(text):
	case Letter(text[i]):
		for end < len(text) && Letter(text[end]) {
			end++
		}
	default:
		for end < len(text) && Digit(text[end]) {
			end++
		}
	}
	return text[i:end], end
}
