// Package nosqli finds injection into queries of document databases and their kin.
//
// Two ways lead into such a query. A name may carry an operator, user[$ne]=1 or
// {"user":{"$ne":1}}, where the application expected a plain value; that is an
// attack on fields of a login, and only suspicious elsewhere, because public query
// languages look the same. Or a value may leave a string of the database's script
// language, or of its wire protocol; then the syntax behind the break-out counts.
package nosqli

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue = point.MaxRead
	maxEnded = 64
	// maxConditions bounds the points below an operator that are looked at.
	maxConditions = 64
)

// Gate reports whether a value can be an operator or leave a script's string.
func Gate(v *point.Value) bool {
	const loop = point.Paren | point.Brace | point.Semicolon | point.Equal
	switch v.Kind { //nolint:exhaustive // the others can
	case point.Key, point.JSONKey:
		return v.Classes&point.Dollar != 0 || v.Classes&loop == loop
	case point.UserAgent, point.Referer:
		return v.Classes&loop == loop
	case point.GQLDocument:
		return v.Classes&(point.Brace|point.Paren|point.Colon) == point.Brace|point.Paren|point.Colon
	case point.Number, point.FileHead, point.XMLDecl, point.WholePath: // segments are read one by one
		return false
	}
	if len(v.Data) < 4 {
		return false
	}
	return mayLeave(v) || maySparql(v) || v.Classes&(point.Paren|point.Space|point.Equal|point.Colon) == point.Paren|point.Space|point.Equal|point.Colon || // a) OR f(b) OR (c = :d
		v.Classes&(point.Paren|point.Brace) == point.Paren|point.Brace ||
		v.Classes&(point.Paren|point.Space|point.Colon) == point.Paren|point.Space|point.Colon && len(v.Data) <= maxClause && lex.Contains(v.Data, " or ")
}

// mayLeave reports whether a value can be an operator or leave a string; the others that
// the gate lets through can only be a function or a condition.
func mayLeave(v *point.Value) bool {
	return v.Classes&point.Dollar != 0 && v.Classes&(point.Colon|point.Bracket) != 0 || // operator: operand
		v.Classes&point.Quote != 0 && v.Classes&(point.Equal|point.Paren|point.Semicolon|point.Brace|point.Pipe|point.Ampersand) != 0 ||
		v.Classes&point.Equal != 0 && v.Classes&(point.Pipe|point.Ampersand) != 0 ||
		v.Classes&(point.Slash|point.Quote) == point.Slash|point.Quote && len(v.Data) <= maxSplice && bytes.Contains(v.Data, []byte("//")) || // ',1//
		v.Classes&(point.Slash|point.Pipe) == point.Slash|point.Pipe && len(v.Data) <= maxSplice ||
		v.Classes&point.Semicolon != 0 && v.Classes&(point.Space|point.Paren|point.Brace) != 0 ||
		v.Classes&(point.Paren|point.Dot) == point.Paren|point.Dot ||
		v.Classes&(point.Star|point.Colon|point.Space) == point.Star|point.Colon|point.Space ||
		v.Classes&(point.Quote|point.Control) == point.Quote|point.Control ||
		v.Classes&(point.Quote|point.Space) == point.Quote|point.Space && v.Kind != point.HeaderText && len(v.Data) <= maxClause && (lex.Contains(v.Data, " satisfies ") || lex.Contains(v.Data, "' allow filtering")) ||
		v.Classes&point.Mark != 0 && v.Classes&(point.Equal|point.Paren) != 0 && bytes.HasPrefix(v.Data, []byte("{!")) || // a parser of Solr
		v.Classes&(point.Quote|point.Bracket) == point.Quote|point.Bracket && bytes.HasPrefix(v.Data, []byte("doc[")) ||
		v.Classes&(point.Slash|point.Space) == point.Slash|point.Space && v.Classes&(point.Equal|point.Paren) != 0 && bytes.HasSuffix(v.Data, []byte(" //")) ||
		v.Classes&(point.Equal|point.Less|point.Greater) != 0 && (bytes.HasPrefix(v.Data, []byte("this.")) || bytes.HasPrefix(v.Data, []byte("this["))) ||
		v.Classes&(point.Quote|point.Mark|point.Colon) == point.Quote|point.Mark|point.Colon ||
		v.Classes&(point.Quote|point.Slash|point.Space) == point.Quote|point.Slash|point.Space || // ' return n //
		v.Classes&(point.Quote|point.Colon) == point.Quote|point.Colon && len(v.Data) <= maxClause && goesOnBehind(v.Data) || // ","role":"admin
		v.Classes&point.Newline != 0
}

