package ldapi

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// hexed reads a value in which signs of a filter are written as it escapes them, \29\28uid=\2a,
// for applications that read escapes before they build the filter. Either both parentheses are
// written so, or one that closes a condition is, or an operator or a star beside bare ones.
func hexed(data []byte, p *point.Pairs, best *evidence.Tally) {
	if !p.May(`\29`) && !mixed.May(p) {
		return
	}
	bare := bytes.IndexByte(data, ')') >= 0 && bytes.IndexByte(data, '(') >= 0
	if at, _ := mixed.First(data); (!bare || at < 0) && (!bytes.Contains(data, []byte(`\29`)) || at < 0 && !bytes.Contains(data, []byte(`\28`))) {
		return
	}
	var buf [maxHex]byte
	line := buf[:0]
	for i := 0; i < len(data); i++ {
		if c, ok := escape(data[i:]); ok {
			line = append(line, c)
			i += 2
			continue
		}
		line = append(line, data[i])
	}
	var own evidence.Tally
	own.Reset(best.Type, best.Context)
	hidden := parser{data: line, tally: &own}
	hidden.read()
	if own.Score() < evidence.Threshold {
		return
	}
	for i := range own.N { // what was decoded is longer in the value
		own.Marks[i].Off, own.Marks[i].Len = 0, uint32(len(data))
	}
	*best = own
}

// mixed are signs in escapes beside what tells that a filter reads them.
var mixed = lex.NewList(`(\7c`, `(\26`, `(\21`, `\2a)`, `=\2a`, `\29(`, `)\28`, `\29\00`)

// escape reads \2a.
func escape(b []byte) (c byte, ok bool) {
	if len(b) < 3 || b[0] != '\\' {
		return 0, false
	}
	high, low := lex.Hex(b[1]), lex.Hex(b[2])
	return high<<4 | low, high < 16 && low < 16
}
