package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
)

// class is what an operand is.
type class uint8

const (
	none     class = iota
	literal        // number, string, NULL, and arithmetic of them
	column         // a name
	call           // a function, a system variable
	subquery       // (SELECT ...)
)

// frame is an open parenthesis.
type frame struct {
	isCall, isSelect bool
	inSelect         bool // clause state outside, restored when it closes
	lhs              class
	logic, compared  bool
}

const maxFrames = 32

// parser reads one context with a two-state automaton: it expects an operand, or
// has one and expects what may follow it.
type parser struct {
	lexer
	tally  evidence.Tally
	quote  byte // that was closed before the context, 0 for none
	start  int
	tokens int

	operand bool  // an operand has been read
	last    class // of the operand
	lhs     class // of a comparison's left side
	logic   bool  // AND or OR stands before
	logicAt int
	cmpOpen bool // a comparison waits for its right side

	inSelect  bool // the column list of a SELECT
	afterFrom bool
	orderBy   bool
	hard      int // evidence that is more than words
	statement bool
	words     int // operands that are bare names at the start
	frames    [maxFrames]frame
	depth     int
}

// run reads tokens until the value ends or stops being SQL.
func (p *parser) run() {
	for ; p.tokens < maxTokens; p.tokens++ {
		t := p.next()
		if p.commented && t.kind != comment && t.kind != end && p.tokens > 0 && !p.tallyHas(&commentSpace) && p.hard > 0 {
			p.add(&commentSpace, t)
		}
		if p.version && !p.tallyHas(&versioned) && p.tokens > 0 {
			p.add(&versioned, t)
		}
		switch {
		case t.kind == end:
			p.finish(t)
			return
		case t.kind == comment:
			p.commentEnd(t)
			return
		case t.kind == str && t.key == cutOff:
			p.cutOffString(t)
			return
		}
		take := p.expect
		if p.operand {
			take = p.after
		}
		if !take(t) {
			p.fail()
			return
		}
	}
}

func (p *parser) tallyHas(s *evidence.Sign) bool { return p.tally.Count(s.Stamp) > 0 }

func (p *parser) add(s *evidence.Sign, t token) { p.tally.Add(s, t.off, t.len) }

// solid adds a sign that is more than a word.
func (p *parser) solid(s *evidence.Sign, t token) {
	p.hard++
	p.add(s, t)
}

// fail ends a context at a token that cannot stand there: decisive evidence stays,
// the rest is worth little.
func (p *parser) fail() {
	if p.tally.Score() < 11 {
		p.tally.Cap(5)
	}
}

// finish ends a context whose value ended.
func (p *parser) finish(t token) {
	p.comparison(t)
	if p.quote != 0 && p.hard == 0 {
		p.tally.Cap(5)
	}
	p.plainCap()
}

// plainCap keeps a plain statement gray: search boxes of developers' sites carry
// SELECT * FROM users.
func (p *parser) plainCap() {
	if p.quote == 0 && p.hard == 0 {
		p.tally.Cap(7)
	}
}

// commentEnd ends a context at a comment that swallows the rest.
func (p *parser) commentEnd(t token) {
	p.comparison(t)
	switch {
	case p.quote != 0 && p.tokens == 0:
		weight := int8(5)
		prefix := p.start - 1
		for i := range prefix {
			if p.data[i] == ' ' {
				weight = 2
			}
		}
		if p.data[t.off] == '#' && t.len > 1 || t.len > 4 && p.data[t.off] == '-' && p.data[t.off+2] != ' ' {
			weight = 1
		}
		p.tally.AddWeight(&quoteComment, weight, t.off, t.len)
		if weight == 5 {
			p.tally.AddWeight(&breakout, 3, p.start-1, 1)
		}
	case p.tally.Score() > 0 || p.hard > 0:
		p.breakout()
		p.add(&commentEnd, t)
	}
	if p.hard == 0 && p.tokens > 0 {
		p.tally.Cap(7)
	}
	p.plainCap()
}

// breakout notes that the closed quote was used.
func (p *parser) breakout() {
	if p.quote != 0 && !p.tallyHas(&breakout) {
		p.tally.Add(&breakout, p.start-1, 1)
	}
}

