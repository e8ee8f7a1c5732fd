package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// expect takes a token where an operand must begin.
func (p *parser) expect(t token) bool {
	switch t.kind {
	case number, str, variable:
		return p.constant(t)
	case sysvar:
		p.take(call, t)
		weight := systemVariable.Weight
		if p.numbers && tellingVariable(p.data[t.off+2:t.off+t.len]) || p.bare && p.depth == 0 && p.prior.kind == comma { // 2/@@version; id,@@hostname
			weight = 8
		}
		p.weigh(&systemVariable, weight, t)
		return true
	case not:
		return true
	case arith:
		return p.sign(t)
	case open:
		return p.push(group)
	case closing:
		return p.closeEmpty(t)
	case name:
		return p.name(t)
	case word:
		return p.word(t)
	case semicolon:
		return p.tokens == 0 && p.head()
	case compare:
		if c := p.data[t.off+t.len-1]; c == '~' && p.tokens > 0 { // ~~7
			return true
		}
		if p.opens() { // like(a, b) and glob(a, b) are functions too
			p.next()
			return p.push(arguments)
		}
		return p.follow(t)
	case logic, comma: // the value begins behind an operand of the query
		return p.follow(t)
	default:
		return false
	}
}

// follow lets a raw value begin with an operator.
func (p *parser) follow(t token) bool {
	if p.tokens > 0 {
		return false
	}
	p.operand, p.joins = true, true
	return p.after(t)
}

// tellingVariable reports whether a variable of the server tells what it is and where.
func tellingVariable(name []byte) bool {
	return lex.OneOf(name, "version", "hostname", "servername", "datadir", "basedir", "servicename", "language", "global.version", "version_compile_os", "identity", "rowcount", "spid", "tmpdir")
}

// opens reports whether a parenthesis comes next.
func (p *parser) opens() bool { return p.peek().kind == open }

// peek returns the next token without taking it.
func (p *parser) peek() token {
	pos, mode := p.pos, p.mode
	t := p.lexer.next()
	p.pos, p.mode = pos, mode
	return t
}

// next takes the next token, for which nobody asks again.
func (p *parser) next() token {
	if p.pos < p.ahead.end {
		if s, seen := p.ahead.at(&p.lexer); seen {
			p.pos, p.mode = s.behind, s.modeBehind
			return s.token
		}
	}
	return p.advance()
}

func (p *parser) constant(t token) bool {
	s := p.scope()
	if t.kind == str && s.logic && bytes.Count(p.data[t.off:t.off+t.len], []byte(" ")) > 1 {
		return false // a quotation
	}
	if s.clause == ordering && t.kind == number && !p.tallyHas(&orderByNumber) && p.begins() {
		weight := orderByNumber.Weight
		if p.quote == 0 && p.numbers && p.tokens <= 3 && directed(p.data[t.off+t.len:]) { // 1 order by 5, and nothing else
			weight = 8
		}
		p.weigh(&orderByNumber, weight, t)
		if p.quote == 0 && !p.bare {
			p.tally.AddWeight(&parenBreakout, 1, t.off, t.len)
		}
	}
	p.alwaysWhen(t)
	if t.kind == number && p.zeroDivisor(t) {
		p.add(&divideByZero, t)
	}
	p.take(literal, t)
	return true
}

// alwaysWhen weighs a constant that is the only condition of a CASE: case when true then
func (p *parser) alwaysWhen(t token) {
	if p.prior.key != kwWhen || p.prior.kind != word || p.tallyHas(&statement) || p.peek().key != kwThen {
		return
	}
	if lex.HasSuffix(bytes.TrimRight(p.data[:p.prior.off], " \t\r\n"), "case") {
		p.solid(&innerCompare, t)
	}
}

// directed reports whether nothing stands behind a column but its direction.
func directed(rest []byte) bool {
	rest = bytes.TrimSpace(rest)
	return len(rest) == 0 || lex.OneOf(rest, "asc", "desc")
}

// begins reports whether a number is a column of its own, and no operand of & or =.
func (p *parser) begins() bool {
	switch p.prior.kind { //nolint:exhaustive // what stands in front of a column
	case word, comma, open:
		return true
	case arith:
		return p.data[p.prior.off] == '-' || p.data[p.prior.off] == '+' || p.data[p.prior.off] == '~'
	}
	return p.prior.len == 0
}

