package sqli

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// glued reads a subquery that an operator or a comma glues to a value of any kind, as
// scanners do: a@b.example,(select*from(select(sleep(9)))a). It counts only with a
// function that waits, reads files or tells about the database.
func (r *reader) glued() {
	data := r.data
	i := lex.Index(data, "(select")
	if i < 0 || i > 0 && bytes.IndexByte([]byte(",|+-*/%=<>&'\""), data[i-1]) < 0 {
		return
	}
	t := r.tally(i, 0, false, evidence.Raw)
	if t.Count(timeFunction.Stamp)+t.Count(graveFunction.Stamp)+t.Count(infoFunction.Stamp)+t.Count(systemVariable.Stamp) > 0 && t.Score() > r.best.Score() {
		*r.best = t
	}
}

// Bounds of a probe.
const (
	maxProbed = 48
	minProbe  = 8
)

// probe finds what sqlmap sends first: a value and ten signs, each of which means
// something in a query, in no order that could be one.
func probe(data []byte, best *evidence.Tally) {
	n := len(data)
	if n > maxProbed || n < minProbe {
		return
	}
	from := n
	var seen [256]bool
	for from > 0 && bytes.IndexByte([]byte("'\"(),."), data[from-1]) >= 0 {
		from--
		seen[data[from]] = true
	}
	if n-from < minProbe || !seen['\''] || !seen['"'] || !seen['('] && !seen[')'] || point.Classify(data[:from])&^(point.Alpha|point.Digit|point.Dash|point.Dot|point.HashAt) != 0 {
		return
	}
	var t evidence.Tally
	t.Reset(attack.SQLi, evidence.Raw)
	t.Add(&syntaxProbe, from, n-from)
	if t.Score() > best.Score() {
		*best = t
	}
}
