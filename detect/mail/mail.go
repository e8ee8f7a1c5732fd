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
	maxValue = point.MaxRead
	maxLines = 32
	maxFirst = 120 // bytes of a field of one line
	// maxFolded bounds the lines behind what is no text, of which those that begin with a blank go
	// on with a field.
	maxFolded = 1 << 10
)

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	copyLine  = evidence.Sign{Stamp: 13001, Name: "recipient-line", Text: "a line end and a header line that adds recipients", Weight: 8}
	addressed = evidence.Sign{Stamp: 13002, Name: "address-line", Text: "a line end and a To, From or Reply-To line with an address", Weight: 8}
	subject   = evidence.Sign{Stamp: 13003, Name: "subject-line", Text: "a line end and a Subject line, or another field of a message behind an address", Weight: 5}
	mimeLine  = evidence.Sign{Stamp: 13004, Name: "mime-line", Text: "a line end and a line that changes the message's form", Weight: 8}
	smtp      = evidence.Sign{Stamp: 13005, Name: "smtp-command", Text: "a line end and a command of SMTP", Weight: 9}
	imap      = evidence.Sign{Stamp: 13006, Name: "imap-command", Text: "a line end or a quote, and a command of IMAP", Weight: 8}
	calendar  = evidence.Sign{Stamp: 13008, Name: "calendar-line", Text: "a line end and a line of a calendar that invites somebody", Weight: 8}
	encoded   = evidence.Sign{Stamp: 13009, Name: "encoded-line-end", Text: "an encoded word of a mail header that holds a line end", Weight: 8}
	body      = evidence.Sign{Stamp: 13010, Name: "injected-body", Text: "an address, an empty line and a text", Weight: 8}
	another   = evidence.Sign{Stamp: 13011, Name: "second-address", Text: "two addresses where a password is reset: the second gets the link, too (CVE-2023-7028)", Weight: 8}
	option    = evidence.Sign{Stamp: 13007, Name: "sendmail-option", Text: "an address with options of the sendmail program that write files", Weight: 9}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{copyLine, addressed, subject, mimeLine, smtp, imap, option, calendar, encoded, body, another}

// Gate reports whether a value can leave a field of one line, or is an address, of which there may be
// one too many.
func Gate(v *point.Value) bool { return isMailbox(v) || leaves(v) }

// isMailbox reports whether a value may be an address and nothing else.
func isMailbox(v *point.Value) bool {
	const mailbox = point.Alpha | point.Digit | point.Dash | point.Dot | point.HashAt | point.Plus
	return v.Kind == point.Text && v.Classes&^mailbox == 0 && v.Classes&(point.HashAt|point.Dot) == point.HashAt|point.Dot
}

// leaves reports whether a value can leave a field of one line.
func leaves(v *point.Value) bool {
	switch v.Kind {
	case point.Text, point.XMLText, point.CookieText, point.Key:
	case point.HeaderText: // of which one with a line end has been decoded
		return v.Classes&(point.Newline|point.Colon) == point.Newline|point.Colon
	default:
		return false
	}
	return len(v.Data) >= 8 && (v.Classes&(point.HashAt|point.Plus) == point.HashAt|point.Plus && severalAddresses(v.Data) || v.Classes&(point.HashAt|point.Backslash|point.Colon) == point.HashAt|point.Backslash|point.Colon || v.Data[0] == '=' && v.Classes&point.HashAt != 0 || v.Classes&(point.Equal|point.Mark) == point.Equal|point.Mark && bytes.Contains(v.Data, []byte("=?")) || v.Classes&(point.HashAt|point.High|point.Colon) == point.HashAt|point.High|point.Colon || v.Classes&point.Newline != 0 || v.Classes&(point.PercentSign|point.Colon) == point.PercentSign|point.Colon ||
		v.Classes&(point.HashAt|point.Backslash|point.Dash|point.Quote) == point.HashAt|point.Backslash|point.Dash|point.Quote ||
		v.Classes&(point.HashAt|point.Space|point.Dash|point.Slash) == point.HashAt|point.Space|point.Dash|point.Slash)
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.MailInjection, evidence.HeaderLine)
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Classes&point.HashAt != 0 && (severalAddresses(data) || listed(v.Ref, tree) && address(data)) && resets(tree.Target) {
		best.Add(&another, 0, len(data))
	}
	if !leaves(v) {
		return
	}
	if v.Classes&point.HashAt != 0 {
		options(data, best)
	}
	wordAddress(data, best)
	escapedLine(data, best)
	ends := newLineEnds(data, v)
	start, width := ends.next(0)
	if start < 0 {
		if v.Pairs.May("=?") {
			wordLine(data, best)
		}
		return
	}
	first, name := data[:start], tree.Name(v.Ref)
	isAddress := address(first)
	inField := single(name) && !several(name) && !lex.Equal(name, "title") && !bytes.ContainsAny(name, "\r\n")
	inAddress := isAddress || expected(first, name)
	text := start > maxFirst && bytes.IndexByte(first, ' ') >= 0 || width == 1 && !isAddress && !oneLine(first, name)
	if isAddress && single(name) && bytes.HasPrefix(data[start:], []byte("\r\n\r\n")) && len(bytes.TrimSpace(data[start:])) > 0 {
		best.Add(&body, start, 4)
	}
	encodedWord(first, best)
	most := maxLines
	if !text {
		most = maxFolded
	}
	closes, leaves := closesAddress(first) && !smtpCommand(first), leavesMailbox(first)
	over := false // the head of a message that a field of one line could be in
	for n := 0; start >= 0 && n < most; n++ {
		from := start + width
		next, nextWidth := ends.next(from)
		end := next
		if next < 0 {
			end = len(data)
		}
		over = over || !inAddress && !inField && endsHead(data, from, end)
		s := data[lex.SkipSpace(data[:end], from):end]
		command := commandOf(s)
		if !over || command != ofNone || invites(s) {
			line(s, command, start, end-start, inAddress || inField, best)
		}
		if dialogue(s, inAddress) && (inAddress || n > 0 && bytes.IndexByte(first, ' ') < 0) {
			best.Add(&smtp, start, end-start)
		}
		if command == ofSMTP && closes || best.Count(calendar.Stamp) > 0 && bytes.IndexByte(first, ':') < 0 || leaves && imapCommand(s) {
			text = false
		}
		start, width = next, nextWidth
	}
	if text && best.Count(encoded.Stamp) == 0 {
		best.Cap(5)
	}
}

