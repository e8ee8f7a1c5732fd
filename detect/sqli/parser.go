package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
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

// level says what a scope is.
type level uint8

const (
	group     level = iota // parentheses around an expression, and the context itself
	arguments              // of a function
	query                  // (SELECT ...)
)

// clause is the part of a query that is being read.
type clause uint8

const (
	expression clause = iota
	columns
	tables
	ordering
	rows // LIMIT, VALUES
)

// scope is one level of parentheses, or the context itself.
type scope struct {
	level    level
	clause   clause
	lhs      class // of the comparison that waits
	logic    bool  // AND, OR, WHERE or WHEN waits for its condition
	compares bool  // a comparison waits for its right side
	cases    uint8 // open CASEs
	plain    bool  // a query whose list tells nothing yet
	logicAt  int32
	lhsAt    int32 // of a name on the left side
	lhsLen   int32
}

const maxScopes = 25

// parser reads one context with a two-state automaton: it expects an operand, or
// has one and expects what may follow it.
type parser struct {
	lexer
	state
	tally  evidence.Tally
	scopes [maxScopes]scope
}

// state is what a parser knows of the context that it reads.
type state struct {
	quote  byte // that was closed before the context, 0 for none
	start  int
	tokens int
	most   int // tokens that may be read
	idle   int // and without any evidence

	operand bool // an operand has been read
	last    class
	lastTok token
	hard    int   // signs that are more than words
	bare    bool  // a raw value that begins with a name
	closed  int   // parentheses of the query that the value closed
	aliased bool  // an alias stood last
	chain   bool  // the value is a chain of comparisons: 3 < 5 and 5 > 3
	lenient bool  // behind the head of a statement
	ifHead  bool  // IF (...) waits for a statement
	joins   bool  // a raw value that begins with an operator, behind an operand of the query
	prior   token // in front of the one that is taken
	ranged  bool  // a raw value that begins with a comparison: >=16 || 14 >=14.17
	numbers bool  // a raw value that begins with a number
	ended   bool  // all of the value was read
	legal   bool  // it was read up to a comment, or to a string that the query closes
	script  bool  // the value is a whole statement or formula from its first token
	named   bool  // the value is a name, where no query belongs
	cut     bool  // an equals sign follows, and more
	row     bool  // behind a quote a comma follows, and more of a row of values
	sets    int   // assignments behind commas: ', role='admin
	used    bool  // an operator stands right behind the closed quote
	fixed   bool  // a name has been compared with a constant
	product bool  // a comparison of constants in parentheses may be calculated with
	granted bool  // one of them says what somebody may do
	looks   uint8 // how often tables were looked for further on
	headAt  int   // where the statement behind a semicolon begins
	resumed uint8
	depth   int
	buried  int // scopes around them that were forgotten
}

// idle is how many tokens are read without any evidence before a context that the value itself may
// have begun is given up.
const idle = 48

// run reads tokens until the value ends or stops being SQL.
func (p *parser) run() {
	for ; p.tokens < p.most && (p.tokens < p.idle || p.tally.N > 0); p.tokens++ {
		t := p.next()
		if p.mode.is(commented | inVersion) {
			p.disguised(t)
		}
		if mayEnd&(1<<t.kind) != 0 && p.ends(t) {
			return
		}
		if t.kind == comment || !p.taken(t) {
			if p.resume(t) {
				continue
			}
			p.stop(t)
			return
		}
		if p.tokens < 2 && p.quote == 0 {
			p.begun(t)
		}
		p.prior = t
	}
}

// mayEnd are the kinds of tokens, besides comments, with which a context can end that is read to its end.
const mayEnd = 1<<end | 1<<dot | 1<<bad | 1<<str | 1<<arith

// ends ends a context whose value ends with a token, and reports whether it does.
func (p *parser) ends(t token) bool {
	switch {
	case t.kind == end, t.kind == dot && p.cutOff(t), t.kind == bad && p.cutByNul(t):
		p.ended = true
		p.finish(token{kind: end, off: t.off})
	case t.kind == str && t.key == cutOff:
		p.cutOffString(t)
	case t.kind == arith && p.slashes(t):
		p.finish(token{kind: end, off: t.off})
		p.add(&commentEnd, t)
	default:
		return false
	}
	return true
}

