package sqli

import (
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

// meaningOf returns what a word of letters or digits means.
func meaningOf(word []byte) meaning {
	if len(word) > short {
		if known.Has(word) {
			return opens
		}
		return nothingMeant
	}
	number := numberOf(word)
	if !mayBeShort(number) {
		return nothingMeant
	}
	switch i := placeOf(number); {
	case i < 0:
		return nothingMeant
	case senses[i].joins:
		return joins
	}
	return opens
}
