package lex

// Ahead tells whether a word stands in one of many windows of a text, the next of which never begins
// before the last: where the word stands next is looked for once.
type Ahead struct {
	data []byte
	word string
	next int // where the word stands next, the text's length if nowhere
}

// NewAhead returns one for a word given in lower case.
func NewAhead(data []byte, lower string) Ahead {
	return Ahead{data: data, word: lower, next: -1}
}

// In reports whether the word stands between from and to.
func (a *Ahead) In(from, to int) bool {
	if a.next < from {
		i := Index(a.data[min(from, len(a.data)):], a.word)
		if i < 0 {
			a.next = len(a.data)
		} else {
			a.next = from + i
		}
	}
	return a.next+len(a.word) <= to
}
