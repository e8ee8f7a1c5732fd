package lex

// MostMarks is how many bytes [Marks] looks for at once.
const MostMarks = 4

// Marks finds the next of a few bytes in a text, place after place: where each stands next is looked for once.
// The zero Marks looks for none.
type Marks struct {
	n    int
	mark [MostMarks]byte
	at   [MostMarks]int
}

// Add has one more byte looked for, or reports false if there are as many already.
func (m *Marks) Add(mark byte) bool {
	if m.n == MostMarks {
		return false
	}
	m.mark[m.n], m.at[m.n] = mark, -1
	m.n++
	return true
}

// Next returns where the first of them stands from i on, or the end of the data. It is always the same data, and
// i never goes back.
func (m *Marks) Next(data []byte, i int) int {
	next := len(data)
	for k := range m.at[:m.n] {
		if m.at[k] < i {
			m.at[k] = Next(data, i, m.mark[k])
		}
		next = min(next, m.at[k])
	}
	return next
}
