package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// maxColumns bounds the columns that have names.
const maxColumns = 64

// csv reads the cells of a table (RFC 4180) into points below [csv], by the names in its first row,
// which is read as cells too. What parts the cells is what the first row has most of.
func (p *Points) csv(data []byte, at place) {
	at = at.deeper(p.Tree.Add(at.ref, point.CSV), 0)
	t := tableWalk{p: p, data: data, parts: partOfCells(data)}
	var names [maxColumns][]byte
	columns := 0
	for row := 0; t.pos < len(t.data) && p.room(0); row++ {
		above := at
		above.ref = p.Tree.AddIndex(at.ref, point.Array, row)
		for column, more := 0, true; more && p.room(0); column++ {
			var cell []byte
			cell, more = t.cell()
			if row == 0 && column < maxColumns {
				names[column] = cell
				columns = column + 1
			}
			classes := point.Classify(cell)
			if p.lean && spareText(cell, classes) {
				continue
			}
			inside := above
			if row > 0 && column < columns && len(names[column]) > 0 {
				inside.ref = p.Tree.AddName(above.ref, point.Hash, names[column])
			} else {
				inside.ref = p.Tree.AddIndex(above.ref, point.Array, column)
			}
			p.classifiedLeaf(cell, classes, inside)
		}
	}
}

// spareText reports whether a value is a number or a short word, which no detector reads.
func spareText(text []byte, classes point.Classes) bool {
	return len(text) < minToken && classes&^(point.Alpha|point.Digit|point.Dash) == 0
}

// partOfCells returns the mark that the first line has most of.
func partOfCells(data []byte) byte {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	most, part := 0, byte(',')
	for _, mark := range []byte(",;\t|") {
		if n := bytes.Count(line, []byte{mark}); n > most {
			most, part = n, mark
		}
	}
	return part
}

// tableWalk reads one cell after the other.
type tableWalk struct {
	p     *Points
	data  []byte
	pos   int
	parts byte
}

// cell returns the next cell and whether the row goes on. Quotes around it are taken off; behind them
// anything up to the end of the cell belongs to it.
func (t *tableWalk) cell() (text []byte, more bool) {
	rest := t.data[t.pos:]
	blanks := 0
	for blanks < len(rest) && rest[blanks] == ' ' {
		blanks++
	}
	if blanks < len(rest) && rest[blanks] == '"' {
		t.pos += blanks
		return t.quoted(rest[blanks+1:])
	}
	n := t.endOf(rest, 0)
	more = t.end(rest, n)
	return rest[:n], more
}

// quoted returns the cell whose opening quote stands before rest.
func (t *tableWalk) quoted(rest []byte) (text []byte, more bool) {
	end, doubled := doubledEnd(rest, '"')
	t.pos++
	text, behind := rest[:end], min(end+1, len(rest))
	n := t.endOf(rest, behind)
	more = t.end(rest, n)
	if doubled && t.p.room(len(text)) {
		text = t.p.arena.Commit(undoubled(t.p.arena.Grow(len(text)), text, '"'))
	}
	if odd := bytes.TrimSpace(rest[behind:n]); len(odd) > 0 && t.p.room(n) {
		text = t.p.arena.Copy(bytes.Join([][]byte{text, odd}, nil))
	}
	return text, more
}

// endOf returns where the cell that n of rest is in ends. Old files end lines with CR alone.
func (t *tableWalk) endOf(rest []byte, n int) int {
	for n < len(rest) && rest[n] != t.parts && rest[n] != '\n' && rest[n] != '\r' {
		n++
	}
	return n
}

// end steps over what ends a cell at n of rest and reports whether the row goes on.
func (t *tableWalk) end(rest []byte, n int) (more bool) {
	if n+1 < len(rest) && rest[n] == '\r' && rest[n+1] == '\n' {
		t.pos++
	}
	t.pos += min(n+1, len(rest))
	return n < len(rest) && rest[n] == t.parts
}

// doubledEnd returns the index of the quote that ends a text in which two stand for one, its length if
// none does, and whether there are two.
func doubledEnd(text []byte, quote byte) (end int, doubled bool) {
	for {
		n := bytes.IndexByte(text[end:], quote)
		if n < 0 {
			return len(text), doubled
		}
		if end += n; end+1 >= len(text) || text[end+1] != quote {
			return end, doubled
		}
		doubled = true
		end += 2
	}
}

// undoubled appends text in which a doubled quote stands for one.
func undoubled(out, text []byte, quote byte) []byte {
	for i := 0; i < len(text); i++ {
		out = append(out, text[i])
		if text[i] == quote && i+1 < len(text) && text[i+1] == quote {
			i++
		}
	}
	return out
}
