package sqli

import "sync"

// maxSights is how many tokens are remembered, by where they begin.
const maxSights = 64

// ahead remembers the tokens at which a parser has looked in front of the place that it reads, so that
// whoever asks for them next need not read them again.
type ahead struct {
	turn   uint32 // what was seen in another one is of another value
	end    int    // index behind which nothing was looked at
	sights [maxSights]sight
}

// sight is one token that was seen, and where it leads to.
type sight struct {
	turn             uint32
	pos, behind      int
	mode, modeBehind mode
	token            token
}

var aheads = sync.Pool{New: func() any { return new(ahead) }}

// newAhead returns one in which nothing was seen yet. It is to be put back into aheads.
func newAhead() *ahead {
	a := aheads.Get().(*ahead)
	a.turn++
	a.end = 0
	return a
}

// next is [lexer.next] with what was seen.
func (a *ahead) next(l *lexer) token {
	s := &a.sights[l.pos%maxSights]
	if s.turn == a.turn && s.pos == l.pos && s.mode == l.mode {
		l.pos, l.mode = s.behind, s.modeBehind
		return s.token
	}
	s.turn, s.pos, s.mode = a.turn, l.pos, l.mode
	a.end = max(a.end, l.pos+1)
	s.token = l.advance()
	s.behind, s.modeBehind = l.pos, l.mode
	return s.token
}
