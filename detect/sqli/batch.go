package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// batched finds a value behind which a statement stands without a semicolon, as Transact-SQL takes it, or the rest
// of a query behind a name in brackets, and a comment that cuts off what follows: 1 use master--, k' delete l--,
// k] from l--
func batched(data []byte, best *evidence.Tally) {
	i, quote := valueEnd(data)
	cut := cutAt(data)
	if quote == ']' && cut < 0 && reopensBracket(data[i:]) {
		cut = len(data)
	}
	if i == 0 || cut <= i || bytes.IndexByte(data[i:cut], '<') == 0 {
		return
	}
	b := batch{lexer: lexer{data: data[:cut], pos: i}, closed: quote != 0}
	if quote == ']' && b.leavesColumn() || b.begins() && (b.closed || data[cut-1] != ' ' || !lex.Prose(data[:cut])) {
		one(&statement, evidence.Threshold, i, cut-i, evidence.Raw, best)
	}
}

// reopensBracket reports whether another column behind a name in brackets ends in an alias whose bracket the query
// closes: ,f() as [k
func reopensBracket(rest []byte) bool {
	before, alias, ok := bytes.Cut(rest, []byte("["))
	return ok && len(alias) > 0 && lex.WordEnd(alias, 0) == len(alias) && (lex.HasSuffix(before, ") as ") || bytes.HasSuffix(before, []byte(") ")))
}

// valueEnd returns the index behind a number, or behind what closes a string or a name in brackets and the
// parentheses and values behind it, and the mark that closes it; 0 if a value does not begin so.
func valueEnd(data []byte) (i int, quote byte) {
	if data[0] == '-' {
		i = 1
	}
	start := i
	i = lex.WordEnd(data, i)
	if i == len(data) {
		return 0, 0
	}
	switch c := data[i]; {
	case c == '\'' || c == '"' || c == ']' && i > start:
		quote = c
		i++
	case i == start || len(bytes.Trim(data[start:i], "0123456789")) > 0:
		return 0, 0
	}
	if quote != 0 && quote != ']' && i+1 < len(data) && data[i] == ',' { // the rest of a row
		end := bytes.IndexByte(data[i:min(len(data), i+maxRow)], ')')
		if end < 0 || bytes.IndexByte(data[i:i+end], ' ') >= 0 {
			return 0, 0
		}
		i += end
	}
	for i < len(data) && data[i] == ')' {
		i++
	}
	return i, quote
}

// batch reads what stands behind such a value, up to the comment.
type batch struct {
	lexer
	closed bool // a string or a name is closed in front
}

// is reports whether a token is one of some words.
func (b *batch) is(t token, words ...string) bool {
	return t.kind != end && lex.OneOf(b.data[t.off:t.off+t.len], words...)
}

// leavesColumn reports whether FROM and a table follow, or a comma and a call.
func (b *batch) leavesColumn() bool {
	l := b.lexer
	switch t := l.next(); {
	case t.key == kwFrom && t.kind == word:
		table := l.next()
		return table.kind == name || table.kind == str && table.key != cutOff
	case t.kind == comma:
		return bytes.IndexByte(b.data[t.off:], '(') > 0
	}
	return false
}

