package crlf

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
	f(&known, point.Text, "x\r\nSet-Cookie: a=b", "x\r\nSetting: a=b")
	f(&known, point.HeaderText, "x\r\nLocation: y", "x\r\nLocation y")
	f(&other, point.HeaderText, "x\r\nFoo-Bar: 1", "x\r\n:1")
	f(&known, point.Text, "x\r\nClear-Site-Data: *", "x\r\nClear: a")
	f(&forgedLog, point.Text, "k\nJan  1 00:00:00 host sshd[1]: ok", "k\nJan  1 00:00:00 was cold")
	f(&forgedLog, point.Text, "k\n{\"level\":\"info\"}", "k\n{\"levels\":3}")
	f(&statusLine, point.Text, "x\r\nHTTP/1.1 200 OK", "x HTTP/1.1 200 OK")
	f(&smuggled, point.Text, "x\r\nGET /a HTTP/1.1", "x\r\nGET a HTTP")
	f(&known, point.Text, "x\u0085Set-Cookie: a=b", "x\u00e5Set-Cookie: a=b")
	f(&known, point.Text, "x\u2028Set-Cookie: a=b", "x\u2018Set-Cookie: a=b")
	f(&known, point.Text, `\r\nSet-Cookie: a=b`, `print("\r\nSet-Cookie: a=b")`)
	f(&other, point.Text, "#\r\nX-Hdr: 1", "#\r\nXHdr 1")
	f(&forgedLog, point.HeaderText, "-\n192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200 1", "-\n192.0.2.1 is ours")
	f(&forgedLog, point.Text, "x\n192.0.2.1 - a [01/Jan/2026:00:00:00 +0000] \"GET", "192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200\n192.0.2.1 - - [01/Jan/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 200")
	f(&smuggled, point.Text, "/a.js HTTP/1.0\r\nHost: b.example", "GET /a.js HTTP/1.0\r\nHost: b.example")
	f(&forgedLog, point.Text, "k\n2026-01-31 10:00:00,123 WARN k is root", "k\n2026-01-31 10:00:00 we met")
	f(&forgedLog, point.Text, "k\n\x1b[1Aall is well", "k\n\x1b[32mall is well")
	f(&known, point.Text, "k\nuserPassword: l", "k l\nuserName: m")
	f(&command, point.Text, "k\r\nSTOR /k.html", "k\r\nSTORE the milk")
	f(&event, point.Text, "k\n\nevent: k\ndata: {\"k\":1}", "k\n\nevent: k\ndata: tomorrow")
	f(&smuggled, point.Text, "0\r\n\r\nPUT /k HTTP/1.1\r\nk: k", "10\r\n\r\nPUT k")
	f(&splitBody, point.HeaderText, "x\r\n\r\n<html>", "x\r\n\r\nhtml")
	f(&inPath, point.WholePath, "/a\nb", "/a\n")
}

// TestQueries looks at lines in a parameter of a query, where texts of several lines are
// rare but do come.
func TestQueries(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		best := detector.ReadNamed(point.Get, "q", text, point.Text)
		if best.Score() >= evidence.Threshold != attack {
			t.Errorf("%q scores %d: %+v", text, best.Score(), best.Marks[:best.N])
		}
	}
	f("k\r\nSet-Cookie: k=1", true)
	f("k\r\nX-Made-Up: 1", true)
	f("k\nmade-up:1", true)
	f("\r\nmade:up", true)
	f("k\r\nLocation: //k.example", true)
	f("the server then says\nSet-Cookie: k=1", false)
	f("shopping\nx-mas: a tree", false)
	f("call\nE-Mail: k@m.example", false)
	f("plan\nDate: next week or so\nPlace: the usual", false)
	f("GET / HTTP/1.1\r\nHost: k.example\r\nAccept: */*\r\n", false)
	f("\r\n\r\n{\"k\":true}", true)
	f("words\r\n\r\n{\"k\":true}", false)
	f("ann\n[INFO] login of root", true)
	f("ann\nERROR in line 5", false)
	f("run\nWARNING: old\nWARNING: read on", false)
	f("ann\nSUCCESS: root is in", true)
	f("ann\nINFO:web.auth:root is in", true)
	f("ann\nINFO:the door is open", false)
	f("ann\nlevel=info msg=\"root is in\"", true)
	f("ann\ntime=\"2026-01-31\" level=warn msg=ok", true)
	f("ann\nlevel=7 of the game", false)
	f("ann\n10:00:00.123 [main] INFO c.d.E - root is in", true)
	f("ann\n10:00:00 breakfast", false)
	f("ann\n2026/01/31 10:00:00 [error] 7#7: all is well", true)
	f("ann\n2026/01/31 10:00:00 [train] to Rome", false)
	f("ann\n[2026-01-31 10:00:00] production.ERROR: ok", true)
	f("ann\n[2026-01-31 10:00:00] ann: hello", false)
	f("ann\n<14>1 2026-01-31T10:00:00Z host app - - - ok", true)
	f("ann\n<b>1 2026-01-31</b>", false)
	f("ann\nCEF:0|k|l|1|2|m|5|", true)
	f("ann\nCEF: what is it", false)
	f("k\r\nPORT 192,0,2,7,0,80", true)
	f("k\r\nPORT 80, 443", false)
	f("k\r\nPRIVMSG #k :l", true)
	f("k\r\nJOIN us", false)
	f("k\r\nStatus: 302", true)
	f("k\r\nStatus: new", false)
	f("k\r\nExpires: Thu, 01 Jan 2099 00:00:00 GMT", true)
	f("k\r\nExpires: next week", false)
	f("k\r\nP3P: CP=k", true)
	f("k\r\nLink: </k>; rel=preload", true)
	f("k\u020d\u010aSet-Cookie: l=1", true)
	f("k\u4e0d\u4e0aLocation: //l.example", true)
	f("\u770b\u4e0d\u4e0a: \u662f\u7684", false)
	f("milk\r\nBread: two", false)
	f("42\nDate: tomorrow", false)
	f("/k\r\nhttps://l.example/", false)
	f("k"+strings.Repeat("\r\n l", 99)+"\r\nSet-Cookie: m=1", true)
	f("/k\r\n/l\r\n", false)
	f("https://k.example/\r\nhttps://l.example/", false)
	f("17\r\n18\r\n19", false)
}

