package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maybeJSON reads a value as JSON if it begins like a document, and reports whether it is one,
// without a flaw.
func (p *Points) maybeJSON(data []byte, at place) (sound bool) {
	i := skipBlank(data, 0)
	if i >= len(data)-1 || !beginsDocument(data[i:]) {
		if _, doc := unframed(data[i:]); doc == nil {
			return false
		}
	}
	_, sound = p.json(data, at)
	return sound
}

// beginsMember reports whether b begins with a quoted name or a word and a colon, or
// with the end of an object.
func beginsMember(b []byte) bool {
	if b[0] == '"' || b[0] == '\'' || b[0] == '}' {
		return true
	}
	i := 0
	for i < len(b) && i < 64 && (point.ClassOf[b[i]]&(point.Alpha|point.Digit) != 0 || b[i] == '$') {
		i++
	}
	end := skipBlank(b, i)
	return i > 0 && end < len(b) && b[end] == ':'
}

// json reads one document or several, one after the other, into points below
// [json_doc]. It is lenient: what can be read is read, the rest is an anomaly. It
// reports whether all of it was read as somebody strict about structure would, and whether it
// is sound: one document as RFC 8259 says.
func (p *Points) json(data []byte, at place) (whole, sound bool) {
	outside := at
	at = at.deeper(p.Tree.Add(at.ref, point.JSONDoc), 0)
	at.kind = point.Text
	data = bytes.TrimLeft(withoutMark(data), "\x1e") // RFC 7464
	framed := false
	if i := skipBlank(data, 0); i < len(data) && data[i] != '{' && data[i] != '[' {
		if _, doc := unframed(data); doc != nil {
			data, framed = doc, true
		}
	}
	w := jsonWalk{p: p, data: data}
	end := w.blank(w.value(w.blank(0), at, 0))
	sound = end == len(data) && !framed
	for ; end < len(data) && !w.broken && p.room(0); end = w.blank(w.value(end, at, 0)) {
		if end = w.nextDocument(end); end == len(data) || data[end] != '{' && data[end] != '[' && data[end] != '"' {
			break
		}
	}
	if end < len(data) {
		w.broken = true
		if p.room(0) { // what follows the document may be read by somebody
			outside.ref, outside.layer = at.ref, at.layer
			p.keep(data[end:], outside)
		}
	}
	if w.bad || w.broken {
		p.anomaly(at.ref, BadJSON)
	}
	return !w.broken, sound && !w.bad && !w.broken
}

// nextDocument steps over what stands between documents in frames, and the NUL that ends one.
func (w *jsonWalk) nextDocument(i int) int {
	switch c := w.data[i]; {
	case c == '\x1e' || lex.Digit(c):
		if _, doc := unframed(w.data[i:]); doc != nil {
			return len(w.data) - len(doc)
		}
	case c == 0 && skipBlank(w.data, i+1) == len(w.data):
		return len(w.data)
	}
	return i
}

// jsonWalk reads documents.
type jsonWalk struct {
	p      *Points
	data   []byte
	bad    bool // not as RFC 8259 says, but read by some
	broken bool // not to be read to its end
}

// end notes that the text ends too early, which it may where it was cut.
func (w *jsonWalk) end() int {
	w.broken = w.broken || !w.p.cut
	return len(w.data)
}

// blank skips white space and comments.
func (w *jsonWalk) blank(i int) int {
	if i < len(w.data) && !beginsBlank[w.data[i]] {
		return i
	}
	return w.skip(i)
}

// beginsBlank holds the bytes that white space and comments begin with.
var beginsBlank = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, '/': true, '#': true}

func (w *jsonWalk) skip(i int) int {
	for {
		i = skipBlank(w.data, i)
		if i+1 >= len(w.data) || w.data[i] != '/' && w.data[i] != '#' {
			return i
		}
		rest := w.data[i:]
		var length int
		switch {
		case rest[0] == '#' || rest[1] == '/':
			length = bytes.IndexByte(rest, '\n')
		case rest[1] == '*':
			length = bytes.Index(rest[2:], []byte("*/"))
			if length >= 0 {
				length += 4
			}
		default:
			return i
		}
		w.bad = true
		if length < 0 {
			length = len(rest)
		}
		i += length
	}
}