// stop ends a context at a comment, or at a token that cannot stand there.
func (p *parser) stop(t token) {
	if t.kind != comment {
		p.fail()
		return
	}
	p.legal = true
	p.commentEnd(t)
}

// begun notes what a raw value begins with.
func (p *parser) begun(t token) {
	switch {
	case p.tokens == 0:
		p.numbers, p.ranged = t.kind == number, t.kind == compare && (p.data[t.off] == '<' || p.data[t.off] == '>' || p.data[t.off] == '!')
	case t.kind == number && p.prior.kind == arith: // -1
		p.numbers = p.data[p.prior.off] == '-'
	}
}

// taken takes a token where one is expected, and reports whether it can stand there.
func (p *parser) taken(t token) bool {
	if p.operand {
		return p.after(t)
	}
	return p.expect(t)
}

// slashes reports whether two slashes end the value behind a condition, as a comment of Cypher and
// of Gremlin does.
func (p *parser) slashes(t token) bool {
	return p.quote != 0 && p.operand && p.tokens > 1 && (p.scope().compares || p.tallyHas(&constCompare)) && len(p.data)-t.off < 5 && p.data[t.off] == '/' && string(bytes.TrimSpace(p.data[t.off:])) == "//" && !p.quoted()
}

// disguised notes comments that stand for blanks and comments that are executed.
func (p *parser) disguised(t token) {
	if p.tokens == 0 {
		return
	}
	if p.mode.is(commented) && t.kind != comment && t.kind != end && p.hard > 0 {
		p.add(&commentSpace, t)
	}
	if p.mode.is(inVersion) {
		p.add(&versioned, t)
	}
}

func (p *parser) scope() *scope { return &p.scopes[p.depth] }

func (p *parser) tallyHas(s *evidence.Sign) bool { return p.tally.Count(s.Stamp) > 0 }

func (p *parser) add(s *evidence.Sign, t token) { p.tally.Add(s, t.off, t.len) }

// solid adds a sign that is more than a word. The closed quote was then used.
func (p *parser) solid(s *evidence.Sign, t token) { p.weigh(s, s.Weight, t) }

func (p *parser) weigh(s *evidence.Sign, weight int8, t token) {
	if p.script && ordinary(s) && (s.Stamp != subselect.Stamp || weight < evidence.Threshold || p.begunBy() != kwCase) {
		p.tally.AddWeight(s, weight, t.off, t.len)
		return
	}
	p.hard++
	p.breakout()
	p.tally.AddWeight(s, weight, t.off, t.len)
}

// ordinary reports whether a sign is no more than what whole statements hold that people
// write into fields for statements.
func ordinary(s *evidence.Sign) bool {
	switch s.Stamp { //nolint:exhaustive // stamps are numbers, the constants begin blocks
	case subselect.Stamp, stacked.Stamp, statement.Stamp, orderByNumber.Stamp, having.Stamp, limitClause.Stamp, between.Stamp, caseWhen.Stamp, callCompare.Stamp, nameCompare.Stamp,
		logicConstant.Stamp, callStatement.Stamp, orderByCall.Stamp, commentEnd.Stamp:
		return true
	}
	return false
}

// breakout notes that the closed quote was used.
func (p *parser) breakout() {
	if p.quote != 0 && !p.tallyHas(&breakout) {
		p.tally.Add(&breakout, p.start-1, 1)
	}
}

// fail ends a context at a token that cannot stand there: decisive evidence stays,
// the rest is worth little.
func (p *parser) fail() {
	if p.tally.Score() < 11 {
		p.tally.Cap(5)
	} else if p.script && p.quote == 0 && p.depth == 0 && p.tallyHas(&statement) && !lex.Contains(p.data, "union") { // a whole statement, of a dialect that is not read
		p.plainCap()
	}
}

// finish ends a context whose value ended.
func (p *parser) finish(t token) {
	p.unwind()
	if p.depth == 1 && p.closed > 0 && p.numbers && p.scopes[0].logic && p.operand && p.last == literal { // 1) or (1
		p.weigh(&logicConstant, 7, token{logic, 0, int(p.scopes[0].logicAt), t.off - int(p.scopes[0].logicAt)})
	}
	p.setsRight()
	p.condition(t)
	p.cutInside(t)
	if p.quote != 0 && p.hard == 0 {
		p.tally.Cap(5)
	}
	p.plainCap()
}

