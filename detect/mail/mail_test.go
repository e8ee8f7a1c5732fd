package mail

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
	f(&copyLine, point.Text, "a@b.c\nbcc: d@e.f", "a@b.c\nbcc: none")
	f(&addressed, point.Text, "a@b.c\nTo: d@e.f", "a@b.c\nTo: all of you")
	f(&subject, point.Text, "a@b.c\nSubject: x", "a@b.c\nSubjects: x")
	f(&mimeLine, point.Text, "a@b.c\nMIME-Version: 1.0", "a@b.c\nContent-Type: cotton")
	f(&smtp, point.Text, "a\r\nRCPT TO:<a@b.c>", "a\r\nRCPT of it")
	f(&imap, point.Text, "a\r\nA001 LOGOUT", "a\r\nA001 logs out")
	f(&option, point.Text, "a@b.c -oQ/tmp -X/tmp/a.php", "a@b.c - X/Y - O/Q")
	for _, s := range Signs {
		if !seen[s.Stamp] {
			t.Errorf("%s has no test", s.Name)
		}
	}
}

// TestFieldsOfOneLine checks that a name of a field lets words stand before the line
// end, and that quoted mail in other fields is none.
func TestFieldsOfOneLine(t *testing.T) {
	f := func(name, text string, attack bool) {
		t.Helper()
		var tree point.Tree
		var best evidence.Tally
		v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Ref: tree.AddName(0, point.FormURLEncoded, []byte(name))}
		Scan(&v, &tree, &best)
		if got := best.Score() >= evidence.Threshold; got != attack {
			t.Errorf("%s=%q scores %d", name, text, best.Score())
		}
	}
	f("name", "Maria Jensen\nbcc: a@b.example", true)
	f("message", "Maria Jensen\nbcc: a@b.example", false)
	f("message", "From: a@b.example\nTo: c@d.example\nCc: e@f.example", false)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	for _, piece := range []string{"\n", "%0a", "\nbcc:", "\nA1 LOGIN", "@ -X/"} {
		_ = read(strings.Repeat(piece, (256<<10)/len(piece)), point.Text)
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"a@b.c\nbcc: d@e.f", "x\r\nRCPT TO:<a@b.c>", "x\r\nA1 LOGOUT"} {
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
