package parse

// Arithmetic on eight bytes at a time, as one number.

// ones has the number one in each of eight bytes.
const ones = 0x0101010101010101

// zeroes returns eight bytes of which those are 0x80 that are zero in x, the others zero.
func zeroes(x uint64) uint64 {
	const low = 0x7f * ones
	return ^((x&low + low) | x | low)
}
