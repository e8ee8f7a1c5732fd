package mass

import (
	"fmt"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t, &together, &update, &atSignUp) // TestTogether, TestSignUp
	f(&stored, point.JSONKey, "wp_c\u00e0pabilities", "wp_capability")
	f(&privileged, point.Key, "user[is_admin]", "user[admins_note]")
}

// TestNeverAnAttackAlone checks the weight: without a baseline it stays a hint.
func TestNeverAnAttackAlone(t *testing.T) {
	for _, name := range []string{"role", "user[role]", "account.is_admin", "isAdmin", "profile[permissions][]"} {
		if got := detector.Read(name, point.JSONKey); got.Score() != 3 {
			t.Errorf("%s scores %d", name, got.Score())
		}
	}
	if Privileged([]byte("name")) || Privileged([]byte("a-very-long-name-of-a-field-with-role")) || !Privileged([]byte("IS-ADMIN")) {
		t.Error("Privileged")
	}
}

// TestTogether reads names of objects: the last is weighed.
func TestTogether(t *testing.T) {
	seen := map[evidence.Stamp]bool{}
	f := func(want int, kind point.Kind, tag point.Tag, above []string, names ...string) {
		t.Helper()
		var tree point.Tree
		parent := tree.Add(0, point.Post)
		for _, name := range above {
			parent = tree.AddName(parent, point.Hash, []byte(name))
		}
		ref := parent
		for _, name := range names {
			ref = tree.AddName(parent, tag, []byte(name))
		}
		name := []byte(names[len(names)-1])
		var best evidence.Tally
		Scan(&point.Value{Data: name, Kind: kind, Ref: ref, Classes: point.Classify(name)}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%q below %q scores %d, want %d", names, above, best.Score(), want)
		}
		for _, m := range best.Marks[:best.N] {
			seen[m.Stamp] = true
		}
	}
	f(8, point.JSONKey, point.Hash, nil, "name", "role", "is_admin")
	f(8, point.JSONKey, point.Hash, []string{"user"}, "accessLevel", "roles")
	f(8, point.JSONKey, point.Hash, nil, "role", "email", "role")
	f(8, point.Key, point.FormURLEncoded, nil, "IsAdmin", "Roles")
	f(3, point.Key, point.FormURLEncoded, nil, "IsAdmin", "IsAdmin")
	f(3, point.JSONKey, point.Hash, nil, "role", "permissions")
	f(3, point.JSONKey, point.Hash, nil, "price", "is_admin")
	f(3, point.JSONKey, point.Hash, []string{"event", "data", "user"}, "role", "is_admin")
	f(3, point.Key, point.Get, nil, "role", "is_staff")
	below := func(want int, operator, field string, above ...string) {
		t.Helper()
		var tree point.Tree
		var best evidence.Tally
		var ref point.Ref
		for _, name := range append(above, operator) {
			ref = tree.AddName(ref, point.Hash, []byte(name))
		}
		tree.AddName(ref, point.Hash, []byte(field))
		Scan(&point.Value{Data: []byte(operator), Kind: point.JSONKey, Ref: ref}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%s of %s scores %d, want %d", operator, field, best.Score(), want)
		}
		seen[update.Stamp] = seen[update.Stamp] || best.Count(update.Stamp) > 0
	}
	below(8, "$inc", "balance")
	below(8, "$set", "role")
	below(8, "$set", "plan", "user")
	below(0, "$set", "plan", "user_properties") // of Amplitude
	below(0, "$set", "title")
	below(0, "$inch", "balance")
	form := func(want int, owners ...string) { // in pairs with their members
		t.Helper()
		var tree point.Tree
		var best evidence.Tally
		post, ref := tree.Add(0, point.Post), point.Ref(0)
		for i := 0; i < len(owners); i += 2 {
			ref = tree.AddName(tree.AddName(post, point.FormURLEncoded, []byte(owners[i])), point.Hash, []byte(owners[i+1]))
		}
		Scan(&point.Value{Data: tree.Name(ref), Kind: point.Key, Ref: ref}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%q scores %d, want %d", owners, best.Score(), want)
		}
	}
	form(8, "user", "name", "user", "role", "user", "is_admin")
	form(3, "user", "role", "menu", "is_admin")
	form(3, "access", "admin", "access", "superuser")
	form(3, "user", "is_admin", "user", "is_admin")
	if !seen[together.Stamp] || !seen[update.Stamp] {
		t.Error("a sign was never found")
	}
	doc := func(want int, text string) {
		t.Helper()
		if got := detector.Read(text, point.GQLDocument); got.Score() != want {
			t.Errorf("%s scores %d, want %d", text, got.Score(), want)
		}
	}
	doc(8, `mutation { save(id: 1, input: {role: ADMIN, isStaff: true}) { id } }`)
	doc(0, `mutation { save(id: 1, input: {role: "isStaff: true"}) { isStaff role } }`)
	doc(0, `query { users(role: ADMIN, isStaff: true) { id } }`)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Key, "[", "a[", "_", ".")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Key, "user[role]", "isAdmin", "a.b.role")
}

