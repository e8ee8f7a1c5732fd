package ptrav

import (
	"testing"

	"github.com/weirnode/weir/point"
)

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "..%c0%af..0x2f..;/etc/passwd")
}

// FuzzFold checks that folding shortens and that paths end inside of the value.
func FuzzFold(f *testing.F) {
	f.Add([]byte("..%2f\xc0\xaf.\x00./x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, odd := fold(nil, data, false)
		if len(out) > len(data) || odd > len(data) {
			t.Fatalf("%d bytes of %d, %d odd", len(out), len(data), odd)
		}
		var p normal
		if end := p.read(out, 0); end > len(out) {
			t.Fatalf("path ends at %d of %d", end, len(out))
		}
	})
}