// words are the classes of plain sentences.
const words = point.Alpha | point.Digit | point.Space | point.Dash | point.Dot | point.High

// plainCap keeps a plain statement gray: search boxes of developers' sites carry
// SELECT * FROM users.
func (p *parser) plainCap() {
	switch {
	case p.quote != 0 || p.hard > 0:
	case point.Classify(p.data)&^words == 0: // drop the table off
		p.tally.Cap(5)
	default:
		p.tally.Cap(7)
	}
}

// commentEnd ends a context at a comment that swallows the rest.
func (p *parser) commentEnd(t token) {
	p.row = p.row && !p.quoted()
	sets := p.row && p.hard == 0 && p.assigns()
	p.setsRight()
	named := p.joinsName()
	p.condition(t)
	switch {
	case named && p.hard == 0 && cutsAll(p.data[t.off:]): // ' or k--
		p.weigh(&commentEnd, 5, t)
	case p.splits(t):
		p.weighSplit(t)
	case p.quote != 0 && p.tokens == p.closed && p.hard == 0:
		p.quoteComment(t)
	case p.row && p.closed > 0 && p.last == none && cutsAll(p.data[t.off:]): // ', now(), 1)--
		p.solid(&rowBreakout, t)
		p.add(&commentEnd, t)
	case sets && cutsAll(p.data[t.off:]): // ', role='admin'--
		p.solid(&assignment, t)
		p.add(&commentEnd, t)
	case p.cutsOff(t):
	case p.quote != 0 && p.quote != '`' && p.hard == 0 && p.tallyHas(&statement): // ' insert into a values (1) --
		p.solid(&commentEnd, t)
	case p.hard > 0, p.quote == 0 && p.tally.Score() > 0:
		p.breakout()
		p.add(&commentEnd, t)
	case p.quote == 0 || p.quote == '`' || p.depth > 0 || !p.operand || p.quoted() || !cutsAll(p.data[t.off:]):
	case p.tallyHas(&nameCompare): // ' or a like b--
		p.solid(&commentEnd, t)
	case p.scope().clause == ordering: // ' group by name--
		p.weigh(&commentEnd, 5, t)
	case p.used && p.tokens < maxUsed: // ' is null--, '<(k in (1))--
		p.weigh(&constCompare, 5, token{compare, 0, p.start - 1, t.off - p.start + 1})
	}
	if p.hard == 0 && p.tokens > 0 {
		p.tally.Cap(7)
	}
	p.plainCap()
}

// maxUsed bounds the tokens between an operator behind the closed quote and a comment.
const maxUsed = 32

// quoteComment weighs a comment right behind the closing quote, or behind the
// parentheses or the semicolon that follow it. Text in front of the quote, or in the
// comment, makes a quotation of it.
func (p *parser) quoteComment(t token) {
	weight := int8(5)
	if rest := p.data[t.off:]; rest[0] == 0xe2 && len(rest) > 4 && rest[3] == ' ' && t.off > 0 && p.data[t.off-1] == ' ' {
		return // what goes on in a sentence: "k" – l
	}
	if p.quoted() || p.measures(t) || bytes.IndexByte(p.data[t.off:], p.quote) >= 0 && t.len > 8 { // a string that begins with --
		weight = 2
	}
	if p.quote == '`' || p.data[t.off] == '#' && t.len > 1 || t.len > 4 && p.data[t.off] == '-' && p.data[t.off+2] != ' ' {
		weight = 1
	}
	p.tally.AddWeight(&quoteComment, weight, t.off, t.len)
	if weight == 5 {
		p.hard++
		p.breakout()
	}
}

// empty reports whether a string holds nothing.
func (p *parser) empty(t token) bool {
	return t.len == 1 || t.len == 2 && p.data[t.off+1] == p.data[t.off]
}

// quoted reports whether words stand in front of the quote, as in a sentence.
func (p *parser) quoted() bool { return bytes.IndexByte(p.data[:p.start-1], ' ') >= 0 }

