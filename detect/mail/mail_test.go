package mail

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t, &body, &another) // TestFieldsOfOneLine, TestSecondAddress
	f(&copyLine, point.Text, "a@b.c\nbcc: d@e.f", "a@b.c\nbcc: none")
	f(&addressed, point.Text, "a@b.c\nTo: d@e.f", "a@b.c\nTo: all of you")
	f(&subject, point.Text, "a@b.c\nSubject: x", "a@b.c\nSubjects: x")
	f(&mimeLine, point.Text, "a@b.c\nMIME-Version: 1.0", "a@b.c\nContent-Type: cotton")
	f(&smtp, point.Text, "a\r\nRCPT TO:<a@b.c>", "a\r\nRCPT of it")
	f(&imap, point.Text, "a\r\nA001 LOGOUT", "a\r\nA001 logs out")
	f(&calendar, point.Text, "Team\r\nATTENDEE;RSVP=TRUE:mailto:a@b.example", "Team\r\nATTENDEES: three")
	f(&encoded, point.Text, "=?utf-8?Q?a=0D=0ABcc:_b?= <a@b.example>\r\nx", "=?utf-8?Q?a=20b?= <a@b.example>\r\nx")
	f(&subject, point.Text, "Ann <a@b.example>\nSubject: x", "Subjects\nSubjects: x")
	f(&addressed, point.Text, "a@b.example\nReturn-Receipt-To: c@d.example", "a@b.example\nReturn-Receipt-To: sender")
	f(&smtp, point.Text, "a@b.example> SIZE=9\r\nRCPT TO:<c@d.example", "the command\r\nRCPT of it")
	f(&copyLine, point.Text, `k@m.example\r\nBcc: l@m.example`, `k@m.example\notes: l@m.example`)
	f(&smtp, point.Text, "k\r\nDELE 7", "k\r\nDELE the rest")
	f(&option, point.Text, `"k\" -C/etc/hosts -X/tmp/k \"k"@m.example`, `"k" -C/etc/hosts k@m.example`)
	f(&encoded, point.Text, "=?utf-8?q?k=40m.example=3E=00?=k@n.example", "=?utf-8?q?k=C3=A9?= k@n.example")
	f(&encoded, point.Text, "=?utf-8?q?k=0d=0abcc:l@m.example?=", "=?utf-8?q?two=0alines_at_=40?=")
	f(&encoded, point.Text, "k =?utf-8?b?aw0KQmNjOmxAbS5leGFtcGxl?=", "k =?utf-8?b?UmU6IHlvdXIgb3JkZXI=?=")
	f(&option, point.Text, "a@b.c -oQ/tmp -X/tmp/a.php", "a@b.c - X/Y - O/Q")
}

// TestFieldsOfOneLine checks that a name of a field lets words stand before the line
// end, and that quoted mail in other fields is none.
func TestFieldsOfOneLine(t *testing.T) {
	f := func(name, text string, attack bool) {
		t.Helper()
		var tree point.Tree
		var best evidence.Tally
		v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Ref: tree.AddName(0, point.FormURLEncoded, []byte(name))}
		Scan(&v, &tree, &best)
		if got := best.Score() >= evidence.Threshold; got != attack {
			t.Errorf("%s=%q scores %d", name, text, best.Score())
		}
	}
	f("name", "Maria Jensen\nbcc: a@b.example", true)
	f("q", "Maria Jensen\nbcc: a@b.example", true)
	f("subject", "Re: order 5\nTo: a@b.example", true)
	f("email", "a@b.example\r\nQUIT", true)
	f("name", "k\r\nSTAT\r\nRETR 1", true)
	f("email", "k\r\nSubject: l", true)
	f("mail_text", "k\r\nSubject: l", false)
	f("from", "Maria Jensen\r\nSubject: l", true)
	f("name", "Maria\r\nX-Mailer: l", true)
	f("name", "Maria\u010d\u010aBcc: a@b.example", true)
	f("title", "k\nSubject: l", false)
	f("email", strings.Repeat("k", 200)+"@b.example\r\nBcc: c@d.example", true)
	f("email", "a@b.example"+strings.Repeat("\r\n l", 99)+"\r\nBcc: c@d.example", true)
	f("name", "Maria\nPhone: 7", false)
	f("q", "k\r\nSubject: l", false)
	f("email", "k\r\nDATA\r\nSubject: l", true)
	f("email", "a@b.example -X/srv/k.php", true)
	f("email", "a@b.example - X/Y", false)
	f("email", "a@b.example\r\nX-Mailer: k", true)
	f("email", "a@b.example\r\nReply-To: k", true)
	f("email", "a@b.example\r\nPhone: 7", false)
	f("name", "Maria\r\nMessage-ID: <k@b.example>", true)
	f("items", "LIST\r\n1\r\n2", false)
	f("text", "Quit\r\nData\r\nHelp", false)
	f("notes", "To: gate 5\nFrom: the warehouse", false)
	f("q", "Dear all, hello\nbcc: a@b.example", false)
	f("email", "a@b.example\r\n\r\nvisit us at http://c.example", true)
	f("message", "a@b.example\r\n\r\nvisit us at http://c.example", false)
	f("message", "Maria Jensen\nbcc: a@b.example", false)
	f("message", "From: a@b.example\nTo: c@d.example\nCc: e@f.example", false)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "\n", "%0a", "\nbcc:", "\nA1 LOGIN", "@ -X/", "=?a?q?", "=?a?b?aaaa")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "a@b.c\nbcc: d@e.f", "x\r\nRCPT TO:<a@b.c>", "x\r\nA1 LOGOUT")
}

// TestSecondAddress reads two addresses where a password is reset, and elsewhere.
func TestSecondAddress(t *testing.T) {
	f := func(path, text string, want int) {
		t.Helper()
		tree := point.Tree{Target: []byte(path)}
		var best evidence.Tally
		Scan(&point.Value{Data: []byte(text), Classes: point.Classify([]byte(text))}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%s: %s scores %d, want %d", path, text, best.Score(), want)
		}
	}
	f("/password/email", "a@b.example,c@d.example", 8)
	f("/password/email", "a@b.example", 0)
	f("/invite", "a@b.example,c@d.example", 0)
}
