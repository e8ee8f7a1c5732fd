package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// GQL is what the GraphQL documents of a request add up to; limits are somebody
// else's policy.
type GQL struct {
	Documents      int // documents: more than one are a batch
	Depth          int // levels of the deepest selection
	Aliases        int
	Directives     int
	Introspections int // fields such as __schema
	DocumentBytes  int // the longest document
	ValueBytes     int // the longest string within
}

// looksLikeGQL reports whether text is a GraphQL document and no other text.
func looksLikeGQL(text []byte) bool {
	i := gqlBlank(text, 0)
	end := len(text)
	for end > i && (point.ClassOf[text[end-1]]&(point.Space|point.Newline) != 0 || text[end-1] == ',') {
		end--
	}
	if i+2 > end || text[end-1] != '}' && bytes.IndexByte(text[i:end], '}') < 0 {
		return false
	}
	if text[i] == '{' {
		next := gqlBlank(text, i+1)
		return next < end && (point.ClassOf[text[next]] == point.Alpha || text[next] == '.')
	}
	word := text[i:gqlName(text, i)]
	switch string(word) {
	case "query", "mutation", "subscription", "fragment":
		return bytes.IndexByte(text[i+len(word):end], '{') >= 0
	default:
		return false
	}
}

// gqlBlank skips white space, commas and comments.
func gqlBlank(b []byte, i int) int {
	for i < len(b) {
		switch b[i] {
		case ' ', '\t', '\r', '\n', ',':
			i++
		case '#':
			n := bytes.IndexByte(b[i:], '\n')
			if n < 0 {
				return len(b)
			}
			i += n
		default:
			return i
		}
	}
	return i
}

func gqlName(b []byte, i int) int {
	for i < len(b) && point.ClassOf[b[i]]&(point.Alpha|point.Digit) != 0 {
		i++
	}
	return i
}

// graphql reads a document: itself a value, and its strings below it. It reports
// whether its brackets close.
func (p *Points) graphql(data []byte, at place) (whole bool) {
	at = at.deeper(p.Tree.Add(at.ref, point.GQL), 0)
	at.kind = point.GQLDocument
	p.keep(data, at)
	at.kind = point.Text
	w := gqlWalk{json: jsonWalk{p: p, data: data}, at: at}
	w.read()
	p.GQL.Documents++
	p.GQL.DocumentBytes = max(p.GQL.DocumentBytes, len(data))
	whole = w.level == 0 && w.parens == 0 && !w.json.broken
	if !whole {
		p.anomaly(at.ref, BadGraphQL)
	}
	return whole
}

// gqlWalk reads one document.
type gqlWalk struct {
	json   jsonWalk // reads strings
	at     place
	level  int // open selections
	parens int // open arguments
	name   []byte
	tag    point.Tag // of name: an argument or a variable
}

func (w *gqlWalk) read() {
	data := w.json.data
	for i := gqlBlank(data, 0); i < len(data) && w.json.p.room(0); i = gqlBlank(data, i) {
		switch c := data[i]; {
		case c == '"':
			i = w.text(i)
		case c == '$':
			end := gqlName(data, i+1)
			w.name, w.tag = data[i+1:end], point.GQLVar
			i = end
		case point.ClassOf[c] == point.Alpha:
			i = w.word(i)
		default:
			w.mark(c)
			i++
		}
	}
}

func (w *gqlWalk) mark(c byte) {
	g := &w.json.p.GQL
	switch c {
	case '{':
		if w.parens == 0 {
			w.level++
			g.Depth = max(g.Depth, w.level)
		}
	case '}':
		if w.parens == 0 {
			w.level--
		}
	case '(':
		w.parens++
	case ')':
		w.parens--
	case '@':
		g.Directives++
	}
}

// word reads a name: of an argument, an alias, or a field.
func (w *gqlWalk) word(i int) int {
	data, g := w.json.data, &w.json.p.GQL
	end := gqlName(data, i)
	next := gqlBlank(data, end)
	switch colon := next < len(data) && data[next] == ':'; {
	case colon && w.parens > 0:
		w.name, w.tag = data[i:end], point.GQLArg
	case colon:
		g.Aliases++
	case bytes.HasPrefix(data[i:end], []byte("__")) && string(data[i:end]) != "__typename":
		g.Introspections++
	}
	return end
}

// text keeps a string, or a block string.
func (w *gqlWalk) text(i int) int {
	p, data := w.json.p, w.json.data
	var text []byte
	var end int
	if bytes.HasPrefix(data[i:], []byte(`"""`)) {
		length := bytes.Index(data[i+3:], []byte(`"""`))
		if length < 0 {
			w.json.broken = true
			length = len(data) - i - 3
		}
		text = data[i+3 : i+3+length]
		end = min(i+6+length, len(data))
	} else {
		text, _, end = w.json.text(i)
	}
	p.GQL.ValueBytes = max(p.GQL.ValueBytes, len(text))
	at := w.at
	if w.tag != 0 {
		at.ref = p.Tree.AddName(at.ref, w.tag, w.name)
	}
	p.value(text, at)
	return end
}
