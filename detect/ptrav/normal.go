package ptrav

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// normal is a path in lower case with / between segments.
type normal struct {
	buf [256]byte
	taken
}

// taken is what the path took so far.
type taken struct {
	n      int
	up     int // steps above the start
	most   int
	obf    int  // odd spellings
	nul    int  // index of a NUL byte behind the path, -1
	down   int  // folders entered and not left
	back   int  // steps that left a folder the path had entered
	params int  // steps with parameters of Java servers: ..;
	empty  int  // semicolons with no parameter behind them, which such servers drop
	wild   int  // segments of two wildcards or dots, which some file systems take for a step
	self   int  // steps on the spot
	rooted bool // the path left all the folders that it had entered
	slot   bool // the path ends at the placeholder of a list of attacks

	asked, sensitive bool // whether suffix was asked, and what it says
}

// read normalises the path at i and returns its end.
func (p *normal) read(data []byte, i int) int {
	for i < len(data) {
		for i < len(data) && (data[i] == '/' || data[i] == '\\') {
			i++
		}
		start := i
		for i < len(data) && inSegment(data[i]) {
			i++
		}
		if i == start {
			if i < len(data) && data[i] == 0 {
				p.nul = i
				i++
				continue
			}
			return i
		}
		p.segment(data[start:i], i < len(data) && (data[i] == '/' || data[i] == '\\'))
		if i < len(data) && data[i] == 0 {
			p.nul = i
			return i
		}
	}
	return i
}

// ofSegment holds the bytes of which segments of paths are made.
var ofSegment = func() (t [256]bool) {
	for c := range t {
		t[c] = c > ' ' || c > 0 && c < '\t'
	}
	for _, c := range []byte(`/\"'<>|&,)`) {
		t[c] = false
	}
	return t
}()

func inSegment(c byte) bool { return ofSegment[c] }

// segment takes one segment: a step however it is spelt, or a name.
func (p *normal) segment(s []byte, more bool) {
	if !more && placeholder(s) {
		p.slot = true
		s = s[:len(s)-len("{file}")]
		if len(s) == 0 {
			return
		}
	}
	if wildStep(s) {
		p.wild++
		return
	}
	if n, odd := step(s); n > 0 {
		if odd {
			p.obf++
		}
		if len(s) > 2 && s[2] == ';' {
			p.params++
		}
		for range n {
			if p.down > 0 {
				p.down--
				p.back++
				p.cut()
				p.rooted = p.rooted || p.down == 0
				continue
			}
			p.up++
			p.most = max(p.most, p.up)
		}
		return
	}
	if len(s) == 1 && s[0] == '.' {
		p.self++
		return
	}
	if more && s[len(s)-1] == ';' {
		if !lex.HasPrefix(s, "javascript:") { // a link that a crawler took for a page
			p.empty++
		}
		if s = s[:len(s)-1]; len(s) == 0 {
			return
		}
	}
	if more {
		p.down++
	}
	p.put('/')
	for i, c := range s[:min(len(s), len(p.buf)-p.n)] {
		p.buf[p.n+i] = lex.Lower(c)
	}
	p.n = min(p.n+len(s), len(p.buf))
}

// placeholder reports whether a segment ends at {file}, which the lists of scanners
// carry for the file to ask for.
func placeholder(s []byte) bool { return lex.HasSuffix(s, "{file}") }

// wildStep reports whether a segment is a step with a wildcard for a dot: ?. and ??.
func wildStep(s []byte) bool {
	return len(s) == 2 && (s[0] == '?' || s[1] == '?') && (s[0] == '?' || s[0] == '.') && (s[1] == '?' || s[1] == '.')
}

func (p *normal) put(c byte) {
	if p.n < len(p.buf) {
		p.buf[p.n] = c
		p.n++
	}
}

// cut removes the last name.
func (p *normal) cut() {
	p.n = max(0, bytes.LastIndexByte(p.buf[:p.n], '/'))
}

// step returns how many steps upwards a segment is, and whether it is spelt oddly:
// .. ; ....// and ..././ which become steps when a filter removes the inner one;
// ..; of Java servers; %2e that another layer decodes; dots with a NUL between.
func step(s []byte) (n int, odd bool) {
	dots, other := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '.':
			dots++
		case s[i] == '%' && i+2 < len(s) && s[i+1] == '2' && s[i+2]|0x20 == 'e':
			dots++
			other++
			i += 2
		case s[i] == '%' && i+4 < len(s) && s[i+1] == '2' && s[i+2] == '5' && s[i+3] == '2' && s[i+4]|0x20 == 'e':
			dots++
			other++
			i += 4
		case s[i] == ';' && dots == 2:
			return 1, true
		case s[i] == '%' || s[i] == '0' || s[i] < 0x20 || s[i] == 0x7f || s[i] == '?' || s[i] == 0xc0 || s[i] == 0xae || s[i] == 'x' || s[i] == '5' || s[i] == 'c' || s[i] == 'C' || s[i] == '2' || s[i]|0x20 == 'f':
			other++
			if dots != 2 {
				return 0, false
			}
		default:
			return 0, false
		}
	}
	switch {
	case dots == 2 && other == 0:
		return 1, false
	case dots == 2 && len(s) <= 12:
		return 1, true
	case dots >= 3 && other == 0 && len(s) == dots:
		return 1, dots >= 4
	}
	return 0, false
}

// escapedLetter reports whether a letter or a digit of a URL's path is escaped, which no program does.
func escapedLetter(s []byte) bool {
	s = s[:min(len(s), maxName)]
	for i := 0; i+2 < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		if high, low := lex.Hex(s[i+1]), lex.Hex(s[i+2]); high < 8 && low < 16 && (lex.Letter(high<<4|low) || lex.Digit(high<<4|low)) {
			return true
		}
	}
	return false
}
