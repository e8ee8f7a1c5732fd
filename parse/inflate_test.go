package parse

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/molecule-man/go-brrr"

	"github.com/weirnode/weir/point"
)

// packers compress with each codec, by the names of Content-Encoding; "raw" is bare
// deflate.
var packers = map[string]func(tb testing.TB, data []byte) []byte{
	"gzip":    packer(func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }),
	"deflate": packer(func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriter(w), nil }),
	"raw":     packer(func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) }),
	"br":      packer(func(w io.Writer) (io.WriteCloser, error) { return brrr.NewWriter(w, 5) }),
	"zstd":    packer(func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }),
}

func packer(open func(io.Writer) (io.WriteCloser, error)) func(testing.TB, []byte) []byte {
	return func(tb testing.TB, data []byte) []byte {
		tb.Helper()
		var b bytes.Buffer
		w, err := open(&b)
		if err == nil {
			_, err = w.Write(data)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			tb.Fatal(err)
		}
		return b.Bytes()
	}
}

// sent takes a JSON body apart that was sent under a Content-Encoding.
func sent(encoding string, body []byte) *Points {
	r := Request{Method: []byte("POST"), Target: []byte("/"), Body: body}
	r.Fields = append(r.Fields, Field{[]byte("Content-Type"), []byte("application/json")})
	if encoding != "" {
		r.Fields = append(r.Fields, Field{[]byte("Content-Encoding"), []byte(encoding)})
	}
	p := new(Points)
	p.Body(&r, &Options{})
	return p
}

func reasons(p *Points) (all []string) {
	for _, a := range p.Anomalies {
		all = append(all, a.Reason.String())
	}
	return all
}

func TestCompressedBodies(t *testing.T) {
	const value = `x' or 1=1`
	body := []byte(`{"a":"` + value + `"}`)
	f := func(encoding string, data []byte, where string, anomalies ...string) {
		t.Helper()
		p := sent(encoding, data)
		if !slices.ContainsFunc(p.Values, valueAt(p, where, value)) || len(anomalies) == 0 && len(p.Anomalies) > 0 || len(anomalies) > 0 && !slices.Contains(reasons(p), anomalies[0]) {
			t.Errorf("%s: %s is not among\n%s", encoding, where, list(p))
		}
	}
	pack := func(codec string, data []byte) []byte { return packers[codec](t, data) }
	f("gzip", pack("gzip", body), "[post, gzip, json_doc, hash, 'a']")
	f("x-gzip", pack("gzip", body), "[post, gzip, json_doc, hash, 'a']")
	f("deflate", pack("deflate", body), "[post, deflate, json_doc, hash, 'a']")
	f("deflate", pack("raw", body), "[post, deflate, json_doc, hash, 'a']")
	f("br", pack("br", body), "[post, br, json_doc, hash, 'a']")
	f("ZSTD", pack("zstd", body), "[post, zstd, json_doc, hash, 'a']")
	f("gzip, br", pack("br", pack("gzip", body)), "[post, br, gzip, json_doc, hash, 'a']")
	f("identity", body, "[post, json_doc, hash, 'a']")
	f("", pack("gzip", body), "[post, gzip, json_doc, hash, 'a']")
	f("", pack("zstd", pack("gzip", body)), "[post, zstd, gzip, json_doc, hash, 'a']")
	f("", pack("deflate", body), "[post, deflate, json_doc, hash, 'a']")
	f("gzip", body, "[post, json_doc, hash, 'a']", "bad_codec")
	f("compress", body, "[post, json_doc, hash, 'a']", "bad_codec")
	f("br", body, "[post, json_doc, hash, 'a']", "bad_codec")
	f("deflate", body, "[post, json_doc, hash, 'a']", "bad_codec")
	f("zstd", body, "[post, json_doc, hash, 'a']", "bad_codec")
	f("gzip", append(pack("gzip", body), "junk"...), "[post, gzip, json_doc, hash, 'a']", "bad_codec")
}

func TestCompressedValue(t *testing.T) {
	for _, codec := range []string{"gzip", "deflate"} {
		packed := base64.StdEncoding.EncodeToString(packers[codec](t, []byte("1' union select 1")))
		p := take(t, "GET /?a="+url.QueryEscape(packed)+" HTTP/1.1\r\nHost: h\r\n\r\n", &Options{})
		if !slices.ContainsFunc(p.Values, valueAt(p, "[get, 'a', base64, "+codec+"]", "1' union select 1")) {
			t.Errorf("%s: not among\n%s", codec, list(p))
		}
	}
}

