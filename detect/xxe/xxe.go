// Package xxe finds XML that makes its reader fetch something: external and
// parameter entities, document types from elsewhere, XInclude, stylesheets.
//
// It reads declarations that the XML parser hands over and XML inside of plain
// values alike. A document type that publishers of formats offer (XHTML, SVG,
// DocBook, cXML, configuration files) is none of that.
package xxe

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxValue bounds what is read of one value, in bytes.
const maxValue = point.MaxRead

// Gate reports whether a value can be or hold XML of interest.
func Gate(v *point.Value) bool {
	switch v.Kind { //nolint:exhaustive // the others need markup
	case point.Number, point.UserAgent:
		return false
	case point.FileHead:
		if i := lex.SkipSpace(v.Data, 0); !office(v.Data) && !bytes.HasPrefix(v.Data[i:], []byte("<")) && !bytes.HasPrefix(v.Data, []byte("\xef\xbb\xbf<")) {
			return false // a document begins with markup; pictures and archives hold such bytes by chance
		}
	case point.XMLText, point.XMLDecl:
		return v.Classes&(point.Less|point.Slash|point.Colon|point.Paren|point.Dot) != 0
	}
	return v.Classes&point.Less != 0 && v.Classes&(point.Mark|point.Colon) != 0 && len(v.Data) >= 12
}

// office reports whether an upload is a document of an office program with a declaration of
// an entity, which those programs never write.
func office(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) && bytes.Contains(data, []byte("<!ENTITY ")) && (bytes.Contains(data, []byte("[Content_Types].xml")) || bytes.Contains(data, []byte("mimetypeapplication/")))
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.XXE, evidence.Markup)
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Kind == point.XMLText {
		attribute(data, v.Ref, tree, best)
		return
	}
	if v.Kind == point.XMLDecl {
		bare(data, best)
	}
	if v.Pairs.May("<!") || v.Pairs.May("<?") {
		declarations(data, v.Kind, best)
	}
	if v.Classes&point.Colon != 0 {
		elements(data, v.Pairs, best)
	}
	if best.Score() < evidence.Threshold {
		return
	}
	if first := bytes.IndexByte(data, '<'); first > 0 && words(data[:first]) {
		best.Cap(evidence.Threshold - 1) // shown in a text
	}
}

// bare reads a declaration from which the parser cut <! and >.
func bare(data []byte, t *evidence.Tally) {
	data = bytes.TrimPrefix(data, []byte("!"))
	if lex.HasPrefix(data, "doctype") {
		doctype(data[len("doctype"):], 0, len("doctype"), t)
	}
	if lex.HasPrefix(data, "xml-stylesheet") {
		link(data, 0, t)
	}
}

// link weighs a processing instruction that loads a stylesheet.
func link(s []byte, off int, t *evidence.Tally) {
	if i := lex.Index(s, "://"); i > 0 && i < 256 {
		weight := stylesheetLink.Weight
		if h := host.Read(s, i+len("://")); len(h.Name) > 0 {
			if _, _, numbered := h.Address(); numbered { // feeds name their publisher
				weight = 8
			}
		}
		t.AddWeight(&stylesheetLink, weight, off, i)
	}
}

// words reports whether markup follows words, so that no reader takes it for a
// document. Behind a quote or a parenthesis it stands in another language.
func words(before []byte) bool {
	trimmed := bytes.TrimRight(before, " \t")
	return len(trimmed) > 0 && len(trimmed) < len(before) && (lex.Word(trimmed[len(trimmed)-1]) || bytes.IndexByte([]byte(",.:"), trimmed[len(trimmed)-1]) >= 0) || lex.Prose(before)
}

// declarations reads each <! and <? of the value.
func declarations(data []byte, k point.Kind, t *evidence.Tally) {
	for i := 0; !t.Settled(i); {
		next := bytes.IndexByte(data[i:], '<')
		if next < 0 || i+next+2 > len(data) {
			return
		}
		i += next + 1
		switch rest := data[i:]; {
		case rest[0] != '!' && rest[0] != '?':
		case lex.HasPrefix(rest, "!entity"):
			entity(rest[7:], i-1, 8, k, t)
		case lex.HasPrefix(rest, "!doctype"):
			doctype(rest[8:], i-1, 9, t)
		case lex.HasPrefix(rest, "?xml-stylesheet"):
			link(rest, i-1, t)
		}
	}
}

