package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// lookupNames are operators of layers between programs and databases, which have no sign in
// front: {"password":{"not":""}}, token[startsWith]=a, password__regex=a
var lookupNames = [...]string{
	"ne", "not", "gt", "gte", "lt", "lte", "in", "notin", "nin", "like", "ilike", "notlike", "startswith", "istartswith", "endswith", "contains", "icontains", "regex", "iregex", "regexp", "match", "isnull", "exists", "between", "substring",
	"null", "notnull", "containsi", "startswithi", "endswithi", "notcontains", "nei",
}

// maxLookup bounds the names that are read as such operators.
const maxLookup = 64

// GateLookup reports whether a name can hold such an operator.
func GateLookup(v *point.Value) bool {
	if v.Kind != point.Key && v.Kind != point.JSONKey || len(v.Data) > maxLookup || len(v.Data) < 2 {
		return false
	}
	return v.Kind == point.JSONKey && v.Classes&^(point.Alpha|point.Dollar) == 0 && len(v.Data) <= len("notlike")+5 || v.Classes&point.Bracket != 0 || bytes.Contains(v.Data, []byte("__"))
}

// ScanLookup weighs such an operator on a field that is proved with: no list is filtered by it.
func ScanLookup(v *point.Value, tree *point.Tree, t *evidence.Tally) {
	t.Reset(attack.NoSQLi, evidence.QueryObject)
	name := v.Data
	var owner, op []byte
	i := bytes.LastIndex(name, []byte("__"))
	switch open := bytes.LastIndexByte(name, '['); {
	case open > 0 && name[len(name)-1] == ']':
		owner, op = name[:open], name[open+1:len(name)-1]
		owner = bytes.TrimSuffix(owner, []byte("]"))
		owner = owner[bytes.LastIndexByte(owner, '[')+1:]
	case i > 0:
		owner, op = name[:i], name[i+2:]
		owner = owner[bytes.LastIndex(owner, []byte("__"))+1:]
	case v.Kind == point.JSONKey:
		owner, op = tree.Name(tree.Parent(v.Ref)), name
	default:
		return
	}
	op = bytes.TrimPrefix(op, []byte("$"))
	if plural := lex.HasSuffix(owner, "s") && !lex.HasSuffix(owner, "pass"); plural || v.Kind == point.JSONKey && i <= 0 && lex.OneOf(op, "in", "match", "exists", "between", "like", "regex", "regexp") {
		return // {"tokens":{"in":3}}
	}
	if v.Kind == point.JSONKey && i <= 0 && lex.OneOf(op, "not", "contains", "substring") && !asked(tree.Parent(tree.Parent(v.Ref)), tree) {
		return // a message for it
	}
	if proves(owner) && lex.OneOf(op, lookupNames[:]...) {
		t.AddWeight(&compareKey, evidence.Threshold, len(name)-len(op), len(op))
	}
}

// maxArguments bounds the passwords of one document that are looked at.
const maxArguments = 16

// arguments finds a condition on a password in a document of GraphQL: {password: {_like: "a%"}}.
// Tokens are asked for as well, of devices that have one.
func arguments(data []byte, t *evidence.Tally) {
	for from, n := 0, 0; n < maxArguments; n++ {
		i := lex.Index(data[from:], "passw")
		if i < 0 {
			return
		}
		i += from
		from = lex.WordEnd(data, i)
		if !lex.OneOf(data[i:from], "password", "passwd", "passwordhash", "password_hash", "passworddigest", "password_digest") {
			continue
		}
		k := lex.SkipSpace(data, from)
		if k == len(data) || data[k] != ':' {
			continue
		}
		if k = lex.SkipSpace(data, k+1); k == len(data) || data[k] != '{' {
			continue
		}
		k = lex.SkipSpace(data, k+1)
		end := lex.WordEnd(data, k)
		op := bytes.TrimLeft(data[k:end], "_")
		if next := lex.SkipSpace(data, end); next < len(data) && data[next] == ':' && (lex.OneOf(op, lookupNames[:]...) || lex.OneOf(op, "neq", "is_null", "starts_with", "ends_with", "nlike")) {
			t.AddWeight(&compareKey, evidence.Threshold, i, end-i)
			return
		}
	}
}

// asked reports whether an object is what a request asks with: all of its body, a condition or
// a log-in.
func asked(ref point.Ref, tree *point.Tree) bool {
	if tree.Tag(ref) == point.Array { // one of several conditions
		ref = tree.Parent(ref)
	}
	return tree.Tag(ref).Objects() || tree.Tag(tree.Parent(ref)).Objects() && len(tree.Name(ref)) == 0 || conditions(tree.Name(ref)) || lex.OneOf(tree.Name(ref), "user", "login", "credentials", "auth", "data", "and", "or")
}