// closesAddress reports whether a line ends an address in angle brackets, and is no line of a page.
func closesAddress(first []byte) bool {
	open := bytes.IndexByte(first, '<')
	return bytes.IndexByte(first, '>') > 0 && (open < 0 || bytes.IndexByte(first[open:], '@') > 0)
}

// oneLine reports whether the text before the first line end is what a field of one
// line holds. Fields that are known to be such may hold words.
func oneLine(first, name []byte) bool {
	first = bytes.TrimSpace(first)
	blanks := lex.Gaps(first)
	if colon := bytes.IndexByte(first, ':'); colon > 0 && colon == lex.WordEnd(first, 0) && !answers(first[:colon]) {
		return false // a line of quoted mail
	}
	if bytes.HasPrefix(first, []byte("--")) {
		return false // the boundary of a message's parts
	}
	if single(name) {
		return blanks <= 8
	}
	return blanks == 0 || blanks <= 2 && !several(name) && called(first)
}

// expected reports whether one word stands where a form asks for an address.
func expected(first, name []byte) bool {
	return len(name) <= maxField && (lex.HasSuffix(name, "mail") || lex.Contains(name, "mail") && lex.HasSuffix(name, "address")) && len(first) > 0 && lex.WordEnd(first, 0) == len(first)
}

// answers reports whether a word begins the subject of an answer.
func answers(word []byte) bool {
	return lex.OneOf(word, "re", "fw", "fwd", "aw", "wg", "sv", "tr")
}

// called reports whether a line is somebody's name: words with capital letters.
func called(s []byte) bool {
	for begins := true; len(s) > 0; s = s[1:] {
		switch c := s[0]; {
		case begins && ('A' <= c && c <= 'Z' || c >= 0x80):
			begins = false
		case begins || !lex.Letter(c) && c < 0x80 && c != ' ' && c != '-':
			return false
		default:
			begins = c == ' '
		}
	}
	return true
}

// several reports whether a field of a form has lines by its name.
func several(name []byte) bool {
	return textNames.In(name)
}

var textNames = lex.NewList("message", "body", "comment", "content", "text", "descr", "note", "letter", "html", "msg", "detail", "about", "question", "feedback")

// severalAddresses reports whether a value is two addresses with a comma between.
func severalAddresses(data []byte) bool {
	first, second, ok := bytes.Cut(data, []byte(","))
	return ok && address(first) && address(second)
}

// listed reports whether a value stands in a list of addresses: user[email][]=a@b.example, or behind
// another in one of JSON.
func listed(r point.Ref, tree *point.Tree) bool {
	if tree.Tag(r) != point.Array || !lex.HasSuffix(tree.Name(tree.Parent(r)), "mail") {
		return false
	}
	return tree.Tag(root(r, tree)) == point.FormURLEncoded || tree.Tag(r-1) == point.Array && tree.Parent(r-1) == tree.Parent(r)
}

