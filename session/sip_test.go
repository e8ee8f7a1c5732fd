package session

import (
	"encoding/binary"
	"encoding/hex"
	"testing"
)

// TestSipVectors holds the hash to the published vectors for 128 bits
// (https://github.com/veorq/SipHash, vectors.h): the bytes 0, 1, 2 ... under the key
// 0 to 15. How a text is split over the two arguments must not matter.
func TestSipVectors(t *testing.T) {
	var bytes [64]byte
	for i := range bytes {
		bytes[i] = byte(i)
	}
	first, second := binary.LittleEndian.Uint64(bytes[:8]), binary.LittleEndian.Uint64(bytes[8:])
	f := func(n int, want string) {
		t.Helper()
		for cut := 8; cut <= n; cut++ {
			sum := sip(first, second, first, bytes[8:cut], bytes[cut:n])
			if got := hex.EncodeToString(sum[:]); got != want {
				t.Errorf("%d bytes cut at %d: %s, want %s", n, cut, got, want)
			}
		}
	}
	f(8, "3b62a9ba6258f5610f83e264f31497b4")
	f(15, "5493e99933b0a8117e08ec0f97cfc3d9")
	f(16, "6ee2a4ca67b054bbfd3315bf85230577")
	f(31, "2939b0183223fafc1723de4f52c43d35")
	f(63, "5150d1772f50834a503e069a973fbd7c")
}

func FuzzSip(f *testing.F) {
	f.Add([]byte("0123456789"), 3)
	f.Add([]byte{}, 0)
	f.Fuzz(func(t *testing.T, text []byte, cut int) {
		cut = min(max(cut, 0), len(text))
		whole := sip(1, 2, 3, text, nil)
		if sip(1, 2, 3, text[:cut], text[cut:]) != whole {
			t.Errorf("cut at %d changes the hash", cut)
		}
		if sip(1, 2, 3, text, []byte{0}) == whole {
			t.Error("a byte that is added does not count")
		}
	})
}
