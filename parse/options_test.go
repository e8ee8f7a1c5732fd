package parse

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/point"
)

// TestParsersCanBeSwitchedOffAtAPoint switches parsers off for one parameter only.
func TestParsersCanBeSwitchedOffAtAPoint(t *testing.T) {
	o := &Options{OffAt: func(tree *point.Tree, ref point.Ref) ParserSet {
		if tree.Tag(ref) == point.Get && string(tree.Name(ref)) == "a" {
			return Base64Parser | JSONParser
		}
		return 0
	}}
	p := take(t, "GET /?a=MScgT1IgImEiPTEtLQ==&b=MScgT1IgImEiPTEtLQ==&a={%22x%22:%22y%20z%22}&c={%22x%22:%22y%20z%22} HTTP/1.1\r\nHost: h\r\n\r\n", o)
	for where, want := range map[string]bool{
		"[get, 'a', base64]": false, "[get, 'b', base64]": true, "[get, 'a', json_doc, hash, 'x']": false, "[get, 'c', json_doc, hash, 'x']": true,
	} {
		got := slices.ContainsFunc(p.Values, func(v point.Value) bool { return p.Tree.Path(v.Ref).String() == where })
		if got != want {
			t.Errorf("%s: %v", where, got)
		}
	}
}

// TestEachParserCanBeSwitchedOff takes a request apart that each parser finds
// something in, without that parser.
func TestEachParserCanBeSwitchedOff(t *testing.T) {
	requests := map[string]string{}
	post := func(contentType, body string) string {
		return "POST / HTTP/1.1\r\nContent-Type: " + contentType + "\r\n\r\n" + body
	}
	get := func(q string) string { return "GET /?a=" + q + " HTTP/1.1\r\nHost: h\r\n\r\n" }
	requests["percent"] = get("%2527+or")
	requests["base64"] = get("MScgT1IgImEiPTEtLQ==")
	requests["cookie"] = "GET / HTTP/1.1\r\nCookie: a=b\r\n\r\n"
	requests["form_urlencoded"] = post("application/x-www-form-urlencoded", "a=b")
	requests["json_doc"] = post("application/json", `{"a":"b"}`)
	requests["multipart"] = post("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--")
	requests["gzip"] = post("text/plain", string(packers["gzip"](t, []byte("some text"))))
	requests["xml"] = post("text/xml", "<a>b</a>")
	requests["gql"] = post("application/graphql", `{a(b:"c d")}`)
	requests["grpc"] = post("application/grpc", "\x00\x00\x00\x00\x05\x0a\x03a b")
	requests["protobuf"] = post("application/x-protobuf", "\x0a\x03a b")
	requests["jwt"] = get("eyJhIjoxfQ.eyJiIjoiYyBkIn0.x")
	requests["htmljs"] = get("%26lt;a")
	requests["hex"] = get("3c7363726970743e616c6572742831293c2f7363726970743e")
	requests["viewstate"] = get("/wEPBQkxJyBvciAxPTEWAgUFPGIgYz4ChQE=")
	requests["php_serial"] = get("a:1:{i:0;s:3:%22b+c%22;}")
	requests["charset"] = get("%2BADw-b%2BAD4-cd")
	requests["csv"] = post("text/csv", "a,b\nc,x' or\n")
	requests["lines"] = post("application/yaml", "a: x' or\n")
	requests["msgpack"] = post("application/msgpack", "\x81\xa1a\xa3b c")
	requests["cbor"] = post("application/cbor", "\xa1\x61a\x63b c")
	for _, code := range parserCodes {
		raw, ok := requests[code]
		if !ok {
			t.Errorf("%s has no request", code)
			continue
		}
		off, err := Parsers([]string{code})
		if err != nil {
			t.Fatal(err)
		}
		tagged := func(o *Options) bool { return strings.Contains(list(take(t, raw, o)), ", "+code) }
		if !tagged(&Options{}) || tagged(&Options{Off: off}) {
			t.Errorf("%s: on\n%s\noff\n%s", code, list(take(t, raw, &Options{})), list(take(t, raw, &Options{Off: off})))
		}
	}
}

func TestMessage(t *testing.T) {
	f := func(message, where, data string) {
		t.Helper()
		var p Points
		p.Message([]byte(message), &Options{})
		if !slices.ContainsFunc(p.Values, valueAt(&p, where, data)) {
			t.Errorf("%s: %s is not among\n%s", message, where, list(&p))
		}
	}
	f(`{"a":"x' or"}`, "[post, json_doc, hash, 'a']", "x' or")
	f(`42["say",{"a":"x' or"}]`, "[post, json_doc, array, 1, hash, 'a']", "x' or")
	f(`plain 'text'`, "[post]", "plain 'text'")
	f(`<?xml version="1.0"?><a>b c</a>`, "[post, xml, xml_tag, 'a']", "b c")
}

