package lex

// Ahead tells whether a word stands in one of many windows of a text, the next of which never begins
// before the last: where the word stands next is looked for once.
type Ahead struct {
	data []byte
	word string
	next int // where the word stands next
	seen int // it begins nowhere before, but for where it was found
}

// NewAhead returns one for a word given in lower case.
func NewAhead(data []byte, lower string) Ahead {
	return Ahead{data: data, word: lower, next: -1}
}

// In reports whether the word stands between from and to.
func (a *Ahead) In(from, to int) bool {
	if a.next >= from {
		return a.next+len(a.word) <= to
	}
	start := max(from, a.seen)
	if start+len(a.word) > to {
		return false
	}
	i := Index(a.data[start:to], a.word)
	if i < 0 {
		a.seen = to - len(a.word) + 1
		return false
	}
	a.next = start + i
	a.seen = a.next
	return true
}
