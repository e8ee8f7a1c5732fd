// Package lex reads bytes the way parsers and detectors do: words without regard to case,
// blanks of any kind, and whether what stands before a sign is prose.
//
// Nothing here allocates, and every function is linear in what it is given.
package lex

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirnode/weir/point"
)

// Lower returns an ASCII letter in lower case and any other byte as it is.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

// Letter reports whether c is an ASCII letter.
func Letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// Digit reports whether c is an ASCII digit.
func Digit(c byte) bool { return '0' <= c && c <= '9' }

// Hex returns the value of a hexadecimal digit, 16 or more for any other byte.
func Hex(c byte) byte {
	if Digit(c) {
		return c - '0'
	}
	if c = Lower(c); 'a' <= c && c <= 'f' {
		return c - 'a' + 10
	}
	return 16
}

// Word reports whether c can stand in a name: letter, digit, underscore.
func Word(c byte) bool { return point.ClassOf[c]&(point.Alpha|point.Digit) != 0 }

// HasPrefix reports whether data begins with a word given in lower case.
func HasPrefix(data []byte, lower string) bool {
	if len(data) < len(lower) {
		return false
	}
	for i := range len(lower) {
		if Lower(data[i]) != lower[i] {
			return false
		}
	}
	return true
}

// HasSuffix reports whether data ends with a word given in lower case.
func HasSuffix(data []byte, lower string) bool {
	return len(data) >= len(lower) && HasPrefix(data[len(data)-len(lower):], lower)
}

// Equal reports whether data is a word given in lower case.
func Equal(data []byte, lower string) bool { return len(data) == len(lower) && HasPrefix(data, lower) }

// OneOf reports whether data is one of the words given in lower case.
func OneOf(data []byte, lower ...string) bool {
	for _, w := range lower {
		if Equal(data, w) {
			return true
		}
	}
	return false
}

// PrefixLength returns the length of the first of the words with which data begins, 0 if it
// begins with none.
func PrefixLength(data []byte, lower []string) int {
	for _, w := range lower {
		if HasPrefix(data, w) {
			return len(w)
		}
	}
	return 0
}

// SuffixLength returns the length of the first of the words with which data ends, 0 if it ends
// with none.
func SuffixLength(data []byte, lower []string) int {
	for _, w := range lower {
		if HasSuffix(data, w) {
			return len(w)
		}
	}
	return 0
}

// Index returns where a word given in lower case stands in data, -1 if nowhere.
func Index(data []byte, lower string) int {
	if len(data) >= long {
		return indexFar(data, lower)
	}
	first := lower[0]
	if !Letter(first) {
		return indexMark(data, lower)
	}
	for i := 0; i+len(lower) <= len(data); i++ {
		if data[i]|0x20 == first && HasPrefix(data[i:], lower) {
			return i
		}
	}
	return -1
}

// Contains reports whether a word given in lower case stands in data.
func Contains(data []byte, lower string) bool { return Index(data, lower) >= 0 }

// long is the length from which it pays to look for a word's rarest byte.
const long = 96

// common holds letters and marks from rare to frequent in texts, code and markup; bytes
// that are not listed are rarer than all of them.
const common = "zqjxkvbywgpfm!?*&%#@$[]{}|^~`\\<>()_:;'\"=hucdl/rsnoiatet0123456789-.,\n "

var frequency = func() (t [256]uint8) {
	for i := range len(common) {
		t[common[i]] = uint8(i + 1)
	}
	return t
}()

// indexFar is Index for long data. Where the word is near it does not look through all that follows for the other
// case of a letter: it is asked for the next of many.
func indexFar(data []byte, lower string) int {
	for from, size := 0, near; ; from, size = from+size, 8*size {
		end := min(len(data), from+size+len(lower)-1)
		if i := indexRare(data[from:end], lower); i >= 0 {
			return from + i
		}
		if end == len(data) {
			return -1
		}
	}
}

// near is how far a word is looked for at first, in bytes.
const near = 128

