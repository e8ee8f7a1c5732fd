package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// maybeJWT reads a JSON web token, which may follow the word of its scheme: its header
// and its payload are documents.
func (p *Points) maybeJWT(data []byte, classes point.Classes, at place) {
	if classes&point.Space != 0 {
		data = data[bytes.LastIndexAny(data, " \t")+1:]
	}
	p.jwt(data, at)
}

func (p *Points) jwt(data []byte, at place) {
	if len(data) < minToken || !beginsObject(data) || !p.on(JSONParser, at.ref) {
		return
	}
	header, rest, ok := bytes.Cut(data, []byte("."))
	payload, signature, parted := bytes.Cut(rest, []byte("."))
	if !ok || !parted {
		return
	}
	at.ref = p.Tree.Add(at.ref, point.JWT)
	p.jwtPart(header, point.JWTHeader, at, len(signature) == 0)
	p.jwtPart(payload, point.JWTPayload, at, false)
	if isBlank(signature) {
		at.kind = point.TokenHead
		p.keep(signature, at)
	}
}

// minBlank is the fewest digits of a signature of zeros.
const minBlank = 16

// isBlank reports whether a signature is nothing but zeros, or those two numbers in DER.
func isBlank(signature []byte) bool {
	return len(signature) >= minBlank && len(bytes.Trim(signature, "A=")) == 0 || string(signature) == "MAYCAQACAQA"
}

// beginsObject reports whether what base64 holds begins with a brace, or with what JSON may have in
// front of one.
func beginsObject(text []byte) bool {
	var first [3]byte
	out, ok := decode64(first[:0], text[:4])
	if !ok || len(out) != len(first) {
		return false
	}
	i := skipBlank(first[:], 0)
	return i == len(first) || first[i] == '{' || i == 0 && string(first[:]) == byteOrderMark
}

// jwtPart reads a part of a token; unsigned says that the token has no signature.
func (p *Points) jwtPart(part []byte, tag point.Tag, at place, unsigned bool) {
	if !p.room(len(part)) {
		return
	}
	out, ok := decode64(p.arena.Grow(len(part)), trimPadding(part))
	if !ok || len(out) == 0 {
		return
	}
	out = p.arena.Commit(out)
	at = at.deeper(p.Tree.Add(at.ref, tag), point.FromBase64)
	if unsigned || tag == point.JWTHeader && saysKey(out) {
		whole := at
		whole.kind = point.TokenHead
		p.keep(out, whole)
	}
	out = withoutMark(out)
	if first := skipBlank(out, 0); first < len(out) && out[first] == '{' {
		p.json(out, at)
		return
	}
	if isText(out) { // a signature in its place, or an encrypted token, is nothing to read
		p.value(out, at)
	}
}

// saysKey reports whether the header of a token brings its key or says where it is: RFC 7515, 4.1.
func saysKey(header []byte) bool {
	return bytes.Contains(header, []byte(`"jku"`)) || bytes.Contains(header, []byte(`"jwk"`)) || bytes.Contains(header, []byte(`"x5u"`))
}
