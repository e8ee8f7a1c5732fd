package parse

import (
	"github.com/weirnode/weir/point"
)

// minBase64 is the shortest text that is tried as base64, in bytes.
const minBase64 = 16

// base64Classes are the classes of both alphabets.
const base64Classes = point.Alpha | point.Digit | point.Plus | point.Slash | point.Dash | point.Equal

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

// base64 decodes a value if all of it is base64 of text.
func (p *Points) base64(data []byte, at place) {
	text := trimPadding(data)
	if len(data) < minBase64 || len(text)%4 == 1 {
		return
	}
	var head [12]byte
	n, ok := decode64(head[:0], text[:12])
	if !ok || !isText(n[:probe]) || !p.room(len(text)) {
		return
	}
	out, ok := decode64(p.arena.Grow(len(text)), text)
	if !ok || !isText(out) || point.Classify(out)&^(point.Alpha|point.Digit) == 0 {
		return
	}
	p.value(p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.Base64), point.FromBase64))
}

func trimPadding(b []byte) []byte {
	for i := 0; i < 2 && len(b) > 0 && b[len(b)-1] == '='; i++ {
		b = b[:len(b)-1]
	}
	return b
}

func decode64(dst, src []byte) ([]byte, bool) {
	var acc uint32
	bits := 0
	for _, c := range src {
		v := base64Values[c]
		if v == 0xff {
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