// condition weighs what stands since AND, OR, WHERE or WHEN, and comparisons inside
// functions.
func (p *parser) condition(t token) {
	s := p.scope()
	if !p.operand {
		return
	}
	if !s.logic && !s.compares {
		s.lhs = none
		return
	}
	constants := s.compares && (s.lhs == literal && p.last == literal && !p.namedInQuotes(s) || p.sameNames(s))
	span := token{compare, 0, int(s.logicAt), max(1, t.off-int(s.logicAt))}
	if constants && !s.logic && p.quote == 0 && s.level == group {
		p.chain = p.chain || p.depth == 0
		p.product = p.depth > 0
		if p.depth > 0 && t.kind == closing && p.operated(int(s.lhsAt)) { // 3*(2=2)
			p.weigh(&constCompare, constCompare.Weight+1, span)
		}
		if p.ifHead && p.depth > 0 && p.lastTok.kind == number && isDigit(p.data[s.lhsAt]) { // if (1=1) select
			p.weigh(&constCompare, constCompare.Weight, span)
		}
	}
	switch {
	case !s.logic && s.compares && s.lhs == column && p.numbers && s.level == group && t.kind == closing && p.operated(int(s.lhsAt)) && wholeText(p.text(p.lastTok.off, p.lastTok.len)): // 3-(user>'a')
		p.weigh(&nameCompare, 8, span)
	case !s.logic && s.lhs != call && s.level != arguments && s.cases == 0 && t.kind != comment:
	case constants && !s.logic && p.quote != 0 && p.depth == 0 && t.kind == comment && p.tokens == 2 && cutsAll(p.data[t.off:]): // '=0#
		p.weigh(&constCompare, 5, token{compare, 0, p.start - 1, t.off - p.start + 1})
	case constants && s.level == arguments && p.depth == 1 && t.kind == comma && p.begunByIf(): // if(2=2,k,0)
		p.weigh(&innerCompare, 8, span)
	case constants && (s.level == arguments || s.cases > 0):
		p.solid(&innerCompare, token{off: max(0, p.lastTok.off-1), len: p.lastTok.len + 1})
	case !s.logic && s.compares && s.lhs == call && p.numbers && p.depth == 1 && s.level == group && p.hard > 0: // 1-(length(user())>3)
		p.weigh(&callCompare, callCompare.Weight, span)
	case !s.logic && s.compares && s.lhs == call && p.numbers && s.level == arguments && p.tallyHas(&infoFunction): // 2-if(mid(user(),1,1)='r',1,0)
		p.weigh(&callCompare, callCompare.Weight, span)
	case !s.logic:
	case constants:
		p.constants(span)
	case !s.compares && p.last == literal:
		p.bareConstant(t, span)
		if t.kind == closing || t.kind == comma && s.level == group {
			return // or ((1))=1, or (1,2)=(1,2)
		}
	case s.lhs == subquery || p.last == subquery:
		p.solid(&callCompare, span)
	case p.ofProgram(s, t):
		p.breakout()
		p.tally.AddWeight(&nameCompare, 1, span.off, span.len)
	case s.lhs == call || p.last == call:
		weight := callCompare.Weight
		if p.numbers && p.tallyHas(&plainFunction) { // 1 or json_depth('[]')=1
			weight += 2
		}
		if p.begunByNumber(t) && p.asksCall(s) && (s.compares && p.last == literal || !p.bare && bytes.IndexByte(p.data[s.logicAt:t.off], '\'') > 0) { // 1 or pi()>3, 1 or f('a')
			weight = 8
		}
		p.weigh(&callCompare, weight, span)
	case !s.compares:
		if t.kind == closing && s.level == group {
			return // or (k)='l'
		}
	case p.matchesAll(t):
		p.constants(span)
	default:
		p.fixed = p.fixed || s.lhs == literal || p.last == literal
		p.hard += int(btoi(p.quote != 0 && p.last == literal && !p.script))
		p.breakout()
		if !p.bare && p.asksByText(s, t) {
			p.weigh(&constCompare, constCompare.Weight+1, span)
			break
		}
		p.add(&nameCompare, span)
	}
	s.logic, s.compares, s.lhs = false, false, none
}

