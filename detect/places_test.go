package detect

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/internal/places"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

// Bounds of the walk through the places.
const (
	perPlace  = 200
	leastRate = 95 // percent of the attacks that must be found in each place
)

// flagged reads a whole request as the wire does and returns its findings.
func flagged(t *testing.T, raw []byte) []Finding {
	t.Helper()
	var r parse.Request
	if err := parse.ReadRequest(raw, &r); err != nil {
		t.Fatal(err)
	}
	var p parse.Points
	p.Head(&r, &parse.Options{})
	p.Body(&r, &parse.Options{})
	var s Scanner
	Default().Scan(&s, &p.Tree, p.Values, len(p.Values), &Options{Score: evidence.Threshold})
	s.Grade(&p.Tree, func(*Finding) int { return evidence.Threshold })
	return s.Findings
}

// spread returns about n values of a pattern's files, evenly from each, of values that
// can stand in any place.
func spread(tb testing.TB, pattern string, n int) (values []string) {
	tb.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		tb.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "whole-") {
			continue // lines that are harmless as a whole value only
		}
		var own []string
		for _, line := range lines(tb, file) {
			if text, kind := kindOf(line); kind == point.Text {
				own = append(own, text)
			}
		}
		share := min(len(own), (n+len(files)-1)/len(files))
		for i := range share {
			values = append(values, own[i*len(own)/share])
		}
	}
	return values
}

// TestAttacksInEveryPlace takes attacks of all types through the fifteen places.
func TestAttacksInEveryPlace(t *testing.T) {
	values := spread(t, "testdata/hit/*.txt", perPlace*3/2)
	if len(values) < perPlace {
		t.Fatalf("only %d attacks", len(values))
	}
	for _, place := range places.All() {
		var missed []string
		for _, text := range values {
			if len(flagged(t, place.Embed([]byte(text)))) == 0 {
				missed = append(missed, text)
			}
		}
		t.Logf("%s: %d of %d missed: %q", place.Name, len(missed), len(values), missed)
		if found := len(values) - len(missed); found*100 < leastRate*len(values) {
			t.Errorf("%s: %d of %d found", place.Name, found, len(values))
		}
	}
}

// mostFlagged is how many of a thousand texts may be flagged in a place that they were not made
// for, such as commands in a path.
const mostFlagged = 1

// TestTextsInEveryPlace takes all texts that only look like attacks through the same places.
func TestTextsInEveryPlace(t *testing.T) {
	values := spread(t, "testdata/miss/*.txt", 1<<20)
	if len(values) < 5*perPlace {
		t.Fatalf("only %d texts", len(values))
	}
	tried, wrong := 0, 0
	for _, place := range places.All() {
		for _, text := range values {
			tried++
			if place.Name == "path" && (strings.ContainsAny(text, "\r\n") || strings.Contains(text, "%0a")) {
				continue // a line end in a target is an attack whatever stands around it
			}
			found := flagged(t, place.Embed([]byte(text)))
			for _, f := range found {
				t.Logf("%s: %s found with %d: %q %s", place.Name, f.Type, f.Score(), text, marks(&f.Tally))
			}
			if len(found) > 0 {
				wrong++
			}
		}
	}
	if t.Logf("%d of %d", wrong, tried); wrong*1000 > mostFlagged*tried {
		t.Errorf("%d of %d texts are flagged", wrong, tried)
	}
}
