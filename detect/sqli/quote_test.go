package sqli

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// TestQuotes holds what stands in front of the quote that ends the query's string, and behind the
// value's own, to what must come of it.
func TestQuotes(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%.60q of %d bytes scores %d: %+v", text, len(text), got.Score(), got.Marks[:got.N])
		}
	}
	many := strings.Repeat
	// Quotes that another one or a backslash escapes.
	f(`k''l' or clerk in (select boss from clerks)-- -`, true)
	f(`k""l" and exists(select 1 from clerks)-- -`, true)
	f(many(`k''`, 99)+`l' union select pin,2 from clerks-- -`, true)
	f(many(`''or 0 `, 999)+`' union select pin,2 from clerks-- -`, true)
	f(many(`\'`, 99)+`' into outfile '/srv/k.php'-- -`, true)
	f(many(`k''\'`, 99)+`' ; drop table clerks-- -`, true)
	f(`k\'' or clerk like 'b%`, true)
	f(many(`l''eau ou `, 99)+`l''or`, false)
	f(`''Union'' or ''select'' in a wiki, and that's (one) of 'them'`, false)
	f(`5'10'' and 6'2'' or taller`, false)
	f(`name = 'O''Neil' or town = 'x''y' and price > 5`, false)
	f(`if x == 'it\'s' and y == 'k' or z > 5`, false)
	// Much that tells nothing in front of what does.
	f(`k'`+many(` or 0`, 999)+` union select pin,2 from clerks-- -`, true)
	f(`k'`+many(` and l`, 999)+` or 2=2-- -`, true)
	f(`7`+many(`*1`, 999)+` union select pin,2 from clerks`, true)
	f(`7+`+many(`(`, 99)+`1`+many(`)`, 99)+` union select pin,2 from clerks`, true)
	f(`7 or `+many(`(`, 99)+`2=2`+many(`)`, 99), true)
	f(`7`+many(`, 1`, 999), false)
	f(many(`(`, 99)+`k and l`+many(`)`, 99), false)
	f(many(`((a+b)*(c-d))/`, 99)+`2`, false)
	f(many("select k from l where m = 'n' or o like '%p%' order by q;\n", 99), false)
	// Tables that a program saved, and what only begins like one.
	f("begin;\n\\'k'\nunion select pin,2 from clerks-- -", true)
	f("set names utf8;\n\\'k'\n;drop table clerks-- -", true)
	f("begin;\ninsert into k values (1,'it''s'),(2,'d\\'Or'),(3,'');\ncommit;\n", false)
	f("set names utf8;\ninsert into `k` values (1,'union','order'),\n(2,'l\\'or','');\n", false)
	// Names in quotes, and what only stands in them.
	f(`select k from l where m="or 2=2 or "`, true)
	f(`select "Order by", sum("In") from "and" where "Like" > 5 or "Or" > 7`, false)
	f(`select "Stadt" from "Orte" where "Art" = 'x' order by "Stadt"`, false)
	// Phrases, and what only looks like one.
	f(`we do know all of it 'union select pin,2 from clerks-- ' now`, true)
	f(`we do know all of it 'or 2=2 or ' x'=' x`, true)
	f(`'order by 12-- ' and more`, true)
	f(`title:'order by 12-- '|k`, true)
	f(`title:'or 'k'='k`, true)
	f(`it says 'order by 12' in the report`, false)
	f(`there was an error near 'union select 1,2 from clerks' at line 3`, false)
	f(`title:"union select"|k`, false)
	f(`title:"union select"|k>7 title:"union select"|k>7`, false)
	f(`they said 'or else' -- a threat -- and 'and then' -- a promise`, false)
	f(`select \'' union select pin,2 from clerks-- -`, true)
	f(`select '' union select town from clerks`, false)
	f(`select k from l where m = 'O\'Neil' union select n from o where p = 'q'`, false)
}

// TestNested reads what a value can nest or repeat without end.
func TestNested(*testing.T) {
	detector.ReadRepeated(point.Text, "(", "(k+", "f(", ")", "' or (", "''or 0 ", `\''`, `'"`, "k,")
}

// TestParted holds comments that stand for blanks where none is expected to their finding.
func TestParted(t *testing.T) {
	f := func(text string, kind point.Kind, attack bool) {
		t.Helper()
		if got := detector.Read(text, kind); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	for _, kind := range []point.Kind{point.HeaderText, point.Referer} {
		f(`7/*k*/union/*l*/select/*m*/pin,2`, kind, true)
		f(`7/*!union*//*!select*/1,pin`, kind, true)
		f("7\u00a0or\u00a02=2", kind, true)
		f(`text/*,union/*,select/*;q=0.5,*/*`, kind, false)
		f(`*/*`, kind, false)
		f("caf\u00e9/or/2", kind, false)
	}
	f(`/item/7/*k*/union/*l*/select/*m*/pin,2`, point.WholePath, true)
	f(`/item/*/union/*/select`, point.WholePath, false)
}
