package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// plausibleList looks whether what follows SELECT begins like a column list and not
// like a sentence.
func (p *parser) plausibleList() bool {
	l := p.lexer
	first := l.next()
	for p.hints(first) {
		first = l.next()
	}
	if first.kind == word && first.key == kwAll {
		first = l.next()
	}
	if first.kind == name && (p.wordIs(first, "raw") || p.wordIs(first, "value") || p.wordIs(first, "element")) { // of N1QL and Cosmos DB
		if after := l; after.next().kind == name {
			first = l.next()
		}
	}
	if first.kind == word && p.wordIs(first, "straight_join") || first.kind == name && (p.wordIs(first, "first") || p.wordIs(first, "skip")) && p.countsNext(l) {
		return true
	}
	if (first.kind == word || first.kind == arith) && p.calledAt(first) { // replace(, insert(, mod(
		return true
	}
	switch first.kind { //nolint:exhaustive // what columns begin with
	case number, str, sysvar, variable, open, end, comment:
		return true
	case arith:
		if p.wordIs(first, "binary") {
			first = l.next()
			return first.kind == name || first.kind == number
		}
		return first.len == 1
	case not:
		return true
	case word:
		if first.key != kwObject && first.key != kwShow && first.key != kwOther { // login, role
			return first.key == kwNull || first.key == kwCase || first.key == kwTop || first.key == kwIf || first.key == kwExists
		}
	}
	second := l.next()
	if second.kind == word && second.key == kwAs { // a AS b FROM c, a AS b, c
		alias, after := l.next(), l.next()
		return (alias.kind == name || alias.kind == str) && (after.kind == comma || after.kind == end || after.kind == comment || after.kind == word && after.key == kwFrom && p.fromTable(l))
	}
	if from := l; (second.kind == name || second.kind == str) && from.next().key == kwFrom { // select k l from m where n=1
		return p.narrows(from, false, false)
	}
	if second.len == 2 && p.data[second.off] == '|' { // joined texts: username || '~' || password
		joined := l.next()
		return joined.kind == str || joined.kind == name || joined.kind == open || joined.key == kwNull || joined.key == kwCase
	}
	if second.kind == compare || second.len == 1 && p.data[second.off] == '~' { // select k like 'l%' from m
		return p.matches(l)
	}
	if second.kind == comma {
		third := l.next()
		return third.kind != word || third.key == kwNull || third.key == kwCase
	}
	if ofType, _ := p.typeOf(first); second.kind == str && (p.isTime(first) || ofType) || second.kind == arith && (p.casts(second) || p.wordIs(second, "collate")) { // interval '1 day', k::text
		return true
	}
	return second.kind == open || second.kind == comment && cutsAll(p.data[second.off:]) || second.kind == dot || second.kind == word && second.key == kwFrom && p.fromTable(l)
}

// matches reports whether a string follows an operator, and FROM behind it.
func (p *parser) matches(l lexer) bool {
	pattern := l.next()
	if pattern.kind == compare { // SOUNDS LIKE
		pattern = l.next()
	}
	return pattern.kind == str && pattern.key != cutOff && l.next().key == kwFrom
}

// calledAt reports whether a parenthesis stands right behind a word.
func (p *parser) calledAt(t token) bool {
	after := t.off + t.len
	return lex.Letter(p.data[t.off]) && after < len(p.data) && p.data[after] == '('
}

// callsConstant returns 1 if a function is called next with nothing or with a constant, as in no
// list of words: select option(s).
func (p *parser) callsConstant() int8 {
	l := p.lexer
	if l.next().kind != name {
		return 0
	}
	if l.member().kind != open {
		return 0
	}
	if t := l.next(); t.kind == closing || t.kind == number || t.kind == str {
		return 1
	}
	return 0
}

// selected reports whether SELECT stands right in front, of a union too.
func (p *parser) selected() bool { return p.prior.key == kwSelect || p.prior.key == kwUnion }

// countsNext reports whether a number of rows comes next, and a column.
func (p *parser) countsNext(l lexer) bool {
	return l.next().kind == number && l.next().kind == name
}

// fromTable tells SELECT a FROM t from "select one from the list".
func (p *parser) fromTable(l lexer) bool {
	table := l.next()
	if table.kind == open {
		return true
	}
	if article(p.data[table.off : table.off+table.len]) {
		return p.quote != 0 || p.hard > 0
	}
	if p.wordIs(table, "only") {
		table = l.next()
	}
	next := l.next()
	if after := l.next(); next.kind == name && (p.wordIs(next, "tablesample") || after.kind == open && after.off == next.off+next.len) { // users u(a,b,c)
		return true
	} else if p.namesTable(table) && next.kind == name && after.kind == word && after.key == kwWhere { // an alias
		return true
	}
	return (table.kind == name || table.kind == str && table.key != cutOff && table.len > 2 && bytes.IndexByte(p.data[table.off:table.off+table.len], ' ') < 0) && next.kind != name || p.quote != 0 || p.hard > 0
}

// article reports whether a word begins the name of a thing in a sentence, and no table is called so.
func article(word []byte) bool {
	return lex.OneOf(word, "the", "a", "an", "this", "these", "our", "your", "my", "each")
}
