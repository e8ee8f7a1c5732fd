package lex

import "bytes"

// maxGap is the longest comment that is passed over between two parts of a script, in bytes.
const maxGap = 96

// maxMember is the length of the longest member of an object that is read, in bytes; maxParts bounds
// the strings that are joined to one.
const (
	maxMember = 32
	maxParts  = 8
)

// Member is one member behind an object, as a script of JavaScript names it.
type Member struct {
	End      int  // index behind it
	Computed bool // a string in brackets
	Escaped  bool // escapes or joined strings spell it
	Hidden   bool // so do they, or comments keep it apart from the object
	buf      [maxMember]byte
	n        int
}

// Name returns the member's name in lower case.
func (m *Member) Name() []byte { return m.buf[:m.n] }

// Gap returns the index of the first byte from i on that is neither blank nor comment, and
// whether there was a comment.
func Gap(data []byte, i int) (next int, comment bool) {
	for ; i < len(data); comment = true {
		i = SkipSpace(data, i)
		rest := data[i:min(len(data), i+maxGap)]
		var end int
		switch {
		case bytes.HasPrefix(rest, []byte("/*")):
			end = bytes.Index(rest[2:], []byte("*/")) + 4
		case bytes.HasPrefix(rest, []byte("//")):
			end = bytes.IndexByte(rest, '\n') + 1
		}
		if end < 1 || rest[0] == '/' && rest[1] == '*' && end < 4 {
			return i, comment
		}
		i += end
	}
	return i, comment
}

// MemberAt reads the member that is named from i on: .name ?.name ['name'], with blanks and
// comments between its parts.
func MemberAt(data []byte, i int) (m Member, ok bool) {
	i, m.Hidden = Gap(data, i)
	rest := data[i:]
	switch {
	case bytes.HasPrefix(rest, []byte("?.[")):
		return m, m.brackets(data, i+3)
	case bytes.HasPrefix(rest, []byte("?.")):
		return m, m.dotted(data, i+2)
	case len(rest) > 1 && rest[0] == '.':
		return m, m.dotted(data, i+1)
	case len(rest) > 2 && rest[0] == '[':
		return m, m.brackets(data, i+1)
	}
	return m, false
}

// pass steps over blanks and comments.
func (m *Member) pass(data []byte, i int) int {
	i, comment := Gap(data, i)
	m.Hidden = m.Hidden || comment
	return i
}

// put takes one character of the name and returns how many bytes spell it, 0 if none do.
func (m *Member) put(b []byte) int {
	c, n := b[0], 1
	if c == '\\' {
		if c, n = ScriptEscape(b); n == 0 {
			return 0
		}
		m.Escaped, m.Hidden = true, true
	}
	if m.n == len(m.buf) {
		return 0
	}
	m.buf[m.n] = Lower(c)
	m.n++
	return n
}

// dotted reads the name behind a dot.
func (m *Member) dotted(data []byte, i int) bool {
	for i = m.pass(data, i); i < len(data) && (Word(data[i]) || data[i] == '$' || data[i] == '\\'); {
		n := m.put(data[i:])
		if n == 0 {
			break
		}
		i += n
	}
	m.End = i
	return m.n > 0
}

// brackets reads one string, or some that + joins, and the bracket behind them.
func (m *Member) brackets(data []byte, i int) bool {
	m.Computed = true
	for range maxParts {
		if i = m.pass(data, i); i >= len(data) || data[i] != '\'' && data[i] != '"' && data[i] != '`' {
			return false
		}
		if i = m.text(data, i); i == 0 {
			return false
		}
		if i = m.pass(data, i); i >= len(data) {
			return false
		}
		if m.End = i + 1; data[i] == ']' {
			return m.n > 0
		}
		if data[i] != '+' {
			return false
		}
		m.Escaped, m.Hidden, i = true, true, i+1
	}
	return false
}

// text reads the string whose quote stands at i and returns the index behind it, 0 if it is
// too long for a member's name.
func (m *Member) text(data []byte, i int) int {
	quote := data[i]
	for i++; i < len(data); {
		if data[i] == quote {
			return i + 1
		}
		n := m.put(data[i:])
		if n == 0 {
			return 0
		}
		i += n
	}
	return 0
}

// ScriptEscape returns the character that an escape at the start of b stands for in a script,
// and its length; 0 if none begins there: \x61 \u0061 \u{61} \141
func ScriptEscape(b []byte) (c byte, n int) {
	if len(b) < 3 || b[0] != '\\' {
		return 0, 0
	}
	digits, base, end := b[1:], int(8), 3
	switch b[1] {
	case 'x':
		digits, base, end = b[2:], 16, 2
	case 'u':
		digits, base, end = b[2:], 16, 4
		if b[2] == '{' {
			digits, end = b[3:], 16
		}
	}
	value := int(0)
	for n < len(digits) && n < end && int(Hex(digits[n])) < base {
		value = min(value*base+int(Hex(digits[n])), 0x10ffff)
		n++
	}
	if n == 0 || base == 16 && end < 16 && n != end || value < ' ' || value > '~' {
		return 0, 0
	}
	n += len(b) - len(digits)
	if end == 16 {
		if n >= len(b) || b[n] != '}' {
			return 0, 0
		}
		n++
	}
	return byte(value), n
}
