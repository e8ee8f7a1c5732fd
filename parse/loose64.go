package parse

import (
	"encoding/binary"
	"math/bits"

	"github.com/weirnode/weir/point"
)

// Readers of base64 that are not strict pass over bytes of no alphabet: these may stand in as many
// places of a value, one less where it is short, and in one more for so many bytes.
const (
	maxForeign    = 3
	perForeign    = 16
	foreignProbe  = 64 // bytes that are looked at
	minHigh       = 6  // of 24 bytes
	minManyDigits = 32 // of a value that is not short
)

// looseProbe is how much of a value with foreign bytes is decoded before the rest is.
const looseProbe = 96

// foreign64 tries a value as base64 in which some bytes are of no alphabet.
func (p *Points) foreign64(data []byte, at place) {
	if len(data) < minToken || fewHigh(data) || tooForeign(data) || !p.on(Base64Parser, at.ref) || !p.room(len(data)) {
		return
	}
	size := min(len(data), looseProbe)
	if len(data) <= maxSpread {
		size = len(data)
	}
	probed := loose64(p.arena.Grow(size), data[:size])
	if head := probed[:min(len(probed), probe)]; len(head) < 4 || !nearlyText(head) && !marked(head) && !hasRun(probed) && !likeItems(probed) {
		return
	}
	if len(data) > size {
		probed = loose64(p.arena.Grow(len(data)), data)
	}
	p.decoded64(probed, at)
}

// fewHigh reports whether three pieces of a value, at its beginning, in its middle and at its end, have
// hardly any capitals and numbers, of which half of base64 is: prose has not. Addresses of mail have no
// capitals, times and telephone numbers no small letters.
func fewHigh(data []byte) bool {
	const bit6 = 0x4040404040404040
	high := 0
	var anyCapital, anySmall uint64
	for _, i := range [...]int{0, (len(data) - 8) / 2, len(data) - 8} {
		x := binary.LittleEndian.Uint64(data[i:])
		capitals := x &^ (x << 1) & bit6
		numbers := x << 2 & (x << 1) &^ x & bit6
		high += bits.OnesCount64(capitals | numbers)
		anyCapital |= capitals
		anySmall |= x & (x << 1) & bit6
	}
	return high < minHigh || anyCapital == 0 || anySmall == 0
}

// tooForeign reports whether bytes of no alphabet stand in too many places of a value for base64.
func tooForeign(data []byte) bool {
	spare, short := maxForeign, len(data) < minManyDigits
	within := false
	for i, c := range data[:min(len(data), foreignProbe)] {
		foreign := base64Values[c] == 0xff && point.ClassOf[c] != point.Newline
		if foreign && !within {
			if spare--; spare+i/perForeign < 0 || short && (spare == 0 || c == ' ') {
				return true
			}
		}
		within = foreign
	}
	return false
}

// What is text within other bytes.
const (
	minRun     = 12      // the shortest run of printable ASCII that begins or ends it, in bytes
	spareOther = 64      // as many other bytes may stand around it, and as many as there are of its own
	minRunSpan = 8       // of so many of its own bytes one may be none of text
	maxSpread  = 4 << 10 // within so many bytes, or digits, runs are texts whatever stands around them
	maxRuns    = 8
)

// printableText holds the bytes of text in ASCII.
var printableText = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= 0x20 && c < 0x7f || c >= '\t' && c <= '\r'
	}
	return t
}()

// hasRun reports whether a run of text is in b.
func hasRun(b []byte) bool {
	from, _ := runFrom(b, 0)
	return from >= 0
}

// runFrom returns the first run of text at i or behind it, -1 if there is none.
func runFrom(b []byte, i int) (from, to int) {
	for last := i + minRun - 1; last < len(b); last += minRun {
		if !printableText[b[last]] {
			continue
		}
		for from = last; from > i && printableText[b[from-1]]; {
			from--
		}
		for to = last + 1; to < len(b) && printableText[b[to]]; {
			to++
		}
		if to-from >= minRun {
			return from, to
		}
		i, last = to, to
	}
	return -1, 0
}

// textSpan returns the part of b that is text to those who pass over what stands around it, nil if
// it is less than what does.
func textSpan(b []byte) []byte {
	start, end := runFrom(b, 0)
	if start < 0 {
		return nil
	}
	odd := 0
	for from, to := runFrom(b, end); from >= 0; from, to = runFrom(b, end) {
		for _, c := range b[end:from] {
			if !printableText[c] {
				odd++
			}
		}
		end = to
	}
	own := end - start
	if odd*minRunSpan > own || len(b)-own > max(own, spareOther) {
		return nil
	}
	return b[start:end]
}

// textWithin keeps the text among bytes that are none, if it may be more than words.
func (p *Points) textWithin(b []byte, at place) {
	text := textSpan(b)
	if classes := point.Classify(text); classes&^(plain&^point.Space) != 0 {
		p.classified(text, classes, at)
	}
}

// runsWithin keeps the runs of text among few bytes that are mostly none. Such bytes hold names and
// paths of programs: only what is marked as statements, commands and markup are counts.
func (p *Points) runsWithin(b []byte, at place) {
	if len(b) > maxSpread {
		return
	}
	from, to := runFrom(b, 0)
	for n := 0; n < maxRuns && from >= 0; n++ {
		if classes := point.Classify(b[from:to]); classes&runMarks != 0 && classes&point.Alpha != 0 {
			p.classified(b[from:to], classes, at)
		}
		from, to = runFrom(b, to)
	}
}

// runMarks are classes of which a run has one.
const runMarks = point.Quote | point.Less | point.Dollar | point.Backtick | point.Pipe | point.Semicolon

// spreadsText reports whether there is text among bytes.
func spreadsText(b []byte) bool { return len(b) <= maxSpread && hasRun(b) || textSpan(b) != nil }

// inText says as which digit of four a digit may stand for text in ASCII.
var inText = func() (t [256]uint8) {
	for c, v := range base64Values {
		if v == 0xff {
			continue
		}
		t[c] = 8
		if v >= 2 && v < 32 {
			t[c] |= 1
		}
		if v&8 == 0 {
			t[c] |= 2
		}
		if v&2 == 0 {
			t[c] |= 4
		}
	}
	return t
}()

// holdsText reports whether digits stand for bytes of which a good part is text, although they do not
// begin so. It looks at four digits of sixteen; those of ids fail there.
func holdsText(digits []byte) bool {
	const step = minRun / 3
	found, left := 0, 0
	for g := step - 1; g < len(digits)/4; g += step {
		if !textGroup(digits[4*g:]) {
			continue
		}
		from, to := g, g+1
		for from > left && textGroup(digits[4*from-4:]) {
			from--
		}
		for to < len(digits)/4 && textGroup(digits[4*to:]) {
			to++
		}
		if to-from >= step {
			found += to - from
		}
		g, left = to, to
	}
	return found > 0 && (found*minRunSpan >= len(digits)/4 || len(digits) <= maxSpread)
}

// textGroup reports whether four digits may stand for text in ASCII.
func textGroup(b []byte) bool {
	return inText[b[0]]&1 != 0 && inText[b[1]]&2 != 0 && inText[b[2]]&4 != 0
}