// begins reports whether a statement follows.
func (b *batch) begins() bool {
	first := b.next()
	if first.kind == semicolon {
		first = b.next()
	}
	l := b.lexer
	second, third := l.next(), l.next()
	switch {
	case first.kind != word && first.kind != name:
		return false
	case b.is(first, "delete", "insert"):
		return b.changesTable(first, second)
	case b.is(first, "select"):
		return b.selects()
	case b.is(first, "use"):
		return second.kind == name && third.kind == end && (b.closed || b.is(second, "master", "tempdb", "msdb", "model"))
	case b.is(first, "print"):
		return second.kind == str && second.key != cutOff || second.kind == sysvar
	case b.is(first, "deny", "grant", "revoke"):
		return b.passes("on") && (b.passes("to") || b.passes("from"))
	case b.is(first, "alter", "create", "drop", "truncate"):
		return isObject(second, third, l)
	case b.is(first, "exec", "execute"):
		if third.kind == dot {
			second, third = lastPart(l)
		}
		return rankExec(b.data, second, third) != noHead
	case b.is(first, "revert", "shutdown", "reconfigure"):
		return b.closed && (second.kind == end || second.kind == semicolon && third.kind == end)
	case b.is(first, "kill"):
		return second.kind == number && third.kind != name
	case b.is(first, "while", "if", "begin"):
		return b.passes("waitfor")
	case b.is(first, "waitfor"):
		return b.is(second, "delay", "time") && third.kind == str && third.key != cutOff
	case b.is(first, "declare"):
		return second.kind == variable
	case b.is(first, "backup", "bulk"):
		return b.is(second, "database", "log", "insert") && third.kind == name
	}
	return false
}

// changesTable reports whether DELETE or INSERT goes on with a table and what it has to have behind it.
func (b *batch) changesTable(verb, table token) bool {
	l := b.lexer
	l.next()
	between := table.key == kwFrom || table.key == kwInto
	if between {
		table = l.next()
	}
	if table.kind != name && (table.kind != str || table.key == cutOff) {
		return false
	}
	switch after := l.member(); after.kind { //nolint:exhaustive // what may follow
	case end, semicolon:
		return b.is(verb, "delete")
	case open:
		return true
	case word:
		return after.key == kwWhere || after.key == kwSelect || after.key == kwValues || after.key == kwExec
	}
	return false
}

// selects reports whether a table follows behind FROM, and a sign that no sentence has in front of it.
func (b *batch) selects() bool {
	from := b.pos
	if !b.passes("from") {
		return false
	}
	table := b.next()
	return (table.kind == name || table.kind == str || table.key == fnGrave) && (b.closed || bytes.ContainsAny(b.data[from:b.pos], "(*[,") || table.key != 0)
}

// passes steps behind the next place of a word, and reports whether there is one.
func (b *batch) passes(want string) bool {
	for range maxColumns {
		switch t := b.next(); {
		case t.kind == end:
			return false
		case b.is(t, want):
			return true
		}
	}
	return false
}

// blockOnly are beginnings of statements that only a block of PL/SQL has.
var blockOnly = lex.NewList("dbms_", "utl_", "htp.p", "owa_util.", "user_lock.", "raise_application_error(", "commit;", "rollback;", "null;", "execute immediate", "apex_")

// leavesBlock finds a value that closes the call of a block of PL/SQL, goes on with statements, and ends the block or
// opens another call: 1); null; end;--, k'); dbms_lock.sleep(5); l('
func leavesBlock(data []byte, best *evidence.Tally) {
	i, _ := valueEnd(data)
	if i < 2 || data[i-1] != ')' {
		return
	}
	rest := bytes.TrimLeft(data[i:], " ")
	if len(rest) == 0 || rest[0] != ';' || !endsBlock(data) && (!reopensCall(rest) || !blockOnly.In(rest)) {
		return
	}
	one(&stacked, evidence.Threshold, i, len(data)-i, evidence.Raw, best)
}

// endsBlock reports whether a value ends in END, a semicolon and a comment.
func endsBlock(data []byte) bool {
	cut := cutAt(data)
	if cut < 0 {
		return false
	}
	statement, ok := bytes.CutSuffix(bytes.TrimRight(data[:cut], " "), []byte(";"))
	return ok && lex.HasSuffix(bytes.TrimRight(statement, " "), "end") && bytes.Count(data, []byte(";")) > 1
}

// reopensCall reports whether a text ends in a call whose first argument is not closed: ; l('k
func reopensCall(rest []byte) bool {
	last := rest[bytes.LastIndexByte(rest, ';')+1:]
	last = bytes.TrimLeft(last, " ")
	n := lex.WordEnd(last, 0)
	return n > 0 && n < len(last) && last[n] == '(' && bytes.IndexByte(last, ')') < 0 && bytes.IndexByte(last, ' ') < 0
}
