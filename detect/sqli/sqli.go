// Package sqli finds SQL injection.
//
// A value is read as SQL from each place where an application's own query could
// hand over to it: from its first byte, behind each quote that could end a string,
// behind a parenthesis. Reading is strict: one token that cannot stand there ends
// the context, so prose dies after two words and costs next to nothing. What was
// read up to there counts by evidence, and only evidence of structure (comparisons
// of constants, UNION with columns, statements, calls of revealing functions)
// reaches the score of an attack; a word alone never does.
package sqli

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue  = 32 << 10
	maxTokens = 512
	maxQuotes = 3 // closing quotes of each kind that are tried
)

const structural = point.Space | point.Newline | point.Paren | point.Star | point.Semicolon | point.Backtick | point.Quote | point.HashAt |
	point.Pipe | point.Ampersand | point.Control | point.High

// Gate reports whether a value can hold SQL at all.
func Gate(v *point.Value) bool {
	if v.Classes&structural == 0 || len(v.Data) < 4 {
		return false
	}
	switch v.Kind { //nolint:exhaustive // other kinds can
	case point.Number, point.FileHead:
		return false
	case point.UserAgent, point.HeaderText, point.Referer, point.WholePath:
		return v.Classes&point.Quote != 0
	}
	return true
}

// Scan leaves the strongest context's evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	data := v.Data[:min(len(v.Data), maxValue)]
	switch v.Kind {
	case point.UserAgent, point.HeaderText, point.Referer, point.WholePath:
	default:
		read(data, 0, 0, evidence.Raw, best)
	}
	if v.Classes&point.Quote != 0 {
		quotes(data, '\'', evidence.SingleQuote, best)
		quotes(data, '"', evidence.DoubleQuote, best)
	}
	if v.Classes&point.Backtick != 0 {
		quotes(data, '`', evidence.BackQuote, best)
	}
}

// quotes reads behind the first quotes of a kind that could end a string.
func quotes(data []byte, quote byte, context evidence.Context, best *evidence.Tally) {
	from := 0
	for range maxQuotes {
		i := bytes.IndexByte(data[from:], quote)
		if i < 0 {
			return
		}
		from += i + 1
		if worthReading(data, from) {
			read(data, from, quote, context, best)
		}
	}
}

// worthReading looks at the byte behind a quote: a letter there continues a word
// (O'Reilly), unless it begins a keyword.
func worthReading(data []byte, i int) bool {
	if i >= len(data) {
		return false
	}
	c := data[i]
	if c <= ' ' || c >= 0x80 {
		return true
	}
	if point.ClassOf[c]&(point.Alpha|point.Digit) == 0 {
		return true
	}
	l := lexer{data: data, pos: i}
	t := l.next()
	return t.kind == logic || t.kind == word && (t.key == kwUnion || t.key == kwOrder || t.key == kwHaving || t.key == kwProcedure) || t.kind == compare
}

// read reads one context and keeps its tally if it beats the best.
func read(data []byte, from int, quote byte, context evidence.Context, best *evidence.Tally) {
	p := parser{lexer: lexer{data: data, pos: from}, quote: quote, start: from}
	p.tally.Reset(attack.SQLi, context)
	p.operand = quote != 0
	p.run()
	if p.tally.Score() > best.Score() {
		*best = p.tally
	}
}
