package parse

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// zipped returns an archive of members, each a name and its text.
func zipped(t *testing.T, method uint16, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: members[i], Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(members[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOffice reads the members of office documents that no such program writes.
func TestOffice(t *testing.T) {
	const document = `<?xml version="1.0"?><!DOCTYPE k [<!ENTITY l SYSTEM "file:///m">]><w:document>&l;</w:document>`
	read := func(file []byte, off ParserSet) *Points {
		body := slices.Concat([]byte("--k\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.docx\"\r\n\r\n"), file, []byte("\r\n--k--\r\n"))
		var p Points
		p.Body(&Request{Body: body, Fields: []Field{{[]byte("Content-Type"), []byte("multipart/form-data; boundary=k")}}}, &Options{Off: off})
		return &p
	}
	without := func(file []byte, off ParserSet, text string) bool {
		return slices.ContainsFunc(read(file, off).Values, func(v point.Value) bool { return v.Kind == point.FileHead && strings.HasPrefix(string(v.Data), text) })
	}
	shows := func(file []byte, text string) bool { return without(file, 0, text) }
	relation := `<Relationships><Relationship Target="http://k.example" TargetMode="External"/></Relationships>`
	for _, method := range [...]uint16{zip.Store, zip.Deflate} {
		if !shows(zipped(t, method, "[Content_Types].xml", "<Types/>", "word/document.xml", document), document) {
			t.Errorf("method %d: the document's type is not shown", method)
		}
		if !shows(zipped(t, method, "word/_rels/a.rels", relation), relation) {
			t.Errorf("method %d: what is outside is not shown", method)
		}
		if shows(zipped(t, method, "word/document.xml", "<w:document/>"), "<w:") {
			t.Errorf("method %d: a plain document is shown", method)
		}
	}
	remark := "<?xml version=\"1.0\"?><!--" + strings.Repeat("k", 9000) + "-->"
	wide := []byte("\xff\xfe")
	for _, c := range []byte(document) {
		wide = append(wide, c, 0)
	}
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprintf("k%d.xml", i), "<k/>")
	}
	doctype := document[strings.Index(document, "<!DOCTYPE"):]
	for name, hidden := range map[string]struct {
		file []byte
		text string
	}{
		"behind a remark":      {zipped(t, zip.Deflate, "word/document.xml", remark+doctype), doctype},
		"in UTF-16":            {zipped(t, zip.Deflate, "word/document.xml", string(wide)), document},
		"behind other members": {zipped(t, zip.Deflate, append(many, "word/document.xml", document)...), document},
		"under another name":   {zipped(t, zip.Deflate, "word/document.dat", document), document},
		"behind other bytes":   {append([]byte("MZ"), zipped(t, zip.Deflate, "word/document.xml", document)...), document},
	} {
		if !shows(hidden.file, hidden.text) {
			t.Errorf("%s: the document's type is not shown", name)
		}
	}
	whole := zipped(t, zip.Deflate, "word/document.xml", document)
	if without(whole, XMLParser, document) || without(whole, GzipParser, document) || !without(zipped(t, zip.Store, "word/document.xml", document), GzipParser, document) {
		t.Error("parsers that are off")
	}
	for i := range whole { // whatever is missing, or wrong
		read(whole[:i], 0)
		broken := slices.Clone(whole)
		broken[i] ^= 0xff
		read(broken, 0)
	}
}
