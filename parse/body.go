package parse

import (
	"bytes"
	"strings"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// What is kept of a body that is no text: its beginning and its end.
const (
	rawHead = 64 << 10
	rawTail = 4 << 10
)

// Body reads the body: it undoes compression and character sets, then reads it by
// its content type, and by its first bytes where the type is missing or wrong.
func (p *Points) Body(r *Request, o *Options) {
	if len(r.Body) == 0 {
		return
	}
	p.use(o)
	p.cut = r.BodyCut
	at := place{ref: p.Tree.Add(0, point.Post), kind: point.Text}
	contentType := r.Field("content-type")
	body, inside := p.inflateBody(r, contentType, at)
	p.body(body, contentType, inside)
	if inside != at {
		p.polyglot(r.Body, contentType, at)
	}
	p.otherTypes(r, body, contentType, inside)
}

// maxTypes bounds the content types by which a body is read.
const maxTypes = 4

// otherTypes reads a body by fields Content-Type that say something else than the first one.
func (p *Points) otherTypes(r *Request, body, first []byte, at place) {
	read := 1
	for i := range r.Fields {
		f := &r.Fields[i]
		if !lex.Equal(f.Name, "content-type") || bytes.Equal(f.Value, first) {
			continue
		}
		p.anomaly(at.ref, WrongType)
		if read++; read > maxTypes {
			p.Overrun = TooMany
			return
		}
		p.body(body, f.Value, at)
	}
}

// binaryForms are the forms of bytes that are no text, in whatever character set.
const binaryForms = GRPCParser | ProtobufParser | MsgpackParser | CBORParser

// body reads a body that is not compressed any more.
func (p *Points) body(body, contentType []byte, at place) {
	p.budget = min(p.limits.Decoded, p.arena.Size()+decodedTimes*len(body)+decodedMore)
	if declaredForm(contentType)&binaryForms == 0 {
		body, at = p.recode(body, contentType, at)
	}
	p.read(body, contentType, at)
	if c := p.charset; c == utf7 || c == imap7 {
		p.charset = asciiLike
		p.readUTF7(c, body, contentType, at)
	}
}

// readUTF7 reads a body that is converted before anything else is done with it: in a form a plus is
// a blank afterwards.
func (p *Points) readUTF7(c charset, body, contentType []byte, at place) {
	if c == imap7 {
		if !p.room(len(body)) {
			return
		}
		body = p.arena.Commit(imapAs7(p.arena.Grow(len(body)), body))
	}
	if text, hidden := p.fromUTF7(body); hidden {
		p.read(text, contentType, at.deeper(p.Tree.Add(at.ref, point.Charset), point.FromCharset))
	}
}

// Message reads one message of a WebSocket as if it were a body.
func (p *Points) Message(data []byte, o *Options) {
	if len(data) == 0 {
		return
	}
	p.use(o)
	p.body(data, nil, place{ref: p.Tree.Add(0, point.Post), kind: point.Text})
}

// recode converts a body that is in another character set as a whole, and remembers
// the set of its leaves where only they are.
func (p *Points) recode(body, contentType []byte, at place) (text []byte, inside place) {
	if !p.on(CharsetParser, at.ref) {
		return body, at
	}
	c, known := charsetNamed(parameter(contentType, "charset"))
	if !known {
		p.anomaly(at.ref, BadCharset)
	}
	seen := charsetOf(body)
	if form := declaredForm(contentType); seen == asciiLike && (form == JSONParser || form == XMLParser) {
		seen = wideByFirst(body)
	}
	if seen != asciiLike {
		c = seen
	} else if c != asciiLike && (c != ebcdic || isText(body[:min(len(body), 256)])) {
		p.charset = c // markup in ASCII, leaves in the set
		return body, at
	}
	if c == asciiLike {
		return withoutMark(body), at
	}
	out, ok := p.decoded(c, body)
	if !ok {
		return body, at
	}
	return out, at.deeper(p.Tree.Add(at.ref, point.Charset), point.FromCharset)
}

// read reads a body in every form that it may have for somebody: the form that its
// content type names, the form that its first bytes show and, if neither takes it
// apart without a flaw, name=value pairs. What nothing takes apart is a document.
func (p *Points) read(body, contentType []byte, at place) {
	declared, apparent := declaredForm(contentType), apparentForm(body)
	if declared == LinesParser && opensSection(body) {
		apparent = 0 // not JSON
	}
	if declared != 0 && apparent != 0 && declared != apparent && declared&(GQLParser|GRPCParser|ProtobufParser|CSVParser|LinesParser) == 0 {
		p.anomaly(at.ref, WrongType)
	}
	first, second := declared, apparent
	if declared == FormParser || declared == 0 {
		first, second = apparent, declared // any bytes are pairs: that form comes last
	}
	sound := p.readAs(first, body, contentType, at)
	if second != first && (!sound || second == FormParser) {
		p.orderly = sound && (declared != FormParser || apparent != MultipartParser) // what is in a file is not read otherwise
		sound = p.readAs(second, body, contentType, at) || sound
		p.orderly = false
	}
	if !sound && first != FormParser && second != FormParser && looksLikeForm(body) {
		sound = p.readAs(FormParser, body, contentType, at)
	}
	if !sound {
		p.document(body, at)
	}
}

// readAs reads a body in one form and reports whether it has that form without a flaw
// that would let somebody read it otherwise.
func (p *Points) readAs(form ParserSet, body, contentType []byte, at place) bool {
	if form == 0 || !p.on(form, at.ref) {
		return false
	}
	switch form {
	case JSONParser:
		head, doc := unframed(body)
		if doc != nil || opens(body, "{[\"'-/#0123456789tfn\x1e") {
			whole, _ := p.json(body, at)
			return whole && !speaks(head)
		}
		p.anomaly(at.ref, BadJSON)
		return false
	case XMLParser:
		declared := declaredForm(contentType) == XMLParser
		return opens(body, "<") && p.xml(body, at, declared) && (declared || saysXML(body[skipBlank(body, 0):]))
	case MultipartParser:
		return p.multipart(body, contentType, at)
	case GQLParser:
		return p.graphql(body, at)
	case GRPCParser:
		if lex.Contains(contentType, "grpc-web-text") {
			return p.grpcText(body, at)
		}
		return p.grpc(body, at)
	case ProtobufParser:
		return p.protobuf(body, at)
	case MsgpackParser:
		return p.items(&msgpackFormat, body, at)
	case CBORParser:
		return p.items(&cborFormat, body, at)
	case CSVParser:
		p.csv(body, at)
		return false // it is a document besides
	case LinesParser:
		p.lines(body, contentType, at)
		return false
	default:
		p.pairs(body, point.FormURLEncoded, at.ref, at)
		return true
	}
}

// opens reports whether text begins with one of these bytes.
func opens(text []byte, first string) bool {
	i := skipBlank(text, 0)
	return i < len(text) && strings.IndexByte(first, text[i]) >= 0
}

// document keeps a body that nothing takes apart.
func (p *Points) document(body []byte, at place) {
	at.kind = point.Document
	if p.cut {
		at.flags |= point.Truncated
	}
	if !isBinary(body[:min(len(body), 4<<10)]) {
		p.value(body, at)
		return
	}
	if i := markOf(body); i < 0 || marks[i].kind == point.FileHead {
		at.kind = point.FileHead
	}
	p.keep(body[:min(len(body), rawHead)], at)
	text := at
	p.maybeItems(body, at)
	if len(body) > rawHead+rawTail {
		at.flags |= point.Truncated
		p.keep(body[len(body)-rawTail:], at)
		p.middle(body, text)
	}
	text.kind = point.Document
	p.textWithin(body, text) // a few bytes in front do not hide it
}

// isBinary reports whether more than one byte in fifty is a control byte: what is
// text in no character set that extends ASCII.
func isBinary(b []byte) bool {
	odd := 0
	for _, c := range b {
		if point.ClassOf[c] == point.Control {
			odd++
		}
	}
	return odd*50 > len(b)
}

// declaredForm returns the form that a content type names, 0 if none of ours: by the type itself or,
// if that tells nothing, by what else stands in it.
func declaredForm(contentType []byte) ParserSet {
	mime, parameters, _ := bytes.Cut(contentType, []byte(";"))
	if form := formNamed(mime); form != 0 {
		return form
	}
	return formNamed(parameters)
}

func formNamed(contentType []byte) ParserSet {
	switch {
	case len(contentType) == 0:
		return 0
	case lex.Contains(contentType, "x-www-form-urlencoded"):
		return FormParser
	case lex.Contains(contentType, "json"):
		return JSONParser
	case lex.Contains(contentType, "multipart/"):
		return MultipartParser
	case lex.Contains(contentType, "xml") && !lex.Contains(contentType, "officedocument"):
		return XMLParser
	case lex.Contains(contentType, "application/graphql"):
		return GQLParser
	case lex.Contains(contentType, "application/grpc"):
		return GRPCParser
	case lex.Contains(contentType, "protobuf"):
		return ProtobufParser
	case lex.Contains(contentType, "msgpack") || lex.Contains(contentType, "messagepack"):
		return MsgpackParser
	case lex.Contains(contentType, "cbor"):
		return CBORParser
	case lex.Contains(contentType, "csv") || lex.Contains(contentType, "tab-separated"):
		return CSVParser
	case lex.Contains(contentType, "yaml") || lex.Contains(contentType, "toml") || lex.Contains(contentType, "vcard") || lex.Contains(contentType, "calendar") || lex.Contains(contentType, "text/x-ini") || lex.Contains(contentType, "properties") || lex.Contains(contentType, "rfc822"):
		return LinesParser
	default:
		return 0
	}
}

// apparentForm returns the form that a body's first bytes show.
func apparentForm(body []byte) ParserSet {
	i := skipBlank(body, 0)
	if i == len(body) {
		return 0
	}
	switch body[i] {
	case '{', '[':
		return JSONParser
	case '<':
		if looksLikeXML(body[i:]) {
			return XMLParser
		}
	case '-':
		if head := body[i:min(len(body), i+1024)]; bytes.HasPrefix(head, []byte("--")) && (lex.Contains(head, "content-disposition:") || lex.Contains(head, "\ncontent-type:")) {
			return MultipartParser
		}
	case '"':
		if end := bytes.LastIndexByte(body, '"'); end > i && skipBlank(body, end+1) == len(body) {
			return JSONParser
		}
	}
	if looksLikeForm(body) {
		return FormParser
	}
	if _, doc := unframed(body); doc != nil {
		return JSONParser
	}
	return 0
}

// looksLikeForm reports whether a body begins with a name and an equals sign.
func looksLikeForm(body []byte) bool {
	for i, c := range body[:min(len(body), 128)] {
		if c == '=' {
			return i > 0
		}
		if point.ClassOf[c]&(point.Alpha|point.Digit|point.Dash|point.Dot|point.Bracket|point.PercentSign) == 0 {
			return false
		}
	}
	return false
}
