package parse

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

const (
	msgpackType = "application/msgpack"
	cborType    = "application/cbor"
)

func TestItems(t *testing.T) {
	f := func(contentType, body, where, data string) {
		t.Helper()
		p := take(t, bodyOf(contentType, body), &Options{})
		if !slices.ContainsFunc(p.Values, valueAt(p, where, data)) || len(reasons(p)) > 0 {
			t.Errorf("%s: %q: %s is not among\n%s", contentType, body, where, list(p))
		}
	}
	const name, inMsgpack, inCBOR = "x' or 1=1", "[post, msgpack, hash, 'a']", "[post, cbor, hash, 'a']"
	for _, contentType := range []string{msgpackType, "application/x-msgpack", "application/vnd.msgpack", "application/x-messagepack; charset=utf-16"} {
		f(contentType, "\x81\xa1a\xa9"+name, inMsgpack, name)
	}
	f(msgpackType, "\x82\xa1b\x01\xa1a\xd9\x09"+name, inMsgpack, name)
	f(msgpackType, "\xde\x00\x01\xd9\x01a\xda\x00\x09"+name, inMsgpack, name)
	f(msgpackType, "\xdf\x00\x00\x00\x01\xc4\x01a\xdb\x00\x00\x00\x09"+name, inMsgpack, name)
	f(msgpackType, "\x81\xa1a\xc4\x09"+name, inMsgpack, name)
	f(msgpackType, "\x81\xa1a\xc7\x09\x05"+name, inMsgpack, name)
	f(msgpackType, "\x81\xa1a\xd7\x05x' or 1=", inMsgpack, "x' or 1=")
	f(msgpackType, "\x81\xa1a\xc4\x0c\x81\xa1b\xa8x' or 11", "[post, msgpack, hash, 'a', msgpack, hash, 'b']", "x' or 11")
	f(msgpackType, "\x82\xa1b\xc4\x04\x00\xff\xfe\x01\xa1a\xa9"+name, "[post, msgpack, hash, 'b']", "\x00\xff\xfe\x01")
	for _, spare := range []string{"\xc0", "\xc2", "\xc3", "\xca1234", "\xcb12345678", "\xcc1", "\xcd12", "\xce1234", "\xcf12345678", "\xd01", "\xd112", "\xd21234", "\xd312345678", "\xff", "\xd4\x01\x01", "\xd6\xff1234", "\x80", "\x90", "\xdc\x00\x01\x01"} {
		f(msgpackType, "\x82\xa1b"+spare+"\xa1a\xa9"+name, inMsgpack, name)
		f(msgpackType, "\x82"+spare+"\xa1b\xa1a\xa9"+name, inMsgpack, name)
	}
	f(msgpackType, "\x92\x01\xa9"+name, "[post, msgpack, array, 1]", name)
	f(msgpackType, "\x80\x81\xa1a\xa9"+name, inMsgpack, name)
	f(msgpackType, "\x82\xd1\xff\x00\xa9"+name+"\x05\xa9"+name, "[post, msgpack, hash, '-256']", name)
	f(msgpackType, "\x81\xe0\xa9"+name, "[post, msgpack, hash, '-32']", name)
	f(msgpackType, "\x81\xce\x00\x01\x00\x00\xa9"+name, "[post, msgpack, hash, '65536']", name)
	f(msgpackType, "\x93\xa4x' o\x07\xa1r", "[post, msgpack, pollution]", "x' o,7,r")
	f(msgpackType, "\x81\xa6$where\xa9"+name, "[post, msgpack, hash, '$where']", "$where")
	f(msgpackType, "\x81\xa5query\xb0{a(b:\"x' or 1\")}", "[post, msgpack, hash, 'query', gql, gql_arg, 'b']", "x' or 1")
	f(msgpackType, "\x81\xa1a\xb1{\"b\":\"x' or 1=1\"}", "[post, msgpack, hash, 'a', json_doc, hash, 'b']", "x' or 1=1")

	for _, contentType := range []string{cborType, "application/senml+cbor", "application/cbor-seq"} {
		f(contentType, "\xa1\x61a\x69"+name, inCBOR, name)
	}
	f(cborType, "\xb8\x01\x78\x01a\x79\x00\x09"+name, inCBOR, name)
	f(cborType, "\xb9\x00\x01\x41a\x7a\x00\x00\x00\x09"+name, inCBOR, name)
	f(cborType, "\xba\x00\x00\x00\x01\x61a\x5b\x00\x00\x00\x00\x00\x00\x00\x09"+name, inCBOR, name)
	f(cborType, "\xbf\x61a\x7f\x64x' o\x65r 1=1\xff\xff", inCBOR, name)
	f(cborType, "\xbf\x7f\x61a\xff\x5f\x49"+name+"\xff\xff", inCBOR, name)
	f(cborType, "\xd9\xd9\xf7\xa1\x61a\xc1\xd8\x20\x69"+name, inCBOR, name)
	f(cborType, "\x9f\x01\x69"+name+"\xff", "[post, cbor, array, 1]", name)
	f(cborType, "\x82\x01\x69"+name+"\xa1\x61a\x69"+name, inCBOR, name)
	f(cborType, "\xa1\x61a\xd8\x18\x4d\xa1\x61b\x69"+name, "[post, cbor, hash, 'a', cbor, hash, 'b']", name)
	f(cborType, "\xa1\x20\x69"+name, "[post, cbor, hash, '-1']", name)
	f(cborType, "\xa1\x38\xff\x69"+name, "[post, cbor, hash, '-256']", name)
	f(cborType, "\x83\x64x' o\x07\x61r", "[post, cbor, pollution]", "x' o,7,r")
	for _, spare := range []string{"\xf4", "\xf6", "\xf8\xff", "\xf912", "\xfa1234", "\xfb12345678", "\x181", "\x1912", "\x1a1234", "\x1b12345678", "\x3b12345678", "\xa0", "\x80", "\xbf\xff", "\x9f\xff", "\xc0\x01"} {
		f(cborType, "\xa2\x61b"+spare+"\x61a\x69"+name, inCBOR, name)
		f(cborType, "\xa2"+spare+"\x61b\x61a\x69"+name, inCBOR, name)
	}
	for _, contentType := range []string{"", "application/octet-stream"} {
		f(contentType, "\x81\xa1a\xa9"+name, inMsgpack, name)
		f(contentType, "\xa1\x61a\x69"+name, inCBOR, name)
		f(contentType, "\xd9\xd9\xf7\xbf\x61a\x7f\x69"+name+"\xff\xff", inCBOR, name)
	}
	f("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"a\"; filename=\"blob\"\r\nContent-Type: application/msgpack\r\n\r\n\x81\xa1a\xa9"+name+"\r\n--k--\r\n", "[post, multipart, 'a', file, msgpack, hash, 'a']", name)
	digits := func(data string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(data))) }
	holds(t, "GET /?a="+digits("\x82\xa1b\x01\xa1a\xa9"+name)+" HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a', base64, msgpack, hash, 'a']", name)
	holds(t, "GET /?a="+digits("\xa2\x61b\x01\x61a\x69"+name)+" HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a', base64, cbor, hash, 'a']", name)
	holds(t, "GET /?a=%81%a1a%a9x'+or+1%3d1 HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a', msgpack, hash, 'a']", name)
}

