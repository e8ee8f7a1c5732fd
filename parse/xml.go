package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// looksLikeXML reports whether text that begins with < may be XML to somebody.
func looksLikeXML(text []byte) bool { return saysXML(text) || soundXML(text) }

// saysXML reports whether text that begins with < is XML rather than HTML: it has a declaration, a
// document type that is not HTML's, or a name space.
func saysXML(text []byte) bool {
	head := text[:min(len(text), 1024)]
	switch {
	case bytes.HasPrefix(head, []byte("<?xml")):
		return true
	case len(head) > 9 && lex.Equal(head[:9], "<!doctype"):
		return !lex.Contains(head[:min(len(head), 32)], "html") || bytes.IndexByte(head, '[') > 0
	case len(head) < 4 || head[1] != '!' && point.ClassOf[head[1]] != point.Alpha:
		return false
	}
	tag, _, ok := bytes.Cut(head, []byte(">"))
	return ok && bytes.Contains(tag, []byte("xmlns"))
}

// maybeXML reads a parameter's value as XML if it looks like it.
func (p *Points) maybeXML(data []byte, at place) {
	i := skipBlank(data, 0)
	if i+4 < len(data) && data[i] == '<' && looksLikeXML(data[i:]) {
		p.xml(data[i:], at, false)
	}
}

// xml reads a document into points below [xml]. It is lenient: tags need not match.
// It reports whether they did. When a body that is XML by its type is malformed, or in
// another encoding than it says, that is an anomaly; parameters often say utf-16 of
// what was UTF-16 before it was sent.
func (p *Points) xml(data []byte, at place, declared bool) (whole bool) {
	at = at.deeper(p.Tree.Add(at.ref, point.XML), 0)
	at.kind = point.XMLText
	w := xmlWalk{p: p, data: data, root: at, at: at, outside: len(p.pieces)}
	w.read(data)
	w.flush()
	p.pieces = p.pieces[:w.outside]
	whole = !w.bad && w.elements > 0 && (w.depth == 0 || p.cut)
	malformed := !whole && w.elements+w.types > 0 && !p.cut && p.Overrun == Within
	if declared && (w.foreign || malformed) {
		p.anomaly(at.ref, BadXML)
	}
	return whole
}

// xmlWalk reads one document.
type xmlWalk struct {
	p        *Points
	data     []byte
	root     place
	at       place // the element that is open
	open     [defaultNesting]point.Ref
	depth    int
	elements int
	comments int
	pis      int
	types    int  // document types
	declares int  // entities
	bad      bool // not well-formed
	foreign  bool // not in the encoding that it declares

	text     []byte              // of the open element, so far
	copied   bool                // text is in scratch
	inside   [defaultNesting]int // how many pieces there were when an element was opened
	outside  int                 // pieces of the document around this one
	joined   int                 // bytes of texts that were put together
	apart    [2]int              // where the pieces were that the last element without text of its own had put together
	mixed    int                 // depth of the outermost element with text of its own, 0: none
	spliced  int                 // how many times what is read was put in place of references
	splicing bool                // only references to declared entities are replaced
	entities entities
}

// read reads markup after markup.
func (w *xmlWalk) read(data []byte) {
	for i := 0; i < len(data) && w.p.room(0); {
		if data[i] != '<' {
			n := bytes.IndexByte(data[i:], '<')
			if n < 0 {
				n = len(data) - i
			}
			w.characters(data[i : i+n])
			i += n
			continue
		}
		i += w.markup(data[i:])
	}
}

// markup reads what begins with < and returns its length.
func (w *xmlWalk) markup(b []byte) int {
	switch {
	case len(b) < 2:
		w.bad = true
		return len(b)
	case b[1] == '/':
		return w.endTag(b)
	case b[1] == '?':
		return w.instruction(b)
	case bytes.HasPrefix(b, []byte("<!--")):
		content, n := w.until(b, len("<!--"), "-->")
		at := w.root
		at.ref = w.p.Tree.AddIndex(w.root.ref, point.XMLComment, w.comments)
		w.comments++
		w.p.keep(content, at)
		return n
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		content, n := w.until(b, len("<![CDATA["), "]]>")
		w.append(content)
		return n
	case len(b) > 9 && lex.Equal(b[:9], "<!doctype"):
		return w.doctype(b)
	case point.ClassOf[b[1]]&(point.Alpha|point.High|point.Colon) != 0:
		return w.startTag(b)
	default:
		w.bad = true
		w.append(b[:1])
		return 1
	}
}

// until returns what stands between a start and an end, and how long all of it is.
func (w *xmlWalk) until(b []byte, start int, end string) (content []byte, n int) {
	i := bytes.Index(b[start:], []byte(end))
	if i < 0 {
		w.bad = !w.p.cut
		return b[start:], len(b)
	}
	return b[start : start+i], start + i + len(end)
}

// instruction reads a processing instruction, and the XML declaration.
func (w *xmlWalk) instruction(b []byte) int {
	content, n := w.until(b, len("<?"), "?>")
	if bytes.HasPrefix(content, []byte("xml")) && len(content) > 3 && point.ClassOf[content[3]]&(point.Space|point.Newline) != 0 {
		w.declaration(content)
		return n
	}
	at := w.root
	at.ref, at.kind = w.p.Tree.AddIndex(w.root.ref, point.XMLPI, w.pis), point.XMLDecl
	w.pis++
	w.p.keep(b[:n], at)
	return n
}