// Scan leaves the strongest evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.NoSQLi, evidence.QueryObject)
	data := v.Data[:min(len(v.Data), maxValue)]
	switch v.Kind { //nolint:exhaustive // the others are values
	case point.Key, point.JSONKey:
		if scanKey(data, v, tree, best); best.Score() < evidence.Threshold {
			loops(data, v.Pairs, best)
		}
		return
	case point.UserAgent, point.Referer:
		loops(data, v.Pairs, best)
		return
	case point.GQLDocument:
		arguments(data, best)
		return
	}
	if lex.PrefixLength(data, []string{"function", "return ", "return(", "this.", "this[", "sleep("}) > 0 && lex.Equal(tree.Name(v.Ref), "$where") { // and no condition of an API of open data
		best.Add(&codeOperator, 0, len(data))
	}
	if maySparql(v) {
		sparql(data, best)
	}
	if !mayLeave(v) {
		functions(data, v, tree, best)
		sleeps(data, best)
		return
	}
	if v.Classes&point.Dollar != 0 {
		operators(data, best)
	}
	if v.Classes&point.Bracket != 0 {
		pairs(data, best)
	}
	if v.Classes&(point.Paren|point.Dot|point.Colon) != 0 {
		functions(data, v, tree, best)
	}
	if v.Classes&point.Newline != 0 {
		commands(data, best)
	}
	if v.Classes&(point.Quote|point.Colon) == point.Quote|point.Colon && !fragment(v, tree) {
		document(data, best)
	}
	clauses(data, v, best)
	if v.Classes&point.Quote != 0 && v.Classes&(point.Pipe|point.Brace) != 0 {
		pipelines(data, best)
	}
	if v.Classes&(point.Slash|point.Space) == point.Slash|point.Space {
		unquoted(data, best)
	}
	if v.Classes&(point.Colon|point.Space) == point.Colon|point.Space && v.Classes&(point.Slash|point.Bracket|point.Brace) != 0 && len(data) <= maxClause {
		ranges(data, best)
	}
	if n := len(data); v.Classes&(point.Quote|point.Control) == point.Quote|point.Control && n < maxEnded && data[n-1] == 0 && (data[n-2] == '\'' || data[n-2] == '"') && lex.WordEnd(data, 0) == n-2 {
		best.Add(&endedString, n-2, 2)
	}
	if best.Score() < evidence.Threshold {
		scripts(data, v.Pairs, best)
	}
	if best.Score() < evidence.Threshold && v.Classes&point.Brace != 0 {
		loops(data, v.Pairs, best)
	}
}

// rank says what an operator is worth as a name.
type rank uint8

const (
	plain   rank = iota // no operator
	joins               // and, or, eq: query languages of APIs are full of them
	tests               // comparisons
	matches             // comparisons that an attacker can make true for any value
	stage               // reads another collection
	writes              // writes another collection, or reads the server's own records
	code                // runs code
)

var ranks = []struct {
	name string
	rank rank
}{
	{"where", code},
	{"function", code},
	{"accumulator", code},
	{"func", code},
	{"fn", code},
	{"lookup", stage},
	{"graphlookup", stage},
	{"unionwith", stage},
	{"collstats", writes},
	{"indexstats", writes},
	{"currentop", writes},
	{"listsessions", writes},
	{"listlocalsessions", writes},
	{"plancachestats", writes},
	{"out", writes},
	{"merge", writes},
	{"ne", matches},
	{"regex", matches},
	{"exists", matches},
	{"nin", matches},
	{"not", matches},
	{"nor", matches},
	{"like", matches},
	{"gt", tests},
	{"gte", tests},
	{"lt", tests},
	{"lte", tests},
	{"in", tests},
	{"elemmatch", tests},
	{"jsonschema", tests},
	{"expr", tests},
	{"mod", tests},
	{"bitsallclear", tests},
	{"bitsallset", tests},
	{"bitsanyclear", tests},
	{"bitsanyset", tests},
	{"size", tests},
	{"all", tests},
	{"type", joins},
	{"eq", joins},
	{"or", joins},
	{"and", joins},
	{"text", joins},
	{"search", joins},
	{"comment", joins},
}

