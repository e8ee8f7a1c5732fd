package parse

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/weirnode/weir/internal/golden"
	"github.com/weirnode/weir/point"
)

// take reads a raw request and takes it apart.
func take(tb testing.TB, raw string, o *Options) *Points {
	tb.Helper()
	var r Request
	if err := ReadRequest([]byte(raw), &r); err != nil {
		tb.Fatal(err)
	}
	p := new(Points)
	p.Head(&r, o)
	p.Body(&r, o)
	return p
}

func list(p *Points) string {
	var b strings.Builder
	for i := range p.Values {
		v := &p.Values[i]
		fmt.Fprintf(&b, "%s  kind %s  layer %d  %q\n", p.Tree.Path(v.Ref), v.Kind, v.Layer, v.Data)
	}
	for _, a := range p.Anomalies {
		fmt.Fprintf(&b, "anomaly %s at %s\n", a.Reason, p.Tree.Path(a.Ref))
	}
	if p.Overrun != Within {
		fmt.Fprintf(&b, "overrun %d\n", p.Overrun)
	}
	return b.String()
}

// TestGoldens holds each request of testdata/*.txt to its points in the .points beside it.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			raw := strings.ReplaceAll(string(f.Data), "\n", "\r\n")
			golden.Check(t, strings.TrimSuffix(file, ".txtar")+"/"+f.Name+".points", list(take(t, raw, &Options{})))
		}
	}
}

func TestEveryPlaceOfOneValue(t *testing.T) {
	const value = `1' OR "a"=1--`
	q := url.QueryEscape(value)
	js, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	post := func(contentType, body string) string {
		return "POST /x HTTP/1.1\r\nHost: h\r\nContent-Type: " + contentType + "\r\n\r\n" + body
	}
	for point, raw := range map[string]string{
		"[get, 'a']":                                        "GET /?a=" + q + " HTTP/1.1\r\nHost: h\r\n\r\n",
		"[get, 'a', percent]":                               "GET /?a=" + url.QueryEscape(q) + " HTTP/1.1\r\nHost: h\r\n\r\n",
		"[get, 'a', hash, 'x']":                             "GET /?a[x]=" + q + " HTTP/1.1\r\nHost: h\r\n\r\n",
		"[path, 1]":                                         "GET /a/" + url.PathEscape(value) + "/c HTTP/1.1\r\nHost: h\r\n\r\n",
		"[action_name]":                                     "GET /a/" + url.PathEscape(value) + " HTTP/1.1\r\nHost: h\r\n\r\n",
		"[header, 'X-A']":                                   "GET / HTTP/1.1\r\nHost: h\r\nX-a: " + value + "\r\n\r\n",
		"[header, 'COOKIE', cookie, 'c']":                   "GET / HTTP/1.1\r\nHost: h\r\nCookie: b=1; c=" + q + "\r\n\r\n",
		"[header, 'REFERER', form_urlencoded, 'q']":         "GET / HTTP/1.1\r\nHost: h\r\nReferer: http://h/?q=" + q + "\r\n\r\n",
		"[post, form_urlencoded, 'a']":                      post("application/x-www-form-urlencoded", "z=1&a="+q),
		"[post, json_doc, hash, 'a', array, 1]":             post("application/json", `{"a":[1,`+string(js)+`]}`),
		"[post, json_doc, hash, 'b']":                       post("text/plain", `{"b":`+string(js)+`}`),
		"[post, multipart, 'm']":                            post("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data; name=\"m\"\r\n\r\n"+value+"\r\n--XX--\r\n"),
		"[post, multipart, 'f', file]":                      post("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n"+value+"\r\n--XX--\r\n"),
		"[get, 'a', base64]":                                "GET /?a=MScgT1IgImEiPTEtLQ== HTTP/1.1\r\nHost: h\r\n\r\n",
		"[post, form_urlencoded, 'd', json_doc, hash, 'e']": post("application/x-www-form-urlencoded", "d="+url.QueryEscape(`{"e":`+string(js)+`}`)),
		"[get, 'p', pollution]":                             "GET /?p=1'%20OR%20%22a%22&p=1-- HTTP/1.1\r\nHost: h\r\n\r\n",
	} {
		p := take(t, raw, &Options{})
		want := value
		if strings.HasSuffix(point, "pollution]") {
			want = `1' OR "a",1--`
		}
		if !slices.ContainsFunc(p.Values, valueAt(p, point, want)) {
			t.Errorf("%s is not among\n%s", point, list(p))
		}
	}
}

func valueAt(p *Points, where, data string) func(point.Value) bool {
	return func(v point.Value) bool { return string(v.Data) == data && p.Tree.Path(v.Ref).String() == where }
}

