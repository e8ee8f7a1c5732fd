package detect

import (
	"bytes"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var word = evidence.Sign{Stamp: 60000, Name: "word", Text: "the word evil", Weight: 9}

// finds is a detector that hits values which contain a word.
func finds(t attack.Type, needle string) Detector {
	return Detector{
		Type: t, Signs: []evidence.Sign{word},
		Gate: func(*point.Value) bool { return true },
		Scan: func(v *point.Value, _ *point.Tree, best *evidence.Tally) {
			if i := bytes.Index(v.Data, []byte(needle)); i >= 0 {
				best.Add(&word, i, len(needle))
			}
		},
	}
}

func panics(t attack.Type) Detector {
	d := finds(t, "")
	d.Scan = func(*point.Value, *point.Tree, *evidence.Tally) { panic("planted") }
	return d
}

func value(ref point.Ref, s string) point.Value {
	return point.Value{Data: []byte(s), Ref: ref, Classes: point.Classify([]byte(s))}
}

func TestScanGoesOnBehindAPanic(t *testing.T) {
	e := New(panics(attack.XSS), finds(attack.SQLi, "evil"))
	values := []point.Value{value(1, "so evil"), value(2, "plain"), value(3, "evil too")}
	var s Scanner
	skipped := 0
	for done := false; !done; {
		func() {
			defer func() {
				if recover() != nil {
					if d := s.Skip(e); d.Type != attack.XSS {
						t.Errorf("skipped %s", d.Type)
					}
					skipped++
				}
			}()
			e.Scan(&s, treeOf(8), values, len(values), &Options{})
			done = true
		}()
	}
	if skipped != 2 { // the harmless value reaches no detector
		t.Errorf("skipped %d times, want 2", skipped)
	}
	if len(s.Findings) != 2 || s.Findings[1].Ref != 3 || s.Findings[1].Score() != 9 {
		t.Errorf("findings %+v", s.Findings)
	}
}

func TestScanHonoursOptions(t *testing.T) {
	e := New(finds(attack.SQLi, "evil"))
	values := []point.Value{value(1, "so evil")}
	f := func(o Options, want int) {
		t.Helper()
		var s Scanner
		e.Scan(&s, treeOf(8), values, len(values), &o)
		if len(s.Findings) != want {
			t.Errorf("%+v: %d findings, want %d", o, len(s.Findings), want)
		}
	}
	f(Options{}, 1)
	f(Options{Score: 9}, 1)
	f(Options{Score: 10}, 0)
	f(Options{Off: attack.SetOf(attack.SQLi)}, 0)
}

func TestGradeKeepsTheClosestPoint(t *testing.T) {
	var tree point.Tree
	uri := tree.Add(0, point.URI)
	get := tree.AddName(0, point.Get, []byte("id"))
	b64 := tree.Add(get, point.Base64)
	header := tree.AddName(0, point.Header, []byte("X"))
	e := New(finds(attack.SQLi, "evil"))
	values := []point.Value{value(uri, "/?id=evil"), value(get, "evil ="), value(b64, "evil ="), value(b64, "evil ;"), value(header, "evil ;")}
	var s Scanner
	e.Scan(&s, treeOf(8), values, len(values), &Options{})
	s.Grade(&tree, func(*Finding) int { return evidence.Threshold })
	if len(s.Findings) != 2 || s.Findings[0].Value != 2 || s.Findings[1].Ref != header {
		t.Errorf("findings %+v", s.Findings)
	}
}

// treeOf returns a tree of n nodes.
func treeOf(n int) *point.Tree {
	tree := &point.Tree{}
	for range n {
		tree.Add(0, point.Post)
	}
	return tree
}

// TestOuterBlanks: blanks around a value hide nothing, and marks stand where they are in it.
func TestOuterBlanks(t *testing.T) {
	for _, text := range []string{"    ;id", "\t\t|whoami\n", "      $(whoami)   ", strings.Repeat(" ", 600) + "|| uname -a"} {
		found := find(text, point.Text)
		if len(found) == 0 {
			t.Errorf("%.20q is not found", text)
			continue
		}
		off, length := found[0].Span()
		if end := off + length; end > len(text) || strings.TrimSpace(text[:off]) != "" && off == 0 || text[off] <= ' ' {
			t.Errorf("%.20q: marks at %d to %d", text, off, end)
		}
	}
}
