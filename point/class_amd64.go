package point

import (
	"golang.org/x/sys/cpu"
)

// vector is the least length of what is classified thirty-two bytes at a time, in bytes.
const vector = 32

// nibbles tells classes of many bytes at once. The bytes of a class form rectangles in the
// table of all bytes, sixteen rows by the high half and sixteen columns by the low half; each
// rectangle has a bit, and a byte lies in those whose bit both its row and its column have. Of a class with
// one rectangle that bit is the class.
type nibbles struct {
	low, high [4][16]byte
	further   [1 << (32 - firstSpare)]Classes // classes of the bits above common
}

// firstSpare is the first bit that is no class of a rectangle: those of Control and High are free, too.
const firstSpare = 26

// common are the classes that have a bit of their own. High ones are told by their sign; the
// few bytes that no bit is left for are left to the table.
const common = 1<<firstSpare - 1

var (
	hasVector = cpu.X86.HasAVX2
	halves    = nibblesOf(&ClassOf)
)

func nibblesOf(classes *[256]Classes) (t nibbles) {
	spare := firstSpare
	for bit := range firstSpare {
		for i, r := range rectanglesOf(classes, 1<<bit) {
			at := bit
			if i > 0 {
				if at, spare = spare, spare+1; at > 31 {
					return t
				}
				for set := range t.further {
					if set>>(at-firstSpare)&1 != 0 {
						t.further[set] |= 1 << bit
					}
				}
			}
			for half := range 16 {
				t.low[at/8][half] |= byte(r.low>>half&1) << (at % 8)
				t.high[at/8][half] |= byte(r.high>>half&1) << (at % 8)
			}
		}
	}
	return t
}

// rectangle is a set of bytes: those of some high halves and some low halves, one bit each.
type rectangle struct{ high, low uint16 }

// rectanglesOf returns the rectangles of the bytes of a class.
func rectanglesOf(classes *[256]Classes, c Classes) (list []rectangle) {
next:
	for high := range 16 {
		var low uint16
		for half := range 16 {
			if classes[high<<4|half] == c {
				low |= 1 << half
			}
		}
		if low == 0 {
			continue
		}
		for i := range list {
			if list[i].low == low {
				list[i].high |= 1 << high
				continue next
			}
		}
		list = append(list, rectangle{1 << high, low})
	}
	return list
}

// rectangles returns the bits of the rectangles in which bytes of b lie, whether one of them is
// 0x80 or above, and whether another is in none.
//
//go:noescape
func rectangles(b *byte, n int, t *nibbles) (bits uint32, high, rest bool)

// classifyMany returns the classes of at least vector bytes, or false if it cannot tell.
func classifyMany(b []byte) (Classes, bool) {
	if !hasVector {
		return 0, false
	}
	bits, high, rest := rectangles(&b[0], len(b), &halves)
	classes := Classes(bits)&common | halves.further[bits>>firstSpare]
	if high {
		classes |= High
	}
	return classes, !rest
}