// operator returns the rank of a name that begins with $.
func operator(name []byte) rank {
	if len(name) < 3 || name[0] != '$' {
		return plain
	}
	for i := range ranks {
		if lex.Equal(name[1:], ranks[i].name) {
			return ranks[i].rank
		}
	}
	return plain
}

// scanKey weighs a name: a[$ne] of a form, $ne of a JSON object.
func scanKey(name []byte, v *point.Value, tree *point.Tree, t *evidence.Tally) {
	dollar := bytes.IndexByte(name, '$')
	if dollar < 0 || dollar > 0 && name[dollar-1] != '[' && name[dollar-1] != '.' {
		return
	}
	end := lex.WordEnd(name, dollar+1)
	r := operator(name[dollar:end])
	if r == plain || end < len(name) && name[end] != ']' && name[end] != '[' && name[end] != '.' {
		return
	}
	off, n := dollar, end-dollar
	switch r { //nolint:exhaustive // the others need their owner
	case code:
		weight := codeOperator.Weight
		if len(name) == n && tree.Tag(v.Ref) == point.Get { // $where=a > 1, of an API of open data
			weight = evidence.Threshold - 2
		}
		t.AddWeight(&codeOperator, weight, off, n)
		return
	case writes:
		if staged(v.Ref, tree) || listed(name[:dollar]) {
			t.Add(&foreignStage, off, n)
		}
		return
	case stage:
		if foreign(v.Ref, tree) || staged(v.Ref, tree) || listed(name[:dollar]) {
			t.Add(&foreignStage, off, n)
		}
		return
	}
	owner, api := ownerOf(name[:dollar], v, tree)
	if secret(owner) && lex.Equal(name[dollar+1:end], "type") {
		r = tests
	}
	weight := compareKey.Weight
	if r == joins {
		weight = 4
	}
	if api && !proves(owner) {
		weight -= 2
	}
	t.AddWeight(&compareKey, weight, off, n)
	switch {
	case r == joins && !api && !conditions(owner) && lex.Equal(name[dollar:end], "$or") && meetsAll(v, tree):
		t.Add(&emptyCondition, off, n)
	case v.Kind == point.Key && dollar == 0 && end < len(name) && proves(lastOf(name)): // $nor[0][token]=k
		t.AddWeight(&credential, evidence.Threshold, 0, len(name))
	case r == joins:
	case lex.OneOf(name, "$expr", "$jsonschema") && tree.Tag(tree.Parent(v.Ref)).Objects(), v.Kind == point.Key && dollar == 0 && lex.OneOf(name[:end], "$expr", "$jsonschema"):
		t.Add(&rootExpression, off, n)
	case numeric(owner) && joined(v, tree):
		t.Add(&credential, 0, dollar)
	case len(owner) == 0 && dollar == 1: // [$ne]=1 on its own
		t.Add(&credential, 0, n)
	case secret(owner), r == matches && identity(owner), identity(owner) && !numeric(owner):
		t.Add(&credential, 0, dollar)
	}
}

// foreign reports whether a stage names the collection that it reads.
func foreign(ref point.Ref, tree *point.Tree) bool {
	if tree.Len() == 0 {
		return true
	}
	for r := ref + 1; int(r) <= tree.Len() && r-ref <= 16; r++ {
		if tree.Parent(r) == ref && lex.OneOf(tree.Name(r), "from", "coll", "startWith", "localField") {
			return true
		}
	}
	return false
}

// staged reports whether an operator is a stage of a list of stages.
func staged(ref point.Ref, tree *point.Tree) bool {
	return tree.Len() == 0 || tree.Tag(tree.Parent(ref)) == point.Array
}

// listed reports whether a name in brackets stands in a list: pipeline[0][
func listed(before []byte) bool {
	before, ok := bytes.CutSuffix(before, []byte("]["))
	if !ok {
		return false
	}
	for n := len(before); n > 0; n-- {
		if c := before[n-1]; !lex.Digit(c) {
			return c == '['
		}
	}
	return false
}

