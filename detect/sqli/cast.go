package sqli

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/lex"
)

// castTypes are types to which constants and columns are cast. What is no number is an
// error when it is cast to one, and the error tells what it was.
var castTypes = [...]struct {
	name   string
	number bool
}{
	{"int", true},
	{"integer", true},
	{"bigint", true},
	{"smallint", true},
	{"int2", true},
	{"int4", true},
	{"int8", true},
	{"numeric", true},
	{"decimal", true},
	{"float", true},
	{"float4", true},
	{"float8", true},
	{"real", true},
	{"double", true},
	{"number", true},
	{"money", true},
	{"signed", false},
	{"unsigned", false},
	{"bool", true},
	{"boolean", true},
	{"bit", true},
	{"oid", true},
	{"date", true},
	{"timestamp", true},
	{"inet", true},
	{"uuid", true},
	{"text", false},
	{"varchar", false},
	{"char", false},
	{"bpchar", false},
	{"name", false},
	{"json", false},
	{"jsonb", false},
	{"xml", false},
	{"bytea", false},
	{"regclass", false},
	{"interval", false},
	{"point", false},
	{"tsquery", false},
	{"tsvector", false},
}

// typeOf says whether a word is such a type, and whether it is a number.
func (p *parser) typeOf(t token) (ok, isNumber bool) {
	if !mayBe(typeNames, p.data[t.off:t.off+t.len]) {
		return false, false
	}
	for i := range castTypes {
		if p.wordIs(t, castTypes[i].name) {
			return true, castTypes[i].number
		}
	}
	return false, false
}

// typeNames are the names of these types.
var typeNames = func() *lex.Words {
	var names strings.Builder
	for i := range castTypes {
		names.WriteString(castTypes[i].name + " ")
	}
	return lex.NewWords(names.String())
}()

// mayBe reports whether a name can be one of some words as wordIs compares them. Two letters have a spelling
// outside of ASCII.
func mayBe(words *lex.Words, name []byte) bool {
	return words.Has(name) || bytes.Contains(name, []byte("\u017f")) || bytes.Contains(name, []byte("\u212a"))
}

// casts reports whether an operator is PostgreSQL's that casts.
func (p *parser) casts(t token) bool { return t.len == 2 && p.data[t.off] == ':' }

// castType takes the type behind the :: of a cast, which leaves its operand what it was.
func (p *parser) castType(t token) bool {
	if !p.casts(t) {
		return false
	}
	ok, isNumber := p.typeOf(p.peek())
	if !ok {
		return false
	}
	p.next()
	l := p.lexer
	if l.next().kind == open && l.next().kind == number && l.next().kind == closing { // ::varchar(9)
		p.lexer = l
	}
	if p.at(0) == '[' && p.at(1) == ']' {
		p.pos += 2
	}
	if isNumber {
		p.castLeak(t)
	}
	if p.last == literal {
		p.lastTok.kind = number // no quotation
	}
	return true
}

// castLeak weighs the cast of what tells about the database to a number.
func (p *parser) castLeak(t token) {
	switch {
	case p.last == call && p.tallyHas(&infoFunction), p.last == call && p.tallyHas(&systemVariable), p.last == subquery:
	case p.last == literal && lex.HasSuffix(p.data[p.lastTok.off:p.lastTok.off+p.lastTok.len], "_user"):
	case p.last == column && p.lastTok.key == fnInfo && p.wordIs(p.lastTok, "user"):
	default:
		return
	}
	p.solid(&castError, t)
}

// converts weighs CONVERT(int, ...) of what tells about the database, the parenthesis of
// which comes next.
func (p *parser) converts(t token) {
	l := p.lexer
	l.next()
	if _, isNumber := p.typeOf(l.next()); !isNumber || l.next().kind != comma {
		return
	}
	of := l.next()
	if of.kind == open {
		of = l.next()
	}
	if of.kind == sysvar || of.key == fnInfo || of.kind == word && (of.key == kwSelect || lex.HasSuffix(p.data[of.off:of.off+of.len], "_user")) {
		p.solid(&castError, t)
	}
}

