package lex

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
)

// Words is a set of words. Of nearly all names that are none of them it says so by two letters of
// their beginning, one of their middle, the last, and their length.
type Words struct {
	bits  [512]uint32
	first [512]uint16 // of each list of words that share a place in it, as index+1
	next  []uint16
	words []string
}

// NewWords returns the set of lower-case words that blanks separate.
func NewWords(list string) *Words {
	w := &Words{words: strings.Fields(list)}
	w.next = make([]uint16, len(w.words))
	for i, word := range w.words {
		slot := slotOf([]byte(word))
		w.bits[slot>>5] |= 1 << (slot & 31)
		w.next[i], w.first[slot>>5] = w.first[slot>>5], uint16(i+1)
	}
	return w
}

// Has reports whether a name is one of the words, in any case.
func (w *Words) Has(name []byte) bool { return w.Index(name) >= 0 }

// Index returns which of the words a name is, in any case, -1 if it is none.
func (w *Words) Index(name []byte) int {
	if len(name) == 0 {
		return -1
	}
	slot := slotOf(name)
	if w.bits[slot>>5]>>(slot&31)&1 == 0 {
		return -1
	}
	return w.find(name, slot>>5)
}

// At returns a word by its number.
func (w *Words) At(i int) string { return w.words[i] }

func (w *Words) find(name []byte, list uint32) int {
	for i := w.first[list]; i != 0; i = w.next[i-1] {
		if Equal(name, w.words[i-1]) {
			return int(i - 1)
		}
	}
	return -1
}

// slotOf returns the bit of a name, below 512*32.
func slotOf(name []byte) uint32 {
	n := len(name)
	key := uint32(name[0]&31) | uint32(name[min(1, n-1)]&31)<<5 | uint32(name[n-1]&31)<<10 | uint32(min(n, 31))<<15 | uint32(name[n/2]&31)<<20
	return key * 2654435761 >> 18
}

// TwoWords returns the first two runs of letters or digits if blanks follow each, or the
// end of the text follows the second, and what stands behind them. It reports false for
// anything else.
func TwoWords(text []byte) (first, second, rest []byte, ok bool) {
	if first, rest, ok = NextWord(text); !ok || len(rest) == 0 {
		return nil, nil, nil, false
	}
	if second, rest, ok = NextWord(rest); !ok {
		return nil, nil, nil, false
	}
	return first, second, rest, true
}

// NextWord returns the run of letters or digits that text begins with and what stands behind
// the blanks that follow it; false if anything else does, or nothing is left.
func NextWord(text []byte) (word, rest []byte, ok bool) {
	word, i := run(text, 0)
	if len(word) == 0 || i < len(text) && text[i] != ' ' {
		return nil, nil, false
	}
	return word, text[blanks(text, i):], true
}

func blanks(text []byte, i int) int {
	for i < len(text) && text[i] == ' ' {
		i++
	}
	return i
}

// notLetters returns 0x80 in the first of eight bytes that is no letter, zero if all are.
func notLetters(x uint64) uint64 {
	const (
		high = 0x80 * Ones
		low  = 0x7f * Ones
	)
	lower := x&low | 0x20*Ones
	return (x | ^(lower + (0x80-'a')*Ones) | (lower + (0x7f-'z')*Ones)) & high
}

// run returns the letters, or the digits, that begin at i, and the index behind them.
func run(text []byte, i int) (word []byte, end int) {
	end = i
	switch {
	case i == len(text):
	case Letter(text[i]):
		for len(text)-end >= 8 {
			if other := notLetters(binary.LittleEndian.Uint64(text[end:])); other != 0 {
				end += bits.TrailingZeros64(other) >> 3
				return text[i:end], end
			}
			end += 8
		}
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

// Gaps returns how many runs of spaces part the words of a text: several in a row part no more words than one.
func Gaps(text []byte) (n int) {
	for i, c := range text {
		if c == ' ' && (i == 0 || text[i-1] != ' ') {
			n++
		}
	}
	return n
}

// ClassName reports whether a name is that of a class in a package, as Java has them: java.lang.Thread
func ClassName(name []byte) bool {
	dot := bytes.LastIndexByte(name, '.')
	return dot > 0 && dot+1 < len(name) && name[dot+1] >= 'A' && name[dot+1] <= 'Z' && name[0] >= 'a' && name[0] <= 'z'
}
