package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// shortPadded is the shortest text with padding that is tried as base64, in bytes.
const shortPadded = 8

// base64Classes are the classes of both alphabets.
const base64Classes = point.Alpha | point.Digit | point.Plus | point.Slash | point.Dash | point.Equal

// tokenClasses are the classes of text that may be one token.
const tokenClasses = base64Classes | point.Dot | point.Space | point.Newline

// probe is how many bytes must decode to text before the rest is decoded: random
// tokens fail within it all but always.
const probe = 9

var base64Values = base64Table()

func base64Table() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	for i := range len(alphabet) {
		t[alphabet[i]] = byte(i)
	}
	t['+'], t['-'], t['/'], t['_'] = 62, 62, 63, 63
	return t
}

// token reads a value that is one token: a JWT, base64, hexadecimal digits, UTF-7.
func (p *Points) token(data []byte, classes point.Classes, at place) {
	if classes&point.Dot != 0 {
		if p.on(JWTParser, at.ref) {
			before := p.Tree.Len()
			if p.maybeJWT(data, classes, at); p.Tree.Len() > before {
				return
			}
		}
		p.foreign64(data, at)
		return
	}
	if classes&(point.Space|point.Plus|point.Equal) == point.Space && (len(data) < minManyDigits || fewHigh(data)) {
		return // prose
	}
	if classes == point.Alpha|point.Digit|point.Dash && uuid(data) {
		return
	}
	if classes&^(point.Alpha|point.Digit) == 0 && lex.Hex(data[0]) < 16 && p.on(HexParser, at.ref) && p.hex(data, at) {
		return
	}
	if p.on(Base64Parser, at.ref) {
		p.base64(data, classes, at)
	}
	if classes&point.Plus != 0 && p.on(CharsetParser, at.ref) {
		p.utf7(data, at)
	}
}

// uuid reports whether text has the form of a UUID (RFC 9562, 4).
func uuid(text []byte) bool {
	const form = "00000000-0000-0000-0000-000000000000"
	if len(text) != len(form) || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return false
	}
	for _, c := range text {
		if !inUUID[c] {
			return false
		}
	}
	return true
}

// inUUID holds hexadecimal digits and the dash.
var inUUID = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c == '-' || lex.Hex(byte(c)) < 16
	}
	return t
}()

// base64 decodes a value if all of it is base64 of text, or of something that shows
// by its first bytes what it is. White space within is skipped.
func (p *Points) base64(data []byte, classes point.Classes, at place) {
	if classes&point.Dash != 0 {
		data = unsigned(data)
	}
	text := trimPadding(data)
	if len(data) < minToken && len(text) == len(data) || len(data) < shortPadded {
		return
	}
	if len(text) > minToken && federated(p.Tree.Name(at.ref)) && p.deflated(text, at) {
		return
	}
	if classes&(point.Space|point.Newline) != 0 || classes&point.Equal != 0 && bytes.IndexByte(text, '=') >= 0 {
		p.foreign64(text, at)
		return
	}
	var buf [12]byte
	head, ok := decode64(buf[:0], text[:min(len(text), 12)])
	if !ok || len(head) < 4 || !nearlyText(head[:min(len(head), probe)]) && !marked(head) && !holdsText(text) && !likeItems(head) || !p.room(len(text)) {
		return
	}
	if out, ok := decode64(p.arena.Grow(len(text)), text); ok {
		p.decoded64(out, at)
	}
}

// decoded64 keeps what base64 stood for, uncommitted in the arena.
func (p *Points) decoded64(out []byte, at place) {
	if p.marked(out, at) {
		return
	}
	text := nearlyText(out)
	if text && point.Classify(out)&^(point.Alpha|point.Digit) == 0 && !holdsBase64(out) || !text && !spreadsText(out) && !likeItems(out) {
		return
	}
	out = p.arena.Commit(out)
	at = at.deeper(p.Tree.Add(at.ref, point.Base64), point.FromBase64)
	if text {
		p.value(out, at)
	} else {
		p.textWithin(out, at)
		if textSpan(out) == nil {
			p.runsWithin(out, at)
		}
		p.maybeItems(out, at)
	}
}

