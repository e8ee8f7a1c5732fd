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

// ofWindows reports whether a value is a path that begins in Windows' own folder, by the variable
// that names it: %WINDIR%\repair\sam
func ofWindows(data []byte) bool {
	n := lex.PrefixLength(data, []string{"%windir%", "%systemroot%"})
	return n > 0 && n+1 < len(data) && len(data) <= maxName && (data[n] == '\\' || data[n] == '/') && bytes.IndexByte(data, ' ') < 0
}

// stepsOutOfAlias reports whether two dots follow the first folder's name at once and a path follows
// them, which climbs out of a folder that nginx serves under another name: /static../app.py
func stepsOutOfAlias(path []byte) bool {
	i := bytes.Index(path, []byte("../"))
	return i > 1 && i+3 < len(path) && lex.Word(path[i-1]) && bytes.IndexByte(path[1:i], '/') < 0
}

// devicePrefix returns the length of \\?\ or \\.\ in front of a path of Windows, which
// turns the reading of its steps off.
func devicePrefix(data []byte) int {
	if bytes.HasPrefix(data, []byte(`\\?\`)) || bytes.HasPrefix(data, []byte(`\\.\`)) {
		return len(`\\?\`) - 1
	}
	return 0
}

// globbed reports whether a value is the path of a file that every scanner asks for, with
// letters hidden behind the wildcards of a shell: /e??/pass*
func globbed(data []byte) bool {
	if len(data) < 8 || len(data) > maxName || data[0] != '/' || !bytes.ContainsAny(data, "?*[") {
		return false
	}
	letters := 0
	for _, c := range data {
		if lex.Letter(c) {
			letters++
		}
	}
	if letters < 3 {
		return false
	}
	for _, f := range [...]string{"/etc/passwd", "/etc/shadow", "/etc/hosts", "/etc/group", "/proc/self/environ"} {
		if globs(data, f) {
			return true
		}
	}
	return false
}

// globs reports whether a pattern with a letter in its last part fits a path.
func globs(pattern []byte, path string) bool {
	last := pattern[bytes.LastIndexByte(pattern, '/')+1:]
	if len(bytes.Trim(last, "?*")) == 0 {
		return false
	}
	i := 0
	for k := 0; k < len(pattern); k++ {
		switch c := pattern[k]; {
		case c == '*' && k == len(pattern)-1:
			return true
		case i == len(path):
			return false
		case c == '*': // to the next letter of the pattern, in the same folder
			for i < len(path) && path[i] != pattern[k+1] && path[i] != '/' {
				i++
			}
			continue
		case c == '[':
			set := bytes.IndexByte(pattern[k:], ']')
			if set < 2 || !inSet(pattern[k+1:k+set], path[i]) {
				return false
			}
			k += set
		case c != '?' && c != path[i] || path[i] == '/' && c == '?':
			return false
		}
		i++
	}
	return i == len(path)
}

// inSet reports whether a byte is in the set between the brackets of a pattern: a-z, !q
func inSet(set []byte, c byte) bool {
	if set[0] == '!' || set[0] == '^' {
		return c != '/' && (len(set) == 1 || !inSet(set[1:], c))
	}
	for i := range set {
		if set[i] == c || i+2 < len(set) && set[i+1] == '-' && set[i] <= c && c <= set[i+2] {
			return true
		}
	}
	return false
}
