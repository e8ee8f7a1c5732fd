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
	maxValue  = point.MaxRead
	maxTokens = 512  // of a context that the value itself may have begun
	maxQuotes = 64   // quotes of each kind that are tried besides those that end the query's string
	maxRead   = 2048 // tokens of all contexts, from which those behind such quotes may have few
)

// reader reads the contexts of one value.
type reader struct {
	data   []byte
	pairs  *point.Pairs
	best   *evidence.Tally
	tokens int // that were read in all contexts
	bytes  int
	dumps  bool   // the value is a script of a program that saves tables
	ahead  *ahead // of all contexts, nil before the first
	parser parser // of the last context
	whole  bool   // the value is one plain statement, in which double quotes hold names
	named  bool   // the value is the name of a parameter or a member
	cut    bool   // the name of a parameter that an equals sign of its own cut off
	legal  bool   // the last context was read up to a comment, or to a string that the query closes
}

// Structural are the classes of which a value that holds SQL has one.
const Structural = point.Space | point.Newline | point.Paren | point.Star | point.Semicolon | point.Backtick | point.Quote | point.HashAt |
	point.Pipe | point.Ampersand | point.Control | point.High | point.Equal | point.Bracket | point.Plus

// Gate reports whether a value can hold SQL at all.
func Gate(v *point.Value) bool {
	if v.Classes&Structural == 0 || v.Classes&Structural == point.Plus && (v.Kind == point.Segment || len(v.Data) > maxSpelled || !lex.Contains(v.Data, "select+") && !lex.Contains(v.Data, "order+by+")) || len(v.Data) < 3 || v.Classes&^numeric == 0 {
		return false
	}
	if v.Flags&point.TakenApart != 0 {
		return false
	}
	switch v.Kind { //nolint:exhaustive // other kinds can
	case point.Number, point.FileHead:
		return false
	case point.UserAgent:
		return v.Classes&(point.Quote|point.Star) != 0 || v.Data[0] == '(' || nameless(v)
	case point.WholePath:
		return v.Classes&point.Quote != 0 || v.Classes&point.Star != 0 && parted(v.Data)
	case point.HeaderText, point.Referer:
		return v.Classes&(point.Quote|point.Space|point.Paren|point.High) != 0 || v.Classes&(point.Star|point.Slash) == point.Star|point.Slash && parted(v.Data)
	}
	return true
}

// parted reports whether a text holds a comment that can stand for a blank. The star of an Accept field,
// */*, begins none that ends.
func parted(data []byte) bool {
	_, behind, _ := bytes.Cut(data, []byte("/*"))
	return bytes.HasPrefix(behind, []byte("!")) || bytes.Contains(behind, []byte("*/"))
}

// nameless reports whether what a client calls itself has no version behind a name, or
// begins with a number: no client is called so, and no query needs a quote behind it.
func nameless(v *point.Value) bool {
	c := v.Data[0]
	return v.Classes&(point.Space|point.Paren|point.Semicolon) != 0 && (c == '-' || lex.Digit(c) || v.Classes&point.Slash == 0)
}

// numeric are the classes of telephone numbers, dates and coordinates, in which no sign
// of SQL can stand.
const numeric = point.Digit | point.Space | point.Dash | point.Dot | point.Plus | point.Colon | point.Slash

// Scan leaves the strongest context's evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	r := reader{data: v.Data[:min(len(v.Data), maxValue)], pairs: v.Pairs, best: best, named: v.Kind == point.Key || v.Kind == point.JSONKey}
	r.scan(v)
	r.close()
}

// close gives back what the reader has borrowed.
func (r *reader) close() {
	if r.ahead != nil {
		aheads.Put(r.ahead)
	}
}

