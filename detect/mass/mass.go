// Package mass finds names of fields that only an application itself should set:
// user[is_admin], account.role.
//
// Alone such a name is a hint and never an attack: forms of administrators have the
// same fields. It becomes one where the endpoint's usual fields are known, which is
// for others to say; [Privileged] is for them.
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
var privileged = evidence.Sign{Stamp: 17001, Name: "privileged-field", Text: "a field that decides about rights, money or ownership", Weight: 3}

// Signs are all signs of this detector.
var Signs = []evidence.Sign{privileged}

// Gate reports whether a value is a name.
func Gate(v *point.Value) bool {
	return v.Kind == point.Key || v.Kind == point.JSONKey
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	best.Reset(attack.MassAssignment, evidence.FieldName)
	name := v.Data[:min(len(v.Data), maxName)]
	inner := bytes.TrimRight(name, "[]")
	off := bytes.LastIndexAny(inner, "[.:") + 1
	if Privileged(inner[off:]) {
		best.Add(&privileged, off, len(inner)-off)
	}
}

// fields, in lower case and without dashes and underscores.
var fields = map[string]bool{
	"role": true, "roles": true, "roleid": true, "isadmin": true, "admin": true, "superuser": true, "issuperuser": true, "isstaff": true, "staff": true, "isroot": true, "permission": true, "permissions": true, "privilege": true,
	"privileges": true, "scope": true, "scopes": true, "accesslevel": true, "userlevel": true, "usertype": true, "accounttype": true, "verified": true, "isverified": true, "emailverified": true, "confirmed": true, "approved": true, "isactive": true, "balance": true, "credit": true,
	"credits": true, "plan": true, "price": true, "discount": true, "ownerid": true, "tenantid": true, "organizationid": true, "authorities": true, "grants": true, "group": true, "groups": true, "groupid": true, "passwordhash": true, "mfaenabled": true, "ispremium": true, "premium": true,
}

// Privileged reports whether a field's name is one that only an application sets.
func Privileged(name []byte) bool {
	var buf [24]byte
	n := 0
	for _, c := range name {
		if c == '_' || c == '-' {
			continue
		}
		if n == len(buf) {
			return false
		}
		buf[n] = lex.Lower(c)
		n++
	}
	return fields[string(buf[:n])]
}
