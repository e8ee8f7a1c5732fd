package sqli

import (
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxRowValues bounds the values of a row that are read.
const maxRowValues = 64

// row reads a value that begins within a number or a string of a row or of an assignment, goes on with others and cuts
// off the rest of the statement: 5, 1)-- -, k"), is_admin=1--, 5) returning pin--
func (r *reader) row() {
	l, _, ok := r.behindOperand()
	if !ok {
		return
	}
	leaves := false
	after := l.next()
	for after.kind == closing {
		after = l.next()
	}
	for n := 0; after.kind == comma; n++ {
		t := l.next()
		if after = l.next(); t.kind == name && after.kind == compare && after.len == 1 && r.data[after.off] == '=' {
			leaves = true
			t, after = l.next(), l.next()
		}
		switch {
		case n == maxRowValues:
			return
		case t.kind == name && after.kind == open:
			l.passCall()
			after = l.next()
		case t.kind != number && t.kind != str && !lex.OneOf(r.data[t.off:t.off+t.len], "null", "true", "false", "default"):
			return
		}
	}
	for after.kind == closing {
		leaves, after = true, l.next()
	}
	if lex.Equal(r.data[after.off:after.off+after.len], "returning") {
		leaves, after = true, l.returned()
	}
	if !leaves || after.kind != comment || !cutsAll(r.data[after.off:]) {
		return
	}
	one(&rowBreakout, evidence.Threshold, 0, len(r.data), evidence.Raw, r.best)
}

// returned passes over the columns behind RETURNING and returns the token behind them.
func (l *lexer) returned() (after token) {
	for range maxColumns {
		if t := l.next(); t.kind != name && (t.kind != arith || l.data[t.off] != '*') {
			return token{kind: bad}
		}
		if after = l.member(); after.kind != comma {
			return after
		}
	}
	return token{kind: bad}
}
