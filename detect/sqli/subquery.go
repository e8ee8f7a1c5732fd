package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// selects takes SELECT where an operand must begin: a subquery, or a value that is a
// query of its own.
func (p *parser) selects(t token) bool {
	s := p.scope()
	plausible := p.plausibleList()
	if p.depth == 0 {
		if p.tokens > 0 && !p.lenient && p.hard == 0 {
			return false
		}
		p.script = p.script || p.quote == 0 && p.tokens == 0
		p.tally.AddWeight(&statement, 3, t.off, t.len)
		p.beginSelect()
		if next := p.peek(); p.quote == 0 && p.tokens == 0 && next.kind == name && (next.key == fnInfo || next.key == fnPlain) {
			p.tally.AddWeight(&plainFunction, 2, next.off, next.len)
		}
		return true
	}
	s.level, s.plain = query, !plausible
	if plausible {
		p.weigh(&subselect, p.weighSubselect(t), t)
	}
	p.beginSelect()
	return true
}

// weighSubselect returns what a subquery weighs, whose list of columns comes next.
func (p *parser) weighSubselect(t token) int8 {
	weight, tight := subselect.Weight, p.tight(t) || p.scopes[p.depth-1].logic
	switch {
	case tight && (p.named || p.quote == 0 && p.depth == 1 && (p.tokens == 3 || p.tokens == 2 && p.data[0] != '(')): // 1,(select 2), -(select 2)
		weight += 2 + p.callsConstant()
	case p.quote == 0 && p.scopes[p.depth-1].clause == ordering: // order by k,(select 1)
		weight += 2
	case p.quote == 0 && p.tokens == 1:
		weight += 2 * p.callsConstant()
	}
	if p.quote == 0 && !p.tallyHas(&statement) && !p.tallyHas(&subselect) && p.asksTable(tight) {
		weight = 8
	}
	return weight
}

// tight reports whether the parenthesis in front of a token stands where no remark in parentheses
// does: at the beginning, or right behind what is no blank.
func (p *parser) tight(t token) bool {
	before := bytes.TrimRight(p.data[:t.off], " \t\r\n")
	n := len(before) - 1
	return n == 0 || n > 0 && before[n] == '(' && (before[n-1] > ' ' || bytes.IndexByte([]byte("+-*/%<>=|&^,("), lastByte(before[:n])) >= 0 || behindWord(before[:n]))
}

// behindWord reports whether a text ends with a word of SQL behind which an operand stands.
func behindWord(before []byte) bool {
	before = bytes.TrimRight(before, " \t\r\n")
	before = before[max(0, len(before)-len(" distinct")):] // other blanks may part all words
	word := before[bytes.LastIndexAny(before, " \t\r\n")+1:]
	return lex.OneOf(word, "distinct", "then", "else", "by", "limit", "offset", "like", "between", "any")
}

// lastByte returns the last byte of a text that is no blank, 0 if there is none.
func lastByte(text []byte) byte {
	text = bytes.TrimRight(text, " \t\r\n")
	if len(text) == 0 {
		return 0
	}
	return text[len(text)-1]
}

// Bounds of what is looked at in front of the place that is read.
const (
	maxAsked = 40 // tokens of a subquery
	maxLooks = 64 // tables of a context
)

// asksTable reports whether a subquery reads a table as no remark in parentheses does: with a
// condition or a number of rows, or, in a tight place, what is secret by its name.
func (p *parser) asksTable(tight bool) bool {
	l := p.lexer
	depth, telling := 0, false
	for range maxAsked {
		switch t := l.next(); t.kind { //nolint:exhaustive // what ends a list of columns, or tells
		case end, comment, semicolon, bad:
			return false
		case open:
			depth++
			if inner := l; inner.next().key == kwSelect { // in an argument of the list
				depth = 0
			}
		case closing:
			if depth--; depth < 0 {
				return false
			}
		case name:
			telling = telling || secret(unquoted(p.data[t.off:t.off+t.len]))
		case word:
			if t.key == kwFrom && depth == 0 {
				return p.narrows(l, telling && tight, tight)
			}
		}
	}
	return false
}

// namesTable reports whether a token is the name of a table, which may stand in double quotes.
func (p *parser) namesTable(t token) bool {
	return t.kind == name || t.kind == str && t.key != cutOff && t.len > 2 && p.data[t.off] == '"'
}

// narrows reports whether a table follows that is asked for with a condition or a number of rows, or
// that is secret.
func (p *parser) narrows(l lexer, telling, tight bool) bool {
	if p.looks++; p.looks > maxLooks {
		p.looks = maxLooks
		return false
	}
	table := l.next()
	if table.kind == open {
		if table = l.next(); table.key == kwSelect {
			return true
		}
		if p.wordIs(table, "table") {
			table = l.next()
		}
	}
	if p.wordIs(table, "only") {
		table = l.next()
	}
	if !p.namesTable(table) || article(p.data[table.off:table.off+table.len]) {
		return false
	}
	telling = telling || tight && secret(unquoted(p.data[table.off:table.off+table.len]))
	for range maxAsked {
		switch t := l.next(); {
		case t.kind == compare && t.key == 0, t.kind == compare && t.key == kwLike && l.next().kind == str, t.key == kwLimit && l.next().kind == number:
			return true
		case t.kind == closing, p.depth == 0 && (t.kind == end || t.kind == comment):
			return telling
		case t.kind == end, t.kind == comment, t.kind == semicolon, t.kind == bad:
			return false
		}
	}
	return telling
}

func (p *parser) beginSelect() {
	for t := p.peek(); p.hints(t); t = p.peek() {
		p.next()
	}
	s := p.scope()
	s.clause, s.logic, s.compares, s.lhs = columns, false, false, none
	p.operand = false
}

// hints reports whether a word behind SELECT tells MySQL how to go about it.
func (p *parser) hints(t token) bool {
	return t.kind == name && (t.len > 6 && lex.HasPrefix(p.data[t.off:], "sql_") || p.wordIs(t, "high_priority"))
}
