// Package ldapi finds injection into filters of directory searches (RFC 4515).
//
// A value is read from its first byte as what an application puts between
// (uid= and ): some literal, a parenthesis that closes the application's own
// condition, then more conditions. The first byte that cannot stand there ends the
// reading, so formulas, smileys, Lisp and regular expressions do not get far. Behind
// a text instead of a literal it must reach the value's end.
package ldapi

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue   = point.MaxRead
	maxLiteral = 64
	maxBlanks  = 2
	maxHex     = 4 << 10
)

// Gate reports whether a value can continue a filter.
func Gate(v *point.Value) bool {
	const marks = point.Equal | point.Star | point.Ampersand | point.Pipe | point.Mark | point.Control | point.PercentSign
	if (v.Classes&point.Paren == 0 || v.Classes&marks == 0) && v.Classes&point.Backslash == 0 || len(v.Data) < 3 {
		return false
	}
	switch v.Kind { //nolint:exhaustive // the others can
	case point.UserAgent: // clients have a version behind a slash
		return v.Classes&(point.Slash|point.Space) == 0
	case point.Number, point.FileHead, point.XMLDecl, point.Document, point.GQLDocument:
		return false
	}
	return true
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.LDAPi, evidence.SearchFilter)
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Classes&point.Backslash != 0 && len(data) <= maxHex {
		hexed(data, v.Pairs, best)
	}
	if v.Classes&point.Paren == 0 || best.Score() >= evidence.Threshold {
		return
	}
	p := parser{data: data, tally: best}
	if lex.HasPrefix(p.data, "*()|&") || lex.HasPrefix(p.data, "*()|%26") {
		p.add(&probe, 0, 5)
	}
	p.read()
	if n := len(data); data[0] == '(' && data[n-1] == ')' && best.Score() > evidence.Gray && lex.Contains(owner(v.Ref, tree), "filter") && !lex.Contains(data, "passw") {
		best.Cap(evidence.Gray) // the parameter is for whole filters
	}
}

// owner returns the name of the place of a value, or of the list that it is in.
func owner(ref point.Ref, tree *point.Tree) []byte {
	if tree.Tag(ref) == point.Array {
		ref = tree.Parent(ref)
	}
	return tree.Name(ref)
}

// parser reads a value as the continuation of a filter.
type parser struct {
	data  []byte
	pos   int
	depth int // of parentheses the value opened
	own   int // conditions in parentheses of the value
	out   bool
	odd   int // conditions on unknown attributes
	ended int // conditions of the application that were closed
	end   int // of the value but for parentheses that close
	stars int // and but for stars, too
	tally *evidence.Tally
}

// ends finds what the value ends with once for all its conditions.
func (p *parser) ends() {
	p.end, p.stars = len(bytes.TrimRight(p.data, ")")), len(bytes.TrimRight(p.data, "*)"))
}

// read reads a value from what the application expects, or where that is a text of any kind, from its end.
func (p *parser) read() {
	if p.prefixed() || p.literal() {
		p.conditions()
		return
	}
	if p.pos = unopened(p.data); p.pos < 0 {
		return
	}
	before := *p.tally
	if p.conditions(); p.pos < len(p.data) && p.tally.Count(cutOff.Stamp) == 0 || p.tally.Score() < evidence.Threshold { // words in parentheses
		*p.tally = before
	}
}

// unopened returns where a parenthesis closes what the value did not open, which ends the application's
// condition whatever stands in front; -1 if none does.
func unopened(data []byte) int {
	depth := 0
	for i, c := range data {
		if c&^1 != '(' { // neither
			continue
		}
		if c == '(' {
			depth++
		} else if depth--; depth < 0 {
			return i
		}
	}
	return -1
}

// literal reads what the application expects: a name, or a star.
func (p *parser) literal() bool {
	blanks := 0
	for p.pos < len(p.data) && p.pos <= maxLiteral {
		switch c := p.data[p.pos]; c {
		case '(', ')':
			return p.pos == 0 || c == ')' || p.behindStar() || c == '(' && p.behindOperator()
		case ' ':
			if p.pos > 0 && p.data[p.pos-1] != ' ' {
				blanks++
			}
			if blanks > maxBlanks {
				return false
			}
		case '<', '>', '"', '{', '}', ';', '\n':
			return false
		}
		p.pos++
	}
	return false
}

