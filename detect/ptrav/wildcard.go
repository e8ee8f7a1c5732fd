package ptrav

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// wildcard reports whether a value is one path that ends in the wildcards of Windows'
// file search, by which PHP finds a file of an unknown name: ../con<<
func wildcard(data []byte) bool {
	stem := bytes.TrimRight(data, "<>")
	if n := len(data) - len(stem); n < 2 || len(data) > maxName || len(stem) < 5 || bytes.IndexByte(stem, '<') >= 0 {
		return false
	}
	drive := lex.Letter(stem[0]) && stem[1] == ':' && stem[2] == '\\'
	steps := bytes.HasPrefix(stem, []byte("../")) || bytes.HasPrefix(stem, []byte(`..\`))
	return (drive || steps) && isPathByte(stem[len(stem)-1])
}

// devicePrefix returns the length of \\?\ or \\.\ in front of a path of Windows, which
// turns the reading of its steps off.
func devicePrefix(data []byte) int {
	if bytes.HasPrefix(data, []byte(`\\?\`)) || bytes.HasPrefix(data, []byte(`\\.\`)) {
		return len(`\\?\`) - 1
	}
	return 0
}
