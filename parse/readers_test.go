package parse

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// holds takes a request apart and looks for a value.
func holds(t *testing.T, raw, where, data string) {
	t.Helper()
	if p := take(t, raw, &Options{}); !slices.ContainsFunc(p.Values, valueAt(p, where, data)) {
		t.Errorf("%q: %s is not among\n%s", raw, where, list(p))
	}
}

// bodyOf returns a request with a body.
func bodyOf(contentType, body string) string {
	return "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: " + contentType + "\r\n\r\n" + body
}

// TestOtherReaders takes requests apart that some back ends read in another way than most.
func TestOtherReaders(t *testing.T) {
	f := func(raw, where, data string) {
		t.Helper()
		holds(t, raw, where, data)
	}
	post := bodyOf
	part := func(disposition, more string) string {
		return post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"a\"; "+disposition+"\r\n"+more+"\r\nx' or\r\n--k--\r\n")
	}
	const field = "[post, multipart, 'a']"
	f(part(`filenames="b"`, ""), field, "x' or")
	f(part(`filename-old="b"`, ""), field, "x' or")
	f(part(`filename=""`, ""), field, "x' or")
	f(part(`filename ="b"`, ""), field, "x' or")
	f(part("x=y", "Content-Type: multipart/mixed; boundary=l\r\n"), field, "x' or")

	const fileName = "[post, multipart, 'a', file]"
	f(part(`filename="=?UTF-8?B?Li4vay5qc3A=?="`, ""), fileName, "../k.jsp")
	f(part(`filename="a=?utf-8?Q?..=2F?= =?x?q?k.jsp?=b"`, ""), fileName, "a../k.jspb")
	f(part(strings.Repeat(`filename="b.png"; `, 9)+`filename="../k.php"`, ""), fileName, "../k.php")
	f(part(strings.Repeat(`name="b"; `, 9)+`name="x' or"`, ""), field, "x' or")
	f(post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"a\"; filename=\"blob\"\r\nContent-Type: application/octet-stream\r\n\r\n{\"l\":\"x' or\"}\r\n--k--\r\n"), "[post, multipart, 'a', file, json_doc, hash, 'l']", "x' or")

	const twoFiles = "--k,l\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\n\r\n--k\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx' or\r\n--k--\r\n\r\n--k,l--\r\n"
	f(post("multipart/form-data; boundary=k,l", twoFiles), field, "x' or")
	f(post("multipart/form-data; xboundary=k; boundary=\"k,l\"", twoFiles), field, "x' or")
	f(post("multipart/form-data; x=json; boundary=k", "preamble\r\n--k\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx' or\r\n--k--\r\n"), field, "x' or")

	f(part("\r\n filename=\"b\"", ""), field, "x' or")
	f(part(`filename="b"`, "Content-Disposition : form-data; name=c\r\n"), field, "x' or")
	f(part(`filename="b"`, "\nX: y\r\nContent-Disposition: form-data; name=\"c\"\r\n"), field, "x' or")
	f(part(`filename="b"; y=z`, "Content-Transfer-Encoding: quoted-printable\r\n"), field, "x' or")
	f(post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"a\"\r\rx' or\r\n--k--\r\n"), field, "x' or")
	f(post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\nContent-Transfer-Encoding: base64; c\r\n\r\neCcgb3I=\r\n--k--\r\n"), "[post, multipart, 'a', base64, file]", "x' or")
	f(post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\nContent-Type: multipart/mixed; boundary=l\r\n\r\nx' or\r\n--k--\r\n"), "[post, multipart, 'a', file]", "x' or")
	for _, boundaries := range []string{
		"l; boundary*=utf-8''%6B", "l; boundary*1=; boundary*0*=utf-8''%6b", "l; boundary=m; boundary=n; boundary=o; boundary=p; boundary=q; boundary=k",
		"l; xboundary=k", "l, boundary=k", "\"l\\\"; boundary=k; boundary=", "l; x=1BOUNDARY=\"k\"", "\"\\k\"",
	} {
		hidden := "--l\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\n--k\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx' or\r\n--k--\r\n\r\n--l--\r\n"
		f(post("multipart/form-data; boundary="+boundaries, hidden), field, "x' or")
	}
	f(post("multipart/form-data; boundary=l; boundary=k", "--l\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\n--k;x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx' or\r\n--k;x--\r\n\r\n--l--\r\n"), field, "x' or")
	for _, line := range []string{"\n--k\r\n", "\r\n--k\n", "\r\n--k \r\n"} {
		f(post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n"+line+"Content-Disposition: form-data; name=\"a\"; filename=\"c\"\r\n\r\nx' or\r\n--k--\r\n"), field, "x' or")
	}
	f(post("multipart/form-data; boundary=k", "x' or\r--k--"), "[post]", "x' or")
	f(post("multipart/form-data; boundary=l; boundary=m; boundary=k; boundary=n", "--l\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\nx' or"), "[post]",
		"--l\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\nx' or")
	f(post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\ny\r--k\rContent-Disposition: form-data; name=\"a\"\r\rx' or\r\n--k--\r\n"), "[post, multipart, '']", "x' or")
	pad := strings.Repeat("--k\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nc\r\n", 8)
	f(post("multipart/form-data; boundary=k", pad+"--k--\r\n"+pad+"--k--\r\n"+pad+"--k\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx' or\r\n--k--\r\n"), field, "x' or")

	for _, before := range []string{"y", "y-", ""} {
		f(post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\n"+before+"--k\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx' or z--k--\r\n\r\n--k--\r\n"), field, "x' or z")
	}

	f(post("application/x-www-form-urlencoded", "--k\r\nContent-Disposition: form-data; name=\"f\"; filename=\"g\"\r\n\r\n&+a=x'+or\x01\x01&\r\n--k--\r\n"), "[post, form_urlencoded, 'a']", "x' or\x01\x01")

	f("GET /?+a=x'+or HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a']", "x' or")
	f("GET /?a%00b=x'+or HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a']", "x' or")

	const id = "[post, xml, xml_tag, 'r', xml_tag, 'id']"
	f(post("text/xml", "<r><id>x'<b/> o<b/>r</id></r>"), id, "x' or")
	f(post("text/xml", "<r><id>x'<b> o</b>r</id></r>"), id, "x' or")
	f(post("text/xml", "<r><id>x'<b>k</b> o<b>l</b>r</id></r>"), id, "x' or")
	f(post("text/xml", "<r><k><b>y'</b><b> o</b></k><id><b>x'</b><b> or</b></id></r>"), id, "x' or")
	f(post("text/xml", "<r><id><b><c>x'</c></b> <b> o</b><d><e><f>r</f></e></d></id></r>"), id, "x' or")
	many := strings.Repeat("<i>k</i>", maxPieces+maxPieces/2)
	f(post("text/xml", "<r>"+many+"<id>x'"+many+" or</id></r>"), id, "x' or")
	f(post("text/xml", `<!DOCTYPE r [<!ENTITY a "' o"><!ENTITY b "x&a;r">]><r><id>&b;</id></r>`), id, "x' or")
	f("GET /?a=%3Cr%3E%3Cid%3Ex'%3C!----%3E%20or%3C/id%3E%3C/r%3E HTTP/1.1\r\nHost: h\r\n\r\n", "[get, 'a', xml, xml_tag, 'r', xml_tag, 'id']", "x' or")
	f(post("application/json", `{"a":"<p>x'<![CDATA[ or]]></p>"}`), "[post, json_doc, hash, 'a', xml, xml_tag, 'p']", "x' or")
	f(post("application/json", "<!-- --><r><id>x'<b/> or</id></r>"), id, "x' or")
	f(post("", "<r><id>x'<b/> or</id></r>"), "[post]", "<r><id>x'<b/> or</id></r>")

	long := strings.Repeat("n", 300)
	for _, declared := range []string{
		`<?p ' ?>]><r><id>x'<b/> or</id></r>`, `<!-- <!ENTITY a "k"> --><!ENTITY a "x' or">]><r><id>&a;</id></r>`, `<?p <!ENTITY a "k"> ?><!ENTITY a "x' or">]><r><id>&a;</id></r>`,
		`<!ENTITY % a "k"><!ENTITY a "x' or">]><r><id>&a;</id></r>`, `<!ENTITY a "<b/>">]><r><id>x'&a; or</id></r>`, `<!ENTITY a "&#60;b/>">]><r><id>x'&a; or</id></r>`,
		`<!ENTITY a "<!-- -->"><!ENTITY b "&#38;a;">]><r><id>x'&b; or</id></r>`, `<!ENTITY a "<![CDATA[ ]]>">]><r><id>x&#39;&a;or</id></r>`,
		`<!ENTITY ` + long + ` "' ">]><r><id>x&` + long + `;or</id></r>`, `<!ENTITY % d "<!ENTITY a '&#38;#39; '>">%d;]><r><id>x&a;or</id></r>`,
	} {
		f(post("text/xml", `<!DOCTYPE r [`+declared), id, "x' or")
	}
	f(post("text/xml", `<!DOCTYPE r [<!ATTLIST r a CDATA "x' or">]><r/>`), "[post, xml]", "x' or")
	f(post("text/xml", "<!DOCTYPE r [<!ENTITY \"\">]><r><id>x' or</id></r>&"), id, "x' or")
	f(post("text/xml", "<r><id>x'<b/> <b/>or</id></r>"), id, "x' or")
	f(post("text/xml", "<r><id>x'<b> </b><b> </b>or</id></r>"), id, "x' or")
	chain := []byte(`<!ENTITY e0 "' ">`)
	for i := range 20 {
		chain = fmt.Appendf(chain, `<!ENTITY e%d "&e%d;">`, i+1, i)
	}
	f(post("text/xml", "<!DOCTYPE r ["+string(chain)+"]><r><id>x&e20;or</id></r>"), id, "x' or")

	const form, inSet = "application/x-www-form-urlencoded; charset=", "[post, form_urlencoded, 'a', charset]"
	f(post(form+"cp500", "a=%a7%7d%40%96%99"), inSet, "x' or")
	f(post(form+"iso-2022-jp", "a=x'+%1b(Bo%0fr"), inSet, "x' or")
	f(post(form+"hz-gb-2312", "a=x'+o~%0ar"), inSet, "x' or")
	f(post(form+"ccsid01140", "a=%a7%7d%40%96%99"), inSet, "x' or")
	f(post(form+"U7", "a=x+ACc-%20or"), "[post, charset, form_urlencoded, 'a']", "x' or")
	f(post("application/json; charset=utf--7_imap", `{"a":"x&ACc- or"}`), "[post, json_doc, hash, 'a', charset]", "x' or")
	f(post("application/json; charset=utf-7-imap", `{"a":"x&ACc- or"}`), "[post, json_doc, hash, 'a', charset]", "x' or")
	f(post("text/xml", `<?xml version="1.0" encoding="iso-2022-kr"?><r><id>x' `+"o\x0fr</id></r>"), id+"", "x' o\x0fr")
	wide := func(text string) string {
		var out []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			out = append(out, byte(unit>>8), byte(unit))
		}
		return string(out)
	}
	f(post("application/json", wide(`{"Ā":1,"a":"x' or"}`)), "[post, charset, json_doc, hash, 'a']", "x' or")

	const decoded = "[get, 'a', base64]"
	f("GET /?a=JyBvciAx!PTEgLS0g HTTP/1.1\r\nHost: h\r\n\r\n", decoded, "' or 1=1 -- ")
	f("GET /?a=JyBvci.AxPTEgLS0g HTTP/1.1\r\nHost: h\r\n\r\n", decoded, "' or 1=1 -- ")
	f("GET /?a=AScgb3IgMT0xIC0tIA== HTTP/1.1\r\nHost: h\r\n\r\n", decoded, "\x01' or 1=1 -- ")

	f("GET / HTTP/1.1\r\nHost: h\r\nCookie: b=c; a=\"x\\' \\o\\162\"\r\n\r\n", "[header, 'COOKIE', cookie, 'a']", "x' or")
	f("GET / HTTP/1.1\r\nHost: h\r\nCookie: a=\"x\\'; or\"\r\n\r\n", "[header, 'COOKIE', cookie, 'a']", "x'; or")
	for _, head := range []string{"Bearer eyJhbGciOiJub25lIn0", "DPoP eyJhbGciOiJub25lIn0", "Bearer IHsiYWxnIjoibm9uZSJ9", "ewoiYWxnIjoibm9uZSJ9", "Bearer  DQoJIHsiYWxnIjoibm9uZSJ9", "77u_eyJhbGciOiJub25lIn0"} {
		f("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: "+head+".eyJhIjoieCcgb3IifQ.\r\n\r\n", "[header, 'AUTHORIZATION', jwt, jwt_payload, json_doc, hash, 'a']", "x' or")
	}
	blob := func(name, contentType, content string) string {
		return post("multipart/form-data; boundary=k", "--k\r\nContent-Disposition: form-data; name=\"a\""+name+"\r\nContent-Type: "+contentType+"\r\n\r\n"+content+"\r\n--k--\r\n")
	}
	const file = `; filename="blob"`
	f(blob(file, "application/json", wide(`{"Ā":1,"a":"x' or"}`)), "[post, multipart, 'a', file, charset, json_doc, hash, 'a']", "x' or")
	f(blob(file, "application/json", `"x' or"`), "[post, multipart, 'a', file, json_doc]", "x' or")
	f(blob(`; filename="b.json"`, "text/plain", `/**/ {"a":"x' or"}`), "[post, multipart, 'a', file, json_doc, hash, 'a']", "x' or")
	f(blob(file, "application/yaml", `a: "x' or"`), "[post, multipart, 'a', file, lines, hash, 'a']", "x' or")
	f(blob(`; filename="b.yml"`, "application/octet-stream", `a: "x' or"`), "[post, multipart, 'a', file, lines, hash, 'a']", "x' or")
	f(blob(`; filename="b.CSV"`, "text/plain", "k,a\n1,x' or\n"), "[post, multipart, 'a', file, csv, array, 1, hash, 'a']", "x' or")
	f(blob("", "application/yaml", `a: "x' or"`), "[post, multipart, 'a', lines, hash, 'a']", "x' or")
	f(blob("", "application/json", `"x\u0027 or"`), "[post, multipart, 'a', json_doc]", "x' or")
	f(blob("", "text/xml", `<p>x'<b> or</b></p>`), "[post, multipart, 'a', xml, xml_tag, 'p']", "x' or")

	const inner = "--k\r\nContent-Type: application/http\r\n\r\nPOST /i?b=y'+or HTTP/1.1\r\nX-Note: z' or\r\nContent-Type: application/json\r\n\r\n{\"a\":\"x' or\"}\r\n--k--\r\n"
	f(post("multipart/mixed; boundary=k", strings.Replace(inner, "z' or", "z'\r\n or", 1)), "[post, multipart, '', header, 'X-NOTE']", "z'\r\n or")
	batch := post("multipart/mixed; boundary=k", inner)
	f(batch, "[post, multipart, '', json_doc, hash, 'a']", "x' or")
	f(batch, "[post, multipart, '', get, 'b']", "y' or")
	f(batch, "[post, multipart, '', header, 'X-NOTE']", "z' or")
	f("GET /i;a=x'%20or;b=c/d HTTP/1.1\r\nHost: h\r\n\r\n", "[path, 0, hash, 'a']", "x' or")
	f(post("application/json-seq", "\x1e{\"a\":\"x' or\"}\n"), "[post, json_doc, hash, 'a']", "x' or")
	f(post("message/rfc822", "Subject: x' or\r\n\r\ntext\r\n"), "[post, lines, hash, 'Subject']", "x' or")

	f("GET /Items('x''%20or') HTTP/1.1\r\nHost: h\r\n\r\n", "[action_name, array, 0]", "x' or")
	f("GET /?$filter=a%20eq%20'b'%20and%20c%20eq%20'x''%20or' HTTP/1.1\r\nHost: h\r\n\r\n", "[get, '$filter', array, 1]", "x' or")
	f("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic azp4JyBvcg==\r\n\r\n", "[header, 'AUTHORIZATION', base64, hash, 'password']", "x' or")
}

// TestAnomaliesThatAreAttacks holds one that is an attack to its place, however many there are.
func TestAnomaliesThatAreAttacks(t *testing.T) {
	p := take(t, "POST /?"+strings.Repeat("a=%&", 2*maxAnomalies)+" HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\n\r\n<a><b></a>", &Options{})
	if len(p.Anomalies) != maxAnomalies || p.Anomalies[maxAnomalies-1].Reason != BadXML {
		t.Errorf("%d anomalies, %v", len(p.Anomalies), p.Anomalies[len(p.Anomalies)-1].Reason)
	}
}
