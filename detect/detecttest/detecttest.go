// Package detecttest holds what every detector is tested for: each sign shown and nearly
// shown, inputs that could make a scan quadratic, and a fuzz target.
package detecttest

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// Detector is what a detector's package exports.
type Detector struct {
	Gate  func(*point.Value) bool
	Scan  func(*point.Value, *point.Tree, *evidence.Tally)
	Signs []evidence.Sign
}

// Read reads a free value of a kind, behind the gate.
func (d Detector) Read(text string, kind point.Kind) evidence.Tally {
	return d.read(&point.Tree{}, 0, text, kind)
}

// ReadNamed reads a value that stands below a name.
func (d Detector) ReadNamed(tag point.Tag, name, text string, kind point.Kind) evidence.Tally {
	var tree point.Tree
	return d.read(&tree, tree.AddName(0, tag, []byte(name)), text, kind)
}

// ReadName reads the last of names of which each stands below the one before, the first
// in a document.
func (d Detector) ReadName(document point.Tag, kind point.Kind, names ...string) evidence.Tally {
	var tree point.Tree
	ref := tree.Add(0, document)
	for _, name := range names {
		ref = tree.AddName(ref, point.Hash, []byte(name))
	}
	return d.read(&tree, ref, names[len(names)-1], kind)
}

func (d Detector) read(tree *point.Tree, ref point.Ref, text string, kind point.Kind) (best evidence.Tally) {
	v := point.Value{Data: []byte(text), Ref: ref, Classes: point.Classify([]byte(text)), Kind: kind}
	if d.Gate(&v) {
		d.Scan(&v, tree, &best)
	}
	return best
}

// CheckSigns returns a check that a value shows a sign and that one which only looks like
// it does not. When the test ends, every sign must have been checked or be one of those
// named here, which have a test of their own.
func (d Detector) CheckSigns(t *testing.T, elsewhere ...*evidence.Sign) func(s *evidence.Sign, kind point.Kind, has, hasNot string) {
	t.Helper()
	checked := map[evidence.Stamp]bool{}
	for _, s := range elsewhere {
		checked[s.Stamp] = true
	}
	t.Cleanup(func() {
		for _, s := range d.Signs {
			if !checked[s.Stamp] {
				t.Errorf("%s has no test", s.Name)
			}
		}
	})
	return func(s *evidence.Sign, kind point.Kind, has, hasNot string) {
		t.Helper()
		checked[s.Stamp] = true
		if got := d.Read(has, kind); got.Count(s.Stamp) == 0 {
			t.Errorf("%s is not in %q: %+v", s.Name, has, got.Marks[:got.N])
		}
		if got := d.Read(hasNot, kind); got.Count(s.Stamp) > 0 {
			t.Errorf("%s is in %q", s.Name, hasNot)
		}
	}
}

// ReadRepeated reads 256 KiB of each piece: one that makes a scan quadratic does not end
// within the time of a test.
func (d Detector) ReadRepeated(kind point.Kind, pieces ...string) {
	for _, piece := range pieces {
		_ = d.Read(strings.Repeat(piece, (256<<10)/len(piece)), kind)
	}
}

// Fuzz checks that two scans agree and that marks lie inside of the value.
func (d Detector) Fuzz(f *testing.F, kind point.Kind, seeds ...string) {
	for _, seed := range seeds {
		f.Add(seed, uint8(kind))
	}
	f.Fuzz(func(t *testing.T, text string, kind uint8) {
		k := point.Kind(kind % 16)
		once := d.Read(text, k)
		if once != d.Read(text, k) {
			t.Fatal("two scans differ")
		}
		for _, m := range once.Marks[:once.N] {
			if int(m.Off)+int(m.Len) > len(text) {
				t.Fatalf("mark %+v outside of %d bytes", m, len(text))
			}
		}
	})
}
