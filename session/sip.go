package session

import (
	"encoding/binary"
	"math/bits"
)

// sip is SipHash-2-4 (Aumasson, Bernstein 2012) of a seed word followed by a and b.
func sip(k0, k1, seed uint64, a, b []byte) uint64 {
	s := sipState{k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573}
	s.word(seed)
	a = s.words(a)
	var tail [16]byte
	n := copy(tail[:], a)
	if n > 0 { // join the ends so that no byte is padded away between a and b
		m := copy(tail[n:8], b)
		b = b[m:]
		n += m
		if n == 8 {
			s.word(binary.LittleEndian.Uint64(tail[:8]))
			n = 0
		}
	}
	if n == 0 {
		b = s.words(b)
		clear(tail[:])
		n = copy(tail[:], b)
	}
	last := binary.LittleEndian.Uint64(tail[:8])
	s.word(last | uint64(n)<<56)
	s.v2 ^= 0xff
	for range 4 {
		s.round()
	}
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3
}

type sipState struct{ v0, v1, v2, v3 uint64 }

func (s *sipState) words(b []byte) []byte {
	for len(b) >= 8 {
		s.word(binary.LittleEndian.Uint64(b))
		b = b[8:]
	}
	return b
}

func (s *sipState) word(m uint64) {
	s.v3 ^= m
	s.round()
	s.round()
	s.v0 ^= m
}

func (s *sipState) round() {
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
}
