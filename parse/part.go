package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// What is read of a file: its beginning and its end.
const (
	fileHead = 64 << 10
	fileTail = 4 << 10
)

// fieldProbe is how much of a file must be text for it to be read as a field, too.
const fieldProbe = 512

// partHead is what the header of a part says.
type partHead struct {
	names     [4][]byte // by every name parameter
	nameCount int
	files     [8][]byte // by every file name parameter
	fileCount int
	file      bool // has the parameter, be it empty
	pieces    bool // file names are pieces of one: RFC 2231, 3
	doubtful  bool // one reader takes for a file what another takes for a field
	odd       bool // a file, but not written as clients write it: some may not see that it is one
	plain     bool // a file name is a parameter that every reader knows
	unnamed   bool // its name is empty, or a blank stands behind the parameter: a field to some
	mime      []byte
	encoding  []byte
}

// part reads the header fields and the content of one part, in front of which is a line that ends with
// one byte only if it is bare.
func (p *Points) part(part []byte, bare bool, at place) {
	line, head, content := splitHead(part)
	var h partHead
	h.read(head)
	h.odd = h.file && (bare || string(line) != "\r" || !plainFile(head))
	name, _, _ := p.unescape(h.names[0], false)
	at.ref = p.named(name, point.Multipart, at.ref, at)
	for _, other := range h.names[:h.nameCount] {
		p.key(other, at)
		p.encodedWords(other, p.key, at)
	}
	switch {
	case h.nameCount > 1:
		p.anomaly(at.ref, DuplicateName)
	case h.doubtful:
		p.anomaly(at.ref, BadMultipart)
	}
	outer := p.charset
	if c, known := charsetNamed(parameter(h.mime, "charset")); known && c != asciiLike {
		p.charset = c
	}
	p.oddFields(head, "content-disposition", at)
	if content == nil { // no empty line: all of it is the content for some
		content = part
	}
	p.otherContents(part, content, at)
	if decoded, inside, ok := p.transferred(content, h.encoding, at); ok {
		p.whole(&h, content, at) // not everybody decodes
		content, at = decoded, inside
	}
	switch {
	case lex.Contains(h.mime, "multipart/"):
		p.inner(content, h.mime, at)
		p.whole(&h, content, at) // as most take it
	case !h.file && lex.HasPrefix(h.mime, "application/http") && p.request(content, at):
	default:
		p.whole(&h, content, at)
	}
	p.charset = outer
}

// whole reads the content of a part as one: a field's text, or a file.
func (p *Points) whole(h *partHead, content []byte, at place) {
	if h.file {
		p.upload(h, content, at)
	} else {
		p.leaf(content, at)
		p.typedField(content, h.mime, at)
	}
}

// emptyLines are the empty lines at which readers end the head of a part.
var emptyLines = [...]string{"\r\n\r\n", "\n\n", "\r\r"}

// otherContents reads what the content is to those who end the head at another empty line. In a
// head that clients write there is only one.
func (p *Points) otherContents(part, content []byte, at place) {
	head := part[:len(part)-len(content)]
	if len(head) == 0 {
		head = part[:min(len(part), maxPartHead)]
	}
	if !mixesLineEnds(head) {
		return
	}
	for _, empty := range emptyLines {
		if i := bytes.Index(part[:min(len(part), maxPartHead)], []byte(empty)); i >= 0 && i+len(empty) != len(part)-len(content) {
			p.leaf(part[i+len(empty):], at)
		}
	}
}

// maxPartHead bounds the head of a part that is looked through for other empty lines.
const maxPartHead = 16 << 10

// mixesLineEnds reports whether a line of a head ends with a return or a line feed alone.
func mixesLineEnds(head []byte) bool {
	for i, c := range head {
		if c == '\n' && (i == 0 || head[i-1] != '\r') || c == '\r' && (i+1 == len(head) || head[i+1] != '\n') {
			return true
		}
	}
	return false
}

// inner reads a multipart within a part.
func (p *Points) inner(content, mime []byte, at place) {
	if int(at.layer) >= p.limits.Depth {
		p.Overrun = TooDeep
		return
	}
	at.layer++
	if !p.multipart(content, mime, at) {
		p.leaf(content, at)
	}
}

// upload reads a part that is a file.
func (p *Points) upload(h *partHead, content []byte, at place) {
	if h.doubtful || h.odd && len(content) > 0 || h.unnamed && len(content) > 0 || !h.plain && len(content) > 0 && isText(content[:min(len(content), fieldProbe)]) { // filename* alone is nothing to many
		p.leaf(content, at)
	}
	at.ref = p.Tree.Add(at.ref, point.File)
	name := at
	name.kind = point.FileName
	for _, n := range h.files[:h.fileCount] {
		if len(n) > 0 {
			p.leaf(n, name)
			p.encodedWords(n, p.leaf, name)
		}
	}
	if h.pieces && h.fileCount > 1 {
		p.value(p.arena.Copy(bytes.Join(h.files[:h.fileCount], nil)), name)
	}
	p.file(content, h, at)
}

