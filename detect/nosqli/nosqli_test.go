package nosqli

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
	f(&codeOperator, point.Key, "a[$where]", "a[$whereabouts]")
	f(&compareKey, point.Key, "age[$gt]", "age[$limit]")
	f(&credential, point.Key, "password[$ne]", "price[$ne]")
	f(&operatorValue, point.Text, `{"$ne":null}`, `{"$set":{"a":1}}`)
	f(&operatorInject, point.Text, `', $or: [ {}, { 'a':'a`, `costs $5, $or: so`)
	f(&scriptLogic, point.Text, `' || 'a'=='a`, `' || a == b`)
	f(&scriptReturn, point.Text, "0;return true", "please return the key")
	f(&scriptThis, point.Text, `' && this.password.match(/.*/)//`, `this.password`)
	f(&busyLoop, point.Text, `';sleep(5000);`, "let it sleep(5)")
	f(&shellCall, point.Text, "db.users.find({})", "db.users and db.files")
	f(&wireCommand, point.Text, "x\r\nFLUSHALL\r\n", "get milk\nset of knives")
	f(&graphQuery, point.Text, `' RETURN 1 UNION MATCH (u) DETACH DELETE u //`, `' match (it)`)
	for _, s := range Signs {
		if !seen[s.Stamp] {
			t.Errorf("%s has no test", s.Name)
		}
	}
}

// TestOwners reads operators below names, as forms and JSON documents have them.
func TestOwners(t *testing.T) {
	f := func(want int, names ...string) {
		t.Helper()
		var tree point.Tree
		ref := tree.Add(tree.Add(0, point.Post), point.JSONDoc)
		for _, n := range names {
			ref = tree.AddName(ref, point.Hash, []byte(n))
		}
		name := []byte(names[len(names)-1])
		var best evidence.Tally
		Scan(&point.Value{Data: name, Kind: point.JSONKey, Ref: ref, Classes: point.Classify(name)}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%q scores %d, want %d", names, best.Score(), want)
		}
	}
	f(8, "password", "$ne")
	f(8, "login", "username", "$gt")
	f(6, "price", "$gt")
	f(4, "filter", "price", "$gt")
	f(6, "filters", "username", "$ne")
	f(4, "username", "$eq")
	f(0, "order", "$ref")
	f(9, "order", "$where")
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	for _, piece := range []string{"$", "'", "' || ", "$gt:", "\n", "; ", "db.a", "{\"$ne\":"} {
		_ = read(strings.Repeat(piece, (256<<10)/len(piece)), point.Text)
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{"a[$ne]", `{"$gt":""}`, "' || 'a'=='a", "x\r\nFLUSHALL\r\n", "db.a.find("} {
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
