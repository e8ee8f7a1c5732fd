//go:build !race

package detect

import (
	"path/filepath"
	"testing"

	"github.com/weirnode/weir/point"
)

// TestScanAllocatesNothing scans every benign value, and every attack, and counts
// allocations. Attacks may cost some: an address in brackets is read by package netip,
// whose errors allocate.
func TestScanAllocatesNothing(t *testing.T) {
	f := func(pattern string, most float64) {
		t.Helper()
		var values []point.Value
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, file := range files {
			for _, line := range lines(t, file) {
				text, kind := kindOf(line)
				values = append(values, point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind})
			}
		}
		s, tree, e := Scanner{Findings: make([]Finding, 0, maxFindings)}, &point.Tree{}, Default()
		if n := testing.AllocsPerRun(5, func() {
			s.Reset()
			e.Scan(&s, tree, values, len(values), &Options{})
		}); n > most*float64(len(values)) {
			t.Errorf("%s: %v allocations over %d values", pattern, n, len(values))
		}
	}
	f("testdata/miss/*.txt", 0)
	f("testdata/hit/*.txt", 0.02)
}
