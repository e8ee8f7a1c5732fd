package session

import (
	"encoding/binary"
	"math/bits"
)

// sipState is a copy in registers as long as it is passed by value.
type sipState struct{ v0, v1, v2, v3 uint64 }

// sip is SipHash-2-4 with 128 bits (Aumasson, Bernstein 2012) of the eight bytes of
// seed, a and b.
func sip(k0, k1, seed uint64, a, b []byte) (sum [16]byte) {
	s := sipState{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d ^ 0xee, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573}
	length := 8 + len(a) + len(b)
	s = s.word(seed)
	s, a = s.words(a)
	var tail [8]byte
	n := copy(tail[:], a)
	m := copy(tail[n:], b) // join the ends: no byte is padded away between a and b
	if n += m; n == len(tail) {
		s, b = s.word(binary.LittleEndian.Uint64(tail[:])).words(b[m:])
		clear(tail[:])
		copy(tail[:], b)
	}
	s = s.word(binary.LittleEndian.Uint64(tail[:]) | uint64(length)<<56)
	s.v2 ^= 0xee
	s = s.round().round().round().round()
	binary.LittleEndian.PutUint64(sum[:8], s.v0^s.v1^s.v2^s.v3)
	s.v1 ^= 0xdd
	s = s.round().round().round().round()
	binary.LittleEndian.PutUint64(sum[8:], s.v0^s.v1^s.v2^s.v3)
	return sum
}

// words takes in all whole words of b and returns its rest.
func (s sipState) words(b []byte) (sipState, []byte) {
	for len(b) >= 8 {
		s = s.word(binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	return s, b
}

func (s sipState) word(m uint64) sipState {
	s.v3 ^= m
	s = s.round().round()
	s.v0 ^= m
	return s
}

func (s sipState) round() sipState {
	s.v0 += s.v1
	s.v1 = bits.RotateLeft64(s.v1, 13) ^ s.v0
	s.v0 = bits.RotateLeft64(s.v0, 32)
	s.v2 += s.v3
	s.v3 = bits.RotateLeft64(s.v3, 16) ^ s.v2
	s.v0 += s.v3
	s.v3 = bits.RotateLeft64(s.v3, 21) ^ s.v0
	s.v2 += s.v1
	s.v1 = bits.RotateLeft64(s.v1, 17) ^ s.v2
	s.v2 = bits.RotateLeft64(s.v2, 32)
	return s
}
