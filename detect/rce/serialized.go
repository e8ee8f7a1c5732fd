package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// magics are how serialized objects begin.
var magics = [...]string{
	"rO0AB", "\xac\xed\x00\x05", "aced0005", "ACED0005", "AAEAAAD/////", "gASV", "BAhvOg", "\x04\bo:", "cos\nsystem", "cposix\n", "csubprocess\n", "c__builtin__\n", "cbuiltins\n",
}

// objects weighs serialized objects.
func objects(data []byte, v *point.Value, best *evidence.Tally) {
	switch data[0] {
	case 'r', 0xac, 'a', 'A', 'g', 'B', 4, 'c':
		for _, m := range magics {
			if len(data) > 2*len(m) && string(data[:len(m)]) == m || m[0] == 'c' && len(data) >= len(m) && string(data[:len(m)]) == m {
				one(&serialized, 0, len(m), evidence.Code, best)
				return
			}
		}
	case '/': // the same as AAEAAAD in a view state, two bytes on
		if len(data) >= 24 && bytes.Contains(data[:24], []byte("AQAAAP////8B")) {
			one(&serialized, 0, 24, evidence.Code, best)
		}
	case 0x80:
		if len(data) > 8 && data[1] >= 2 && data[1] <= 5 && containsAnyOf(data, "posix", "subprocess", "system", "builtins", "__reduce__") {
			one(&serialized, 0, 2, evidence.Code, best)
		}
	}
	switch {
	case v.Classes&point.Dollar != 0 && bytes.Contains(data, []byte("_$$ND_FUNC$$_")):
		one(&serialized, 0, 13, evidence.Code, best)
	case v.Classes&point.Mark != 0:
		yamlTag(data, best)
	}
	if v.Classes&point.Colon != 0 && v.Classes&point.Quote != 0 {
		phpObject(data, best)
	}
}

// yamlTag finds tags of YAML that create objects of a language.
func yamlTag(data []byte, best *evidence.Tally) {
	for from := 0; ; {
		i := bytes.IndexByte(data[from:], '!')
		if i < 0 || from+i+6 > len(data) {
			return
		}
		at := from + i
		from = at + 1
		if c := data[from]; c != '!' && c != 'r' && c != '<' {
			continue
		}
		for _, tag := range [...]string{"!!python/", "!!javax.", "!!java.", "!!com.sun.", "!!org.", "!ruby/object", "!ruby/hash", "!ruby/struct", "!!perl/", "!!js/function", "!<tag:yaml.org,2002:js", "!<tag:yaml.org,2002:python"} {
			if bytes.HasPrefix(data[at:], []byte(tag)) {
				one(&serialized, at, len(tag), evidence.Code, best)
				return
			}
		}
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
	for colon := 0; ; colon++ {
		i := bytes.IndexByte(data[colon:], ':')
		if i < 0 || colon+i+2 >= len(data) {
			return -1
		}
		colon += i
		if colon > 0 && (data[colon-1] == 'O' || data[colon-1] == 'C') && (isDigitByte(data[colon+1]) || data[colon+1] == '+' && isDigitByte(data[colon+2])) {
			return colon - 1
		}
	}
}

func isDigitByte(c byte) bool { return c >= '0' && c <= '9' }
