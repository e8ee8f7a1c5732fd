package parse

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// pieces are what random inputs are made of.
var pieces = []string{"a", "b c", "'", `"`, "<x>", "</x>", "<", "&amp;", "&#x27;", "&", "=", ";", "\r\n", "--", "%27", "%", "é", "日", "\x00", "]]>", "+", "{", "]"}

func random(r *rand.Rand, most int) string {
	var b strings.Builder
	for range r.IntN(most) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func has(p *Points, data string) bool {
	return slices.ContainsFunc(p.Values, func(v point.Value) bool { return string(v.Data) == data })
}

// TestXMLAgreesWithEncodingXML writes random text into documents and looks for what
// the standard reader finds.
func TestXMLAgreesWithEncodingXML(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var text, attr bytes.Buffer
		if xml.EscapeText(&text, []byte(random(r, 6))) != nil || xml.EscapeText(&attr, []byte(random(r, 6))) != nil {
			t.Fatal("writing to memory")
		}
		doc := `<?xml version="1.0"?><r a="` + attr.String() + `"><!-- c --><b>` + text.String() + `<![CDATA[]]></b><c/></r>`
		p := new(Points)
		p.use(&Options{})
		if !p.xml([]byte(doc), place{}, true) {
			t.Fatalf("%s: anomalies %v", doc, reasons(p))
		}
		for _, want := range textsOf(t, doc) {
			if !has(p, want) {
				t.Fatalf("%s: %q is not among\n%s", doc, want, list(p))
			}
		}
	}
}

func textsOf(t *testing.T, doc string) (all []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.CharData:
			if len(bytes.TrimSpace(x)) > 0 {
				all = append(all, string(x))
			}
		case xml.StartElement:
			for _, a := range x.Attr {
				all = append(all, a.Value)
			}
		}
	}
}

// TestMultipartAgreesWithMime writes random parts with the standard writer.
func TestMultipartAgreesWithMime(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		var contents []string
		for range 1 + r.IntN(4) {
			content := random(r, 8)
			if err := w.WriteField("n"+random(r, 2), content); err != nil {
				t.Fatal(err)
			}
			contents = append(contents, content)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		p := take(t, "POST / HTTP/1.1\r\nContent-Type: "+w.FormDataContentType()+"\r\n\r\n"+b.String(), &Options{})
		for _, want := range contents {
			if !has(p, want) {
				t.Fatalf("%q is not among\n%s\nof\n%s", want, list(p), b.String())
			}
		}
		if slices.Contains(reasons(p), "bad_multipart") {
			t.Fatalf("%s: anomalies %v", b.String(), reasons(p))
		}
	}
}

// TestPairsAgreeWithNetURL reads random queries that the standard reader accepts.
func TestPairsAgreeWithNetURL(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		values := url.Values{}
		for range 1 + r.IntN(4) {
			values.Add("k"+random(r, 3), random(r, 8))
		}
		p := new(Points)
		p.use(&Options{})
		p.pairs([]byte(values.Encode()), point.Get, 0, place{})
		for _, list := range values {
			for _, want := range list {
				if !has(p, want) {
					t.Fatalf("%s: %q is missing", values.Encode(), want)
				}
			}
		}
	}
}

// TestJoinedAgreesWithTwin joins repeated names the slow way.
func TestJoinedAgreesWithTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 1000 {
		var names, values []string
		query := url.Values{}
		var text []string
		for range 2 + r.IntN(8) {
			name, value := string(rune('a'+r.IntN(3))), random(r, 3)
			names, values = append(names, name), append(values, value)
			text = append(text, url.QueryEscape(name)+"="+url.QueryEscape(value))
			query.Add(name, value)
		}
		p := new(Points)
		p.use(&Options{})
		p.pairs([]byte(strings.Join(text, "&")), point.Get, 0, place{})
		var got, want []string
		for i := range p.Values {
			if v := &p.Values[i]; v.Flags&point.Joined != 0 && p.Tree.Tag(v.Ref) == point.Pollution {
				got = append(got, string(v.Data))
			}
		}
		for i, name := range names {
			if slices.Index(names, name) != i || len(query[name]) < 2 || point.Classify([]byte(strings.Join(query[name], "")))&^plain == 0 {
				continue
			}
			want = append(want, strings.Join(query[name], ","), strings.Join(query[name], ""))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%v=%v: got %q, want %q", names, values, got, want)
		}
	}
}
