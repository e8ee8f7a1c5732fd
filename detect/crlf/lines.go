package crlf

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxEscaped bounds what may stand in front of a line end that is still escaped.
const maxEscaped = 32

// escapedLine finds a header line behind a line end that is written as an escape, at the
// value's start: \r\nSet-Cookie: a=b.
func escapedLine(data []byte, t *evidence.Tally) {
	i := bytes.IndexByte(data[:min(len(data), maxEscaped)], '\\')
	if i < 0 || bytes.ContainsAny(data[:i], " \"'()=<:") {
		return
	}
	from := i
	for from+1 < len(data) && data[from] == '\\' && (data[from+1] == 'r' || data[from+1] == 'n') {
		from += 2
	}
	if from == i {
		return
	}
	end := fieldEnd(data[from:])
	if end > 0 && hard(data[from:from+end]) {
		t.Add(&known, i, from+end-i)
	}
}

// breaksRequest reports whether the first line is the rest of a request line, which the
// value ends before the application does: /a HTTP/1.1
func breaksRequest(first []byte) bool {
	first = bytes.TrimSpace(first)
	version := len(first) - len(" HTTP/1.1")
	return version > 0 && version < 256 && lex.HasPrefix(first[version:], " http/1.") && bytes.IndexByte(first[:version], ' ') < 0
}

// logLine reads a line of an access log: 192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] "GET
func logLine(line []byte) bool {
	i, dots := 0, 0
	for i < len(line) && (lex.Digit(line[i]) || line[i] == '.') {
		if line[i] == '.' {
			dots++
		}
		i++
	}
	if dots != 3 || i < 7 || i == len(line) || line[i] != ' ' {
		return false
	}
	open := bytes.IndexByte(line[:min(len(line), 96)], '[')
	return open > i && bytes.Contains(line[open:], []byte("] "))
}