// declaration looks at the encoding: a document that is ASCII so far and says that it
// is not means to be read by somebody else.
func (w *xmlWalk) declaration(content []byte) {
	_, name, _ := bytes.Cut(content, []byte("encoding"))
	name = bytes.Trim(name, " \t\r\n=")
	if len(name) < 2 {
		return
	}
	name, _, _ = bytes.Cut(name[1:], name[:1])
	c, known := charsetNamed(name)
	inside := w.p.Tree.Tag(w.p.Tree.Parent(w.root.ref)) == point.Charset
	switch {
	case c == shifting:
		w.p.charset = shifting
	case !known || c != asciiLike && !inside:
		w.foreign = true
	}
	if c == utf7 {
		w.p.utf7(w.data, w.root)
	}
}

func isNameEnd(c byte) bool {
	return point.ClassOf[c]&(point.Space|point.Newline|point.Slash|point.Greater|point.Equal|point.Less|point.Quote) != 0
}

// startTag reads a tag and its attributes.
func (w *xmlWalk) startTag(b []byte) int {
	w.flush()
	i := 1
	for i < len(b) && !isNameEnd(b[i]) {
		i++
	}
	name := b[1:i]
	w.elements++
	parent := w.at.ref
	if w.depth >= min(len(w.open), w.p.limits.Nesting) {
		w.p.Overrun, w.bad = TooNested, true
		return len(b)
	}
	w.at.ref = w.p.Tree.AddName(parent, point.XMLTag, name)
	w.name(name)
	w.open[w.depth], w.inside[w.depth] = parent, len(w.p.pieces)
	w.depth++
	for i < len(b) && w.p.room(0) {
		switch c := b[i]; {
		case c == '>':
			return i + 1
		case c == '/' && i+1 < len(b) && b[i+1] == '>':
			w.close()
			return i + 2
		case c == '<':
			w.bad = true
			return i
		case point.ClassOf[c]&(point.Space|point.Newline|point.Slash|point.Equal|point.Quote) != 0:
			i++
		default:
			i = w.attribute(b, i)
		}
	}
	w.bad = w.bad || !w.p.cut
	return len(b)
}

// name keeps the name of an element or attribute if it is an odd one, or that of a class: java.lang.Thread.
func (w *xmlWalk) name(name []byte) {
	if lex.ClassName(name) {
		at := w.at
		at.kind = point.Key
		w.p.classified(name, point.Classify(name), at)
		return
	}
	if point.Classify(name)&^(point.Alpha|point.Digit|point.Dash|point.Dot|point.Colon) != 0 {
		w.p.key(name, w.at)
	}
}

// attribute reads the attribute at i and returns the index behind it.
func (w *xmlWalk) attribute(b []byte, i int) int {
	start := i
	for i < len(b) && !isNameEnd(b[i]) {
		i++
	}
	name := b[start:i]
	w.name(name)
	i = skipBlank(b, i)
	if i >= len(b) || b[i] != '=' {
		w.bad = true
		return i
	}
	i = skipBlank(b, i+1)
	if i >= len(b) {
		return i
	}
	var value []byte
	if quote := b[i]; quote == '"' || quote == '\'' {
		end := bytes.IndexByte(b[i+1:], quote)
		if end < 0 {
			w.bad = true
			end = len(b) - i - 1
		}
		value = b[i+1 : i+1+end]
		i = min(i+end+2, len(b))
	} else {
		w.bad = true
		start = i
		for i < len(b) && !isNameEnd(b[i]) {
			i++
		}
		if value = b[start:i]; i == start {
			i++
		}
	}
	at := w.at
	at.ref = w.p.Tree.AddName(w.at.ref, point.XMLAttr, name)
	w.p.leaf(w.expanded(value), at)
	return i
}

// endTag closes the innermost element; another name than its own is a flaw.
func (w *xmlWalk) endTag(b []byte) int {
	w.flush()
	content, n := w.until(b, len("</"), ">")
	name := bytes.TrimSpace(content)
	if w.depth == 0 || !bytes.Equal(name, w.p.Tree.Name(w.at.ref)) {
		w.bad = true
		w.name(name)
		if w.depth == 0 || !w.isOpen(name) {
			return n
		}
		for !bytes.Equal(name, w.p.Tree.Name(w.at.ref)) {
			w.close()
		}
	}
	w.close()
	return n
}

// isOpen reports whether an element of a name is open.
func (w *xmlWalk) isOpen(name []byte) bool {
	ref := w.at.ref
	for i := w.depth - 1; i >= 0; i-- {
		if bytes.Equal(name, w.p.Tree.Name(ref)) {
			return true
		}
		ref = w.open[i]
	}
	return false
}

func (w *xmlWalk) close() {
	if w.depth--; w.depth < w.mixed {
		w.mixed = 0
	}
	w.join(w.p.pieces[w.inside[w.depth]:])
	w.at.ref = w.open[w.depth]
}
