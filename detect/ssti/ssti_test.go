package ssti

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
	f(&arithmetic, point.Text, "{{7*7}}", "{{name*count}}")
	f(&arithmetic, point.Text, "{%print(7*7)%}", "{{7}} * {{7}}")
	f(&chain, point.Text, `{{''.__class__.__mro__}}`, "__class__")
	f(&chain, point.Text, "{user.__init__.__globals__}", "{0.__class__.__name__}")
	f(&globalName, point.Text, "{{self.__init__}}", `f"<{self.__class__.__name__} at {id(self)}>"`)
	f(&globalName, point.Text, "{{config.items()}}", "{{config.title}}")
	f(&globalName, point.Text, "${applicationScope}", "{{#this}}")
	f(&callback, point.Text, `{{['id']|map('system')}}`, `{{ items|map('name') }}`)
	f(&engineClass, point.Text, `${"freemarker.template.utility.Execute"?new()("id")}`, `${user.name?upper_case}`)
	f(&codeCall, point.Text, `<%= system('id') %>`, `<%= link_to 'x', system_path %>`)
	f(&literalCall, point.Text, `{{'a'.toUpperCase()}}`, `{{ 'a'|upper }}`)
	f(&delimiters, point.Text, "${{<%[%'\"}}%\\.", "${{ matrix.os }}")
	f(&statement, point.Text, "{% import os %}", `{% import "forms.html" as f %}`)
	f(&statement, point.Text, "{% if true %}", "{% if user %}")
	f(&arithmetic, point.Text, "#set ($a=19*31) ${a}", "#set ($a = $b)")
	f(&arithmetic, point.Text, "{% print 'x' * 64 %}", "{% set x = 'x' * 64 %}")
	f(&arithmetic, point.Text, "{{'ab'*3}}", "{{ '-' * 20 }}")
	f(&arithmetic, point.Text, "{{ 7 | times: 191 }}", "{{ 7 | times: quantity }}")
	f(&callback, point.Text, `{{['ls']|map("pas"~"sthru")}}`, `{{ items|map("na" + suffix) }}`)
	f(&statement, point.Text, `{% extends "http://h.example/a.html" %}`, `{% extends "a.html" %}`)
	f(&statement, point.Text, `<g:evaluate>gs.print(1)</g:evaluate>`, `<g id="evaluate"></g>`)
	f(&statement, point.Text, `{{groovy}}println(1){{/groovy}}`, `{{groovy}} baby`)
	f(&fileName, point.Text, `{% include '/etc/hosts' %}`, `{% include 'hosts.html' %} /etc/hosts`)
	f(&fileName, point.Text, `{{ .Files.Get "/etc/shadow" }}`, `{{ .Files.Get "config.ini" }}`)
	f(&perlBlock, point.Text, `@{[ system 'id' ]}`, "@{user}")
}

