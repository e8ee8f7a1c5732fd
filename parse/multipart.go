package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// What is read of a file: its beginning and its end.
const (
	fileHead = 4 << 10
	fileTail = 1 << 10
)

// maxParts bounds the parts that are read.
const maxParts = 1000

// multipart reads the parts of a body. It is lenient about line ends, and reads to
// the end when the last boundary is missing.
func (p *Points) multipart(body, contentType []byte, at place) {
	boundary := parameter(contentType, "boundary")
	if len(boundary) == 0 {
		boundary = firstBoundary(body)
	}
	if len(boundary) == 0 {
		p.anomaly(at.ref, NoBoundary)
		p.value(body[:min(len(body), maxRaw)], at)
		return
	}
	rest, found := afterBoundary(body, boundary)
	if !found {
		p.anomaly(at.ref, BadMultipart)
		p.value(body[:min(len(body), maxRaw)], at)
		return
	}
	for range maxParts {
		part, next, closed := untilBoundary(rest, boundary)
		p.part(part, at)
		if !closed {
			p.anomaly(at.ref, BadMultipart)
			return
		}
		if bytes.HasPrefix(next, []byte("--")) || !p.room(0) {
			return
		}
		rest = next
	}
	p.Overrun = TooMany
}

// firstBoundary takes the boundary from a body's first line.
func firstBoundary(body []byte) []byte {
	line, _, _ := bytes.Cut(body, []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	if len(line) < 3 || len(line) > 200 || line[0] != '-' || line[1] != '-' {
		return nil
	}
	return line[2:]
}

// afterBoundary returns what follows the first boundary.
func afterBoundary(body, boundary []byte) (rest []byte, found bool) {
	for from := 0; ; {
		i := bytes.Index(body[from:], boundary)
		if i < 0 {
			return nil, false
		}
		i += from
		if i >= 2 && body[i-1] == '-' && body[i-2] == '-' && (i == 2 || body[i-3] == '\n') {
			return body[i+len(boundary):], true
		}
		from = i + 1
	}
}

// untilBoundary splits text at the next boundary line; the line end before the
// boundary belongs to it.
func untilBoundary(text, boundary []byte) (part, rest []byte, found bool) {
	for from := 0; ; {
		i := bytes.Index(text[from:], boundary)
		if i < 0 {
			return text, nil, false
		}
		i += from
		if i >= 3 && text[i-1] == '-' && text[i-2] == '-' && text[i-3] == '\n' {
			end := i - 3
			if end > 0 && text[end-1] == '\r' {
				end--
			}
			return text[:end], text[i+len(boundary):], true
		}
		from = i + 1
	}
}

// part reads the header fields and the content of one part.
func (p *Points) part(part []byte, at place) {
	head, content := splitHead(part)
	disposition := partField(head, "content-disposition")
	name, _, _ := p.unescape(parameter(disposition, "name"), false)
	at.ref = p.named(name, point.Multipart, at.ref)
	p.key(name, at)
	file := parameter(disposition, "filename")
	extended := parameter(disposition, "filename*")
	if len(file) == 0 && len(extended) == 0 && !hasFold(disposition, "filename") {
		p.value(content, at)
		return
	}
	at.ref = p.Tree.Add(at.ref, point.File)
	at.kind = point.FileName
	for _, n := range [...][]byte{file, extended} {
		if len(n) > 0 {
			p.value(n, at)
		}
	}
	p.file(content, at)
}

// file keeps the beginning and the end of a file's content. Parsers are not applied.
func (p *Points) file(content []byte, at place) {
	if !p.room(0) {
		return
	}
	keep := func(b []byte) {
		p.Values = append(p.Values, point.Value{Data: b, Ref: at.ref, Classes: point.Classify(b), Kind: point.FileHead, Layer: at.layer})
	}
	keep(content[:min(len(content), fileHead)])
	if len(content) > fileHead+fileTail {
		keep(content[len(content)-fileTail:])
	}
}

// splitHead splits a part at its first empty line.
func splitHead(part []byte) (head, content []byte) {
	i := bytes.IndexByte(part, '\n')
	if i < 0 {
		return nil, part
	}
	part = part[i+1:] // the rest of the boundary's line
	for from := 0; ; {
		n := bytes.IndexByte(part[from:], '\n')
		if n < 0 {
			return part, nil
		}
		line := part[from : from+n]
		if len(line) == 0 || len(line) == 1 && line[0] == '\r' {
			return part[:from], part[from+n+1:]
		}
		from += n + 1
	}
}

// partField returns the value of a part's header field; folded lines are included.
func partField(head []byte, lower string) []byte {
	for len(head) > 0 {
		end := bytes.IndexByte(head, '\n')
		if end < 0 {
			end = len(head) - 1
		}
		for end+1 < len(head) && (head[end+1] == ' ' || head[end+1] == '\t') {
			next := bytes.IndexByte(head[end+1:], '\n')
			if next < 0 {
				end = len(head) - 1
				break
			}
			end += next + 1
		}
		name, value, ok := bytes.Cut(head[:end+1], []byte(":"))
		if ok && equalFold(bytes.TrimSpace(name), lower) {
			return bytes.TrimSpace(value)
		}
		head = head[end+1:]
	}
	return nil
}

// parameter returns a parameter of a header value such as
// form-data; name="a"; filename="b". Quotes are taken off, escapes are kept.
func parameter(value []byte, lower string) []byte {
	for i := bytes.IndexByte(value, ';'); i >= 0; {
		value = bytes.TrimLeft(value[i+1:], " \t\r\n")
		eq := bytes.IndexByte(value, '=')
		if eq < 0 {
			return nil
		}
		name := bytes.TrimSpace(value[:eq])
		value = bytes.TrimLeft(value[eq+1:], " \t")
		var content []byte
		content, value = unquote(value)
		if equalFold(name, lower) {
			return content
		}
		i = bytes.IndexByte(value, ';')
	}
	return nil
}

// unquote returns the quoted or bare text at the start of value, and what follows.
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
