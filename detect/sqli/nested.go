package sqli

// maxNest bounds a comment that holds others.
const maxNest = 256

// nestedEnd returns the length of the comment with comments in it that a text begins with, 0 if it does
// not end.
func nestedEnd(text []byte) int {
	depth := 0
	text = text[:min(len(text), maxNest)]
	for i := 1; i < len(text); i++ {
		switch mark := text[i-1]; {
		case mark == '/' && text[i] == '*':
			depth++
			i++
		case mark == '*' && text[i] == '/':
			if depth--; depth == 0 {
				return i + 1
			}
			i++
		}
	}
	return 0
}

// nest remembers where comments end that hold others, of those that begin in a part of a text.
type nest struct {
	first, end int             // of the part
	ends       [maxNest]uint16 // by where they begin in it; 0 if they do not end nearby
}

// elsewhere stands for a place where no comment begins, as the part is read.
const elsewhere = 1<<16 - 1

// length is [nestedEnd] of what begins at start.
func (n *nest) length(data []byte, start int) int {
	if start < n.first || start >= n.end {
		n.read(data, start)
	}
	switch end := n.ends[start-n.first]; {
	case end == elsewhere:
		return nestedEnd(data[start:])
	case n.first+int(end) > start+maxNest, end == 0:
		return 0
	default:
		return n.first + int(end) - start
	}
}

// read reads the part that begins at first, and behind it as far as its last comment may reach.
func (n *nest) read(data []byte, first int) {
	n.first, n.end = first, first+maxNest
	for i := range n.ends {
		n.ends[i] = elsewhere
	}
	text := data[first:min(len(data), first+2*maxNest)]
	var buf [maxNest]uint16
	opened := buf[:0]
	for i := 1; i < len(text); i++ {
		switch mark := text[i-1]; {
		case mark == '/' && text[i] == '*':
			opened = append(opened, uint16(i-1))
			n.note(uint16(i-1), 0)
			i++
		case mark == '*' && text[i] == '/':
			if last := len(opened) - 1; last >= 0 {
				n.note(opened[last], uint16(i+1))
				opened = opened[:last]
			}
			i++
		}
	}
}

// note notes the end of a comment that begins in the part.
func (n *nest) note(start, end uint16) {
	if start < maxNest {
		n.ends[start] = end
	}
}
