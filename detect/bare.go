package detect

import (
	"bytes"
	"encoding/binary"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

const (
	// outerBlanks are what applications take off both ends of a value: the bytes of two classes.
	outerBlanks = " \t\r\n\v\f"

	// A run of longRun blanks and more is read as what it separates: as a blank or two, as a line's end or
	// an empty line with keptIndent bytes of the next one's indentation. Longer ones would only fill up
	// what detectors look ahead.
	longRun    = 16
	wordLength = longRun / 2
	keptBlanks = 2
	keptIndent = 8

	// minCondensed is the length from which on a value has room for runs that matter, in bytes.
	minCondensed = 64

	// maxCondensed bounds the buffer that is kept for the next value, in bytes.
	maxCondensed = 64 << 10
)

// bare is a value without the blanks that mean nothing: those around it, which applications take off and behind which
// an attack looks like a text, and most of long runs of them.
type bare struct {
	point.Value
	lead   int    // blanks in front of it
	cuts   []cut  // what was taken out of the runs
	buffer []byte // what the text is condensed in
}

// cut is a place in the condensed text at which so many bytes of the value are missing.
type cut struct{ at, missing int }

// of makes v bare and reports whether that changed it.
func (b *bare) of(v *point.Value) bool {
	b.lead, b.cuts = 0, b.cuts[:0]
	if v.Kind == point.FileHead || v.Kind == point.Document {
		return false
	}
	text := v.Data
	if outerBlank(text[0]) || outerBlank(text[len(text)-1]) {
		text = bytes.TrimLeft(text, outerBlanks)
		b.lead = len(v.Data) - len(text)
		text = bytes.TrimRight(text, outerBlanks)
	}
	if len(text) > minCondensed && len(text) <= point.MaxRead {
		text = b.condense(text)
	}
	if len(text) == 0 || len(text) == len(v.Data) {
		return false
	}
	b.Value = *v
	b.Data, b.Classes = text, point.Classify(text)
	return true
}

// condense returns text with its long runs of blanks shortened.
func (b *bare) condense(text []byte) []byte {
	end := 0 // what is in front of it was copied
	b.buffer = b.buffer[:0]
	if cap(b.buffer) > maxCondensed {
		b.buffer = nil
	}
	for i := 0; i+wordLength <= len(text); i += wordLength { // a long run holds a word of blanks
		if binary.LittleEndian.Uint64(text[i:])&beyondBlanks != 0 || !allBlank(text[i:i+wordLength]) {
			continue
		}
		from, behind := runAround(text, end, i)
		if behind-from >= longRun {
			b.buffer = append(b.buffer, text[end:from]...)
			b.shorten(text[from:behind])
			end = behind
		}
		i = max(i, behind&^(wordLength-1)-wordLength)
	}
	if end == 0 {
		return text
	}
	b.buffer = append(b.buffer, text[end:]...)
	return b.buffer
}

// beyondBlanks are bits that no blank has, in each of eight bytes.
const beyondBlanks = 0xc0c0c0c0c0c0c0c0

func allBlank(text []byte) bool {
	for _, c := range text {
		if !outerBlank(c) {
			return false
		}
	}
	return true
}

// runAround returns where the blanks around i begin, which is not in front of end, and end.
func runAround(text []byte, end, i int) (from, behind int) {
	for from = i; from > end && outerBlank(text[from-1]); {
		from--
	}
	for behind = i; behind < len(text) && outerBlank(text[behind]); {
		behind++
	}
	return from, behind
}

// shorten appends what is read of a run: bytes that stand next to each other in it.
func (b *bare) shorten(run []byte) {
	kept := run[:keptBlanks]
	if last := bytes.LastIndexByte(run, '\n'); last >= 0 {
		from := last
		if line := bytes.LastIndexByte(run[:last], '\n'); line >= 0 && last-line <= keptBlanks {
			from = line
		}
		kept = run[from:min(len(run), last+1+keptIndent)]
	}
	b.buffer = append(b.buffer, kept...)
	b.cuts = append(b.cuts, cut{at: len(b.buffer), missing: len(run) - len(kept)})
}

// restore moves the marks to where they are in the value.
func (b *bare) restore(t *evidence.Tally) {
	for i := range t.Marks[:t.N] {
		m := &t.Marks[i]
		from, end := b.origin(int(m.Off)), b.origin(int(m.Off+m.Len))
		m.Off, m.Len = uint32(from), uint32(end-from)
	}
}

// origin returns the index in the value of the byte at off.
func (b *bare) origin(off int) int {
	from := off + b.lead
	for _, c := range b.cuts {
		if c.at > off {
			break
		}
		from += c.missing
	}
	return from
}

func outerBlank(c byte) bool { return point.ClassOf[c]&(point.Space|point.Newline) != 0 }