// scan reads a value in every context.
func (r *reader) scan(v *point.Value) {
	data, best := r.data, r.best
	r.cut = v.Kind == point.Key && openEnded(v.Data)
	if v.Kind != point.WholePath && (v.Kind != point.UserAgent || nameless(v)) && !sentence(data) { // queries hold the others in quotes
		r.first()
	}
	if r.named && v.Classes&point.Bracket != 0 {
		r.index()
	}
	if best.Score() < evidence.Threshold && v.Kind != point.WholePath {
		r.tail(v.Classes)
	}
	if best.Score() < evidence.Threshold && v.Kind.Free() && listsColumns(data, v.Classes) {
		r.columns()
		if v.Classes&point.Quote != 0 {
			r.columnsBehind()
		}
	}
	if best.Score() < evidence.Threshold && v.Kind.Free() && mayCut(data, v.Classes) {
		r.row()
		r.continued()
	}
	if v.Kind == point.WholePath && v.Classes&point.Star != 0 {
		r.commented()
	}
	r.dumps = v.Classes&(point.Quote|point.Backtick) != 0 && v.Classes&point.Newline != 0 && dump(data)
	if v.Classes&point.Quote != 0 {
		r.quotes('\'', evidence.SingleQuote)
		r.quotes('"', evidence.DoubleQuote)
		probe(data, best)
	}
	if v.Classes&(point.Quote|point.HashAt|point.Dash) != 0 {
		operated(data, best)
	}
	if v.Classes&point.Semicolon != 0 && v.Classes&(point.Dash|point.HashAt) != 0 {
		cutStatement(data, best)
	}
	if v.Classes&(point.Dash|point.HashAt|point.Bracket) != 0 && best.Score() < evidence.Threshold {
		batched(data, best)
	}
	if v.Classes&(point.Quote|point.Paren) != 0 && best.Score() < evidence.Threshold {
		r.reveals(v.Classes)
	}
	if v.Classes&(point.Semicolon|point.Paren) == point.Semicolon|point.Paren && best.Score() < evidence.Threshold {
		leavesBlock(data, best)
	}
	if best.Score() < evidence.Threshold {
		r.nodes(v.Classes)
	}
	if v.Classes&point.Backtick != 0 {
		r.quotes('`', evidence.BackQuote)
	}
	if v.Classes&point.Bracket != 0 {
		r.behind("]", "[", evidence.CloseBracket)
	}
	if v.Classes&(point.Star|point.Slash) == point.Star|point.Slash && v.Pairs.May("*/") {
		r.behind("*/", "/*", evidence.InComment)
		leavesComment(data, best)
	}
	if v.Classes&point.Paren != 0 && best.Score() < evidence.Threshold {
		if v.Pairs.May(".e(") {
			fused(data, best)
		}
		r.glued()
		r.unbalanced()
		r.closedColumn()
	}
	if v.Classes&(point.Plus|point.PercentSign) != 0 && best.Score() < evidence.Threshold && len(data) <= maxSpelled {
		r.spelled(v.Classes)
	}
}

// first reads from the first byte. A value that begins with a comparison of its own is more often
// a condition in the query language of an API: status = open AND updated > now("-1d").
func (r *reader) first() {
	own := r.tally(0, 0, false, evidence.Raw)
	if own.Score() >= evidence.Gray && conditional(r.data) && !holds(own, reaching) {
		own.Cap(evidence.Gray - 1)
	}
	fields := (r.data[0] == '@' || bytes.HasPrefix(r.data, []byte("(@"))) && conditional(r.data)
	if fields && !holds(own, queries) {
		own.Cap(evidence.Threshold - 1) // of a search engine, and no variables
	}
	if prepared(r.data) {
		own.Cap(evidence.Threshold - 1)
	}
	r.whole = r.whole || fields || r.data[0] == '"' && conditional(r.data)
	r.keep(own)
}

// verbs begin statements.
var verbs = lex.NewPrefixes("select ", "insert into ", "update ", "delete from ", "with ")

// prepared reports whether all of a value is a statement with places for parameters, as what watches databases
// sends it: SELECT a FROM b WHERE c = ? Behind anything else it may be an attack, since SQLite runs what nobody
// has bound a value to.
func prepared(data []byte) bool {
	if verbs.Length(data) == 0 || !bytes.Contains(data, []byte("= ?")) && !bytes.Contains(data, []byte("(?")) || bytes.ContainsAny(data, "'\"`#;\\") {
		return false
	}
	return !bytes.Contains(data, []byte("--")) && !bytes.Contains(data, []byte("/*"))
}

// one keeps a sign that tells by itself, if it tells more than what was found.
func one(s *evidence.Sign, weight int8, off, length int, context evidence.Context, best *evidence.Tally) {
	var t evidence.Tally
	t.Reset(attack.SQLi, context)
	t.AddWeight(s, weight, off, length)
	if t.Score() > best.Score() {
		*best = t
	}
}

