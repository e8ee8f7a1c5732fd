package sqli

import (
	"bytes"
	"unicode"

	"github.com/weirnode/weir/detect/lex"
)

// Bounds of what is passed over inside of a whole statement.
const (
	maxResumed = 4
	maxJunk    = 96
)

// resume passes over what cannot stand in a whole statement, SELECT a FROM b WHERE c =,
// up to the next UNION or operator: the application's own text stands in front of it,
// and what the attack put behind it was mangled on the way. It reports false where no
// such statement was read or nothing follows.
func (p *parser) resume(t token) bool {
	s := &p.scopes[0]
	if p.quote != 0 || p.resumed == maxResumed || !p.tallyHas(&statement) || !p.tallyHas(&fromClause) || s.clause != expression || p.bare || t.kind == comment && p.hard > 0 {
		return false
	}
	rest := p.data[t.off:min(len(p.data), t.off+maxJunk)]
	next := -1
	for _, w := range [...]string{"union", "or"} {
		if i := lex.IndexWord(rest, w); i >= 0 && (next < 0 || i < next) {
			next = i
		}
	}
	if next < 0 || next == 0 && p.resumed > 0 {
		return false
	}
	p.resumed++
	p.pos, p.depth, p.buried, p.operand, p.last = t.off+next, 0, 0, true, none
	p.mode.follow(end)
	*s = scope{clause: expression}
	return true
}

// cutOff reports whether dots stand for the rest of a value that a list left out.
func (p *parser) cutOff(t token) bool {
	rest := bytes.TrimLeft(p.data[t.off:], ".")
	dots := len(p.data) - t.off - len(rest)
	return dots > 1 && len(bytes.TrimLeftFunc(rest, unicode.IsSpace)) == 0
}

// cutByNul reports whether a NUL that is written as an escape ends the value.
func (p *parser) cutByNul(t token) bool {
	return len(p.data)-t.off < 7 && lex.OneOf(p.data[t.off:], `\0`, `\00`, `\x00`, `\u0000`)
}

// unwind closes parentheses in which the right side of a comparison stands alone and
// that the query itself will close: ("x")=("x.
func (p *parser) unwind() {
	for d := p.depth; d > 0 && p.scopes[d].level == group && !p.scopes[d].compares; d-- {
		if p.scopes[d-1].compares {
			p.depth = d - 1
			return
		}
	}
}

// measures reports whether feet or inches end a number, and words follow a dash: 12" -- solid oak.
func (p *parser) measures(t token) bool {
	words := bytes.TrimLeft(p.data[t.off:], "- ")
	return p.start > 1 && isDigit(p.data[p.start-2]) && t.off > p.start && t.len > 4 && p.data[t.off+2] == ' ' && len(words) > 0 && (lex.Letter(words[0]) || isDigit(words[0]))
}

// assigns reports whether what was read ends in a name, an equals sign and a constant.
func (p *parser) assigns() bool {
	s := p.scope()
	return s.compares && !s.logic && s.lhs == column && (p.last == literal || !p.operand)
}

// setsRight weighs a value that is a number, and another column behind it, which says what somebody may do,
// with a value of its own: 7,role='admin'
func (p *parser) setsRight() {
	s := p.scope()
	if p.numbers && p.tokens == 5 && p.assigns() && p.last == literal && p.lastTok.kind == str && grants(p.data[s.lhsAt:s.lhsAt+s.lhsLen]) {
		p.weigh(&assignment, 8, p.lastTok)
	}
}

// grants reports whether a column says what somebody may do.
func grants(column []byte) bool {
	return lex.OneOf(column, "role", "roles", "role_id", "is_admin", "isadmin", "admin", "is_staff", "is_superuser", "superuser", "user_type", "usertype", "privilege", "privileges", "password", "passwd", "pwd", "password_hash")
}

// matchesAll reports whether the right side is a pattern that any text matches: '%'.
func (p *parser) matchesAll(next token) bool {
	t := p.lastTok
	if next.kind == logic && p.data[next.off] == '|' { // '%' || $1 || '%' is put together
		return false
	}
	if t.kind != str || p.last != literal {
		return false
	}
	pattern := bytes.Trim(p.data[t.off:t.off+t.len], "'\"")
	return len(pattern) > 0 && len(bytes.Trim(pattern, "%")) == 0
}

// namedInQuotes reports whether what is compared is a name in double quotes, of a value that
// begins with a name itself, as conditions of APIs have it: a = b OR "Story Points" >= 5. In a
// whole statement it is compared with something else than another: WHERE "Art" LIKE 'Baum%'
func (p *parser) namedInQuotes(s *scope) bool {
	if memberOf(p.data[:min(int(s.lhsAt), len(p.data))]) {
		return true
	}
	if p.quote != 0 || int(s.lhsAt) >= len(p.data) || p.data[s.lhsAt] != '"' {
		return false
	}
	return p.bare || p.script && p.data[p.lastTok.off] != '"'
}

// memberOf reports whether a text ends with a column and the operator that leads to a member of
// the JSON in it: attribs->>'city' = 'Braga'
func memberOf(before []byte) bool {
	if n := len(before); n < 2 || before[n-1] != '>' || before[n-2] != '-' && before[n-2] != '>' {
		return false
	}
	column, ok := bytes.CutSuffix(bytes.TrimSuffix(before, []byte(">")), []byte("->"))
	if !ok {
		column, ok = bytes.CutSuffix(before, []byte("->"))
	}
	i := len(column)
	for i > 0 && lex.Word(column[i-1]) {
		i--
	}
	return ok && i < len(column) && !lex.Digit(column[i]) && (i == 0 || column[i-1] != ':')
}

