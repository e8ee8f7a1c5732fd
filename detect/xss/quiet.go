package xss

// quiet remembers from where on code behind closed strings goes on to its end without anything that counts.
// Most quotes of a program stand in front of what was read behind an earlier one.
type quiet struct {
	ends   [256]int32      // such places, one more than each, by their last bits
	places [maxWords]int32 // that were passed since the last word that counts
	passed int
	first  int // where the last long run of comments begins, and ends
	end    int
}

// run is the length from which a run of blanks and comments is remembered.
const run = 64

// spans notes where a run of blanks and comments begins and ends.
func (q *quiet) spans(first, end int, long bool) {
	if q != nil && !long && end-first > run {
		q.first, q.end = first, end
	}
}

// behind returns the end of the run in which a comment stands, 0 if it is in none. One that begins within another
// ends where that does, unless they share a star.
func (q *quiet) behind(data []byte, i int, long bool) int {
	if q == nil || long || i <= q.first || i+2 >= q.end || data[i-1] == '*' || data[i+2] == '/' {
		return 0
	}
	return q.end
}

// known reports whether a place is such a one. It notes those that are not known.
func (q *quiet) known(i int) bool {
	if q.ends[i%len(q.ends)] == int32(i)+1 {
		return true
	}
	q.places[q.passed] = int32(i)
	q.passed++
	return false
}

// loud forgets the places that were passed: what follows them may count.
func (q *quiet) loud() { q.passed = 0 }

// keep remembers the places that were passed: the code has ended.
func (q *quiet) keep() {
	for _, i := range q.places[:q.passed] {
		q.ends[int(i)%len(q.ends)] = i + 1
	}
	q.passed = 0
}
