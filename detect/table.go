package detect

import (
	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/crlf"
	"github.com/weirnode/weir/detect/ldapi"
	"github.com/weirnode/weir/detect/mail"
	"github.com/weirnode/weir/detect/mass"
	"github.com/weirnode/weir/detect/nosqli"
	"github.com/weirnode/weir/detect/ptrav"
	"github.com/weirnode/weir/detect/rce"
	"github.com/weirnode/weir/detect/redir"
	"github.com/weirnode/weir/detect/scanner"
	"github.com/weirnode/weir/detect/sqli"
	"github.com/weirnode/weir/detect/ssi"
	"github.com/weirnode/weir/detect/ssrf"
	"github.com/weirnode/weir/detect/ssti"
	"github.com/weirnode/weir/detect/upload"
	"github.com/weirnode/weir/detect/xss"
	"github.com/weirnode/weir/detect/xxe"
	"github.com/weirnode/weir/point"
)

// table lists every detector in the order in which a value is read.
var table = []Detector{
	{Type: attack.SQLi, Signs: sqli.Signs, Gate: sqli.Gate, Scan: sqli.Scan, Wakes: sqli.Structural, Begins: sqli.Begins, Words: sqli.Words},
	{
		Type: attack.XSS, Signs: xss.Signs, Gate: xss.Gate, Scan: xss.Scan,
		Wakes: point.Less | point.Paren | point.Backtick | point.Plus | point.Equal | point.Colon | point.Bracket | point.Brace | point.Star | point.Dot,
	},
	{Type: attack.RCE, Signs: rce.Signs, Gate: rce.Gate, Scan: rce.Scan, Kinds: ^KindSet(0), Begins: rce.Begins, Words: rce.Words, Leading: true},
	{
		Type: attack.PTrav, Signs: ptrav.Signs, Gate: ptrav.Gate, Scan: ptrav.Scan,
		Wakes: point.Slash | point.Backslash | point.PercentSign | point.Dollar | point.Dot | point.High | point.Control,
	},
	{
		Type: attack.SSTI, Signs: ssti.Signs, Gate: ssti.Gate, Scan: ssti.Scan,
		Wakes: point.Brace | point.Bracket | point.Less | point.HashAt | point.Star | point.Dollar,
	},
	{
		Type: attack.NoSQLi, Signs: nosqli.Signs, Gate: nosqli.Gate, Scan: nosqli.Scan,
		Wakes: point.Dollar | point.Quote | point.Equal | point.Less | point.Greater | point.Semicolon | point.Paren | point.Newline | point.Star | point.Pipe | point.Brace,
	},
	{Type: attack.NoSQLi, Gate: nosqli.GateLookup, Scan: nosqli.ScanLookup, Kinds: Kinds(point.Key, point.JSONKey)},
	{Type: attack.LDAPi, Signs: ldapi.Signs, Gate: ldapi.Gate, Scan: ldapi.Scan, Wakes: point.Paren | point.Backslash},
	{
		Type: attack.XXE, Signs: xxe.Signs, Gate: xxe.Gate, Scan: xxe.Scan,
		Wakes: point.Less | point.Slash | point.Colon | point.Paren | point.Dot, Kinds: ^KindSet(0),
	},
	{Type: attack.SSRF, Signs: ssrf.Signs, Gate: ssrf.Gate, Scan: ssrf.Scan, Wakes: point.Colon | point.Dot, Mailboxes: true},
	{
		Type: attack.Redir, Signs: redir.Signs, Gate: redir.Gate, Scan: redir.Scan, Wakes: point.Slash | point.Backslash | point.Colon | point.Dot,
		Kinds:   Kinds(point.Text, point.CookieText, point.XMLText, point.WholePath, point.Segment, point.Key, point.HeaderText),
		Leading: true,
	},
	{Type: attack.CRLF, Signs: crlf.Signs, Gate: crlf.Gate, Scan: crlf.Scan, Wakes: point.Newline | point.High | point.PercentSign | point.Backslash, Leading: true},
	{
		Type: attack.MailInjection, Signs: mail.Signs, Gate: mail.Gate, Scan: mail.Scan, Wakes: point.Newline | point.PercentSign | point.HashAt | point.Mark,
		Kinds:     Kinds(point.Text, point.XMLText, point.CookieText, point.Key, point.HeaderText),
		Mailboxes: true, Leading: true,
	},
	{Type: attack.SSI, Signs: ssi.Signs, Gate: ssi.Gate, Scan: ssi.Scan, Wakes: point.Less | point.Brace | point.Dollar},
	{
		Type: attack.Scanner, Signs: scanner.Signs, Gate: scanner.Gate, Scan: scanner.Scan,
		Kinds:     Kinds(point.UserAgent, point.WholePath, point.HeaderText, point.Referer, point.CookieText, point.XMLText, point.GQLDocument, point.Text, point.TokenHead),
		Mailboxes: true,
	},
	{
		Type: attack.FileUpload, Signs: upload.Signs, Gate: upload.Gate, Scan: upload.Scan,
		Kinds:    Kinds(point.FileName, point.FileHead, point.HeaderText),
		Trailing: true,
	},
	{Type: attack.FileUpload, Gate: upload.GateName, Scan: upload.ScanName, Wakes: point.Dot, Kinds: Kinds(point.Text), Trailing: true},
	{
		Type: attack.MassAssignment, Signs: mass.Signs, Gate: mass.Gate, Scan: mass.Scan,
		Kinds: Kinds(point.Key, point.JSONKey, point.GQLDocument),
	},
}
