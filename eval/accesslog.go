package eval

import (
	"errors"
	"strconv"
	"strings"
)

// logLine is what an access log keeps of a request.
type logLine struct{ request, referer, agent string }

// readAccessLog reads a log in the common or combined form. What a log does not keep
// (host, other fields, body) is made up or missing. Lines that hold no request are
// passed over; a file without any is refused.
func readAccessLog(s *source) error {
	found := false
	err := eachLine(s.in, func(n int, line []byte) error {
		l, ok := parseLogLine(string(line))
		if !ok {
			return nil
		}
		found = true
		s.emit(Sample{
			File: s.name, ID: strconv.Itoa(n), Label: orLabel(s.label, Legit),
			Class: "accesslog", Place: "raw", Raw: l.raw(),
		})
		return nil
	})
	if err == nil && !found {
		return errors.New("no line is of the common or combined log form")
	}
	return err
}

// parseLogLine takes a line apart into its quoted strings: the request and, in the
// combined form, referer and user agent.
func parseLogLine(line string) (l logLine, ok bool) {
	request, rest, ok := quoted(line)
	if !ok || !requestLine([]byte(request)) {
		return l, false
	}
	l.request = request
	if l.referer, rest, ok = quoted(rest); ok {
		l.agent, _, _ = quoted(rest)
	}
	return l, true
}

// quoted returns the next string in double quotes and what follows it. Servers write
// quotes, backslashes and other bytes in it as \", \\ and \xhh.
func quoted(s string) (text, rest string, ok bool) {
	_, s, ok = strings.Cut(s, `"`)
	if !ok {
		return "", "", false
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return unescape(s[:i]), s[i+1:], true
		}
	}
	return "", "", false
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		if s[i] == 'x' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b = append(b, byte(n))
				i += 2
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// raw rebuilds the request.
func (l *logLine) raw() []byte {
	b := append([]byte(oneLine(l.request)), "\r\nHost: log.example\r\n"...)
	b = appendField(b, "User-Agent", l.agent)
	b = appendField(b, "Referer", l.referer)
	return append(b, "\r\n"...)
}

// appendField appends a header field unless the log says it was missing.
func appendField(b []byte, name, value string) []byte {
	if value == "" || value == "-" {
		return b
	}
	return append(b, name+": "+oneLine(value)+"\r\n"...)
}

// oneLine keeps a text from ending the line it is put on.
func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }
