package parse

import (
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

// TestFlawsOfXML: a body that is XML by its type and not well-formed is an attack by itself, and only
// that.
func TestFlawsOfXML(t *testing.T) {
	for body, want := range map[string]bool{
		"<!DOCTYPE r>": true, `<!DOCTYPE r [<!ENTITY a "b]><r/>`: true, "<!DOCTYPE r [<!-- ]><r/>": true, "<r>": true,
		`<!DOCTYPE r [<?p ' ?><!-- ' --><!ENTITY a "]>">]><r>&a;</r>`: false, "<r>\n <a>b</a>\n <a>c</a>\n</r>": false, `<!DOCTYPE r SYSTEM "a"><r/>`: false,
	} {
		p := take(t, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\n\r\n"+body, &Options{})
		if got := slices.Contains(reasons(p), "bad_xml"); got != want {
			t.Errorf("%s: bad XML %v", body, got)
		}
	}
}

// TestManyBlanks: elements between which there are blanks are no overrun, be there text before them.
func TestManyBlanks(t *testing.T) {
	p := take(t, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\n\r\n<r>text"+strings.Repeat("<b>x</b>\n", 3*maxPieces)+"</r>", &Options{})
	if p.Overrun != Within {
		t.Errorf("overrun %d", p.Overrun)
	}
}

// TestBlanksBetweenElements: white space that only sets elements out is no text.
func TestBlanksBetweenElements(t *testing.T) {
	p := take(t, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\n\r\n<r>\n <a>b c</a>\n <d>\n  <e>f g</e>\n </d>\n</r>", &Options{})
	n := 0
	for i := range p.Values {
		if p.Tree.Tag(p.Values[i].Ref) == point.XMLTag {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d texts:\n%s", n, list(p))
	}
}