// holdsBase64 reports whether letters and digits are base64 of text once more, by how they begin.
func holdsBase64(b []byte) bool {
	var buf [minToken]byte
	head, ok := decode64(buf[:0], b[:min(len(b), minToken)])
	return ok && len(b) >= minToken && isText(head)
}

// federated reports whether a parameter is one in which a browser carries a message of SAML in the
// target: compressed without a head, in base64. OASIS SAML 2.0 bindings, 3.4.4.1.
func federated(name []byte) bool {
	return len(name) >= len("SAMLRequest") && lex.OneOf(name, "samlrequest", "samlresponse")
}

// deflated reads such a message and reports whether there was one.
func (p *Points) deflated(text []byte, at place) bool {
	if int(at.layer)+2 > p.limits.Depth || !p.on(GzipParser, at.ref) || !p.room(len(text)) {
		return false
	}
	packed, ok := decode64(p.arena.Grow(len(text)), text)
	if !ok || len(packed) == 0 || packed[0] == '<' {
		return false
	}
	at = at.deeper(p.Tree.Add(at.ref, point.Base64), point.FromBase64)
	out, inside, _, ok := p.undo(deflateCodec, p.arena.Commit(packed), at)
	if ok {
		p.value(out, inside)
	}
	return ok
}

// marks are how formats that are no text begin.
var marks = [...]struct {
	mark string
	kind point.Kind
}{
	{"\x1f\x8b\x08", point.Text},
	{"\x78\x01", point.Text}, // zlib, by level
	{"\x78\x5e", point.Text},
	{"\x78\x9c", point.Text},
	{"\x78\xda", point.Text},
	{"\xac\xed\x00\x05", point.Text},                     // Java object
	{"\x00\x01\x00\x00\x00\xff\xff\xff\xff", point.Text}, // .NET object
	{"\x80\x02", point.Text},                             // pickles
	{"\x80\x03", point.Text},
	{"\x80\x04\x95", point.Text},
	{"\x80\x05\x95", point.Text},
	{"\xff\x01", point.Text}, // view state
	{"PK\x03\x04", point.FileHead},
	{"\x89PNG\r\n", point.FileHead},
	{"\x04\x08o:", point.Text}, // Ruby objects
	{"\x04\x08[", point.Text},
	{"\x04\x08U", point.Text},
	{"\x04\x08{", point.Text},
	{"\x04\x08c", point.Text},
	{"cposix\n", point.Text}, // pickles without a head
	{"cos\nsystem\n", point.Text},
	{"cnt\nsystem\n", point.Text},
	{"csubprocess\n", point.Text},
	{"ccommands\n", point.Text},
	{"c__builtin__\n", point.Text},
	{"cbuiltins\n", point.Text},
}

// opensMark says which bytes marks begin with.
var opensMark = markTable()

func markTable() (t [256]bool) {
	for i := range marks {
		t[marks[i].mark[0]] = true
	}
	return t
}

// markOf returns which mark data begins with, -1 for none.
func markOf(data []byte) int {
	if !opensMark[data[0]] {
		return -1
	}
	for i := range marks {
		if m := marks[i].mark; len(data) >= len(m) && string(data[:len(m)]) == m {
			return i
		}
	}
	return -1
}

func marked(data []byte) bool { return markOf(data) >= 0 || utf16Like(data) != asciiLike }

// marked keeps decoded data that begins with a mark, uncommitted in the arena. A few bytes are
// easily put in front of text: what is text behind them is kept besides.
func (p *Points) marked(out []byte, at place) bool {
	if len(out) == 0 {
		return false
	}
	i := markOf(out)
	wide := asciiLike
	if i < 0 {
		if wide = utf16Like(out); wide == asciiLike {
			return false
		}
	}
	out = p.arena.Commit(out)
	at = at.deeper(p.Tree.Add(at.ref, point.Base64), point.FromBase64)
	if i < 0 {
		p.convert(wide, out, at)
	} else if p.format(out, marks[i].kind, at) {
		return true
	}
	at.kind = point.Text
	p.textWithin(out, at)
	return true
}

