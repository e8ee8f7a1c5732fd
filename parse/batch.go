package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// request reads a part that is a request of its own, as batches have them (OData 4.01, 11.7; RFC 9112,
// 10.2): its target, its fields and its body. It reports whether it is one.
func (p *Points) request(content []byte, at place) bool {
	content = bytes.TrimLeft(content, "\r\n")
	line, rest, _ := bytes.Cut(content, []byte("\n"))
	_, target, ok := bytes.Cut(bytes.TrimRight(line, "\r "), []byte(" "))
	version := bytes.LastIndexByte(target, ' ')
	if !ok || version <= 0 || !bytes.HasPrefix(target[version+1:], []byte("HTTP/")) || int(at.layer) >= p.limits.Depth {
		return false
	}
	at.layer++
	path, query, _ := bytes.Cut(target[:version], []byte("?"))
	uri := at
	uri.ref, uri.kind = p.Tree.Add(at.ref, point.URI), point.WholePath
	p.value(path, uri)
	p.pairs(query, point.Get, at.ref, at)
	contentType, body := p.partFields(rest, at)
	if len(body) > 0 {
		p.read(body, contentType, at)
	}
	return true
}

// partFields keeps header fields that are more than a word or a type, and returns the type they name
// and what stands behind them.
func (p *Points) partFields(head []byte, at place) (contentType, body []byte) {
	at.kind = point.HeaderText
	for len(head) > 0 && p.room(0) {
		var line []byte
		line, head, _ = bytes.Cut(head, []byte("\n"))
		if line = bytes.TrimRight(line, "\r"); len(line) == 0 {
			return contentType, head
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = trimBlank(value)
		if lex.Equal(name, "content-type") {
			contentType = value
		}
		if classes := point.Classify(value); classes&^partClasses != 0 {
			field := at
			field.ref = p.Tree.AddName(at.ref, point.Header, name)
			p.classified(value, classes, field)
		}
	}
	return contentType, nil
}
