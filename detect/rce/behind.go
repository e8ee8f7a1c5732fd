package rce

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// behind remembers how far a value is nothing but commands, each behind a separator.
type behind struct {
	end   int  // up to it the value was read
	other bool // and something else stood there
}

// behindCommands reports whether nothing but commands, each behind a separator, stand in front of one, and the
// value begins with a separator, a number or an address: ;echo a;echo b;id. Who lists words begins with one.
func (c *call) behindCommands() bool {
	if c.at != separator || c.rank == english {
		return false
	}
	b := &c.commands
	if b.end == 0 {
		b.end = c.openings()
		if b.end == 0 {
			i := bytes.IndexAny(c.data[:min(len(c.data), longestWord)], ";|&\n")
			b.other = i < 1 || point.Classify(c.data[:i])&^point.Digit != 0 && !dotted(c.data[:i])
			b.end = i + 1
		}
	}
	for !b.other && b.end < c.separatorAt() {
		b.pass(c.data)
	}
	return !b.other
}

// pass passes over a command and the separator behind it.
func (b *behind) pass(data []byte) {
	i := b.end
	for i < len(data) && bytes.IndexByte([]byte(" \t({!"), data[i]) >= 0 {
		i++
	}
	word := readWord(data, i)
	setting := word.end < len(data) && data[word.end] == '='
	if b.other = !setting && (word.n > 0 || i == len(data)) && rankOf(word.text()) == unknown && string(word.text()) != ":"; b.other {
		return
	}
	b.end = max(i, word.end)
	for b.end < len(data) {
		b.end += argumentsEnd(data[b.end:], separator)
		if b.end == len(data) || data[b.end] != ')' && data[b.end] != '`' {
			break
		}
		b.end++
	}
	for b.end < len(data) && bytes.IndexByte([]byte(";|&\n\r })"), data[b.end]) >= 0 {
		b.end++
	}
}
