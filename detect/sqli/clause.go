package sqli

import "bytes"

// clause takes a keyword behind an operand.
func (p *parser) clause(t token) bool {
	if t.key == kwIsNull || t.key == kwNull && p.prior.kind == not { // 1 not null, of SQLite
		p.scope().lhs = p.last
		return p.test(t)
	}
	if t.key != kwThen && t.key != kwEnd || p.scope().cases == 0 {
		p.conditionBefore(t)
	}
	switch t.key { //nolint:exhaustive // the words of clauses
	case kwUnion:
		return p.union(t)
	case kwFrom:
		return p.from(t)
	case kwWhere, kwOn:
		return p.whereOrOn(t)
	case kwJoin:
		p.scope().clause, p.operand = tables, false
		return p.depth > 0 || p.hard > 0 || p.scope().clause == tables
	case kwAs:
		return p.as()
	case kwHaving:
		p.add(&having, t)
		p.where(t)
		return true
	case kwOrder:
		if by := p.next(); by.key != kwBy {
			return false
		}
		p.scope().clause, p.operand = ordering, false
		return true
	case kwLimit:
		return p.limit(t)
	case kwWhen, kwThen, kwEnd:
		return p.caseWord(t)
	case kwValues, kwSet:
		p.scope().clause, p.operand = rows, false
		return p.hard > 0 || p.lenient || p.tally.Score() > 0
	case kwAsc:
		return true
	case kwInto:
		return p.into(t)
	case kwProcedure:
		return p.procedure(t)
	case kwOver:
		if p.wordIs(t, "filter") && p.last == call && p.opens() { // max(k)filter(where l=1)
			return p.passArguments()
		}
		if p.wordIs(t, "within") && p.peek().key == kwOrder { // WITHIN GROUP
			p.next()
		}
		return p.last == call && p.next().kind == open && p.push(arguments)
	case kwFor:
		if next := p.peek(); p.hard > 0 && (next.key == kwUpdate || p.wordIs(next, "xml") || p.wordIs(next, "json") || p.wordIs(next, "share")) {
			p.lenient = true
			p.next()
			return true
		}
		p.operand = p.scope().level != arguments
		return p.scope().level == arguments || p.scope().clause == tables && p.hard > 0
	case kwBy, kwNull, kwAll:
		p.operand = t.key == kwNull
		return p.lenient || p.scope().clause == tables || p.scope().clause == ordering
	case kwSelect:
		return p.bareSelect(t)
	case kwOther: // lock in share mode
		if l := p.lexer; p.hard > 0 && p.wordIs(t, "lock") && l.next().key == kwIn && p.wordIs(l.next(), "share") && p.wordIs(l.next(), "mode") {
			p.lexer = l
			return true
		}
	case kwWith:
		if p.rollsUp() {
			return true
		}
	}
	return p.laterStatement(t)
}

// rollsUp takes the rest of WITH ROLLUP.
func (p *parser) rollsUp() bool {
	next := p.peek()
	if p.hard == 0 || !p.wordIs(next, "rollup") && !p.wordIs(next, "cube") && !p.wordIs(next, "ties") {
		return false
	}
	p.next()
	return true
}

func (p *parser) conditionBefore(t token) { p.condition(t) }

// laterStatement takes a statement that follows without a semicolon, as Transact-SQL
// allows.
func (p *parser) laterStatement(t token) bool {
	grave := t.key == kwIf && p.numbers && p.tokens == 1 && p.opens() || t.key == kwWaitfor || t.key == kwExec || t.key == kwDeclare || t.key == kwShutdown
	if p.quote == 0 && p.hard == 0 && !grave && !p.ifHead && p.closed == 0 || p.bare && p.hard == 0 && !grave {
		return p.scope().clause == tables || p.scope().clause == columns && p.depth > 0
	}
	return p.statementHead(t) || p.scope().clause == tables || p.scope().clause == columns
}

// bareSelect takes SELECT right behind an operand: 1) SELECT 2, IF (1=1) SELECT 1.
func (p *parser) bareSelect(t token) bool {
	if p.bare && p.hard == 0 || !p.plausibleList() {
		return false
	}
	if p.bareQuote(t) {
		p.tally.AddWeight(&statement, 3, t.off, t.len)
		p.beginSelect()
		return p.quote == '\'' && !p.quoted() // else a program's own statement in its quotes
	}
	if p.quote != 0 || p.hard > 0 || p.ifHead || p.closed > 0 {
		p.weigh(&statement, 4, t)
		p.beginSelect()
		return true
	}
	return false
}

