package sqli

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// quotes reads behind the quotes of a kind that could end a string: those that end the query's
// own, and of the others the first. A run of quotes is pairs that stand for one, so that its end
// matters, and its first.
func (r *reader) quotes(quote byte, context evidence.Context) {
	data := r.data
	tried, seen := 0, 0
	var c closings
	for from := 0; r.best.Score() < evidence.Certain; {
		i := bytes.IndexByte(data[from:], quote)
		if i < 0 {
			return
		}
		first := from + i + 1
		from = first
		for from < len(data) && data[from] == quote {
			from++
		}
		before := seen
		seen += from - first + 1
		if quote == '`' && from > first { // of Markdown: no name is empty
			continue
		}
		ends := c.first(data, first-1, from)
		if !ends && (tried >= maxQuotes || r.done() || r.dumps && seen%2 == 0 && from-first < 2 && endsElement(data[from:])) { // the end of a constant of a dump's own
			if c.standard && c.backslash && !r.dumps {
				return
			}
			continue
		}
		as := place(before, ends)
		if worthReading(data, from) {
			r.behindQuote(from, quote, as, context)
		}
		if from == first+1 { // a pair: '' or ''='
			r.behindQuote(first, quote, place(before, false), context)
		}
		tried++
	}
}

// role is what a quote can be.
type role uint8

const (
	ending role = iota // it can end the query's own string
	pair               // two in a row that the value begins with, but for words
	later              // it ends a string that the value itself began
)

// place returns the role of a quote with so many in front.
func place(before int, ends bool) role {
	switch {
	case ends:
		return ending
	case before == 0:
		return pair
	}
	return later
}

// closings are the quotes that can end the query's own string: the first that nothing escapes.
// Two in a row are one of the string. A backslash escapes in some databases and not by the standard, so
// that there may be two first ones.
type closings struct{ standard, backslash bool } // that were seen

// first reports whether a run of quotes is such a one.
func (c *closings) first(data []byte, from, to int) bool {
	odd := (to-from)%2 == 1
	behind := odd != escaped(data[:from])
	first := odd && !c.standard || behind && !c.backslash
	c.standard = c.standard || odd
	c.backslash = c.backslash || behind
	return first
}

// phrase reports whether a quote opens a phrase in a text rather than closing a string: behind
// words and a blank, in front of a letter, and with an end of its own: near 'union all' at line 3.
// What is SQL beyond that end, or hides it in a comment, is none.
func phrase(data []byte, first int, quote byte) bool {
	if first == 1 && titled(data, quote) {
		return true
	}
	if first < 2 || first >= len(data) || data[first-2] > ' ' && data[first-2] != ':' || !lex.Letter(data[first]) {
		return false
	}
	end := bytes.IndexByte(data[first:], quote)
	if data[first-2] == ':' { // of a field: title:"union select"|drop
		return end > 0 && first > 3 && lex.Word(data[first-3]) && point.Classify(data[first:first+end])&^Words == 0
	}
	if end < 0 || !lex.Prose(data[max(0, first-maxBefore):first-1]) {
		return false
	}
	behind := data[first+end+1:]
	return len(behind) == 0 || behind[0] <= ' ' || behind[0] == '<' || (behind[0] == '.' || behind[0] == ',' || behind[0] == ';' || behind[0] == ':') && (len(behind) == 1 || behind[1] <= ' ')
}

// titled reports whether a text is words in quotes and words behind them, as people search for
// what they have read: "union select" typo in docs
func titled(data []byte, quote byte) bool {
	end := bytes.IndexByte(data[1:], quote)
	if end < 0 {
		return false
	}
	inside, behind := data[1:1+end], data[2+end:]
	return len(inside) > 0 && lex.Letter(inside[0]) && len(behind) > 0 && behind[0] == ' ' && point.Classify(inside)&^Words == 0 && point.Classify(behind)&^Words == 0 && bytes.Count(bytes.TrimSpace(behind), []byte(" ")) > 0
}

// maxBefore bounds the text in front of a phrase that is looked at.
const maxBefore = 256

// behindQuote reads behind a quote. One that is not the first ends a string that the value
// itself began; what follows is then more often the value's own language than the query's,
// and needs a sign that no such language has.
func (r *reader) behindQuote(from int, quote byte, as role, context evidence.Context) {
	own := r.tally(from, quote, as == later, context)
	if own.Score() <= r.best.Score() {
		return
	}
	if own.Score() >= evidence.Threshold && (r.whole && quote == '"' || !r.legal && phrase(r.data, from, quote)) {
		own.Cap(evidence.Threshold - 1)
	}
	if quote == '`' && bytes.Contains(r.data, []byte("\n```")) && bytes.Count(r.data[:from], []byte{'`'})%2 == 0 { // the end of code in Markdown
		own.Cap(evidence.Gray - 1)
	}
	if as == later && !holds(own, foreignSigns) {
		own.Cap(evidence.Gray - 1)
	}
	if own.Count(unionSelect.Stamp) > 0 && (as == later && r.selected(from) || as != ending && lex.HasPrefix(r.data, "select ") && bytes.Count(r.data[:from], []byte{quote})%2 == 0) {
		own.Cap(evidence.Threshold - 1)
	}
	r.keep(own)
}

