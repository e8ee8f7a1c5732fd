package mass

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of what is looked at around a name.
const (
	maxDocument = 16 << 10
	maxSiblings = 64 // nodes in front of it
	maxDepth    = 2  // names above it: what frameworks assign stands near the root
)

// right says what a field grants.
type right uint8

const (
	noRight right = iota
	roleRight
	flagRight // makes somebody an administrator by itself
)

var rights = map[string]right{
	"role": roleRight, "roles": roleRight, "userrole": roleRight, "roleid": roleRight, "roleids": roleRight, "permissions": roleRight, "privileges": roleRight, "usertype": roleRight,
	"isadmin": flagRight, "admin": flagRight, "superuser": flagRight, "issuperuser": flagRight, "isstaff": flagRight, "isroot": flagRight, "accesslevel": flagRight, "userlevel": flagRight, "authorities": flagRight, "rolesattributes": flagRight,
}

// grants returns what a field grants by its name.
func grants(name []byte) right {
	var buf [24]byte
	return rights[string(plain(name, &buf))]
}

// granted returns what a field grants that stands at a node: nothing if its value says no, or if it is
// one of the contacts of something: {"admin": {"email": …}}
func granted(name []byte, ref point.Ref, tree *point.Tree) right {
	if tree.Denied(ref) || lex.Equal(name, "admin") && tree.Holds(ref) {
		return noRight
	}
	return grants(name)
}

// registers reports whether a path is one at which people sign up.
func registers(path []byte) bool {
	for rest, more := path, true; more; {
		var segment []byte
		segment, rest, more = bytes.Cut(rest, []byte("/"))
		if lex.OneOf(segment, "register", "signup", "sign-up", "sign_up", "registration", "registrations", "join") {
			return true
		}
	}
	return false
}

// joined reports whether another field in front grants rights in the same object, and one
// of the two makes an administrator, or whether a member of JSON is there twice.
func joined(name []byte, v *point.Value, tree *point.Tree) bool {
	ref := v.Ref
	if v.Kind == point.Key && tree.Tag(ref) == point.Hash && nested(name, ref, tree) {
		return true
	}
	for tree.Tag(ref) == point.Array || tree.Tag(ref) == point.Hash && v.Kind == point.Key { // roles[0] of a form
		ref = tree.Parent(ref)
	}
	tag := tree.Tag(ref)
	if tag != point.Hash && tag != point.FormURLEncoded && tag != point.Multipart || depth(ref, tree) > maxDepth {
		return false
	}
	parent := tree.Parent(ref)
	for r := ref - 1; r > 0 && ref-r <= maxSiblings; r-- {
		if tree.Parent(r) != parent || tree.Tag(r) != tag {
			continue
		}
		other := tree.Name(r)
		if i := bytes.IndexByte(other, '['); i > 0 {
			other = other[:i]
		}
		if grants(other) == noRight {
			continue
		}
		if same(name, other) {
			if v.Kind == point.JSONKey {
				return true
			}
			continue // a box to tick is sent twice
		}
		if g := granted(other, r, tree); g == flagRight || g != noRight && grants(name) == flagRight {
			return true
		}
	}
	return false
}

// nested reports whether a member of an object of a form, user[is_admin], follows another of the
// same object that grants rights, and one of the two makes an administrator.
func nested(name []byte, ref point.Ref, tree *point.Tree) bool {
	owner := tree.Parent(ref)
	if !lex.OneOf(tree.Name(owner), "user", "account", "profile", "member", "person", "customer", "employee", "registration", "signup") { // and not boxes to tick
		return false
	}
	if tag := tree.Tag(owner); tag != point.FormURLEncoded && tag != point.Multipart || tree.Tag(tree.Parent(owner)) != point.Post {
		return false
	}
	for r := ref - 1; r > 0 && ref-r <= maxSiblings; r-- {
		other := tree.Parent(r)
		if tree.Tag(r) != point.Hash || tree.Tag(other) != tree.Tag(owner) || !bytes.Equal(tree.Name(other), tree.Name(owner)) || same(name, tree.Name(r)) {
			continue
		}
		if g := granted(tree.Name(r), r, tree); g == flagRight || g != noRight && grants(name) == flagRight {
			return true
		}
	}
	return false
}

func same(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if lex.Lower(a[i]) != lex.Lower(b[i]) {
			return false
		}
	}
	return true
}

// depth counts the names above a node.
func depth(r point.Ref, tree *point.Tree) (n int) {
	for r = tree.Parent(r); r != 0; r = tree.Parent(r) {
		if tree.Tag(r) == point.Hash || tree.Tag(r) == point.Array {
			n++
		}
	}
	return n
}

// updates reports whether a name is an operator that updates a document, with a
// privileged field below it.
func updates(ref point.Ref, name []byte, tree *point.Tree) bool {
	switch string(name) {
	case "$set", "$inc", "$push", "$addToSet", "$mul", "$max", "$min", "$setOnInsert", "$unset", "$rename":
	default:
		return false
	}
	if lex.OneOf(tree.Name(tree.Parent(ref)), "user_properties", "userproperties", "event_properties", "properties", "traits", "groups") { // of analytics
		return false
	}
	for r := ref + 1; int(r) <= tree.Len() && r-ref <= maxSiblings; r++ {
		if tree.Parent(r) == ref && Privileged(tree.Name(r)) {
			return true
		}
	}
	return false
}

// storesRights reports whether a field is wp_capabilities or wp_user_level, also with
// letters that a database takes for the same.
func storesRights(name []byte) bool {
	if len(name) < 13 || len(name) > 24 || !lex.HasPrefix(name, "wp_") {
		return false
	}
	return lex.HasSuffix(name, "_user_level") || lex.HasPrefix(name[3:], "c") && lex.HasSuffix(name, "pabilities")
}

// mutation finds two arguments that grant rights in a mutation of GraphQL.
func mutation(doc []byte, t *evidence.Tally) {
	if lex.Index(doc[:min(len(doc), 64)], "mutation") < 0 {
		return
	}
	first, flags, parens := -1, 0, 0
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; {
		case c == '(':
			parens++
		case c == ')':
			parens--
		case c == '"': // the inside of a string is no name
			n := bytes.IndexByte(doc[i+1:], '"')
			if n < 0 {
				return
			}
			i += n + 1
		case lex.Letter(c):
			end := lex.WordEnd(doc, i)
			g := grants(doc[i:end])
			if next := lex.SkipSpace(doc, end); parens > 0 && g != noRight && next < len(doc) && doc[next] == ':' {
				if g == flagRight {
					flags++
				}
				if first >= 0 && flags > 0 && !same(doc[first:lex.WordEnd(doc, first)], doc[i:end]) {
					t.Add(&privileged, first, end-first)
					t.Add(&together, first, end-first)
					return
				}
				if first < 0 {
					first = i
				}
			}
			i = end - 1
		}
	}
}
