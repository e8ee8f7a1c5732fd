package point

import (
	"strconv"
	"strings"
	"testing"
)

// BenchmarkClassify is the pass that every value costs.
func BenchmarkClassify(b *testing.B) {
	for _, size := range []int{16, 100, 2 << 10, 64 << 10} {
		data := []byte(strings.Repeat("The oak desk, 120 x 60 cm; \"in stock\". ", size/39+1)[:size])
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				Classify(data)
			}
		})
	}
}