// zeroDivisor finds 1/0.
func (p *parser) zeroDivisor(t token) bool {
	return t.off > 1 && t.len == 1 && p.data[t.off] == '0' && p.data[t.off-1] == '/' && p.scope().level != group
}

// sign takes signs and the star where an operand must begin.
func (p *parser) sign(t token) bool {
	s := p.scope()
	switch c := p.data[t.off]; c {
	case '+', '-', '~':
		return true
	case '*':
		if s.clause == columns {
			p.take(column, t)
			p.add(&selectList, t)
			return true
		}
		if s.level == arguments {
			p.take(literal, t)
			return true
		}
		return p.tokens == 0 && p.quote != 0
	case '/':
		return p.pattern(t)
	case '%', '|', '&', '^': // the value begins behind an operand of the query
		return p.tokens == 0 && t.len == 1
	default:
		if p.wordIs(t, "mod") && p.opens() && (p.tokens > 0 || p.calculates() || p.asksInside()) {
			p.next()
			return p.push(arguments)
		}
		return p.tokens > 0 && t.key == noKeyword && t.len > 5 // BINARY, COLLATE
	}
}

// maxRegexp bounds a regular expression between slashes.
const maxRegexp = 64

// pattern takes a regular expression between slashes behind the operator that matches it.
func (p *parser) pattern(t token) bool {
	if p.quote == 0 || p.prior.kind != compare || p.prior.len != 2 || p.data[p.prior.off+1] != '~' {
		return false
	}
	end := bytes.IndexByte(p.data[p.pos:min(len(p.data), p.pos+maxRegexp)], '/')
	if end < 0 {
		return false
	}
	p.pos += end + 1
	p.take(literal, token{str, 0, t.off, p.pos - t.off})
	return true
}

func (p *parser) closeEmpty(t token) bool {
	if p.depth > 0 && p.scope().level == arguments { // an empty argument list
		return p.pop(t)
	}
	return p.depth == 0 && (p.tokens == 0 || p.tokens == p.closed) && p.closeQuery(t)
}

// take notes an operand.
func (p *parser) take(c class, t token) {
	p.operand, p.last, p.lastTok, p.aliased = true, c, t, false
	if p.scope().clause == columns && c == literal {
		p.add(&selectList, t)
	}
}

// name takes an identifier: a column, or a function if a parenthesis follows.
func (p *parser) name(t token) bool {
	if p.pos < len(p.data) && endsName[p.data[p.pos]] {
		return p.identifier(t)
	}
	first := t
	follows := p.peek()
	if follows.kind == number && p.selected() && p.scope().clause == columns && (p.wordIs(t, "first") || p.wordIs(t, "skip")) { // of Firebird and Informix
		p.next()
		return true
	}
	if p.data[t.off] == '_' && t.len > 3 && (follows.kind == number || follows.kind == str) {
		return true // the character set of the constant that follows
	}
	if follows.kind == str && p.tokens > 0 && (p.isTime(t) || p.isType(t) || p.wordIs(t, "bulk") && p.tallyHas(&graveFunction)) { // date '2020-01-01', openrowset(bulk 'k'
		return true
	}
	if p.scope().level == arguments && p.leads(t, follows) {
		return true
	}
	for follows.kind == dot || follows.kind == colon { // schema.table.column, db:table
		p.next()
		t2 := p.next()
		if t2.kind == dot { // db..table
			t2 = p.next()
		}
		if t2.kind != name && t2.kind != word && (t2.kind != arith || p.data[t2.off] != '*') {
			return follows.kind == dot && t.key != 0 && t2.kind == end
		}
		if follows.kind == colon && p.wordIs(first, "system") && t2.kind == name && p.scope().clause == tables {
			t.key = nmSystem // a keyspace of Couchbase
		}
		if p.wordIs(first, "domain") && t2.kind == name && (p.wordIs(t2, "domains") || p.wordIs(t2, "columns") || p.wordIs(t2, "tables")) {
			t.key = nmSystem // the catalogue of SAP MaxDB
		}
		if t2.kind == name && t2.key != 0 && (t.key != fnGrave || t2.key == fnSleep || t2.key == fnTime) {
			t.key = t2.key
		}
		follows = p.peek()
	}
	t.len = p.pos - t.off
	if follows.kind == open {
		if p.data[t.off] == '`' && t.key == 0 { // `sleep`(5)
			t.key = quotedFunction(p.data[t.off : t.off+t.len])
		}
		return p.function(t, first)
	}
	return p.identifier(t)
}

