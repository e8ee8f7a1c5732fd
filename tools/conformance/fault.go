package main

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// fault says what is wrong with the first request of some bytes by the letter of
// RFC 9112 and of docs/wire.md, "" if nothing is: a second opinion about what weir
// refuses.
func fault(b []byte) string {
	b = begun(b)
	head, body, ok := cutHead(b)
	lines := bytes.SplitAfter(head, []byte("\n"))
	if f := lineFault(strings.TrimRight(string(lines[0]), "\r\n")); f != "" {
		return f
	}
	h := &headFields{old: bytes.HasSuffix(bytes.TrimRight(lines[0], "\r\n"), []byte("HTTP/1.0"))}
	for _, line := range lines[1:] {
		if len(line) == 0 {
			continue
		}
		if f := h.add(string(line)); f != "" {
			return f
		}
	}
	if !ok {
		return "cut"
	}
	if f := h.fault(absolute(lines[0])); f != "" {
		return f
	}
	return h.bodyFault(body)
}

// cutHead cuts behind the empty line, however the lines before it end.
func cutHead(b []byte) (head, rest []byte, ok bool) {
	for i := 0; i < len(b); {
		n := bytes.IndexByte(b[i:], '\n')
		if n < 0 {
			return b, nil, false
		}
		if i > 0 && (n == 0 || n == 1 && b[i] == '\r') {
			if n == 0 {
				return b[:i+1], nil, true // the empty line counts as one that ends with LF alone
			}
			return b[:i], b[i+n+1:], true
		}
		i += n + 1
	}
	return b, nil, false
}

var (
	tokenOnly      = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
	hostOnly       = regexp.MustCompile(`^(?:[0-9A-Za-z_.-]{1,253}|\[[0-9A-Fa-f:.]{2,}\])(?::([0-9]{1,5}))?$`)
	digitsOnly     = regexp.MustCompile(`^[0-9]{1,18}$`)
	sizeLine       = regexp.MustCompile(`^0*[0-9A-Fa-f]{1,15}(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?$`)
	anySize        = regexp.MustCompile(`^[0-9A-Fa-f]{1,16}(?:[ \t;].*)?$`)
	late           = regexp.MustCompile(`^(?i:transfer-encoding|content-(?:length|type|encoding)|host|connection|trailer|te|upgrade|set-cookie|location):`)
	refusedTrailer = regexp.MustCompile(`^(?i:authorization|content-(?:encoding|length|type|range)|connection|cookie|expect|host|keep-alive|location|max-forwards|` +
		`proxy-(?:connection|authenticate|authorization)|range|set-cookie|te|trailer|transfer-encoding|www-authenticate|x-forwarded.*|x-real-ip.*):`)
	originOnly = regexp.MustCompile(`^(?:/.*|(?i:https?)://[^/?]+.*)$`)
)

func lineFault(line string) string {
	words := strings.Split(line, " ")
	switch {
	case strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "control byte in a request line"
	case len(words) != 3:
		return "request line of more or less than three words"
	case words[2] != "HTTP/1.1" && words[2] != "HTTP/1.0":
		return "version other than 1.0 and 1.1"
	case !tokenOnly.MatchString(words[0]) || len(words[0]) > 32:
		return "method that is no token, or long"
	case words[0] == "CONNECT":
		return "CONNECT"
	case strings.Contains(words[1], "#"):
		return "fragment in a target"
	case !originOnly.MatchString(words[1]) && (words[0] != "OPTIONS" || words[1] != "*"):
		return "target of another form"
	}
	return ""
}

func absolute(line []byte) string {
	words := strings.Split(string(line), " ")
	_, after, ok := strings.Cut(words[min(1, len(words)-1)], "://")
	if !ok || strings.HasPrefix(words[1], "/") {
		return ""
	}
	if i := strings.IndexAny(after, "/?"); i >= 0 {
		after = after[:i]
	}
	return after
}

// headFields is what the fields of a head say about framing.
type headFields struct {
	old                       bool
	hosts, lengths, encodings []string
	disguised                 bool
	late                      bool // Trailer announces what must not come late
}

