package point

// Pairs holds which two bytes stand next to each other in a text, letters in either case: what a
// detector looks for in a long text is mostly not there, and two of its bytes tell.
//
// The nil *Pairs is of a text that nobody has counted: anything may be in it.
type Pairs [pairGroups * pairGroups]bool

// Bytes that are told apart in pairs: letters, digits, marks, blanks, line ends; the rest is
// two groups more.
const pairGroups = 64

var pairGroup = pairTable()

func pairTable() (t [256]uint16) {
	next := uint16(2) // 0: control, 1: high
	set := func(b int) {
		t[b] = next
		next++
	}
	for b := '!'; b <= '~'; b++ {
		switch {
		case b == '1', b >= 'A' && b <= 'Z':
		case b > '1' && b <= '9':
			t[b] = t['0']
		default:
			set(int(b))
		}
	}
	t['1'] = t['0']
	for b := 'A'; b <= 'Z'; b++ {
		t[b] = t[b|0x20]
	}
	set(' ')
	set('\n')
	set('\r')
	for b := 0x80; b <= 0xff; b++ {
		t[b] = 1
	}
	return t
}

// Count forgets what stood in p and takes the pairs of text.
func (p *Pairs) Count(text []byte) {
	clear(p[:])
	if len(text) == 0 {
		return
	}
	before := pairGroup[text[0]]
	for _, c := range text[1:] {
		group := pairGroup[c]
		p[before*pairGroups|group] = true
		before = group
	}
}

// May reports whether the text may hold what is looked for, in any case.
func (p *Pairs) May(wanted string) bool {
	if p == nil {
		return true
	}
	for i := 1; i < len(wanted); i++ {
		if !p[pairGroup[wanted[i-1]]*pairGroups|pairGroup[wanted[i]]] {
			return false
		}
	}
	return true
}