// ownerOf returns the name of the field that an operator stands on, and whether it
// stands in a parameter that is meant for conditions: filters[name][$ne].
func ownerOf(before []byte, v *point.Value, tree *point.Tree) (owner []byte, api bool) {
	if v.Kind == point.Key && len(before) > 0 {
		before = bytes.TrimRight(before, "[.")
		owner = bytes.TrimSuffix(before, []byte("]"))
		if i := bytes.LastIndexAny(owner, "[."); i >= 0 {
			api = conditions(owner[:bytes.IndexAny(owner, "[.")])
			owner = owner[i+1:]
		}
		return owner, api
	}
	for r := tree.Parent(v.Ref); r != 0; r = tree.Parent(r) {
		name := tree.Name(r)
		if len(owner) == 0 {
			if !lex.Equal(name, "__raw__") && (len(name) == 0 || name[0] != '$') { // of MongoEngine, which hands on what is below, or an operator around this one
				owner = name
			}
		} else {
			api = api || conditions(name)
		}
	}
	return owner, api
}

// lastOf returns the innermost field of a name in brackets: $nor[0][token].
func lastOf(name []byte) []byte {
	name = bytes.TrimSuffix(name, []byte("]"))
	return name[bytes.LastIndexByte(name, '[')+1:]
}

// conditions reports whether a name is that of a parameter for conditions.
func conditions(name []byte) bool {
	return lex.OneOf(name, "filter", "filters", "find", "where", "query", "criteria", "condition", "conditions", "targeting", "match", "selector", "populate")
}

// secret reports whether a field holds what a login or a reset is proved with.
func secret(name []byte) bool {
	if secrets.In(name) || lex.HasSuffix(name, "_pass") || bytes.HasSuffix(name, []byte("Pass")) {
		return true
	}
	return lex.OneOf(name, "pass", "userpass", "otp", "pin", "code", "key", "pw", "auth", "csrf", "session", "sessionid", "session_id", "sid", "2fa", "mfa", "totp", "otpcode", "otp_code", "answer", "coupon", "couponcode", "coupon_code", "voucher", "promocode", "promo_code", "giftcard", "gift_card", "cvv", "ssn")
}

var (
	secrets = lex.NewList("passw", "pwd", "token", "secret", "apikey", "api_key", "verification", "verifycode", "verify_code", "credential", "activation", "invitation", "invitecode", "invite_code", "passphrase")
	proofs  = lex.NewList("passw", "pwd", "secret", "token")
)

// proves reports whether a field holds a secret by all accounts; no list is filtered by it.
func proves(name []byte) bool {
	return proofs.In(name) || lex.OneOf(name, "pass", "pw", "otp", "pin")
}

// joined reports whether an operator stands below $or and the like, in the query of a
// document that is the whole request.
func joined(v *point.Value, tree *point.Tree) bool {
	if v.Kind != point.JSONKey {
		return false
	}
	for r := tree.Parent(v.Ref); r != 0; r = tree.Parent(r) {
		if n := tree.Name(r); lex.OneOf(n, "$or", "$nor") {
			return tree.Tag(tree.Parent(r)).Objects()
		}
	}
	return false
}

// meetsAll reports whether one of the conditions below $or is empty and another is not.
func meetsAll(v *point.Value, tree *point.Tree) bool {
	if v.Kind != point.JSONKey {
		return false
	}
	empty, full := false, false
	last := min(int(v.Ref)+maxConditions, tree.Len())
	for r := v.Ref + 1; int(r) <= last; r++ {
		if tree.Parent(r) != v.Ref || tree.Tag(r) != point.Array {
			continue
		}
		if int(r) < tree.Len() && tree.Parent(r+1) == r {
			full = true
		} else {
			empty = true
		}
	}
	return empty && full
}

// identity reports whether a field says who somebody is.
func identity(name []byte) bool {
	return numeric(name) || lex.OneOf(name, "user", "username", "user_name", "uname", "login", "email", "mail", "account", "reset", "usr", "userid", "uid", "phone", "mobile", "phone_number", "phonenumber", "nickname")
}

// numeric reports whether a field is an identifier, over which lists page too.
func numeric(name []byte) bool {
	return lex.Equal(name, "id") || lex.HasSuffix(name, "_id") || bytes.HasSuffix(name, []byte("Id"))
}
