package ptrav

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxExtension bounds the letters of an extension.
const maxExtension = 5

// cut weighs a value that is one file's name whose extension a NUL cuts off, as in
// index.php NUL .html, or ends.
func cut(data []byte, v *point.Value, best *evidence.Tally) {
	i := bytes.IndexByte(data, 0)
	if i < 3 || len(data) > maxName || !v.Kind.Free() && v.Kind != point.Segment {
		return
	}
	stem := bytes.TrimRight(data[:i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if n := i - len(stem); n < 2 || n > maxExtension || len(stem) < 2 || stem[len(stem)-1] != '.' {
		return
	}
	for _, c := range stem {
		if !isPathByte(c) {
			return
		}
	}
	switch behind := data[i+1:]; {
	case len(behind) == 0 && lex.OneOf(data[len(stem):i], programs[:]...):
	case len(behind) > 2 && len(behind) <= 1+maxExtension && behind[0] == '.' && lex.WordEnd(behind, 1) == len(behind):
	default:
		return
	}
	best.AddWeight(&nulByte, 8, i, 1)
}

// decoy reports whether a path ends in an extension that stands behind a mark at which the
// server ends the path: /users;.css, /index.php%3f.php/users
func decoy(data []byte, kind point.Kind, classes point.Classes) bool {
	if classes&(point.PercentSign|point.Semicolon) == 0 || len(data) > maxName || len(data) < 6 || data[0] != '/' {
		return false
	}
	if i := bytes.IndexByte(data, '?'); i > 0 {
		data = data[:i]
	}
	switch kind {
	case point.WholePath:
		if i := lex.Index(data, "%3f."); i > 0 && program(data[:i]) {
			return true
		}
		if i := bytes.Index(data, []byte("%00")); i > 0 && (program(data[:i]) || len(data) > i+3 && data[i+3] == '.') {
			return true
		}
	case point.Text:
		if bytes.IndexByte(data, ' ') >= 0 {
			return false
		}
	default:
		return false
	}
	stem := bytes.TrimRight(data, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if n := len(data) - len(stem); n < 2 || n > maxExtension {
		return false
	}
	return bytes.HasSuffix(stem, []byte(";.")) || kind == point.WholePath && lex.HasSuffix(stem, "%3b.")
}

// program reports whether a path ends in an extension of what only a server reads.
func program(path []byte) bool {
	dot := bytes.LastIndexByte(path, '.')
	return dot > 0 && lex.OneOf(path[dot+1:], programs[:]...)
}

// programs are extensions of what only a server reads.
var programs = [...]string{"php", "asp", "aspx", "jsp", "conf", "ini", "inc", "cfg", "env", "cgi", "pl", "py", "rb", "xml", "yml", "log", "sql", "bak"}