// root returns the node below the body in which a value stands.
func root(r point.Ref, tree *point.Tree) point.Ref {
	for tree.Parent(tree.Parent(r)) != 0 {
		r = tree.Parent(r)
	}
	return r
}

// resets reports whether a path is one at which somebody asks for a new password.
func resets(path []byte) bool {
	return resetPaths.In(path)
}

var resetPaths = lex.NewList("forgot", "password", "recover", "magic-link")

// address reports whether a line is an address and nothing else: a@b.example, or
// Name <a@b.example>.
func address(s []byte) bool {
	s = bytes.TrimSpace(s)
	if open := bytes.LastIndexByte(s, '<'); open >= 0 && s[len(s)-1] == '>' && bytes.IndexByte(s[:open], ':') < 0 {
		s = s[open+1 : len(s)-1]
	}
	at := bytes.IndexByte(s, '@')
	if at < 1 || bytes.ContainsAny(s, " \t:;") {
		return false
	}
	dot := bytes.LastIndexByte(s, '.')
	return dot > at+1 && dot+2 < len(s)
}

// escapedLine finds a line that adds recipients behind an address and a line end that is
// written as an escape: a@m.example\nBcc: b@m.example
func escapedLine(s []byte, t *evidence.Tally) {
	i := bytes.IndexByte(s[:min(len(s), maxFirst)], '\\')
	if i < 0 || !address(s[:i]) {
		return
	}
	from := lex.SkipLineEscapes(s, i)
	if from == i {
		return
	}
	for _, name := range [...]string{"bcc:", "cc:", "to:", "reply-to:", "from:"} {
		if lex.HasPrefix(s[from:], name) && bytes.IndexByte(s[from:], '@') > 0 {
			t.Add(&copyLine, i, from+len(name)-i)
			return
		}
	}
}

// maxField bounds the name of a form's field.
const maxField = 40

// single reports whether a field of a form has one line by its name.
func single(name []byte) bool {
	if len(name) > maxField {
		return false // a text in a name's place
	}
	if singleNames.In(name) {
		return true
	}
	return lex.OneOf(name, "name", "from", "to", "cc", "bcc", "title", "phone", "company", "reply_to", "replyto")
}

var singleNames = lex.NewList("mail", "subject", "sender", "recipient", "firstname", "lastname", "first_name", "last_name")

// protocol is that of a command.
type protocol uint8

const (
	ofNone protocol = iota
	ofSMTP
	ofIMAP
)

// commandOf returns of which protocol a line is a command.
func commandOf(s []byte) protocol {
	switch {
	case smtpCommand(s):
		return ofSMTP
	case imapCommand(s):
		return ofIMAP
	}
	return ofNone
}

// maxHeader bounds the name of a header field, in bytes.
const maxHeader = 64

// invites reports whether a line of a calendar names somebody who is to come.
func invites(s []byte) bool { return lex.HasPrefix(s, "attendee") || lex.HasPrefix(s, "organizer") }

// line weighs a line behind a line end; inField says that it follows an address, or stands in a
// field of one line.
func line(s []byte, command protocol, off, n int, inField bool, t *evidence.Tally) {
	switch command {
	case ofSMTP:
		t.Add(&smtp, off, n)
		return
	case ofIMAP:
		t.Add(&imap, off, n)
		return
	case ofNone:
	}
	colon := bytes.IndexByte(s[:min(len(s), maxHeader+1)], ':')
	if colon < 2 {
		return
	}
	if invites(s) {
		if lex.HasPrefix(s[colon:], ":mailto:") {
			t.Add(&calendar, off, n)
		}
		return
	}
	name, value := bytes.TrimSpace(s[:colon]), s[colon+1:]
	at := bytes.Contains(value, []byte("@"))
	switch {
	case (lex.Equal(name, "bcc") || lex.Equal(name, "cc")) && at:
		t.Add(&copyLine, off, n)
	case (lex.Equal(name, "to") || lex.Equal(name, "from") || lex.Equal(name, "reply-to") || lex.Equal(name, "return-path") || lex.Equal(name, "sender")) && at:
		t.Add(&addressed, off, n)
	case at && notifies(name):
		t.Add(&addressed, off, n)
	case inField && (lex.HasPrefix(name, "x-") || lex.HasPrefix(name, "list-") || lex.OneOf(name, "precedence", "reply-to", "importance", "sensitivity", "auto-submitted")):
		t.AddWeight(&subject, evidence.Threshold, off, n)
	case lex.Equal(name, "subject"):
		weight := subject.Weight
		if inField {
			weight = evidence.Threshold
		}
		t.AddWeight(&subject, weight, off, n)
	case lex.Equal(name, "mime-version"), lex.Equal(name, "content-transfer-encoding"),
		lex.Equal(name, "content-type") && (lex.Contains(value, "multipart/") || lex.Contains(value, "text/html") || lex.Contains(value, "text/plain")):
		t.Add(&mimeLine, off, n)
	}
}