// prefixed reports whether a value is an operator with its condition, which the
// application puts behind the parenthesis of its own: |(cn=*)
func (p *parser) prefixed() bool {
	if c := p.data[0]; c != '|' && c != '&' && c != '!' || p.data[1] != '(' || p.data[len(p.data)-1] != ')' && p.data[len(p.data)-1] != '*' || bytes.Contains(p.data, []byte("==")) || bytes.IndexByte(p.data, ' ') >= 0 {
		return false
	}
	p.add(&operator, 0, 1)
	p.pos = 1
	return true
}

// behindOperator reports whether all in front of the position is an operator, quoted or
// not, or the scope of an LDAP URL, behind which its filter stands: |( and '|( and ?sub?(.
func (p *parser) behindOperator() bool {
	before := p.data[:p.pos]
	if n := lex.SuffixLength(before, []string{"?sub?", "?one?", "?base?"}); n > 0 {
		p.add(&scoped, p.pos-n, n)
		p.out = true
		return true
	}
	if n := len(before); n < 1 || n > 3 || before[n-1] != '|' && before[n-1] != '&' || n > 1 && before[0] != '\'' && before[0] != '"' {
		return false
	}
	p.add(&operator, p.pos-1, 2)
	return true
}

// behindStar reports whether a star stands in front of the position, but for blanks.
func (p *parser) behindStar() bool {
	before := bytes.TrimRight(p.data[:p.pos], " ")
	return len(before) > 0 && before[len(before)-1] == '*'
}

// conditions reads parentheses, operators and comparisons until something else comes.
func (p *parser) conditions() {
	p.ends()
	for p.pos < len(p.data) {
		before := p.pos
		if !p.step() || p.pos == before {
			break
		}
	}
	p.whole()
}

func (p *parser) step() bool {
	switch p.data[p.pos] {
	case ')':
		p.closing()
	case '(':
		p.opening()
	case '*', '\'':
		p.pos++
	case ' ', '\t', '\n', '\r': // that directories skip
		p.pos = lex.SkipSpace(p.data, p.pos)
	case 0:
		p.cut(1)
		return false
	case '%', '\\':
		return p.escaped()
	default:
		return p.compare()
	}
	return true
}

// closing reads a parenthesis; one too many closes the application's condition.
func (p *parser) closing() {
	if p.depth > 0 {
		p.depth--
		p.pos++
		return
	}
	start, weight := p.pos, breakout.Weight
	if start > 0 && p.data[start-1] == '*' {
		weight++
	}
	p.pos++
	i := p.pos
	for c := p.at(i); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = p.at(i) {
		i++
	}
	switch c := p.at(i); {
	case (c == '&' || c == '|' || c == '!') && p.at(i+1) == '(': // in front of its parenthesis
		p.add(&operator, i, 1)
		p.pos = i + 1
	case c == '(' || c == ')' || c == 0 || c == '%' || c == '\\':
	default:
		return
	}
	p.out = true
	p.ended++
	p.tally.AddWeight(&breakout, weight, start, 1)
}

// opening reads a parenthesis and the operator behind it.
func (p *parser) opening() {
	p.depth++
	p.own++
	start := p.pos
	if !p.out && p.behindStar() {
		p.out = true
		p.tally.Add(&breakout, p.pos, 1)
	}
	p.pos = lex.SkipSpace(p.data, p.pos+1)
	c := p.at(p.pos)
	if c != '&' && c != '|' && c != '!' {
		return
	}
	p.pos++
	p.add(&operator, start, p.pos-start)
	if rest := p.data[p.pos:]; p.out && (len(rest) == 0 || len(rest) == 1 && rest[0] == '(') {
		p.add(&dangling, start, p.pos-start)
	}
	if p.at(p.pos) == ')' && c != '!' {
		p.add(&absolute, start, p.pos+1-start)
	}
}

func (p *parser) at(i int) byte {
	if i < len(p.data) {
		return p.data[i]
	}
	return 0
}

func (p *parser) add(s *evidence.Sign, off, n int) { p.tally.Add(s, off, n) }

