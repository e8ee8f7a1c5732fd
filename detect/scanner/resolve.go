package scanner

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// resolved reads a path as servers of products come to see it, if that is another one.
func resolved(data []byte, tree *point.Tree, best *evidence.Tally) {
	if best.Score() >= evidence.Threshold || !resolves(data) {
		return
	}
	var buf [maxValue]byte
	clean := resolve(buf[:0], data)
	if len(clean) == len(data) {
		return
	}
	var t evidence.Tally
	t.Reset(attack.Scanner, evidence.PathContext)
	if path(clean, tree, &t); t.Score() > best.Score() {
		*best = t
	}
}

// resolves reports whether a path may have empty or dot segments, parameters, or a slash behind a file.
func resolves(path []byte) bool {
	return bytes.IndexByte(path, ';') >= 0 || bytes.Contains(path, []byte("//")) || bytes.Contains(path, []byte("/.")) || len(path) > 1 && path[len(path)-1] == '/'
}

// resolve appends a path without parameters, empty segments and dot segments. A slash at its end stays
// behind a folder, as pages have it, and goes behind what has a dot in its name or stands at the root.
func resolve(dst, path []byte) []byte {
	query := len(path)
	if i := bytes.IndexByte(path, '?'); i >= 0 {
		query = i
	}
	rest, slash := path[:query], false
	for len(rest) > 0 {
		segment, after, more := bytes.Cut(rest, []byte("/"))
		rest, slash = after, more && len(after) == 0
		segment, _, _ = bytes.Cut(segment, []byte(";"))
		switch string(segment) {
		case "", ".":
		case "..":
			dst = dst[:max(0, bytes.LastIndexByte(dst, '/'))]
		default:
			dst = append(append(dst, '/'), segment...)
		}
	}
	if last := dst[bytes.LastIndexByte(dst, '/')+1:]; slash && bytes.IndexByte(last, '.') < 0 && len(last)+1 < len(dst) {
		dst = append(dst, '/')
	}
	return append(dst, path[query:]...)
}
