package detect

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/internal/golden"
	"github.com/weirnode/weir/point"
)

// TestStampsAreDocumented holds the reference for users to the table of detectors.
func TestStampsAreDocumented(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, `# Signs of attacks

A detector adds up the weights of the signs that it finds in one value, read in one
context. From a score of %d the value is an attack at default sensitivity, from %d it is
kept as suspicion; scores end at 20. A context may lower the weight of a sign, and some
signs count more than once. Numbers are stable and never used for another sign.

This page is generated from the table of detectors: `+"`go test ./detect -update`"+`.
`, evidence.Threshold, evidence.Gray)
	for _, d := range table {
		if len(d.Signs) == 0 { // those of the row above
			continue
		}
		fmt.Fprintf(&b, "\n## %s: %s\n\n| stamp | name | weight | what it is |\n|---|---|---|---|\n", d.Type, d.Type.Title())
		for _, s := range d.Signs {
			weight := strconv.Itoa(int(s.Weight))
			if s.Max > 1 {
				weight += fmt.Sprintf(" (up to %d times)", s.Max)
			}
			fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", s.Stamp, s.Name, weight, strings.ReplaceAll(s.Text, "|", "\\|"))
		}
	}
	golden.Check(t, filepath.Join("..", "docs", "detection", "stamps.md"), b.String())
}

// TestGatesAreAwake checks that the engine's look-up never hides a value from a gate
// that would let it through.
func TestGatesAreAwake(t *testing.T) {
	e := Default()
	n := 0
	for _, pattern := range []string{"testdata/hit/*.txt", "testdata/miss/*.txt"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			for _, line := range lines(t, file) {
				text, _ := kindOf(line)
				for k := range point.TokenHead + 1 {
					n++
					v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: k}
					checkAwake(t, e, &v)
				}
			}
		}
	}
	if n < 1000 {
		t.Errorf("only %d values", n)
	}
}

func checkAwake(t *testing.T, e *Engine, v *point.Value) {
	t.Helper()
	awake := e.awake(v)
	for i := range e.rows {
		if v.Kind == point.FileHead && e.rows[i].Kinds == 0 {
			continue // files are for those that name them
		}
		if e.rows[i].Gate(v) && awake&(1<<i) == 0 {
			t.Errorf("%s sleeps at kind %d: %q", e.rows[i].Type, v.Kind, v.Data)
		}
	}
}
