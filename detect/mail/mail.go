// Package mail finds injection into messages and into the dialogue with a mail
// server: header lines behind a line end of a form's field, SMTP and IMAP commands,
// options of the sendmail program.
//
// A message of several lines may quote the head of another mail. So only what can
// stand in a field of one line counts: nothing, a name, an address before the line
// end.
package mail

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue = 8 << 10
	maxLines = 32
	maxFirst = 120 // bytes of a field of one line
)

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	copyLine  = evidence.Sign{Stamp: 13001, Name: "recipient-line", Text: "a line end and a header line that adds recipients", Weight: 8}
	addressed = evidence.Sign{Stamp: 13002, Name: "address-line", Text: "a line end and a To, From or Reply-To line with an address", Weight: 8}
	subject   = evidence.Sign{Stamp: 13003, Name: "subject-line", Text: "a line end and a Subject line", Weight: 5}
	mimeLine  = evidence.Sign{Stamp: 13004, Name: "mime-line", Text: "a line end and a line that changes the message's form", Weight: 8}
	smtp      = evidence.Sign{Stamp: 13005, Name: "smtp-command", Text: "a line end and a command of SMTP", Weight: 9}
	imap      = evidence.Sign{Stamp: 13006, Name: "imap-command", Text: "a line end or a quote, and a command of IMAP", Weight: 8}
	option    = evidence.Sign{Stamp: 13007, Name: "sendmail-option", Text: "an address with options of the sendmail program that write files", Weight: 9}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{copyLine, addressed, subject, mimeLine, smtp, imap, option}

// Gate reports whether a value can leave a field of one line.
func Gate(v *point.Value) bool {
	switch v.Kind {
	case point.Text, point.XMLText, point.CookieText, point.Key:
	default:
		return false
	}
	return len(v.Data) >= 8 && (v.Classes&point.Newline != 0 || v.Classes&(point.PercentSign|point.Colon) == point.PercentSign|point.Colon ||
		v.Classes&(point.HashAt|point.Space|point.Dash|point.Slash) == point.HashAt|point.Space|point.Dash|point.Slash)
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.MailInjection, evidence.HeaderLine)
	data := v.Data[:min(len(v.Data), maxValue)]
	options(data, best)
	start, width := lineEnd(data, 0)
	if start < 0 {
		return
	}
	text := start > maxFirst || width == 1 && !oneLine(data[:start], tree.Name(v.Ref))
	for n := 0; start >= 0 && n < maxLines; n++ {
		from := start + width
		next, nextWidth := lineEnd(data, from)
		end := next
		if next < 0 {
			end = len(data)
		}
		line(data[lex.SkipSpace(data[:end], from):end], start, end-start, best)
		start, width = next, nextWidth
	}
	if text {
		best.Cap(5)
	}
}

// lineEnd returns where the next line end stands and how many bytes it takes.
func lineEnd(data []byte, from int) (at, width int) {
	for i := from; i < len(data); i++ {
		switch {
		case data[i] == '\r' || data[i] == '\n':
			return i, 1
		case data[i] == '%' && (lex.HasPrefix(data[i:], "%0a") || lex.HasPrefix(data[i:], "%0d")):
			return i, 3
		}
	}
	return -1, 0
}

// oneLine reports whether the text before the first line end is what a field of one
// line holds. Fields that are known to be such may hold words.
func oneLine(first, name []byte) bool {
	first = bytes.TrimSpace(first)
	blanks := bytes.Count(first, []byte(" "))
	if colon := bytes.IndexByte(first, ':'); colon > 0 && colon == lex.WordEnd(first, 0) {
		return false // a line of quoted mail
	}
	if single(name) {
		return blanks <= 8
	}
	return blanks == 0
}

// maxField bounds the name of a form's field.
const maxField = 40

// single reports whether a field of a form has one line by its name.
func single(name []byte) bool {
	if len(name) > maxField {
		return false // a text in a name's place
	}
	if i, _ := lex.First(name, []string{"mail", "subject", "sender", "recipient", "firstname", "lastname", "first_name", "last_name"}); i >= 0 {
		return true
	}
	for _, w := range [...]string{"name", "from", "to", "cc", "bcc", "title", "phone", "company", "reply_to", "replyto"} {
		if lex.Equal(name, w) {
			return true
		}
	}
	return false
}

// line weighs a line behind a line end.
func line(s []byte, off, n int, t *evidence.Tally) {
	colon := bytes.IndexByte(s, ':')
	switch {
	case smtpCommand(s):
		t.Add(&smtp, off, n)
		return
	case imapCommand(s):
		t.Add(&imap, off, n)
		return
	}
	if colon < 2 || colon > 32 {
		return
	}
	name, value := bytes.TrimSpace(s[:colon]), s[colon+1:]
	at := bytes.Contains(value, []byte("@"))
	switch {
	case (lex.Equal(name, "bcc") || lex.Equal(name, "cc")) && at:
		t.Add(&copyLine, off, n)
	case (lex.Equal(name, "to") || lex.Equal(name, "from") || lex.Equal(name, "reply-to") || lex.Equal(name, "return-path") || lex.Equal(name, "sender")) && at:
		t.Add(&addressed, off, n)
	case lex.Equal(name, "subject"):
		t.Add(&subject, off, n)
	case lex.Equal(name, "mime-version"), lex.Equal(name, "content-transfer-encoding"),
		lex.Equal(name, "content-type") && (lex.Contains(value, "multipart/") || lex.Contains(value, "text/html") || lex.Contains(value, "text/plain")):
		t.Add(&mimeLine, off, n)
	}
}

// smtpCommand reads a command of SMTP or POP3 that no line of a text begins with.
func smtpCommand(s []byte) bool {
	for _, c := range [...]string{"rcpt to:", "mail from:", "rcpt to ", "mail from ", "ehlo ", "helo ", "vrfy ", "expn ", "apop ", "auth login", "auth plain", "auth cram-md5"} {
		if lex.HasPrefix(s, c) {
			return true
		}
	}
	return false
}

// imapCommand reads a tag and a command: A001 LOGOUT.
func imapCommand(s []byte) bool {
	i := 0
	for i < len(s) && lex.Letter(s[i]) {
		i++
	}
	digits := i
	for i < len(s) && lex.Digit(s[i]) {
		i++
	}
	if digits == 0 || digits > 4 || i == digits || i-digits > 5 || i+1 >= len(s) || s[i] != ' ' {
		return false
	}
	end := lex.WordEnd(s, i+1)
	upper := s[i+1] >= 'A' && s[i+1] <= 'Z' || i-digits >= 3
	for _, c := range [...]string{"login", "fetch", "logout", "capability", "select", "examine", "create", "delete", "rename", "list", "status", "append", "search", "store", "copy", "uid", "authenticate", "expunge"} {
		if upper && lex.Equal(s[i+1:end], c) {
			return true
		}
	}
	return false
}

// options finds -X, -O and -C of sendmail behind an address.
func options(data []byte, t *evidence.Tally) {
	if len(data) > 512 || !bytes.Contains(data, []byte("@")) {
		return
	}
	log := bytes.Index(data, []byte("-X/"))
	if log < 0 {
		log = bytes.Index(data, []byte("-X /"))
	}
	queue, _ := lex.First(data, []string{"-oq/", "-oqueuedirectory=", "-oq /"})
	if log > 0 && queue > 0 {
		t.Add(&option, min(log, queue), 4)
	}
}
