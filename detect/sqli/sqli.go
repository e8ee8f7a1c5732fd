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
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue  = 64 << 10
	maxTokens = 512
	maxQuotes = 64 // closing quotes of each kind that are tried
)

const structural = point.Space | point.Newline | point.Paren | point.Star | point.Semicolon | point.Backtick | point.Quote | point.HashAt |
	point.Pipe | point.Ampersand | point.Control | point.High | point.Equal | point.Bracket

// Gate reports whether a value can hold SQL at all.
func Gate(v *point.Value) bool {
	if v.Classes&structural == 0 || len(v.Data) < 3 || v.Classes&^wordy == 0 && prose(v.Data) {
		return false
	}
	switch v.Kind { //nolint:exhaustive // other kinds can
	case point.Number, point.FileHead:
		return false
	case point.UserAgent:
		return v.Classes&(point.Quote|point.Star) != 0 || v.Data[0] == '('
	case point.WholePath:
		return v.Classes&point.Quote != 0
	case point.HeaderText, point.Referer:
		return v.Classes&(point.Quote|point.Space|point.Paren) != 0
	}
	return true
}

// wordy are the classes of text in which only words can make a statement.
const wordy = point.Alpha | point.Digit | point.Space | point.Dash | point.Dot | point.Plus

// prose reports whether text begins with two words, or a number and a word, that mean
// nothing in SQL: what sentence finds out, for less.
func prose(data []byte) bool {
	first, second, ok := lex.TwoWords(data)
	return ok && !known.May(first) && !known.May(second)
}

// Scan leaves the strongest context's evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	data := v.Data[:min(len(v.Data), maxValue)]
	switch v.Kind {
	case point.UserAgent, point.WholePath: // queries hold them in quotes
	default:
		if !sentence(data) {
			read(data, 0, 0, evidence.Raw, best)
		}
	}
	if v.Classes&point.Quote != 0 {
		quotes(data, '\'', evidence.SingleQuote, best)
		quotes(data, '"', evidence.DoubleQuote, best)
		probe(data, best)
	}
	if v.Classes&(point.Paren|point.Slash) == point.Paren|point.Slash {
		xpath(data, best)
	}
	if v.Classes&point.Backtick != 0 {
		quotes(data, '`', evidence.BackQuote, best)
	}
	if v.Classes&point.Bracket != 0 {
		behind(data, "]", "[", evidence.CloseBracket, best)
	}
	if v.Classes&(point.Star|point.Slash) == point.Star|point.Slash {
		behind(data, "*/", "/*", evidence.InComment, best)
	}
	if v.Classes&point.Paren != 0 && best.Score() < evidence.Threshold {
		glued(data, best)
	}
}

// sentence reports whether a value begins with two names or a number and a name,
// which no SQL does. It saves most text the parser.
func sentence(data []byte) bool {
	l := lexer{data: data}
	first := l.next()
	if first.kind == bad {
		return true
	}
	if first.kind != name && first.kind != number || first.key != 0 && first.kind == name {
		return false
	}
	switch second := l.next(); second.kind { //nolint:exhaustive // what cannot follow a name
	case name, number, bad, end, variable:
		return second.key == 0
	}
	return false
}

// behind reads what follows the end of a bracketed name or of a comment that the
// value did not begin.
func behind(data []byte, closing, opening string, context evidence.Context, best *evidence.Tally) {
	i := bytes.Index(data, []byte(closing))
	if i < 0 || bytes.Contains(data[:i], []byte(opening)) {
		return
	}
	read(data, i+len(closing), closing[0], context, best)
}

// quotes reads behind the first quotes of a kind that could end a string. A run of
// quotes is pairs that stand for one, so that its end matters, and its first.
func quotes(data []byte, quote byte, context evidence.Context, best *evidence.Tally) {
	tried := 0
	for from := 0; tried < maxQuotes; {
		i := bytes.IndexByte(data[from:], quote)
		if i < 0 {
			return
		}
		first := from + i + 1
		from = first
		for from < len(data) && data[from] == quote {
			from++
		}
		later := tried > 0 || opened(data[:first-1], quote)
		if worthReading(data, from) {
			behindQuote(data, from, quote, later, context, best)
		}
		if from == first+1 { // a pair: '' or ''='
			behindQuote(data, first, quote, later, context, best)
		}
		tried++
	}
}

// opened reports whether a quote stands in front that nothing escapes, so that the string
// of the query ended there already.
func opened(before []byte, quote byte) bool {
	i := bytes.IndexByte(before, quote)
	return i >= 0 && (i == 0 || before[i-1] != '\\')
}

// behindQuote reads behind a quote. One that is not the first ends a string that the value
// itself began; what follows is then more often the value's own language than the query's,
// and needs a sign that no such language has.
func behindQuote(data []byte, from int, quote byte, later bool, context evidence.Context, best *evidence.Tally) {
	if !later {
		read(data, from, quote, context, best)
		return
	}
	var own evidence.Tally
	readAs(data, from, quote, true, context, &own)
	if own.Count(unionSelect.Stamp)+own.Count(timeFunction.Stamp)+own.Count(graveFunction.Stamp)+own.Count(statementGrave.Stamp)+own.Count(constCompare.Stamp)+own.Count(systemVariable.Stamp)+own.Count(quoteOnly.Stamp) == 0 {
		own.Cap(evidence.Gray - 1)
	}
	if own.Score() > best.Score() {
		*best = own
	}
}

// worthReading looks at the byte behind a quote: a letter there continues a word
// (O'Reilly), unless it begins a keyword.
func worthReading(data []byte, i int) bool {
	if i >= len(data) {
		return false
	}
	c := data[i]
	if c == ' ' { // 'quoted' words
		for i < len(data) && data[i] == ' ' {
			i++
		}
		if i == len(data) {
			return false
		}
		c = data[i]
	}
	if c <= ' ' || c >= 0x80 {
		return true
	}
	if point.ClassOf[c]&(point.Alpha|point.Digit) == 0 {
		return single[c] != end && c != '.' && c != ':' || c == '#' || c == '@' || c == '{'
	}
	l := lexer{data: data, pos: i}
	t := l.next()
	return t.kind == logic || t.kind == compare || t.kind == word || t.kind == not || t.kind == arith
}

// read reads one context and keeps its tally if it beats the best.
func read(data []byte, from int, quote byte, context evidence.Context, best *evidence.Tally) {
	readAs(data, from, quote, false, context, best)
}

// readAs is read; script says that what follows belongs to a statement of the value's own.
func readAs(data []byte, from int, quote byte, script bool, context evidence.Context, best *evidence.Tally) {
	var p parser
	p.script = script
	p.data, p.pos, p.quote, p.start = data, from, quote, from
	p.tally.Reset(attack.SQLi, context)
	p.operand = quote != 0
	if p.operand {
		p.last = literal
	}
	p.run()
	if p.tally.Score() > best.Score() {
		*best = p.tally
	}
}
