package parse

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/internal/pkzip"
	"github.com/weirnode/weir/point"
)

// Bounds of what is read of an office document, an archive of XML (ECMA-376, part 2; ISO 26300).
const (
	maxOpened   = 256       // members that are opened
	memberHead  = 4 << 10   // bytes of each: a document type stands at its beginning
	maxPrologue = 128 << 10 // of one that begins with more remarks than that
	maxBefore   = 1 << 10   // bytes in front of an archive
	maxComment  = 64 << 10  // of an archive
)

// office keeps the beginnings of those members of a document of an office program that declare a
// document type or name what lies outside of the document: such programs write the first never, and
// the second in a file of relations. What a member is called tells nothing: the document says which
// of them is text.
func (p *Points) office(archive []byte, at place) {
	if !bytes.Contains(archive[:min(len(archive), maxBefore)], []byte(pkzip.Local)) || int(at.layer) >= p.limits.Depth || !p.on(XMLParser, at.ref) {
		return
	}
	d := decoderPool.Get().(*decoders)
	defer d.release()
	archive, entries := directory(archive)
	for range maxOpened {
		m, ok := nextMember(archive, &entries)
		if !ok {
			return
		}
		p.member(d, &m, at)
	}
}

// member is an entry of an archive.
type member struct {
	name, data []byte
	packed     bool // by deflate
}

// member keeps the beginning of a member that tells.
func (p *Points) member(d *decoders, m *member, at place) {
	if len(m.data) == 0 || m.packed && !p.on(GzipParser, at.ref) || !p.room(memberHead) {
		return
	}
	text := p.prologue(d, m, at, memberHead)
	if text == nil || isPage(text) {
		return
	}
	if i := bytes.Index(text, []byte("<!DOCTYPE")); i > memberHead/2 {
		text = text[i:]
	} else if i < 0 && (!lex.HasSuffix(m.name, ".rels") || !bytes.Contains(text, []byte(`"External"`))) {
		return
	}
	text = p.arena.Copy(text[:min(len(text), memberHead)])
	if m.packed {
		at = at.deeper(p.Tree.Add(at.ref, point.Deflate), point.Inflated)
	}
	at.kind = point.FileHead
	p.content(text, at)
}

// isPage reports whether a member is a page of HTML, which an office program does not read: one by its document
// type, which declares nothing.
func isPage(text []byte) bool {
	const declaration = "<!doctype html"
	text = text[skipBlank(text, 0):]
	if !lex.HasPrefix(text, declaration) {
		return false
	}
	rest := text[skipBlank(text, len(declaration)):]
	end := bytes.IndexByte(rest, '>')
	return end == 0 || end > 0 && lex.HasPrefix(rest, `public "-//w3c//`) && bytes.IndexByte(rest[:end], '[') < 0
}

// prologue returns the beginning of a member that is markup: some bytes of it, or more if they hold
// nothing but remarks. It may lie in the arena without being kept.
func (p *Points) prologue(d *decoders, m *member, at place, size int) []byte {
	text := m.data[:min(len(m.data), size)]
	if m.packed {
		text = d.opening(m.data, p.arena.Grow(size)[:size])
	}
	full := len(text) == size
	if c := charsetOf(text); c != asciiLike && p.on(CharsetParser, at.ref) && p.room(size) {
		text, _ = p.decoded(c, p.arena.Copy(text))
	}
	text = withoutMark(text)
	switch {
	case !opens(text, "<"):
		return nil
	case full && size < maxPrologue && !inContent(text) && p.room(maxPrologue):
		return p.prologue(d, m, at, maxPrologue)
	}
	return text
}

// inContent reports whether a document has come to its type or its first element.
func inContent(text []byte) bool {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '<' {
			continue
		}
		rest := text[i:]
		closing := "?>"
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			closing = "-->"
		case rest[1] != '?':
			return true
		}
		n := bytes.Index(rest, []byte(closing))
		if n < 0 {
			return false
		}
		i += n
	}
	return false
}

// directory returns an archive from where its offsets count, and the entries of its directory:
// APPNOTE 6.3.10, 4.3.12 and 4.3.16.
func directory(archive []byte) (from0, entries []byte) {
	tail := archive[max(0, len(archive)-maxComment-pkzip.EndSize):]
	i := bytes.LastIndex(tail, []byte(pkzip.End))
	if i < 0 || len(tail)-i < pkzip.EndSize {
		return nil, nil
	}
	from, size := uint64(binary.LittleEndian.Uint32(tail[i+16:])), uint64(binary.LittleEndian.Uint32(tail[i+12:]))
	end := uint64(len(archive) - len(tail) + i)
	if from+size > end {
		return nil, nil
	}
	archive = archive[end-size-from:] // behind what stands in front of it
	return archive, archive[from : from+size]
}

// nextMember takes the next entry off a directory. It has no data where the entry names none that is
// there, or packed in another way.
func nextMember(archive []byte, entries *[]byte) (m member, ok bool) {
	entry := *entries
	if !pkzip.IsCentral(entry) {
		return m, false
	}
	next := pkzip.Entry(entry)
	if next > len(entry) {
		return m, false
	}
	*entries = entry[next:]
	m.name = entry[pkzip.CentralSize : pkzip.CentralSize+pkzip.CentralName(entry)]
	method := binary.LittleEndian.Uint16(entry[10:])
	if m.packed = method == 8; method == 0 || m.packed {
		m.data = pkzip.Member(archive, binary.LittleEndian.Uint32(entry[42:]), binary.LittleEndian.Uint32(entry[20:]))
	}
	return m, true
}

// opening decompresses the beginning of a bare deflate stream into out.
func (d *decoders) opening(data, out []byte) []byte {
	d.src.Reset(data)
	r, err := d.bare()
	if err != nil {
		return nil
	}
	n, _ := io.ReadFull(r, out) // a stream that ends early, or wrongly, has a beginning
	return out[:n]
}
