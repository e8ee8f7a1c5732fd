package redir

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
	f(&slashes, point.Text, `/\evil.example`, `/a\evil.example`)
	f(&relative, point.Text, "//cdn.example/x", "//x")
	f(&stepsAfter, point.Text, "//evil.example/%2f..", "//evil.example/a")
	f(&userinfo, point.Text, "//a.example@b.example/", "https://example/@b.example/")
	f(&otherDots, point.Text, "//evil。example/", "//evil/。")
	f(&noSlashes, point.Text, "https:evil.example", "https://evil.example")
	f(&encoded, point.Text, "/%09/evil.example", "/%09evil")
	seen[target.Stamp] = true // TestTargets
	for _, s := range Signs {
		if !seen[s.Stamp] {
			t.Errorf("%s has no test", s.Name)
		}
	}
}

// TestTargets checks that a URL without a scheme is an attack only as the target of a
// redirect.
func TestTargets(t *testing.T) {
	seenTarget := false
	for name, want := range map[string]int{"next": 8, "redirect_uri": 8, "returnUrl": 8, "img": 5, "q": 5} {
		var tree point.Tree
		var best evidence.Tally
		text := []byte("//evil.example/a")
		Scan(&point.Value{Data: text, Classes: point.Classify(text), Ref: tree.AddName(0, point.Get, []byte(name))}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%s scores %d, want %d", name, best.Score(), want)
		}
		seenTarget = seenTarget || best.Count(target.Stamp) > 0
	}
	if !seenTarget {
		t.Error("target was never found")
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	for _, piece := range []string{"/", "\\", "%2f", "http:", "@", "//a.b"} {
		_ = read(strings.Repeat(piece, (256<<10)/len(piece)), point.Text)
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"//a.b/%2f..", `/\evil.example`, "https:a.b", "//a.b@c.d"} {
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
