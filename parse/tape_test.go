package parse

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// uploaded returns the values of a request that uploads a file.
func uploaded(file []byte, o *Options) []point.Value {
	body := slices.Concat([]byte("--k\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n\r\n"), file, []byte("\r\n--k--\r\n"))
	var p Points
	p.Body(&Request{Body: body, Fields: []Field{{[]byte("Content-Type"), []byte("multipart/form-data; boundary=k")}}}, o)
	return p.Values
}

// TestArchived reads the heads in compressed archives: the name of a member behind a long one, a long name, and
// nothing of what members hold.
func TestArchived(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	long := strings.Repeat("l", 200)
	for _, h := range []tar.Header{{Name: "first", Size: 100 << 10}, {Name: long, Format: tar.FormatGNU}, {Name: "../last"}} {
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, strings.Repeat("k", int(h.Size))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	heads := func(o *Options) (found []byte) {
		for _, v := range uploaded(zipUp(t, &b), o) {
			if v.Flags&point.Inflated != 0 && v.Kind == point.FileHead {
				found = v.Data
			}
		}
		return found
	}
	got := heads(&Options{})
	r, names := tar.NewReader(bytes.NewReader(got)), []string(nil)
	for {
		h, err := r.Next()
		if err != nil {
			break
		}
		names = append(names, h.Name)
	}
	if want := []string{"first", long, "../last"}; !slices.Equal(names, want) {
		t.Errorf("names %q", names)
	}
	if bytes.Contains(got, []byte("kk")) || len(heads(&Options{Off: GzipParser})) > 0 {
		t.Error("contents are kept, or heads although the parser is off")
	}
	for _, v := range uploaded(zipUp(t, bytes.NewBufferString("a log")), &Options{}) {
		if v.Flags&point.Inflated != 0 {
			t.Errorf("a compressed file that is no archive gives %q", v.Data)
		}
	}
}

// zipUp compresses.
func zipUp(t *testing.T, in *bytes.Buffer) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(in.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPages leaves pages of HTML in archives alone, but not what calls itself one and declares entities.
func TestPages(t *testing.T) {
	for text, want := range map[string]bool{
		"<!DOCTYPE html>\n<p>k</p>": false,
		"\n<!doctype HTML PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\"><p/>": false,
		"<!DOCTYPE html [<!ENTITY k SYSTEM \"file:///k\">]><p>&k;</p>":                                                            true,
		"<!DOCTYPE html SYSTEM \"http://k.example/l.dtd\"><p/>":                                                                   true,
	} {
		kept := slices.ContainsFunc(uploaded(zipped(t, zip.Deflate, "k.html", text), &Options{}), func(v point.Value) bool { return v.Flags&point.Inflated != 0 })
		if kept != want {
			t.Errorf("%s: kept %v", text, kept)
		}
	}
}