// entity reads a declaration behind <!ENTITY, which takes head bytes.
func entity(s []byte, off, head int, k point.Kind, t *evidence.Tally) {
	i := lex.SkipSpace(s, 0)
	if i == 0 || i >= len(s) {
		return
	}
	inParameter := s[i] == '%' || s[i] == '&' && lex.HasPrefix(s[i:], "&#")
	if inParameter {
		i = lex.SkipSpace(s, i+1)
	}
	i = nameEnd(s, i)
	i = lex.SkipSpace(s, i)
	id, end := externalID(s, i)
	switch {
	case inParameter && lex.HasSuffix(id, ".ent") && published(id): // names of characters
	case id != nil:
		t.Add(&externalEntity, off, head+end)
		if graveScheme(id) {
			t.Add(&grave, off, head+end)
		}
	case inParameter:
		t.Add(&parameter, off, head+i)
	case i < len(s) && (s[i] == '"' || s[i] == '\''):
		weight := internalEntity.Weight
		if k == point.XMLDecl || k == point.Document || k == point.FileHead {
			weight = 6 // documents may have their own abbreviations
		}
		value, end := literal(s, i)
		if published(value) {
			weight = 3 // a name space, as drawing programs write it
		}
		t.AddWeight(&internalEntity, weight, off, head+end)
		if bytes.Count(value, []byte("&")) > 2 || same(value) {
			t.Add(&growth, off, head+end)
		}
	}
}

// literal reads a quoted literal and returns the index behind it.
func literal(s []byte, i int) (value []byte, end int) {
	n := bytes.IndexByte(s[i+1:], s[i])
	if n < 0 {
		return s[i+1:], len(s)
	}
	return s[i+1 : i+1+n], i + n + 2
}

// minSame is the least length of a literal of one letter over and over that only somebody
// writes who wants it to be long.
const minSame = 64

// same reports whether a literal is one letter over and over, to be used many times.
func same(value []byte) bool {
	return len(value) >= minSame && bytes.Count(value[:minSame], value[:1]) == minSame
}

// nameEnd returns the index behind an XML name.
func nameEnd(s []byte, i int) int {
	for i < len(s) && s[i] > ' ' && s[i] != '<' && s[i] != '>' && s[i] != '[' && s[i] != '"' && s[i] != '\'' {
		i++
	}
	return i
}

// externalID reads SYSTEM "…" or PUBLIC "…" "…" and returns the last literal, which
// is where the reader fetches from.
func externalID(s []byte, i int) (id []byte, end int) {
	literals := 1
	switch {
	case lex.HasPrefix(s[i:], "system"):
	case lex.HasPrefix(s[i:], "public"):
		literals = 2
	default:
		return nil, i
	}
	i += len("system")
	for range literals {
		i = lex.SkipSpace(s, i)
		if i >= len(s) || s[i] != '"' && s[i] != '\'' {
			break
		}
		id, i = literal(s, i)
	}
	if id == nil {
		id = s[i:i]
	}
	return id, i
}

// graveScheme reports whether an entity is read from a file or a stream wrapper.
func graveScheme(id []byte) bool {
	return lex.PrefixLength(id, []string{"file:", "/", "php:", "expect:", "jar:", "netdoc:", "gopher:", "data:", "phar:", "c:", "..", "ftp:", "ldap:", "\\\\"}) > 0
}

// doctype reads a declaration behind <!DOCTYPE, which takes head bytes.
func doctype(s []byte, off, head int, t *evidence.Tally) {
	i := lex.SkipSpace(s, 0)
	if i == 0 {
		return
	}
	i = lex.SkipSpace(s, nameEnd(s, i))
	id, end := externalID(s, i)
	if len(id) == 0 || published(id) {
		return
	}
	weight := externalType.Weight
	beside := lex.HasSuffix(id, ".dtd") && bytes.IndexByte(id, ':') < 0 && id[0] != '/' && id[0] != '\\' // ../fonts.dtd
	if beside || bytes.IndexByte(id, ':') < 0 && !graveScheme(id) {
		weight = 4 // note.dtd beside the document, as tutorials have it
	}
	t.AddWeight(&externalType, weight, off, head+end)
	if !beside && graveScheme(id) {
		t.Add(&grave, off, head+end)
	}
}