// indexRare is Index for data that is not short: it jumps from one place of the word's rarest byte, in
// either case, to the next.
func indexRare(data []byte, lower string) int {
	rare := 0
	for i := 1; i < len(lower); i++ {
		if frequency[lower[i]] < frequency[lower[rare]] {
			rare = i
		}
	}
	small, capital := lower[rare], upper(lower[rare])
	nextSmall, nextCapital := Next(data, rare, small), len(data)
	if capital != small {
		nextCapital = Next(data, rare, capital)
	}
	for {
		at := min(nextSmall, nextCapital)
		if at == len(data) {
			return -1
		}
		if HasPrefix(data[at-rare:], lower) {
			return at - rare
		}
		if at == nextSmall {
			nextSmall = Next(data, at+1, small)
		} else {
			nextCapital = Next(data, at+1, capital)
		}
	}
}

// Next returns the index of the first c from i on, or the end of the data.
func Next(data []byte, i int, c byte) int {
	switch {
	case i >= len(data):
		return len(data)
	case data[i] == c: // in a run of it
		return i
	}
	if n := bytes.IndexByte(data[i:], c); n >= 0 {
		return i + n
	}
	return len(data)
}

// indexMark is Index for words that begin with a byte that has no case.
func indexMark(data []byte, lower string) int {
	for from := 0; ; {
		i := bytes.IndexByte(data[from:], lower[0])
		if i < 0 {
			return -1
		}
		if HasPrefix(data[from+i:], lower) {
			return from + i
		}
		from += i + 1
	}
}

// IndexWord is Index for whole words: neither side continues the name.
func IndexWord(data []byte, lower string) int {
	for from := 0; from < len(data); {
		i := Index(data[from:], lower)
		if i < 0 {
			return -1
		}
		i += from
		end := i + len(lower)
		if (i == 0 || !Word(data[i-1])) && (end == len(data) || !Word(data[end])) {
			return i
		}
		from = i + 1
	}
	return -1
}

// First is [List.First] for words that are not known beforehand.
func First(data []byte, lower []string) (at int, word string) {
	var begins, follows [256]bool // the bytes that can be the first and the second of a word
	short := false
	for _, w := range lower {
		begins[w[0]], begins[upper(w[0])] = true, true
		if short = short || len(w) == 1; !short {
			follows[w[1]], follows[upper(w[1])] = true, true
		}
	}
	for i, c := range data {
		if !begins[c] || !short && i+1 < len(data) && !follows[data[i+1]] {
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

func upper(c byte) byte {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}

// SkipSpace returns the index of the first byte from i on that is no blank.
func SkipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] <= ' ' || data[i] == 0x7f) {
		i++
	}
	return i
}

// WordEnd returns the index behind the name that begins at i.
func WordEnd(data []byte, i int) int {
	for i < len(data) && Word(data[i]) {
		i++
	}
	return i
}

// proseWords is the number of words from which text is prose.
const proseWords = 4

// Prose reports whether text holds words in a row as a sentence does.
func Prose(text []byte) bool { return ProseFrom(text) >= 0 }

// ProseFrom returns the length from which on the beginning of text is prose, -1 if all of it is none.
func ProseFrom(text []byte) int {
	blank := bytes.IndexByte(text, ' ')
	if blank < 0 {
		return -1
	}
	words, letters, ended := 0, 0, false
	for i, c := range text {
		switch {
		case Letter(c) || c >= 0x80 || c == '\'' && letters > 0:
			if ended { // no blank behind the mark, as in xmlns:a
				letters, ended = 0, false
			}
			letters++
			continue
		case (c == ',' || c == '.' || c == ':') && letters > 1:
			ended = true
			continue
		case (c == ' ' || c == '\n') && letters > 1:
			if words++; words == proseWords {
				return max(i, blank) + 1
			}
		}
		letters, ended = 0, false
	}
	return -1
}

// around is how far Shown looks, in bytes.
const around = 256

