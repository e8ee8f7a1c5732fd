//go:build !race

package detect

import (
	"path/filepath"
	"testing"

	"github.com/weirnode/weir/point"
)

// TestScanAllocatesNothing scans every benign value, and every attack, and counts
// allocations.
func TestScanAllocatesNothing(t *testing.T) {
	var values []point.Value
	for _, pattern := range []string{"testdata/miss/*.txt", "testdata/hit/*.txt"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, file := range files {
			for _, text := range lines(t, file) {
				values = append(values, point.Value{Data: []byte(text), Classes: point.Classify([]byte(text))})
			}
		}
	}
	s, tree, e := Scanner{Findings: make([]Finding, 0, maxFindings)}, &point.Tree{}, Default()
	if n := testing.AllocsPerRun(5, func() {
		s.Reset()
		e.Scan(&s, tree, values, len(values), &Options{})
	}); n != 0 {
		t.Errorf("%v allocations over %d values", n, len(values))
	}
}