// notifies reports whether a header field sends something to its address.
func notifies(name []byte) bool {
	return lex.OneOf(name, "disposition-notification-to", "return-receipt-to", "errors-to", "x-confirm-reading-to", "resent-to", "resent-cc", "resent-bcc", "resent-from", "apparently-to", "mail-followup-to", "list-unsubscribe", "message-id", "in-reply-to", "references", "x-original-to", "delivered-to", "x-forwarded-to", "envelope-to")
}

var smtpCommands = lex.NewPrefixes("rcpt to:", "mail from:", "rcpt to ", "mail from ", "ehlo ", "helo ", "vrfy ", "expn ", "apop ", "auth login", "auth plain", "auth cram-md5")

// smtpCommand reads a command of SMTP or POP3 that no line of a text begins with.
func smtpCommand(s []byte) bool {
	if smtpCommands.Length(s) > 0 {
		return true
	}
	if rest, ok := bytes.CutPrefix(s, []byte("DELE ")); ok { // of a mailbox, by its number
		return len(rest) > 0 && len(bytes.Trim(rest, "0123456789")) == 0
	}
	return false
}

// opensDialogue holds the capitals with which such a command begins.
var opensDialogue = [256]bool{'R': true, 'N': true, 'S': true, 'U': true, 'D': true, 'Q': true, 'L': true, 'H': true, 'T': true}

// dialogue reads a command of SMTP or POP3 that is a word in capitals and no more, or with a
// number. Those that texts have as well count behind an address.
func dialogue(s []byte, isAddress bool) bool {
	if len(s) == 0 || !opensDialogue[s[0]] {
		return false
	}
	word, number, _ := bytes.Cut(bytes.TrimRight(s, " \r\n"), []byte(" "))
	switch string(word) {
	case "RSET", "NOOP", "STAT", "STARTTLS", "UIDL":
		return len(number) == 0
	case "DATA", "QUIT", "LIST", "HELP":
		return isAddress && len(number) == 0
	case "RETR", "TOP", "DELE":
		return len(number) > 0 && len(bytes.Trim(number, "0123456789 ")) == 0
	}
	return false
}

// longestTag bounds the letters of a tag.
const longestTag = 4

// imapCommand reads a tag and a command: A001 LOGOUT.
func imapCommand(s []byte) bool {
	i := 0
	for i < len(s) && i <= longestTag && lex.Letter(s[i]) {
		i++
	}
	digits := i
	for i < len(s) && lex.Digit(s[i]) {
		i++
	}
	if digits == 0 || digits > longestTag || i == digits || i-digits > 5 || i+1 >= len(s) || s[i] != ' ' {
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

// leavesMailbox reports whether a line is the name of a mailbox whose quote is closed, and
// more of the command, or the number of a message and what is asked of it: INBOX" SEARCH, 4 BODY[TEXT]
func leavesMailbox(first []byte) bool {
	i := lex.WordEnd(first, 0)
	return i > 0 && bytes.HasPrefix(first[i:], []byte("\" ")) && i+2 < len(first) && first[i+2] >= 'A' && first[i+2] <= 'Z' || i > 0 && lex.Digit(first[0]) && lex.HasPrefix(bytes.TrimLeft(first[i:], " "), "body[")
}

// options finds -X, -O and -C of sendmail behind an address.
func options(data []byte, t *evidence.Tally) {
	if len(data) > 512 || !bytes.Contains(data, []byte("@")) {
		return
	}
	if i := bytes.Index(data, []byte("\\\" -")); i > 0 && i+4 < len(data) && data[0] == '"' && lex.Letter(data[i+4]) { // which ends the quotes of a shell
		t.Add(&option, i, 5)
		return
	}
	if i := bytes.Index(data, []byte(" -C/")); i > 0 && bytes.Contains(data, []byte("-X/")) { // reads a file, writes a file
		t.Add(&option, i, 4)
		return
	}
	if i := bytes.Index(data, []byte(" -X/")); i > 0 && address(data[:i]) { // a log where programs are
		t.Add(&option, i, len(" -X/"))
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
