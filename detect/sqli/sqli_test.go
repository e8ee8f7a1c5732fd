package sqli

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// scan reads one free value.
func scan(text string, kind point.Kind) (best evidence.Tally) {
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}
	if Gate(&v) {
		Scan(&v, nil, &best)
	}
	return best
}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	shown := map[evidence.Stamp]bool{}
	for _, c := range []struct {
		sign      *evidence.Sign
		hit, miss string
	}{
		{&breakout, `1' or 1=1--`, `O'Reilly or 1`},
		{&parenBreakout, `1) or (1=1`, `(a first`},
		{&constCompare, `1 or 1=1`, `1 or a=b`},
		{&callCompare, `1 and sleep(5)=0`, `1 and a=b`},
		{&nameCompare, `1' or name='x`, `'yes' or 'no'`},
		{&logicConstant, `' or 1--`, `cat or dog`},
		{&unionSelect, `1 union select 1,2`, `union of workers`},
		{&selectList, `1 union select 1,2`, `select from list`},
		{&fromClause, `1 union select a,2 from users`, `1 or 1=1`},
		{&subselect, `1 and (select count(*) from users)>0`, `options (select one)`},
		{&stacked, `1; drop table users`, `1; drop me a line`},
		{&statement, `1; delete from users`, `delete the file`},
		{&statementGrave, `1; exec xp_cmdshell('dir')`, `exec summary`},
		{&timeFunction, `1 and sleep(5)`, `sleep tight`},
		{&graveFunction, `1 and extractvalue(1,0x0a)`, `extract value (1)`},
		{&infoFunction, `1 and version()=5`, `version (2) of it`},
		{&systemName, `1 union select 1 from information_schema.tables`, `information schema`},
		{&orderByNumber, `1' order by 5--`, `order by Friday`},
		{&having, `1' having 1=1--`, `we are having fun`},
		{&intoFile, `1' into outfile '/tmp/x'--`, `into the wild`},
		{&procedure, `1 procedure analyse()`, `procedure analysis`},
		{&commentEnd, `1' or 1=1--`, `foo -- bar`},
		{&quoteComment, `admin'--`, `it's -- well -- fine`},
		{&reopened, `1' or '1'='1`, `'yes' or 'no'`},
		{&commentSpace, `1/**/or/**/1=1/**/or/**/2=2`, `1 or 1=1`},
		{&versioned, `1 /*!50000union*/ select 1,2`, `1 /* note */ or 1=1`},
		{&caseWhen, `1' and case when 1=1 then 1 else 0 end--`, `in case when it rains`},
		{&between, `1' or 1 between 0 and 2--`, `between 5 and 10`},
		{&innerCompare, `1' and if(1=1,1,0)--`, `1' and if(a,1,0)--`},
		{&divideByZero, `1,iif(1=2,1,1/0)`, `1/0`},
		{&systemVariable, `1 and @@version=5`, `mail @@ home`},
		{&limitClause, `admin' limit 1--`, `'x' limit of ten`},
		{&plainFunction, `1' and substring(a,1,1)='a'--`, `substring (noun)`},
		{&intoVariable, `1' into @a--`, `'x' into a`},
		{&callStatement, `1'; call f(1)--`, `1'; call me`},
		{&quoteOnly, `'-'`, `it's - it's`},
		{&orderByCall, `1' order by if(1=1,a,b)--`, `1' order by 5--`},
	} {
		if got := scan(c.hit, point.Text); got.Count(c.sign.Stamp) == 0 {
			t.Errorf("%s: %q shows only %v with %d", c.sign.Name, c.hit, got.Marks[:got.N], got.Score())
		}
		if got := scan(c.miss, point.Text); got.Count(c.sign.Stamp) > 0 {
			t.Errorf("%s: %q shows it: %v", c.sign.Name, c.miss, got.Marks[:got.N])
		}
		shown[c.sign.Stamp] = true
	}
	for _, s := range Signs {
		if !shown[s.Stamp] {
			t.Errorf("no value shows %s", s.Name)
		}
	}
}
