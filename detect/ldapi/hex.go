package ldapi

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// hexed reads a value in which parentheses are written as a filter escapes them, \29\28uid=\2a,
// for applications that read escapes before they build the filter.
func hexed(data []byte, best *evidence.Tally) {
	if !bytes.Contains(data, []byte(`\28`)) || !bytes.Contains(data, []byte(`\29`)) {
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
	p := parser{data: line, tally: &own}
	if p.prefixed() || p.literal() {
		p.conditions()
	}
	if own.Score() < evidence.Threshold {
		return
	}
	for i := range own.N { // what was decoded is longer in the value
		own.Marks[i].Off, own.Marks[i].Len = 0, uint32(len(data))
	}
	*best = own
}

// escape reads \2a.
func escape(b []byte) (c byte, ok bool) {
	if len(b) < 3 || b[0] != '\\' {
		return 0, false
	}
	high, low := lex.Hex(b[1]), lex.Hex(b[2])
	return high<<4 | low, high < 16 && low < 16
}
