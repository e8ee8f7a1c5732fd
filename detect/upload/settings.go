package upload

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// Bounds of a file of settings: the bytes that are read, and the words in it that are looked at.
const (
	maxSettings = 32 << 10
	maxDoubts   = 64
)

// orders are settings of servers that make them run files, rewritten those that hang on a rule of
// Apache's module for rewriting.
var (
	orders = []string{
		"addtype application/x-httpd", "addhandler ", "addhandler\t", "sethandler ", "sethandler\t", "auto_prepend_file", "auto_append_file", "php_value auto_", "options +execcgi", "isapimodule", "php_flag engine",
		"forcetype application/x-httpd", "forcetype application/x-php", "<handlers", "<httphandlers", "fastcgimodule", "php_admin_value", "setoutputfilter includes", "addoutputfilter includes", "suphp_configpath", "passengerapproot",
	}
	rewritten = []string{"[h=", ",h=", "[handler=", ",handler=", "[t=application/x-httpd", ",t=application/x-httpd"}
)

// handlers finds settings that make a server run files.
func handlers(data []byte, t *evidence.Tally) {
	head := data[:min(len(data), maxSettings)]
	if bytes.IndexByte(head, 0) >= 0 {
		return // settings are text
	}
	for from, n := 0, 0; n < maxDoubts; n++ {
		i, word := lex.First(head[from:], orders)
		if i < 0 {
			break
		}
		i += from
		from = i + len(word)
		if i > 0 && data[i-1] > ' ' && data[i-1] != '"' && data[i-1] != '>' {
			continue
		}
		if lex.Prose(data[max(0, i-128):i]) {
			t.AddWeight(&settings, 4, i, len(word))
			return
		}
		t.Add(&settings, i, len(word))
		return
	}
	if rule := lex.Index(head, "rewriterule "); rule >= 0 && !lex.Prose(head[:rule]) {
		if i, word := lex.First(head[rule:], rewritten); i > 0 {
			t.Add(&settings, rule, i+len(word))
		}
	}
}
