package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// GQL is what the GraphQL documents of a request add up to; limits are somebody
// else's policy.
type GQL struct {
	Documents      int // documents: more than one are a batch
	Depth          int // levels of the deepest selection; [Endless] if fragments spread themselves
	Aliases        int // and what is repeated; see gqlRepeated
	Directives     int
	Introspections int // fields such as __schema
	Disguised      int // of these, those that are written as no tool does
	DocumentBytes  int // the longest document
	ValueBytes     int // the longest string within
}

// Endless is the depth of a document whose fragments or fields lead in a circle.
const Endless = 1 << 20

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
		if next == end || point.ClassOf[text[next]] != point.Alpha {
			return next < end && text[next] == '.'
		}
		behind := gqlBlank(text, gqlName(text, next))
		return behind < end && text[behind] != '=' && text[behind] != '!' // {label="value"} chooses series in PromQL and LogQL
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
	w := gqlWalk{json: jsonWalk{p: p, data: data}, at: at, tool: bytes.Contains(data, []byte("IntrospectionQuery"))}
	w.read()
	if w.spreads.circle() {
		p.GQL.Depth = Endless
	}
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

	next      gqlNext // what the next name is
	dots      int     // right in front
	last      []byte  // field, if nothing stands behind it yet
	path      gqlPath
	directive []byte // the last, if no field stands behind it yet
	named     bool   // the next field has an alias
	bare      []byte // the last field that had one, if nothing stands behind it yet
	spreads   gqlSpreads
	tool      bool // an operation is named as tools name the one that asks for the schema
}

// gqlNext says what a mark or a word makes of the name behind it.
type gqlNext uint8

const (
	gqlField gqlNext = iota
	gqlDirective
	gqlSpread
	gqlFragment // its definition
)

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
	if c == '.' {
		if w.dots++; w.dots == 3 {
			w.next, w.dots = gqlSpread, 0
		}
		return
	}
	w.dots = 0
	if c != '@' {
		w.last = nil
		if c != ':' {
			w.bare = nil
		}
	}
	switch c {
	case '{':
		if w.parens == 0 {
			w.level++
			g.Depth = max(g.Depth, w.level)
			if w.path.open(w.level) {
				g.Depth = Endless
			}
		}
	case '}':
		if w.parens == 0 {
			if w.level--; w.level == 0 {
				w.spreads.current = 0
			}
		}
	case '(':
		w.parens++
	case ')':
		w.parens--
	case '@':
		g.Directives++
		w.next = gqlDirective
	}
}

// word reads a name: of an argument, an alias, or a field.
func (w *gqlWalk) word(i int) int {
	data, g := w.json.data, &w.json.p.GQL
	end := gqlName(data, i)
	if w.special(data[i:end]) {
		return end
	}
	next := gqlBlank(data, end)
	switch colon := next < len(data) && data[next] == ':'; {
	case colon && w.parens > 0:
		w.name, w.tag = data[i:end], point.GQLArg
	case colon:
		g.Aliases++
		w.named = true
	case bytes.HasPrefix(data[i:end], []byte("__")) && string(data[i:end]) != "__typename":
		g.Introspections++
		if w.disguised(i, end) {
			g.Disguised++
		}
	}
	return end
}

// disguised reports whether a question for the schema is written as no tool does: the whole
// schema in an operation that is not named as all tools name it, under another name, or with a
// line end, a comma or a remark in front of its selection.
func (w *gqlWalk) disguised(i, end int) bool {
	data := w.json.data
	if string(data[i:end]) == "__schema" && !w.tool {
		return true
	}
	if gap := data[end:gqlBlank(data, end)]; bytes.ContainsAny(gap, "\r\n,#") && end+len(gap) < len(data) && data[end+len(gap)] == '{' {
		return true
	}
	before := bytes.TrimRight(data[:i], " \t\r\n,")
	return len(before) > 0 && before[len(before)-1] == ':' && w.parens == 0
}

// special takes a name that is no field, argument or alias, and counts what is repeated
// right behind itself.
func (w *gqlWalk) special(name []byte) bool {
	kind := w.next
	w.next, w.dots = gqlField, 0
	switch kind { //nolint:exhaustive // a directive is a field that is not asked for
	case gqlSpread:
		w.last = nil
		if string(name) != "on" {
			w.spreads.spread(name)
		}
		return true
	case gqlFragment:
		w.spreads.define(name)
		return true
	case gqlField:
		if w.level == 0 && w.parens == 0 && string(name) == "fragment" {
			w.next = gqlFragment
			return true
		}
	}
	isDirective := kind == gqlDirective
	if w.parens == 0 {
		w.repeated(name, isDirective)
	}
	return isDirective
}

// gqlRepeated is what a directive counts that is repeated on one field, and a field without
// arguments that is asked for once more under another name: as so many aliases. Nobody needs
// either, and a server does the work as often.
const gqlRepeated = 10

// repeated counts a name that stands behind itself.
func (w *gqlWalk) repeated(name []byte, isDirective bool) {
	g := &w.json.p.GQL
	if isDirective {
		if bytes.Equal(w.directive, name) {
			g.Aliases += gqlRepeated
		}
		w.last, w.directive = nil, name
		return
	}
	w.path.field = name
	if w.last != nil && bytes.Equal(w.last, name) {
		g.Aliases++
	}
	if w.named {
		if w.bare != nil && bytes.Equal(w.bare, name) {
			g.Aliases += gqlRepeated
		}
		w.bare = name
	}
	w.last, w.directive, w.named = name, nil, false
}

// blockEnd returns where a block string ends, -1 if it does not: three quotes behind a backslash are
// a part of it (GraphQL, 2.9.4).
func blockEnd(text []byte) int {
	for from := 0; ; {
		n := bytes.Index(text[from:], []byte(`"""`))
		if n < 0 {
			return -1
		}
		if from += n; from == 0 || text[from-1] != '\\' {
			return from
		}
		from += len(`"""`)
	}
}

// text keeps a string, or a block string.
func (w *gqlWalk) text(i int) int {
	p, data := w.json.p, w.json.data
	var text []byte
	var end int
	if bytes.HasPrefix(data[i:], []byte(`"""`)) {
		length := blockEnd(data[i+3:])
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
		if takesCommand(w.name) {
			at.flags |= point.Command
		}
	}
	p.value(text, at)
	return end
}