// format keeps data of a format that is no text and reports whether it was read to its end as such.
func (p *Points) format(data []byte, kind point.Kind, at place) bool {
	switch {
	case kind == point.FileHead:
		at.kind = kind
		p.keep(data[:min(len(data), fileHead)], at)
		return false
	case data[0] == 0xff:
		return p.on(ViewstateParser, at.ref) && p.viewstate(data, at)
	case data[0] == 0x78 && data[1] == '^': // text may begin so, too
		return !isText(data) && p.undone(deflateCodec, data, at)
	case data[0] == 0x78 || data[0] == 0x1f:
		return p.compressed(data, at)
	}
	if !p.compressed(data, at) {
		p.keep(data, at)
	}
	return true
}

// dataURL reads data:type;base64,text.
func (p *Points) dataURL(data []byte, at place) {
	head, text, ok := bytes.Cut(data, []byte(","))
	if ok && len(head) < 128 && lex.Contains(head, ";base64") {
		p.base64(text, point.Classify(text), at)
	}
}

// minSignature is the shortest signature that is known as one, in bytes.
const minSignature = 4

// unsigned cuts the signature of a cookie of Rails, which is two hyphens and hexadecimal
// digits behind the text.
func unsigned(b []byte) []byte {
	end := len(b)
	for end > 0 && lex.Hex(b[end-1]) < 16 {
		end--
	}
	if len(b)-end < minSignature || end < minToken || b[end-1] != '-' || b[end-2] != '-' {
		return b
	}
	return b[:end-2]
}

// trimPadding cuts equals signs and white space at the end.
func trimPadding(b []byte) []byte {
	end := len(b)
	for end > 0 && (b[end-1] == '\n' || b[end-1] == '\r' || b[end-1] == ' ') {
		end--
	}
	for end > 0 && b[end-1] == '=' {
		end--
	}
	return b[:end]
}

// decode64 appends decoded bytes and reports whether all of src were digits and white space.
func decode64(dst, src []byte) (out []byte, ok bool) { return digits64(dst, src, false) }

// loose64 appends what the digits of src stand for, whatever stands between them.
func loose64(dst, src []byte) []byte {
	out, _ := digits64(dst, src, true)
	return out
}

// digits64 appends what digits stand for, up to a byte that is neither one nor white space, or over all
// such bytes. It reports whether it came to the end.
func digits64(dst, src []byte, loose bool) (out []byte, ok bool) {
	var acc uint32
	bits := 0
	for i := 0; i < len(src); i++ {
		if bits == 0 {
			var n int
			if dst, n = fours(dst, src[i:]); i+n == len(src) {
				break
			}
			i += n
		}
		c := src[i]
		v := base64Values[c]
		if v == 0xff {
			if loose || c == '\n' || c == '\r' || c == ' ' || c == '\t' {
				continue
			}
			return dst, false
		}
		acc = acc<<6 | uint32(v)
		if bits += 6; bits >= 8 {
			bits -= 8
			dst = append(dst, byte(acc>>bits))
		}
	}
	return dst, true
}

// fours appends what digits stand for, four by four, as far as they follow one another, and returns how many
// bytes of src it took.
func fours(dst, src []byte) (out []byte, n int) {
	for ; n+4 <= len(src); n += 4 {
		a, b, c, d := base64Values[src[n]], base64Values[src[n+1]], base64Values[src[n+2]], base64Values[src[n+3]]
		if a|b|c|d > 63 {
			break
		}
		dst = append(dst, a<<2|b>>4, b<<4|c>>2, c<<6|d)
	}
	return dst, n
}

// nearlyText reports whether b is text but for one byte.
func nearlyText(b []byte) bool { return isText(b) || len(b) > 1 && isText(b[1:]) }

// isText reports whether b is printable ASCII with white space, or looks like UTF-8
// with at most one control byte in fifty.
func isText(b []byte) bool {
	odd := 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c >= 0xc2 && c <= 0xf4 && i+1 < len(b) && b[i+1]&0xc0 == 0x80:
			for i+1 < len(b) && b[i+1]&0xc0 == 0x80 {
				i++
			}
		case c >= 0x7f || c < 0x20 && c != '\n' && c != '\r' && c != '\t':
			odd++
		}
	}
	return odd*50 <= len(b)
}