// keep keeps a context's tally if it beats the best.
func (r *reader) keep(own *evidence.Tally) {
	if own.Score() > r.best.Score() {
		*r.best = *own
	}
}

// conditional reports whether a value begins with a name and an operator that compares it: a plain
// name, one of a table's column or of a member in it, one in a plain function such as upper(city),
// one in double quotes, or a template's.
func conditional(data []byte) bool {
	if bytes.HasPrefix(data, []byte("${")) {
		end := bytes.IndexByte(data[:min(len(data), maxBefore)], '}')
		l := lexer{data: data, pos: end + 1}
		return end > 0 && l.next().kind == compare
	}
	l := lexer{data: data}
	first := l.next()
	for first.kind == open {
		first = l.next()
	}
	switch {
	case first.kind == variable: // of Coveo: @source=="k"
		equals := l.next()
		return data[first.off] == '@' && equals.kind == compare && equals.len == 2 && data[equals.off] == '=' // which MySQL has not
	case first.kind == str && data[0] == '"' && first.len > 2 && point.Classify(data[1:first.len-1])&^(point.Alpha|point.Digit|point.Dash|point.Space) == 0:
		return bytes.Count(data, []byte{'"'})%2 == 0 && bytes.IndexByte(data, '\'') > 0 && l.next().kind == compare
	case first.kind != name || first.key != 0 && first.key != fnPlain && (first.key != fnInfo || bytes.IndexByte(data[l.pos:min(len(data), l.pos+1)], '.') != 0):
		return false
	}
	from := l.pos
	next := l.member()
	member := next.off > from+1
	if next.kind == open {
		argument := l.next()
		switch {
		case argument.kind == str && member: // Name.Contains("k") AND
			return l.next().kind == closing && l.next().kind == logic
		case argument.kind == name && l.member().kind == closing:
			next = l.next()
		}
	}
	if next.kind == arith && next.len == 1 && data[next.off] == '~' { // of Jira and Confluence
		return l.next().kind == str
	}
	return next.kind == compare || next.kind == word && next.key == kwLike || next.kind == arith && bytes.HasPrefix(data[next.off:], []byte("->"))
}

// member skips the members that follow a name, .street.number, and returns what comes behind them.
func (l *lexer) member() token {
	next := l.next()
	for next.kind == dot {
		l.next()
		next = l.next()
	}
	return next
}

// foreignSigns are signs of what no language but SQL has; queries are those of a query of its own;
// reaching are those of what reaches beyond a condition, or cuts one off.
var (
	foreignSigns = []*evidence.Sign{&unionSelect, &timeFunction, &graveFunction, &statementGrave, &constCompare, &systemVariable, &quoteOnly}
	queries      = []*evidence.Sign{&unionSelect, &timeFunction, &stacked, &subselect}
	reaching     = append([]*evidence.Sign{&infoFunction, &systemName, &subselect, &stacked, &statement, &intoFile, &innerCompare, &divideByZero, &castError, &commentEnd, &nodeTest, &numberGlue, &caseWhen}, foreignSigns...)
)

// holds reports whether a tally has one of the signs.
func holds(t *evidence.Tally, signs []*evidence.Sign) bool {
	for _, s := range signs {
		if t.Count(s.Stamp) > 0 {
			return true
		}
	}
	return false
}

// reveals reads a value that does nothing but call a function of Oracle, or join who is logged in to a string.
func (r *reader) reveals(classes point.Classes) {
	if classes&point.Paren != 0 && outwardCalls.May(r.pairs) {
		outward(r.data, r.best)
	}
	if classes&point.Quote != 0 && classes&(point.Plus|point.Pipe) != 0 {
		joinsUser(r.data, r.best)
	}
}

