package ssi

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&command, point.Text, `<!--#exec cmd="id" -->`, `<!-- exec cmd="id" -->`)
	f(&command, point.Text, `<!--#email host="k" to="a@b.example" -->`, `<!--#email -->`)
	f(&command, point.Text, `<!-#include virtual="k" -->`, `<!-#1 virtual -->`)
	f(&edgeVar, point.Text, `$(QUERY_STRING{'k'})`, `$(QUERY{'k'})`)
	f(&edgeVar, point.Text, `$add_header('X-K','1')`, `$add_header to it`)
	f(&variable, point.Text, `<!--#printenv -->`, `<!--printenv -->`)
	f(&edge, point.Text, `<esi:include src="x"/>`, `<esign:include src="x"/>`)
	f(&edgeMark, point.Text, `<!--esi x -->`, `<!-- esi x -->`)
	f(&edgeVar, point.Text, `$(HTTP_COOKIE{'a'})`, `$(HOME{a})`)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "<", "<!--#", "<!--#exec ", "<esi:", "$(http_")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, `<!--#exec cmd="id" -->`, `<esi:include src="x"/>`, "$(HTTP_A{'b'})")
}
