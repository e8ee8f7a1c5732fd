package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// CleanPath appends to dst the path of a target as most applications come to see
// it: percent-decoded once, backslashes as slashes, empty and dot segments
// resolved. It returns the target's own bytes when there is nothing to change.
//
// tricky reports that applications may differ in what they see: escapes of
// slashes or dots, backslashes, dot segments, path parameters. Settings that are
// chosen by path must then hold for both readings.
func CleanPath(dst, target []byte) (path []byte, tricky bool) {
	target = pathOf(target)
	if !needsCleaning(target) {
		return target, false
	}
	start := len(dst)
	for i := 0; i < len(target); i++ {
		c := target[i]
		if c == '%' && i+2 < len(target) {
			if hi, lo := lex.Hex(target[i+1]), lex.Hex(target[i+2]); hi < 16 && lo < 16 {
				c = hi<<4 | lo
				i += 2
				tricky = tricky || c == '/' || c == '\\' || c == '.' || c == '%' || c < 0x20
			}
		}
		if c == '\\' {
			c, tricky = '/', true
		}
		dst = append(dst, c)
	}
	path, dots := resolve(dst[start:])
	return path, tricky || dots || bytes.IndexByte(path, ';') >= 0
}

// pathOf cuts scheme and authority of an absolute-form target, and the query.
func pathOf(target []byte) []byte {
	if i := bytes.IndexByte(target, '?'); i >= 0 {
		target = target[:i]
	}
	if len(target) > 0 && target[0] != '/' {
		if i := bytes.Index(target, []byte("://")); i > 0 {
			target = target[i+3:]
			if i = bytes.IndexByte(target, '/'); i < 0 {
				return []byte("/")
			}
			return target[i:]
		}
	}
	return target
}

func needsCleaning(path []byte) bool {
	for i, c := range path {
		switch c {
		case '%', '\\', ';':
			return true
		case '/':
			if i+1 < len(path) && (path[i+1] == '/' || path[i+1] == '.') {
				return true
			}
		}
	}
	return false
}

// resolve removes empty and dot segments in place (RFC 3986, 5.2.4).
func resolve(path []byte) (clean []byte, dots bool) {
	if len(path) == 0 || path[0] != '/' {
		return path, true
	}
	out := path[:0]
	for i := 0; i < len(path); {
		for i < len(path) && path[i] == '/' {
			i++
		}
		end := i
		for end < len(path) && path[end] != '/' {
			end++
		}
		segment := path[i:end]
		last := end == len(path)
		switch {
		case len(segment) == 1 && segment[0] == '.':
			dots = true
		case len(segment) == 2 && segment[0] == '.' && segment[1] == '.':
			dots = true
			out = out[:max(0, bytes.LastIndexByte(out, '/'))]
		default:
			out = append(append(out, '/'), segment...)
			if !last {
				i = end
				continue
			}
			return out, dots
		}
		if last {
			return append(out, '/'), dots
		}
		i = end
	}
	return out, dots
}
