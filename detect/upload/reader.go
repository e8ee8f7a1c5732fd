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
		if i, word := lex.First(head, []string{"query_string", "content_length", "->param(", "cgi.fieldstorage", "cgi::param", "$env{http_", "bash -i >& /dev/tcp/", "sh -i >& /dev/tcp/", "nc -e /bin/"}); i > 0 {
			t.Add(&scriptTag, 0, 2)
			t.Add(&commandCall, i, len(word))
		}
	case lex.HasPrefix(head, "[internetshortcut]"), lex.HasPrefix(head, "[shell]"), lex.HasPrefix(head, "[.shellclassinfo]"): // whose picture is fetched when a folder is shown
		if i, word := lex.First(head, []string{`=\\`, "=file://", "=//"}); i > 0 {
			t.Add(&readerCode, i, len(word))
		}
	case lex.HasPrefix(head, `{\rt`): // an object that is loaded unasked
		if i := lex.Index(head, `\objupdate`); i > 0 {
			t.Add(&readerCode, i, len(`\objupdate`))
		}
	case bytes.HasPrefix(head, []byte("%PDF")):
		if i, word := lex.First(head, []string{`/f(\\\\`, `/f (\\\\`}); i > 0 { // of a share
			t.Add(&readerCode, i, len(word))
		}
		if i, word := lex.First(head, []string{"/fontmatrix[1 0 0 1 0 (", "/fontmatrix [1 0 0 1 0 ("}); i > 0 { // CVE-2024-4367
			t.Add(&readerCode, i, len(word))
		}
		if i := bytes.Index(head, []byte("/OpenAction")); i > 0 && bytes.Contains(head[i:], []byte("/JavaScript")) { // that asks another machine as soon as it is opened
			if at, word := lex.First(head[i:], []string{"submitform(", "submitform\\(", "launchurl(", "launchurl\\(", "geturl(", "geturl\\(", "exportdataobject(", "collab."}); at > 0 {
				t.Add(&readerCode, i, at+len(word))
			}
		}
		if i := bytes.Index(head, []byte("/Launch")); i > 0 {
			if at, word := lex.First(head[i:], []string{"cmd.exe", "powershell", "/bin/", "mshta", "(cmd)"}); at > 0 {
				t.Add(&readerCode, i, at+len(word))
			}
		}
	case lex.HasPrefix(head, "[uwsgi]"):
		if i := bytes.Index(head, []byte("@(exec://")); i > 0 {
			t.Add(&readerCode, i, len("@(exec://"))
		}
	case bytes.HasPrefix(head, []byte("#EXTM3U")), bytes.HasPrefix(head, []byte("ffconcat version")):
		if i, word := lex.First(head, []string{"concat:http", "file:///", "file '/", "http://169.254.169.254", "http://127.0.0.1", "http://localhost", "http://[::"}); i > 0 {
			t.Add(&readerCode, i, len(word))
		}
	}
	if len(data) <= maxHandler {
		luaHandler(data, t)
	}
	if i := polyglot(head); i > 0 {
		t.Add(&imageCode, 0, i)
	}
	if bytes.HasPrefix(head, []byte("AT&TFORM")) {
		if i := bytes.Index(head, []byte("(metadata")); i > 0 && bytes.ContainsAny(head[i:], "`") || i > 0 && bytes.Contains(head[i:], []byte("qx{")) {
			t.Add(&readerCode, i, len("(metadata"))
		}
	}
	cells(head, t)
	formulas(head, t)
	serialized(head, t)
}

// maxHandler bounds a handler that does nothing else, in bytes.
const maxHandler = 2 << 10

// luaHandler finds a program for a server that runs Lua, which takes a request and runs a
// command. Such programs have no tags.
func luaHandler(data []byte, t *evidence.Tally) {
	from, request := lex.First(data, []string{"handle(r)", "r.args", "r:parseargs", "r:parsebody", "ngx.var.", "ngx.req.", "ngx.say("})
	if from < 0 {
		return
	}
	if i, call := lex.First(data, []string{"io.popen(", "os.execute(", "loadstring("}); i >= 0 && !lex.Prose(data[:max(i, from)]) {
		t.Add(&scriptTag, from, len(request))
		t.Add(&commandCall, i, len(call))
	}
}

// maxPolyglot bounds where a script may begin in an image that is one as well.
const maxPolyglot = 256

// polyglot returns the length of the beginning of an image that is a script as well: what
// follows the magic makes a variable or a remark of it, GIF89a/*, BM/**/=1.
func polyglot(head []byte) int {
	for _, magic := range [...]string{"GIF89a", "GIF87a", "BM"} {
		rest, ok := bytes.CutPrefix(head, []byte(magic))
		if !ok || len(rest) < 4 {
			continue
		}
		if at := lex.Index(rest[:min(len(rest), maxPolyglot)], "<script"); at >= 0 {
			return len(magic) + at
		}
		if bytes.HasPrefix(rest, []byte("/*")) || rest[0] == '=' && readable(rest[1:]) {
			return len(magic) + 2
		}
	}
	return 0
}

// maxExchanges bounds the bars of a file that are looked at.
const maxExchanges = 256

// cells finds a cell of a spreadsheet that starts a program to exchange data with it, in text:
// cmd|'/C calc'!A0, alone or a part of a sum.
func cells(head []byte, t *evidence.Tally) {
	if bytes.IndexByte(head, '!') < 0 || bytes.IndexByte(head, 0) >= 0 {
		return
	}
	for from, seen := 0, 0; seen < maxExchanges; seen++ {
		i := bytes.IndexByte(head[from:], '|')
		if i < 0 {
			return
		}
		bar := from + i
		from = bar + 1
		n := lex.SuffixLength(head[:bar], []string{"cmd", "msexcel", "powershell", "mshta", "dde", "rundll32", "regsvr32", "msword", "winword"})
		if n == 0 || !inFormula(head[:bar-n]) {
			continue
		}
		if behind := head[from:min(len(head), from+256)]; len(behind) > 0 && (behind[0] == '\'' || behind[0] == '"') && bytes.IndexByte(behind, '!') > 0 {
			t.Add(&readerCode, bar-n, n+1)
			return
		}
	}
}

// inFormula reports whether a text ends within a cell that is computed: "@SUM(1;2)*
func inFormula(text []byte) bool {
	line := text[max(0, len(text)-256):]
	line = line[bytes.LastIndexByte(line, '\n')+1:]
	if len(line) == 0 || lex.Word(line[len(line)-1]) {
		return false
	}
	for i, c := range line {
		if bytes.IndexByte([]byte("=+-@"), c) >= 0 && (i == 0 || bytes.IndexByte([]byte(",;\t\"'"), line[i-1]) >= 0) {
			return true
		}
	}
	return false
}

// formulas finds a cell of a spreadsheet in text that asks another machine, or another program.
func formulas(head []byte, t *evidence.Tally) {
	if bytes.IndexByte(head, 0) >= 0 {
		return
	}
	i, word := lex.First(head, []string{`=importxml(`, `=importdata(`, `=importfeed(`, `=importhtml(`, `=webservice(`, `=dde(`})
	if i == 0 || i > 0 && bytes.IndexByte([]byte(",;\t\n\r\"'"), head[i-1]) >= 0 {
		t.Add(&readerCode, i, len(word))
	}
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
