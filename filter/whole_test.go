package filter

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/parse"
)

// judge returns the decision about a body and the types it is recorded with.
func judge(t *testing.T, d config.Detection, head string, body []byte) (Decision, attack.Set, string) {
	t.Helper()
	cfg, problems := config.ForUpstream("http://127.0.0.1:1")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	cfg.Mode = config.Block
	cfg.Detect = d
	s, err := Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	f := New(Options{Snapshot: s})
	ex := f.Acquire()
	defer f.End(ex)
	raw := fmt.Appendf(nil, "POST /api HTTP/1.1\r\nHost: h\r\n%s\r\nContent-Length: %d\r\n\r\n%s", head, len(body), body)
	if err := parse.ReadRequest(raw, &ex.Request); err != nil {
		t.Fatal(err)
	}
	decision := f.Begin(ex)
	if decision.Action == Undecided {
		decision = f.Request(ex)
	}
	types := ex.types()
	payload := ""
	if all := types.Types(); len(all) > 0 {
		payload = ex.wholeHit(all[0]).Payload
	}
	return decision, types, payload
}

func TestAttacksOfTheRequestAsAWhole(t *testing.T) {
	standard := config.Default().Detect
	f := func(name string, d config.Detection, head, body string, want attack.Type, payload string) {
		t.Helper()
		decision, types, got := judge(t, d, head, []byte(body))
		if want == attack.None {
			if decision.Action != Pass || types != 0 {
				t.Errorf("%s: %v, %s", name, decision, types)
			}
			return
		}
		if decision != (Decision{Deny, Attack}) || !types.Has(want) || got != payload {
			t.Errorf("%s: %v, %s %q; want %s %q", name, decision, types, got, want, payload)
		}
	}
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	if _, err := w.Write(make([]byte, 20<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const (
		jsonType = "Content-Type: application/json"
		xmlType  = "Content-Type: application/xml"
		gqlType  = "Content-Type: application/graphql"
	)
	f("a bomb", standard, jsonType+"\r\nContent-Encoding: gzip", bomb.String(), attack.DataBomb, "data_bomb")
	f("a bomb, type off", config.Detection{Off: []attack.Type{attack.DataBomb}}, jsonType+"\r\nContent-Encoding: gzip", bomb.String(), attack.None, "")
	f("good XML", standard, xmlType, "<a><b>1</b></a>", attack.None, "")
	f("bad XML", standard, xmlType, "<a><b>1</a></b>", attack.InvalidXML, "bad_xml")
	f("a query", standard, gqlType, "{ user(id: 1) { name friends { name } } }", attack.None, "")
	deep := strings.Repeat("{ a ", 40) + strings.Repeat("}", 40)
	f("a deep query", standard, gqlType, deep, attack.GQLDepth, "40 levels, at most 20")
	f("fragments in a circle", standard, gqlType, "{ ...A } fragment A on T { ...B } fragment B on T { ...A }", attack.GQLDepth, "fragments or fields that lead in a circle")
	f("a field again and again", standard, gqlType, "{"+strings.Repeat(" a", 102)+" }", attack.GQLAliases, "101 aliases, at most 100")
	f("the usual question for the schema", standard, gqlType, "query IntrospectionQuery { __schema { types { name } } }", attack.None, "")
	f("a disguised question for the schema", standard, gqlType, "{ s: __schema { types { name } } }", attack.GQLIntrospect, "1 questions for the schema that no tool asks, at most 0")
	f("asking for the schema", config.Detection{}, gqlType, "{ __schema { types { name } } }", attack.GQLIntrospect, "1 questions for the schema, at most 0")
	var aliases strings.Builder
	for i := range 101 {
		fmt.Fprintf(&aliases, " a%d: user(id: %d) { name }", i, i)
	}
	f("many aliases", standard, gqlType, "{"+aliases.String()+" }", attack.GQLAliases, "101 aliases, at most 100")
	f("a batch", standard, jsonType, "["+strings.TrimSuffix(strings.Repeat(`{"query":"{ user { name } }"},`, 51), ",")+"]", attack.GQLBatch, "51 documents, at most 50")
}
