package upload

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// activeWords begin what a browser runs of a page or an image.
var activeWords = []string{"\"file:///", "'file:///", "=file:///", "//169.254.169.254/", "//metadata.google.internal/", "<base href=\"//", "<base href=\"http", "<script", "javascript:", " onload=", "\nonload=", "/onload=", " onerror=", " onclick=", " onmouseover=", " onbegin=", " onfocus=", "<foreignobject", "<handler", "data:text/html"}

// ownScript reports whether a script element, from behind its name on, is nothing but a file in the
// page's own folder, which does nothing by itself.
func ownScript(rest []byte) bool {
	head, after, closed := bytes.Cut(rest[:min(len(rest), maxOwn)], []byte(">"))
	i := lex.Index(head, `src="`)
	if !closed || i > 0 && head[i-1] != ' ' || bytes.Count(head, []byte("src")) != 1 || lex.Contains(head, "href") || i < 0 || !lex.HasPrefix(after, "</script>") {
		return false
	}
	src, _, quoted := bytes.Cut(head[i+len(`src="`):], []byte(`"`))
	return quoted && lex.HasSuffix(src, ".js") && bytes.IndexByte(src, ':') < 0 && len(src) > 0 && lex.Word(src[0])
}

// maxOwn bounds the attributes of such an element.
const maxOwn = 256

// remarksCut cuts off what stands in front of a document's first element: a mark of the order of bytes,
// remarks and instructions.
func remarksCut(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for range maxTags {
		rest := data[lex.SkipSpace(data, 0):]
		end := 0
		switch {
		case bytes.HasPrefix(rest, []byte("<!--")):
			end = bytes.Index(rest, []byte("-->")) + len("-->")
		case bytes.HasPrefix(rest, []byte("<?")):
			end = bytes.Index(rest, []byte("?>")) + len("?>")
		}
		if data = rest; end < len("<?>") {
			return data
		}
		data = rest[end:]
	}
	return data
}

// active finds script in SVG images and HTML pages.
func active(data []byte, t *evidence.Tally) {
	off := len(data)
	data = remarksCut(data)
	off -= len(data)
	head := data[:min(len(data), 2048)]
	if len(head) == 0 || head[0] != '<' {
		return
	}
	sign := &activePage
	if lex.Contains(head, "<svg") {
		sign = &activeImage
	} else if i, _ := lex.First(head, []string{"<html", "<!doctype html", "<script", "<link ", "<style", "<body", "<head", "<img ", "<iframe", "<meta ", "<object", "<embed", "<form", "<video", "<audio", "<details"}); i != 0 {
		return
	}
	for from, n := 0, 0; n < maxTags; n++ {
		i, word := lex.First(data[from:], activeWords)
		switch {
		case i < 0:
			return
		case word != "<script" || sign == &activeImage || n == maxTags-1 || !ownScript(data[from+i+len(word):]):
			t.Add(sign, off+from+i, len(word))
			return
		}
		from += i + len(word)
	}
}
