package xss

import "bytes"

// quiet remembers from where on code behind closed strings goes on to its end without anything that counts.
// Most quotes of a program stand in front of what was read behind an earlier one.
type quiet struct {
	ends                [256]int32      // such places, one more than each, by their last bits
	places              [maxWords]int32 // that were passed since the last word that counts
	passed              int
	comments, operators stretch
	ending              found // of comments
	marks               [allMarks]found
}

// stretch is where the last long run of blanks and comments, or of operators and those, begins and ends, and
// whether it ends in front of a comment that has no end itself.
type stretch struct {
	first, end int
	unended    bool
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

// run is the length from which a run of blanks and comments is remembered.
const run = 64

// spans notes a run from first to end.
func (s *stretch) spans(first, end int, unended bool) {
	if end-first > run {
		*s = stretch{first, end, unended}
	}
}

// passedComments notes a run of blanks and comments.
func (q *quiet) passedComments(first, end int, long, unended bool) {
	if q != nil && !long {
		q.comments.spans(first, end, unended)
	}
}

// commentEnd returns the index behind the mark that ends a comment between an index and a limit, -1 if none does.
func (q *quiet) commentEnd(data []byte, from, limit int) int {
	if q == nil {
		return commentEnd(data[:limit], from)
	}
	if f := &q.ending; from < int(f.from) || from+len("*/") > int(f.behind) && f.behind >= 0 {
		*f = found{int32(from), int32(commentEnd(data, from))}
	}
	if int(q.ending.behind) > limit {
		return -1
	}
	return int(q.ending.behind)
}

func commentEnd(data []byte, from int) int {
	i := bytes.Index(data[from:], []byte("*/"))
	if i < 0 {
		return -1
	}
	return from + i + len("*/")
}

// inComments reports whether a comment belongs to such a run. One that begins within another ends where that does,
// unless they share a star.
func (q *quiet) inComments(data []byte, i int, long bool) bool {
	return q != nil && !long && i > q.comments.first && i+2 < q.comments.end && data[i-1] != '*' && data[i+2] != '/'
}

// commentedOn reports whether a comment begins behind an operator, or blanks behind that, and belongs to a run of
// operators: what follows its end belongs to that, too.
func (q *quiet) commentedOn(data []byte, i int) bool {
	if i <= q.operators.first || q.operators.end <= i {
		return false
	}
	for data[i] <= ' ' && i+3 < q.operators.end {
		i++
	}
	return i+2 < q.operators.end && data[i] == '/' && data[i+1] == '*' && data[i-1] != '*' && data[i+2] != '/'
}

// inOperators reports whether what follows the end of a comment belongs to a run of operators.
func (q *quiet) inOperators(data []byte, i int) bool {
	return i > q.operators.first+3 && i < q.operators.end && data[i-1] == '/' && data[i-2] == '*' && data[i-3] != '/'
}
