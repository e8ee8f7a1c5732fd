package upload

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// maxHead bounds what is read of a document for what it makes its reader do.
const maxHead = 8 << 10

// commands finds what makes a program that reads the upload run a command: pipes of
// PostScript, delegates of ImageMagick, objects of YAML and pickle, CGI scripts.
func commands(data []byte, t *evidence.Tally) {
	head := data[:min(len(data), maxHead)]
	switch {
	case bytes.HasPrefix(head, []byte("%!")):
		if i := lex.Index(head, "%pipe%"); i > 0 {
			t.Add(&readerCode, i, 6)
		}
	case lex.HasPrefix(head, "push graphic-context"), lex.HasPrefix(head, "viewbox "):
		if i, word := lex.First(head, []string{`"|`, "'|", "`", "ephemeral:", "msl:", "label:@", "text:@", "url(http"}); i > 0 {
			t.Add(&readerCode, i, len(word))
		}
	case bytes.HasPrefix(head, []byte("#!")):
		if i, word := lex.First(head, []string{"query_string", "content_length", "->param(", "cgi.fieldstorage", "cgi::param"}); i > 0 {
			t.Add(&scriptTag, 0, 2)
			t.Add(&commandCall, i, len(word))
		}
	case bytes.HasPrefix(head, []byte("#EXTM3U")):
		if i, word := lex.First(head, []string{"concat:http", "file:///"}); i > 0 {
			t.Add(&readerCode, i, len(word))
		}
	}
	serialized(head, t)
}

// serialized finds tags of YAML and opcodes of pickle that call functions.
func serialized(head []byte, t *evidence.Tally) {
	if len(head) > 8 && (head[0] == 'c' || head[0] == 0x80) {
		for _, module := range [...]string{"cos\nsystem", "cposix\nsystem", "cnt\nsystem", "csubprocess\n", "c__builtin__\neval", "c__builtin__\nexec", "cbuiltins\neval", "cbuiltins\nexec"} {
			if i := bytes.Index(head, []byte(module)); i >= 0 && (i == 0 || head[0] == 0x80) {
				t.Add(&objects, i, len(module))
				return
			}
		}
		if i := bytes.Index(head[:min(len(head), 128)], []byte("posix\x94\x8c\x06system")); i > 0 && head[0] == 0x80 {
			t.Add(&objects, i, 5)
			return
		}
	}
	if head[0] < ' ' && head[0] != '\n' || bytes.IndexByte(head, 0) >= 0 {
		return // tags stand in text
	}
	if i, word := lex.First(head, []string{"!!python/object", "!!python/name", "!!python/module", "!ruby/object:gem", "!ruby/object:erb", "!!javax.script", "!!java.net.url", "!!com.sun.rowset"}); i >= 0 && !lex.Prose(head[max(0, i-128):i]) {
		t.Add(&objects, i, len(word))
	}
}
