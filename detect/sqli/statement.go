package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// maxEmpty bounds the empty statements in front of one.
const maxEmpty = 4

// head begins a second statement behind a semicolon.
func (p *parser) head() bool {
	t := p.next()
	for n := 0; t.kind == semicolon && n < maxEmpty && p.peek().kind == word; n++ {
		t = p.next()
	}
	p.depth, p.buried, p.scopes[0] = 0, 0, scope{}
	p.headAt = t.off
	switch t.kind {
	case end:
		p.endsQuery(t)
		p.pos = len(p.data)
		return true
	case comment:
		p.endOfStatement(t)
		return true
	case open: // ;(select ...)
		p.weighStacked(t, 1)
		return p.push(group)
	case name:
		if p.rare(t) {
			return true
		}
		if next := p.peek(); t.key == nmGrave && next.kind == str && next.key != cutOff { // ;xp_cmdshell 'id'
			p.solid(&statementGrave, t)
			p.skipStatement()
			return true
		}
		if p.quote != 0 && p.hard > 0 && p.tokens > 1 && p.endsInComment() { // ' or 1=1; RETURN 1; --
			p.skipStatement()
			return true
		}
		p.operand = false
		return p.opens() && p.name(t)
	case word:
	case logic: // ; or 1=1
		p.operand = true
		return p.tokens == 0 && p.quote == 0 && p.logic(t)
	case semicolon:
		return p.head2(t)
	default:
		return false
	}
	if t.key == kwSelect {
		if p.bare && !p.plausibleList() {
			return false
		}
		weight := stacked.Weight
		if p.numbers {
			weight += p.callsConstant()
		}
		p.beginSelect()
		p.tally.AddWeight(&statement, 4, t.off, t.len)
		p.weighStacked(t, weight)
		return true
	}
	if t.key == kwValues && p.opens() {
		p.tally.AddWeight(&statement, 4, t.off, t.len)
		p.weighStacked(t, stacked.Weight)
		p.operand, p.scope().clause = false, rows
		return true
	}
	if t.key == kwEnd {
		p.operand = true
		return p.lenient
	}
	if t.key == kwThen { // ; ELSE
		p.operand = false
		return p.lenient
	}
	if !p.statementHead(t) {
		return p.rare(t)
	}
	p.weighStacked(t, stacked.Weight)
	return true
}

// endsInComment reports whether the value ends in a comment that cuts off the rest.
func (p *parser) endsInComment() bool {
	return p.ahead.endsInComment(p.data)
}

// head2 takes one empty statement; more of them end the context.
func (p *parser) head2(token) bool {
	p.operand = true
	p.tokens++
	return p.tokens < idle
}

// endsQuery weighs a semicolon that ends a value, and so the query, behind a condition that was
// joined to the closed string.
func (p *parser) endsQuery(t token) {
	if p.quote != 0 && !p.script && p.hard > 0 && !p.quoted() && p.scopes[0].clause != tables {
		p.add(&queryEnd, token{semicolon, 0, t.off - 1, 1})
	}
}

func (p *parser) endOfStatement(t token) {
	switch {
	case p.quote != 0 && p.hard == 0 && p.tokens == p.closed:
		p.quoteComment(t)
	case p.cutsOff(t):
	case p.hard > 0 || p.quote != 0:
		p.breakout()
		p.add(&commentEnd, t)
	}
	p.pos = len(p.data)
}

func (p *parser) weighStacked(t token, weight int8) {
	p.weigh(&stacked, weight, t)
}

// graveness is what the head of a statement tells.
type graveness uint8

const (
	noHead graveness = iota
	slight           // a statement that changes nothing
	serious
	grave // that only attacks need
)

// statementHead weighs the beginning of a statement other than SELECT.
func (p *parser) statementHead(t token) bool {
	rank := p.rankHead(t)
	if rank == noHead {
		return false
	}
	p.operand = t.key != kwIf && t.key != kwBegin
	p.script = p.script || p.quote == 0 && p.tokens == 0 && rank != grave && (t.key == kwWith || !p.stacks(t))
	switch {
	case rank == grave:
		p.solid(&statementGrave, t)
	case t.key == kwBegin:
		p.lenient = true
		p.breakout()
		return true
	case rank == slight:
		p.breakout()
		p.tally.AddWeight(&statement, 4, t.off, t.len)
	case p.bareQuote(t): // "create table" in somebody's code
		p.add(&statement, t)
	case t.key == kwExec:
		p.solid(&callStatement, t)
	case p.quote != 0 || t.off > 0:
		p.solid(&statement, t)
	default:
		p.add(&statement, t)
	}
	if t.key == kwIf {
		p.ifHead = true
		return true
	}
	p.skipStatement()
	return true
}