func (p *parser) from(t token) bool {
	s := p.scope()
	switch {
	case s.level == arguments: // substring(x from 1)
	case s.clause == columns || p.lenient:
		p.add(&fromClause, t)
		s.clause = tables
	case p.quote == '\'' && p.tokens == 0 && p.limitsUpdate():
		s.clause = tables
	case p.quote == 0 && p.depth == 0 && s.clause == expression && !s.compares && p.endsList(): // the value is a column of a list
		s.clause = tables
	default:
		return false
	}
	p.operand = false
	if only := p.lexer; p.wordIs(only.next(), "only") && s.level == query && only.next().kind == name { // of PostgreSQL
		p.next()
	}
	return true
}

// limitsUpdate reports whether a table's name and WHERE follow, and a comment ends the value: ' from k where l=1--
func (p *parser) limitsUpdate() bool {
	l := p.lexer
	return l.next().kind == name && l.next().key == kwWhere && p.endsInComment()
}

// endsList reports whether the table of a query follows, and behind it what no sentence has there:
// another statement, or a union.
func (p *parser) endsList() bool {
	l := p.lexer
	if l.next().kind != name {
		return false
	}
	t := l.member()
	if t.kind == semicolon {
		t = l.next()
		return t.kind == word && t.key != kwFor && t.key != kwIf
	}
	return t.kind == word && t.key == kwUnion && l.next().kind == word
}

func (p *parser) whereOrOn(t token) bool {
	if after := p.peek(); t.key == kwOn && (p.closed > 0 && (p.wordIs(after, "duplicate") || p.wordIs(after, "conflict")) || p.quote != 0 && p.wordIs(after, "duplicate") && p.has("key") && p.has("update")) {
		p.solid(&rowBreakout, t)
		p.skipStatement()
		return true
	}
	if t.key == kwOn && p.tokens == 0 { // of a join that was not read
		return false
	}
	return p.where(t)
}

func (p *parser) where(t token) bool {
	s := p.scope()
	fits := s.clause == tables || s.clause == columns || p.lenient || !p.bare || p.tokens == 1 && (p.peek().kind == number || p.asksInside()) // a table's name
	s.logic, s.logicAt, s.clause, s.compares, s.lhs = true, int32(t.off), expression, false, none
	p.operand = false
	return fits
}

// as takes an alias or a type.
func (p *parser) as() bool {
	s := p.scope()
	alias := p.next()
	if alias.kind != name && alias.kind != str && alias.kind != word {
		return false
	}
	if _, isNumber := p.typeOf(alias); isNumber && s.level == arguments {
		p.castLeak(alias)
	}
	for p.peek().kind == name && s.level == arguments { // cast(x as double precision)
		p.next()
	}
	if p.opens() && s.level == arguments { // cast(x as char(8))
		p.next()
		return p.push(group)
	}
	if alias.key == nmSystem {
		p.add(&systemName, alias)
	}
	return s.clause == columns || s.clause == tables || s.level == arguments || p.closed > 0 || p.depth > 0 || p.lenient || p.last == subquery || p.hard > 0 && p.last == call && p.peek().kind == end ||
		p.tokens == 0 && p.quote == 0 && p.peek().key == kwWhere
}

// limit takes LIMIT, OFFSET and FETCH.
func (p *parser) limit(t token) bool {
	s := p.scope()
	if p.quote != 0 && p.hard == 0 {
		if p.peek().kind != number {
			return false
		}
		p.solid(&limitClause, t)
	}
	if p.quote == 0 && p.numbers && p.tokens == 1 && p.hard == 0 && p.cutsLimit() {
		p.solid(&limitClause, t)
	}
	fits := p.quote != 0 || p.hard > 0 || p.depth > 0 || s.clause == tables || !p.bare && p.tokens > 0 || p.sorted() || p.limitsByQuery(t) || p.analysed()
	s.clause, p.operand = rows, false
	if next := p.peek(); next.kind == name && p.hard > 0 { // FETCH NEXT 1 ROWS ONLY
		p.operand, p.lenient = true, true
	}
	return fits
}

// cutsLimit reports whether LIMIT's numbers and a comment that cuts off the rest follow.
func (p *parser) cutsLimit() bool {
	l := p.lexer
	t := l.next()
	if t.kind != number {
		return false
	}
	for t.kind == number || t.kind == comma || t.kind == word && t.key == kwLimit {
		t = l.next()
	}
	return t.kind == comment && cutsAll(p.data[t.off:])
}

// analysed reports whether LIMIT's numbers and PROCEDURE follow.
func (p *parser) analysed() bool {
	l := p.lexer
	t := l.next()
	for t.kind == number || t.kind == comma {
		t = l.next()
	}
	return t.kind == word && t.key == kwProcedure
}

// sorted reports whether a direction stands in front of LIMIT, so that the value is the
// rest of an ORDER BY.
func (p *parser) sorted() bool {
	return p.prior.kind == word && p.prior.key == kwAsc && p.peek().kind == number
}