// operated reports whether the parenthesis right in front of a place is an operand of an operator.
func (p *parser) operated(at int) bool {
	before, ok := bytes.CutSuffix(bytes.TrimRight(p.data[:at], " \t\r\n"), []byte("("))
	return ok && bytes.IndexByte([]byte("+-*/%&|^"), lastByte(before)) >= 0
}

// maxPattern bounds what is looked at between an operator and the pattern of its LIKE.
const maxPattern = 64

// bySymbol reports whether && or || joins a condition, as in the source of programs.
func (p *parser) bySymbol(s *scope) bool {
	if c := p.data[s.logicAt]; c != '&' && c != '|' {
		return false
	}
	from := int(s.logicAt)
	to := min(max(from, p.lastTok.off), from+maxPattern)
	return p.quote == 0 || !lex.Contains(p.data[from:to], "like") // which programs do not have
}

// ofProgram reports whether a condition may stand in the source of a program: joined by && or ||, with no comment
// behind it, and not a number's with a text, unless that is compared by ==.
func (p *parser) ofProgram(s *scope, t token) bool {
	if !p.bySymbol(s) || p.commentNext(t) && (p.quote != 0 || p.numbers) {
		return false
	}
	if !p.numbers || p.bare || !s.compares || !p.asksByText(s, t) {
		return true
	}
	from := int(s.lhsAt) + int(s.lhsLen)
	return bytes.Contains(p.data[from:max(from, p.lastTok.off)], []byte("=="))
}

// commentNext reports whether a token is a comment, or a semicolon and a comment behind it.
func (p *parser) commentNext(t token) bool {
	return t.kind == comment || t.kind == semicolon && p.peek().kind == comment
}

// sameNames reports whether a name is compared with itself.
func (p *parser) sameNames(s *scope) bool {
	return s.lhs == column && p.last == column && s.lhsLen > 0 && (p.prior.kind != closing || p.alone(p.lastTok)) && bytes.EqualFold(p.data[s.lhsAt:s.lhsAt+s.lhsLen], p.data[p.lastTok.off:p.lastTok.off+p.lastTok.len])
}

func (p *parser) constants(span token) {
	weight := constCompare.Weight
	if p.quote == 0 && (!p.bare || p.last == literal && p.data[p.lastTok.off] != '"') {
		weight++
	}
	if p.chain || p.ranged {
		weight = 5
	}
	p.weigh(&constCompare, weight, span)
}

// bareConstant weighs OR 1 at the end, and OR '1 whose quote the query closes.
func (p *parser) bareConstant(t, span token) {
	switch {
	case p.joins && t.kind == word && t.key == kwLimit && p.cutsLimit(): // or 1 limit 1--
	case t.kind != end && t.kind != comment && t.kind != str && t.kind != semicolon:
		return
	case p.lastTok.kind == str && p.empty(p.lastTok) && p.quote != 0 && !p.quoted(): // or ''
	case p.lastTok.kind == str && p.quote != 0 && p.lastTok.key != cutOff && dated(p.data[:p.lastTok.off]): // or {d '2000-01-01'}
	case p.lastTok.kind == str && p.quote != 0 && inBits(p.data[p.lastTok.off:p.lastTok.off+p.lastTok.len]): // or b'1'
	case p.lastTok.kind == str && p.lastTok.key != cutOff, p.lastTok.key == cutOff && (p.lastTok.len < 2 || !isDigit(p.data[p.lastTok.off+1])):
		p.breakout()
		p.tally.AddWeight(&logicConstant, 1, span.off, span.len) // "wood" and "sign"
		return
	}
	switch {
	case p.begunByNumber(t) && p.truth(span): // 0 or true
		p.weigh(&logicConstant, 8, span)
	case p.quote != 0 && p.cut && t.kind == end: // [k') or 1=
		p.weigh(&logicConstant, logicConstant.Weight+1, span)
	case p.quote != 0:
		p.solid(&logicConstant, span)
	case t.kind == word:
		p.weigh(&logicConstant, 8, span)
	case t.kind == comment && (p.joins || p.closed > 0 || p.numbers) && cutsAll(p.data[t.off:]): // ) or 1--
		p.weigh(&logicConstant, 6, span)
	default:
		p.add(&logicConstant, span)
	}
}

func btoi(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}
