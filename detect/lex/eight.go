package lex

import "encoding/binary"

// Arithmetic on eight bytes at a time, as one number.

// Ones has the number one in each of eight bytes.
const Ones = 0x0101010101010101

// Zeroes returns eight bytes of which those are 0x80 that are zero in x, the others zero.
func Zeroes(x uint64) uint64 {
	const low = 0x7f * Ones
	return ^((x&low + low) | x | low)
}

// Eight returns the eight bytes that begin at i as one number.
func Eight(data []byte, i int) uint64 { return binary.LittleEndian.Uint64(data[i:]) }