// cutOffString ends a context at a string without end: with the context's own quote
// it is the query's own closing quote that will end it.
func (p *parser) cutOffString(t token) {
	if p.operand {
		p.fail()
		return
	}
	p.operand, p.last = true, literal
	p.comparison(t)
	if p.quote != 0 && p.data[t.off] == p.quote && p.hard > 0 {
		p.add(&reopened, t)
	}
	p.plainCap()
	if p.hard == 0 {
		p.tally.Cap(5)
	}
}

// expect takes a token where an operand must begin.
func (p *parser) expect(t token) bool {
	switch t.kind {
	case number, str, variable:
		if t.kind == str && p.logic && bytes.Count(p.data[t.off:t.off+t.len], []byte(" ")) > 1 {
			return false // a quotation
		}
		p.take(literal, t)
		if p.orderBy && t.kind == number {
			p.solid(&orderByNumber, t)
			p.orderBy = false
		}
		return true
	case sysvar:
		p.take(call, t)
		p.solid(&infoFunction, t)
		return true
	case not:
		return true
	case arith:
		return p.sign(t)
	case open:
		return p.push(false)
	case closing: // an empty argument list, or the query's own parenthesis
		if p.depth > 0 && p.frames[p.depth-1].isCall {
			p.pop(t)
			return true
		}
		if p.depth == 0 && p.tokens == 0 {
			p.operand, p.last = true, none
			p.add(&parenBreakout, t)
			return true
		}
		return false
	case name:
		return p.name(t)
	case word:
		return p.word(t)
	case semicolon:
		return p.tokens == 0 && p.head()
	case logic, compare: // the value begins behind an operand of the query
		return p.tokens == 0 && p.follow(t)
	default:
		return false
	}
}

// follow lets a raw value begin with an operator.
func (p *parser) follow(t token) bool {
	p.operand = true
	return p.after(t)
}

// sign takes signs and the star where an operand must begin.
func (p *parser) sign(t token) bool {
	switch c := p.data[t.off]; c {
	case '+', '-', '~':
		return true
	case '*':
		if p.inSelect {
			p.take(column, t)
			p.add(&selectList, t)
			return true
		}
		return p.depth > 0 && p.frames[p.depth-1].isCall && p.takeStar(t)
	default:
		return false
	}
}

func (p *parser) takeStar(t token) bool {
	p.take(literal, t)
	return true
}

// take notes an operand.
func (p *parser) take(c class, t token) {
	p.operand, p.last = true, c
	if p.inSelect && c == literal && !p.afterFrom {
		p.add(&selectList, t)
	}
}

// name takes an identifier: a column, or a function if a parenthesis follows.
func (p *parser) name(t token) bool {
	after := p.lexer
	follows := after.next()
	isCall := follows.kind == open
	for follows.kind == dot { // schema.table.column
		p.lexer = after
		t2 := p.next()
		if t2.kind != name && t2.kind != word && (t2.kind != arith || p.data[t2.off] != '*') {
			return false
		}
		if t2.key == nmSystem || t2.key == fnGrave || t2.key == fnTime || t2.key == nmGrave {
			t.key = t2.key
		}
		after = p.lexer
		follows = after.next()
		isCall = follows.kind == open
	}
	switch {
	case t.key == nmSystem && (p.afterFrom || p.inSelect):
		p.solid(&systemName, t)
	case t.key == nmGrave:
		p.solid(&statementGrave, t)
	case isCall && t.key == fnTime:
		p.solid(&timeFunction, t)
	case isCall && t.key == fnGrave:
		p.solid(&graveFunction, t)
	case isCall && t.key == fnInfo && (p.logic || p.inSelect || p.depth > 0 || p.quote != 0):
		p.solid(&infoFunction, t)
	case isCall && p.tokens == 0 && p.quote == 0 && t.key == 0:
		return false // f(x) alone is code or prose
	}
	if isCall {
		p.next()
		p.operand, p.last = false, call
		return p.push(true)
	}
	if p.tokens == 0 && p.quote == 0 {
		p.words++
	}
	p.take(column, t)
	return true
}

