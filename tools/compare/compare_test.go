package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirnode/weir/eval"
)

const corpus = `{"id":"a","label":"attack","class":"sqli","req":"GET /?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users-- HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n"}
{"id":"b","label":"attack","class":"xss","req":"POST /c HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 49\r\n\r\ntext=%3Cscript%3Ealert(document.cookie)%3C/script%3E"}
{"id":"c","label":"legit","class":"text","req":"GET /news?page=2 HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\n\r\n"}
`

// TestEnginesTellAttacksFromText keeps an engine that was set up wrongly from looking
// as if it found nothing, or everything.
func TestEnginesTellAttacksFromText(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "x.jsonl")
	if err := os.WriteFile(in, []byte(corpus), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options{engines: "crs-pl1,crs-pl4,libinjection", out: filepath.Join(dir, "out.jsonl"), by: "file", timed: 3, workers: 1}
	var table bytes.Buffer
	if err := o.run(t.Context(), []string{in}, &table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"x.jsonl  2  100.00 %  100.00 %  100.00 %", "crs-pl1 ", "libinjection "} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, table.String())
		}
	}
	results, err := eval.ReadResults([]string{o.out})
	if err != nil {
		t.Fatal(err)
	}
	_, runs := results.Common([]eval.Sample{{File: "x.jsonl", ID: "c"}})
	if len(runs) != 3 || runs[0].Outcomes[0].Found || runs[2].Outcomes[0].Found {
		t.Errorf("runs %+v", runs)
	}
}

func TestUnknownEngine(t *testing.T) {
	for _, name := range []string{"", "crs-pl5", "crs-pl", "nothing"} {
		if _, err := open(name); err == nil {
			t.Errorf("%q opened", name)
		}
	}
}
