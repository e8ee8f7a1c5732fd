// Package killers makes bodies that bring parsers down: deep, endless, growing, repeated.
// Tests bound what each may cost a parser, benchmarks measure what it costs the node.
package killers

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Killer is one request.
type Killer struct{ ContentType, Body, Encoding string }

// All returns the requests by name. They are made once and must not be changed.
var All = sync.OnceValue(makeAll)

func makeAll() map[string]Killer {
	const xmlType, formType = "application/xml", "application/x-www-form-urlencoded"
	repeat := strings.Repeat
	var entities, members strings.Builder
	var keys []byte
	for i := range 1_000_000 {
		keys = append(strconv.AppendInt(append(keys, `"k`...), int64(i), 10), `":1,`...)
	}
	for i := range 300 {
		fmt.Fprintf(&entities, "<!ENTITY e%d %q>", i+1, repeat(fmt.Sprintf("&e%d;", i), 10))
	}
	for i := range 100_000 {
		fmt.Fprintf(&members, "--x\r\nContent-Disposition: form-data; name=%d\r\n\r\nv'\r\n", i)
	}
	zeros := make([]byte, 20<<20)
	jwt := "eyJhbGciOiJub25lIn0." + repeat("eyJhIjoi", 128<<10) + ".x"
	return map[string]Killer{
		"json depth":        {"application/json", repeat("[", 100_000), ""},
		"json objects":      {"application/json", repeat(`{"a":`, 100_000), ""},
		"json empty":        {"application/json", "[" + repeat("[],", 300_000) + "]", ""},
		"json keys":         {"application/json", "{" + string(keys) + "}", ""},
		"json duplicates":   {"application/json", "{" + repeat(`"a":"b c",`, 100_000) + "}", ""},
		"json escapes":      {"application/json", `{"a":"` + repeat(`\u`, 500_000) + `"}`, ""},
		"json in json":      {"application/json", repeat(`"\"`, 200_000), ""},
		"xml laughs":        {xmlType, "<!DOCTYPE l [<!ENTITY e0 'ha'>" + entities.String() + "]><l>&e300;</l>", ""},
		"xml quadratic":     {xmlType, "<!DOCTYPE l [<!ENTITY a '" + repeat("x", 50_000) + "'>]><l>" + repeat("&a;", 100_000) + "</l>", ""},
		"xml self":          {xmlType, "<!DOCTYPE l [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><l>&a;</l>", ""},
		"xml depth":         {xmlType, repeat("<a>", 300_000), ""},
		"xml attribute":     {xmlType, `<a b="` + repeat("x&amp;", 200_000) + `"/>`, ""},
		"xml attributes":    {xmlType, "<a" + repeat(` b="c"`, 200_000) + "/>", ""},
		"xml open":          {xmlType, repeat("<!--", 200_000), ""},
		"xml references":    {xmlType, "<!DOCTYPE l [<!ENTITY a ''>]><l>" + repeat("&a;", 300_000) + "</l>", ""},
		"xml declarations":  {xmlType, "<!DOCTYPE l [" + repeat("<!ENTITY a SYSTEM ", 50_000), ""},
		"xml far end":       {xmlType, "<!DOCTYPE l [" + repeat("<!ENTITY a SYSTEM ", 7_000) + ">]><l/>", ""},
		"parts":             {"multipart/form-data; boundary=x", members.String(), ""},
		"boundaries":        {"multipart/form-data; boundary=-", repeat("-", 1<<20), ""},
		"mixed":             {"multipart/form-data; boundary=x", repeat("--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n", 20_000), ""},
		"disposition":       {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data" + repeat("; name=a", 100_000) + "\r\n\r\nv\r\n--x--", ""},
		"form":              {formType, repeat("a=b&", 1_000_000), ""},
		"form names":        {formType, repeat("a'=b'&", 300_000), ""},
		"form semicolons":   {formType, repeat("a=b;", 300_000), ""},
		"form brackets":     {formType, repeat("a[b][c][d][e][f][g][h][i]=1&", 50_000), ""},
		"form nested":       {formType, "a=" + repeat("x%3D1%26y%3D2%26z%3D", 100_000), ""},
		"form pollution":    {formType, repeat("a=b'&", 2_000) + repeat("c'=d'&", 1_000), ""},
		"percent":           {formType, "a=%" + repeat("25", 500_000) + "41", ""},
		"every escape":      {formType, "a=" + repeat("%2526%2523x27%253b%255cu0027%25c0%25a7%2BACc-", 5_000), ""},
		"jwt":               {formType, "a=" + jwt, ""},
		"graphql depth":     {"application/graphql", "query " + repeat("{a", 300_000), ""},
		"graphql aliases":   {"application/graphql", "{" + repeat("a:b ", 250_000) + "}", ""},
		"graphql schema":    {"application/graphql", "{" + repeat("__schema ", 100_000) + "}#IntrospectionQuery", ""},
		"graphql strings":   {"application/graphql", `{a(b:[` + repeat(`"x y" `, 150_000) + `])}`, ""},
		"graphql batch":     {"application/json", "[" + repeat(`{"query":"{a}"},`, 60_000) + "]", ""},
		"grpc frames":       {"application/grpc", repeat("\x00\x00\x00\x00\x02\x0a\x00", 100_000), ""},
		"protobuf depth":    {"application/x-protobuf", nestedMessage(2000), ""},
		"protobuf fields":   {"application/x-protobuf", repeat("\x0a\x03a b", 200_000), ""},
		"msgpack depth":     {"application/msgpack", repeat("\x91", 300_000), ""},
		"msgpack empty":     {"application/msgpack", "\xdd\x00\x0f\xff\xff" + repeat("\x90", 1_000_000), ""},
		"msgpack sizes":     {"application/msgpack", repeat("\xdf\xff\xff\xff\xff", 60), ""},
		"msgpack texts":     {"application/msgpack", "\xdd\x00\x03\x00\x00" + repeat("\xa3x' ", 196_608), ""},
		"msgpack lists":     {"application/msgpack", repeat("\x92\xa3x' ", 60) + repeat("\x92\xa3x' \xa3y' ", 50_000), ""},
		"cbor tags":         {"application/cbor", repeat("\xc1", 1<<20), ""},
		"cbor pieces":       {"application/cbor", "\x9f" + repeat("\x7f\x61'\x61x\xff", 150_000) + "\xff", ""},
		"cbor one text":     {"application/cbor", "\x81\x7f" + repeat("\x61'", 400_000) + "\xff", ""},
		"cbor within cbor":  {"application/cbor", nestedItems(40), ""},
		"json lists":        {"application/json", repeat(`["x'",`, 60) + repeat(`["x'","y'"],`, 50_000) + repeat("]", 60), ""},
		"php depth":         {formType, "a=" + repeat("a:1:{i:0;", 100_000), ""},
		"php strings":       {formType, "a=a:9:{" + repeat(`s:1:"a";s:3:"b c";`, 50_000) + "}", ""},
		"utf-7":             {formType, "a=" + repeat("%2BAD4APgA", 100_000) + "!", ""},
		"pluses":            {formType, "a=" + repeat("%2B", 300_000) + "!", ""},
		"broken utf-8":      {formType, "a=" + repeat("\xc0\xc1\xe0\x80\xf0\x80\x80", 100_000), ""},
		"utf-16":            {"text/plain", "\xff\xfe" + repeat("<\x00\x00\xd8", 200_000), ""},
		"utf-32":            {"text/plain", "\x00\x00\xfe\xff" + repeat("\x7f\xff\xff\xff", 200_000), ""},
		"entities":          {"text/plain", repeat("&#", 400_000) + repeat("&#x3c", 100_000), ""},
		"base64 of base64":  {formType, "a=" + nestedBase64("<a b>", 24), ""},
		"backslashes":       {"text/plain", repeat(`\u{`, 300_000), ""},
		"view state":        {formType, "__VIEWSTATE=%2FwEW" + repeat("Fh", 200_000), ""},
		"quoted printable":  {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + repeat("=3", 300_000), ""},
		"zeros":             {"application/octet-stream", repeat("\x00", 1<<20), ""},
		"gzip bomb":         {"text/plain", packed(zeros, 1), "gzip"},
		"gzip in gzip":      {"text/plain", packed(zeros, 5), "gzip"},
		"gzip unsaid":       {formType, "a=" + base64.RawURLEncoding.EncodeToString([]byte(packed(zeros, 1))), ""},
		"semicolons header": {"multipart/form-data" + repeat(";", 100_000), "--x", ""},
	}
}

// nestedMessage returns messages of protobuf within messages.
func nestedMessage(levels int) string {
	m := []byte("\x08\x01")
	for range levels {
		m = append(binary.AppendUvarint([]byte{0x0a}, uint64(len(m))), m...)
	}
	return string(m)
}

// nestedItems returns objects of CBOR within bytes of objects of CBOR.
func nestedItems(levels int) string {
	b := []byte("\xa1\x61a\x61b")
	for range levels {
		b = append(binary.BigEndian.AppendUint32([]byte("\xa1\x61a\x5a"), uint32(len(b))), b...)
	}
	return string(b)
}

func nestedBase64(text string, levels int) string {
	b := []byte(text)
	for range levels {
		b = base64.StdEncoding.AppendEncode(nil, b)
	}
	return string(b)
}

// packed returns data in gzip in gzip.
func packed(data []byte, levels int) string {
	for range levels {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			panic(err)
		}
		if err := w.Close(); err != nil {
			panic(err)
		}
		data = b.Bytes()
	}
	return string(data)
}