func TestLimits(t *testing.T) {
	f := func(name, raw string, o Options, want Overrun) {
		t.Helper()
		p := take(t, raw, &o)
		if p.Overrun != want {
			t.Errorf("%s: overrun %d, want %d", name, p.Overrun, want)
		}
		if most := o.Limits.Values; most > 0 && len(p.Values) > most+2 {
			t.Errorf("%s: %d values", name, len(p.Values))
		}
	}
	post := "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\r\n"
	f("many values", post+"["+strings.Repeat("1,", 5000)+"1]", Options{Limits: Limits{Values: 100}}, TooMany)
	f("deep document", post+strings.Repeat("[", 100_000), Options{}, TooNested)
	f("deep encoding", "GET /?a="+strings.Repeat("%25", 12)+"41%22 HTTP/1.1\r\nHost: h\r\n\r\n", Options{Limits: Limits{Depth: 1}}, TooDeep)
	f("much to decode", post+`["`+strings.Repeat(`\n`, 5000)+`"]`, Options{Limits: Limits{Decoded: 1000}}, TooLarge)
	f("million parameters", "GET /?"+strings.Repeat("a&", 1_000_000)+" HTTP/1.1\r\nHost: h\r\n\r\n", Options{}, TooMany)
}

func TestParsersCanBeSwitchedOff(t *testing.T) {
	off, err := Parsers([]string{"json_doc", "base64"})
	if err != nil {
		t.Fatal(err)
	}
	p := take(t, "POST /?a=MScgT1IgImEiPTEtLQ== HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\r\n{\"a\":1}", &Options{Off: off})
	for i := range p.Values {
		if path := p.Tree.Path(p.Values[i].Ref).String(); strings.Contains(path, "json") || strings.Contains(path, "base64") {
			t.Errorf("%s is there", path)
		}
	}
	if _, err := Parsers([]string{"zlib"}); err == nil {
		t.Error("an unknown parser is accepted")
	}
}

// TestJSONLeavesAgreeWithEncodingJSON compares strings found with the standard reader.
func TestJSONLeavesAgreeWithEncodingJSON(t *testing.T) {
	for _, doc := range []string{
		`{"a":"b","c":["d",{"e":"\u00e9\ud83d\ude00\n\"x\\"}],"f":1.5e3,"g":null}`, `["x"]`, `"top"`, ` { "k" : [ ] , "l" : { } , "m" : "v" } `,
		`{"":"empty","dup":"1","dup":"2"}`,
	} {
		var v any
		if err := json.Unmarshal([]byte(doc), &v); err != nil {
			t.Fatal(err)
		}
		p := new(Points)
		p.use(&Options{})
		p.json([]byte(doc), place{})
		for _, want := range stringsOf(v) {
			if !slices.ContainsFunc(p.Values, func(g point.Value) bool { return string(g.Data) == want }) {
				t.Errorf("%s: %q is missing in\n%s", doc, want, list(p))
			}
		}
		if len(p.Anomalies) > 0 {
			t.Errorf("%s: anomalies %v", doc, p.Anomalies)
		}
	}
}

func stringsOf(v any) (all []string) {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []any:
		for _, item := range x {
			all = append(all, stringsOf(item)...)
		}
	case map[string]any:
		for _, item := range x {
			all = append(all, stringsOf(item)...)
		}
	}
	return all
}

func FuzzRequest(f *testing.F) {
	for _, s := range []string{
		"GET /a/b.c?x=1&x=%2527&y[]=2 HTTP/1.1\r\nHost: h\r\nCookie: a=b; c=d\r\nReferer: http://x/?q=1\r\n\r\n",
		"POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"a\":[1,\"\\u0041\",{'b':c}]}",
		"POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name=a; filename=\"..\\\"b\"\r\n\r\nq\r\n--x--",
		"POST / HTTP/1.1\r\n\r\na=%u0041%c0%ae&b=MScgT1IgImEiPTEtLQ==",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var r Request
		if ReadRequest([]byte(raw), &r) != nil {
			return
		}
		p, again := new(Points), new(Points)
		o := &Options{Limits: Limits{Values: 200, Decoded: 1 << 20}}
		for _, q := range []*Points{p, again} {
			q.Head(&r, o)
			q.Body(&r, o)
		}
		if list(p) != list(again) {
			t.Fatal("two readings differ")
		}
		for i := range p.Values {
			if v := &p.Values[i]; int(v.Ref) > p.Tree.Len() || v.Classes&^point.Classify(v.Data) != 0 && v.Kind != point.WholePath && v.Kind != point.FileHead {
				t.Fatalf("value %+v", v)
			}
		}
	})
}

