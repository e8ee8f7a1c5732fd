package parse

import (
	"bytes"
	"slices"

	"github.com/weirnode/weir/detect/lex"
)

// boundaries appends the boundaries that a content type has for anybody, and the one that the body's
// first line shows. It reports whether there are more than it appended.
func (p *Points) boundaries(list [][]byte, body, contentType []byte) (all [][]byte, more bool) {
	add := func(b []byte) {
		switch {
		case len(b) == 0 || slices.ContainsFunc(list, func(known []byte) bool { return bytes.Equal(known, b) }):
		case len(list) == cap(list):
			more = true
		default:
			list = append(list, b)
		}
	}
	n, last := 0, []byte(nil)
	for rest := contentType; ; {
		name, content, after, ok := nextParameter(rest)
		if !ok {
			break
		}
		rest = after
		if lex.Equal(name, "boundary") {
			if n++; n == 1 {
				add(content)
			}
			last = content
		}
	}
	add(last)
	more = more || n > 2 // somebody may take one in the middle
	add(boundaryOfPHP(contentType))
	add(boundaryOfRack(contentType))
	if bytes.IndexByte(contentType, '*') >= 0 {
		add(p.extendedBoundary(contentType))
	}
	if bytes.IndexByte(last, '\\') >= 0 {
		add(p.withoutEscapes(last))
	}
	if first := firstBoundary(body); len(list) == 0 || len(first) > 0 && !bytes.HasPrefix(first, list[0]) {
		add(first)
	}
	return list, more
}

// extendedBoundary returns the boundary that stands in a content type with its character set, or in
// pieces (RFC 2231, 3 and 4), which may come in any order.
func (p *Points) extendedBoundary(contentType []byte) []byte {
	var pieces [10][]byte
	for rest := contentType; ; {
		name, content, after, ok := nextParameter(rest)
		if !ok {
			break
		}
		rest = after
		number, ok := bytes.CutPrefix(name[min(len("boundary"), len(name)):], []byte("*"))
		if !ok || !lex.HasPrefix(name, "boundary") {
			continue
		}
		if bytes.HasSuffix(name, []byte("*")) {
			content, _, _ = p.unescape(withoutCharset(content), false)
		}
		if len(number) == 0 {
			return content
		}
		if lex.Digit(number[0]) && pieces[number[0]-'0'] == nil {
			pieces[number[0]-'0'] = content
		}
	}
	return bytes.Join(pieces[:], nil)
}

// withoutEscapes drops the backslashes of a quoted text.
func (p *Points) withoutEscapes(text []byte) []byte {
	out := p.arena.Grow(len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		out = append(out, text[i])
	}
	return p.arena.Commit(out)
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

// boundaryOfRack returns what stands behind the last boundary= that is not empty, wherever it is, up to
// a quote, a comma or a semicolon.
func boundaryOfRack(contentType []byte) (last []byte) {
	const word = "boundary="
	for rest := contentType; ; {
		i := lex.Index(rest, word)
		if i < 0 {
			return last
		}
		rest = rest[i+len(word):]
		b := bytes.TrimPrefix(rest, []byte(`"`))
		if end := bytes.IndexAny(b, `",;`); end >= 0 {
			b = b[:end]
		}
		if len(b) > 0 {
			last = b
		}
	}
}
