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
	files     [4][]byte // by every file name parameter
	fileCount int
	file      bool // has the parameter, be it empty
	pieces    bool // file names are pieces of one: RFC 2231, 3
	doubtful  bool // one reader takes for a file what another takes for a field
	plain     bool // a file name is a parameter that every reader knows
	unnamed   bool // its name is empty, or a blank stands behind the parameter: a field to some
	mime      []byte
	encoding  []byte
}

// part reads the header fields and the content of one part.
func (p *Points) part(part []byte, at place) {
	head, content := splitHead(part)
	var h partHead
	h.read(head)
	name, _, _ := p.unescape(h.names[0], false)
	at.ref = p.named(name, point.Multipart, at.ref, at)
	for _, other := range h.names[:h.nameCount] {
		p.key(other, at)
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
	p.oddFields(head, at)
	if content == nil { // no empty line: all of it is the content for some
		content = part
	}
	if decoded, inside, ok := p.transferred(content, h.encoding, at); ok {
		if !h.file {
			p.leaf(content, at) // not everybody decodes
		}
		content, at = decoded, inside
	}
	switch {
	case lex.Contains(h.mime, "multipart/"):
		p.inner(content, h.mime, at)
		if !h.file { // all of it is the field's text to most
			p.leaf(content, at)
		}
	case !h.file && lex.HasPrefix(h.mime, "application/http") && p.request(content, at):
	case !h.file:
		p.leaf(content, at)
	default:
		p.upload(&h, content, at)
	}
	p.charset = outer
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
	if h.doubtful || h.unnamed && len(content) > 0 || !h.plain && len(content) > 0 && isText(content[:min(len(content), fieldProbe)]) { // filename* alone is nothing to many
		p.leaf(content, at)
	}
	at.ref = p.Tree.Add(at.ref, point.File)
	name := at
	name.kind = point.FileName
	for _, n := range h.files[:h.fileCount] {
		if len(n) > 0 {
			p.leaf(n, name)
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
	}
	if zipBomb(content) {
		p.anomaly(at.ref, DataBomb)
	}
	if len(content) == 0 || int(at.layer) >= p.limits.Depth {
		return
	}
	p.office(content, at)
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if len(content) == 0 {
		return
	}
	first := content[min(skipBlank(content, 0), len(content)-1)]
	switch {
	case first == '<' && (h.says("xml") || h.says("svg") || looksLikeXML(content)) && p.on(XMLParser, at.ref):
		p.xml(content, at, false)
	case (first == '{' || first == '[') && h.says("json") && p.on(JSONParser, at.ref):
		p.json(content, at)
	default:
		p.recodedFile(content, at)
	}
}

// recodedFile reads a file that is XML in a character set in which ASCII is not ASCII.
func (p *Points) recodedFile(content []byte, at place) {
	c := charsetOf(content)
	if c == asciiLike || !p.on(CharsetParser|XMLParser, at.ref) {
		return
	}
	if begin, ok := p.decoded(c, content[:min(len(content), 64)]); !ok || !opens(begin, "<") {
		return
	}
	if out, ok := p.decoded(c, content[:min(len(content), rawHead)]); ok {
		p.xml(out, at.deeper(p.Tree.Add(at.ref, point.Charset), point.FromCharset), false)
	}
}

// says reports whether type or name of a file hold a word.
func (h *partHead) says(lower string) bool {
	if lex.Contains(h.mime, lower) {
		return true
	}
	for _, n := range h.files[:h.fileCount] {
		if lex.Contains(n, lower) {
			return true
		}
	}
	return false
}

// transferred undoes the transfer encoding of a part.
func (p *Points) transferred(content, encoding []byte, at place) (out []byte, inside place, ok bool) {
	switch {
	case len(content) == 0 || len(encoding) == 0 || !p.room(len(content)):
		return nil, at, false
	case lex.Equal(encoding, "base64") && p.on(Base64Parser, at.ref):
		out, _, ok = decode64(p.arena.Grow(len(content)), trimPadding(content))
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

// oddFields keeps the header fields of a part that are more than a word or a type.
func (p *Points) oddFields(head []byte, at place) {
	for len(head) > 0 && p.room(0) {
		var line []byte
		line, head = unfolded(head)
		name, value, ok := bytes.Cut(line, []byte(":"))
		name, value = bytes.TrimSpace(name), bytes.TrimSpace(value)
		if lex.Equal(name, "content-disposition") || ok && point.Classify(value)&^partClasses == 0 {
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

// disposition reads the parameters of one Content-Disposition.
func (h *partHead) disposition(value []byte) {
	for rest := value; ; {
		name, content, after, ok := nextParameter(rest)
		if !ok {
			break
		}
		rest = after
		switch {
		case lex.Equal(name, "name") || len(name) > 4 && lex.Equal(name[:5], "name*"):
			if h.nameCount < len(h.names) {
				h.names[h.nameCount] = content
				h.nameCount++
			}
		case namesFile(name):
			h.fileName(name, content)
			h.unnamed = h.unnamed || len(content) == 0 || name[:len(name)+1][len(name)] != '='
			if whole, ok := throughLastQuote(content, after); ok {
				h.fileName(name, whole)
			}
		}
	}
	if !h.file && lex.Contains(value, "filename") { // in a value, or where only some see a parameter
		h.file, h.doubtful = true, true
	}
	h.doubtful = h.doubtful || unbalanced(value)
}

// namesFile reports whether a parameter is that of a file's name: whole, extended or a piece of
// it (RFC 2231).
func namesFile(parameter []byte) bool {
	const word = "filename"
	if len(parameter) < len(word) || !lex.Equal(parameter[:len(word)], word) {
		return false
	}
	rest := parameter[len(word):]
	return len(rest) == 0 || rest[0] == '*' && len(bytes.Trim(rest[1:], "0123456789*")) == 0
}

// throughLastQuote returns a file's name up to the last quote of its field, if more than a
// parameter stands behind the first: some readers take names with quotes whole.
func throughLastQuote(content, after []byte) (whole []byte, ok bool) {
	if len(after) < 2 || after[0] == ';' || after[0] == ' ' || after[0] == '\r' {
		return nil, false
	}
	last := bytes.LastIndexByte(after, '"')
	if last < 0 || cap(content) < len(content)+1+last {
		return nil, false
	}
	return content[:len(content)+1+last], true
}

// fileName notes one file name, or a piece of one.
func (h *partHead) fileName(parameter, content []byte) {
	h.file = true
	h.plain = h.plain || bytes.IndexByte(parameter, '*') < 0
	if parameter[len(parameter)-1] == '*' {
		content = withoutCharset(content)
	}
	h.pieces = h.pieces || bytes.IndexByte(parameter, '*') < len(parameter)-1 && bytes.IndexByte(parameter, '*') > 0
	if h.fileCount < len(h.files) {
		h.files[h.fileCount] = content
		h.fileCount++
	}
}

// unbalanced reports whether a quote does not close; escaped ones do not count.
func unbalanced(text []byte) bool {
	open := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			open = !open
		}
	}
	return open
}

// withoutCharset cuts the character set and the language before an extended value:
// RFC 8187.
func withoutCharset(value []byte) []byte {
	if _, rest, ok := bytes.Cut(value, []byte("'")); ok {
		if _, text, ok := bytes.Cut(rest, []byte("'")); ok {
			return text
		}
	}
	return value
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

// splitHead splits a part at its first empty line.
func splitHead(part []byte) (head, content []byte) {
	i := bytes.IndexByte(part, '\n')
	if i < 0 {
		return nil, part
	}
	part = part[i+1:] // the rest of the boundary's line
	for from := 0; ; {
		n := bytes.IndexByte(part[from:], '\n')
		if n < 0 {
			return part, nil
		}
		line := part[from : from+n]
		if len(line) == 0 || len(line) == 1 && line[0] == '\r' {
			return part[:from], part[from+n+1:]
		}
		from += n + 1
	}
}
