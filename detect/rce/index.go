package rce

import (
	"bytes"
	"math/bits"
	"strings"

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

// entry says that a word holds at a place the bytes that chose a bucket.
type entry struct {
	head       uint64 // the word's first bytes, as fold leaves them
	word, next uint16 // next is the next entry of the same bucket, 1-based
	offset     uint8
	others     uint8 // bits of head behind the word
}

// index finds any of some hundred words in one pass that looks at every third place: each word has three
// places, of which one stands at such a place of the text. The bytes there, of all in the word those that are
// the rarest in texts, choose a bucket. The few words that are too short for that are looked for at every second
// place, in texts that may hold one.
type index struct {
	words       []indexed
	long, short table
	shorts      []string
}

// table holds words that are found by looking at one place of some.
type table struct {
	step    int // between such places
	entries []entry
	longest int // from a word's beginning to such bytes
	// A bit for the last bits of each byte that follows in a word of a bucket; all if one ends there.
	fourths [1 << indexBits]uint16
	firsts  [1 << indexBits]uint16 // of each bucket its first entry, 1-based
}

const (
	indexBits = 13
	indexKey  = 3 // bytes that choose the bucket
	longStep  = 3
	shortStep = 2
	shortest  = indexKey + shortStep - 1 // word of the index
)

// fold makes letters of eight bytes small, and other bytes something else.
const fold = 0x20 * lex.Ones

// bucketOf returns the bucket for some bytes that fold was applied to, by the first three.
func bucketOf(folded uint32) uint32 { return folded << 8 * 2654435761 >> (32 - indexBits) }

// may returns 1 if the bytes may stand in a word of their bucket, else 0.
func (t *table) may(folded uint32) uint16 {
	return t.fourths[bucketOf(folded)] >> (folded >> 24 & 15) & 1
}

// eight returns eight bytes of the data, as fold leaves them, and blanks behind its end.
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
	x := &index{long: table{step: longStep}, short: table{step: shortStep}}
	for kind := memberWord; kind <= pickleWord; kind++ {
		for _, text := range lists[kind] {
			switch {
			case len(text) < shortest:
				panic("BUG: a word of the index is too short: " + text)
			case len(text) < indexKey+longStep-1:
				x.short.enter(text, len(x.words))
				x.shorts = append(x.shorts, text)
			default:
				x.long.enter(text, len(x.words))
			}
			x.words = append(x.words, indexed{text, kind})
		}
	}
	return x
}

// enter has a word found by the bytes at as many places in it as one of which is looked at.
func (t *table) enter(text string, word int) {
	for at := range t.step {
		offset := rarest(text, at, t.step)
		folded := uint32(eight(text, offset))
		others := uint8(64 - 8*min(8, len(text)))
		b := bucketOf(folded)
		t.entries = append(t.entries, entry{eight(text, 0) << others, uint16(word), t.firsts[b], uint8(offset), others})
		t.longest = max(t.longest, offset)
		t.firsts[b] = uint16(len(t.entries))
		if t.fourths[b] |= 1 << (folded >> 24 & 15); len(text) == offset+indexKey {
			t.fourths[b] = ^uint16(0)
		}
	}
}

// rarest returns the place of the rarest bytes of a word, of those that begin at offset or some steps behind.
func rarest(text string, offset, step int) int {
	best := offset
	for i := offset + step; i+indexKey < len(text); i += step {
		if usual(text[i:i+indexKey+1]) < usual(text[best:min(len(text), best+indexKey+1)]) {
			best = i
		}
	}
	return best
}

// pairsOfText are pairs of letters and blanks that many words of texts and programs hold.
const pairsOfText = "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur pe el la ss ct il ta no us ec ac di un ut em ho pr ge ns ex im po ly tr et lo fo fi ue ig ad sh"

// usual says how usual some bytes are: by their pairs, and the marks in them.
func usual(text string) (n int) {
	for i := 1; i < len(text); i++ {
		if strings.Contains(pairsOfText, text[i-1:i+1]) {
			n += 4
		}
	}
	for _, c := range []byte(text) {
		if lex.Letter(c) || c == ' ' {
			n++
		}
	}
	return n
}

var codeIndex = newIndex(map[wordKind][]string{memberWord: members[:], gadgetWord: gadgets[:], powerWord: powerWords[:], keyWord: {"__proto__", "__init__", "__globals__", "__class__", "__mro__", "__bases__", "__subclasses__", "__builtins__", "constructor", "class.module", "class.classloader", "class["}, formatWord: {"{0}{", "{1}{", "{2}{", "{3}{", "{4}{"}, phraseWord: phrases[:], includeWord: includes[:], pickleWord: pickled[:]})