// word takes a keyword where an operand must begin.
func (p *parser) word(t token) bool {
	switch t.key {
	case kwNull:
		p.take(literal, t)
		return true
	case kwSelect:
		if p.depth > 0 {
			p.frames[p.depth-1].isSelect = true
			p.beginSelect()
			return true
		}
		return p.tokens == 0 && p.plainSelect()
	case kwCase:
		p.solid(&caseWhen, t)
		return true
	case kwExists, kwAll, kwLimit, kwIn:
		return true
	case kwIf:
		p.operand = false
		return true
	case kwWhen:
		return p.tallyHas(&caseWhen)
	case kwUnion, kwOrder, kwHaving, kwWhere, kwProcedure, kwInto:
		return p.tokens == 0 && p.clause(t)
	case kwObject:
		p.take(column, t)
		return p.afterFrom || p.inSelect
	default:
		return p.tokens == 0 && p.statementHead(t)
	}
}

// plainSelect reads a value that is a query of its own.
func (p *parser) plainSelect() bool {
	p.tally.AddWeight(&statement, 3, 0, len("select"))
	p.beginSelect()
	return true
}

func (p *parser) beginSelect() {
	p.inSelect, p.afterFrom, p.operand = true, false, false
	p.logic, p.cmpOpen = false, false
}

// after takes a token behind an operand.
func (p *parser) after(t token) bool {
	switch t.kind {
	case logic:
		p.comparison(t)
		p.logic, p.logicAt, p.operand = true, t.off, false
		p.lhs, p.cmpOpen = none, false
		if p.quote != 0 {
			p.breakoutBy(t)
		}
		return true
	case compare:
		return p.compareWith(t)
	case arith:
		p.operand = false
		return p.data[t.off] != '*' || p.words <= 0 || p.hard != 0
	case not: // NOT LIKE, NOT IN
		return true
	case comma:
		p.comparison(t)
		p.operand, p.logic = false, false
		return p.inSelect || p.depth > 0 || p.afterFrom || p.orderBy || p.statement || p.quote != 0 && p.hard > 0 || p.tally.Count(orderByNumber.Stamp) > 0
	case open: // IN (, VALUES (
		return p.push(false)
	case closing:
		p.comparison(t)
		return p.pop(t)
	case semicolon:
		p.comparison(t)
		return p.head()
	case word:
		return p.clause(t)
	case name:
		return p.alias(t)
	default:
		return false
	}
}

// breakoutBy notes the closed quote when an operator follows it.
func (p *parser) breakoutBy(t token) {
	if p.tokens == 0 || p.tally.N == 0 {
		p.tally.Add(&breakout, p.start-1, t.off+t.len-p.start+1)
	}
}

func (p *parser) compareWith(t token) bool {
	if p.cmpOpen {
		p.comparison(t)
	}
	p.lhs, p.cmpOpen = p.last, true
	p.operand = false
	if t.key == kwIn && p.booleanMode() {
		p.cmpOpen, p.operand, p.last = false, true, none
		return true
	}
	if t.key == kwIs || t.key == kwBetween || t.key == kwIn || t.key == kwLike {
		p.cmpOpen = t.key == kwLike
		if p.logic && !p.cmpOpen {
			p.solid(&between, t)
			p.logic = false
		}
	}
	return true
}

// booleanMode takes the rest of IN BOOLEAN MODE, which full-text searches end with.
func (p *parser) booleanMode() bool {
	after := p.lexer
	for _, want := range [...]string{"boolean", "mode"} {
		t := after.next()
		if t.len != len(want) || string(lowered(after.data[t.off:t.off+t.len])) != want {
			return false
		}
	}
	p.lexer = after
	return true
}

// lowered returns a short word in lower case.
func lowered(b []byte) []byte {
	var buf [8]byte
	w := append(buf[:0], b[:min(len(b), len(buf))]...)
	for i := range w {
		w[i] |= 0x20
	}
	return w
}

// comparison weighs what stands since AND or OR.
func (p *parser) comparison(t token) {
	if !p.logic || !p.operand {
		p.cmpOpen = p.cmpOpen && !p.operand
		return
	}
	span := token{compare, 0, p.logicAt, max(1, t.off-p.logicAt)}
	switch {
	case !p.cmpOpen && p.last == literal && (t.kind == end || t.kind == comment || t.kind == str):
		p.hard += int(btoi(p.quote != 0))
		p.add(&logicConstant, span)
	case !p.cmpOpen && (p.last == call || p.last == subquery):
		p.solid(&callCompare, span)
	case !p.cmpOpen:
	case p.lhs == literal && p.last == literal:
		weight := constCompare.Weight
		if p.quote == 0 {
			weight++
		}
		p.hard++
		p.tally.AddWeight(&constCompare, weight, span.off, span.len)
	case p.lhs == call || p.lhs == subquery || p.last == call || p.last == subquery:
		p.solid(&callCompare, span)
	default:
		p.hard += int(btoi(p.quote != 0 && p.last == literal))
		p.add(&nameCompare, span)
	}
	p.logic, p.cmpOpen = false, false
}