// bareQuote reports whether a statement stands right behind a quote, as in the source
// of programs. What Transact-SQL would run there needs more evidence.
func (p *parser) bareQuote(t token) bool {
	return p.quote != 0 && p.tokens == 0 && !p.stacks(t) && !p.continues()
}

// continues reports whether the value begins with the end of a comment, as the second part
// of a statement does that two parameters share.
func (p *parser) continues() bool { return p.quote == '*' && p.start == 2 }

// rankHead says what statement begins at a word.
func (p *parser) rankHead(t token) graveness {
	l := p.lexer
	second := l.next()
	rest := l
	third := l.next()
	shifted := p.quote != 0 || t.off > 0
	var ok bool
	rank := serious
	switch t.key {
	case kwInsert:
		if second.kind == name && third.key == kwInto { // INSERT IGNORE INTO
			second, third = third, l.next()
		}
		ok = second.key == kwInto && second.kind == word && (third.kind == name || third.kind == word && shifted) || p.stacks(t) && second.kind == name && (third.kind == open || third.key == kwValues) && p.has("values")
	case kwUpdate:
		if second.kind == logic { // UPDATE OR IGNORE
			second, rest = l.next(), l
		}
		ok = p.namesTable(second) && isUpdate(rest, p.cut)
	case kwDelete:
		ok = second.key == kwFrom && second.kind == word && (third.kind == name || third.kind == str) || p.behindValue(t) && second.kind == name && third.kind == word && (third.key == kwWhere || third.key == kwFrom && p.wordIs(l.next(), string(p.data[second.off:second.off+second.len])))
	case kwDrop:
		ok = isObject(second, third, l) || p.wordIs(t, "truncate") && p.behindValue(t) && second.kind == name && (third.kind == end || third.kind == comment) || p.wordIs(second, "system") && third.kind == word && third.key == kwSet
	case kwExec:
		if second.key == kwAs && (p.wordIs(third, "user") || p.wordIs(third, "login") || p.wordIs(third, "owner")) && p.stacks(t) {
			return serious
		}
		if p.lenient && second.kind == name && (third.kind == end || third.kind == comment) { // EXECUTE of a prepared statement
			return slight
		}
		if third.kind == dot {
			second, third = lastPart(l)
		}
		rank = rankExec(p.data, second, third)
		ok = rank != noHead
	case kwDeclare:
		ok, rank = second.kind == variable && second.len > 1 || second.kind == name && typeName(p.data[third.off:third.off+third.len]) && shifted, grave
	case kwWaitfor:
		ok, rank = second.key == kwDelay && (third.kind == str || third.kind == variable), grave
	case kwShutdown:
		ok = shifted && (second.kind == end || second.kind == comment || second.kind == semicolon || second.kind == word)
	case kwSet:
		ok = second.kind == variable || second.kind == sysvar || shifted && (second.kind == name && third.kind == compare || p.wordIs(second, "global") && p.behindValue(t) && third.kind == name && l.next().kind == compare || p.wordIs(second, "role") && third.kind == name && l.next().kind != name || p.wordIs(second, "password") && p.behindValue(t) && third.kind == word && third.key == kwFor)
	case kwGrant:
		ok = third.key == kwOn && third.kind == word || shifted && second.kind == name && (p.wordIs(third, "to") || third.kind == word && third.key == kwFrom || third.kind == comma)
	case kwBegin:
		if second.kind == not && p.wordIs(third, "atomic") && shifted { // of MariaDB
			return grave
		}
		ok = p.hard > 0 || shifted || second.kind == word && (second.key == kwIf || second.key == kwExec && p.wordIs(third, "immediate")) || second.kind == name && third.kind == dot
	case kwIf:
		ok = (second.kind == open || second.kind == not || second.key == kwExists && second.kind == word || p.stacks(t) && p.has("waitfor")) && (shifted || p.lenient)
		rank = slight
	case kwWith:
		ok = second.kind == name && third.key == kwAs && l.next().kind == open
	default:
		ok, rank = p.rankRare(t, second, third, l.next(), shifted)
	}
	if ok && p.bareQuote(t) && rank != grave && (p.quote == '"' || p.quoted()) { // a program's own statement in its quotes
		return noHead
	}
	if ok && p.quote == '`' && rank != grave && !p.stacks(t) { // Markdown: `CREATE TABLE` makes a table
		return noHead
	}
	if !ok || rank == slight && t.key != kwIf && !p.stacks(t) {
		return noHead
	}
	return rank
}

