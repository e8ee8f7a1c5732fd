package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// function takes a call and weighs its name.
func (p *parser) function(t, first token) bool {
	if p.scope().clause == ordering {
		p.add(&orderByCall, t)
	}
	inside := p.scope().logic || p.depth > 0 || p.quote != 0 || p.scope().clause != expression || p.tokens > 0
	switch t.key {
	case fnTime:
		if p.wordIs(first, "benchmark") && !p.counts() { // of a program
			break
		}
		p.weigh(&timeFunction, timeFunction.Weight+1, t)
	case fnSleep:
		weight := timeFunction.Weight
		if p.tokens > 0 && !p.bare || p.quote != 0 {
			weight++
		}
		p.weigh(&timeFunction, weight, t)
	case fnGrave:
		weight := graveFunction.Weight
		if p.tokens == 0 && p.quote == 0 && t.off == 0 && !p.wordIs(first, "readfile") && readsFile(p.data[t.len:]) {
			weight = 8
		}
		if p.bare && p.tokens == 2 && p.prior.kind == comma && bytes.IndexByte(p.data[t.off:t.off+t.len], '_') > 0 { // id,load_file(0x2f)
			weight = 8
		}
		if p.tallyHas(&graveFunction) && !p.wordIs(first, "exp") {
			p.add(&plainFunction, t)
		}
		p.weigh(&graveFunction, weight, t)
	case nmGrave:
		p.solid(&statementGrave, t)
	case fnInfo, nmSystem:
		if p.listed() {
			p.weigh(&infoFunction, 8, t)
		} else if p.numbers && p.tokens == 2 && p.depth == 0 && p.asksServer(first) { // 7-serverproperty('edition')
			p.weigh(&infoFunction, 8, t)
		} else if t.key == fnInfo && p.quote == 0 && p.scope().level == arguments && (p.numbers || p.data[0] == '(') { // 3-length(version())
			p.weigh(&infoFunction, 6, t)
		} else if inside && (t.key == fnInfo || lex.HasPrefix(p.data[t.off:], "pg_")) { // pg_ls_logdir()
			p.solid(&infoFunction, t)
		}
	case fnPlain:
		if inside {
			p.add(&plainFunction, t)
		}
		if p.wordIs(first, "convert") {
			p.converts(t)
		}
	default:
		if p.tokens == 0 && p.quote == 0 && first.len == t.len && first.key == 0 && !p.aggregates(t) && (p.data[t.off+t.len] != '(' && !p.wordIs(first, "array") || !p.asksInside()) {
			return false // f(x) alone is code or prose
		}
	}
	p.next()
	if p.peek().key == kwSelect && (p.wordIs(first, "array") || p.wordIs(first, "multiset") || p.wordIs(first, "cursor")) {
		return p.push(group)
	}
	return p.push(arguments)
}

// asksServer reports whether a function tells of SQL Server, by a name that means nothing else.
func (p *parser) asksServer(t token) bool {
	return lex.OneOf(p.data[t.off:t.off+t.len], "serverproperty", "is_srvrolemember", "is_member", "db_name", "host_name", "app_name", "suser_sname", "suser_name", "user_name", "schema_name", "original_login", "col_name", "object_id", "object_name")
}

// aggregates reports whether a function is one of those that sum up a column.
func (p *parser) aggregates(t token) bool {
	return p.wordIs(t, "sum") || p.wordIs(t, "max") || p.wordIs(t, "min") || p.wordIs(t, "avg")
}

// listed reports whether a call without arguments, which comes next, is an element of a list that a
// name begins: id,user()
func (p *parser) listed() bool {
	l := p.lexer
	return (p.bare || p.numbers) && p.depth == 0 && p.prior.kind == comma && l.next().kind == open && l.next().kind == closing
}

// asksInside reports whether a subquery or a CASE follows.
func (p *parser) asksInside() bool { return p.has("select") || p.has("case") }

// counts reports whether a call's first argument is a number.
func (p *parser) counts() bool {
	l := p.lexer
	l.next()
	for range 4 {
		if t := l.next(); t.kind != open && t.kind != arith {
			return t.kind == number && l.next().kind != closing || t.kind == end
		}
	}
	return false
}

// readsFile reports whether all of a call is the path of a file: ('/etc/group'), also as
// hexadecimal digits or in characters.
func readsFile(call []byte) bool {
	if len(call) < 6 || call[0] != '(' || call[len(call)-1] != ')' {
		return false
	}
	inner := bytes.TrimLeft(call[1:], " ")
	return lex.PrefixLength(inner, []string{"'/", "\"/", "'c:", "\"c:", "'\\\\", "0x2f", "char(47", "concat("}) > 0
}
