package sqli

// push opens a scope: a parenthesis of a call, of a query or of a group.
func (p *parser) push(l level) bool {
	if p.depth == maxScopes-1 && !p.bury() {
		return false
	}
	outer := p.scope()
	p.depth++
	s := p.scope()
	*s = scope{level: l}
	if l == group { // or (1=1)
		s.logic, s.logicAt, s.clause = outer.logic, outer.logicAt, outer.clause
		if s.clause == columns || s.clause == tables {
			s.clause = expression
		}
	}
	p.operand = false
	return true
}

// maxBuried bounds the parentheses around a place to what databases take.
const maxBuried = 4096

// bury forgets the outer half of the scopes.
func (p *parser) bury() bool {
	const half = maxScopes / 2
	copy(p.scopes[:], p.scopes[half:])
	p.depth -= half
	p.buried += half
	return p.buried < maxBuried
}

// pop closes a parenthesis; one that the value did not open is the query's own.
func (p *parser) pop(t token) bool {
	inner := *p.scope()
	switch {
	case p.depth > 0:
		p.depth--
	case p.buried > 0:
		p.buried--
		p.scopes[0] = scope{logic: inner.logic, logicAt: inner.logicAt}
	default:
		return p.closeQuery(t)
	}
	outer := p.scope()
	p.operand, p.aliased = true, false
	switch inner.level {
	case query:
		p.last = subquery
		if inner.plain {
			p.weigh(&subselect, 2, t)
		}
	case arguments:
		p.last = call
	case group:
		outer.logic = outer.logic && inner.logic
		if p.data[t.off] == ']' { // of an array
			p.last = column
		}
	}
	return true
}

// closeQuery takes a parenthesis that the query opened.
func (p *parser) closeQuery(t token) bool {
	if p.quote == 0 && p.hard == 0 && (p.tokens > 40 || p.bare && p.tokens > 8) {
		return false
	}
	p.closed++
	p.add(&parenBreakout, t)
	p.operand, p.last = true, none
	p.scopes[0] = scope{}
	return true
}