// typeName reports whether a word is a type, or CURSOR, behind a declared name.
func typeName(w []byte) bool {
	for _, t := range [...]string{"int", "integer", "varchar", "varchar2", "nvarchar", "char", "text", "number", "numeric", "cursor", "table", "record", "boolean", "date", "clob", "bigint", "xml", "exception"} {
		if bytes.EqualFold(w, []byte(t)) {
			return true
		}
	}
	return false
}

// rankRare ranks the heads of rarer statements.
func (p *parser) rankRare(t, second, third, fourth token, shifted bool) (ok bool, rank graveness) {
	rank = serious
	switch t.key { //nolint:exhaustive // the heads of statements
	case kwCopy:
		ok = second.kind == open || second.kind == name && (third.kind == word && third.key == kwFrom || p.wordIs(third, "to") || third.kind == open)
		if ok && p.has("program") {
			rank = grave
		}
	case kwHandler:
		ok = second.kind == name && (p.wordIs(third, "open") || p.wordIs(third, "read"))
	case kwLoad:
		ok, rank = p.wordIs(second, "data") && (p.wordIs(third, "infile") && fourth.kind != name || p.wordIs(third, "local")), grave
	case kwShow:
		if second.kind == word && second.key == kwSelect && p.wordIs(t, "explain") && third.kind != name {
			return shifted, slight
		}
		if second.kind == name && p.wordIs(t, "show") && p.behindValue(t) && (third.kind == end || third.kind == comment) && lex.OneOf(p.data[second.off:second.off+second.len], "databases", "tables", "schemas", "grants", "processlist", "variables") {
			return true, serious
		}
		ok, rank = shifted && (second.kind == name || second.kind == word) && (third.kind == end || third.kind == comment || third.kind == semicolon || third.kind == word), slight
	case kwOther:
		if second.kind == word && (p.wordIs(t, "merge") && second.key == kwInto || p.wordIs(t, "lock") && second.key == kwObject) {
			return shifted, serious
		}
		if p.wordIs(t, "runscript") && second.key == kwFrom && third.kind == str || p.wordIs(t, "unload") && second.kind == open && third.kind == str || p.wordIs(t, "install") && p.behindValue(t) && second.kind == name && third.kind != name && p.has("load") {
			return shifted, grave
		}
		if p.wordIs(t, "prepare") && second.kind == name && third.key == kwFrom {
			if fourth.kind == variable {
				return true, grave
			}
			return shifted, serious
		}
		if p.wordIs(t, "pragma") && second.kind == name && (third.kind == compare || third.kind == open) {
			return shifted, serious
		}
		ok = shifted && (second.kind == name && (third.kind != name || p.quote != 0) || second.kind == word || second.kind == str || second.kind == end || second.kind == comment || second.kind == open || p.wordIs(t, "kill") && second.kind == number && p.endsBehind(second))
		switch rank = slight; {
		case p.wordIs(t, "do"):
			if ok && second.kind != end && p.data[second.off] == '$' { // a block of PostgreSQL
				return true, grave
			}
			if ok && second.kind == str && lex.HasPrefix(bytes.TrimLeft(p.data[second.off+1:], " "), "begin ") {
				return true, grave
			}
			ok = ok && second.kind == name && third.kind == open
		case p.wordIs(t, "backup") && second.key == kwObject && p.backsUp():
			ok, rank = true, grave
		case (p.wordIs(t, "attach") || p.wordIs(t, "backup") || p.wordIs(t, "restore")) && second.key == kwObject:
			rank = serious
		}
	}
	return ok, rank
}

// backsUp reports whether BACKUP DATABASE a TO DISK = follows.
func (p *parser) backsUp() bool {
	l := p.lexer
	l.next() // DATABASE
	if l.next().kind != name || !p.wordIs(l.next(), "to") {
		return false
	}
	return l.next().kind == name && l.next().kind == compare
}

// stacks reports whether a semicolon stands before a token.
func (p *parser) stacks(t token) bool {
	return p.headAt > 0 && p.headAt == t.off || lastByte(p.data[:t.off]) == ';'
}

// behindValue reports whether a semicolon stands before a token, and a number or a closed string
// at the beginning: no words of a list.
func (p *parser) behindValue(t token) bool { return (p.quote != 0 || p.numbers) && p.stacks(t) }

