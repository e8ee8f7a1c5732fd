package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// after takes a token behind an operand.
func (p *parser) after(t token) bool {
	p.used = p.used || p.tokens == 0 && p.quote != 0 && p.uses(t)
	switch t.kind {
	case logic:
		return p.logic(t)
	case compare:
		return p.compareWith(t)
	case arrow: // f(name => 1)
		p.operand, p.aliased = false, false
		return p.scope().level == arguments
	case arith:
		return p.calculate(t)
	case not: // NOT LIKE, NOT IN
		return true
	case comma:
		if p.closed > 0 && p.depth == 0 && p.quote != 0 && p.last == none && p.opens() { // '),('b
			p.solid(&rowBreakout, t)
		}
		p.row = p.row || p.tokens == 0 && p.quote == '\''
		if s := p.scope(); p.quote != 0 && p.depth == 0 && s.compares && !s.logic && s.lhs == column && p.last != none {
			p.sets++
			p.granted = p.granted || grants(p.data[s.lhsAt:s.lhsAt+s.lhsLen])
			s.compares, s.lhs = false, none
		}
		p.condition(t)
		p.operand, p.aliased = false, false
		return true
	case open: // IN (, VALUES (, alias (column)
		return p.push(group)
	case closing:
		p.condition(t)
		return p.pop(t)
	case semicolon:
		p.condition(t)
		return p.head()
	case word:
		return p.clause(t)
	case name:
		return p.spelledOperator(t) || p.alias(t)
	case str: // 'a' 'b' is one string
		if p.scope().level == arguments && (p.wordIs(p.lastTok, "document") || p.wordIs(p.lastTok, "content")) { // xmlparse(document '<')
			return true
		}
		return p.lastTok.kind == str && p.last == literal && p.tokens > 0 && (p.hard > 0 || p.quote != 0 && p.scope().logic && p.lastTok.key != cutOff) || p.scope().clause == columns || p.lenient
	case variable:
		return p.lenient
	case number: // FETCH NEXT 1
		return p.lenient && p.scope().clause == rows
	case dot: // httpuritype('x').getclob()
		method := p.next()
		if p.lastTok.kind == str && p.scope().clause == tables && (method.kind == str && method.key != cutOff || method.kind == name) { // "SYS"."USERS"
			return true
		}
		if p.prior.kind == closing && p.last == column && (method.kind == name || method.kind == word) { // (k).l of a row
			return true
		}
		if p.last != call || method.kind != name {
			return false
		}
		if !p.opens() { // opendatasource('k','l').m.n
			return p.tallyHas(&graveFunction)
		}
		p.next()
		return p.push(arguments)
	case colon:
		return false
	default:
		return false
	}
}

// uses reports whether a token applies an operator to the string that the context closed. Behind
// feet stand inches: 5'-6".
func (p *parser) uses(t token) bool {
	switch t.kind { //nolint:exhaustive // the others are no operators
	case arith:
		return p.data[t.off] != '-' || p.start < 2 || !isDigit(p.data[p.start-2])
	case compare, not:
		return true
	}
	return t.key == kwIsNull
}

// calculate takes an operator that calculates, casts or matches behind an operand.
func (p *parser) calculate(t token) bool {
	if p.castType(t) {
		return true
	}
	if t.len == 1 && p.data[t.off] == '~' { // matches a pattern
		return p.compareWith(t)
	}
	if t.len > 5 && p.modifies(t) {
		return true
	}
	if p.product { // (1=2)*3
		p.product = false
		if p.peek().kind == number && p.tokens < 12 {
			p.weigh(&constCompare, constCompare.Weight+1, t)
		}
	}
	p.operand, p.aliased = false, false
	if p.last != literal && p.last != none {
		p.last = column
	}
	return p.data[t.off] != '*' || !p.bare || p.hard != 0 || p.multiplies()
}

// multiplies reports whether a star is followed by what no emphasis in a text is: id*-(1=1), id*(case.
func (p *parser) multiplies() bool {
	l := p.lexer
	t := l.next()
	if t.kind == arith {
		t = l.next()
	}
	if t.kind == number { // id*2*(case
		if t = l.next(); t.kind == arith {
			t = l.next()
		}
	}
	return t.kind == open || t.kind == word && t.key == kwCase || (t.kind == name || t.key == kwIf) && l.next().kind == open
}

// modifies takes COLLATE and the name of an order of letters, or ESCAPE and a letter, which leave
// the operand in front what it was.
func (p *parser) modifies(t token) bool {
	switch next := p.peek(); {
	case p.wordIs(t, "collate") && (next.kind == name || p.wordIs(next, "binary") || next.kind == str && next.key != cutOff):
		p.next()
		return true
	case p.wordIs(t, "escape") && next.kind == str && next.len == 3 && next.key != cutOff:
		p.next()
		if s := p.scope(); s.compares && s.logic {
			p.weigh(&between, between.Weight, t)
		}
		return true
	}
	return false
}

