package xxe

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&externalEntity, point.Text, `<!DOCTYPE a [<!ENTITY x SYSTEM "y">]>`, `<!DOCTYPE a [<!ENTITY x "y">]>`)
	f(&parameter, point.Text, `<!DOCTYPE a [<!ENTITY % x "y">]>`, `<!DOCTYPE a [<!ENTITY x "%y">]>`)
	f(&internalEntity, point.Text, `<!DOCTYPE a [<!ENTITY x "y">]>`, `<!DOCTYPE a [<!ELEMENT x ANY>]>`)
	f(&externalType, point.Text, `<!DOCTYPE a SYSTEM "http://evil.example/a.dtd">`, `<!DOCTYPE a SYSTEM "http://www.w3.org/a.dtd">`)
	f(&include, point.Text, `<xi:include href="x"/>`, `<xs:include href="x"/>`)
	f(&stylesheet, point.Text, `<xsl:value-of select="document('/x')"/>`, `<xsl:value-of select="title"/>`)
	f(&stylesheet, point.Text, `<k:transform xmlns:k="http://www.w3.org/1999/XSL/Transform"><k:copy-of select="document('/x')"/></k:transform>`, `<k:transform xmlns:k="urn:l"><k:copy-of select="document('/x')"/></k:transform>`)
	f(&include, point.Text, `<k><include xmlns="http://www.w3.org/2001/XInclude" href="l"/></k>`, `<k xmlns:xi="http://www.w3.org/2001/XInclude"><include href="l"/></k>`)
	f(&stylesheet, point.Text, `<xsl:template xmlns:k="java:java.io.File"/>`, `<xsl:template xmlns:k="urn:java:k"/>`)
	f(&stylesheet, point.Text, `<xsl:value-of select="environment-variable('K')"/>`, `<xsl:value-of select="environment/variable"/>`)
	f(&stylesheetLink, point.Text, `<?xml-stylesheet href="http://evil.example/x"?>`, `<?xml-stylesheet href="x"?>`)
	f(&grave, point.Text, `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///x">]>`, `<!DOCTYPE a [<!ENTITY x SYSTEM "http://h/x">]>`)
	f(&growth, point.Text, `<!DOCTYPE a [<!ENTITY x "k"><!ENTITY y "&x;&x;&x;&x;">]>`, `<!DOCTYPE a [<!ENTITY x "k &amp; k">]>`)
	f(&growth, point.Text, `<!DOCTYPE a [<!ENTITY x "`+strings.Repeat("k", 64)+`">]>`, `<!DOCTYPE a [<!ENTITY x "`+strings.Repeat("kl", 64)+`">]>`)
	f(&externalEntity, point.FileHead, "PK\x03\x04[Content_Types].xml<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///x\">]>", "PK\x03\x04book.xml<!DOCTYPE a [<!ENTITY x SYSTEM \"k.xml\">]>")
	f(&embedded, point.Text, `<svg><image xlink:href="file:///x"/></svg>`, `<svg><image xlink:href="#file:"/></svg>`)
	f(&externalEntity, point.Text, `<!DOCTYPE k [<!ENTITY % l SYSTEM "http://k.example/l.ent">]>`, `<!DOCTYPE k [<!ENTITY % l PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml-lat1.ent">]>`)
	f(&externalType, point.Text, `<!DOCTYPE k SYSTEM "http://k.sourceforge.net/l.dtd">`, `<!DOCTYPE k SYSTEM "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd">`)
	f(&externalType, point.Text, `<!DOCTYPE k SYSTEM "https://gitlab.freedesktop.org/k/l/-/raw/m/n.dtd">`, `<!DOCTYPE k SYSTEM "https://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">`)
	f(&externalType, point.Text, `<!DOCTYPE k SYSTEM "http://www.w3.org.k.example/l.dtd">`, `<!DOCTYPE k SYSTEM "http://WWW.W3.org/l.dtd">`)
	f(&externalType, point.Text, `<!DOCTYPE k SYSTEM "http://www.w3.org/l?u=http://k.example/m.dtd">`, `<!DOCTYPE k PUBLIC "-//K" "http://dtd.worldpay.com/paymentService_v1.dtd">`)
	f(&externalType, point.Text, "<!DOCTYPE"+strings.Repeat(" ", 9999)+`a SYSTEM "http://k.example/a.dtd">`, "<!DOCTYPE"+strings.Repeat(" ", 9999)+"a>")
	f(&grave, point.Text, `<!DOCTYPE a SYSTEM "../../etc/group">`, `<!DOCTYPE a SYSTEM "../types.dtd">`)
}

