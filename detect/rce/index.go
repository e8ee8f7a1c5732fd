package rce

import (
	"bytes"

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
	word, next uint16 // next is the next entry of the same bucket, 1-based
	offset     uint8
}

// index finds any of some hundred words in one pass that looks at every second place: each word
// has three bytes that begin at an even place, its first or the one behind, which choose a bucket.
type index struct {
	words   []indexed
	entries []entry
	buckets [1 << indexBits]uint16      // first entry of a bucket, 1-based
	marks   [1 << (markBits - 6)]uint64 // one bit for each sum of bytes that begin a word
}

const (
	markBits  = 15 // of a sum, which the bucket's number begins
	indexBits = 12
	indexKey  = 3 // bytes that choose the bucket
	indexStep = 2
)

// sumOf returns a sum of the three bytes at i; the case of letters does not matter.
func sumOf[T string | []byte](data T, i int) uint32 {
	key := (uint32(data[i]) | uint32(data[i+1])<<8 | uint32(data[i+2])<<16) | 0x202020
	return key * 2654435761 >> (32 - markBits)
}

// first returns the first entry for three bytes by their sum, 0 if they begin no word.
func (x *index) first(sum uint32) uint16 {
	if x.marks[sum>>6]>>(sum&63)&1 == 0 {
		return 0
	}
	return x.buckets[sum>>(markBits-indexBits)]
}

func newIndex(lists map[wordKind][]string) *index {
	x := &index{}
	for kind := memberWord; kind <= pickleWord; kind++ {
		for _, text := range lists[kind] {
			if len(text) < indexKey+indexStep-1 {
				panic("BUG: a word of the index is too short: " + text)
			}
			for offset := range indexStep {
				sum := sumOf(text, offset)
				b := sum >> (markBits - indexBits)
				x.marks[sum>>6] |= 1 << (sum & 63)
				x.entries = append(x.entries, entry{uint16(len(x.words)), x.buckets[b], uint8(offset)})
				x.buckets[b] = uint16(len(x.entries))
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
	seen := 0
	for i := 0; i+indexKey <= len(data); i += indexStep {
		for next := codeIndex.first(sumOf(data, i)); next != 0; {
			e := &codeIndex.entries[next-1]
			next = e.next
			start := i - int(e.offset)
			if start < 0 {
				continue
			}
			word := &codeIndex.words[e.word]
			if !lex.HasPrefix(data[start:], word.text) {
				continue
			}
			weighIndexed(word, data, start, v, best)
			if seen++; seen == maxIndexed {
				return
			}
		}
	}
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
