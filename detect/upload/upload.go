// Package upload finds uploads that become programs where they are stored.
//
// A name counts by the ending that a server would obey, however it is hidden. A
// content counts by the code in it: in an image always, alone when it runs commands
// or is all there is. A source file with an honest name stays suspicious only,
// because developers upload them.
package upload

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

const maxName = 512

// Gate reports whether a value is the name or the content of an upload, or may be the name
// that a stored file is to have.
func Gate(v *point.Value) bool {
	if v.Kind == point.HeaderText {
		return v.Classes&(point.Slash|point.Dot) == point.Slash|point.Dot && v.Classes&point.Space == 0
	}
	return len(v.Data) > 3 && (v.Kind == point.FileName || v.Kind == point.FileHead && v.Classes&(point.Less|point.Space|point.Control|point.Newline|point.Equal|point.PercentSign) != 0)
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.FileUpload, evidence.UploadName)
	name := v.Data[:min(len(v.Data), maxName)]
	switch v.Kind {
	case point.FileName:
		fileName(name, best)
	case point.HeaderText:
		if lex.Equal(tree.Name(v.Ref), "destination") {
			destination(name, best)
		}
	default:
		best.Context = evidence.UploadContent
		content(v.Data, best)
	}
}

// destination reads where a file is to be moved or copied to: RFC 4918, 10.3. People keep
// programs in their folders; nobody hides what they are.
func destination(url []byte, t *evidence.Tally) {
	fileName(url, t)
	if t.Count(hiddenName.Stamp) == 0 {
		t.Cap(0)
	}
}

// ending says what a server does with files of an ending.
type ending uint8

const (
	harmless ending = iota
	runs            // a program of the server
	rare            // a program of the server, in an ending that only attacks use
	desktop         // a program of a desktop
	shows           // an image or a document
)

var endings = map[string]ending{
	"php": runs, "php3": rare, "php4": rare, "php5": rare, "php6": rare, "php7": rare, "php8": rare, "phps": rare, "pht": rare, "phtm": rare, "phtml": runs, "phar": runs, "phpt": rare, "pgif": rare, "inc": harmless,
	"asp": runs, "aspx": runs, "asa": rare, "asax": runs, "ascx": runs, "ashx": runs, "asmx": runs, "cer": harmless, "cdx": rare, "aspq": rare, "axd": rare, "soap": rare, "cshtml": rare, "vbhtml": rare, "svc": rare, "xamlx": rare, "hphp": rare, "php9": rare,
	"jsp": runs, "jspx": rare, "jspf": rare, "jsw": rare, "jsv": rare, "jhtml": rare, "jspa": rare, "war": runs, "cfm": runs, "cfml": rare, "cfc": rare, "dbm": rare, "shtml": runs, "stm": rare, "shtm": rare, "cgi": runs, "fcgi": rare,
	"exe": desktop, "dll": desktop, "bat": desktop, "cmd": desktop, "com": harmless, "ps1": desktop, "vbs": desktop, "hta": desktop, "scr": desktop, "msi": desktop, "jar": desktop, "pif": desktop, "lnk": desktop,
	"jpg": shows, "jpeg": shows, "png": shows, "gif": shows, "bmp": shows, "webp": shows, "ico": shows, "svg": shows, "pdf": shows, "doc": shows, "docx": shows, "txt": shows, "csv": shows, "xls": shows, "xlsx": shows, "zip": shows, "mp3": shows, "mp4": shows,
}

// endingOf looks an ending up without regard to case.
func endingOf(s []byte) (e ending, mixed bool) {
	var buf [8]byte
	if len(s) == 0 || len(s) > len(buf) {
		return harmless, false
	}
	upper, lower := 0, 0
	for i, c := range s {
		buf[i] = lex.Lower(c)
		switch {
		case buf[i] != c:
			upper++
		case lex.Letter(c):
			lower++
		}
	}
	return endings[string(buf[:len(s)])], upper > 0 && lower > 0
}

// fileName reads a name's endings.
func fileName(name []byte, t *evidence.Tally) {
	cut := len(bytes.TrimRight(name, `/\.`)) // what writes the file drops it
	slashed := bytes.ContainsAny(name[cut:], `/\`)
	if slashed {
		name = name[:cut]
	}
	if i := bytes.LastIndexAny(name, `/\`); i >= 0 && i+1 < len(name) {
		name = name[i+1:]
	}
	if settingsFile(name) {
		weight := configName.Weight
		if lex.Equal(name, ".htaccess") || lex.Equal(name, "web.config") {
			weight = 7 // owners of sites upload them: the content decides
		}
		t.AddWeight(&configName, weight, 0, len(name))
		return
	}
	if i := object(name); i >= 0 {
		t.Add(&objects, i, len(name)-i)
		return
	}
	bare, hidden := uncover(name)
	hidden = hidden || slashed
	dot := bytes.LastIndexByte(bare, '.')
	if dot < 0 {
		return
	}
	last, mixed := endingOf(bare[dot+1:])
	before, _ := endingOf(bytes.TrimRight(bare[bytes.LastIndexByte(bare[:dot], '.')+1:dot], " ~_"))
	if bytes.IndexByte(bare[:dot], '.') < 0 {
		before = harmless
	}
	switch {
	case last == rare, last == runs && (mixed || hidden || before == shows):
		t.Add(&hiddenName, dot, len(name)-dot)
	case last == runs:
		t.Add(&scriptName, dot, len(name)-dot)
	case last == shows && (before == runs || before == rare):
		t.Add(&hiddenName, 0, len(name))
	case last == desktop && before == shows:
		t.Add(&hiddenName, 0, len(name))
	case last == desktop:
		t.Add(&program, dot, len(name)-dot)
	}
}

// object returns where the beginning of an object as PHP serializes it stands in a name
// that a session is to keep, -1 if there is none: k|O:16:
func object(name []byte) int {
	for from := 0; ; {
		i := bytes.Index(name[from:], []byte("O:"))
		if i < 0 {
			return -1
		}
		i += from
		from = i + len("O:")
		end := from
		for end < len(name) && lex.Digit(name[end]) {
			end++
		}
		if end > from && end < len(name) && name[end] == ':' && (i == 0 || bytes.IndexByte([]byte("|;{"), name[i-1]) >= 0) {
			return i
		}
	}
}

// settingsFile reports whether a name is that of a folder's settings.
func settingsFile(name []byte) bool {
	return lex.OneOf(name, ".htaccess", ".user.ini", "web.config", ".htpasswd", "php.ini", "authorized_keys", "authorized_keys2")
}

// uncover cuts off what servers ignore behind an ending, and says whether there was any:
// NUL, ;, ::$DATA, trailing dots and blanks, slashes, escapes.
func uncover(name []byte) (bare []byte, hidden bool) {
	bare = name
	for _, s := range [...]string{"\x00", ";", "::$", "%00", "%20", "%0a", "%0d", "\n", "\r", "\u202e", ":", "#", "?"} {
		if i := bytes.Index(bare, []byte(s)); i > 1 {
			bare, hidden = bare[:i], true
		}
	}
	trimmed := bytes.TrimRight(bare, ". /\\\t\u00a0\u200b\u200c\u200d\u3000\ufeff")
	return trimmed, hidden || len(trimmed) < len(bare)
}
