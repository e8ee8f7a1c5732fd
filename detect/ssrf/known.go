package ssrf

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// playlist reports whether a value is a list of what a converter of media reads, each in
// a line of its own.
func playlist(data []byte) bool {
	return lex.HasPrefix(data, "#extm3u") || lex.HasPrefix(data, "ffconcat version")
}

// forwardedHost reports whether a header field names the host that an application builds
// its links with.
func forwardedHost(name []byte) bool {
	return lex.OneOf(name, "x-forwarded-host", "x-host", "x-forwarded-server", "x-original-host")
}

// maxUp bounds how far above a value the call may stand.
const maxUp = 16

// called reports whether a value is a parameter of a call in XML, or the address of a picture:
// servers fetch what pingbacks name and what they draw.
func called(r point.Ref, tree *point.Tree) bool {
	for n := 0; r != 0 && n < maxUp; n++ {
		if lex.Equal(tree.Name(r), "methodcall") {
			return true
		}
		if n > 0 && tree.Tag(r) == point.XMLTag && lex.OneOf(tree.Name(r), "image", "use", "feimage", "svg:image", "fo:external-graphic") { // which renderers of pictures and pages fetch
			return true
		}
		r = tree.Parent(r)
	}
	return false
}

// sourced reports whether a value is what a program of Java or PHP is to read XML from, by the names
// of its own object: sourceData { data, dataIsURL } (CVE-2024-34102).
func (s *scan) sourced() bool {
	return lex.Equal(s.tree.Name(s.v.Ref), "data") && lex.Equal(s.tree.Name(s.tree.Parent(s.v.Ref)), "sourcedata")
}

// autodiscover is the address of Exchange whose front end takes what stands behind it for
// the address of the back end (CVE-2021-34473).
const autodiscover = "autodiscover/autodiscover.json"

// discover finds that address with another one behind it.
func (s *scan) discover() {
	if s.v.Kind != point.Text {
		return
	}
	if at := bytes.IndexByte(s.data, '@'); at > 0 && s.v.Classes&(point.Space|point.Newline) == 0 {
		if lex.SuffixLength(s.data[at:], []string{"/powershell", "/powershell/", "/mapi/nspi", "/mapi/nspi/", "/ews/exchange.asmx"}) > 0 || lex.Contains(s.data[at:], "/powershell/?") {
			s.keepSign(&userTrick, len(s.data))
			return
		}
	}
	if !lex.HasPrefix(s.data, autodiscover) {
		return
	}
	if rest := s.data[len(autodiscover):]; len(rest) > 2 && (rest[0] == '?' || rest[0] == '%' || rest[0] == '/') && (bytes.IndexByte(rest, '@') > 0 || bytes.Contains(rest, []byte(".."))) {
		s.keepSign(&userTrick, len(s.data))
	}
}

// share finds the network path of a script, which a server of Windows includes.
func (s *scan) share() {
	data := s.data
	if !s.v.Kind.Free() || !bytes.HasPrefix(data, []byte(`\\`)) || s.v.Classes&(point.Space|point.Newline) != 0 {
		return
	}
	h := host.Read(data, 2)
	ip, _, numbered := h.Address()
	dot := bytes.LastIndexByte(data, '.')
	if (numbered && !host.Private(ip) || h.Named() && !host.Inner(h.Name)) && dot > h.Off+len(h.Name) && lex.OneOf(data[dot+1:], scripts[:]...) {
		s.keepSign(&cutInclude, len(data))
	}
}

// scripts are extensions of what the server that includes them executes.
var scripts = [...]string{"php", "php5", "phtml", "phar", "asp", "aspx", "jsp", "cfm"}

// keepSign keeps a single sign about the beginning of the value.
func (s *scan) keepSign(sign *evidence.Sign, n int) {
	var t evidence.Tally
	t.Reset(s.best.Type, evidence.URLScheme)
	t.Add(sign, 0, n)
	if t.Score() > s.best.Score() {
		*s.best = t
	}
}