func skipBlank(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// value reads the value at i and returns the index behind it.
func (w *jsonWalk) value(i int, at place, nesting int) int {
	if i >= len(w.data) {
		return w.end()
	}
	if !w.p.room(0) {
		w.broken = true
		return len(w.data)
	}
	if nesting > w.p.limits.Nesting {
		w.p.Overrun, w.broken = TooNested, true
		return len(w.data)
	}
	switch w.data[i] {
	case '{':
		return w.object(i+1, at, nesting)
	case '[':
		return w.array(i+1, at, nesting)
	case '"', '\'':
		text, classes, end := w.text(i)
		w.p.classifiedLeaf(text, classes, at)
		return end
	default:
		return w.word(i, at)
	}
}

func (w *jsonWalk) object(i int, at place, nesting int) int {
	operator := applied(&w.p.Tree, at.ref)
	for {
		i = w.blank(i)
		switch {
		case i >= len(w.data):
			return w.end()
		case w.data[i] == '}':
			return i + 1
		case w.data[i] == ',':
			i++
			continue
		}
		if name, v := w.plainMember(i); name != nil {
			if end, ok := w.spare(v); ok && !operator {
				i = end
				continue
			}
			child := at
			child.ref = w.p.Tree.AddName(at.ref, point.Hash, name)
			if i = w.member(v, name, child, nesting); !w.p.room(0) {
				w.broken = true
				return len(w.data)
			}
			continue
		}
		name, classes, next := w.name(i)
		if next == i { // no name can begin here
			w.broken = true
			return len(w.data)
		}
		telling := tellingName(name, classes)
		i = w.blank(next)
		if !telling && !operator && i < len(w.data) && w.data[i] == ':' {
			if end, ok := w.spare(w.blank(i + 1)); ok {
				i = end
				continue
			}
		}
		child := at
		child.ref = w.p.Tree.AddName(at.ref, point.Hash, name)
		if telling {
			child.kind = point.JSONKey
			w.p.classified(name, classes, child)
			child.kind = at.kind
		}
		if i >= len(w.data) {
			return w.end()
		}
		if w.data[i] != ':' {
			w.broken = true
			continue
		}
		i = w.blank(i + 1)
		if telling && w.deniesAt(i) {
			w.p.Tree.Deny(child.ref)
		}
		if i = w.member(i, name, child, nesting); !w.p.room(0) {
			w.broken = true
			return len(w.data)
		}
	}
}

// deniesAt reports whether the value at i says no, and not in quotes: any text is true to many languages.
func (w *jsonWalk) deniesAt(i int) bool {
	_, end := wordEnd(w.data[:min(len(w.data), i+maxSpare)], i)
	switch string(w.data[i:end]) {
	case "false", "null", "0":
		return true
	}
	return false
}

// applied reports whether an operator stands above an object, or above the list that it is
// in: what one is applied to tells, whatever it is set to.
func applied(tree *point.Tree, ref point.Ref) bool {
	if tree.Tag(ref) == point.Array {
		ref = tree.Parent(ref)
	}
	above := tree.Name(ref)
	return len(above) > 1 && above[0] == '$'
}

// plainMember reads what most members begin with, a quoted name that carries nothing but
// itself and a colon, and returns the name and where its value begins; nil if something
// else stands at i.
func (w *jsonWalk) plainMember(i int) (name []byte, value int) {
	data := w.data
	if data[i] != '"' {
		return nil, 0
	}
	end, held := i+1, partOfName(0)
	for end < len(data) {
		part := plainNames[data[end]]
		if part == 0 {
			break
		}
		held |= part
		end++
	}
	if end+2 >= len(data) || data[end] != '"' || data[end+1] != ':' || rights(data[i+1:end]) || held&joinsName != 0 && (data[i+1] == '_' || asksSecret(data[i+1:end]) || setsWriter(data[i+1:end])) {
		return nil, 0
	}
	value = end + 2
	if beginsBlank[data[value]] {
		value = w.skip(value)
	}
	return data[i+1 : end], value
}

// partOfName says what a byte is in a name.
type partOfName uint8

const (
	inName    partOfName = 1 << iota
	joinsName            // an underscore or a dash
)

// plainNames holds what the bytes of keyClasses are but for the dot, behind which a name may reach
// inside of objects; nothing for all others.
var plainNames = func() (t [256]partOfName) {
	for c := range t {
		if point.ClassOf[c]&(keyClasses&^point.Dot) != 0 {
			t[c] = inName
		}
	}
	t['_'], t['-'] = joinsName, joinsName
	return t
}()

// inPlainText holds the bytes of short strings that are left out.
var inPlainText = bytesOf(point.Alpha | point.Digit | point.Dash)

// bytesOf holds the bytes of some classes.
func bytesOf(classes point.Classes) (t [256]bool) {
	for c := range 256 {
		t[c] = point.ClassOf[c]&classes != 0
	}
	return t
}

// spare reads a number, true, false, null or a short string of letters and digits if
// such values are left out, and returns the index behind it.
func (w *jsonWalk) spare(i int) (end int, ok bool) {
	if !w.p.lean || i >= len(w.data) {
		return i, false
	}
	if w.data[i] == '"' {
		rest := w.data[i+1:]
		if len(rest) > minToken {
			rest = rest[:minToken]
		}
		for n, c := range rest {
			if !inPlainText[c] {
				return i + n + 2, c == '"'
			}
		}
		return i, false
	}
	classes, end := wordEnd(w.data[:min(len(w.data), i+maxSpare)], i)
	if classes == point.Alpha {
		return end, literal(w.data[i:end])
	}
	return end, end > i && end < i+maxSpare && classes&^(point.Digit|point.Dash|point.Dot) == 0
}

// maxSpare is the length from which on a number is not left out, in bytes.
const maxSpare = 64

// name reads the name of a member, which may stand without quotes.
func (w *jsonWalk) name(i int) (name []byte, classes point.Classes, next int) {
	if c := w.data[i]; c == '"' || c == '\'' {
		return w.text(i)
	}
	w.bad = true
	classes, next = wordEnd(w.data, i)
	return w.data[i:next], classes, next
}

// member reads the value of a member: a GraphQL document if it is one.
func (w *jsonWalk) member(i int, name []byte, at place, nesting int) int {
	if i >= len(w.data) || w.data[i] != '"' || !w.p.asksGQL(name, at.ref) {
		return w.value(i, at, nesting+1)
	}
	text, classes, end := w.text(i)
	w.p.query(text, classes, at)
	return end
}

// asksGQL reports whether a member may hold a GraphQL document, by its name.
func (p *Points) asksGQL(name []byte, ref point.Ref) bool {
	return len(name) == len("query") && string(name) == "query" && p.on(GQLParser, ref)
}

// query keeps the text of such a member.
func (p *Points) query(text []byte, classes point.Classes, at place) {
	switch {
	case !looksLikeGQL(text) || !p.graphql(text, at):
		p.classified(text, classes, at)
	case classes&point.PercentSign != 0 && p.on(PercentParser, at.ref):
		p.percent(text, at)
	}
}

func (w *jsonWalk) array(i int, at place, nesting int) int {
	first, open := i, false
	for index := 0; ; {
		i = w.blank(i)
		switch {
		case i >= len(w.data):
			return w.end()
		case w.data[i] == ']':
			if open && index > 1 {
				w.joinStrings(first, i+1, at)
			}
			return i + 1
		case w.data[i] == ',':
			i++
			continue
		case w.data[i] == '}' || w.data[i] == ':':
			w.broken = true
			i++
			continue
		}
		index++
		if end, ok := w.spare(i); ok {
			i = end
			continue
		}
		child := at
		child.ref = w.p.Tree.AddIndex(at.ref, point.Array, index-1)
		self := len(w.p.Values)
		i = w.value(i, child, nesting+1)
		if self < len(w.p.Values) && w.p.Values[self].Ref == child.ref && !open {
			open = unfinished(w.p.Values[self].Data, w.p.Values[self].Classes)
		}
		if !w.p.room(0) {
			w.broken = true
			return len(w.data)
		}
	}
}

// word reads a number, true, false, null, or what stands in their place.
func (w *jsonWalk) word(i int, at place) int {
	classes, end := wordEnd(w.data, i)
	if end == i {
		w.broken = true
		return i + 1
	}
	word := w.data[i:end]
	if classes&^(point.Alpha|point.Digit|point.Dash|point.Dot|point.Plus) != 0 {
		w.broken = true
		w.p.keep(word, at)
		return end
	}
	w.bad = w.bad || classes == point.Alpha && !literal(word)
	w.p.Values = append(w.p.Values, point.Value{Data: word, Ref: at.ref, Classes: classes, Kind: point.Number, Layer: at.layer, Flags: at.flags})
	return end
}

// literal reports whether a word is one of the three that JSON knows.
func literal(word []byte) bool {
	return string(word) == "true" || string(word) == "false" || string(word) == "null"
}

func wordEnd(data []byte, i int) (classes point.Classes, end int) {
	for i < len(data) && !endsWord[data[i]] {
		classes |= point.ClassOf[data[i]]
		i++
	}
	return classes, i
}

// endsWord holds the bytes that end a number or a name without quotes.
var endsWord = [256]bool{',': true, '}': true, ']': true, ':': true, ' ': true, '\n': true, '\r': true, '\t': true, '{': true, '[': true, '"': true}