// nodes reads a value as the rest of a query of XPath.
func (r *reader) nodes(classes point.Classes) {
	if classes&(point.Paren|point.Slash) == point.Paren|point.Slash || classes&(point.Quote|point.Paren) == point.Quote|point.Paren {
		r.xpath()
	}
	if classes&point.Quote != 0 {
		betweenQuotes(r.data, r.best)
		if classes&(point.Bracket|point.Slash) == point.Bracket|point.Slash || classes&point.Colon != 0 {
			leavesPredicate(r.data, r.best)
			r.remarked()
			alwaysInside(r.data, r.best)
		}
		if classes&point.Bracket != 0 {
			cutPredicate(r.data, r.best)
		}
		if classes&(point.Bracket|point.Paren) != 0 {
			opensAnother(r.data, r.best)
		}
	}
	if classes&point.Slash != 0 && classes&(point.Bracket|point.Pipe) != 0 && lex.Digit(r.data[0]) && len(r.data) <= maxProbed {
		indexed(r.data, r.best)
	}
	if len(r.data) > maxNodeQuery || classes&(point.Space|point.Newline|point.Quote) == 0 {
		return
	}
	if classes&(point.Slash|point.Dot|point.HashAt|point.Star|point.Colon) != 0 {
		paths(r.data, r.best)
	}
	if classes&(point.Quote|point.Space) != point.Quote|point.Space {
		return
	}
	bound := classes&(point.Dollar|point.Paren) != 0 && (bindings.May(r.pairs) || r.pairs.May("then ") && r.pairs.May("else "))
	compared := wordOperators.May(r.pairs)
	if !bound && !compared || !lex.Contains(r.data, "or ") && !lex.Contains(r.data, "and ") {
		return
	}
	if bound {
		binds(r.data, r.best)
	}
	if compared {
		comparesByWord(r.data, r.best)
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
func (r *reader) behind(closing, opening string, context evidence.Context) {
	data := r.data
	i := lex.IndexPaired(r.pairs, data, closing)
	if i < 0 || bytes.Contains(data[:i], []byte(opening)) || closing == "*/" && inExpression(data[:i]) {
		return
	}
	r.read(i+len(closing), closing[0], context)
}

// inExpression reports whether the star in front of a slash is one of a regular expression, as in
// FROM /cpu.*/: a slash opens it behind a blank.
func inExpression(before []byte) bool {
	before = before[bytes.LastIndexByte(before, ' ')+1:]
	return len(before) > 1 && before[0] == '/' && before[1] != '*' && bytes.IndexByte(before[1:], '/') < 0
}

// done reports whether more contexts would tell nothing more, or cost more than they
// could tell: a value full of strings without end.
func (r *reader) done() bool {
	return r.best.Score() >= evidence.Certain || r.bytes > 4*len(r.data)+maxValue/4
}

// read reads one context and keeps its tally if it beats the best.
func (r *reader) read(from int, quote byte, context evidence.Context) {
	r.keep(r.tally(from, quote, false, context))
}

// tally reads one context; script says that what follows belongs to a statement of the
// value's own, so that it is not read to its end at any cost. Where comments stand in comments it is
// read both ways. What it returns holds until the next context is read.
func (r *reader) tally(from int, quote byte, script bool, context evidence.Context) *evidence.Tally {
	if nested := r.readAs(from, quote, script, context, 0); nested && r.parser.tally.Score() < evidence.Threshold {
		flat := r.parser.tally
		if r.readAs(from, quote, script, context, nests); r.parser.tally.Score() <= flat.Score() {
			r.parser.tally = flat
		}
	}
	return &r.parser.tally
}

// readAs reads one context, with comments in comments or without, and reports whether it makes a difference.
func (r *reader) readAs(from int, quote byte, script bool, context evidence.Context, as mode) (nested bool) {
	p := &r.parser
	if r.ahead == nil {
		r.ahead = newAhead()
	}
	p.lexer = lexer{data: r.data, ahead: r.ahead, pos: from, mode: as}
	p.state = state{quote: quote, start: from, script: script, named: r.named, cut: r.cut}
	p.scopes[0] = scope{} // others are written before they are read
	p.tally.Reset(attack.SQLi, context)
	p.operand = quote != 0
	if p.operand {
		p.last = literal
	}
	p.most, p.idle = len(r.data), len(r.data) // or what an attack needs stands behind what it does not
	if script {
		p.most, p.idle = maxTokens, idle
		if r.tokens > maxRead {
			p.most = idle
		}
	}
	p.run()
	r.legal = p.legal
	r.tokens += p.tokens
	r.bytes += p.pos - from
	if context == evidence.Raw && from == 0 {
		r.whole = p.ended && p.script && p.hard == 0 && p.tallyHas(&statement)
	}
	return p.mode.is(nestable)
}
