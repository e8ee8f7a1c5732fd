package sqli

import (
	"strings"

	"github.com/weirnode/weir/detect/lex"
)

// short is how many bytes of a word stand in one number.
const short = 8

// sense is what a known word is.
type sense struct {
	kind  kind
	key   keyword
	joins bool // it joins words in English, too
}

// shorts holds the known words of so many bytes as numbers, from their place on, and senses what they are.
// Of nearly all other words seldom tells that they are none of them.
var (
	shorts [512]uint64
	senses [512]sense
	seldom = func() (bits [512]uint32) {
		joint := lex.NewWords(joining)
		for text := range strings.FieldsSeq(knownWords) {
			word := []byte(text)
			if len(word) > short {
				continue
			}
			number := numberOf(word)
			i := hashOf(number) >> 5
			bits[i] |= 1 << (hashOf(number) & 31)
			for shorts[i] != 0 {
				i = (i + 1) % uint64(len(shorts))
			}
			shorts[i] = number
			senses[i].kind, senses[i].key = lookUpAny(word)
			senses[i].joins = joint.Has(word)
		}
		return bits
	}()
)

// hashOf returns which bit of seldom is a word's; but for five bits it is the place where the word is looked for.
func hashOf(number uint64) uint64 { return number * 0x9e3779b97f4a7c15 >> 50 }

// mayBeShort reports whether a word may be one of them.
func mayBeShort(number uint64) bool {
	hash := hashOf(number)
	return seldom[hash>>5]>>(hash&31)&1 != 0
}

// numberOf returns the bytes of a short word in lower case as one number. What stands behind the word is
// read with it and masked.
func numberOf(word []byte) (n uint64) {
	if cap(word) >= short {
		return (lex.Eight(word[:short], 0) | 0x20*lex.Ones) & (1<<(8*len(word)) - 1)
	}
	for i, c := range word {
		n |= uint64(c|0x20) << (8 * i)
	}
	return n
}

// findShort returns the place of a short word among those that are known, -1 if it is none of them.
func findShort(word []byte) int {
	if number := numberOf(word); mayBeShort(number) {
		return placeOf(number)
	}
	return -1
}

// placeOf is findShort for the number of a word.
func placeOf(number uint64) int {
	i := hashOf(number) >> 5
	for ; shorts[i] != number; i = (i + 1) % uint64(len(shorts)) {
		if shorts[i] == 0 {
			return -1
		}
	}
	return int(i)
}

// isKnown is known.Has for a word that is no empty one.
func isKnown(word []byte) bool {
	if len(word) > short {
		return known.Has(word)
	}
	return findShort(word) >= 0
}
