package parse

import (
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// minHex is the fewest hexadecimal digits without 0x in front that are decoded: the
// hashes and ids that are longer do not give text.
const minHex = 24

// maxHex is the most such digits: longer ones are data that somebody scrambled, and
// what it looks like is chance.
const maxHex = 1024

// hex decodes a value that is hexadecimal digits of text and reports whether it was.
func (p *Points) hex(data []byte, at place) bool {
	digits := data
	if data[0] == '0' && data[1]|0x20 == 'x' {
		digits = data[2:]
	} else if len(data) < minHex {
		return false
	}
	if packedHex(digits) {
		return p.unpackedHex(digits, at)
	}
	if len(data) > maxHex && len(digits) == len(data) {
		return false
	}
	if len(digits)%2 != 0 || len(digits) < 8 || !isPrintableHex(digits[:8]) || !p.room(len(digits)/2) {
		return false
	}
	out := p.arena.Grow(len(digits) / 2)
	for i := 0; i+1 < len(digits); i += 2 {
		if !isPrintableHex(digits[i : i+2]) {
			return false
		}
		out = append(out, lex.Hex(digits[i])<<4|lex.Hex(digits[i+1]))
	}
	if point.Classify(out)&^(point.Alpha|point.Digit) == 0 {
		return false
	}
	p.value(p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.Hex), point.FromHex))
	return true
}

// isPrintableHex reports whether digits stand for printable ASCII or white space.
func isPrintableHex(digits []byte) bool {
	for i := 0; i+1 < len(digits); i += 2 {
		hi, lo := lex.Hex(digits[i]), lex.Hex(digits[i+1])
		if hi > 15 || lo > 15 {
			return false
		}
		if c := hi<<4 | lo; c >= 0x7f || c < 0x20 && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}

// packedHex reports whether digits begin as compressed data does: gzip, or zlib at one of its levels.
func packedHex(digits []byte) bool {
	return len(digits)%2 == 0 && len(digits) >= minHex && lex.OneOf(digits[:4], "1f8b", "7801", "785e", "789c", "78da") && (digits[0] == '7' || string(digits[4:6]) == "08")
}

// unpackedHex reads compressed data in hexadecimal digits and reports whether it was that.
func (p *Points) unpackedHex(digits []byte, at place) bool {
	if !p.room(len(digits)/2) || !p.on(GzipParser, at.ref) {
		return false
	}
	out := p.arena.Grow(len(digits) / 2)
	for i := 0; i < len(digits); i += 2 {
		hi, lo := lex.Hex(digits[i]), lex.Hex(digits[i+1])
		if hi > 15 || lo > 15 {
			return false
		}
		out = append(out, hi<<4|lo)
	}
	c := gzipCodec
	if out[0] == 0x78 {
		c = deflateCodec
	}
	return p.undone(c, p.arena.Commit(out), at.deeper(p.Tree.Add(at.ref, point.Hex), point.FromHex))
}
