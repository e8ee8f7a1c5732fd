package sqli

import "sync"

// maxSights is how many tokens are remembered, by where they begin.
const maxSights = 64

// ahead remembers the tokens at which a parser has looked in front of the place that it reads, so that
// whoever asks for them next need not read them again.
type ahead struct {
	turn    uint64 // what was seen in another one is of another value
	end     int    // index behind which nothing was looked at
	sights  [maxSights]sight
	strings [4]stretch // long ones, by their quotes
	lines   [2]lines   // that were passed over last, without comments in comments and with them
	nested  nest
	block   block
	cut     int // what [cutAt] tells of the value, 0 before the first question
}

// stretch is where a string begins and ends. Every quote of its kind in it that is followed by another byte
// begins one with the same end.
type stretch struct{ first, end int }

// long is the length from which the end of a string is remembered, in bytes.
const long = 64

// within returns the end of the long string that holds a quote, 0 if none is known.
func (a *ahead) within(quote byte, at int) int {
	if s := &a.strings[quote%4]; s.first <= at && at < s.end-1 {
		return s.end
	}
	return 0
}

// spans notes where a string ends.
func (a *ahead) spans(quote byte, first, end int) {
	if end-first > long {
		a.strings[quote%4] = stretch{first, end}
	}
}

// lines is where a run of comments to the ends of lines and blanks begins and ends, and how a lexer left it. Every line
// in it leads to the same end.
type lines struct {
	first, end int
	mode       mode
}

// pass moves a lexer that stands at the end of a line to the end of the run in which that is, or notes how far the
// lines from first on were passed.
func (a *ahead) pass(l *lexer, first int) {
	s := &a.lines[(l.mode&nests)/nests]
	if s.first < l.pos && l.pos < s.end && (l.mode^s.mode)&^nestable == 0 && (l.mode.is(nestable) || !s.mode.is(nestable)) {
		l.pos = s.end
	} else if l.pos-first > long {
		*s = lines{first, l.pos, l.mode}
	}
}

// block is where a mark that ends comments stands next, and from where on that holds.
type block struct{ from, mark int }

// blockEnd is [blockEnd] with what is remembered.
func (a *ahead) blockEnd(data []byte, from int) int {
	if b := &a.block; from < b.from || from > b.mark {
		end := blockEnd(data, from)
		if end == 0 {
			end = len(data) + 2
		}
		*b = block{from, end - 2}
	}
	if a.block.mark == len(data) {
		return 0
	}
	return a.block.mark + 2
}

// endsInComment reports whether the value ends in a comment that cuts off the rest.
func (a *ahead) endsInComment(data []byte) bool {
	if a.cut == 0 {
		a.cut = cutAt(data)
	}
	return a.cut > 0
}

// sight is one token that was seen, and where it leads to.
type sight struct {
	turn             uint64
	pos, behind      int
	mode, modeBehind mode
	token            token
}

var aheads = sync.Pool{New: func() any { return new(ahead) }}

// newAhead returns one in which nothing was seen yet. It is to be put back into aheads.
func newAhead() *ahead {
	a := aheads.Get().(*ahead)
	a.turn++
	a.end, a.strings, a.lines, a.cut = 0, [4]stretch{}, [2]lines{}, 0
	a.nested.end, a.block = 0, block{}
	return a
}

// at returns the place for the token that a lexer reads next, and whether it holds it.
func (a *ahead) at(l *lexer) (s *sight, seen bool) {
	s = &a.sights[uint(l.pos)%maxSights]
	return s, s.pos == l.pos && s.mode == l.mode && s.turn == a.turn
}

// next is [lexer.next] with what was seen.
func (a *ahead) next(l *lexer) token {
	s, seen := a.at(l)
	if seen {
		l.pos, l.mode = s.behind, s.modeBehind
		return s.token
	}
	s.turn, s.pos, s.mode = a.turn, l.pos, l.mode
	a.end = max(a.end, l.pos+1)
	s.token = l.advance()
	s.behind, s.modeBehind = l.pos, l.mode
	return s.token
}