// content keeps bytes of a file. They may hold any class: detectors know files by their
// kind, and to look at all of them costs more than they save.
func (p *Points) content(data []byte, at place) {
	if p.room(0) {
		p.Values = append(p.Values, point.Value{Data: data, Ref: at.ref, Classes: ^point.Classes(0), Flags: at.flags, Kind: at.kind, Layer: at.layer})
	}
}

// file keeps the beginning and the end of a file's content. Of parsers only those of
// documents are applied, and only when the file says that it is one.
func (p *Points) file(content []byte, h *partHead, at place) {
	head := at
	head.kind = point.FileHead
	p.content(content[:min(len(content), fileHead)], head)
	if len(content) > fileHead+fileTail {
		head.flags |= point.Truncated
		p.content(content[len(content)-fileTail:], head)
		p.middle(content, at)
	}
	if zipBomb(content) {
		p.anomaly(at.ref, DataBomb)
	}
	if len(content) == 0 || int(at.layer) >= p.limits.Depth {
		return
	}
	p.office(content, at)
	p.archived(content, at)
	content = withoutMark(content)
	if len(content) == 0 {
		return
	}
	p.typedFile(content, h, at)
}

// transferred undoes the transfer encoding of a part.
func (p *Points) transferred(content, encoding []byte, at place) (out []byte, inside place, ok bool) {
	encoding, _, _ = bytes.Cut(encoding, []byte(";"))
	encoding = bytes.TrimSpace(encoding)
	switch {
	case len(content) == 0 || len(encoding) == 0 || !p.room(len(content)):
		return nil, at, false
	case lex.Equal(encoding, "base64") && p.on(Base64Parser, at.ref):
		out, ok = decode64(p.arena.Grow(len(content)), trimPadding(content))
		return p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.Base64), point.FromBase64), ok
	case lex.Equal(encoding, "quoted-printable"):
		out = quotedPrintable(p.arena.Grow(len(content)), content)
		return p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.QuotedPrintable), 0), true
	default:
		return nil, at, false
	}
}

// partClasses are what types of content, encodings and lengths use.
const partClasses = hostClasses | point.Plus | point.Slash

// oddFields keeps the header fields of a part, or of a request in one, that are more than a word or a
// type, but for the one that is read otherwise.
func (p *Points) oddFields(head []byte, read string, at place) {
	for len(head) > 0 && p.room(0) {
		var line []byte
		line, head = unfolded(head)
		name, value, ok := bytes.Cut(line, []byte(":"))
		name, value = bytes.TrimSpace(name), bytes.TrimSpace(value)
		if len(name) > 0 && lex.Equal(name, read) || ok && point.Classify(value)&^partClasses == 0 {
			continue
		}
		field := at
		field.kind = point.HeaderText
		if ok {
			field.ref = p.Tree.AddName(at.ref, point.Header, name)
		} else {
			value = name
		}
		p.value(value, field)
	}
}

// quotedPrintable appends what text stands for: RFC 2045, 6.7.
func quotedPrintable(out, text []byte) []byte {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] != '=':
			out = append(out, text[i])
		case i+2 < len(text) && isHex(text[i+1:i+3]):
			out = append(out, lex.Hex(text[i+1])<<4|lex.Hex(text[i+2]))
			i += 2
		case i+1 < len(text) && text[i+1] == '\n':
			i++
		case i+2 < len(text) && text[i+1] == '\r' && text[i+2] == '\n':
			i += 2
		default:
			out = append(out, '=')
		}
	}
	return out
}

// read reads the header fields of a part; folded lines belong to the line before.
func (h *partHead) read(head []byte) {
	dispositions := 0
	for len(head) > 0 {
		var line []byte
		line, head = unfolded(head)
		name, value, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			continue
		}
		value = bytes.TrimSpace(value)
		switch name = bytes.TrimSpace(name); {
		case lex.Equal(name, "content-disposition"):
			dispositions++
			h.disposition(value)
		case lex.Equal(name, "content-type"):
			h.mime = value
		case lex.Equal(name, "content-transfer-encoding"):
			h.encoding = value
		}
	}
	h.doubtful = h.doubtful || dispositions > 1 || h.nameCount > 1
}

// unfolded cuts a line with its continuation lines.
func unfolded(head []byte) (line, rest []byte) {
	for end := 0; ; {
		n := bytes.IndexByte(head[end:], '\n')
		if n < 0 {
			return head, nil
		}
		end += n + 1
		if end >= len(head) || head[end] != ' ' && head[end] != '\t' {
			return head[:end], head[end:]
		}
	}
}

// splitHead splits a part at its first empty line. What else stands in the line of the boundary comes
// first.
func splitHead(part []byte) (boundary, head, content []byte) {
	i := bytes.IndexByte(part, '\n')
	if i < 0 {
		return nil, nil, part
	}
	boundary, part = part[:i], part[i+1:]
	for from := 0; ; {
		n := bytes.IndexByte(part[from:], '\n')
		if n < 0 {
			return boundary, part, nil
		}
		line := part[from : from+n]
		if len(line) == 0 || len(line) == 1 && line[0] == '\r' {
			return boundary, part[:from], part[from+n+1:]
		}
		from += n + 1
	}
}