// logic takes AND, OR and their kin.
func (p *parser) logic(t token) bool {
	p.condition(t)
	s := p.scope()
	if p.quote != 0 && p.tokens == 0 {
		p.tally.Add(&breakout, p.start-1, t.off+t.len-p.start+1)
	}
	s.logic, s.logicAt, s.lhs, s.compares = true, int32(t.off), none, false
	p.operand = false
	return true
}

// alone reports whether a name has parentheses around it that belong to no call.
func (p *parser) alone(t token) bool {
	before, ok := bytes.CutSuffix(bytes.TrimRight(p.data[:t.off], " \t\r\n"), []byte("("))
	return ok && (!lex.Word(lastByte(before)) || behindJoint(before) || lex.HasSuffix(before, "not"))
}

func (p *parser) compareWith(t token) bool {
	s := p.scope()
	if s.compares {
		p.condition(t)
	}
	if t.len == 2 && p.data[t.off] == ':' && p.lastTok.kind == variable && p.tokens > 1 { // 1<@k:=(select 2)
		p.solid(&plainFunction, t)
	}
	s.lhs, s.compares, p.operand = p.last, true, false
	s.lhsAt, s.lhsLen = int32(p.lastTok.off), int32(p.lastTok.len)
	if p.prior.kind == closing && !p.alone(p.lastTok) { // (k & l) == l
		s.lhsLen = 0
	}
	switch t.key { //nolint:exhaustive // words that are no plain operator
	case kwIn:
		if p.booleanMode() {
			s.compares, p.operand, p.last = false, true, none
			return true
		}
		s.compares = false
		if s.level == arguments && !p.opens() { // position('a' in b)
			return true
		}
		return p.opens() && p.test(t)
	case kwIs:
		s.compares = false
		next := p.peek()
		if next.kind == not {
			p.next()
			next = p.peek()
		}
		if p.distinctFrom() {
			s.compares = true
			return true
		}
		if p.wordIs(next, "json") || p.wordIs(next, "document") || p.quote != 0 && (p.wordIs(next, "empty") || p.wordIs(next, "missing") || p.wordIs(next, "valued")) {
			p.next()
			return p.test(t)
		}
		if next.kind == number || next.kind == str && next.key != cutOff || next.kind == open { // of SQLite
			s.compares = true
			return true
		}
		return (next.kind == word || next.kind == name) && (next.key == kwNull || next.key == kwAll) && p.test(t)
	case kwBetween:
		s.compares = false
		return p.test(t)
	case kwLike:
		if next := p.peek(); next.kind == compare || p.wordIs(t, "similar") && p.wordIs(next, "to") { // SOUNDS LIKE
			p.next()
		}
	}
	return true
}

// constTest is what a test of a constant weighs.
const constTest = 5

// test notes a condition that needs no second operand.
func (p *parser) test(t token) bool {
	if s := p.scope(); s.logic {
		weight := between.Weight
		if s.lhs == literal { // or 1 between 0 and 2, or 'x' in ('x')
			weight = constTest
			if p.quote == 0 && !p.bare {
				weight = constCompare.Weight + 1
			}
		} else if s.lhs != none && p.numbers && !p.bare && p.endsInTest() {
			weight = constCompare.Weight + 1
		}
		p.weigh(&between, weight, t)
		s.logic = false
	}
	return true
}

// endsInTest reports whether NULL or texts between single quotes follow and nothing behind them: in ('k','l'),
// between 'k' and 'l'; behind a closed parenthesis also numbers: 1) or k in (2
func (p *parser) endsInTest() bool {
	l := p.lexer
	for constants := 0; ; {
		switch t := l.next(); {
		case t.key == kwNull || t.kind == number && p.closed > 0 || t.kind == str && wholeText(p.text(t.off, t.len)):
			constants++
		case t.kind == end:
			return constants > 0
		case t.kind != open && t.kind != closing && t.kind != comma && t.kind != logic:
			return false
		}
	}
}

// booleanMode takes the rest of IN BOOLEAN MODE, which full-text searches end with.
func (p *parser) booleanMode() bool {
	after := p.lexer
	for _, want := range [...]string{"boolean", "mode"} {
		t := after.next()
		if !lex.Equal(after.data[t.off:t.off+t.len], want) {
			return false
		}
	}
	p.lexer = after
	return true
}

// alias takes a name behind an operand: a table's or a column's alias.
func (p *parser) alias(t token) bool {
	s := p.scope()
	if t.key == nmSystem && s.clause == tables {
		p.solid(&systemName, t)
	}
	if s.clause == tables && p.peek().key == kwJoin { // LEFT JOIN
		return true
	}
	if p.lenient {
		return true
	}
	if p.last == subquery && p.quote == 0 && p.depth == 0 && !p.aliased && !p.script { // (select ...) k
		p.aliased = true
		return true
	}
	if s.clause == columns && p.last == column && p.wordIs(p.lastTok, "current") { // CURRENT SERVER of DB2
		return true
	}
	if p.aliased || s.clause != columns && s.clause != tables || s.level == group && p.depth > 0 {
		return false
	}
	p.aliased = true
	return p.hard > 0 || p.depth > 0
}
