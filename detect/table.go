package detect

import (
	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/ptrav"
	"github.com/weirnode/weir/detect/rce"
	"github.com/weirnode/weir/detect/sqli"
	"github.com/weirnode/weir/detect/xss"
)

// table lists every detector in the order in which a value is read.
var table = []Detector{
	{attack.SQLi, sqli.Signs, sqli.Gate, sqli.Scan},
	{attack.XSS, xss.Signs, xss.Gate, xss.Scan},
	{attack.RCE, rce.Signs, rce.Gate, rce.Scan},
	{attack.PTrav, ptrav.Signs, ptrav.Gate, ptrav.Scan},
}
