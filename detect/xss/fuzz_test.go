package xss

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// FuzzScan checks that two scans agree and that marks lie inside of the value.
func FuzzScan(f *testing.F) {
	f.Add("\"><img src=x onerror='alert(1)'>", uint8(0))
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

// FuzzAttributes checks that attributes go forward and stay inside of the markup, and
// that styles and schemes are read to an end.
func FuzzAttributes(f *testing.F) {
	f.Add([]byte(` a="b" on'c'=d \\x09e=f/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for i, n := 0, 0; ; n++ {
			name, value, start, next := nextAttribute(data, i)
			if name == nil {
				return
			}
			if start < i || next <= start || next > len(data) || n > len(data) {
				t.Fatalf("attribute at %d to %d behind %d of %d bytes", start, next, i, len(data))
			}
			_, _ = styleRuns(value), scriptScheme(value)
			i = next
		}
	})
}
