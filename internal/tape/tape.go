// Package tape knows the heads of members in archives of tar: POSIX.1-2017, pax; GNU tar, "Basic Tar Format".
package tape

import "bytes"

// Block is the size of a head, and what the size of a member's content is rounded up to, in bytes.
const Block = 512

// Fields of a head: where they begin.
const (
	Name   = 0
	Size   = 124
	Sum    = 148
	Type   = 156
	Link   = 157
	Magic  = 257
	Prefix = 345
)

// Lengths of them, in bytes.
const (
	NameLength   = 100
	SizeLength   = 12
	SumLength    = 8
	PrefixLength = 155
)

// Types of members.
const (
	HardLink = '1'
	SymLink  = '2'
	LongLink = 'K' // GNU: the content is where the next member leads
	LongName = 'L' // GNU: the content is the next member's name
	Records  = 'x' // pax: the content is about the next member
)

// IsHead reports whether a block is a head: it has the mark of POSIX, or its bytes add up to what it says, as those
// of older archives do.
func IsHead(block []byte) bool {
	return len(block) >= Block && block[0] != 0 && (bytes.HasPrefix(block[Magic:], []byte("ustar")) || sum(block) == Octal(block[Sum:Sum+SumLength]))
}

// sum adds up the bytes of a head as if there were blanks in place of the sum.
func sum(block []byte) int {
	n := SumLength * int(' ')
	for i, c := range block[:Block] {
		if i < Sum || i >= Sum+SumLength {
			n += int(c)
		}
	}
	return n
}

// Octal reads a number in octal digits, up to the first byte that is none.
func Octal(digits []byte) (n int) {
	for _, c := range bytes.TrimLeft(digits, " ") {
		if c < '0' || c > '7' {
			break
		}
		n = n<<3 | int(c-'0')
	}
	return n
}

// Content returns the size of the content behind a head, in bytes, and that of the blocks which hold it.
func Content(head []byte) (size, blocks int) {
	size = Octal(head[Size : Size+SizeLength])
	return size, (size + Block - 1) / Block * Block
}

// Describes reports whether the content behind a head is about the next member.
func Describes(head []byte) bool {
	return head[Type] == LongName || head[Type] == LongLink || head[Type] == Records
}

// Empty makes a head one of a member without content.
func Empty(head []byte) {
	for i := range SizeLength - 1 {
		head[Size+i] = '0'
	}
	for i, n := SumLength-3, sum(head); i >= 0; i, n = i-1, n>>3 {
		head[Sum+i] = '0' + byte(n&7)
	}
	head[Sum+SumLength-2], head[Sum+SumLength-1] = 0, ' '
}
