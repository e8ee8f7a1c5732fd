package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// maxLiterals bounds the strings of one expression.
const maxLiterals = 16

// literals keeps what the strings of a key or a condition of OData stand for, in which two quotes stand
// for one: OData 4.01 ABNF, string.
func (p *Points) literals(text []byte, at place) {
	parent := at.ref
	at.kind = point.Text
	for n := range maxLiterals {
		open := bytes.IndexByte(text, '\'')
		if open < 0 || !p.room(len(text)) {
			return
		}
		text = text[open+1:]
		end, _ := doubledEnd(text, '\'')
		literal := text[:end]
		text = text[min(end+1, len(text)):]
		if len(literal) == 0 {
			continue
		}
		at.ref = p.Tree.AddIndex(parent, point.Array, n)
		p.value(p.arena.Commit(undoubled(p.arena.Grow(len(literal)), literal, '\'')), at)
	}
}
