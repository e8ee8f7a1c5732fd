package xss

import (
	"testing"

	"github.com/weirnode/weir/point"
)

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "\"><img src=x onerror='alert(1)'>")
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
