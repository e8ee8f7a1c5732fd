package sqli

import (
	"strings"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Words are the classes of text in which only words can make a statement.
const Words = point.Alpha | point.Digit | point.Space | point.Dash | point.Dot | point.Plus

// Begins reports whether text may begin as SQL does: not with two words in a row, or a number and
// a word, that mean nothing in it, unless a word that does comes first. Words that only join
// others change nothing: «salt and pepper mill». The parser would find that out too, for more.
func Begins(first, second, rest []byte) bool {
	before := meaningOf(first)
	if before == opens {
		return true
	}
	word, left, ok := second, rest, true
	for ; ok; word, left, ok = lex.NextWord(left) {
		now := meaningOf(word)
		switch {
		case now == opens:
			return true
		case now == nothingMeant && before == nothingMeant:
			return nestedWord(second)
		case len(left) == 0:
			return compares(first, second, rest)
		}
		before = now
	}
	return true
}

// compares reports whether a text of words none of which opens anything may be a condition all the same:
// with a number, with a keyword inside of itself, or where some are joined and others compared.
func compares(first, second, rest []byte) bool {
	all := shareOf(first) | shareOf(second)
	for word, left, ok := lex.NextWord(rest); ok; word, left, ok = lex.NextWord(left) {
		all |= shareOf(word)
	}
	return all&suffices != 0 || all == conjoins|comparing
}

// share is what a word has of a condition.
type share uint8

const (
	suffices  share = 1 << iota
	conjoins        // a condition stands behind it
	comparing       // names are compared by it
)

func shareOf(word []byte) share {
	switch {
	case lex.Digit(word[0]) || mayNest(word):
		return suffices
	case conjunctions.Has(word):
		return conjoins
	case comparisons.Has(word):
		return comparing
	}
	return 0
}

var (
	conjunctions = lex.NewWords("and or where when on")
	comparisons  = lex.NewWords("like is between " + operatorWords)
)

// meaning is what a word of a text can be in SQL.
type meaning uint8

const (
	nothingMeant meaning = iota
	joins                // names in SQL and words in English, so that SQL cannot go on with two words that it does not know
	opens
)

const joining = "or in on by as is and for all any not end with from like then when time left some over order table where right between"

// short is how many letters of a word stand in one number.
const short = 8

// meanings holds the known words of so many letters as numbers, from their place on: of those that join the
// highest bit of the first letter is set. Of nearly all other words seldom tells that they are none of them.
var meanings, seldom = func() (t [512]uint64, bits [512]uint32) {
	join := lex.NewWords(joining)
	for word := range strings.FieldsSeq(knownWords) {
		if len(word) > short || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" {
			continue
		}
		number := numberOf([]byte(word))
		i, bit := placeOf(number)
		bits[i] |= 1 << bit
		for t[i] != 0 {
			i = (i + 1) % uint64(len(t))
		}
		if t[i] = number; join.Has([]byte(word)) {
			t[i] |= ofJoint
		}
	}
	return t, bits
}()

const ofJoint = 0x80

// placeOf returns where a word is looked for, and its bit there.
func placeOf(number uint64) (place, bit uint64) {
	hash := number * 0x9e3779b97f4a7c15 >> 50
	return hash >> 5, hash & 31
}

// numberOf returns the letters of a short word in lower case as one number. What stands behind the word is
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

// meaningOf returns what a word of letters or digits means.
func meaningOf(word []byte) meaning {
	if len(word) > short {
		if known.Has(word) {
			return opens
		}
		return nothingMeant
	}
	number := numberOf(word)
	i, bit := placeOf(number)
	if seldom[i]>>bit&1 == 0 {
		return nothingMeant
	}
	for ; meanings[i]&^ofJoint != number; i = (i + 1) % uint64(len(meanings)) {
		if meanings[i] == 0 {
			return nothingMeant
		}
	}
	if meanings[i]&ofJoint != 0 {
		return joins
	}
	return opens
}
