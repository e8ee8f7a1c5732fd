package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

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
	if !s.logic && s.level == group && s.lhs != call && s.cases == 0 && p.depth == 0 && t.kind != comment && t.kind != closing {
		p.compared(s)
		return
	}
	constants := p.comparesConstants(s)
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

// compared ends a comparison that nothing asked for and nothing surrounds: it tells at most that the value is a chain.
func (p *parser) compared(s *scope) {
	if p.quote == 0 && (!p.chain || p.product) && p.comparesConstants(s) {
		p.chain, p.product = true, false
	}
	s.compares, s.lhs = false, none
}

// comparesConstants reports whether constants are compared, or a name with itself.
func (p *parser) comparesConstants(s *scope) bool {
	return s.compares && (s.lhs == literal && p.last == literal && !p.namedInQuotes(s) || p.sameNames(s))
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
	if s.lhs != column || p.last != column || s.lhsLen == 0 {
		return false
	}
	if a, b := p.data[s.lhsAt], p.data[p.lastTok.off]; a < 0x80 && b < 0x80 && a|0x20 != b|0x20 {
		return false
	}
	return (p.prior.kind != closing || p.alone(p.lastTok)) && bytes.EqualFold(p.data[s.lhsAt:s.lhsAt+s.lhsLen], p.data[p.lastTok.off:p.lastTok.off+p.lastTok.len])
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

// begunByNumber reports whether a value is a number, what is joined to it, and nothing else
// but a comment.
func (p *parser) begunByNumber(t token) bool {
	return p.numbers && p.depth == 0 && (p.closed == 0 && t.kind == end || t.kind == comment && cutsAll(p.data[t.off:]))
}

// asksCall reports whether a condition begins with a call of a function with a name of more
// than a letter, as those of mathematics are.
func (p *parser) asksCall(s *scope) bool {
	l := lexer{data: p.data, pos: int(s.logicAt)}
	l.next() // AND or OR
	f := l.next()
	return f.len > 1 && f.key != kwIn && l.next().kind == open
}

// likens reports whether a name is compared with a pattern in quotes by LIKE.
func (p *parser) likens(s *scope, pattern []byte) bool {
	from := int(s.lhsAt)
	return s.lhs == column && len(pattern) > 2 && pattern[0] == '\'' && bytes.IndexByte(pattern, '%') > 0 && p.lastTok.off-from < maxPattern && lex.Contains(p.data[from:p.lastTok.off], "like")
}

// asksByText reports whether a name is compared with a constant as no sentence does: with one in hexadecimal digits,
// or, behind a number, with a text.
func (p *parser) asksByText(s *scope, t token) bool {
	last := p.text(p.lastTok.off, p.lastTok.len)
	switch {
	case p.last != literal:
		return p.numbers && s.lhs == literal && wholeText(p.text(int(s.lhsAt), int(s.lhsLen))) && p.goesOn(t)
	case hexText(last):
		return true
	case !p.numbers:
		return false
	}
	return (p.data[0] == '-' || isZero(p.data) || last[0] == '"') && p.begunByNumber(t) || ownText(last) || p.likens(s, last) || wholeText(last) && p.goesOn(t)
}

// goesOn reports whether a query may end or go on with a token behind a condition, and no sentence.
func (p *parser) goesOn(t token) bool {
	switch t.kind { //nolint:exhaustive // the others are words of sentences, too
	case end, logic, closing, comment, semicolon:
		return true
	}
	return t.key == kwOrder || t.key == kwLimit || t.key == kwHaving || t.key == kwUnion
}

// wholeText reports whether a constant is a text between two single quotes.
func wholeText(c []byte) bool { return len(c) > 1 && c[0] == '\'' && lastByte(c) == '\'' }