// limitsByQuery weighs a subquery that says how many rows there are to be.
func (p *parser) limitsByQuery(t token) bool {
	l := p.lexer
	if l.next().kind != open || l.next().key != kwSelect {
		return false
	}
	l, p.lexer = p.lexer, l
	plausible := p.plausibleList() && (p.has("from") || p.peek().kind == name && p.callsNext())
	p.lexer = l
	if plausible {
		p.solid(&limitClause, t)
	}
	return plausible
}

// callsNext reports whether a function is called next.
func (p *parser) callsNext() bool {
	l := p.lexer
	l.next()
	return l.next().kind == open
}

func (p *parser) caseWord(t token) bool {
	s := p.scope()
	if s.cases == 0 {
		if p.ifHead && t.key == kwThen {
			p.operand = false
			p.lenient = true
			return true
		}
		return t.key == kwEnd && (p.lenient || p.hard > 0)
	}
	p.condition(t)
	switch t.key { //nolint:exhaustive // the words of CASE
	case kwWhen:
		s.logic, s.logicAt = true, int32(t.off)
		if p.operand && (p.last == literal || p.last == call) { // CASE 1 WHEN 1, CASE substr(k,1,1) WHEN 'a'
			s.compares, s.lhs, s.lhsAt = true, p.last, int32(p.lastTok.off)
		}
		p.operand = false
	case kwThen:
		p.operand = false
	case kwEnd:
		s.cases--
		p.last = call
	}
	return true
}

func (p *parser) into(t token) bool {
	switch target := p.next(); {
	case target.key == kwOutfile:
		if l := p.lexer; l.next().kind == name && p.quote == 0 { // a file is named in quotes; words are talk of it
			return false
		}
		p.solid(&intoFile, t)
		p.operand, p.lenient = false, true
		return true
	case target.kind == variable, target.kind == bad && p.data[target.off] == '@':
		p.solid(&intoVariable, t)
		return true
	default:
		return p.scope().clause == columns || p.lenient
	}
}

func (p *parser) procedure(t token) bool {
	if a := p.next(); a.key != kwAnalyse && !bytes.EqualFold(p.data[a.off:a.off+a.len], []byte("analyze")) {
		return false
	}
	p.solid(&procedure, t)
	return p.next().kind == open && p.push(arguments)
}

// union takes UNION [ALL] SELECT and weighs what follows.
func (p *parser) union(t token) bool {
	next := p.next()
	for next.key == kwAll && next.kind == word || next.kind == open || p.wordIs(next, "corresponding") {
		if next.kind == open && !p.push(group) {
			return false
		}
		next = p.next()
	}
	switch {
	case next.kind == word && next.key == kwSelect:
	case next.kind == word && (next.key == kwValues || next.key == kwObject && p.wordIs(next, "table") && p.peek().kind == name):
		weight := unionSelect.Weight
		if p.numbers && (p.tokens == 1 || p.last == literal) {
			weight++
		}
		p.weigh(&unionSelect, weight, t)
		p.operand, p.scope().clause = false, rows
		return true
	case next.kind == name && next.len > 6 && bytes.EqualFold(p.data[next.off:next.off+6], []byte("select")) && p.opens(): // SELECTCHAR(65), from which a filter cut something
		p.pos = next.off + 6
	case next.kind == comment && next.len == 2 && (p.quote != 0 && !p.quoted() || p.counted()): // goes on in the next parameter
		p.weighSplit(next)
		p.pos = len(p.data)
		p.operand = true
		return true
	default:
		p.operand = true
		return next.kind == end && p.quote != 0
	}
	p.weighUnion(t, next)
	if p.depth > 0 && p.scope().level == group {
		p.scope().level = query
	}
	p.beginSelect()
	return true
}

func (p *parser) weighUnion(t, next token) {
	weight := unionSelect.Weight
	plausible := p.plausibleList()
	first := p.peek()
	if p.script && first.kind != number && first.kind != sysvar && first.key != kwNull && first.key != fnInfo {
		plausible = false // the second half of a report
	}
	if plausible && (!p.bare || first.kind != name || p.tokens == 1 && p.asksTable(true)) {
		p.hard++
	} else {
		weight = 4
	}
	if p.quote == 0 && (p.tokens > 0 && !p.bare || first.kind == number || first.key == kwNull && first.kind == word) {
		weight++
	}
	p.breakout()
	p.tally.AddWeight(&unionSelect, weight, t.off, next.off+next.len-t.off)
}

// top takes TOP n of a column list.
func (p *parser) top() bool {
	if p.scope().clause != columns {
		return false
	}
	n := p.next()
	if n.kind == open {
		p.next()
		return p.next().kind == closing
	}
	return n.kind == number || n.kind == variable
}
