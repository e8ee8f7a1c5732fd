package parse

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

// TestLaxReaders takes requests apart as back ends do that pass over what is wrong, join what is parted
// and undo what is seldom written.
func TestLaxReaders(t *testing.T) {
	f := func(raw, where, data string) {
		t.Helper()
		holds(t, raw, where, data)
	}
	post := bodyOf
	const odd, text = "[get, 'a', base64]", "x' or (select 1) -- "
	digits := base64.StdEncoding.EncodeToString
	get := func(value string) string {
		return "GET /?a=" + url.QueryEscape(value) + " HTTP/1.1\r\nHost: h\r\n\r\n"
	}
	for _, before := range []string{"PK\x03\x04", "\x89PNG\r\n", "\x78\x9c", "\xff\x01", "\x01\x02\x03", "\xe9\xe9\xe9", strings.Repeat("1\x00", 16), strings.Repeat("\x00\xff", 20)} {
		from := len(before)
		for from > 0 && printableText[before[from-1]] {
			from--
		}
		f(get(digits([]byte(before+text))), odd, before[from:]+text)
	}
	other := strings.Repeat("\x00\xff\x02", 34)
	for _, around := range []string{other + text, other + text + "\x01" + other, "abcdefghijklmnop" + other + text, strings.Repeat(other, 25) + text} {
		f(get(digits([]byte(around))), odd, text)
		f(get(digits([]byte(around))[:8]+"\n"+digits([]byte(around))[8:]), odd, text)
	}
	for _, names := range []string{"DigiCert Inc1", "http://crl3.digicert.com/root.crl0", "/usr/lib/python3/types.py", "Content-Type: text/plain", "AST4ADT,M3.2.0,M11.1.0"} {
		if p := take(t, get(digits([]byte(other+names+other+names))), &Options{}); has(p, names) {
			t.Errorf("%s is kept: %s", names, list(p))
		}
	}
	plainDigits := digits([]byte(text + text))
	for _, value := range []string{plainDigits[:4] + " " + plainDigits[4:], plainDigits[:4] + "!!!" + plainDigits[4:], plainDigits[:4] + "!" + plainDigits[4:8] + "!" + plainDigits[8:12] + "!" + plainDigits[12:], plainDigits[:4] + "=" + plainDigits[4:], plainDigits[:4] + "\v\v\v" + plainDigits[4:]} {
		f(get(value), odd, text+text)
	}
	f(get(strings.TrimRight(plainDigits, "=")+"===="), odd, text+text)
	f(get(strings.TrimRight(digits([]byte(text+".")), "=")+"A"), odd, text+".")

	f("GET /?a[]=x'+o&a[]=r HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a', array, 0, pollution]", "x' o,r")
	f("GET /?a[1]=r&a[0]=x'+o HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a', hash, '0', pollution]", "x' o,r")
	f("GET /?"+strings.Repeat("b=@&", 300)+"a=x'+o&a=r HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a', pollution]", "x' o,r")
	f("GET / HTTP/1.1\r\nHost: h\r\nX-A: x' o\r\nx-a: r\r\n\r\n", "[header, 'X-A', pollution]", "x' o, r")
	f(post("application/json", `{"a":["x' o",1,"r"]}`), "[post, json_doc, hash, 'a', pollution]", "x' o,1,r")
	f(post("application/json", `{"a":["x' o",{"b":["c"]},["r",{"d":1}]]}`), "[post, json_doc, hash, 'a', pollution]", "x' o,Array,r,Array")
	f(post("application/json", `["x' o",{"b":["y' o","r"]},"r"]`), "[post, json_doc, pollution]", "x' o,Array,r")
	f(post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx' o\r\n--k\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nr\r\n--k--\r\n"), "[post, multipart, 'a', pollution]", "x' o,r")

	f(post("text/plain", "\x01\x01\x01"+text), "[post]", text)
	f(post("application/octet-stream", "PK\x03\x04"+text), "[post]", text)
	f(post("application/json", `{"query":"{a b} x%27 or"}`), "[post, json_doc, hash, 'query', percent]", "{a b} x' or")
	f(post("application/json", `{"query":"{a b x' or"}`), "[post, json_doc, hash, 'query']", "{a b x' or")
	f(get(`a:1:{S:2:"\69d";S:5:"x\27 or";}`), "[get, 'a', php_serial, hash, 'id']", "x' or")
	var bare bytes.Buffer
	w, err := flate.NewWriter(&bare, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("=b&c=" + text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	const likeHead = "\x78\x01\x00\xfe\xffa" // a block that is stored
	f("POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: deflate\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"+likeHead+bare.String(), "[post, deflate, form_urlencoded, 'c']", text)
	f(get(digits([]byte(likeHead+bare.String()))), "[get, 'a', base64, deflate, form_urlencoded, 'c']", text)
	for level := zlib.NoCompression; level <= zlib.BestCompression; level++ {
		var packed bytes.Buffer
		w, err := zlib.NewWriterLevel(&packed, level)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		f(get(digits(packed.Bytes())), "[get, 'a', base64, deflate]", text)
		f(get(hex.EncodeToString(packed.Bytes())), "[get, 'a', hex, deflate]", text)
	}

	for _, escaped := range []string{`x' o\u0072`, `x' o\x72`, `x' o&#114;`, `x' o&#x72;`, `x' o\162`} {
		f(get(escaped), "[get, 'a', htmljs]", "x' or")
	}
	f(get("x' oｒ"), "[get, 'a', charset]", "x' or")
	f(get("x' ｘｏｒ y"), "[get, 'a', charset]", "x' xor y")
	const element = "[post, json_doc, array, 0]"
	for _, front := range []string{"42", "42/admin,17", "40\x1e42", "9:42", ")]}'\n", "\v", "SEND\nto:/a\n\n"} {
		f(post("text/plain", front+`["x' or"]`), element, "x' or")
		f(post("application/json", front+`["x' or"]`), element, "x' or")
		f(get(front+`["x' or"]`), "[get, 'a', json_doc, array, 0]", "x' or")
	}
	f(get(`"{\"b\":\"x' or\"}"`), "[get, 'a', json_doc, json_doc, hash, 'b']", "x' or")
	f(post("application/graphql", `{a(b:"""\"""""",c:"x' o\u0072")}`), "[post, gql, gql_arg, 'c']", "x' or")

	for _, table := range []string{"a,b\r1,x' or\r", "a,b\r\n1,x' or\r\n", "a,b\n1, \"x' or\"\n"} {
		f(post("text/csv", table), "[post, csv, array, 1, hash, 'b']", "x' or")
	}
	f("GET /?b=c;;a+=x'+or HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a ']", "x' or")
	f("GET /?c=a[1]=x'+or HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'c']", "x' or")

	for _, yaml := range []string{"a: \"x' \\\n  or\"", "a: [1,\n \"x' o\\x72\"]", "query: \"x' o\\u0072\"", "--- \"x' o\\x72\"", "a: \"x' o\\U00000072\" # \"x", "# \"\na: \"x' \\x6fr\"", "a = \"\"\"x' \\\n  or\"\"\""} {
		f(post("application/yaml", yaml), "[post, lines]", "x' or")
	}
	f(post("text/vcard", "BEGIN:VCARD\r\nNOTE:x' o\r\n r\r\n"), "[post, lines, hash, 'NOTE']", "x' or")
	f(post("text/vcard", "BEGIN:VCARD\r\nNOTE;ENCODING=QUOTED-PRINTABLE:x=27 =\r\nor\r\n"), "[post, lines, hash, 'NOTE']", "x' or")
	f(post("text/x-java-properties", "a=x' \\\n   or\n"), "[post, lines, hash, 'a']", "x' or")
	f(post("message/rfc822", "Subject: x'\r\n or\r\n\r\ntext\r\n"), "[post, lines, hash, 'Subject']", "x' or")
}

// TestDigits decodes base64 with white space anywhere as the library does without.
func TestDigits(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 4))
	for range 500 {
		want := make([]byte, r.IntN(200))
		for i := range want {
			want[i] = byte(r.IntN(256))
		}
		var text []byte
		for _, c := range []byte(base64.RawStdEncoding.EncodeToString(want)) {
			if r.IntN(20) == 0 {
				text = append(text, " \r\n\t"[r.IntN(4)])
			}
			text = append(text, c)
		}
		if got, ok := digits64(nil, text, false); !ok || !bytes.Equal(got, want) {
			t.Fatalf("%q gives %q, want %q", text, got, want)
		}
		if _, ok := digits64(nil, append(text, '!'), false); ok {
			t.Fatalf("%q! is base64", text)
		}
	}
}