// Shown reports whether what stands between from and to is shown in a text rather
// than sent to be executed: prose in front of it, or a word in front and prose behind.
func Shown(data []byte, from, to int) bool {
	before := data[max(0, from-around):from]
	if Prose(before) {
		return true
	}
	before = bytes.TrimRight(before, " ")
	if len(before) == 0 || len(before) == from || !Letter(before[len(before)-1]) {
		return false
	}
	return Prose(data[to:min(len(data), to+around)])
}

// LineEnd returns how many bytes the line end at i takes, 0 if there is none: CR, LF,
// U+0085, U+2028, U+2029, and %0d and %0a that were encoded once more.
func LineEnd(data []byte, i int) int {
	switch data[i] {
	case '\r', '\n':
		return 1
	case 0xc2, 0xe2, '%':
		return longLineEnd(data[i:])
	}
	return 0
}

// BeginsLineEnd holds the bytes with which a line end of LineEnd begins.
var BeginsLineEnd = [256]bool{'\r': true, '\n': true, 0xc2: true, 0xe2: true, '%': true}

func longLineEnd(data []byte) int {
	switch {
	case len(data) > 1 && data[0] == 0xc2 && data[1] == 0x85:
		return 2
	case len(data) > 2 && data[0] == 0xe2 && data[1] == 0x80 && data[2]&0xfe == 0xa8, HasPrefix(data, "%0d"), HasPrefix(data, "%0a"):
		return 3
	}
	return 0
}

// NarrowLineEnd returns the length of two characters at i whose low bytes are CR and LF, which is all
// that is left of them where text becomes bytes, 0 if there are none.
func NarrowLineEnd(data []byte, i int) int {
	const cr = 0x8d // how a character with that low byte ends
	if data[i] < 0xc4 || i+3 >= len(data) || data[i+1] != cr && data[i+2] != cr {
		return 0
	}
	first, n := utf8.DecodeRune(data[i:])
	second, m := utf8.DecodeRune(data[i+n:])
	if first < 0x100 || second < 0x100 || byte(first) != '\r' || byte(second) != '\n' {
		return 0
	}
	return n + m
}

// IndexQuote returns the index of the first single or double quote, -1 if there is none. It is
// for short texts, which it reads byte by byte.
func IndexQuote(text []byte) int {
	for i, c := range text {
		if c == '\'' || c == '"' {
			return i
		}
	}
	return -1
}

// FarQuote is [IndexQuote] for texts of any length.
func FarQuote(text []byte) int { return firstOf(text, '"', '\'') }

// LineBreak returns the index of the first CR or LF, -1 if there is none.
func LineBreak(text []byte) int { return firstOf(text, '\n', '\r') }

// firstOf returns the index of the first of two bytes, -1 if there is neither. It takes as long as what stands in
// front of it: of texts with many of one and none of the other it is asked for each.
func firstOf(text []byte, a, b byte) int {
	for from, to := 0, 64; from < len(text); from, to = to, 4*to {
		part := text[from:min(len(text), to)]
		i := bytes.IndexByte(part, a)
		if i >= 0 {
			part = part[:i]
		}
		if j := bytes.IndexByte(part, b); j >= 0 {
			return from + j
		}
		if i >= 0 {
			return from + i
		}
	}
	return -1
}

// SkipLineEscapes returns the index behind the line ends that are written as escapes from
// i on: \r\n.
func SkipLineEscapes(data []byte, i int) int {
	for i+1 < len(data) && data[i] == '\\' && (data[i+1] == 'r' || data[i+1] == 'n') {
		i += 2
	}
	return i
}

// About reports whether a folder's name, in lower case, is one in which sites write about
// files and servers, or show sources.
func About(folder []byte) bool {
	switch string(folder) {
	case "docs", "doc", "documentation", "blog", "wiki", "tutorial", "tutorials", "learn", "help", "guide", "guides", "manual", "manuals", "man", "reference", "kb", "questions", "question", "tag", "tags", "category", "articles", "article",
		"posts", "post", "news", "forum", "forums", "topic", "threads", "thread", "book", "books", "handbook", "faq", "support", "community", "discuss", "search", "glossary", "game", "games", "snippets", "blob", "tree", "edit", "commits", "blame", "browse", "packages", "package":
		return true
	}
	return false
}
