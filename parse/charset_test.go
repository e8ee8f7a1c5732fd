package parse

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/weirnode/weir/point"
)

// TestDocumentsInOtherCharacterSets looks for the declaration of an XML document that is
// in a character set in which ASCII is not ASCII, as a body and as a file.
func TestDocumentsInOtherCharacterSets(t *testing.T) {
	const document = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///k">]><a>&x;</a>`
	page37, err := charmap.CodePage037.NewEncoder().String(document)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(mark, in string) string {
		b := []byte(mark)
		for _, c := range utf16.Encode([]rune(in)) {
			b = append(b, byte(c>>8), byte(c))
		}
		return string(b)
	}
	f := func(content string, want bool) {
		t.Helper()
		for _, body := range []string{
			"Content-Type: application/xml\r\n\r\n" + content,
			"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name=f; filename=k.bin\r\n\r\n" + content + "\r\n--x--\r\n",
		} {
			p := take(t, "POST / HTTP/1.1\r\nHost: h\r\n"+body, &Options{})
			got := slices.ContainsFunc(p.Values, func(v point.Value) bool {
				return v.Kind == point.XMLDecl && strings.Contains(string(v.Data), "file:///k")
			})
			if got != want {
				t.Errorf("%q: %v, want %v", body, got, want)
			}
		}
	}
	f(page37, true)
	f(strings.ReplaceAll(page37, "\x5a", "\x4f"), true) // code page 500
	f(strings.TrimPrefix(page37, page37[:len(`<?xml version="1.0"?>`)]), true)
	f(wide("\xfe\xff", document), true)
	f(wide("", document), true)
	f("Look at this: "+document[1:], false)
	f("\x4c"+page37, false)
}
