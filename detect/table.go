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
)

// table lists every detector in the order in which a value is read.
var table = []Detector{
	{attack.SQLi, sqli.Signs, sqli.Gate, sqli.Scan},
	{attack.XSS, xss.Signs, xss.Gate, xss.Scan},
	{attack.RCE, rce.Signs, rce.Gate, rce.Scan},
	{attack.PTrav, ptrav.Signs, ptrav.Gate, ptrav.Scan},
	{attack.SSTI, ssti.Signs, ssti.Gate, ssti.Scan},
	{attack.NoSQLi, nosqli.Signs, nosqli.Gate, nosqli.Scan},
	{attack.LDAPi, ldapi.Signs, ldapi.Gate, ldapi.Scan},
	{attack.XXE, xxe.Signs, xxe.Gate, xxe.Scan},
	{attack.SSRF, ssrf.Signs, ssrf.Gate, ssrf.Scan},
	{attack.Redir, redir.Signs, redir.Gate, redir.Scan},
	{attack.CRLF, crlf.Signs, crlf.Gate, crlf.Scan},
	{attack.MailInjection, mail.Signs, mail.Gate, mail.Scan},
	{attack.SSI, ssi.Signs, ssi.Gate, ssi.Scan},
	{attack.Scanner, scanner.Signs, scanner.Gate, scanner.Scan},
	{attack.FileUpload, upload.Signs, upload.Gate, upload.Scan},
	{attack.MassAssignment, mass.Signs, mass.Gate, mass.Scan},
}