// joinsName reports whether AND or OR and a name are all that was read behind a closed quote.
func (p *parser) joinsName() bool {
	s := p.scope()
	return p.quote == '\'' && p.tokens-p.closed == 2 && s.logic && p.last == column && !s.compares && !p.quoted()
}

// splits reports whether the value ends in an opened comment where an operand must follow
// AND or OR: ' or /*
func (p *parser) splits(t token) bool {
	return t.len == 2 && p.data[t.off] == '/' && !p.operand && p.tokens > 0 && p.prior.kind == logic && (p.quote != 0 && !p.quoted() || p.counted())
}

// counted reports whether all that was read is a number, and one word behind it.
func (p *parser) counted() bool {
	return p.quote == 0 && p.last == literal && p.lastTok.kind == number && p.tokens < 4
}

func (p *parser) weighSplit(t token) {
	weight := splitComment.Weight
	if p.quote == 0 {
		weight = 8
	}
	p.weigh(&splitComment, weight, t)
}

// cutsAll reports whether a comment is the end of a value, but for marks that the application would add, such as a
// quote, and words that say nothing.
func cutsAll(comment []byte) bool {
	for {
		comment = bytes.TrimLeft(comment, "-#/*; '\"+\t\r\n\v\f\u00a0")
		end := lex.WordEnd(comment, 0)
		if end == 0 || !saysNothing(comment[:end]) {
			return len(comment) == 0
		}
		comment = comment[end:]
	}
}

// maxDrawn bounds the words that tools draw, in bytes.
const maxDrawn = 8

// saysNothing reports whether a word is one that tools draw and nobody reads: x, AbCd, k9
func saysNothing(word []byte) bool {
	if len(word) < 3 || len(word) > maxDrawn {
		return len(word) < 3
	}
	upper := 0
	for _, c := range word[1:] {
		if 'A' <= c && c <= 'Z' {
			upper++
		}
	}
	return 0 < upper && upper+1 < len(word) || bytes.ContainsAny(word, "0123456789") || !bytes.ContainsAny(word, "aeiouyAEIOUY")
}

// cutInside weighs a condition inside of whose operand the value was cut off: 1 and
// 1=(if((load_file(char(.
func (p *parser) cutInside(t token) {
	if p.hard == 0 || p.scope().level != arguments {
		return
	}
	for i := range p.depth {
		if s := &p.scopes[i]; s.logic {
			p.add(&callCompare, token{compare, 0, int(s.logicAt), max(1, t.off-int(s.logicAt))})
			return
		}
	}
}

// cutsOff weighs a comment behind a condition that only the comment makes a break-out: one behind a
// number, 7 or id>0--, and the second half of a report, which ends in nothing.
func (p *parser) cutsOff(t token) bool {
	switch rest := p.data[t.off:]; {
	case p.script && p.hard == 0 && p.depth == 0 && p.tallyHas(&unionSelect) && len(bytes.Trim(rest, "- +\t\r\n")) == 0:
		p.hard++
		p.add(&commentEnd, t)
	case p.quote == 0 && p.script && p.hard == 0 && p.depth == 0 && p.begunBy() == kwCase && cutsAll(rest):
		p.weigh(&commentEnd, 5, t)
		p.hard++
	case (p.numbers || p.joins && p.begunByLogic()) && p.depth == 0 && p.conditional() && cutsAll(rest):
		p.weigh(&commentEnd, 5, t)
	default:
		return false
	}
	return true
}

// isZero reports whether a text begins with the number 0 and a blank.
func isZero(text []byte) bool { return len(text) > 1 && text[0] == '0' && text[1] <= ' ' }

// begunByLogic reports whether the value begins with AND or OR.
func (p *parser) begunByLogic() bool {
	l := lexer{data: p.data}
	return p.quote == 0 && l.next().kind == logic
}

// begunByIf reports whether the value begins with a call of IF or IIF.
func (p *parser) begunByIf() bool {
	l := lexer{data: p.data}
	first := l.next()
	return p.quote == 0 && (p.wordIs(first, "if") || p.wordIs(first, "iif")) && l.next().kind == open
}

// begunBy returns the word that the context begins with, 0 if it begins with none that is known.
func (p *parser) begunBy() keyword {
	l := lexer{data: p.data, pos: p.start}
	t := l.next()
	for t.kind == open {
		t = l.next()
	}
	return t.key
}

// conditional reports whether a condition was read, or what goes on behind one.
func (p *parser) conditional() bool {
	return p.fixed && p.tallyHas(&nameCompare) || p.tallyHas(&callCompare) || p.tallyHas(&between) || p.tallyHas(&intoVariable) || p.tallyHas(&limitClause)
}

// truth reports whether a condition is a truth value that no list of numbers goes on with:
// TRUE, NOT 0, ~1.
func (p *parser) truth(span token) bool {
	last := p.data[p.lastTok.off : p.lastTok.off+p.lastTok.len]
	l := lexer{data: p.data[:p.lastTok.off], pos: span.off}
	if l.next().kind != logic {
		return false
	}
	switch sign := l.next(); {
	case sign.kind == end:
		return lex.Equal(last, "true")
	case sign.kind == not, sign.kind == arith && p.data[sign.off] == '~':
		return l.next().kind == end && (sign.len == 1 || len(last) == 1 && last[0] <= '1' || p.lastTok.kind == word)
	}
	return false
}
