package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// objects weighs serialized objects.
func objects(data []byte, v *point.Value, best *evidence.Tally) {
	switch {
	case bytes.HasPrefix(data, []byte("rO0AB")), bytes.HasPrefix(data, []byte{0xac, 0xed, 0x00, 0x05}), hasPrefixFold(data, "aced0005"):
		one(&serialized, 0, 5, evidence.Code, best)
	case bytes.HasPrefix(data, []byte("AAEAAAD/////")):
		one(&serialized, 0, 12, evidence.Code, best)
	case bytes.HasPrefix(data, []byte("gASV")) && len(data) > 24, bytes.HasPrefix(data, []byte("BAhvOg")), bytes.HasPrefix(data, []byte("\x04\bo:")):
		one(&serialized, 0, 4, evidence.Code, best)
	case len(data) > 8 && data[0] == 0x80 && data[1] >= 2 && data[1] <= 5 && containsAnyOf(data, "posix", "subprocess", "system", "builtins", "__reduce__"):
		one(&serialized, 0, 2, evidence.Code, best)
	case bytes.HasPrefix(data, []byte("cos\nsystem")), bytes.HasPrefix(data, []byte("c__builtin__\n")), bytes.HasPrefix(data, []byte("cbuiltins\n")), bytes.HasPrefix(data, []byte("cposix\n")), bytes.HasPrefix(data, []byte("csubprocess\n")):
		one(&serialized, 0, 6, evidence.Code, best)
	case v.Classes&point.Dollar != 0 && bytes.Contains(data, []byte("_$$ND_FUNC$$_")):
		one(&serialized, 0, 13, evidence.Code, best)
	case v.Classes&point.Mark != 0 && containsAnyOf(data, "!!python/object", "!!python/name", "!!python/module", "!!javax.script", "!!javax.", "!!java.", "!!com.sun.", "!!org.", "!ruby/object", "!ruby/hash", "!ruby/struct"):
		one(&serialized, 0, 8, evidence.Code, best)
	}
	if v.Classes&point.Colon != 0 && v.Classes&point.Quote != 0 {
		phpObject(data, best)
	}
}

// phpObject finds O:8:"stdClass": at the start or inside an array.
func phpObject(data []byte, best *evidence.Tally) {
	i := classMark(data)
	if i < 0 || i > 0 && point.ClassOf[data[i-1]]&(point.Semicolon|point.Brace|point.Pipe) == 0 {
		return
	}
	rest := bytes.TrimPrefix(data[i+2:], []byte("+"))
	n := digits(rest)
	if n > 0 && (bytes.HasPrefix(rest[n:], []byte(`:"`)) || bytes.HasPrefix(rest[n:], []byte(`:\"`))) {
		one(&serialized, i, n+4, evidence.Code, best)
	}
}

// classMark finds O:n: or C:n:, with which PHP writes an object.
func classMark(data []byte) int {
	for i := 0; i+3 < len(data); i++ {
		if data[i+1] == ':' && (data[i] == 'O' || data[i] == 'C') && (isDigitByte(data[i+2]) || data[i+2] == '+' && isDigitByte(data[i+3])) {
			return i
		}
	}
	return -1
}

func isDigitByte(c byte) bool { return c >= '0' && c <= '9' }