// TestBombs inflates what grows a thousandfold and checks how much was made of it.
func TestBombs(t *testing.T) {
	zeros := bytes.Repeat([]byte("0"), 20<<20)
	for codec, pack := range packers {
		encoding := strings.ReplaceAll(codec, "raw", "deflate")
		bomb := pack(t, zeros)
		p := sent(encoding, bomb)
		if got := reasons(p); !slices.Contains(got, "data_bomb") {
			t.Errorf("%s: anomalies %v", codec, got)
		}
		if p.inflated > max(ratioFrom+ratioFrom, maxRatio*len(bomb)+ratioFrom) || p.inflated > maxInflated+ratioFrom {
			t.Errorf("%s: %d bytes came out of %d", codec, p.inflated, len(bomb))
		}
		if len(p.Values) == 0 {
			t.Errorf("%s: what came out is not inspected", codec)
		}
	}
	nested := zeros
	for range 5 {
		nested = packers["gzip"](t, nested)
	}
	if p := sent("gzip", nested); !slices.Contains(reasons(p), "data_bomb") || p.inflated > maxInflated+ratioFrom {
		t.Errorf("nested: anomalies %v, %d bytes", reasons(p), p.inflated)
	}
}

func TestRepeatedFields(t *testing.T) {
	packed := packers["br"](t, packers["gzip"](t, []byte("junk\r\n--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1' or\r\n--x--")))
	r := Request{Body: packed, Fields: []Field{
		{[]byte("Content-Type"), []byte("text/plain")},
		{[]byte("Content-Type"), []byte("multipart/form-data; boundary=x")},
		{[]byte("Content-Encoding"), []byte("gzip")},
		{[]byte("Content-Encoding"), []byte("br")},
	}}
	var p Points
	p.Body(&r, &Options{})
	if !slices.ContainsFunc(p.Values, valueAt(&p, "[post, br, gzip, multipart, 'a']", "1' or")) || !slices.Contains(reasons(&p), "wrong_type") {
		t.Errorf("%s", list(&p))
	}
}

// TestPolyglot hides a pair in the name of a compressed file, where only those see it
// who do not decompress.
func TestPolyglot(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name = "&id=1' or 1=1&x="
	if _, err := w.Write([]byte("a=b")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := Request{Body: b.Bytes(), Fields: []Field{
		{[]byte("Content-Type"), []byte("application/x-www-form-urlencoded")}, {[]byte("Content-Encoding"), []byte("gzip")},
	}}
	var p Points
	p.Body(&r, &Options{})
	for where, value := range map[string]string{"[post, gzip, form_urlencoded, 'a']": "b", "[post, form_urlencoded, 'id']": "1' or 1=1"} {
		if !slices.ContainsFunc(p.Values, valueAt(&p, where, value)) {
			t.Errorf("%s is not among\n%s", where, list(&p))
		}
	}
}

// TestArchives looks at what archives say of themselves.
func TestArchives(t *testing.T) {
	f := func(name string, packed, unpacked uint32, entries int, want bool) {
		t.Helper()
		head := make([]byte, 30)
		copy(head, "PK\x03\x04")
		binary.LittleEndian.PutUint32(head[18:], packed)
		binary.LittleEndian.PutUint32(head[22:], unpacked)
		body := "--x\r\nContent-Disposition: form-data; name=a; filename=b.zip\r\n\r\n" +
			strings.Repeat(string(head)+strings.Repeat("x", int(packed)), entries) + "\r\n--x--"
		p := take(t, "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n"+body, &Options{})
		if got := slices.Contains(reasons(p), "data_bomb"); got != want {
			t.Errorf("%s: data bomb %v", name, got)
		}
	}
	f("thousandfold", 10_000, 10_000_000, 1, true)
	f("many entries", 1_000, 1_000_000, 20, true)
	f("text", 100_000, 9_000_000, 1, false)
	f("small zeros", 100, 100_000, 1, false)
}

func TestCutBodyIsNoAnomaly(t *testing.T) {
	packed := packers["gzip"](t, []byte(order(40)))
	r := Request{Body: packed[:len(packed)-20], BodyCut: true, Fields: []Field{{[]byte("Content-Encoding"), []byte("gzip")}}}
	var p Points
	p.Body(&r, &Options{})
	if len(p.Anomalies) > 0 || len(p.Values) == 0 || p.Values[0].Flags&point.Truncated == 0 {
		t.Errorf("anomalies %v, %d values", p.Anomalies, len(p.Values))
	}
}

func FuzzInflate(f *testing.F) {
	for name, pack := range packers {
		for i, known := range []string{"", "gzip", "deflate", "br", "zstd"} {
			if name == known {
				f.Add(uint8(i), pack(f, []byte("some text, some text")))
			}
		}
	}
	f.Fuzz(func(t *testing.T, c uint8, data []byte) {
		var p, again Points
		p.use(&Options{})
		again.use(&Options{})
		which := codec(c%4) + gzipCodec
		out, _, _ := p.inflate(which, data)
		twice, _, _ := again.inflate(which, data)
		if !bytes.Equal(out, twice) {
			t.Fatal("two readings differ")
		}
		if len(out) > maxInflated+ratioFrom {
			t.Fatalf("%d bytes", len(out))
		}
	})
}
