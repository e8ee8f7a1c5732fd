package ssi

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
	f := detector.CheckSigns(t)
	f(&command, point.Text, `<!--#exec cmd="id" -->`, `<!-- exec cmd="id" -->`)
	f(&command, point.Text, `<!--#email host="k" to="a@b.example" -->`, `<!--#email -->`)
	f(&command, point.Text, `<!-#include virtual="k" -->`, `<!-#1 virtual -->`)
	f(&command, point.Text, `<!--#fsize`+strings.Repeat(" ", 600)+`FILE`+strings.Repeat("\n", 600)+`="k" -->`, `<!--#fsize`+strings.Repeat(" ", 600)+`of the file -->`)
	f(&edgeVar, point.Text, `$(QUERY_STRING{'k'})`, `$(QUERY{'k'})`)
	f(&edgeVar, point.Text, `$add_header('X-K','1')`, `$add_header to it`)
	f(&variable, point.Text, `<!--#printenv -->`, `<!--printenv -->`)
	f(&edge, point.Text, `<esi:include src="x"/>`, `<esign:include src="x"/>`)
	f(&command, point.Text, strings.Repeat("<b>", 999)+`<!--#exec cmd="k" -->`, strings.Repeat("<b>", 999)+`<!--exec cmd="k" -->`)
	f(&edgeMark, point.Text, `<!--esi x -->`, `<!-- esi x -->`)
	f(&edgeVar, point.Text, `$(HTTP_COOKIE{'a'})`, `$(HOME{a})`)
}

// TestTexts looks at directives in texts: what runs a command is shown in code only.
func TestTexts(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold != attack {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
	f(`we thank all of you <!--#exec cmd="id" --> and that is all`, true)
	f(`we thank all of you for the `+"`code`"+` <!-- #exec cgi="/k" --> and that is all`, true)
	f("to run it all of us write `<!--#exec cmd=\"ls\" -->` in the page", false)
	f(`to run it all of us write <code><!--#exec cmd="ls" --></code>`, false)
	f("to run it all of us write\n[code]\n<!--#exec cmd=\"ls\" -->\n[/code]", false)
	f(`to end it all of us write <!--#include virtual="/end.html" --> in the page`, false)
	f(`it shows to all of us <!--#echo var="DATE_LOCAL" --> the day`, false)
	f(`we thank all of you <!-- exec --> and that is all`, false)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "<", "<!--#", "<!--#exec ", "<esi:", "$(http_")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, `<!--#exec cmd="id" -->`, `<esi:include src="x"/>`, "$(HTTP_A{'b'})")
}