// TestParsedAttributes reads attributes as the XML parser hands them over.
func TestParsedAttributes(t *testing.T) {
	f := func(element, attribute, text string, want int) {
		t.Helper()
		var tree point.Tree
		ref := tree.AddName(tree.AddName(tree.Add(0, point.XML), point.XMLTag, []byte(element)), point.XMLAttr, []byte(attribute))
		var best evidence.Tally
		v := point.Value{Data: []byte(text), Kind: point.XMLText, Ref: ref, Classes: point.Classify([]byte(text))}
		if Gate(&v) {
			Scan(&v, &tree, &best)
		}
		if best.Score() != want {
			t.Errorf("%s %s=%q scores %d, want %d", element, attribute, text, best.Score(), want)
		}
	}
	f("xi:include", "href", "/etc/passwd", 8)
	f("a", "href", "/etc/passwd", 0)
	f("k:include", "href", "http://127.0.0.1/", 8)
	f("xsl:include", "href", "common.xsl", 0)
	f("xsl:copy-of", "select", "document('/etc/passwd')", 8)
	f("xsl:copy-of", "select", "a/b", 0)
	f("xsl:import", "href", "http://evil.example/x.xsl", 8)
	f("xsl:import", "href", "common.xsl", 0)
	f("xsl:stylesheet", "xmlns:k", "http://xml.apache.org/xalan/redirect", 8)
	f("xsl:stylesheet", "xmlns:k", "java:java.io.File", 8)
	f("xsl:stylesheet", "xmlns:k", "http://exslt.org/dates-and-times", 0)
	f("a", "xmlns:k", "java:java.io.File", 0)
	f("exsl:document", "href", "/srv/k.php", 8)
	f("xsl:evaluate", "xpath", "//k", 8)
	f("k:value-of", "select", "document('k')", 8)
	f("k:value-of", "select", "title/text()", 0)
	f("xsl:value-of", "select", "dyn:evaluate('k')", 8)
	f("xsl:value-of", "select", "date:year()", 0)
	f("include", "xmlns", "http://www.w3.org/2001/XInclude", 8)
	f("book", "xmlns:xi", "http://www.w3.org/2001/XInclude", 0)
	f("k:if", "test", "contains(document(concat('','/etc/k')),'l')", 8)
	f("k:variable", "select", "unparsed-text($v)", 8)
	f("c:if", "test", "${not empty document}", 0)
	f("k:import", "href", "http://evil.example/x.xsl", 8)
	f("k:transform", "xmlns:l", "http://php.net/xsl", 8)
}

// TestStylesheetLinks reads links to stylesheets: a feed has one of its publisher.
func TestStylesheetLinks(t *testing.T) {
	for text, want := range map[string]int{`<?xml-stylesheet href="https://feeds.example/k.xsl"?>`: 5, `<?xml-stylesheet href="http://203.0.113.66/k.xsl"?>`: 8, `<?xml-stylesheet href="/k.xsl"?>`: 0} {
		if got := detector.Read(text, point.XMLDecl); got.Score() != want {
			t.Errorf("%s scores %d, want %d", text, got.Score(), want)
		}
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "<", "<!", "<!ENTITY ", "<!DOCTYPE a [", "<!ENTITY x SYSTEM \"", "<xi:include ", "<xsl:")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, `<!DOCTYPE a [<!ENTITY x SYSTEM "y">]>`, `<xi:include href="x"/>`, "<?xml-stylesheet href='http://h'?>")
}