// TestOtherItems reads bodies of these types that are not what they say.
func TestOtherItems(t *testing.T) {
	f := func(contentType, body, where, data, reason string) {
		t.Helper()
		p := take(t, bodyOf(contentType, body), &Options{})
		if !slices.ContainsFunc(p.Values, valueAt(p, where, data)) || !slices.Contains(reasons(p), reason) {
			t.Errorf("%s: %q: %s is not among\n%s", contentType, body, where, list(p))
		}
	}
	for contentType, reason := range map[string]string{msgpackType: "bad_msgpack", cborType: "bad_cbor"} {
		f(contentType, `{"a":"x' or"}`, "[post, json_doc, hash, 'a']", "x' or", reason)
		f(contentType, ` {"a":"x' or"}`, "[post, json_doc, hash, 'a']", "x' or", reason)
		f(contentType, "a=x'+or", "[post, form_urlencoded, 'a']", "x' or", reason)
		f(contentType, "\x80x' or 1=1", "[post]", "\x80x' or 1=1", reason)
		f(contentType, "<?xml version='1.0'?><a>x' or</a>", "[post, xml, xml_tag, 'a']", "x' or", reason)
	}
	f(msgpackType, "\x82\xa1a\xa5x' or\xc1", "[post, msgpack, hash, 'a']", "x' or", "bad_msgpack")
	f(msgpackType, "\x81\xa1a\xd9\x20x' or", "[post, msgpack, hash, 'a']", "x' or", "bad_msgpack")
	f(msgpackType, "\x9f\xa5x' or", "[post, msgpack, array, 0]", "x' or", "bad_msgpack")
	f(msgpackType, "\xa1\x61a\x65x' or", "[post, cbor, hash, 'a']", "x' or", "bad_msgpack")
	f(cborType, "\x81\xa1a\xa5x' or", "[post, msgpack, hash, 'a']", "x' or", "bad_cbor")
	f(cborType, "\xbf\x61a\x65x' or", "[post, cbor, hash, 'a']", "x' or", "bad_cbor")
	f(cborType, "\xbf\x61a\x65x' or\x61b\xff", "[post, cbor, hash, 'a']", "x' or", "bad_cbor")
	f(cborType, "\xa2\x61a\x65x' or\xff\x01", "[post, cbor, hash, 'a']", "x' or", "bad_cbor")
	f(cborType, "\xbf\x61a\x7f\x65x' or\x01\xff\xff", "[post, cbor, hash, 'a']", "x' or", "bad_cbor")
	for _, other := range []string{"\x80", "\x90\x01", "\x81\xa1a", "\x81\x90\xa5x' or", "\x92\xa5x' or", "\xdc\x00\x09x' or", "\x81\x01\x1c", "\xa1\x81\x01\x65x' or", "\x9f\x65x' or", "\xc1\x65x' or", "Über x' or"} {
		p := take(t, bodyOf("application/octet-stream", other), &Options{})
		if text := list(p); other != "\x80" && (strings.Contains(text, "msgpack") || strings.Contains(text, "cbor")) {
			t.Errorf("%q is taken for what it is not: %s", other, text)
		}
	}
}