func (h *headFields) add(line string) string {
	text, ok := strings.CutSuffix(line, "\r\n")
	if !ok {
		return "line that ends with LF alone"
	}
	if strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t") {
		return "folded field"
	}
	name, value, ok := strings.Cut(text, ":")
	if !ok || !tokenOnly.MatchString(name) {
		return "field whose name is no token, or without a colon"
	}
	value = strings.Trim(value, " \t")
	for _, c := range []byte(value) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return "control byte in a value"
		}
	}
	switch lower := strings.ToLower(name); lower {
	case "trailer":
		for name := range strings.SplitSeq(value, ",") {
			name = strings.Trim(name, " \t")
			h.late = h.late || refusedTrailer.MatchString(name+":") || !tokenOnly.MatchString(name)
		}
	case "host":
		h.hosts = append(h.hosts, value)
	case "content-length":
		h.lengths = append(h.lengths, value)
	case "transfer-encoding":
		h.encodings = append(h.encodings, strings.ToLower(value))
	default:
		h.disguised = h.disguised || disguised(lower)
	}
	return ""
}

// disguised reports whether some reader could take a name for one that frames.
func disguised(name string) bool {
	letters := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
	return letters == "contentlength" || letters == "transferencoding"
}

func (h *headFields) fault(target string) string {
	switch {
	case h.late:
		return "Trailer that announces what frames, routes or says who asks"
	case h.disguised:
		return "name like Content-Length or Transfer-Encoding"
	case len(h.lengths) > 0 && len(h.encodings) > 0:
		return "Content-Length with Transfer-Encoding"
	case len(h.lengths) > 1:
		return "two Content-Lengths"
	case len(h.lengths) == 1 && !digitsOnly.MatchString(h.lengths[0]):
		return "Content-Length that is no number"
	case len(h.encodings) > 1 || len(h.encodings) == 1 && h.encodings[0] != "chunked":
		return "Transfer-Encoding other than chunked"
	case len(h.encodings) == 1 && h.old:
		return "Transfer-Encoding in HTTP/1.0"
	case len(h.hosts) > 1:
		return "two Hosts"
	case len(h.hosts) == 0 && !h.old:
		return "no Host"
	}
	for _, host := range append(h.hosts, target) {
		if host != "" && !goodHost(host) {
			return "Host that is none"
		}
	}
	if len(h.hosts) == 1 && h.hosts[0] == "" && (target == "" || !h.old) {
		return "Host that is none"
	}
	return ""
}

func goodHost(host string) bool {
	m := hostOnly.FindStringSubmatch(host)
	if m == nil {
		return false
	}
	port, err := strconv.ParseUint(m[1], 10, 16)
	return m[1] == "" || err == nil && port > 0
}

func (h *headFields) bodyFault(body []byte) string {
	if len(h.lengths) == 1 {
		if n, _ := strconv.Atoi(h.lengths[0]); n > len(body) {
			return "cut"
		}
		return ""
	}
	if len(h.encodings) == 0 {
		return ""
	}
	_, f := chunks(body, sizeLine)
	return f
}

// chunks returns how long a chunked body is, and what is wrong with it; sizes are the
// lines before chunks that will do.
func chunks(b []byte, sizes *regexp.Regexp) (n int, fault string) {
	const bad = "chunks that are malformed"
	for at := 0; ; {
		line, _, ok := bytes.Cut(b[at:], []byte("\n"))
		if !ok {
			return at, "cut"
		}
		text, ok := bytes.CutSuffix(line, []byte("\r"))
		if !ok || !sizes.Match(text) {
			return at, bad
		}
		digits := regexp.MustCompile(`^[0-9A-Fa-f]+`).Find(text)
		size, err := strconv.ParseUint(string(digits), 16, 31)
		if err != nil {
			return at, "cut" // longer than all that comes
		}
		at += len(line) + 1
		if size == 0 {
			return trailers(b, at)
		}
		if at += int(size); at+2 > len(b) {
			return at, "cut"
		}
		if string(b[at:at+2]) != "\r\n" {
			return at, bad
		}
		at += 2
	}
}

// trailers passes over the fields behind chunks.
func trailers(b []byte, at int) (n int, fault string) {
	for h := (&headFields{}); ; {
		line, _, ok := bytes.Cut(b[at:], []byte("\n"))
		if !ok {
			return at, "cut"
		}
		at += len(line) + 1
		if string(line) == "\r" {
			return at, ""
		}
		if late.Match(line) {
			return at, "fields behind chunks that frame or route"
		}
		if f := h.add(string(line) + "\n"); f != "" {
			return at, "fields behind chunks that are malformed"
		}
	}
}
