package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxContinued bounds the tokens between an operand that ends and the comment that cuts off what follows.
const maxContinued = 64

// mayCut reports whether a value may hold a comment.
func mayCut(data []byte, classes point.Classes) bool {
	return classes&point.HashAt != 0 && bytes.IndexByte(data, '#') > 0 || classes&point.Dash != 0 && bytes.Contains(data, []byte("--")) || classes&(point.Star|point.Slash) == point.Star|point.Slash && bytes.Contains(data, []byte("/*"))
}

// continued finds a value that ends a number or a string of the query, goes on with a clause or an operator as only a
// query does, and cuts off the rest: 5 for update--, k') is null#, k' then 1 else 2 end--
func (r *reader) continued() {
	l, quoted, ok := r.behindOperand()
	if !ok {
		return
	}
	first := l.next()
	for first.kind == closing {
		first = l.next()
	}
	last := l.next()
	if !r.continues(first, last, l, quoted) {
		return
	}
	names := 0
	if last.kind == comment { // k' end--
		if cutsAll(r.data[last.off:]) {
			one(&commentEnd, evidence.Threshold, first.off, last.off+last.len-first.off, evidence.Raw, r.best)
		}
		return
	}
	for range maxContinued {
		t := l.next()
		switch {
		case t.kind == comment && cutsAll(r.data[t.off:]):
			one(&commentEnd, evidence.Threshold, first.off, t.off+t.len-first.off, evidence.Raw, r.best)
			return
		case t.kind == name && last.kind == name: // an alias; several are prose
			names++
		}
		if t.kind == end || t.kind == bad || t.kind == comment || t.kind == semicolon || names > 1 {
			return
		}
		last = t
	}
}

// behindOperand returns a lexer behind the number that the value begins with, or behind the quote that ends its first
// word, and whether it was a quote.
func (r *reader) behindOperand() (l lexer, quoted, ok bool) {
	from := 0
	for from < len(r.data) && (isDigit(r.data[from]) || from == 0 && r.data[from] == '-') {
		from++
	}
	if from > 0 && isDigit(r.data[from-1]) && from < len(r.data) && !lex.Word(r.data[from]) {
		return lexer{data: r.data, pos: from}, false, true
	}
	i := bytes.IndexAny(r.data, "'\"` ")
	if i < 0 || r.data[i] == ' ' {
		return l, false, false
	}
	return lexer{data: r.data, pos: i + 1}, true, true
}

// continues reports whether two tokens, and what a lexer reads behind them, begin what follows an operand in a query and
// nothing else; behind a quote that was closed one that other languages have, too, will do.
func (r *reader) continues(first, second token, l lexer, quoted bool) bool {
	word, next := r.data[first.off:first.off+first.len], r.data[second.off:second.off+second.len]
	if first.kind == compare && !lex.Letter(word[0]) {
		return quoted && second.kind != name || second.kind == number || second.kind == str
	}
	var lower [len("partition")]byte
	n := copy(lower[:], word)
	for i := range n {
		lower[i] = lex.Lower(lower[i])
	}
	switch string(lower[:n]) {
	case "for":
		return lex.OneOf(next, "update", "share")
	case "lock", "order", "group":
		return lex.OneOf(next, "in", "by")
	case "with", "option", "partition", "in":
		return second.kind == open
	case "fetch":
		return lex.OneOf(next, "first", "next")
	case "at":
		return lex.Equal(next, "time")
	case "natural":
		return lex.OneOf(next, "join", "left", "inner", "right")
	case "is":
		if lex.Equal(next, "not") {
			third := l.next()
			next = r.data[third.off : third.off+third.len]
		}
		return lex.OneOf(next, "null", "true", "false", "unknown", "distinct")
	case "limit", "offset": // those behind quotes have a sign of their own
		return !quoted && second.kind == number
	case "not":
		return lex.OneOf(next, "in", "null", "like", "between", "regexp", "similar")
	case "on":
		return lex.OneOf(next, "conflict", "duplicate")
	case "isnull", "notnull", "::":
		return true
	case "similar", "sounds":
		return lex.OneOf(next, "to", "like")
	case "div", "mod":
		return second.kind == number || quoted
	case "collate", "then", "end", "using", "window", "qualify", "escape", "match", "join", "inner", "left", "right", "cross", "like", "ilike", "regexp", "rlike", "glob", "returning":
		return quoted
	}
	return false
}
