package ptrav

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// pathStart returns where the first path begins: the value's start for kinds that
// are paths, else the first step, root or drive.
func (s *starts) pathStart(k point.Kind) int {
	if k == point.WholePath || k == point.Segment {
		return 0
	}
	if data := s.data; len(data) > 3 && wildStep(data[:2]) && (data[2] == '/' || data[2] == '\\') {
		return 0
	}
	return s.next(0)
}

// starts finds the places at which paths may begin, from front to back.
type starts struct {
	data               []byte
	slash, back, steps int // next slashes of either kind and two dots in a row; the data's end if there are none
	blank              int // where the third blank stands, -1 until it is asked for; the data's end if there are fewer
}

// newStarts returns the finder for a text whose pairs may be known.
func newStarts(data []byte, pairs *point.Pairs) starts {
	s := starts{data: data, slash: -1, back: -1, steps: -1, blank: -1}
	if !pairs.May("..") {
		s.steps = len(data)
	}
	return s
}

// behindBlanks reports whether three blanks stand in front of i.
func (s *starts) behindBlanks(i int) bool {
	if s.blank < 0 {
		if s.blank = thirdBlank(s.data); s.blank < 0 {
			s.blank = len(s.data)
		}
	}
	return s.blank < i
}

// look moves to what stands at i or behind.
func (s *starts) look(i int) {
	if s.slash < i {
		s.slash = lex.Next(s.data, i, '/')
	}
	if s.back < i {
		s.back = lex.Next(s.data, i, '\\')
	}
	if s.steps < i {
		s.steps = nextStep(s.data, i)
	}
}

// next returns the next index from a place on at which a path may begin, -1 if there is none.
func (s *starts) next(from int) int {
	data := s.data
	if from < 0 {
		return -1
	}
	if from == 0 && len(data) > 0 && data[0] == '~' {
		return 0
	}
	for i := from; ; {
		s.look(i)
		if i = min(s.slash, s.back, s.steps); i == len(data) {
			return -1
		}
		switch {
		case i == s.steps:
			if leads(data, i) {
				return backToSlash(data, i)
			}
		case i > from && i > 1 && data[i-1] == ':' && (i == 2 || !isPathByte(data[i-3])): // a drive
			return i - 2
		case i == 0 || !isPathByte(data[i-1]):
			return i
		}
		i++
	}
}

// nextStep returns the index of the next two dots from i on behind none, or the end of the data.
func nextStep(data []byte, i int) int {
	for i < len(data) {
		n := bytes.Index(data[i:], []byte(".."))
		if n < 0 {
			break
		}
		if i += n; i == 0 || data[i-1] != '.' {
			return i
		}
		for i < len(data) && data[i] == '.' {
			i++
		}
	}
	return len(data)
}

// leads reports whether what separates folders follows soon behind dots.
func leads(data []byte, i int) bool {
	if i+2 >= len(data) {
		return false
	}
	for i < len(data) && data[i] == '.' {
		i++
	}
	for _, c := range data[i:min(len(data), i+6)] {
		if c == '/' || c == '\\' || c == '%' || c == ';' || c == 0 {
			return true
		}
	}
	return false
}

// backToSlash moves to the folder names before a step: img/../../etc.
func backToSlash(data []byte, i int) int {
	for i > 0 && isPathByte(data[i-1]) {
		i--
	}
	return i
}

func isPathByte(c byte) bool {
	return point.ClassOf[c]&(point.Alpha|point.Digit|point.Dash|point.Dot) != 0 || c == '/' || c == '\\'
}
