package parse

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"github.com/weirnode/weir/point"
)

// maxFrames bounds the frames of a gRPC body that are read.
const maxFrames = 4096

// grpc reads the length-prefixed messages of a gRPC body.
func (p *Points) grpc(body []byte, at place) (whole bool) {
	for i := range maxFrames {
		if len(body) == 0 {
			return true
		}
		if len(body) < 5 || body[0] > 1 {
			break
		}
		size := int(binary.BigEndian.Uint32(body[1:5]))
		message := body[5:min(len(body), 5+size)]
		frame := at
		frame.ref = p.Tree.AddIndex(at.ref, point.GRPC, i)
		if body[0] == 1 && p.on(GzipParser, frame.ref) {
			message, frame = p.unpacked(message, frame)
		}
		if len(message) > 0 && !p.protobuf(message, frame) {
			p.document(message, frame)
		}
		if 5+size > len(body) {
			break
		}
		body = body[5+size:]
		if i == maxFrames-1 && len(body) > 0 {
			p.Overrun = TooMany
		}
	}
	if !p.cut {
		p.anomaly(at.ref, BadProtobuf)
	}
	return false
}

// unpacked undoes the codec of a message: gzip, or what servers know besides it. One that is of neither
// stays as it is.
func (p *Points) unpacked(message []byte, frame place) ([]byte, place) {
	c := gzipCodec
	if !bytes.HasPrefix(message, []byte("\x1f\x8b")) {
		c = deflateCodec
	}
	out, inside, _, ok := p.undo(c, message, frame)
	if !ok {
		return message, frame
	}
	return out, inside
}

// grpcText reads the frames of gRPC-Web that a browser sends as base64, whose pieces may each be
// padded: PROTOCOL-WEB.md of gRPC.
func (p *Points) grpcText(body []byte, at place) bool {
	if !p.on(Base64Parser, at.ref) || !p.room(len(body)) {
		return false
	}
	out, ok := p.arena.Grow(len(body)), true
	for piece := range bytes.SplitSeq(body, []byte("=")) {
		if out, ok = decode64(out, piece); !ok {
			break
		}
	}
	return p.grpc(p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.Base64), point.FromBase64)) && ok
}

// protobuf reads a message without its schema: what is text becomes a value, what is
// a message is read in turn. It reports whether data is a message.
func (p *Points) protobuf(data []byte, at place) bool {
	if !isMessage(data) {
		return false
	}
	p.message(data, at, 0)
	return true
}

// wireField is one field of a message.
type wireField struct {
	number  uint64
	content []byte // of a length-delimited field, nil for the others
}

// nextField cuts a field from a message.
func nextField(b []byte) (f wireField, rest []byte, ok bool) {
	tag, n := binary.Uvarint(b)
	if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29 {
		return f, nil, false
	}
	f.number, b = tag>>3, b[n:]
	switch tag & 7 {
	case 0:
		_, n = binary.Uvarint(b)
		if n <= 0 {
			return f, nil, false
		}
	case 1:
		n = 8
	case 5:
		n = 4
	case 2:
		size, width := binary.Uvarint(b)
		if width <= 0 || size > uint64(len(b)-width) {
			return f, nil, false
		}
		f.content = b[width : width+int(size)]
		return f, b[width+int(size):], true
	case 3, 4: // groups have no length: their fields are read as if they stood here
		n = 0
	default:
		return f, nil, false
	}
	if n > len(b) {
		return f, nil, false
	}
	return f, b[n:], true
}

func isMessage(b []byte) bool {
	for len(b) > 0 {
		var ok bool
		if _, b, ok = nextField(b); !ok {
			return false
		}
	}
	return true
}

func (p *Points) message(b []byte, at place, nesting int) {
	if nesting > p.limits.Nesting {
		p.Overrun = TooNested
		return
	}
	for len(b) > 0 && p.room(0) {
		f, rest, ok := nextField(b)
		if !ok {
			return
		}
		b = rest
		if len(f.content) == 0 {
			continue
		}
		child := at
		child.ref = p.Tree.AddName(at.ref, point.Protobuf, p.fieldNumber(f.number))
		switch {
		case printable(f.content):
			p.value(f.content, child)
			if f.content[0]&7 == 2 && isMessage(f.content) { // of strings whose heads are marks or line ends
				p.message(f.content, child, nesting+1)
			}
		case isMessage(f.content):
			p.message(f.content, child, nesting+1)
		default:
			p.bytes(f.content, child)
		}
	}
}

// printable reports whether b is UTF-8 without control bytes: what a string is and a
// message hardly ever.
func printable(b []byte) bool {
	return utf8.Valid(b) && bytes.IndexFunc(b, func(r rune) bool { return r < 0x20 && r != '\n' && r != '\r' && r != '\t' }) < 0
}

// mostlyText reports whether seven bytes of eight are printable, so that somebody may take b for text.
func mostlyText(b []byte) bool {
	printable := 0
	for _, c := range b {
		if c >= 0x20 && c < 0x7f {
			printable++
		}
	}
	return 8*printable >= 7*len(b)
}

func (p *Points) fieldNumber(n uint64) []byte {
	if n < uint64(len(smallNumbers)) {
		return smallNumbers[n]
	}
	return p.arena.Commit(strconv.AppendUint(p.arena.Grow(20), n, 10))
}

// smallNumbers are the texts of the numbers that most fields have.
var smallNumbers = numberTable()

func numberTable() (t [64][]byte) {
	for i := range t {
		t[i] = strconv.AppendInt(nil, int64(i), 10)
	}
	return t
}
