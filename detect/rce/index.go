package rce

import (
	"bytes"
	"math/bits"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// wordKind says who weighs a word.
type wordKind uint8

const (
	memberWord wordKind = iota
	gadgetWord
	powerWord
	keyWord
	formatWord
	phraseWord
	includeWord
	pickleWord
)

// indexed is one word of the index, of four bytes at least.
type indexed struct {
	text string
	kind wordKind
}

// entry says that a word holds the bytes that chose a bucket at its beginning or one behind.
type entry struct {
	head       uint64 // the word's first bytes, as fold leaves them
	word, next uint16 // next is the next entry of the same bucket, 1-based
	offset     uint8
	others     uint8 // bits of head behind the word
}

// index finds any of some hundred words in one pass that looks at every second place: each word
// has three bytes that begin at an even place, its first or the one behind, which choose a bucket.
type index struct {
	words   []indexed
	entries []entry
	buckets [1 << indexBits]bucket
}

// bucket holds the words for some bytes.
type bucket struct {
	first  uint16 // its first entry, 1-based
	fourth uint16 // a bit for the last bits of each byte that follows in one of them; all if one ends there
}

const (
	indexBits = 12
	indexKey  = 3 // bytes that choose the bucket
	indexStep = 2
	shortest  = indexKey + indexStep - 1 // word of the index
)

// fold makes letters of eight bytes small, and other bytes something else.
const fold = 0x20 * lex.Ones

// bucket returns the bucket for some bytes that fold was applied to, by the first three.
func (x *index) bucket(folded uint64) *bucket {
	return &x.buckets[uint32(folded&0xffffff)*2654435761>>(32-indexBits)]
}

// may returns 1 if the bytes may begin a word of their bucket, else 0.
func (x *index) may(folded uint64) uint16 {
	return x.bucket(folded).fourth >> (folded >> 24 & 15) & 1
}

// eight returns eight bytes of the data, as fold leaves them, and zeros behind its end.
func eight[T string | []byte](data T, i int) uint64 {
	var b [8]byte
	copy(b[:], data[i:])
	return lex.Eight(b[:], 0) | fold
}

// headAt is eight for most places of long data.
func headAt(data []byte, i int) uint64 {
	if i+8 <= len(data) {
		return lex.Eight(data, i) | fold
	}
	return eight(data, i)
}

func newIndex(lists map[wordKind][]string) *index {
	x := &index{}
	for kind := memberWord; kind <= pickleWord; kind++ {
		for _, text := range lists[kind] {
			if len(text) < shortest {
				panic("BUG: a word of the index is too short: " + text)
			}
			for offset := range indexStep {
				folded := eight(text, offset)
				b := x.bucket(folded)
				others := uint8(64 - 8*min(8, len(text)))
				x.entries = append(x.entries, entry{eight(text, 0) << others, uint16(len(x.words)), b.first, uint8(offset), others})
				b.first = uint16(len(x.entries))
				if b.fourth |= 1 << (folded >> 24 & 15); len(text) == offset+indexKey {
					b.fourth = ^uint16(0)
				}
			}
			x.words = append(x.words, indexed{text, kind})
		}
	}
	return x
}

var codeIndex = newIndex(map[wordKind][]string{memberWord: members[:], gadgetWord: gadgets[:], powerWord: powerWords[:], keyWord: {"__proto__", "__init__", "__globals__", "__class__", "__mro__", "__bases__", "__subclasses__", "__builtins__", "constructor", "class.module", "class.classloader", "class["}, formatWord: {"{0}{", "{1}{", "{2}{", "{3}{", "{4}{"}, phraseWord: phrases[:], includeWord: includes[:], pickleWord: pickled[:]})

// indexClasses are the classes of which a value must hold one to be looked through.
const indexClasses = point.Brace | point.HashAt | point.Dollar | point.PercentSign | point.Paren | point.Pipe | point.Less | point.Bracket | point.Quote | point.Backtick | point.Backslash

// maxIndexed bounds the words of the index that are weighed in one value.
const maxIndexed = 64

// indexedWords weighs every word of the index in a value.
func indexedWords(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&indexClasses == 0 && v.Kind != point.Key && v.Kind != point.JSONKey && !spelled4(data) {
		return
	}
	i, seen := 0, 0
	for ; i+8 <= len(data) && seen < maxIndexed; i += 3 * indexStep {
		first := lex.Eight(data, i) | fold
		second, third := first>>16, first>>32
		for hits := codeIndex.may(first) | codeIndex.may(second)<<1 | codeIndex.may(third)<<2; hits != 0; hits &= hits - 1 {
			at := indexStep * bits.TrailingZeros16(hits)
			seen = codeIndex.weighAt(data, i+at, first>>(8*at), seen, v, best)
		}
	}
	for ; i+indexKey <= len(data); i += indexStep {
		if folded := eight(data, i); codeIndex.may(folded) != 0 {
			seen = codeIndex.weighAt(data, i, folded, seen, v, best)
		}
	}
}

// weighAt weighs the words of which the bytes at i, as fold leaves them, chose a bucket, and returns how many
// words of the value were weighed.
func (x *index) weighAt(data []byte, i int, folded uint64, seen int, v *point.Value, best *evidence.Tally) int {
	for next := x.bucket(folded).first; next != 0 && seen < maxIndexed; {
		e := &x.entries[next-1]
		next = e.next
		start := i - int(e.offset)
		if start < 0 || headAt(data, start)<<e.others != e.head {
			continue
		}
		if word := &x.words[e.word]; lex.HasPrefix(data[start:], word.text) {
			weighIndexed(word, data, start, v, best)
			seen++
		}
	}
	return seen
}

func weighIndexed(w *indexed, data []byte, i int, v *point.Value, best *evidence.Tally) {
	switch w.kind {
	case memberWord:
		member(data, i, len(w.text), v, best)
	case gadgetWord:
		gadget(data, i, len(w.text), v, best)
	case powerWord:
		power(data, i, w.text, best)
	case keyWord:
		keys(data, v, best)
	case formatWord:
		format(data, i, best)
	case phraseWord:
		weighPhrase(data, i, w.text, best)
	case includeWord:
		include(data, i, len(w.text), best)
	case pickleWord:
		if i > 0 {
			one(&serialized, i, len(w.text), evidence.Code, best)
		}
	}
}

// spelled4 reports whether a value of few classes may be the name of a class or of a
// prototype by its first bytes.
func spelled4(data []byte) bool {
	if len(data) < 9 {
		return false
	}
	switch string(data[:4]) {
	case "java", "com.", "org.", "sun.", "Java", "Lcom", "Lorg", "Ljav", "LLco", "[com", "__pr", "__in", "__cl", "cons", "Proc", "proc", "Syst":
		return true
	}
	if len(data) < 120 && bytes.IndexByte(data, '_') > 0 && bytes.Contains(data, []byte("__proto__")) || bytes.HasPrefix(data, []byte("/constr")) {
		return true
	}
	if len(data) < 120 && (bytes.Contains(data, []byte(".constructor.prototype")) || data[0] == '/' && bytes.Contains(data, []byte("/constructor/prototype/"))) {
		return true
	}
	return lex.HasPrefix(data, "class") || bytes.IndexByte(data[:8], ':') >= 0 // $1:__proto__:then
}
