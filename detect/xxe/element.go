package xxe

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// elements finds XInclude and stylesheets in markup.
func elements(data []byte, p *point.Pairs, t *evidence.Tally) {
	if i := index(data, p, ":include"); i > 0 {
		included(data, i, t)
	}
	if i := index(data, p, "/2001/xinclude"); i > 0 && lex.Contains(data[max(0, i-len("xmlns = 'http://www.w3.org")):i], "xmlns=") && lex.Contains(data, "<include") {
		t.Add(&include, i, len("/2001/xinclude")) // the name space of all elements
	}
	if i := index(data, p, "xlink:href="); i > 0 {
		referred(data, i, t)
	}
	if i := index(data, p, "xsl:"); i > 0 && bytes.IndexByte(data[max(0, i-2):i], '<') >= 0 || index(data, p, "=\"http://www.w3.org/1999/xsl/transform") >= 0 || index(data, p, "='http://www.w3.org/1999/xsl/transform") >= 0 {
		styles(data, p, t)
	}
}

// index is lex.Index for a text of these pairs.
func index(data []byte, p *point.Pairs, lower string) int {
	if !p.May(lower) {
		return -1
	}
	return lex.Index(data, lower)
}

// included reads <xi:include href="…">; another prefix needs the namespace.
func included(data []byte, colon int, t *evidence.Tally) {
	start := bytes.LastIndexByte(data[:colon], '<')
	if start < 0 || colon-start > 16 {
		return
	}
	prefix := data[start+1 : colon]
	if !lex.Equal(prefix, "xi") && !lex.Contains(data, "/2001/xinclude") {
		return
	}
	end := bytes.IndexByte(data[colon:], '>')
	if end < 0 {
		end = len(data) - colon
	}
	if lex.Index(data[colon:colon+end], "href") > 0 {
		t.Add(&include, start, colon+end-start)
	}
}

// referred reads where an SVG image takes another from.
func referred(data []byte, i int, t *evidence.Tally) {
	value := bytes.TrimLeft(data[i+len("xlink:href="):], "\"' ")
	for _, s := range [...]string{"file:", "expect:", "php:", "phar:", "jar:", "netdoc:", "gopher:", "msl:", "text:", "ephemeral:", "label:", "epi:"} {
		if lex.HasPrefix(value, s) {
			t.Add(&embedded, i, len("xlink:href=")+len(s))
			return
		}
	}
}

// readers are stylesheet constructs that read documents or call out of the language.
var readers = lex.NewList("document('", "document(\"", "document(&quot;", "document(concat(", "document (", "unparsed-text(", "php:function(", "php:functionstring(", "system-property('", "doc('", "environment-variable(", "collection('", "collection(\"", "xsl:result-document", "xsl:evaluate", "dyn:evaluate(", "saxon:evaluate(", "saxon:expression(", "saxon:eval(", "json-doc(", "unparsed-text-lines(", "system-property(\"", "doc(\"", "doc-available('", "stream-available(")

// callers are elements and namespaces through which a stylesheet runs code.
var callers = lex.NewList("msxsl:script", "xmlns:php=\"http://php.net", "xmlns:php='http://php.net", "xalan/java", "xmlns:rt=", "xmlns:ob=", "java/java.lang", "xsl/java", "exslt.org/common", "exsl:document", "saxon:", "=\"java:", "='java:", "=\"clitype:", "='clitype:", "org.apache.xalan", "xalan/redirect", "xalan/pipedocument", "expath.org/ns/file")

// namespaces are those of callers, as the parser hands them over.
var namespaces = []string{"java:", "clitype:", "http://php.net", "http://xml.apache.org/xalan/java", "http://xml.apache.org/xalan/redirect", "xalan://", "org.apache.xalan", "http://www.oracle.com/xsl/transform/java", "http://expath.org/ns/file"}

func styles(data []byte, p *point.Pairs, t *evidence.Tally) {
	if i, w := first(data, p, readers); i >= 0 {
		t.Add(&stylesheet, i, len(w))
		return
	}
	if i, w := first(data, p, callers); i >= 0 {
		weight := stylesheet.Weight
		if w == "exslt.org/common" {
			weight = 3
		}
		t.AddWeight(&stylesheet, weight, i, len(w))
	}
	for _, w := range [...]string{"xsl:include href=", "xsl:import href="} {
		if i := index(data, p, w); i >= 0 && lex.Index(data[i:min(len(data), i+64)], "://") > 0 {
			t.Add(&stylesheet, i, len(w))
		}
	}
}

// first returns the first of some words in a text of these pairs.
func first(data []byte, p *point.Pairs, words *lex.List) (at int, word string) {
	if !words.May(p) {
		return -1, ""
	}
	return words.First(data)
}

// runs reports whether an element is an extension of stylesheets that holds a program or
// writes a file.
func runs(element []byte) bool {
	return lex.OneOf(element, "msxsl:script", "xalan:script", "lxslt:script", "xalan:component", "exsl:document", "exslt:document", "redirect:write", "redirect:open", "saxon:script", "xsl:evaluate", "xsl:result-document", "xt:document")
}

// selects reports whether an element is one of stylesheets, whatever its name space is
// called, that takes an expression.
func selects(element []byte) bool {
	return lex.SuffixLength(element, []string{":value-of", ":copy-of", ":for-each", ":apply-templates", ":sequence", ":with-param", ":if", ":when", ":variable", ":param", ":stylesheet", ":transform"}) > 0
}

// attribute weighs an attribute's value by its element: href of xi:include, select of
// a stylesheet's element.
func attribute(data []byte, ref point.Ref, tree *point.Tree, t *evidence.Tally) {
	if tree.Tag(ref) != point.XMLAttr {
		return
	}
	name, element := tree.Name(ref), tree.Name(tree.Parent(ref))
	switch {
	case lex.Equal(name, "xmlns") && lex.HasSuffix(data, "/2001/xinclude"):
		t.Add(&include, 0, len(data))
	case lex.HasPrefix(name, "xmlns:") && (lex.HasPrefix(element, "xsl:") || selects(element)):
		for _, space := range namespaces {
			if lex.HasPrefix(data, space) {
				t.Add(&stylesheet, 0, len(data))
				return
			}
		}
	case lex.Equal(name, "href") && lex.HasSuffix(element, ":include") && !lex.HasPrefix(element, "xsl:") && !lex.HasPrefix(data, "cid:"): // a part of the same message: XOP, 2.1
		t.Add(&include, 0, len(data))
	case runs(element):
		t.Add(&stylesheet, 0, len(data))
	case (lex.HasPrefix(element, "xsl:") || selects(element)) && (lex.Equal(name, "select") || lex.Equal(name, "test") || lex.Equal(name, "match")):
		if i, w := readers.First(data); i >= 0 {
			t.Add(&stylesheet, i, len(w))
		}
	case lex.Equal(name, "href") && (lex.Equal(element, "xsl:include") || lex.HasSuffix(element, ":import") || lex.Equal(element, "xsl:result-document")):
		if lex.Index(data, "://") > 0 || graveScheme(data) {
			t.Add(&stylesheet, 0, len(data))
		}
	}
}