// indexClasses are the classes of which a value must hold one to be looked through.
const indexClasses = point.Brace | point.HashAt | point.Dollar | point.PercentSign | point.Paren | point.Pipe | point.Less | point.Bracket | point.Quote | point.Backtick | point.Backslash

// Bounds of the words of the index that are weighed in one value, and of one of them: what a text is full of
// must not hide the others.
const (
	maxIndexed = 64
	maxAlike   = 8
)

// indexedWords weighs every word of the index in a value.
func indexedWords(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&indexClasses == 0 && v.Kind != point.Key && v.Kind != point.JSONKey && !spelled4(data) {
		return
	}
	f := codeIndex.all(data, v.Pairs)
	keyed := false
	for _, p := range f.places[:f.n] {
		w := &codeIndex.words[p.word()]
		if w.kind == keyWord && keyed {
			continue // one look finds all of them
		}
		keyed = keyed || w.kind == keyWord
		weighIndexed(w, data, p.at(), v, best)
	}
}

// all returns the first words of the index in a text, of which the pairs may be known.
func (x *index) all(data []byte, pairs *point.Pairs) (f found) {
	i := 0
	for ; i+4*longStep+4 <= len(data) && !f.complete(i, x.long.longest); i += 4 * longStep {
		first, second := lex.Eight(data, i)|fold, lex.Eight(data, i+2*longStep)|fold
		hits := x.long.may(uint32(first)) | x.long.may(uint32(first>>(8*longStep)))<<1 | x.long.may(uint32(second))<<2 | x.long.may(uint32(second>>(8*longStep)))<<3
		for ; hits != 0; hits &= hits - 1 {
			x.find(&x.long, data, i+longStep*bits.TrailingZeros16(hits), &f)
		}
	}
	x.rest(&x.long, data, i, &f)
	if lex.MayAny(pairs, x.shorts...) {
		x.rest(&x.short, data, 0, &f)
	}
	return f
}

// rest notes the words of a table in a text from i on.
func (x *index) rest(t *table, data []byte, i int, f *found) {
	for ; i+indexKey <= len(data) && !f.complete(i, t.longest); i += t.step {
		if t.may(uint32(headAt(data, i))) != 0 {
			x.find(t, data, i, f)
		}
	}
}

// find notes the words of which the bytes at i chose a bucket.
func (x *index) find(t *table, data []byte, i int, f *found) {
	for next := t.firsts[bucketOf(uint32(headAt(data, i)))]; next != 0; {
		e := &t.entries[next-1]
		next = e.next
		start := i - int(e.offset)
		if start < 0 || headAt(data, start)<<e.others != e.head {
			continue
		}
		if lex.HasPrefix(data[start:], x.words[e.word].text) {
			f.note(placeOf(start, int(e.word)))
		}
	}
}

// place is where a word of the index stands. Places are weighed in their order: by where in the text, but of
// two that share an even place and what stands in front of it the word that the index has last.
type place uint64

const wordBits = 16

func placeOf(start, word int) place {
	odd := start & 1
	return place(start+odd)<<(wordBits+1) | place(1<<wordBits-1-word)<<1 | place(1-odd)
}

func (p place) at() int   { return int(p>>(wordBits+1)) - int(1-p&1) }
func (p place) word() int { return 1<<wordBits - 1 - int(p>>1)&(1<<wordBits-1) }

// found holds the first places of words in a value, in order.
type found struct {
	n      int
	places [maxIndexed]place
}

// note puts a place where it belongs.
func (f *found) note(p place) {
	if f.n >= maxAlike && f.alike(p) {
		return
	}
	i := f.n
	for i > 0 && f.places[i-1] > p {
		i--
	}
	if i == len(f.places) {
		return
	}
	f.n = min(f.n+1, len(f.places))
	copy(f.places[i+1:f.n], f.places[i:])
	f.places[i] = p
}

// alike reports whether a word has been found so often that more of it tell nothing more.
func (f *found) alike(p place) bool {
	n := 0
	for _, other := range f.places[:f.n] {
		if other.word() == p.word() {
			n++
		}
	}
	return n >= maxAlike
}

// complete reports whether what is found from i on stands behind all places; longest is how far in front of i a
// word may begin.
func (f *found) complete(i, longest int) bool {
	return f.n == len(f.places) && f.places[f.n-1].at()+longest < i
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
