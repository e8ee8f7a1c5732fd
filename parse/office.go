package parse

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of what is read of an office document, an archive of XML (ECMA-376, part 2; ISO 26300).
const (
	maxOpened   = 32       // members that are opened
	memberHead  = 4 << 10  // bytes of each: a document type stands at its beginning
	maxComment  = 64 << 10 // of an archive
	endHead     = 22       // bytes of an archive's last record
	centralHead = 46       // bytes of an entry of its directory, without its name
)

// office keeps the beginnings of those members of a document of an office program that declare a
// document type or name what lies outside of the document: such programs write the first never, and
// the second in a file of relations.
func (p *Points) office(archive []byte, at place) {
	if !bytes.HasPrefix(archive, []byte("PK\x03\x04")) || int(at.layer) >= p.limits.Depth || !p.on(XMLParser, at.ref) {
		return
	}
	packers := p.on(GzipParser, at.ref)
	d := decoderPool.Get().(*decoders)
	defer d.release()
	entries := directory(archive)
	for range maxOpened {
		name, data, packed, ok := nextMember(archive, &entries)
		if !ok {
			return
		}
		if data == nil || packed && !packers || !p.room(memberHead) {
			continue
		}
		if packed {
			data = d.opening(data, p.arena.Grow(memberHead)[:memberHead])
		}
		data = data[:min(len(data), memberHead)]
		if !bytes.Contains(data, []byte("<!DOCTYPE")) && (!lex.HasSuffix(name, ".rels") || !bytes.Contains(data, []byte(`"External"`))) {
			continue
		}
		inside := at
		if packed {
			data = p.arena.Commit(data)
			inside = at.deeper(p.Tree.Add(at.ref, point.Deflate), point.Inflated)
		}
		inside.kind = point.FileHead
		p.content(data, inside)
	}
}

// directory returns the entries of an archive's directory: APPNOTE 6.3.10, 4.3.12 and 4.3.16.
func directory(archive []byte) []byte {
	tail := archive[max(0, len(archive)-maxComment-endHead):]
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || len(tail)-i < endHead {
		return nil
	}
	from, size := binary.LittleEndian.Uint32(tail[i+16:]), binary.LittleEndian.Uint32(tail[i+12:])
	if uint64(from)+uint64(size) > uint64(len(archive)) {
		return nil
	}
	return archive[from : from+size]
}

// nextMember takes the next entry that is XML off a directory. Data is nil where the entry names
// none that is there.
func nextMember(archive []byte, entries *[]byte) (name, data []byte, packed, ok bool) {
	for entry := *entries; len(entry) >= centralHead && bytes.HasPrefix(entry, []byte("PK\x01\x02")); entry = *entries {
		size := int(binary.LittleEndian.Uint16(entry[28:]))
		next := centralHead + size + int(binary.LittleEndian.Uint16(entry[30:])) + int(binary.LittleEndian.Uint16(entry[32:]))
		if next > len(entry) {
			break
		}
		*entries = entry[next:]
		name = entry[centralHead : centralHead+size]
		if !lex.HasSuffix(name, ".xml") && !lex.HasSuffix(name, ".rels") {
			continue
		}
		method := binary.LittleEndian.Uint16(entry[10:])
		if method == 0 || method == 8 {
			data = memberData(archive, binary.LittleEndian.Uint32(entry[42:]), binary.LittleEndian.Uint32(entry[20:]))
		}
		return name, data, method == 8, true
	}
	return nil, nil, false, false
}

// memberData returns the bytes of the member at an offset, nil if they are not all there.
func memberData(archive []byte, offset, size uint32) []byte {
	from := uint64(offset)
	if from+localHead > uint64(len(archive)) || !bytes.HasPrefix(archive[from:], []byte("PK\x03\x04")) {
		return nil
	}
	from += contentOffset(archive[from:])
	if from+uint64(size) > uint64(len(archive)) {
		return nil
	}
	return archive[from : from+uint64(size)]
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
