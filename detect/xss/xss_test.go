package xss

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&scriptTag, point.Text, `<script>alert(1)</script>`, `<b>alert</b>`)
	f(&scriptOpen, point.Text, `<script>`, `<scripture>`)
	f(&handler, point.Text, `<img onerror=x>`, `<img online=x>`)
	f(&handlerCode, point.Text, `<img onerror=alert(1)>`, `<img onerror=x>`)
	f(&attrHandler, point.Text, `" onfocus=alert(1) x="`, `"on focus" group`)
	f(&scriptURL, point.Text, `<a href="javascript:alert(1)">x</a>`, `<a href="https://example.com">x</a>`)
	f(&bareURL, point.Text, `javascript:alert(1)`, `javascript: the good parts`)
	f(&activeTag, point.Text, `<base href=//x.example>`, `<base target="_top">`)
	f(&srcdoc, point.Text, `<iframe srcdoc="<b>x</b>">`, `<iframe srcdoc="x">`)
	f(&styleCode, point.Text, `<p style="width:expr/**/ession(alert(1))">`, `<p style="width:10px">`)
	f(&sinkCall, point.Text, `';alert(1)//`, `'alert' the press`)
	f(&jsBreakout, point.Text, `';alert(1)//`, `alert(1)`)
	f(&domAccess, point.Text, `(document.cookie)`, `document the cookie`)
	f(&computedCall, point.Text, `top['al'+'ert'](1)`, `top [of the page] (1)`)
	f(&symbolsOnly, point.Text, `[][(![]+[])[+[]]+([![]]+[][[]])[+!+[]+[+[]]]]`, `[ ] [ ] [x] (a) (b)`)
	f(&danglingURL, point.Text, `"><img src='//x.example/?`, `<img src='//x.example/a.png'>`)
	f(&utf7Tag, point.Text, `+ADw-script+AD4-`, `+1 -1 +2`)
	f(&domWrite, point.Text, `document.write('<b>')`, `document.title`)
	f(&sinkPassed, point.Text, `[1].map(alert)`, `[1].map(parse)`)
	f(&tailComment, point.Text, `';alert(1)//`, `';alert(1)`)
}
