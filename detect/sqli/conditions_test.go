package sqli

import (
	"os"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// contexts are what stands in front of a condition in a value: a number or a text that the query has in quotes.
var contexts = [...]struct {
	before string
	quoted bool
	least  int // percent of the conditions that must be found
}{
	{"7 and ", false, 95}, {"7 or ", false, 95}, {"7 and (", false, 95}, {"k' and ", true, 96}, {"' or ", true, 96}, {"k') and ", true, 96},
}

// TestConditionsInEveryContext puts what blind injection asks behind numbers and behind closed quotes.
func TestConditionsInEveryContext(t *testing.T) {
	text, err := os.ReadFile("testdata/conditions.txt")
	if err != nil {
		t.Fatal(err)
	}
	var conditions []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "# ") {
			conditions = append(conditions, strings.TrimSuffix(line, "\n"))
		}
	}
	if len(conditions) < 50 {
		t.Fatalf("only %d conditions", len(conditions))
	}
	for _, c := range contexts {
		var missed []string
		for _, condition := range conditions {
			if !c.quoted && strings.Count(condition, "'")%2 != 0 {
				condition += "'"
			}
			if strings.HasSuffix(c.before, "(") {
				condition += ")"
			}
			if got := detector.Read(c.before+condition, point.Text); got.Score() < 8 {
				missed = append(missed, condition)
			}
		}
		if t.Logf("%s: missed %q", c.before, missed); (len(conditions)-len(missed))*100 < c.least*len(conditions) {
			t.Errorf("%s: %d of %d missed", c.before, len(missed), len(conditions))
		}
	}
}