// TestPlainParameters looks at lines by which an answer is split, behind a text in what is for none.
func TestPlainParameters(t *testing.T) {
	f := func(name, text string, attack bool) {
		t.Helper()
		best := detector.ReadNamed(point.Get, name, text, point.Text)
		if best.Score() >= evidence.Threshold != attack {
			t.Errorf("%s=%q scores %d: %+v", name, text, best.Score(), best.Marks[:best.N])
		}
	}
	for _, line := range []string{"Set-Cookie: k=1", "Location: //k.example", "HTTP/1.1 200 OK", "Access-Control-Allow-Origin: *", "Content-Length: 0"} {
		f("next", "/all of it is here\r\n"+line, true)
		f("lang", "all of it is here\n"+line, true)
		f("lang", "k: l\r\n"+line, true)
		f("text", "all of it is here\r\n"+line, false)
		f("q", "why does it answer\n"+line, false)
	}
	f("next", "/k\r\nMade: up", true)
	f("next", "/"+strings.Repeat("k", 99)+"\r\nMade: up", true)
	f("next", "https://k.example/\r\nDate: l", true)
	f("next", "42%0d%0aServer: l", true)
	f("next", "/k\n\n<html>", true)
	f("next", "/k\r\n\r\n{\"l\":true}", true)
	f("q", "/k\r\nMade: up", false)
	f("next", "milk\r\nBread: two", false)
	f("next", "/k\r\nhttps://l.example/", false)
	f("event", "We meet at the old house\nLocation: the hall", false)
	f("plan", "all that we need today\nDate: today\nHost: ann", false)
	f("address", "12 High Street of the town\r\nLondon", false)
	f("card", "BEGIN:VCARD\nVERSION:3.0\nN:Silva\nEND:VCARD", false)
	f("list", "bread and milk and more\nContents: 5", false)
}

// TestTextsAreNone checks that lines of a text are no attack, however many.
func TestTextsAreNone(t *testing.T) {
	for _, text := range []string{
		"```\n2026-01-31 10:00:00 INFO k\n```", "```http\nHTTP/1.1 200 OK\nSet-Cookie: a=b\n```", "<pre>\n10:00:00 [main] WARN k", "[code]\nGET / HTTP/1.1\nHost: k.example\n[/code]",
		"log\n2026-01-31 10:00:00 INFO k\n2026-01-31 10:00:01 INFO l\n2026-01-31 10:00:02 WARN m",
		"The server said\nSet-Cookie: a=b\nContent-Type: text/html", "GET / HTTP/1.1\r\nHost: example.com\r\nUser-Agent: x", "a:b\nlocation:/c\nhost:d.example",
		"One\n--BOUNDARY\nContent-Type: text/plain; charset=\"us-ascii\"\nMIME-Version: 1.0\n\nTwo", "--A\n--A\nContent-Type: image/png;\n name=a.png",
	} {
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Gray {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "\r\n", "\n", "%0d", "\na:", "\u560a", "\nSet-Cookie:a")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "x\r\nSet-Cookie: a=b", "%0d%0aHost: a.b", "\u560aLocation: /x", "x\nGET / HTTP/1.1")
}
