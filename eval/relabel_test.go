package eval

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestRelabels(t *testing.T) {
	const text = `{"id":"1","label":"legit","reason":"a name"}
{"id":"2","label":"drop","reason":"half a payload"}
{"id":"3","label":"attack","reason":"as it was"}
{"id":"9","label":"attack","reason":"not here"}`
	r, err := ReadRelabels(filepath.Join(tree(t, map[string]string{"r.jsonl": text}), "r.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	got, n := r.Apply(samples())
	if n != 2 || len(got) != 5 || got[0].Label != Legit || got[1].ID != "3" || got[1].Label != Attack {
		t.Errorf("%d corrected: %+v", n, got)
	}
	if got, n := (Relabels{}).Apply(samples()); n != 0 || len(got) != 6 {
		t.Errorf("%d corrected by nothing", n)
	}
	for text, want := range map[string]string{
		`{"id":"1","label":"legit"}`:               `"reason" are needed`,
		`{"id":"1","label":"","reason":"x"}`:       "not among",
		`{"id":"1","label":"good","reason":"x"}`:   "not among",
		"{\"id\":\"1\",\"label\":\"legit\",\"re\n": "line 1",
	} {
		_, err := ReadRelabels(filepath.Join(tree(t, map[string]string{"r.jsonl": text}), "r.jsonl"))
		if !errors.Is(err, ErrBadInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := ReadRelabels("nothing"); !errors.Is(err, ErrBadInput) {
		t.Errorf("missing file: %v", err)
	}
}

// TestOwnRelabels reads the corrections of the development corpora.
func TestOwnRelabels(t *testing.T) {
	r, err := ReadRelabels(filepath.Join("testdata", "relabel.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.byID) < 200 {
		t.Errorf("only %d corrections", len(r.byID))
	}
	for id, l := range r.byID {
		if len(id) != 16 || len(l.Reason) < 20 {
			t.Errorf("%s: %q", id, l.Reason)
		}
	}
}
