//go:build !race

package parse

import (
	"strings"
	"testing"
)

func TestCleanRequestsDoNotAllocate(t *testing.T) {
	for name, raw := range map[string]string{
		"web": web, "json": order(13), "form": message,
		"xml":       "POST / HTTP/1.1\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0'?><order id='7'>" + strings.Repeat("<line><sku>SKU-1</sku><qty>2</qty></line>", 20) + "</order>",
		"multipart": "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n" + strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb c\r\n", 5) + "--x--\r\n",
		"graphql":   "POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + `{"query":"query Q($n: ID!) { user(id: $n) { name } }","variables":{"n":"17"}}`,
		"msgpack":   "POST / HTTP/1.1\r\nContent-Type: application/msgpack\r\n\r\n\x83\xa2id\xcd\x01\x02\xa4note\xb1please ring twice\xa4tags\x92\xa3oak\xaastanding, x",
		"cbor":      "POST / HTTP/1.1\r\nContent-Type: application/cbor\r\n\r\n\xa3\x62id\x19\x01\x02\x64note\x7f\x66please\x6b ring twice\xff\x64tags\x82\x63oak\x6astanding, ",
		"token":     "GET /?a=gqJpZM0BAqRub3RlsXBsZWFzZSByaW5nIHR3aWNl&b=h6Jsb25nIHRva2Vu HTTP/1.1\r\nHost: h\r\n\r\n",
		"gzip": "POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n" +
			string(packers["gzip"](t, []byte(`{"id":"0f8fad5b","note":"please ring twice"}`))),
	} {
		var r Request
		if err := ReadRequest([]byte(raw), &r); err != nil {
			t.Fatal(err)
		}
		var p Points
		o := &Options{}
		if n := testing.AllocsPerRun(100, func() {
			p.Head(&r, o)
			p.Body(&r, o)
			p.Reset()
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