// isUpdate looks for SET name = behind a table's name.
func isUpdate(l lexer, cut bool) bool {
	for range 6 {
		t := l.next()
		if t.kind == word && t.key == kwSet {
			t = l.next()
			if t.kind == open { // SET (k, l) = (
				return l.next().len > 1 && l.next().kind != name
			}
			for t.kind == name && l.data[t.off] != 0 {
				if t = l.next(); t.kind == dot {
					t = l.next()
					continue
				}
				return t.kind == compare || cut && t.kind == end
			}
			return t.kind == word || t.kind == variable
		}
		if t.kind != name && t.kind != dot && t.kind != comma && t.key != kwAs {
			return false
		}
	}
	return false
}

// isObject looks for the object of DROP, CREATE and their kin: CREATE [OR REPLACE]
// [TEMPORARY] TABLE name.
func isObject(second, third token, l lexer) bool {
	if second.kind == logic { // CREATE OR REPLACE
		second, third = l.next(), l.next()
	}
	if second.kind == name && (third.kind == name || third.kind == word) && lex.OneOf(l.data[second.off:second.off+second.len], "alias", "assembly", "macro") { // a function in another language
		if after := l.next(); after.key == kwAs || after.key == kwFrom {
			return true
		}
	}
	if second.kind == name && third.kind == word && third.key == kwObject && second.key == 0 {
		second, third = third, l.next()
	}
	if second.kind == word && second.key == kwObject || second.kind == name && second.key == fnInfo || second.kind == word && second.key == kwProcedure {
		if third.kind == word && third.key == kwIf { // IF EXISTS
			l.next()
			third = l.next()
		}
		after := l.next()
		return third.kind == name || third.kind == str || third.kind == word && after.kind != word || third.kind == variable
	}
	return false
}

// lastPart returns the last name of master..xp_cmdshell and what follows it.
func lastPart(l lexer) (last, after token) {
	for range 6 {
		t := l.next()
		if t.kind == name {
			last = t
		} else if t.kind != dot {
			return last, t
		}
	}
	return last, after
}

// rankExec weighs EXEC and CALL by what they run.
func rankExec(data []byte, second, third token) graveness {
	w := unquoted(data[second.off : second.off+second.len])
	named := second.kind == name || second.kind == str && second.key != cutOff && data[second.off] == '"'
	switch {
	case second.kind == name && second.key != nmGrave && lex.PrefixLength(w, []string{"sp_help", "sp_who", "sp_spaceused", "sp_columns", "sp_tables"}) > 0: // as people ask
		return serious
	case second.kind == open && third.kind == str && concatenated(data[third.off+third.len:]):
		return grave
	case second.kind == variable, second.key == nmGrave,
		named && len(w) > 4 && (bytes.EqualFold(w[:3], []byte("xp_")) || bytes.EqualFold(w[:3], []byte("sp_"))),
		second.kind == open && third.kind == variable,
		second.kind == name && bytes.EqualFold(w, []byte("immediate")):
		return grave
	case second.kind == open, second.kind == name && third.kind == open:
		return serious
	}
	return noHead
}

// concatenated reports whether || stands next, which puts the text of a statement together.
func concatenated(rest []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(rest, " "), []byte("||")) }

func (p *parser) wordIs(t token, want string) bool {
	return t.kind != end && bytes.EqualFold(p.data[t.off:t.off+t.len], []byte(want))
}

// has reports whether a word is among the next tokens.
func (p *parser) has(want string) bool {
	l := p.lexer
	for range 16 {
		t := l.next()
		if t.kind == end || t.kind == comment {
			return false
		}
		if p.wordIs(t, want) {
			return true
		}
	}
	return false
}

// skipStatement passes over the rest of a recognised statement up to a semicolon,
// a comment or the end, looking for functions on the way.
func (p *parser) skipStatement() {
	for range maxTokens {
		at := p.lexer
		t := p.next()
		if t.kind == end || t.kind == semicolon || t.kind == comment {
			p.lexer = at
			break
		}
		switch t.key { //nolint:exhaustive // what is worth noting
		case fnTime, fnSleep:
			if p.opens() {
				p.solid(&timeFunction, t)
			}
		case nmGrave:
			p.solid(&statementGrave, t)
		case fnGrave:
			p.solid(&graveFunction, t)
		case nmSystem:
			p.add(&systemName, t)
		}
	}
	p.operand, p.last, p.lenient = true, none, true
}
