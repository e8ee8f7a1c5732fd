package ldapi

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// read reads a value of a kind, behind the gate.
func read(text string, kind point.Kind) evidence.Tally {
	var best evidence.Tally
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}
	if Gate(&v) {
		Scan(&v, &point.Tree{}, &best)
	}
	return best
}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	seen := map[evidence.Stamp]bool{}
	f := func(s *evidence.Sign, kind point.Kind, has, hasNot string) {
		t.Helper()
		seen[s.Stamp] = true
		if got := read(has, kind); got.Count(s.Stamp) == 0 {
			t.Errorf("%s is not in %q: %+v", s.Name, has, got.Marks[:got.N])
		}
		if got := read(hasNot, kind); got.Count(s.Stamp) > 0 {
			t.Errorf("%s is in %q", s.Name, hasNot)
		}
	}
	f(&breakout, point.Text, "*)(uid=x", "(a)(uid=x)")
	f(&operator, point.Text, "x)(|(uid=a)", "x)(uid=a|b)")
	f(&attribute, point.Text, "x)(uid=a)", "x)(weight=a)")
	f(&unknown, point.Text, "x)(weight=a)", "x)(uid=a)")
	f(&presence, point.Text, "x)(uid=*", "x)(uid=a*")
	f(&absolute, point.Text, "x)(&)", "x)(&(uid=a))")
	f(&matching, point.Text, "x)(cn:dn:2.5.13.5:=a", "x)(cn=a:b")
	f(&cutOff, point.Text, "*)\x00", "*) %20")
	f(&filter, point.Text, "(&(uid=a)(cn=b))", "(uid=a)(cn=b)")
	f(&dangling, point.Text, "x)(|", "x)(|(uid=a)")
	f(&probe, point.Text, "*()|&", "!@#$%^&*()_+|")
	for _, s := range Signs {
		if !seen[s.Stamp] {
			t.Errorf("%s has no test", s.Name)
		}
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	for _, piece := range []string{"(", ")", "*)(", "(&", "(a=", ")(a=b"} {
		_ = read(strings.Repeat(piece, (256<<10)/len(piece)), point.Text)
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"*)(uid=*))(|(uid=*", "(&(a=b)(c=d))", "x)(cn:dn:1.2:=y", "*()|&"} {
		f.Add(seed, uint8(point.Text))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := point.Kind(kind % 16)
		once := read(text, k)
		if once != read(text, k) {
			t.Fatal("two scans differ")
		}
		for _, m := range once.Marks[:once.N] {
			if int(m.Off)+int(m.Len) > len(text) {
				t.Fatalf("mark %+v outside of %d bytes", m, len(text))
			}
		}
	})
}
