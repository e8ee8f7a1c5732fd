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
	if text := p.data[t.off : t.off+t.len]; p.quote == '`' || (text[0] == '#' && t.len > 1 || text[0] == '-' && t.len > 4 && text[2] != ' ') && (len(bytes.Trim(text, "-#;")) > 0 || p.start == 1 && t.len > 8) { // a line of a drawing
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

func btoi(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

func (p *parser) text(off, n int) []byte { return p.data[off : off+n] }
