package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// What stands in front of JSON in a frame.
const (
	maxNamespace = 64      // of Socket.IO, in bytes
	maxFrameHead = 1 << 10 // of STOMP
)

// unframed returns the document behind what some transports and clients put in front of one, and what
// that is: type and namespace of Socket.IO, a record separator of Engine.IO, the head of a STOMP
// frame, the mark that keeps browsers from running JSON. It returns nil if there is none.
func unframed(data []byte) (head, doc []byte) {
	i := 0
	for i < len(data) && (point.ClassOf[data[i]]&(point.Space|point.Newline) != 0 || data[i] == '\x1e') {
		i++
	}
	if i == len(data) {
		return nil, nil
	}
	switch c := data[i]; {
	case lex.Digit(c):
		i = packetHead(data, i)
	case c == ')' && bytes.HasPrefix(data[i:], []byte(")]}'")):
		i += len(")]}'")
		for i < len(data) && (data[i] == ',' || point.ClassOf[data[i]]&(point.Space|point.Newline) != 0) {
			i++
		}
	case c >= 'A' && c <= 'Z':
		i = commandHead(data, i)
	}
	if i >= len(data)-1 || !beginsDocument(data[i:]) {
		return nil, nil
	}
	return data[:i], data[i:]
}

// packetHead returns where the document of a packet begins: 42/admin,17[...] or, in Engine.IO 3,
// with its length in front.
func packetHead(data []byte, i int) int {
	for i < len(data) && (lex.Digit(data[i]) || data[i] == ':' || data[i] == '-' || data[i] == '\x1e') {
		i++
	}
	if i < len(data) && data[i] == '/' {
		end := bytes.IndexByte(data[i:min(len(data), i+maxNamespace)], ',')
		if end < 0 {
			return len(data)
		}
		for i += end + 1; i < len(data) && lex.Digit(data[i]); {
			i++
		}
	}
	return i
}

// commandHead returns where the body of a STOMP frame begins: behind an empty line.
func commandHead(data []byte, i int) int {
	word := i
	for word < len(data) && data[word] >= 'A' && data[word] <= 'Z' {
		word++
	}
	if word == len(data) || data[word] != '\n' && data[word] != '\r' {
		return len(data)
	}
	begin := data[:min(len(data), i+maxFrameHead)]
	for _, empty := range [...]string{"\n\n", "\n\r\n"} {
		if end := bytes.Index(begin, []byte(empty)); end >= 0 {
			return end + len(empty)
		}
	}
	return len(data)
}

// beginsDocument reports whether text begins as an object or an array does.
func beginsDocument(text []byte) bool {
	next := min(skipBlank(text, 1), len(text)-1)
	switch text[0] {
	case '{':
		return beginsMember(text[next:])
	case '[':
		return bytes.IndexByte([]byte(`"'{[]-0123456789tfn`), text[next]) >= 0
	}
	return false
}

// speaks reports whether what stands in front of a document is more than marks and numbers.
func speaks(head []byte) bool { return point.Classify(head)&(point.Alpha|point.Slash) != 0 }

// quotesDocument reports whether a value may be a document in a string of JSON.
func quotesDocument(data []byte) bool {
	return len(data) > len(`"{\"a"`) && data[0] == '"' && (data[1] == '{' || data[1] == '[') && data[len(data)-1] == '"'
}

// quotedDocument reads such a value.
func (p *Points) quotedDocument(data []byte, at place) {
	w := jsonWalk{p: p, data: data}
	if text, _, end := w.text(0); end == len(data) && !w.broken {
		p.value(text, at.deeper(p.Tree.Add(at.ref, point.JSONDoc), 0))
	}
}
