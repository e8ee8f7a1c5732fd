package detect

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/internal/mutate"
	"github.com/weirnode/weir/point"
)

// mutants is how many mutants are made of a language's seeds.
const mutants = 8000

// survivors is how many of them may escape: two of a hundred. Some mutants mean
// nothing any more, so none at all is no aim.
const survivors = mutants * 2 / 100

// TestEvasion rewrites known attacks so that they mean the same and looks how many
// are no longer found.
func TestEvasion(t *testing.T) {
	for _, c := range []struct {
		file     string // of seeds that every mutator fits
		hits     string // of attacks that are held elsewhere
		typ      attack.Type
		mutators []mutate.Mutator
	}{
		{"sqli", "sqli", attack.SQLi, mutate.SQL()},
		{"xss", "xss", attack.XSS, mutate.HTML()},
		{"shell", "rce", attack.RCE, mutate.Shell()},
		{"ptrav", "ptrav", attack.PTrav, mutate.Path()},
	} {
		t.Run(c.file, func(t *testing.T) {
			seeds := append(lines(t, "testdata/seed/"+c.file+".txt"), known(t, c.hits)...)
			if len(seeds) < 150 {
				t.Fatalf("only %d seeds", len(seeds))
			}
			for _, s := range seeds {
				if !hits(s, c.typ) {
					t.Errorf("the seed itself is not found: %q", s)
				}
			}
			t.Logf("%d seeds", len(seeds))
			escaped := 0
			r := rand.New(rand.NewPCG(1, 2))
			for i := range mutants {
				seed := seeds[i%len(seeds)]
				m := mutate.Chain(r, c.mutators, seed, 3)
				if !hits(m, c.typ) {
					if escaped++; testing.Verbose() || escaped <= 10 {
						t.Logf("escaped: %q from %q", m, seed)
					}
				}
			}
			t.Logf("%d of %d mutants escape", escaped, mutants)
			if escaped > survivors {
				t.Errorf("%d of %d mutants escape, want at most %d", escaped, mutants, survivors)
			}
		})
	}
}

// known returns the attacks of a file that stand in free text; commands are those behind
// a separator.
func known(t *testing.T, file string) (seeds []string) {
	t.Helper()
	for _, line := range lines(t, "testdata/hit/"+file+".txt") {
		text, kind := kindOf(line)
		command := strings.ContainsAny(text, ";|&\n") && !strings.ContainsAny(text, "(){}<%!")
		if kind == point.Text && (file != "rce" || command) {
			seeds = append(seeds, text)
		}
	}
	return seeds
}

// hits reports whether a value is found as an attack of a type.
func hits(text string, typ attack.Type) bool {
	for _, f := range find(text, point.Text) {
		if f.Type == typ && f.Score() >= evidence.Threshold {
			return true
		}
	}
	return false
}
