package parse

import (
	"bytes"
	"slices"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxParts bounds the parts that are read.
const maxParts = 1000

// maxEpilogue bounds the parts behind the last boundary that are read.
const maxEpilogue = 4

// multipart reads the parts of a body by every boundary that somebody may take for
// the boundary. It reports whether it was read to its last boundary by one of them.
func (p *Points) multipart(body, contentType []byte, at place) (whole bool) {
	var list [4][]byte
	boundaries := boundariesOf(list[:0], body, contentType)
	if len(parameter(contentType, "boundary")) == 0 && declaredForm(contentType) == MultipartParser {
		p.anomaly(at.ref, NoBoundary)
	}
	found, other := false, len(boundaries) > 1
	for i, boundary := range boundaries {
		b := &delimiter{text: boundary}
		rest, ok := p.preamble(body, b, at, i == 0)
		if !ok {
			continue
		}
		found = true
		whole = p.parts(rest, b, at) || whole
		if b.passed { // for some a prefix is enough
			other = true
			loose := &delimiter{text: boundary, loose: true}
			_, rest, _ = loose.cut(body)
			p.parts(rest, loose, at)
		}
	}
	if !whole && !p.cut || other {
		p.anomaly(at.ref, BadMultipart)
	}
	return found
}

// boundariesOf appends the boundaries of a content type, whole or in pieces (RFC 2231,
// 3), as PHP takes it, and the one that the body's first line shows.
func boundariesOf(list [][]byte, body, contentType []byte) [][]byte {
	add := func(b []byte) {
		if len(b) > 0 && len(list) < cap(list) && !slices.ContainsFunc(list, func(known []byte) bool { return bytes.Equal(known, b) }) {
			list = append(list, b)
		}
	}
	var pieces []byte
	for rest := contentType; ; {
		name, content, after, ok := nextParameter(rest)
		if !ok {
			break
		}
		rest = after
		switch {
		case lex.Equal(name, "boundary"):
			add(content)
		case len(name) > len("boundary*") && lex.Equal(name[:len("boundary*")], "boundary*"):
			pieces = append(pieces, content...)
		}
	}
	add(pieces)
	add(boundaryOfPHP(contentType))
	if first := firstBoundary(body); len(list) == 0 || len(first) > 0 && !bytes.HasPrefix(first, list[0]) {
		add(first)
	}
	return list
}

// boundaryOfPHP returns what stands behind the word, wherever it is, up to a comma or a semicolon
// (main/rfc1867.c).
func boundaryOfPHP(contentType []byte) []byte {
	at := bytes.Index(contentType, []byte("boundary"))
	if at < 0 {
		at = max(lex.Index(contentType, "boundary"), 0)
	}
	_, b, _ := bytes.Cut(contentType[at:], []byte("="))
	if quoted, ok := bytes.CutPrefix(b, []byte(`"`)); ok {
		b, _, _ = bytes.Cut(quoted, []byte(`"`))
		return b
	}
	if end := bytes.IndexAny(b, ",;"); end >= 0 {
		b = b[:end]
	}
	return b
}

// firstBoundary takes the boundary from a body's first line.
func firstBoundary(body []byte) []byte {
	line, _, _ := bytes.Cut(body, []byte("\n"))
	line = bytes.TrimRight(line, "\r \t")
	if len(line) < 3 || len(line) > 200 || line[0] != '-' || line[1] != '-' {
		return nil
	}
	return line[2:]
}

// delimiter finds the lines that stand between parts: two dashes, the boundary, and
// two dashes more behind the last part.
type delimiter struct {
	text   []byte
	loose  bool // anything may follow on the line
	passed bool // a line was passed over that only a loose delimiter takes
}

// cut splits text at the next line; the line end before it belongs to it. The rest
// begins behind the boundary.
func (d *delimiter) cut(text []byte) (part, rest []byte, found bool) {
	for from := 0; ; {
		i := bytes.Index(text[from:], d.text)
		if i < 0 {
			return text, nil, false
		}
		i += from
		if i >= 2 && text[i-1] == '-' && text[i-2] == '-' && (i == 2 || text[i-3] == '\n') {
			rest = text[i+len(d.text):]
			if d.loose || endsLine(rest) {
				end := max(i-3, 0)
				if end > 0 && text[end-1] == '\r' {
					end--
				}
				return text[:end], rest, true
			}
			d.passed = true
		}
		from = i + 1
	}
}

// endsLine reports whether nothing but blanks, or two dashes, follow on the line.
func endsLine(rest []byte) bool {
	i := 0
	for i < len(rest) && (rest[i] == ' ' || rest[i] == '\t') {
		i++
	}
	return i == len(rest) || rest[i] == '\r' || rest[i] == '\n' || bytes.HasPrefix(rest, []byte("--"))
}

// preamble keeps what stands before the first part and returns what follows.
func (p *Points) preamble(body []byte, b *delimiter, at place, keep bool) (rest []byte, found bool) {
	before, rest, found := b.cut(body)
	if found && keep && len(bytes.TrimSpace(before)) > 0 {
		p.stray(before, at)
	}
	return rest, found
}

// stray keeps text outside of all parts, which somebody may read as the body.
func (p *Points) stray(text []byte, at place) {
	p.anomaly(at.ref, BadMultipart)
	at.kind = point.Document
	p.value(text[:min(len(text), rawHead)], at)
}

// parts reads part after part and reports whether the last boundary was there.
func (p *Points) parts(rest []byte, b *delimiter, at place) (closed bool) {
	for range maxParts {
		part, next, found := b.cut(rest)
		p.part(part, at)
		switch {
		case !found:
			return false
		case bytes.HasPrefix(next, []byte("--")):
			if len(bytes.TrimSpace(next[2:])) > 0 {
				p.epilogue(next[2:], b, at)
			}
			return true
		case !p.room(0):
			return false
		}
		rest = next
	}
	p.Overrun = TooMany
	return false
}

// epilogue reads what follows the last boundary: parts for those who go on, text for
// others.
func (p *Points) epilogue(text []byte, b *delimiter, at place) {
	p.stray(text, at)
	_, text, found := b.cut(text)
	for range maxEpilogue {
		if !found || bytes.HasPrefix(text, []byte("--")) {
			return
		}
		var part []byte
		part, text, found = b.cut(text)
		p.part(part, at)
	}
}

// parameter returns a parameter of a header value such as
// form-data; name="a"; filename="b". Quotes are taken off, escapes are kept.
func parameter(value []byte, lower string) []byte {
	for {
		name, content, rest, ok := nextParameter(value)
		if !ok || lex.Equal(name, lower) {
			return content
		}
		value = rest
	}
}

// nextParameter returns the parameter behind the next semicolon, and what follows it.
func nextParameter(value []byte) (name, content, rest []byte, ok bool) {
	i := bytes.IndexByte(value, ';')
	if i < 0 {
		return nil, nil, nil, false
	}
	value = bytes.TrimLeft(value[i+1:], " \t\r\n;")
	eq := bytes.IndexByte(value, '=')
	if eq < 0 {
		return nil, nil, nil, false
	}
	content, rest = unquote(bytes.TrimLeft(value[eq+1:], " \t\r\n"))
	return bytes.TrimSpace(value[:eq]), content, rest, true
}

// unquote returns the quoted or bare text at the start of value, and what follows.
// A quote that does not close ends with the value.
func unquote(value []byte) (content, rest []byte) {
	if len(value) > 0 && value[0] == '"' {
		for i := 1; i < len(value); i++ {
			switch value[i] {
			case '\\':
				i++
			case '"':
				return value[1:i], value[i+1:]
			}
		}
		return value[1:], nil
	}
	end := bytes.IndexByte(value, ';')
	if end < 0 {
		end = len(value)
	}
	return bytes.TrimSpace(value[:end]), value[end:]
}