// spelledOperator takes operators that are words only where their operands fit: MEMBER OF (,
// OVERLAPS (, MATCH (a) AGAINST (, XMLEXISTS(a PASSING b).
func (p *parser) spelledOperator(t token) bool {
	if !mayBe(operatorNames, p.data[t.off:t.off+t.len]) {
		return false
	}
	switch next := p.peek(); {
	case p.wordIs(t, "returning") && p.quote != 0 && (next.kind == open || next.kind == arith || next.kind == name && next.key == fnInfo):
		p.scope().clause, p.operand = columns, false
		return true
	case p.wordIs(t, "returning") && p.quote != 0 && p.tokens == 0 && !p.quoted() && p.endsInComment(): // ' returning k--
		p.weigh(&statement, 3, t)
		p.scope().clause, p.operand = columns, false
		return true
	case p.wordIs(t, "returning") && p.closed > 0 && next.kind == open: // 1)returning (select
		p.scope().clause, p.operand = columns, false
		return true
	case p.wordIs(t, "member") && p.wordIs(next, "of"):
		p.scope().lhs = p.last
		p.next()
		if !p.opens() {
			return p.quote != 0 && p.compareWith(t)
		}
		return p.test(t)
	case (p.wordIs(t, "starts") || p.wordIs(t, "ends")) && next.kind == word && next.key == kwWith:
		p.next()
		return p.compareWith(t)
	case p.wordIs(t, "contains") && next.kind == str && p.last == column && p.scope().logic:
		return p.compareWith(t)
	case p.scope().clause == rows && lex.OneOf(p.data[t.off:t.off+t.len], "row", "rows", "only", "percent", "ties"):
		return p.quote != 0 || p.hard > 0
	case p.wordIs(t, "tablesample") && p.scope().clause == tables && next.kind == name: // tablesample system(9)
		return p.passArguments()
	case p.wordIs(t, "overlaps") && next.kind == open:
		return p.compareWith(t)
	case p.wordIs(t, "at") && p.wordIs(next, "time"): // AT TIME ZONE 'utc'
		p.next()
		p.operand = false
		return p.wordIs(p.next(), "zone")
	case p.wordIs(t, "against") && next.kind == open:
		return p.last == call && p.next().kind == open && p.push(arguments)
	case p.wordIs(t, "passing") && p.scope().level == arguments:
		if p.wordIs(next, "by") { // BY REF, BY VALUE
			p.next()
			p.next()
		}
		p.operand = false
		return true
	}
	return false
}

// passArguments passes over what stands behind the next parenthesis and the one that closes it.
func (p *parser) passArguments() bool {
	for range maxAsked {
		switch t := p.next(); t.kind { //nolint:exhaustive // what else ends them
		case closing:
			return true
		case end, comment, semicolon, bad:
			return false
		}
	}
	return false
}

// operatorNames are the words with which such operators begin.
var operatorNames = lex.NewWords(operatorWords)

const operatorWords = "returning member starts ends contains row rows only percent ties overlaps at against passing tablesample"

// distinctFrom takes DISTINCT FROM behind IS.
func (p *parser) distinctFrom() bool {
	after := p.lexer
	if !p.wordIs(after.next(), "distinct") || !p.wordIs(after.next(), "from") {
		return false
	}
	p.lexer = after
	return true
}

// isTime reports whether a word is the type of a time that is written out behind it.
func (p *parser) isTime(t token) bool {
	return p.wordIs(t, "date") || p.wordIs(t, "time") || p.wordIs(t, "timestamp") || p.wordIs(t, "interval")
}

// isType reports whether a word is another type that PostgreSQL takes in front of a constant: bool 't'
func (p *parser) isType(t token) bool {
	ok, _ := p.typeOf(t)
	return ok && (p.scope().logic || p.scope().clause == columns)
}

// inBits reports whether a string is a number that is written in bits or hexadecimal digits:
// b'1', x'31'.
func inBits(s []byte) bool {
	if len(s) < 4 || s[0]|0x20 != 'b' && s[0]|0x20 != 'x' || s[1] != '\'' || s[len(s)-1] != '\'' {
		return false
	}
	for _, c := range s[2 : len(s)-1] {
		if !isHex(c) || s[0]|0x20 == 'b' && c > '1' {
			return false
		}
	}
	return true
}