// selected reports whether the string that ends before from is one of a query that the
// value itself has on a line of an article.
func (r *reader) selected(from int) bool {
	before := r.data[max(0, from-256):from]
	i := bytes.LastIndexByte(before, '\n')
	return i >= 0 && lex.HasPrefix(before[i+1:], "select ") && lex.Contains(before[i+1:], " from ") && lex.Prose(before[:i])
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
	if c <= ' ' {
		return !plainWord(data, lex.SkipSpace(data, i))
	}
	if c >= 0x80 {
		return true
	}
	if point.ClassOf[c]&(point.Alpha|point.Digit) == 0 {
		return single[c] != end && c != '.' && c != ':' || c == ':' && bytes.HasPrefix(data[i:], []byte("::")) || c == '#' || c == '@' || c == '{'
	}
	if plainWord(data, i) {
		return false
	}
	l := lexer{data: data, pos: i}
	t := l.next()
	return t.kind == name && lex.OneOf(data[t.off:t.off+t.len], "returning", "member", "overlaps", "starts", "contains") || t.kind == logic || t.kind == compare || t.kind == word || t.kind == not || t.kind == arith
}

// plainWord reports whether a word begins at i that is nothing but a name, however it is read: no word
// that is known, none inside of itself, and no comment parts it.
func plainWord(data []byte, i int) bool {
	end := i
	for end < len(data) && inWord[data[end]] {
		end++
	}
	w := data[i:end]
	if len(w) == 0 || !lex.Letter(w[0]) || end < len(data) && (data[end] >= 0x80 || bytes.HasPrefix(data[end:], []byte("/*"))) {
		return false
	}
	return !isKnown(w) && !operatorNames.Has(w) && !mayNest(w)
}

// cutOffString ends a context at a string without end: with the context's own quote
// it is the query's own closing quote that will end it.
func (p *parser) cutOffString(t token) {
	own := p.quote != 0 && p.data[t.off] == p.quote
	if p.operand {
		if own && p.hard > 0 && p.tokens > 0 && p.last != none && t.len == 1 {
			p.condition(token{kind: end, off: t.off}) // 1' or 1=1 or '
			p.add(&reopened, t)
			return
		}
		if own && t.len == 1 && p.hard == 0 && p.scope().logic && !p.scope().compares && p.lastTok.kind == str && p.empty(p.lastTok) { // ' or '' '
			p.condition(token{kind: end, off: t.off})
			p.add(&reopened, t)
			return
		}
		if own && p.tokens > 0 && p.hard == 0 && commentOnly(p.data[t.off+1:]) { // 1' or 2=2'--
			p.condition(token{kind: end, off: t.off})
			return
		}
		p.fail()
		return
	}
	p.legal = own && !p.startsWithWords()
	p.betweenQuotes(t, own)
	if own && p.scope().compares && (p.sets > 0 && (!p.quoted() || p.granted) || p.row && p.assigns() && grants(p.data[p.scope().lhsAt:p.scope().lhsAt+p.scope().lhsLen])) { // ', role='admin', active='1
		p.solid(&assignment, t)
	}
	p.unwind()
	p.operand, p.last, p.lastTok = true, literal, t
	if p.quote == 0 && t.len == 1 && p.scope().compares && p.tallyHas(&timeFunction) { // sleep(5)='
		p.add(&reopened, t)
	}
	if s := p.scope(); own && s.compares && !s.logic && p.depth == 0 && p.tokens < 3 && p.hard == 0 && t.len > 1 && (point.ClassOf[p.data[t.off+1]]&(point.Alpha|point.Digit) != 0 || p.data[t.off+1] == '%' || lex.Letter(p.data[p.prior.off])) && !p.quoted() && bytes.IndexByte(p.data[t.off:], ' ') < 0 { // ' like '1
		p.weigh(&constCompare, 3, t)
	}
	p.condition(t)
	if own && p.hard > 0 {
		p.add(&reopened, t)
	}
	p.plainCap()
	if p.hard == 0 || own && p.start == 1 && p.tokens == 1 && !p.betweens() {
		p.tally.Cap(7)
	}
}

// commentOnly reports whether a text is nothing but a comment that hides what follows.
func commentOnly(b []byte) bool {
	b = bytes.TrimSpace(b)
	return bytes.Equal(b, []byte("--")) || bytes.Equal(b, []byte("#")) || bytes.Equal(b, []byte("-- -"))
}

// betweenQuotes weighs '-', '=' and the like as a whole value.
func (p *parser) betweenQuotes(t token, own bool) {
	if own && p.start == 1 && p.tokens == 1 && p.betweens() && (t.len == 1 || t.len == 2 && isDigit(p.data[t.off+1])) && t.off == len(p.data)-t.len {
		p.add(&quoteOnly, token{off: 0, len: len(p.data)})
		p.hard++
	}
}

// betweens reports whether the token between two quotes is an operator, and no word that is asked
// for in its quotes: "or".
func (p *parser) betweens() bool {
	return p.prior.kind != word && (p.quote == '\'' || !lex.Letter(p.data[p.start]))
}

// startsWithWords reports whether two words or more and nothing else stand between the closed quote and
// the next, as in a phrase.
func (p *parser) startsWithWords() bool {
	inside, _, _ := bytes.Cut(p.data[p.start:], []byte{p.quote})
	blank := bytes.IndexByte(inside, ' ')
	return blank > 0 && inside[len(inside)-1] != ' ' && point.Classify(inside)&^Words == 0
}