func btoi(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// alias takes a name behind an operand: a table's or a column's alias.
func (p *parser) alias(t token) bool {
	if t.key == nmSystem && p.afterFrom {
		p.solid(&systemName, t)
	}
	if t.key == kwDelay {
		return p.statement
	}
	return (p.inSelect || p.afterFrom) && (p.hard > 0 || p.depth > 0) || p.statement && p.hard > 0
}

// clause takes a keyword behind an operand.
func (p *parser) clause(t token) bool {
	p.comparison(t)
	switch t.key {
	case kwUnion:
		return p.union(t)
	case kwFrom:
		if !p.inSelect && p.depth == 0 && !p.statement {
			return false
		}
		p.add(&fromClause, t)
		p.afterFrom, p.inSelect, p.operand = true, false, false
		return true
	case kwWhere, kwOn, kwJoin:
		p.logic, p.logicAt, p.operand = true, t.off, false
		return p.afterFrom || p.statement || p.words == 0
	case kwAs:
		alias := p.next()
		return (alias.kind == name || alias.kind == str) && (p.inSelect || p.afterFrom || p.tallyHas(&parenBreakout) || p.depth > 0)
	case kwHaving:
		p.add(&having, t)
		p.logic, p.logicAt, p.operand = true, t.off, false
		return true
	case kwOrder:
		if by := p.next(); by.key != kwBy {
			return false
		}
		p.orderBy, p.operand = true, false
		return true
	case kwLimit, kwWhen, kwValues, kwSet:
		p.operand = false
		return p.afterFrom || p.depth > 0 || p.hard > 0 || p.statement || t.key == kwLimit || p.inSelect || p.tallyHas(&caseWhen)
	case kwAsc, kwEnd:
		return true
	case kwInto:
		if file := p.next(); file.key == kwOutfile {
			p.solid(&intoFile, t)
			p.operand = false
			return true
		}
		return p.inSelect
	case kwProcedure:
		if a := p.next(); a.key == kwAnalyse {
			p.solid(&procedure, t)
			return p.next().kind == open && p.push(true)
		}
		return false
	case kwNull:
		return p.inSelect || p.afterFrom
	default:
		return p.quote != 0 && p.statementHead(t) || p.hard > 0 && p.statementHead(t)
	}
}

// union takes UNION [ALL] SELECT and weighs what follows.
func (p *parser) union(t token) bool {
	next := p.next()
	for next.key == kwAll || next.kind == open {
		if next.kind == open && !p.push(false) {
			return false
		}
		next = p.next()
	}
	if next.kind == word && next.key == kwValues {
		p.solid(&unionSelect, t)
		p.operand = false
		return true
	}
	if next.key != kwSelect {
		return next.kind == end && p.quote != 0
	}
	weight := unionSelect.Weight
	after := p.lexer
	first := after.next()
	second := after.next()
	plausible := first.kind == number || first.kind == str || first.key == kwNull && first.kind == word || first.kind == arith || first.kind == open ||
		first.kind == sysvar || first.kind == variable || second.kind == open || second.kind == comma || first.kind == end || first.kind == comment ||
		first.kind == name && second.kind == word && second.key == kwFrom || first.key == kwAll && first.kind == word
	switch {
	case p.words > 0 && !plausible:
		return false
	case plausible && (p.words == 0 || first.kind != name):
		p.hard++
	default:
		weight = 4
	}
	if p.quote == 0 && (p.tokens > 0 || first.kind == number) {
		weight++
	}
	p.breakout()
	p.tally.AddWeight(&unionSelect, weight, t.off, next.off+next.len-t.off)
	p.beginSelect()
	return true
}

// head begins a second statement behind a semicolon.
func (p *parser) head() bool {
	t := p.next()
	switch t.kind {
	case end:
		p.pos = len(p.data)
		return true
	case comment:
		p.breakout()
		if p.hard > 0 || p.quote != 0 {
			p.add(&commentEnd, t)
		}
		p.pos = len(p.data)
		return true
	case word:
	default:
		return false
	}
	before := p.tally.Score()
	if t.key == kwSelect {
		p.beginSelect()
		p.tally.AddWeight(&statement, 4, t.off, t.len)
	} else if !p.statementHead(t) {
		return false
	}
	if p.tally.Score() > before {
		p.breakout()
		p.hard++
		p.add(&stacked, t)
	}
	return true
}

// statementHead weighs the beginning of a statement other than SELECT.
func (p *parser) statementHead(t token) bool {
	after := p.lexer
	second := after.next()
	third := after.next()
	graver := false
	ok := false
	switch t.key { //nolint:exhaustive // the heads of statements
	case kwInsert:
		ok = second.key == kwInto && third.kind == name
	case kwUpdate:
		fourth := after.next()
		ok = second.kind == name && third.key == kwSet && fourth.kind == name
	case kwDelete:
		ok = second.key == kwFrom && (third.kind == name || third.kind == str)
	case kwDrop:
		if second.kind == logic { // CREATE OR REPLACE
			after.next()
			second, third = after.next(), token{kind: name}
		}
		ok = second.key == kwObject && second.kind == word && (third.kind == name || third.kind == word || third.kind == str) || second.kind == name && second.key == fnInfo && third.kind == name
	case kwExec:
		graver = second.key == nmGrave || second.kind == variable || second.kind == open || second.kind == name && third.kind == dot
		ok = graver
	case kwDeclare:
		graver = second.kind == variable
		ok = graver
	case kwWaitfor:
		graver = second.key == kwDelay && (third.kind == str || third.kind == variable)
		ok = graver
	case kwShutdown:
		ok = second.kind == end || second.kind == comment || second.kind == semicolon
	case kwSet:
		ok = second.kind == variable || second.kind == sysvar
	case kwGrant:
		ok = third.key == kwOn || second.kind == name && third.kind == word
	case kwBegin:
		p.operand = false
		return p.hard > 0 || p.quote != 0
	case kwIf:
		ok = second.kind == open
	case kwMerge:
		ok = second.kind == name && p.quote != 0
	}
	if !ok {
		return false
	}
	p.statement, p.operand = true, t.key != kwIf
	p.breakout()
	switch {
	case graver:
		p.solid(&statementGrave, t)
		p.operand = false
	case p.quote != 0 || t.off > 0:
		p.solid(&statement, t)
	default:
		p.add(&statement, t)
	}
	p.skipStatement(t.key)
	return true
}

// skipStatement passes over the rest of a recognised statement up to a semicolon,
// a comment or the end, looking for functions on the way.
func (p *parser) skipStatement(key keyword) {
	if key == kwIf {
		return
	}
	for range maxTokens {
		at := p.lexer
		t := p.next()
		if t.kind == end || t.kind == semicolon || t.kind == comment {
			p.lexer = at
			break
		}
		switch t.key { //nolint:exhaustive // what is worth noting
		case fnTime:
			p.solid(&timeFunction, t)
		case nmGrave:
			p.solid(&statementGrave, t)
		}
	}
	p.operand, p.last = true, none
}

func (p *parser) push(isCall bool) bool {
	if p.depth == maxFrames {
		return false
	}
	p.frames[p.depth] = frame{isCall: isCall, inSelect: p.inSelect, lhs: p.lhs, logic: p.logic, compared: p.cmpOpen}
	p.depth++
	p.operand = false
	p.inSelect = false
	if !isCall {
		p.cmpOpen = false
	}
	return true
}

// pop closes a parenthesis; one that the value did not open is the query's own.
func (p *parser) pop(t token) bool {
	if p.depth == 0 {
		p.add(&parenBreakout, t)
		p.operand, p.last = true, none
		return p.quote != 0 || p.tokens <= 3
	}
	p.depth--
	f := p.frames[p.depth]
	inner := p.last
	p.inSelect, p.lhs, p.cmpOpen, p.operand = f.inSelect, f.lhs, f.compared, true
	p.logic = f.logic || p.logic
	switch {
	case f.isSelect:
		p.last = subquery
		p.solid(&subselect, t)
	case f.isCall:
		p.last = call
	default:
		p.last = inner
	}
	p.afterFrom = p.afterFrom && !f.isSelect
	return true
}