// TestSignUp reads a field that makes an administrator where people sign up, and elsewhere.
func TestSignUp(t *testing.T) {
	f := func(path, name string, want int) {
		t.Helper()
		tree := point.Tree{Target: []byte(path)}
		ref := tree.AddName(tree.Add(0, point.Post), point.Hash, []byte(name))
		var best evidence.Tally
		Scan(&point.Value{Data: []byte(name), Kind: point.JSONKey, Ref: ref}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%s: %s scores %d, want %d", path, name, best.Score(), want)
		}
	}
	f("/api/register", "isAdmin", 8)
	f("/api/register", "admin", 8)
	f("/api/register", "role", 3)
	f("/api/registers", "isAdmin", 3)
}

// TestDenied reads fields whose value says no, or that hold a contact: they grant nothing.
func TestDenied(t *testing.T) {
	f := func(body string, want int) {
		t.Helper()
		if got := readBody(t, body); got != want {
			t.Errorf("%s scores %d, want %d", body, got, want)
		}
	}
	f(`{"role":"editor","isAdmin":true}`, 8)
	f(`{"role":"editor","isAdmin":false}`, 3)
	f(`{"isAdmin":false,"role":"editor"}`, 3)
	f(`{"isAdmin" : null ,"role":"editor"}`, 3)
	f(`{"isAdmin": "false" ,"role":"editor"}`, 8)
	f(`{"isAdmin":falsehood,"role":"editor"}`, 8)
	f(`{"isAdmin":false,"isAdmin":true}`, 8)
	f(`{"role":"editor","admin":{"address":{"city":"Pau"}}}`, 3)
	f(`role=editor&is_admin=1`, 8)
	f(`role=editor&is_admin=0`, 3)
	f(`user[role]=editor&user[is_admin]=0`, 3)
	f(`user[role]=editor&user[is_admin]=true`, 8)
	f(`role=editor&is_admin=false`, 8)
}

// readBody returns the highest score of a body's names.
func readBody(t *testing.T, body string) (score int) {
	t.Helper()
	kind := "application/x-www-form-urlencoded"
	if body[0] == '{' {
		kind = "application/json"
	}
	var r parse.Request
	raw := fmt.Sprintf("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
	if err := parse.ReadRequest([]byte(raw), &r); err != nil {
		t.Fatal(err)
	}
	var p parse.Points
	p.Head(&r, &parse.Options{})
	p.Body(&r, &parse.Options{})
	for i := range p.Values {
		if v := &p.Values[i]; Gate(v) {
			var best evidence.Tally
			Scan(v, &p.Tree, &best)
			score = max(score, best.Score())
		}
	}
	return score
}
