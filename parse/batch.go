package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// request reads a part that is a request of its own, as batches have them (OData 4.01, 11.7; RFC 9112,
// 10.2): its target, its fields and its body. It reports whether it is one.
func (p *Points) request(content []byte, at place) bool {
	line, head, body := splitHead(bytes.TrimLeft(content, "\r\n"))
	if line == nil {
		line, body = body, nil
	}
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
	p.oddFields(head, "", at)
	if len(body) > 0 {
		var h partHead
		h.read(head)
		p.read(body, h.mime, at)
	}
	return true
}