// TestCutItems reads what there is of a body that is longer than what is inspected.
func TestCutItems(t *testing.T) {
	for contentType, body := range map[string]string{msgpackType: "\x83\xa1a\xa5x' or\xa1b\xd9\xffk", cborType: "\xbf\x61a\x65x' or\x61b\x78\xffk", "": "\x83\xa1a\xa5x' or\xa1b\xda\xff"} {
		r := Request{Body: []byte(body), BodyCut: true, Fields: []Field{{[]byte("Content-Type"), []byte(contentType)}}}
		var p Points
		p.Body(&r, &Options{})
		if !slices.ContainsFunc(p.Values, func(v point.Value) bool { return string(v.Data) == "x' or" }) || len(p.Anomalies) > 0 {
			t.Errorf("%s: %s", contentType, list(&p))
		}
	}
}

// appendMsgpack writes a document of the test below.
func appendMsgpack(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(binary.BigEndian.AppendUint16(append(b, 0xda), uint16(len(v))), v...)
	case []any:
		b = binary.BigEndian.AppendUint16(append(b, 0xdc), uint16(len(v)))
		for _, e := range v {
			b = appendMsgpack(b, e)
		}
		return b
	case map[string]any:
		b = append(b, 0x80|byte(len(v)))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			b = appendMsgpack(appendMsgpack(b, name), v[name])
		}
		return b
	case bool:
		return append(b, 0xc3)
	default:
		return append(b, 0xcd, 1, 2)
	}
}

func appendCBOR(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		if len(v) < minToken {
			return append(append(b, 0x60|byte(len(v))), v...)
		}
		half := len(v) / 2
		b = append(append(b, 0x7f, 0x78, byte(half)), v[:half]...)
		return append(append(append(b, 0x78, byte(len(v)-half)), v[half:]...), 0xff)
	case []any:
		b = append(b, 0xc5, 0x9f)
		for _, e := range v {
			b = appendCBOR(b, e)
		}
		return append(b, 0xff)
	case map[string]any:
		b = append(b, 0xb8, byte(len(v)))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			b = appendCBOR(appendCBOR(b, name), v[name])
		}
		return b
	case bool:
		return append(b, 0xf5)
	default:
		return append(b, 0x19, 1, 2)
	}
}

// TestItemsAgreeWithJSON writes random documents in three formats and reads the same out of each.
func TestItemsAgreeWithJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	names := []string{"a", "b c", "$ne", "role", "query", "x.y", "__proto__", "é", ""}
	texts := []string{"short", "a", "", "x' o", "or 1=1 --", "{a(b:\"c d\")}", "[\"x' \",\"y\"]", "naïve text", "%2527", "PHNjcmlwdD4="}
	var document func(depth int) any
	document = func(depth int) any {
		switch n := r.IntN(8); {
		case n < 2 && depth > 0:
			object := map[string]any{}
			for range r.IntN(5) {
				object[names[r.IntN(len(names))]] = document(depth - 1)
			}
			return object
		case n < 4 && depth > 0:
			list := []any{}
			for range r.IntN(5) {
				list = append(list, document(depth-1))
			}
			return list
		default:
			return texts[r.IntN(len(texts))]
		}
	}
	for range 600 {
		doc := []any{document(4), map[string]any{"n": document(3)}}
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, lean := range []bool{false, true} {
			read := func(contentType string, body []byte) string {
				var p Points
				p.Body(&Request{Body: body, Fields: []Field{{[]byte("Content-Type"), []byte(contentType)}}}, &Options{Lean: lean})
				return list(&p)
			}
			want := read("application/json", text)
			if got := strings.ReplaceAll(read(msgpackType, appendMsgpack(nil, doc)), "[post, msgpack", "[post, json_doc"); got != want {
				t.Fatalf("%s: MessagePack\n%s\nJSON\n%s", text, got, want)
			}
			if got := strings.ReplaceAll(read(cborType, appendCBOR(nil, doc)), "[post, cbor", "[post, json_doc"); got != want {
				t.Fatalf("%s: CBOR\n%s\nJSON\n%s", text, got, want)
			}
		}
	}
}