// escaped reads an escaped NUL that another layer decodes: %00, \00, \x00.
func (p *parser) escaped() bool {
	rest := p.data[p.pos:]
	if lex.HasPrefix(rest, "%00") || lex.HasPrefix(rest, `\00`) || lex.HasPrefix(rest, `\x00`) || lex.HasPrefix(rest, `\u0000`) {
		p.cut(3)
	}
	return false
}

// cut weighs a NUL behind what was closed. Two parentheses in front of it end a group of the
// application's own.
func (p *parser) cut(n int) {
	weight := cutOff.Weight
	if p.ended > 1 || p.pos+n == len(p.data) && p.ended > 0 {
		weight++
	}
	p.tally.AddWeight(&cutOff, weight, p.pos, n)
}

// compare reads attribute, operator and value.
func (p *parser) compare() bool {
	start := p.pos
	for p.pos < len(p.data) && (lex.Word(p.data[p.pos]) || p.data[p.pos] == '-' || p.data[p.pos] == '.' || p.data[p.pos] == ';') {
		p.pos++
	}
	name := p.data[start:p.pos]
	if len(name) == 0 && !lex.HasPrefix(p.data[p.pos:], ":dn:") || p.depth == 0 && !p.out {
		return false
	}
	extended := p.extended()
	p.pos = lex.SkipSpace(p.data, p.pos)
	if c := p.at(p.pos); c == '>' || c == '<' || c == '~' || c == ':' {
		p.pos++
	}
	if p.at(p.pos) != '=' {
		return false
	}
	p.pos++
	if known(name) || numbered(name) || compound(name) {
		p.add(&attribute, start, p.pos-start)
	} else {
		p.odd++
		p.add(&unknown, start, p.pos-start)
	}
	if extended {
		p.add(&matching, start, p.pos-start)
	}
	p.pos = lex.SkipSpace(p.data, p.pos)
	if p.at(p.pos) == '*' {
		weight := presence.Weight
		if p.out && p.own == 1 && p.stars <= p.pos { // k)(a=*
			weight++
		}
		p.tally.AddWeight(&presence, weight, start, p.pos+1-start)
	}
	if value := p.data[p.pos:max(p.pos, p.end)]; p.out && len(name) > 0 && lex.Digit(name[0]) && bytes.Equal(value, name) { // k)(1=1
		p.add(&absolute, start, p.pos+len(value)-start)
	}
	return p.assertion()
}

// extended skips :dn:2.5.13.5 of an extensible match.
func (p *parser) extended() bool {
	if p.at(p.pos) != ':' || p.at(p.pos+1) == '=' {
		return false
	}
	i := p.pos + 1
	for i < len(p.data) && (lex.Word(p.data[i]) || p.data[i] == '.' || p.data[i] == ':' && p.at(i+1) != '=') {
		i++
	}
	if p.at(i) != ':' || i-p.pos < 3 {
		return false
	}
	p.pos = i
	return true
}

// assertion skips a comparison's value up to a parenthesis.
func (p *parser) assertion() bool {
	for ; p.pos < len(p.data); p.pos++ {
		if c := p.data[p.pos]; c == '(' || c == ')' || c == 0 {
			return true
		}
	}
	return false
}

// whole weighs the value as a complete filter: (&(a=b)(c=d)).
func (p *parser) whole() {
	if p.data[0] == '(' && p.depth == 0 && p.pos >= len(p.data) && !p.out && p.tally.Count(operator.Stamp) > 0 {
		switch {
		case template(p.data):
			p.tally.Cap(evidence.Gray)
		case p.own >= 3:
			p.add(&filter, 0, len(p.data))
		}
	}
	if (lex.HasPrefix(p.data, "ldap://") || lex.HasPrefix(p.data, "ldaps://")) && bytes.IndexByte(p.data, '*') < 0 { // of a directory, with its filter
		p.tally.Cap(evidence.Gray)
	}
	if !p.out && p.tally.Count(operator.Stamp) == 0 {
		p.tally.Cap(evidence.Gray - 1)
	}
}

// template reports whether a filter leaves a place for what an application fills in, as
// settings of directories do: (&(objectClass=user)(uid=%u)).
func template(b []byte) bool {
	for _, place := range [...]string{"=%u", "=%s", "={0}", "=%{", "={{", "=$user", "={user", "={login"} {
		if lex.Contains(b, place) {
			return true
		}
	}
	return false
}
