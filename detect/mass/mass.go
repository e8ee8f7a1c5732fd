// Package mass finds names of fields that only an application itself should set:
// user[is_admin], account.role.
//
// Alone such a name is a hint and never an attack: forms of administrators have the
// same fields. It becomes one where the endpoint's usual fields are known, which is
// for others to say; [Privileged] is for them. Two that grant rights in one object near
// the root of a body, or one below an operator that updates, are an attack by themselves.
package mass

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

const maxName = 128

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	privileged = evidence.Sign{Stamp: 17001, Name: "privileged-field", Text: "a field that decides about rights, money or ownership", Weight: 3}
	together   = evidence.Sign{Stamp: 17002, Name: "rights-together", Text: "several fields that grant rights in one object, or the same one twice", Weight: 5}
	atSignUp   = evidence.Sign{Stamp: 17005, Name: "rights-at-sign-up", Text: "somebody who signs up makes himself an administrator", Weight: 5}
	update     = evidence.Sign{Stamp: 17003, Name: "privileged-update", Text: "an operator that updates a document on such a field: $set, $inc", Weight: 5}
	stored     = evidence.Sign{Stamp: 17004, Name: "stored-rights", Text: "a field in which WordPress stores the rights of a user", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{privileged, together, update, stored, atSignUp}

// Gate reports whether a value is a name.
func Gate(v *point.Value) bool {
	return v.Kind == point.Key || v.Kind == point.JSONKey || v.Kind == point.GQLDocument && v.Classes&point.Paren != 0
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.MassAssignment, evidence.FieldName)
	if v.Kind == point.GQLDocument {
		mutation(v.Data[:min(len(v.Data), maxDocument)], best)
		return
	}
	name := v.Data[:min(len(v.Data), maxName)]
	if len(name) == 0 {
		return
	}
	inner := bytes.TrimRight(name, "[]0123456789")
	if len(inner) == len(name) || len(inner) == 0 || name[len(inner)] != '[' { // no index such as roles[0]
		inner = bytes.TrimRight(name, "[]")
	}
	off := bytes.LastIndexAny(inner, "[.:") + 1
	if name[0] == '$' {
		if v.Kind == point.JSONKey && updates(v.Ref, name, tree) {
			best.Add(&privileged, 0, len(name))
			best.Add(&update, 0, len(name))
		}
		return
	}
	if owner, _, _ := bytes.Cut(name, []byte("[")); storesRights(inner[off:]) || storesRights(owner) {
		best.Add(&stored, 0, len(name))
	}
	if !Privileged(inner[off:]) {
		return
	}
	best.Add(&privileged, off, len(inner)-off)
	switch right := granted(inner[off:], v.Ref, tree); {
	case right == noRight:
	case joined(inner[off:], v, tree):
		best.Add(&together, off, len(inner)-off)
	case right == flagRight && registers(tree.Target) && depth(v.Ref, tree) < maxDepth:
		best.Add(&atSignUp, off, len(inner)-off)
	}
}

// fields, in lower case and without dashes and underscores.
var fields = map[string]bool{
	"role": true, "roles": true, "roleid": true, "isadmin": true, "admin": true, "superuser": true, "issuperuser": true, "isstaff": true, "staff": true, "isroot": true, "permission": true, "permissions": true, "privilege": true,
	"privileges": true, "scope": true, "scopes": true, "accesslevel": true, "userlevel": true, "usertype": true, "accounttype": true, "verified": true, "isverified": true, "emailverified": true, "confirmed": true, "approved": true, "isactive": true, "balance": true, "credit": true,
	"credits": true, "plan": true, "price": true, "discount": true, "ownerid": true, "tenantid": true, "organizationid": true, "authorities": true, "grants": true, "group": true, "groups": true, "groupid": true, "passwordhash": true, "mfaenabled": true, "ispremium": true, "premium": true,
	"rolesattributes": true, "userrole": true, "roleids": true, "wallet": true, "creditbalance": true, "walletbalance": true,
}

// Privileged reports whether a field's name is one that only an application sets.
func Privileged(name []byte) bool {
	var buf [24]byte
	return fields[string(plain(name, &buf))]
}

// plain writes a name in lower case and without dashes and underscores, nil if it is too
// long for one that is known.
func plain(name []byte, buf *[24]byte) []byte {
	n := 0
	for _, c := range name {
		if c == '_' || c == '-' {
			continue
		}
		if n == len(buf) {
			return nil
		}
		buf[n] = lex.Lower(c)
		n++
	}
	return buf[:n]
}
