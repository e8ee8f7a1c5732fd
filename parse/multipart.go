package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxParts bounds the parts that are read.
const maxParts = 1000

// maxBoundaries bounds the boundaries by which a body is read.
const maxBoundaries = 6

// multipart reads the parts of a body by every boundary that somebody may take for
// the boundary. It reports whether it was read to its last boundary by one of them.
func (p *Points) multipart(body, contentType []byte, at place) (whole bool) {
	var list [maxBoundaries][]byte
	most := len(list)
	if p.Tree.Tag(at.ref) == point.Multipart { // within a part: all of it is read besides
		most = 2
	}
	boundaries, more := p.boundaries(list[:0:most], body, contentType)
	if len(parameter(contentType, "boundary")) == 0 && declaredForm(contentType) == MultipartParser {
		p.anomaly(at.ref, NoBoundary)
	}
	found, other := false, len(boundaries) > 1
	for i, boundary := range boundaries {
		b := &delimiter{text: boundary}
		rest, ok := p.preamble(body, b, at, i == 0)
		if ok {
			found = true
			first, start := p.Tree.Len(), len(p.Values)
			whole = p.parts(rest, b, at) || whole
			p.joinRepeated(point.Multipart, at.ref, first, start, at)
		}
		if b.passed { // for some a prefix is enough
			found, other = true, true
			loose := &delimiter{text: boundary, loose: true}
			rest, _ = p.preamble(body, loose, at, !ok)
			p.parts(rest, loose, at)
		}
	}
	if more {
		p.stray(body, at)
	}
	if !whole && !p.cut || other {
		p.anomaly(at.ref, BadMultipart)
	}
	return found
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
	loose  bool // it may stand anywhere in a line, as Django takes it, and lines may end with a return alone
	passed bool // a line was passed over that only a loose delimiter takes
	bare   bool // the line before the last one that was cut at ends with one byte: no delimiter to some
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
		if i >= 2 && text[i-1] == '-' && text[i-2] == '-' {
			rest = text[i+len(d.text):]
			if d.loose || endsLine(rest) && (i == 2 || text[i-3] == '\n') {
				d.bare = i > 2 && (i == 3 || string(text[i-4:i-2]) != "\r\n")
				return withoutLineEnd(text[:i-2]), rest, true
			}
			d.passed = true
		}
		from = i + 1
	}
}

// withoutLineEnd cuts a line end.
func withoutLineEnd(text []byte) []byte {
	end := len(text)
	if end > 0 && text[end-1] == '\n' {
		end--
	}
	if end > 0 && text[end-1] == '\r' {
		end--
	}
	return text[:end]
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
		bare := b.bare
		part, next, found := b.cut(rest)
		p.part(part, bare, at)
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
	for range maxParts {
		if !found || !p.room(0) || len(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("--")))) == 0 {
			return
		}
		bare := b.bare
		part, behind, more := b.cut(text)
		p.part(part, bare, at)
		text, found = behind, more
	}
	p.Overrun = TooMany
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
		end := quoteEnd(value)
		return value[1:end], value[min(end+1, len(value)):]
	}
	end := bytes.IndexByte(value, ';')
	if end < 0 {
		end = len(value)
	}
	return bytes.TrimSpace(value[:end]), value[end:]
}
