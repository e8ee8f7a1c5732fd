package parse

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maybeCut is the length from which a text may have an end that is not there, in bytes.
const maybeCut = 32 << 10

// soundXML reports whether a text is one well-formed element, which a parser of XML takes without any
// declaration, and not made of elements of HTML alone: what people write is left to those who know
// HTML.
func soundXML(text []byte) bool {
	var s soundness
	for i := 0; i < len(text); {
		n := s.next(text[i:])
		if n == 0 {
			return false
		}
		if s.typed {
			return true
		}
		i += n
	}
	return s.foreign && (s.depth == 0 || len(text) >= maybeCut)
}

// soundness is how far a text is known to be XML.
type soundness struct {
	open     [defaultNesting][]byte // names; what is deeper only counts
	depth    int
	elements int
	foreign  bool // something in it is not of HTML
	typed    bool // a document type stands in front of the element
}

// ofHTML are the elements of which people's texts are made.
var ofHTML = func() map[string]bool {
	names := make(map[string]bool)
	for name := range strings.FieldsSeq("a abbr article aside audio b blockquote body br button caption center cite code col colgroup dd del details div dl dt em " +
		"embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main mark meta " +
		"nav object ol option p param picture pre q s script section select small source span strike strong style sub summary sup svg table tbody td " +
		"textarea tfoot th thead time title tr tt u ul video wbr circle defs ellipse g path polygon polyline rect") {
		names[name] = true
	}
	return names
}()

// isHTML reports whether a name is that of an element of HTML.
func isHTML(name []byte) bool {
	var lower [len("figcaption")]byte
	if len(name) > len(lower) {
		return false
	}
	for i, c := range name {
		lower[i] = lex.Lower(c)
	}
	return ofHTML[string(lower[:len(name)])]
}

// next returns the length of what begins b, 0 if parsers refuse it.
func (s *soundness) next(b []byte) int {
	switch {
	case b[0] != '<':
		n := bytes.IndexByte(b, '<')
		if n < 0 {
			n = len(b)
		}
		if s.depth == 0 && skipBlank(b[:n], 0) < n || !soundText(b[:n]) {
			return 0
		}
		return n
	case bytes.HasPrefix(b, []byte("<!--")):
		return through(b, "-->")
	case bytes.HasPrefix(b, []byte("<?")):
		return through(b, "?>")
	case bytes.HasPrefix(b, []byte("<![CDATA[")) && s.depth > 0:
		s.foreign = true
		return through(b, "]]>")
	case s.elements == 0 && bytes.HasPrefix(b, []byte("<!DOCTYPE")):
		s.typed = true
		return len(b)
	case bytes.HasPrefix(b, []byte("</")):
		return s.end(b)
	default:
		return s.begin(b)
	}
}

// through returns the length of b up to an end, 0 if it is not there.
func through(b []byte, end string) int {
	i := bytes.Index(b, []byte(end))
	if i < 0 {
		return 0
	}
	return i + len(end)
}

// end closes the element that is open.
func (s *soundness) end(b []byte) int {
	n := through(b, ">")
	if n == 0 || s.depth == 0 {
		return 0
	}
	if s.depth--; s.depth < len(s.open) && !bytes.Equal(s.open[s.depth], trimBlank(b[len("</"):n-1])) {
		return 0
	}
	return n
}

// begin opens an element: after the first there is none but inside of it.
func (s *soundness) begin(b []byte) int {
	i := 1
	for i < len(b) && !isNameEnd(b[i]) {
		i++
	}
	name := b[1:i]
	if len(name) == 0 || point.ClassOf[name[0]]&(point.Alpha|point.High|point.Colon) == 0 || s.depth == 0 && s.elements > 0 {
		return 0
	}
	s.elements++
	s.foreign = s.foreign || !isHTML(name)
	for {
		i = skipBlank(b, i)
		switch rest := b[i:]; {
		case bytes.HasPrefix(rest, []byte("/>")):
			return i + len("/>")
		case bytes.HasPrefix(rest, []byte(">")):
			if s.depth < len(s.open) {
				s.open[s.depth] = name
			}
			s.depth++
			return i + 1
		}
		n := soundAttribute(b[i:])
		if n == 0 {
			return 0
		}
		i += n
	}
}

// soundAttribute returns the length of name="value", 0 if b begins otherwise.
func soundAttribute(b []byte) int {
	i := 0
	for i < len(b) && !isNameEnd(b[i]) {
		i++
	}
	equal := skipBlank(b, i)
	if i == 0 || equal == len(b) || b[equal] != '=' {
		return 0
	}
	i = skipBlank(b, equal+1)
	if i == len(b) || b[i] != '"' && b[i] != '\'' {
		return 0
	}
	end := bytes.IndexByte(b[i+1:], b[i])
	if end < 0 || !soundText(b[i+1:i+1+end]) || bytes.IndexByte(b[i+1:i+1+end], '<') >= 0 {
		return 0
	}
	return i + end + 2
}

// soundText reports whether all references in a text are to characters that XML knows without a
// declaration.
func soundText(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			return true
		}
		name := referred(text[i:])
		if !bytes.HasPrefix(name, []byte("#")) && !lex.OneOf(name, "lt", "gt", "amp", "quot", "apos") {
			return false
		}
		text = text[i+1:]
	}
}
