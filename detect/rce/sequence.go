package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// sequence remembers how far a value is nothing but commands, each behind a separator.
type sequence struct {
	end   int  // up to it the value was read
	other bool // and something else stood there
}

// behindCommands reports whether nothing but commands, each behind a separator, stand in front of one, and the
// value begins with a separator, a number or an address: ;echo a;echo b;id. Who lists words begins with one.
func (c *call) behindCommands() bool {
	switch c.at {
	case separator:
		return (c.rank != english || c.given()) && c.commandsUpTo(c.separatorAt())
	case substitution, backtick:
		return c.commandsUpTo(c.separatorAt() - 1)
	case start, ampersand:
	}
	return false
}

// given reports whether a word that people write, too, is given what only a command is: a number, a path, an option.
func (c *call) given() bool {
	return c.waits() || len(c.rest) > 1 && c.rest[0] == ' ' && (lex.Digit(c.rest[1]) || c.rest[1] == '/' || c.rest[1] == '-' && len(c.rest) > 2 && lex.Word(c.rest[2]))
}

// separatedUpTo reports whether a value begins with a separator and goes on with commands up to a place, as no
// text does, however many lines it has.
func (r *reader) separatedUpTo(end int) bool {
	return separatesFirst(r.data) && r.commandsUpTo(end)
}

func (r *reader) commandsUpTo(end int) bool {
	b := &r.commands
	if b.end == 0 {
		b.end = r.openings()
		b.other = r.data[0] == '|' && r.data[len(r.data)-1] == '|' // a row of a table
		if b.end == 0 {
			i := bytes.IndexAny(r.data[:min(len(r.data), longestWord)], ";|&\n")
			b.other = i < 1 || point.Classify(r.data[:i])&^point.Digit != 0 && !dotted(r.data[:i])
			b.end = i + 1
		}
	}
	for !b.other && b.end < end {
		b.pass(r.data)
	}
	return !b.other
}

// pass passes over a command, or a remark, and the separators behind it.
func (b *sequence) pass(data []byte) {
	i := b.end
	for i < len(data) && bytes.IndexByte([]byte(" \t({!"), data[i]) >= 0 {
		i++
	}
	if i < len(data) && data[i] == '#' {
		line := bytes.IndexByte(data[i:], '\n')
		if b.other = line < 0; !b.other {
			b.end = i + line + 1
		}
		return
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