// TestShownIsGray checks that an expression in the middle of prose is no attack.
func TestShownIsGray(t *testing.T) {
	for _, text := range []string{"In our templating course we write {{ 7*7 }} to show it", "Put an expression such as ${1+1} between the braces of the template"} {
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold || got.Score() < evidence.Gray {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
}

// TestFamilies holds blocks, and their near misses, to what must come of them.
func TestFamilies(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	// Variables of Velocity, names in quotes, functions that calculate, settings through filters.
	f("$order.getClass()", true)
	f("{$k|system}", true)
	f("{$k|@passthru}", true)
	f("{$k|escape}", false)
	f("{['id']|map:'system'}", true)
	f("{['id']|map:'upper'}", false)
	f("{% set k='sys'~'tem' %}{{['id']|map(k)}}", true)
	f("{% set k='sys'~'tems' %}", false)
	f(`{% set k="%s%s"|format("sys","tem") %}`, true)
	f(`{% set k="%s%s"|format("first","last") %}`, false)
	f("<cfoutput>#7*7#</cfoutput>", true)
	f("<cfoutput>#k#</cfoutput>", false)
	f("{{this.__lookupGetter__}}", true)
	f("%{#k=7*7}", true)
	f("#{#k=7}", false)
	f("{% for k in range(9999999) %}l{% endfor %}", true)
	f("{% for k in range(99) %}l{% endfor %}", false)
	f("{include_php file='k'}", true)
	f("<c:import url='http://k.example'/>", true)
	f("<c:import url='/k.jsp'/>", false)
	f("{{'%c'%95}}", true)
	f("#foreach($i in [1..3])$i#end", true)
	f(`#evaluate("$k")`, true)
	f(`{math equation="(\"\\163ystem\")(\"id\")"}`, true)
	f("{{ mul 7 7 }}", true)
	f("{{ 5*'a' }}", true)
	f("{{ (1).TYPE }}", true)
	f(`{{ "".__doc__ }}`, true)
	f("{{ config|pprint }}", true)
	f("{{ dict(__cla=1,ss__=2)|join }}", true)
	f("{{ env('APP_KEY') }}", true)
	f("${.globals}", true)
	f("!{7*7}", true)
	f("<#= 7*7 #>", true)
	f("{% while True %}{% end %}", true)
	f(`<#import "//h.example/k.ftl" as k>`, true)
	f("{% ssi /etc/passwd parsed %}", true)
	f("{'id'|@system}", true)
	f("${T(String).valueOf(1)}", true)
	f("${(#k=1)}", true)
	f("{{-7*-7}}", true)
	f("#if(7*7==49)k#end", true)
	f("{{ ()|select|string }}", true)
	f("{{ ''['__cl''ass__'] }}", true)
	f("{% extends request.args.k %}", true)
	f("<%= ENV['SECRET_KEY_BASE'] %>", true)
	f("@Model.GetType().Assembly", true)
	f("#if($x == 1)k#end", false)
	f("<%= ENV['PORT'] %>", false)
	f("{% include request.template %}", false)
	f("@Model.GetName()", false)
	f(`{{ $t("a")("b") }}`, false)
	f("${x.T(y)}", false)
	f("$user.getName()", false)
	f("$item.class", false)
	f("#foreach($i in $list)$i#end", false)
	f("{{ mul .Values.a 2 }}", false)
	f("{{ env('APP_NAME') }}", false)
	f("{{ config(materialized='table') }}", false)
	f("{{ config | default('x') }}", false)
	f("${.5}", false)
	f("{% import 'forms.html' as forms %}", false)
	f("Hooray !{we won}", false)
	f(`{{ dict(a=1) | items }}`, false)
	f("a{{41|add:17}}b", true)
	f("{{count|add:17}}", false)
	f("#set ($k=31*17) z${k}z", true)
	f("#set ($k=$n*17)", false)
	f("{% print 'k' * 32 * 2**20 %}", true)
	f("{{ '=' * 60 }}", false)
	f("{{[] .__ CLASS __.__ base __}}", true)
	f("{{''['__cla'+'ss__']}}", true)
	f("{{ 'a'+'b' }}", false)
	f("{{ some __ text __ here }}", false)
	f("{{ show_file('/etc/shadow') }}", true)
	f("{{ asset('/etc.css') }}", false)
	f("{% for k in [4,5,6] %}{{k}}{% endfor %}", true)
	f("{% for k in items %}{{k}}{% endfor %}", false)
	// Blocks that follow each other are no prose.
	f(`{% debug %}{{ 'k' | query: "one more" }}{% assign k = 6 | times: 9 %}`, true)
	f("{% assign total = cart.total | divided_by: 100 %}{{ total | times: 2 }}", false)
	// Template Toolkit.
	f("[% PERL %] print 7; [% END %]", true)
	f("[% USE Directory('/') %]", true)
	f("[% INSERT /etc/passwd %]", true)
	f("[% USE Date %][% INCLUDE header.tt %][% Date.format %]", false)
	f("we use [% perl %] of the time", false)
	// Razor.
	f("k @using System.Reflection;@Type.Get(Model.K)", true)
	f("@using System.IO\n<p>hello (you)</p>", false)
	f("@Activator.CreateInstance(k)", true)
	f("@typeof(string).Assembly.GetType(\"k\")", true)
	f("@(new System.Net.WebClient().DownloadString(k))", true)
	f("@(new guy) and @(Model.Total)", false)
	f("k@type.gettype(l)", false)
}

// TestPadding holds blocks behind, inside of and around much that tells nothing to their finding.
func TestPadding(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold != attack {
			t.Errorf("%.60q of %d bytes scores %d: %+v", text, len(text), got.Score(), got.Marks[:got.N])
		}
	}
	many := strings.Repeat
	f(many("{{k}}", 99)+"{{17*31}}", true)
	f(many("${", 99)+"}{{17*31}}", true)
	f(many("{% if k %}l{% endif %}", 99)+"${17*31}", true)
	f(many("<k>", 99)+"<g:evaluate>k()</g:evaluate>", true)
	f("{{"+many(" ", 999)+"config.items()}}", true)
	f("<%="+many("\n", 999)+"17*31 %>", true)
	f("{{'"+many("k", 999)+"'~config.items()}}", true)
	f("{{"+many("k+", 999)+"['id']|map('system')}}", true)
	f(many("{{k}}", 99)+"{{ k * l }}", false)
	f(many("{{ k }} of {{ l }}\n", 99), false)
	f("{{"+many(" ", 999)+"name }}", false)
	f("<Stack options={{ "+many("a: 1, ", 199)+"open: () => open('k'), at: require('./k') }}>", false)
	f("${ "+many("k + ", 299)+"l }", false)
	// Words around what runs a command.
	f("We thank all of you {{['id']|filter('system')}} and so on", true)
	f(`We thank all of you ${"freemarker.template.utility.Execute"?new()("id")} and so on`, true)
	f("We show all of you `{{['id']|filter('system')}}` of the course", false)
	f("We show all of you {{ users|filter('active') }} of the shop", false)
	f("We show all of you {{ k?new }} of the shop", false)
	f("We show all of you {{ 17*31 }} of the course", false)
	f("{% if k %}We show all of you{% endif %} {{ 17*31 }} of the course", false)
}

// TestArticleIsNoSuspicion checks that an article whose blanks to fill in look like a
// template is not even suspicious.
func TestArticleIsNoSuspicion(t *testing.T) {
	const text = "# calc\n\nThe calculator of the desktop, for the terminal.\n\n- Work out an expression that you give:\n\n`calc --solve {{3+4*5}}`\n\n- Leave it:\n\n`quit`\n"
	if got := detector.Read(text, point.Text); got.Score() >= evidence.Gray {
		t.Errorf("scores %d", got.Score())
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "{{", "{{k}}", "{{k{{l}}", "{{"+strings.Repeat(" ", 600), "${", "{{7*", "<%", "{%", "@{[", "{{a|map('", "${{<%", "@using system.", "@type.gettype(", "@(new ", "$a.getclass()", "#foreach(", "!{", `")("`)
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "{{7*7}}", "${x}", "<%= 7*7 %>", "@{[x]}", "#set($x=7*7)", "{{'a'.b()}}", "@{@{%  ")
}
