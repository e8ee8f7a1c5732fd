package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxColumns bounds the columns of a list that are read.
const maxColumns = 32

// listsColumns reports whether a value can be the rest of such a list, by the words and marks in it.
func listsColumns(data []byte, classes point.Classes) bool {
	const cuts = point.Dash | point.HashAt | point.Star | point.Slash | point.Semicolon
	return classes&(point.Space|point.Newline|point.Star|point.Plus|point.Backtick) != 0 && lex.Contains(data, "from") && (classes&cuts != 0 || lex.Contains(data, "union"))
}

// columns reads the rest of a list of columns, which an application puts behind its own SELECT: names and calls, FROM
// and a table, and what cuts off or goes on behind them: email,name from users--, a from b union select c from d
func (r *reader) columns() {
	l := lexer{data: r.data}
	r.list(&l, l.next(), false, false)
}

// columnsBehind reads what stands behind a string of such a list that the value closes, with a comma or an alias in
// front, or nothing: k', password from users--, -') as d from t limit 1--
func (r *reader) columnsBehind() {
	i := lex.IndexQuote(r.data)
	if i < 0 || bytes.IndexByte(r.data[:i], ' ') >= 0 {
		return
	}
	l := lexer{data: r.data, pos: i + 1}
	after := l.next()
	for after.kind == closing {
		after = l.next()
	}
	if after.key == kwAs {
		if alias := l.next(); alias.kind != name && !r.doubleQuoted(alias) {
			return
		}
		after = l.next()
	}
	switch {
	case after.kind == comma:
		r.list(&l, l.next(), true, true)
	case after.kind == word && after.key == kwFrom:
		r.from(&l, true, true)
	}
}

// list reads columns from the first token on; listed says that another stands in front, telling that something in
// them is what attackers select.
func (r *reader) list(l *lexer, t token, listed, telling bool) {
	for n := 0; ; n++ {
		quoted := t.kind == str && t.key != cutOff && r.data[t.off] == '"' && secret(unquoted(r.data[t.off:t.off+t.len]))
		if n == maxColumns || t.kind != name && t.kind != number && !quoted && (t.kind != arith || r.data[t.off] != '*') {
			return
		}
		telling = telling || quoted || t.kind == arith || secret(bytes.Trim(r.data[t.off:t.off+t.len], "`"))
		after := l.member()
		if n == 0 && t.kind == number && after.kind == arith && r.data[after.off] == '*' { // TOP 1 *
			telling, after = true, l.next()
		}
		if after.kind == open && t.kind == name {
			telling = l.passCall() || telling
			after = l.next()
		}
		if after.kind == name && t.kind == name || after.kind == word && after.key == kwAs && l.next().kind == name { // an alias
			after = l.next()
		}
		if after.kind == word && after.key == kwFrom {
			break
		}
		if after.kind != comma {
			return
		}
		listed = true
		t = l.next()
	}
	r.from(l, listed, telling)
}

// from reads the table behind FROM, and what cuts off or goes on behind it.
func (r *reader) from(l *lexer, listed, telling bool) {
	table := l.next()
	enclosed := table.kind == open
	if enclosed {
		table = l.next()
	}
	if table.kind != name && !r.doubleQuoted(table) {
		return
	}
	telling = telling || secret(unquoted(r.data[table.off:table.off+table.len]))
	end := l.member()
	if enclosed && end.kind == closing {
		end = l.next()
	}
	if end.kind == name && telling { // an alias
		table, end = end, l.next()
	}
	switch {
	case end.kind == word && lex.Equal(r.data[end.off:end.off+end.len], "union"):
		r.read(end.off, 0, evidence.Raw)
	case telling && (end.key == kwWhere || end.key == kwLimit || end.key == kwOrder || end.key == kwJoin):
		if l.condition() {
			r.cutList(l.next())
		}
	case telling || listed && end.off == table.off+table.len: // no blank in front of it
		r.cutList(end)
	}
}

// doubleQuoted reports whether a token is a name in quotes of its own.
func (r *reader) doubleQuoted(t token) bool { return t.kind == str && r.data[t.off] == '"' }

// passCall passes over the arguments of a call, and reports whether one of them is secret by its name.
func (l *lexer) passCall() (telling bool) {
	depth := 1
	for range maxColumns {
		switch t := l.next(); t.kind { //nolint:exhaustive // what counts
		case open:
			depth++
		case closing:
			depth--
		case name:
			telling = telling || secret(l.data[t.off:t.off+t.len])
		}
		if depth == 0 {
			return telling
		}
	}
	return false
}

// condition passes over what stands behind WHERE, LIMIT or ORDER up to a comment; no two names stand
// there in a row.
func (l *lexer) condition() bool {
	last := end
	for range maxColumns {
		before := *l
		t := l.next()
		switch {
		case t.kind == comment || t.kind == semicolon:
			*l = before
			return last != end
		case t.kind == bad, t.kind == end, t.kind == name && last == name:
			return false
		}
		last = t.kind
	}
	return false
}

// cutList keeps a list that ends in a token that is a comment.
func (r *reader) cutList(end token) {
	behind := bytes.TrimLeft(r.data[min(len(r.data), end.off):], ";")
	if end.kind != comment && end.kind != semicolon || !bytes.ContainsAny(behind, "-#/") || !cutsAll(behind) {
		return
	}
	one(&columnList, columnList.Weight, 0, len(r.data), evidence.Raw, r.best)
}

// unquoted returns a name without its quotes.
func unquoted(name []byte) []byte { return bytes.Trim(name, "\"`[]") }

// secret reports whether a name is that of what attackers select, or of where it is.
func secret(name []byte) bool {
	return grants(name) || lex.OneOf(name, "users", "user", "accounts", "members", "customers", "credentials", "secrets", "tokens", "sessions", "email", "login", "username", "token", "secret", "hash", "api_key")
}
