package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// jsonOpeners are the bytes that begin JSON which is more than a number or a word, and comments in
// front of it.
const jsonOpeners = `{["/#`

// ownForms are the forms in which parts are read by their type alone.
const ownForms = FormParser | LinesParser | CSVParser | ProtobufParser | GQLParser | MsgpackParser | CBORParser

// typedFile reads a file that says what it is. Front ends send objects as files with a type and
// without an extension, and servers read them as they read bodies.
func (p *Points) typedFile(content []byte, h *partHead, at place) {
	switch {
	case opens(content, "<") && (h.says("xml") || h.says("svg") || saysXML(content[skipBlank(content, 0):])) && p.on(XMLParser, at.ref):
		p.xml(content, at, false)
	case (h.says("json") && opens(content, jsonOpeners) || h.untold() && opens(content, "{[")) && p.on(JSONParser, at.ref):
		p.json(content, at)
	case !p.recodedFile(content, h, at):
		form := h.ownForm()
		if form&ownForms != 0 {
			p.readAs(form, content, h.mime, at)
		}
	}
}

// untold reports whether neither a type nor an extension says what a file is, as when a script of a page sends
// an object as a Blob.
func (h *partHead) untold() bool {
	for _, n := range h.files[:h.fileCount] {
		if bytes.IndexByte(n, '.') >= 0 {
			return false
		}
	}
	return len(h.mime) == 0 || lex.HasPrefix(h.mime, "application/octet-stream")
}

// ownForm returns the form that the extension of a file names or, if it has none, its type.
func (h *partHead) ownForm() ParserSet {
	form, extended := ParserSet(0), false
	for _, n := range h.files[:h.fileCount] {
		dot := bytes.LastIndexByte(n, '.')
		if dot < 0 {
			continue
		}
		extended = true
		switch extension := n[dot+1:]; {
		case lex.OneOf(extension, "yml", "yaml", "ics", "vcf"):
			form = LinesParser
		case lex.OneOf(extension, "csv", "tsv"):
			form = CSVParser
		}
	}
	if extended {
		return form
	}
	return declaredForm(h.mime)
}

// recodedFile reads a file that is XML or JSON in a character set in which ASCII is not ASCII, and
// reports whether it is.
func (p *Points) recodedFile(content []byte, h *partHead, at place) bool {
	c, isJSON := charsetOf(content), h.says("json")
	if c == asciiLike && isJSON {
		c = wideByFirst(content)
	}
	if c == asciiLike || !p.on(CharsetParser, at.ref) {
		return false
	}
	begin, ok := p.decoded(c, content[:min(len(content), 64)])
	isXML := ok && opens(begin, "<") && p.on(XMLParser, at.ref)
	isJSON = isJSON && ok && opens(begin, jsonOpeners) && p.on(JSONParser, at.ref)
	if !isXML && !isJSON {
		return false
	}
	out, ok := p.decoded(c, content)
	switch at = at.deeper(p.Tree.Add(at.ref, point.Charset), point.FromCharset); {
	case ok && isXML:
		p.xml(out, at, false)
	case ok:
		p.json(out, at)
	}
	return ok
}

// typedField reads a field whose type names a form that its first bytes do not show.
func (p *Points) typedField(content, mime []byte, at place) {
	switch form := declaredForm(mime); {
	case form == 0 || int(at.layer) >= p.limits.Depth:
	case form == JSONParser && opens(content, `"/#`), form == XMLParser && opens(content, "<") && !looksLikeXML(content[skipBlank(content, 0):]), form&ownForms != 0:
		p.readAs(form, content, nil, at)
	}
}

// says reports whether type or name of a file hold a word.
func (h *partHead) says(lower string) bool {
	if lex.Contains(h.mime, lower) {
		return true
	}
	for _, n := range h.files[:h.fileCount] {
		if lex.Contains(n, lower) {
			return true
		}
	}
	return false
}
