package parse

import (
	"slices"
	"testing"

	"github.com/weirnode/weir/point"
)

// fuzzBody takes a body of one content type apart twice and checks what came out.
func fuzzBody(f *testing.F, contentType string, seeds ...string) {
	f.Helper()
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		checkBody(t, contentType, body)
	})
}

func checkBody(t *testing.T, contentType string, body []byte) {
	t.Helper()
	p, again := new(Points), new(Points)
	o := &Options{Limits: Limits{Values: 500}}
	r := Request{Target: []byte("/"), Body: body, Fields: []Field{{[]byte("Content-Type"), []byte(contentType)}}}
	original := slices.Clone(body)
	for _, q := range []*Points{p, again} {
		q.Body(&r, o)
	}
	if !slices.Equal(original, body) {
		t.Fatal("the body was written to")
	}
	if list(p) != list(again) {
		t.Fatalf("two readings differ:\n%s\n%s", list(p), list(again))
	}
	checkBounds(t, contentType, p, len(body))
	for i := range p.Values {
		if v := &p.Values[i]; int(v.Ref) > p.Tree.Len() || v.Classes != point.Classify(v.Data) && v.Kind != point.FileHead || int(v.Layer) > defaultDepth+maxCodecs+4 {
			t.Fatalf("value %+v", v)
		}
	}
	again.Reset() // what was kept must not show in the next reading
	again.Body(&r, o)
	if list(p) != list(again) {
		t.Fatal("a reading after a reset differs")
	}
}

func FuzzXML(f *testing.F) {
	fuzzBody(f, "text/xml", `<?xml version="1.0" encoding="utf-7"?><!DOCTYPE a [<!ENTITY b "c&d;"><!ENTITY % d SYSTEM 'x'>]><a b='&b;' c=d>&#x3c;&lt;<![CDATA[x]]>y<!-- z --></a><?p i?>`,
		"<a><b></a></b>", "<a/", "<!DOCTYPE [", "<a b", "<a b='")
}

