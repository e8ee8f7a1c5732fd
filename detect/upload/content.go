package upload

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

const (
	maxTags   = 64
	maxScript = 512 // bytes of a short script
)

// content reads the first or the last bytes of an upload.
func content(data []byte, t *evidence.Tally) {
	shown := image(data)
	archive(data, t)
	if bytes.HasPrefix(data, []byte(shortcut)) {
		t.Add(&readerCode, 0, len(shortcut))
	}
	if bytes.HasPrefix(data, []byte(eicar)) {
		t.Add(&testVirus, 0, len(eicar))
	}
	if i := bytes.Index(data, []byte("<!ENTITY")); i > 0 && bytes.HasPrefix(data, []byte("RIFF")) { // CVE-2021-29447
		t.Add(&readerCode, i, len("<!ENTITY"))
	}
	code(data, shown, t)
	commands(data, t)
	told(data, t)
	relations(data, t)
	if !shown {
		active(data, t)
		handlers(data, t)
	}
}

// eicar is how the test file of the European Institute for Computer Antivirus Research begins.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR`

// shortcut is how a link of Windows begins, which starts a program when somebody opens it: MS-SHLLINK, 2.1.
const shortcut = "L\x00\x00\x00\x01\x14\x02\x00"

// magics are how images and documents begin.
var magics = []string{"GIF8", "\x89PNG", "\xff\xd8\xff", "%PDF", "BM", "RIFF", "II*\x00", "MM\x00*", "\x00\x00\x01\x00", "PK\x03\x04", "ID3"}

func image(data []byte) bool {
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m)) {
			return true
		}
	}
	return false
}

// near is how much of the code behind a file's first tag is read for whatever programs of one's own do
// too, which come to it later.
const near = 4 << 10

// code finds the tags of server languages with code behind them.
func code(data []byte, shown bool, t *evidence.Tally) {
	i, size := nextTag(data, 0)
	if size == 0 {
		return
	}
	sign := &scriptTag
	if shown {
		sign = &imageScript
	}
	t.Add(sign, i, size)
	inside := data[i+size : min(len(data), i+size+near)]
	own := source(inside)
	call, word := run(inside)
	if call < 0 && lex.HasPrefix(data[i:], "<!--#include") {
		call, word = lex.First(inside[:min(len(inside), maxMember)], []string{`"/etc/`, `"/proc/`, `"../`})
	}
	if lex.HasPrefix(data[i:], "<cfexecute") || lex.HasPrefix(data[i:], "<!--#exec") {
		call, word = 0, "name"
	}
	if call < 0 && !own {
		call, word = lex.First(inside, inputs)
	}
	switch {
	case call >= 0:
		t.Add(&commandCall, i+size+call, len(word))
	default:
		hidden(data, i+size, t)
	}
	if len(bytes.TrimSpace(data[:i])) == 0 && len(data) < maxScript && !own {
		t.Add(&oneLiner, 0, len(data))
	}
}

// nextTag returns where the next opening tag of a server language stands, and its length, 0 if there is
// none. Behind many others only those count that are tags by themselves.
func nextTag(data []byte, from int) (at, size int) {
	for n := 0; ; n++ {
		i := bytes.IndexByte(data[from:], '<')
		if i < 0 {
			return len(data), 0
		}
		from += i
		if from+1 < len(data) && opens[data[from+1]] {
			if size = opener(data[from:], n >= maxTags); size > 0 {
				return from, size
			}
		}
		from++
	}
}

// opens holds the second bytes of such tags.
var opens = [256]bool{'?': true, '%': true, '!': true, 's': true, 'S': true, 'j': true, 'J': true, 'c': true, 'C': true}

// opener returns the length of a server language's opening tag, 0 if there is none.
// Short tags need readable code behind them, since two bytes occur in any image, and what speaks to a
// server, unless that is not asked any more.
func opener(s []byte, asked bool) int {
	switch {
	case asked && (len(s) < 2 || s[1] == '%' || bytes.HasPrefix(s, []byte("<? "))):
		return 0
	case lex.HasPrefix(s, "<?php"):
		return len("<?php")
	case lex.HasPrefix(s, "<script language=\"php\""), lex.HasPrefix(s, "<script language='php'"), lex.HasPrefix(s, "<script language=php"), lex.HasPrefix(s, "<script runat=\"server\""), lex.HasPrefix(s, "<script runat=server"):
		return len("<script ")
	case lex.HasPrefix(s, "<!--#exec"), lex.HasPrefix(s, "<!--#include"):
		return len("<!--#exec")
	case lex.HasPrefix(s, "<jsp:"), lex.HasPrefix(s, "<cfexecute"), lex.HasPrefix(s, "<cfscript"):
		return len("<jsp:")
	case bytes.HasPrefix(s, []byte("<?=")) && readable(s[3:]), bytes.HasPrefix(s, []byte("<%")) && readable(s[2:]) && serverCode(s[2:]):
		return 3
	case bytes.HasPrefix(s, []byte("<? ")) && readable(s[3:]) && serverCode(s[3:]):
		return 3
	}
	return 0
}

// readable reports whether text begins with a run of printable bytes.
func readable(s []byte) bool {
	if len(s) < 6 {
		return false
	}
	for _, c := range s[:min(len(s), 12)] {
		if c >= 0x7f || c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}

// serverCode reports whether a tag's inside speaks to a server.
func serverCode(s []byte) bool {
	i, _ := lex.First(s[:min(len(s), 1024)], []string{"request", "response", "eval", "runtime", "page ", "import", "execute", "server.", "$_", "system", "exec", "echo", "out.print", "createobject", "process", "require", "webhandler ", "webservice ", "`"})
	return i >= 0
}

// calls run commands, inputs take what a request brings, which programs of one's own do too.
var (
	calls = []string{
		"system(", "exec(", "shell_exec", "passthru", "popen(", "proc_open", "eval(", "assert(", "phpinfo(", "create_function", "call_user_func", "base64_decode(", "gzinflate(", "str_rot13(", "`$",
		"preg_replace(\"/.*/e", "move_uploaded_file", "file_put_contents", "getruntime", "processbuilder", "wscript.shell", "process.start", "cmd.exe", "/bin/sh", "/bin/bash", "execute(", "fsockopen",
		"cmd=\"", "cmd='", "defineclass(", "extends classloader", "unlink(", "readfile(", "php_uname", "scandir(", "]($_", "@error_reporting(0)",
	}
	inputs = []string{"$_get", "$_post", "$_request", "$_cookie", "$_server", "$_files", "request.getparameter", "request.item", "request(", "request[", "request.form", "request.querystring"}
)

// run returns the first of calls; a statement for a database that is executed is none.
func run(inside []byte) (at int, word string) {
	for from, n := 0, 0; n < maxTags; n++ {
		i, w := lex.First(inside[from:], calls)
		if i < 0 {
			return -1, ""
		}
		i += from
		if !bytes.HasSuffix(inside[:i], []byte("->")) {
			return i, w
		}
		from = i + len(w)
	}
	return -1, ""
}

// source reports whether code looks like a file of a program's source.
func source(inside []byte) bool {
	i, _ := lex.First(inside, []string{"namespace ", "class ", "declare(", "use ", "interface ", "function ", "return [", "require_once", "@package", "/**", "inherits=", "codefile=", "codebehind="})
	return i >= 0
}
