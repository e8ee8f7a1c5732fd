package sqli

import (
	"os"
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// TestContinuationsInEveryContext puts all by which a query goes on behind operands that a value closes, with a comment
// that cuts off the rest.
func TestContinuationsInEveryContext(t *testing.T) {
	text, err := os.ReadFile("testdata/continuations.txt")
	if err != nil {
		t.Fatal(err)
	}
	var continuations []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "# ") {
			continuations = append(continuations, strings.TrimSuffix(line, "\n"))
		}
	}
	if len(continuations) < 80 {
		t.Fatalf("only %d continuations", len(continuations))
	}
	for operand, least := range map[string]int{"5": 75, "5)": 75, "-1": 75, "k'": 95, "k')": 95, "k'))": 95, `k"`: 95, `k")`: 95, "k%'": 95, "'": 95} {
		var missed []string
		for _, c := range continuations {
			for _, cut := range []string{"--", "-- -", " #", " -- AbCd", "/*"} {
				if got := detector.Read(operand+c+cut, point.Text); got.Score() < evidence.Threshold {
					missed = append(missed, c+cut)
				}
			}
		}
		if n := 5 * len(continuations); (n-len(missed))*100 < least*n {
			t.Errorf("%s: %d of %d missed: %q", operand, len(missed), n, missed)
		}
	}
}

// TestNoContinuations holds what people write with such words and marks.
func TestNoContinuations(t *testing.T) {
	for _, text := range []string{
		"5 for the win --", "2 for 1 --", "3 with cheese --", "5 at home --", "1 in 5 --", "7 is enough #", "it's over --", "O'Brien is in --", "don't -- really", "4 on the floor #", "'end' --", `"end" #`,
		"12 or so --", "5 like that --", "6 then 7 --", "it's in (a) --", "10 mod players #", "Nr. 5 for update --", "5) first, 6) second --", "5, 6, 7 #", "rock 'n' roll --", "5 is not much --", "the 'x' is null --",
	} {
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
}
