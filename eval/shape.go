package eval

import "hash/fnv"

// Shape returns what a request has in common with its near copies: percent encoding
// undone, each run of digits one 0, each run of letters one a. Lists of attacks repeat
// one attack with other names and numbers; counted by shape it counts once.
func Shape(raw []byte) uint64 {
	h := fnv.New64a()
	buf := make([]byte, 0, 512)
	last := byte(0)
	for i := 0; i < len(raw); {
		c, n := decoded(raw[i:])
		i += n
		if c = classOf(c); c == last && (c == 'a' || c == '0') {
			continue
		}
		last = c
		if buf = append(buf, c); len(buf) == cap(buf) {
			_, _ = h.Write(buf) // never fails
			buf = buf[:0]
		}
	}
	_, _ = h.Write(buf)
	return h.Sum64()
}

// decoded returns the first byte of b and how many bytes spell it.
func decoded(b []byte) (c byte, n int) {
	switch {
	case b[0] == '+':
		return ' ', 1
	case b[0] == '%' && len(b) > 2 && hexDigit(b[1]) < 16 && hexDigit(b[2]) < 16:
		return hexDigit(b[1])<<4 | hexDigit(b[2]), 3
	}
	return b[0], 1
}

func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 0xff
}

func classOf(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return '0'
	case 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80:
		return 'a'
	}
	return c
}