// web is a request of an ordinary page view.
const web = "GET /api/v1/products/1234?q=desk+lamp+oak&page=3&sort=price_asc HTTP/1.1\r\nHost: shop.example.com\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\n" +
	"Accept-Language: en-US,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\nReferer: https://shop.example.com/catalog/audio?view=grid\r\n" +
	"Cookie: sid=Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A; theme=dark; cart=0f8fad5b-d9cb-469f-a165-70867728950e; _ga=GA1.1.123456789.1700000000\r\n" +
	"Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n\r\n"

// message is a form as people send it.
const message = "POST /contact?lang=en HTTP/1.1\r\nHost: shop.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" +
	"csrf_token=Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWpr&first_name=Maria&email=maria%40example.com&phone=%2B49+30+5550123&street=12+Garden+Street&message=" +
	"wireless+headphones+with+active+noise+cancelling+and+wireless+headphones+with+active+noise+cancelling+and+a+case+for+them"

func order(lines int) string {
	line := `{"sku":"SKU-1a2b3c4d","title":"standing desk oak top adjustable","qty":2,"unitPrice":199.5,"giftWrap":false,"options":{"colour":"grey","size":42}}`
	return "POST /api/v1/orders HTTP/1.1\r\nHost: shop.example.com\r\nContent-Type: application/json\r\n\r\n" +
		`{"id":"0f8fad5b-d9cb-469f-a165-70867728950e","items":[` + strings.TrimSuffix(strings.Repeat(line+",", lines), ",") + `],"note":"please ring twice"}`
}

func BenchmarkTake(b *testing.B) {
	for name, raw := range map[string]string{
		"web": web, "json-2KB": order(13), "json-64KB": order(440), "form-1KB": message,
		"xml-2KB":       "POST / HTTP/1.1\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0'?><order id='7'>" + strings.Repeat("<line><sku>SKU-1a2b</sku><qty>2</qty></line>", 45) + "</order>",
		"multipart-1KB": "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n" + strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nstanding desk\r\n", 14) + "--x--\r\n",
		"graphql":       "POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + `{"query":"query Q($n: ID!) { user(id: $n) { name } }","variables":{"n":"17"}}`,
		"gzip-2KB":      "POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n" + string(packers["gzip"](b, []byte(order(13)[len(order(0)):]))),
		"prose-64KB":    "POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n" + strings.Repeat("It’s a text, as people write it (more or less); 100% of it is plain & simple.\n", 820),
	} {
		var r Request
		if err := ReadRequest([]byte(raw), &r); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			var p Points
			o := &Options{}
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				p.Head(&r, o)
				p.Body(&r, o)
				p.Reset()
			}
		})
	}
}

// TestLeanLeavesOutWhatNoDetectorReads compares a document read both ways.
func TestLeanLeavesOutWhatNoDetectorReads(t *testing.T) {
	body := []byte(`{"id":12,"price":-1.5,"on":true,"x":null,"name":"desk","text":"two words","long":"abcdefghijklm","list":[1,"a","b c",{"k":"v"}],"__proto__":{"a":1},"$ne":1,"esc":"a\u0027","empty":""}`)
	read := func(lean bool) string {
		var p Points
		p.Body(&Request{Body: body, Fields: []Field{{[]byte("Content-Type"), []byte("application/json")}}}, &Options{Lean: lean})
		if len(p.Anomalies) > 0 || p.Overrun != Within {
			t.Errorf("lean %v: %v, %v", lean, p.Anomalies, p.Overrun)
		}
		var b strings.Builder
		for i := range p.Values {
			fmt.Fprintf(&b, "%s=%s ", p.Values[i].Kind, p.Values[i].Data)
		}
		return b.String()
	}
	if got, want := read(true), "text=two words text=abcdefghijklm text=b c json_key=__proto__ json_key=$ne number=1 text=a' "; got != want {
		t.Errorf("lean: %s\nwant: %s", got, want)
	}
	for _, kept := range []string{"number=12 ", "number=-1.5 ", "number=true ", "text=desk ", "text=v ", "text= "} {
		if !strings.Contains(read(false), kept) {
			t.Errorf("not lean: %q is not in %s", kept, read(false))
		}
	}
}

// TestNamesThatReachOutAreValues checks which names of a query are kept as values.
func TestNamesThatReachOutAreValues(t *testing.T) {
	for name, want := range map[string]bool{
		"class.module.classLoader.urls": true, "constructor.prototype.role": true, "__proto__.role": true, "class.module.teacher.name": false, "constructors": false, "class": false,
		"__pro__proto__to__": true, "__init__.__globals__.k": true, "k.__class__.l": true, "k.constructor.prototype.l": true, "__typename": false, "__v": false, "k.__v": false, "__EVENTTARGET": false,
		"password__startswith": true, "k__token__regex": true, "name__contains": false, "password__": false,
	} {
		if got := tellingName([]byte(name), point.Classify([]byte(name))) || beanPath([]byte(name)); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