// endsName holds bytes that begin a token right behind a name which tells nothing of it.
var endsName = func() (t [256]bool) {
	for _, c := range []byte("=<>!~^|+%,);") {
		t[c] = true
	}
	return t
}()

// identifier takes a name behind which no other and no parenthesis follows.
func (p *parser) identifier(t token) bool {
	if t.key == nmSystem && p.scope().clause != expression {
		p.solid(&systemName, t)
	}
	if t.key == nmGrave {
		p.solid(&statementGrave, t)
	}
	if p.tokens == 0 && p.quote == 0 {
		p.bare = true
	}
	p.take(column, t)
	return true
}

// quotedFunction classes the name of a function in backticks, which some databases take.
func quotedFunction(quoted []byte) keyword {
	var buf [tokenWords]byte
	w := bytes.Trim(quoted, "` ")
	if len(w) > len(buf) {
		return 0
	}
	for i, c := range w {
		buf[i] = lex.Lower(c)
	}
	return function(buf[:len(w)])
}

// leads reports whether a name is a word of a function's own in front of its operand:
// trim(leading 'k' from m), over (partition by k, xmlelement(name k.
func (p *parser) leads(t, follows token) bool {
	if p.wordIs(t, "partition") && follows.key == kwBy {
		p.next()
		return true
	}
	return (follows.kind == str || follows.kind == name) && (p.wordIs(t, "name") || p.wordIs(t, "leading") || p.wordIs(t, "trailing") || p.wordIs(t, "both"))
}

// word takes a keyword where an operand must begin.
func (p *parser) word(t token) bool {
	s := p.scope()
	switch t.key { //nolint:exhaustive // the words that begin operands
	case kwNull:
		if p.opens() { // sysdate()
			if p.listed() && lex.HasSuffix(p.data[t.off:t.off+t.len], "_user") {
				p.weigh(&infoFunction, 8, t)
			} else if (s.logic || s.clause == columns || p.tallyHas(&graveFunction)) && lex.HasSuffix(p.data[t.off:t.off+t.len], "_user") {
				p.solid(&infoFunction, t)
			}
			p.next()
			return p.push(arguments)
		}
		if s.clause == columns && lex.HasSuffix(p.data[t.off:t.off+t.len], "_user") {
			p.solid(&infoFunction, t)
		}
		p.alwaysWhen(t)
		p.take(literal, t)
		return true
	case kwSelect:
		return p.selects(t)
	case kwCase:
		if !p.hasWhen() {
			return false
		}
		s.cases++
		p.script = p.script || p.tokens == 0 && p.quote == 0
		p.solid(&caseWhen, t)
		if p.numbers && !p.bare { // 3-(case when a='b' then 1 end)
			p.add(&plainFunction, t)
		}
		return true
	case kwWhen:
		if s.cases > 0 {
			s.logic, s.logicAt = true, int32(t.off)
		}
		return s.cases > 0
	case kwExists, kwAll:
		if p.numbers && p.prior.kind == arith { // 3-exists(select 1)
			p.add(&plainFunction, t)
		}
		return true
	case kwAsc: // the value is the direction of an ORDER BY
		p.bare = p.quote == 0
		p.take(column, t)
		return p.tokens == 0
	case kwTop:
		return p.top()
	case kwEnd:
		p.operand = true
		return p.lenient || p.hard > 0 || p.tokens == 0 && (p.quote != 0 || p.peek().kind == logic)
	case kwObject, kwWith, kwBegin:
		if p.depth > 0 && p.behindParen(t) && p.enclosed(t) {
			return true
		}
	case kwJoin:
		if p.selected() && p.wordIs(t, "straight_join") || p.prior.key == kwJoin && s.clause == tables && !p.script { // CROSS JOIN
			return true
		}
	case kwFrom:
		if p.tokens == 0 && p.quote == 0 && (p.selectsNext() || p.tableNext()) { // from(select ...)x
			s.clause = tables
			return true
		}
	case kwUnion, kwOrder, kwHaving, kwWhere, kwProcedure, kwInto, kwLimit, kwAs, kwIsNull:
		p.script = p.script || p.tokens == 0 && p.quote == 0 && t.key == kwWhere
		if p.tokens == 0 || p.depth > 0 && (t.key == kwOrder || s.level != arguments && t.key == kwUnion) {
			p.operand = p.tokens == 0
			if p.clause(t) {
				return true
			}
			p.operand = false
		}
	}
	if p.tokens == 0 && p.statementHead(t) || p.lenient && p.statementHead(t) {
		return true
	}
	return p.keywordAsName(t)
}

