package parse

import (
	"strings"
	"testing"
)

// TestSoundXML: what parsers of XML take is told from HTML and from what they refuse.
func TestSoundXML(t *testing.T) {
	deep := strings.Repeat("<r>", 3*defaultNesting) + strings.Repeat("</r>", 3*defaultNesting)
	for _, text := range []string{
		"<r/>", "<r></r>", "<r a='b' c=\"d\">e&amp;&#x41;</r >\n", "<?p?><!-- x --><r><b/><i>k</i></r><!-- y -->", "<p>a<![CDATA[b]]></p>", "<r><p>a</p></r>",
		"<!-- --><!DOCTYPE p []><p/>", deep, "<r>" + strings.Repeat("x", maybeCut),
	} {
		if !soundXML([]byte(text)) {
			t.Errorf("%.80q is XML", text)
		}
	}
	for _, text := range []string{
		"", "<", "<r", "<r>", "</r>", "<r/><r/>", "<r></R>", "<r><b></r></b>", "<r>&nbsp;</r>", "<r>a & b</r>", "<r a>x</r>", "<r a=b>x</r>", "<r a='<'/>", "<r/>text", "<1/>",
		"<![CDATA[a]]>", "<r><!-- </r>", "<p>a <b>b</b><br/></p>", "<!-- wp:paragraph --><P>a</P><!-- /wp:paragraph -->", "<script>x</script>", "<r a='b", "<r a=",
	} {
		if soundXML([]byte(text)) {
			t.Errorf("%q is no XML", text)
		}
	}
}
