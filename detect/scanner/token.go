package scanner

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// token weighs the header of a token, or a signature of zeros, of a parameter or a field of some name.
func token(data, name []byte, t *evidence.Tally) {
	if lex.Letter(data[0]) {
		t.Add(&blank, 0, len(data))
		return
	}
	if needsNoSignature(data) && !lex.Equal(name, "request") { // which OpenID Connect lets go unsigned
		t.Add(&unsigned, 0, len(data))
	}
	if i := ownKey(data, name); i > 0 {
		t.Add(&keySource, i, len(data)-i)
	}
}

// needsNoSignature reports whether the header of a token says that no algorithm signs it.
func needsNoSignature(header []byte) bool {
	i := lex.Index(header, `"alg"`)
	if i < 0 {
		return false
	}
	alg := bytes.TrimLeft(header[i+len(`"alg"`):], " \t:")
	const none = `"none`
	return lex.HasPrefix(alg, none) && len(alg) > len(none) && !lex.Letter(alg[len(none)])
}

// ownKey returns where the header of a token names a key that only a forger has a reason to: the key
// itself, or one to be fetched from an address or without TLS. 0 if it does not.
func ownKey(header, field []byte) int {
	if i := lex.Index(header, `"jwk"`); i > 0 && (lex.Contains(header[i:], `"oct"`) || grants(header, field)) {
		return i
	}
	for _, name := range [...]string{`"jku"`, `"x5u"`} {
		i := lex.Index(header, name)
		if i < 0 {
			continue
		}
		url := bytes.TrimLeft(header[i+len(name):], " \t:\"")
		if rest, ok := bytes.CutPrefix(url, []byte("https://")); lex.HasPrefix(url, "http://") || ok && len(rest) > 0 && lex.Digit(rest[0]) {
			return i
		}
	}
	return 0
}

// grants reports whether a token is one for access, by what it says or by where it stands. Proofs that
// somebody holds a key, which bring it, say what they are: dpop+jwt (RFC 9449).
func grants(header, field []byte) bool {
	i := lex.Index(header, `"typ"`)
	if i < 0 {
		return lex.Equal(field, "authorization")
	}
	return lex.PrefixLength(bytes.TrimLeft(header[i+len(`"typ"`):], " \t:"), []string{`"jwt"`, `"at+jwt"`}) > 0
}