// calculates reports whether the arguments of a function are constants, and a semicolon follows:
// mod(1,2);
func (p *parser) calculates() bool {
	l := p.lexer
	l.next()
	t := l.next()
	for t.kind == number || t.kind == comma {
		t = l.next()
	}
	return t.kind == closing && l.next().kind == semicolon
}

// selectsNext reports whether a parenthesis and SELECT come next.
func (p *parser) selectsNext() bool {
	l := p.lexer
	return l.next().kind == open && l.next().key == kwSelect
}

// tableNext reports whether a table's name and WHERE with a comparison that no name begins come next.
func (p *parser) tableNext() bool {
	l := p.lexer
	if l.next().kind != name || l.next().key != kwWhere {
		return false
	}
	t := l.next()
	return (t.kind == number || t.kind == str) && l.next().kind == compare
}

// enclosed takes a statement in parentheses that is no SELECT.
func (p *parser) enclosed(t token) bool {
	s := p.scope()
	switch t.key { //nolint:exhaustive // the three that word asks about
	case kwObject: // (table information_schema.tables)
		if p.wordIs(t, "table") && p.peek().kind == name {
			s.level, s.clause = query, tables
			p.weigh(&subselect, subselect.Weight+3*int8(btoi(lex.HasSuffix(bytes.TrimRight(p.data[:t.off], "( \t\r\n"), "exists"))), t)
			return true
		}
	case kwWith: // (with recursive k(l) as (select ...
		if s.level == group && p.peek().kind == name && p.has("select") {
			p.weigh(&subselect, 8, t)
			p.skipStatement()
			return true
		}
	case kwBegin: // 1,(begin if ...
		return s.level == group && p.statementHead(t)
	}
	return false
}

// behindParen reports whether a token stands right behind an opening parenthesis.
func (p *parser) behindParen(t token) bool {
	before := bytes.TrimRight(p.data[:t.off], " \t\r\n")
	return len(before) > 0 && before[len(before)-1] == '('
}

// hasWhen reports whether WHEN follows CASE nearby.
func (p *parser) hasWhen() bool {
	l := p.lexer
	for range maxAsked {
		t := l.next()
		if t.kind == word && t.key == kwWhen {
			return true
		}
		if t.kind == end || t.kind == comment || t.kind == semicolon {
			return false
		}
	}
	return false
}

// keywordAsName takes functions and columns that are called like keywords: left(),
// replace(), if(), WHERE limit = 1.
func (p *parser) keywordAsName(t token) bool {
	next := p.peek()
	switch {
	case next.kind == open:
		listed := p.listed()
		p.next()
		if p.tokens == 0 && p.quote == 0 && t.key != kwIf && (t.key != kwInsert || p.data[t.off+t.len] != '(' || !p.asksInside()) {
			return false
		}
		if p.scope().clause == ordering {
			p.add(&orderByCall, t)
		}
		if t.key == kwObject && (p.wordIs(t, "database") || p.wordIs(t, "schema")) {
			p.weigh(&infoFunction, infoFunction.Weight*int8(1+btoi(listed)), t)
		}
		p.ifHead = p.ifHead || p.tokens == 0 && t.key == kwIf
		return p.push(arguments)
	case p.tokens > 0 && (next.kind == compare || next.kind == dot || next.kind == comma || next.kind == closing || next.kind == end || next.kind == comment || next.kind == logic && p.data[next.off] == '|'),
		p.scope().clause == columns, p.scope().clause == tables:
		p.take(column, t)
		return true
	}
	return false
}