func TestGraphQLIsCounted(t *testing.T) {
	const document = `query Q($n: String = "d e") { a: user(name: "x' or 1=1", id: $n) { id b: name @skip(if: true) c { d { e } } } __schema { types } }`
	body, err := json.Marshal([]map[string]string{{"query": document}, {"query": "{f}"}})
	if err != nil {
		t.Fatal(err)
	}
	p := take(t, "POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"+string(body), &Options{})
	want := GQL{Documents: 2, Depth: 4, Aliases: 2, Directives: 1, Introspections: 1, Disguised: 1, DocumentBytes: len(document), ValueBytes: len("x' or 1=1")}
	if p.GQL != want {
		t.Errorf("%+v, want %+v", p.GQL, want)
	}
}

// TestGraphQLRepeats counts what is repeated and finds fragments that never end.
func TestGraphQLRepeats(t *testing.T) {
	f := func(document string, depth, aliases int) {
		t.Helper()
		p := take(t, "POST / HTTP/1.1\r\nContent-Type: application/graphql\r\n\r\n"+document, &Options{})
		if p.GQL.Depth != depth || p.GQL.Aliases != aliases {
			t.Errorf("%s: depth %d, aliases %d", document, p.GQL.Depth, p.GQL.Aliases)
		}
	}
	f("{ a a, a b a { a } a }", 2, 2)
	f("{ a { id } b { id } }", 2, 0)
	disguised := func(document string, want int) {
		t.Helper()
		if p := take(t, "POST / HTTP/1.1\r\nContent-Type: application/graphql\r\n\r\n"+document, &Options{}); p.GQL.Disguised != want {
			t.Errorf("%s: %d are disguised, want %d", document, p.GQL.Disguised, want)
		}
	}
	disguised("query IntrospectionQuery { __schema { types { name } } }", 0)
	disguised("query IntrospectionQuery {\n  __schema {\n    types { name }\n  }\n}", 0)
	disguised(`{ __type(name: "Status") { enumValues { name } } }`, 0)
	disguised("{__schema{types{name}}}", 1)
	disguised("{ s: __schema { types { name } } }", 1)
	disguised("{ __schema\n{ types { name } } }", 1)
	disguised("{ __schema,,{ types { name } } }", 1)
	disguised("{ user(kind: __type) { name } }", 0)
	f("{ a @x @x @y @x }", 1, gqlRepeated)
	f("{ a @include(if: true) @include(if: true) }", 1, gqlRepeated)
	f("{ a @x b @x }", 1, 0)
	f("{ t: a u: a v: a }", 1, 3+2*gqlRepeated)
	f("{ t: a(id: 1) u: a(id: 2) v: a { id } w: a { id } }", 2, 4)
	f("{ a(id: 1, ids: 1) a }", 1, 0)
	f("{ ...A } fragment A on T { x ...B } fragment B on T { ...A }", Endless, 0)
	f("{ ...A } fragment A on T { ...A }", Endless, 0)
	f("fragment A on T { x ...B } fragment B on T { y } query { ...A ...B ... on T { z } }", 2, 0)
	f("fragment A on T { x } { ...A }", 1, 0)
	f("{ "+strings.Repeat("posts(n: 9) { author { ", 4)+"id"+strings.Repeat(" }", 9), Endless, 0)
	f("{ "+strings.Repeat("posts { author { ", 3)+"id"+strings.Repeat(" }", 7), 7, 0)
	f("{ "+strings.Repeat("childItems { nodes { ", 6)+"id"+strings.Repeat(" }", 13), 13, 0)
	f("{ "+strings.Repeat("posts { ", 12)+"id"+strings.Repeat(" }", 13), 13, 0)
}

func TestReasons(t *testing.T) {
	for r := BadPercent; r <= BadCBOR; r++ {
		if r.String() == "" {
			t.Errorf("reason %d has no code", r)
		}
	}
	if len(reasonCodes) != int(BadCBOR)+1 {
		t.Error("a code without a reason")
	}
	if DataBomb.Attack() != attack.DataBomb || BadXML.Attack() != attack.InvalidXML || BadJSON.Attack() != attack.None {
		t.Error("attacks of reasons")
	}
}
