package ptrav

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// FuzzScan checks that two scans agree and that marks lie inside of the value.
func FuzzScan(f *testing.F) {
	f.Add("..%c0%af..0x2f..;/etc/passwd", uint8(0))
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := point.Kind(kind % 11)
		once, twice := scan(text, k), scan(text, k)
		if once != twice {
			t.Fatal("two scans differ")
		}
		within(t, &once, len(text))
	})
}

func within(t *testing.T, tally *evidence.Tally, n int) {
	t.Helper()
	for _, m := range tally.Marks[:tally.N] {
		if int(m.Off) > n || int(m.Off)+int(m.Len) > n+1 {
			t.Fatalf("mark %+v outside of %d bytes", m, n)
		}
	}
}

// FuzzFold checks that folding shortens and that paths end inside of the value.
func FuzzFold(f *testing.F) {
	f.Add([]byte("..%2f\xc0\xaf.\x00./x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, odd := fold(nil, data)
		if len(out) > len(data) || odd > len(data) {
			t.Fatalf("%d bytes of %d, %d odd", len(out), len(data), odd)
		}
		var p normal
		if end := p.read(out, 0); end > len(out) {
			t.Fatalf("path ends at %d of %d", end, len(out))
		}
	})
}