func FuzzJSON(f *testing.F) {
	fuzzBody(f, "application/json", `{"a":[1,"\u0041\ud83d\ude00",{'b':c}],"query":"{a(b:\"c\")}"} // x`, `["\`, `{"a`, `{a:1}{b:2}/*`, `"\u`)
}

func FuzzGraphQL(f *testing.F) {
	fuzzBody(f, "application/graphql", `query A($b: C = "d") { e: f(g: "h", i: """j""") @k { l } # m`+"\n}", `{a("`, `{a(b:"""`, "query{a}}{b}")
}

func FuzzProtobuf(f *testing.F) {
	fuzzBody(f, "application/x-protobuf", "\x0a\x03a b\x12\x05\x0a\x03x'y", "\x08\x01\x1a\xff")
}

func FuzzGRPC(f *testing.F) {
	fuzzBody(f, "application/grpc", "\x00\x00\x00\x00\x05\x0a\x03a b", "\x01\x00\x00\x00\x01\x1f")
}

func FuzzMsgpack(f *testing.F) {
	fuzzBody(f, msgpackType, "\x82\xa1a\xa3b c\xa5query\xa5{a b}", "\x93\xa4x' o\x07\xa1r", "\xdf\xff\xff\xff\xff\xdd\xff\xff\xff\xff", "\x81\xa1a\xc7\x04\x05\x81\xa1b\xc0", "\xd9", "\xc1", "\xde\x00\x01\xd1\xff\x00\xd6\xff1234")
}

func FuzzCBOR(f *testing.F) {
	fuzzBody(f, cborType, "\xbf\x61a\x7f\x62b \x61c\xff\xff", "\x83\x64x' o\x07\x61r", "\xd9\xd9\xf7\xa1\x61a\xd8\x18\x44\xa1\x61b\xf6", "\x9b\xff\xff\xff\xff\xff\xff\xff\xff\xbb\xff", "\x5f\x7f\xff\xff", "\xfb1", "\x1c", "\xa1\x20\x3b12345678")
}

// FuzzItems reads bytes of which nothing says what they are.
func FuzzItems(f *testing.F) {
	fuzzBody(f, "application/octet-stream", "\x81\xa1a\xa3b c", "\xbf\x61a\x7f\x62b \x61c\xff\xff", "\x91\xd9\x20", "\x9f\xff\x01")
}

func FuzzMultipart(f *testing.F) {
	fuzzBody(f, "multipart/form-data; boundary=x; boundary=y",
		"--x\r\nContent-Disposition: form-data; name=\"a\"; filename*=u''b\r\nContent-Transfer-Encoding: base64\r\n\r\nYSBi\r\n--x\nContent-Type: multipart/mixed; boundary=z\n\n--z\n\nq\n--z--\n--x--",
		"--y\r\n\r\n", "--x--", "a--x\n")
}

func FuzzForm(f *testing.F) {
	fuzzBody(f, "application/x-www-form-urlencoded", "a=%2531&a=b;c[d][]=e%u0041", "=&=;=", "a=%c0%ae&b=%26lt&c=%5cx41%5c101&d=O:1:%22a%22:1:%7Bs:1:%22b%22;N;%7D")
}

func FuzzCharset(f *testing.F) {
	for _, contentType := range []string{"text/plain; charset=utf-7", "text/plain; charset=utf-16be", "text/plain; charset=ibm037", "text/plain"} {
		f.Add(contentType, []byte("+ADw-a+AD4-"))
		f.Add(contentType, []byte("\xff\xfe<\x00a\x00>\x00"))
		f.Add(contentType, []byte("\x00\x00\xfe\xff\x00\x00\x00<"))
	}
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		checkBody(t, contentType, body)
	})
}

// FuzzValue gives a parameter any bytes: base64, hexadecimal digits, JWT, escapes,
// serialized objects, view state.
func FuzzValue(f *testing.F) {
	for _, s := range []string{
		"MScgT1IgImEiPTEtLQ==", "eyJhIjoxfQ.eyJiIjoiYyBkIn0.x", "3c7363726970743e616c6572742831293c2f7363726970743e", `&lt;\x3c&#60\u{3c}`,
		`O:4:"Test":1:{s:4:"name";s:3:"a b";}`, "/wEPBQkxJyBvciAxPTEWAgUFPGIgYz4ChQE=", "H4sIAAAAAAACAzNUVyjNy8zPUyhOzUlNLlEwBAD62+3fEQAAAA==",
		"data:a;base64,PHNjcmlwdD4=", "https://h/?a=b&c=d'", "\xef\xbc\x87\xe2\x80\x99", "+ADw-x+AD4-", "<?xml version='1.0'?><a>b</a>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, again := new(Points), new(Points)
		for _, q := range []*Points{p, again} {
			q.use(&Options{Limits: Limits{Values: 500, Decoded: 1 << 20}})
			q.value(data, place{ref: q.Tree.AddName(0, point.Get, []byte("a"))})
		}
		if list(p) != list(again) {
			t.Fatal("two readings differ")
		}
		for i := range p.Values {
			if v := &p.Values[i]; len(v.Data) > max(4*len(data)+64, maxInflated+ratioFrom) || v.Layer > defaultDepth+1 {
				t.Fatalf("value of %d bytes at layer %d", len(v.Data), v.Layer)
			}
		}
	})
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"a":"b c"}`))
	f.Add([]byte(`42["event",{"a":"b"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p, again Points
		for _, q := range []*Points{&p, &again} {
			q.Message(data, &Options{Limits: Limits{Values: 500}})
		}
		if list(&p) != list(&again) {
			t.Fatal("two readings differ")
		}
		if len(data) > 0 {
			checkBounds(t, "message", &p, len(data))
		}
	})
}

func FuzzCSV(f *testing.F) {
	fuzzBody(f, "text/csv", "a,b\n1,\"c\"\"d\"e,f\r\n", "\"", "a;b\n;\n\"x", "\"\"\"", ",\n,")
}

func FuzzLines(f *testing.F) {
	fuzzBody(f, "application/yaml", "a: b\n- c: \"d\\u0041\"\n- 'e''f'\ng: |\n  h\n", "FN;X=y:z\n", "a = \"b", "a: &b", "a: \"", "- - - ", ":", "=")
}
