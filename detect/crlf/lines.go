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
	from := lex.SkipLineEscapes(data, i)
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

// bare reports whether a value's first line is empty, an address, a path or a number: what no text
// begins with.
func bare(first []byte) bool {
	first = bytes.TrimSpace(first)
	return len(first) == 0 || first[0] == '/' || bytes.Contains(first[:min(len(first), len("https://"))], []byte("://")) || len(bytes.Trim(first, "0123456789")) == 0
}

// logLine reads a line of an access log: 192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] "GET
func logLine(line []byte) bool {
	if len(line) == 0 || !beginsLog[line[0]] {
		return false
	}
	if datedLine(line) || timedLine(line) || systemLine(line) || tagged(line) || structured(line) {
		return true
	}
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

// beginsLog holds the bytes with which lines of logs begin: digits and dots, brackets, months, CEF, LEEF.
var beginsLog = func() (t [256]bool) {
	for _, c := range []byte("0123456789.[<{JFMASONDCL") {
		t[c] = true
	}
	return t
}()

// followed reports whether one more line of a log comes next, as in a piece of one that is shown.
func followed(rest []byte) bool {
	next, _, _ := bytes.Cut(bytes.TrimLeft(rest, "\r\n"), []byte("\n"))
	return len(next) > 0 && logLine(next)
}

// levelLine reports whether a line begins with the level of a log's entry: [INFO] , ERROR:
func levelLine(line []byte) bool {
	bare := bytes.TrimPrefix(line, []byte("["))
	for _, level := range [...]string{"INFO", "WARN", "WARNING", "ERROR", "DEBUG", "CRITICAL", "NOTICE", "FATAL", "TRACE", "SUCCESS", "AUDIT"} {
		behind, ok := bytes.CutPrefix(bare, []byte(level))
		switch {
		case !ok || len(behind) < 3:
		case len(bare) < len(line) && bytes.HasPrefix(behind, []byte("] ")), len(bare) == len(line) && (bytes.HasPrefix(behind, []byte(": ")) || logger(behind)):
			return true
		}
	}
	return bytes.Contains(line, []byte(" msg=")) && (bytes.HasPrefix(line, []byte("level=")) || bytes.HasPrefix(line, []byte("time=")) && bytes.Contains(line, []byte(" level=")))
}

// logger reports whether the name of a logger follows a level, as Python writes it: :root:
func logger(behind []byte) bool {
	end := 1
	for end < len(behind) && (lex.Word(behind[end]) || behind[end] == '.') {
		end++
	}
	return behind[0] == ':' && end > 1 && end+1 < len(behind) && behind[end] == ':'
}

// datedLine reads a line of an application's log: 2026-01-31 10:00:00 INFO
func datedLine(line []byte) bool {
	const stamp = "0000-00-00 00:00:00"
	line = bytes.TrimPrefix(line, []byte("["))
	if len(line) < len(stamp)+6 {
		return false
	}
	for i := range len(stamp) {
		switch c := stamp[i]; {
		case c == '0' && !lex.Digit(line[i]):
			return false
		case c != '0' && line[i] != c && (c != ' ' || line[i] != 'T') && (c != '-' || line[i] != '/'):
			return false
		}
	}
	return leveled(line[len(stamp):])
}

// timedLine reads a line that begins with the time of day: 10:00:00.123 [main] INFO
func timedLine(line []byte) bool {
	const stamp = "00:00:00"
	if len(line) < len(stamp)+6 || line[2] != ':' || line[5] != ':' {
		return false
	}
	for i := range len(stamp) {
		if stamp[i] == '0' && !lex.Digit(line[i]) {
			return false
		}
	}
	rest := bytes.TrimLeft(line[len(stamp):], ".,0123456789 ")
	if len(rest) > 0 && rest[0] == '[' && !leveled(rest) { // a thread
		_, rest, _ = bytes.Cut(rest, []byte("]"))
	}
	return leveled(rest)
}

// leveled reports whether a level follows the time of an entry; servers write it small, in
// brackets.
func leveled(rest []byte) bool {
	rest = bytes.TrimLeft(rest, ".,0123456789Z -]")
	if channel := lex.WordEnd(rest, 0); channel > 0 && channel < len(rest) && rest[channel] == '.' { // production.INFO
		rest = rest[channel+1:]
	}
	if inner, ok := bytes.CutPrefix(rest, []byte("[")); ok {
		rest = inner
		for _, level := range [...]string{"emerg]", "alert]", "crit]", "error]", "warn]", "notice]", "info]", "debug]"} {
			if bytes.HasPrefix(rest, []byte(level)) {
				return true
			}
		}
	}
	for _, level := range [...]string{"INFO", "WARN", "ERROR", "DEBUG", "NOTICE", "FATAL"} {
		if bytes.HasPrefix(rest, []byte(level)) {
			return true
		}
	}
	return false
}

// erases reports whether a line begins with a sequence by which a terminal deletes lines
// or moves up to them: a log that shows another past.
func erases(line []byte) bool {
	if len(line) < 4 || line[0] != 0x1b || line[1] != '[' {
		return false
	}
	i := 2
	for i < len(line) && lex.Digit(line[i]) {
		i++
	}
	return i < len(line) && (line[i] == 'K' || line[i] == 'A' || line[i] == 'F' || line[i] == 'J')
}

// transfers reads a command of FTP that writes or deletes: DELE /pub/a
func transfers(line []byte) bool {
	if len(line) == 0 || line[0] < 'A' || line[0] > 'Z' {
		return false
	}
	for _, c := range [...]string{"DELE ", "RETR ", "STOR ", "STOU ", "APPE ", "RNFR ", "RNTO "} {
		if bytes.HasPrefix(line, []byte(c)) && len(line) > len(c) {
			return bytes.IndexByte(line[len(c):], ' ') < 0
		}
	}
	if port, ok := bytes.CutPrefix(line, []byte("PORT ")); ok { // where the server is to connect to
		return bytes.Count(port, []byte(",")) == 5 && len(bytes.Trim(port, "0123456789,")) == 0
	}
	return false
}

// chunked reports whether a line is the last chunk of a body, behind which a request
// line follows: all that smuggling needs.
func chunked(data []byte, start, from int) bool {
	const last = "0\r\n\r\n"
	at := from - len(last)
	return start == from-1 && at >= 0 && string(data[at:from]) == last && (at == 0 || data[at-1] == '\n')
}

// pushes reports whether a line names an event of a stream and the next one is its data:
// event: a, data: {"b":1}
func pushes(name, rest []byte) bool {
	if !lex.Equal(name, "event") && !lex.Equal(name, "id") {
		return false
	}
	rest = bytes.TrimLeft(rest, "\r\n")
	if !bytes.HasPrefix(rest, []byte("data:")) {
		return false
	}
	rest = bytes.TrimLeft(rest[len("data:"):], " ")
	return len(rest) > 0 && (rest[0] == '{' || rest[0] == '[' || rest[0] == '<')
}

// entry reports whether a name is that of a line of a directory's entry, in the format in
// which entries are changed.
func entry(name []byte) bool {
	return lex.OneOf(name, "userpassword", "objectclass", "memberof", "changetype", "unicodepwd", "uidnumber", "gidnumber")
}

// stomp reports whether a value is a frame of STOMP, which messages over WebSockets are made of:
// a command, header lines, an empty line, a body, a NUL.
func stomp(data []byte) bool {
	if end := bytes.TrimRight(data, "\r\n"); len(end) == 0 || end[len(end)-1] != 0 || !bytes.Contains(data, []byte("\n\n")) {
		return false
	}
	command, _, _ := bytes.Cut(data, []byte("\n"))
	switch string(bytes.TrimRight(command, "\r")) {
	case "SEND", "SUBSCRIBE", "UNSUBSCRIBE", "CONNECT", "STOMP", "CONNECTED", "MESSAGE", "RECEIPT", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT", "DISCONNECT", "ERROR":
		return true
	}
	return false
}

// document reports whether a value is an empty line and a whole document of JSON, as the
// body of a response of its own.
func document(data []byte) bool {
	body, ok := bytes.CutPrefix(data, []byte("\r\n\r\n"))
	body = bytes.TrimSpace(body)
	if !ok || len(body) < 4 {
		return false
	}
	return bytes.HasPrefix(body, []byte(`{"`)) && body[len(body)-1] == '}' || bytes.HasPrefix(body, []byte(`[{"`)) && body[len(body)-1] == ']'
}

// systemLine reads a line of a system's log: Jan  1 00:00:00 host sshd[1]: ...
func systemLine(line []byte) bool {
	if len(line) < 24 || line[3] != ' ' || line[9] != ':' || line[12] != ':' || line[15] != ' ' {
		return false
	}
	for _, month := range [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"} {
		if bytes.HasPrefix(line, []byte(month)) {
			host, rest, ok := bytes.Cut(line[16:], []byte(" "))
			colon := bytes.IndexByte(rest, ':')
			return ok && lex.WordEnd(host, 0) > 0 && colon > 1 && bytes.IndexByte(rest[:colon], ' ') < 0
		}
	}
	return false
}

// tagged reads a line of a system's log with its priority, <14>1 2026-, or of one in a format for
// events: CEF:0|
func tagged(line []byte) bool {
	switch line[0] {
	case '<':
	case 'C':
		return bytes.HasPrefix(line, []byte("CEF:0|"))
	case 'L':
		return bytes.HasPrefix(line, []byte("LEEF:1.0|")) || bytes.HasPrefix(line, []byte("LEEF:2.0|"))
	default:
		return false
	}
	end := 1
	for end < len(line) && end < 6 && lex.Digit(line[end]) {
		end++
	}
	if end < 2 || end == len(line) || end == 6 || line[end] != '>' {
		return false
	}
	rest := line[end+1:]
	return len(rest) > 7 && rest[0] == '1' && rest[1] == ' ' && rest[6] == '-' || systemLine(rest)
}

// structured reads an entry of a log that is an object of JSON: {"level":"info",
func structured(line []byte) bool {
	if !bytes.HasPrefix(line, []byte(`{"`)) || line[len(line)-1] != '}' {
		return false
	}
	i, _ := levels.First(line)
	return i > 0
}

var levels = lex.NewList(`"level":"`, `"severity":"`, `"loglevel":"`, `"lvl":"`)
