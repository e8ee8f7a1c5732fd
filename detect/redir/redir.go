// Package redir finds URLs that are written so that a check of a redirect's target
// does not see where they lead.
//
// A plain absolute URL in a parameter is what applications pass around and is no
// evidence; whether it became a redirect is for the response to say. Evasive forms
// are: /\host, https:host, ////host, //own@host, steps behind the host that keep a
// router from adding a slash, dots of other alphabets.
package redir

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

const maxValue = 2 << 10

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	slashes    = evidence.Sign{Stamp: 11001, Name: "odd-slashes", Text: "slashes and backslashes that clients repair into a foreign URL", Weight: 8}
	relative   = evidence.Sign{Stamp: 11002, Name: "scheme-relative", Text: "a URL of a foreign host without a scheme", Weight: 5}
	target     = evidence.Sign{Stamp: 11003, Name: "redirect-parameter", Text: "the parameter names a redirect's target", Weight: 3}
	stepsAfter = evidence.Sign{Stamp: 11004, Name: "steps-behind-host", Text: "a foreign URL that ends in steps upwards, against routers that add a slash", Weight: 8}
	userinfo   = evidence.Sign{Stamp: 11005, Name: "host-as-user", Text: "one host stands in front of an @ and another behind it", Weight: 8}
	otherDots  = evidence.Sign{Stamp: 11006, Name: "other-dots", Text: "dots of another alphabet in a host", Weight: 8}
	noSlashes  = evidence.Sign{Stamp: 11007, Name: "missing-slashes", Text: "a scheme without the slashes in front of a foreign host", Weight: 5}
	suffix     = evidence.Sign{Stamp: 11009, Name: "host-suffix", Text: "a dot or an @ and a host, to be joined to a trusted host", Weight: 8}
	secondHost = evidence.Sign{Stamp: 11010, Name: "second-host", Text: "a host ends at a mark behind which another one stands, for checks that look for a trusted name", Weight: 8}
	encoded    = evidence.Sign{Stamp: 11008, Name: "encoded-authority", Text: "slashes, blanks or the host are encoded once more", Weight: 8}
	spray      = evidence.Sign{Stamp: 11011, Name: "redirect-spray", Text: "the same foreign URL in three or more parameters of one target", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{slashes, relative, target, stepsAfter, userinfo, otherDots, noSlashes, encoded, suffix, secondHost, spray}

// Gate reports whether a value can be a redirect's target.
func Gate(v *point.Value) bool {
	return isTarget(v) || mendable(v)
}

// isTarget reports whether a value begins as targets do.
func isTarget(v *point.Value) bool {
	if v.Classes&(point.Slash|point.Backslash|point.Colon|point.Dot) == 0 || len(v.Data) < 6 || v.Classes&point.Less != 0 && !bracketed(v.Data) {
		return false
	}
	switch v.Kind { //nolint:exhaustive // the others are no targets
	case point.Key:
		return (v.Data[0] == '/' || v.Data[0] == '\\') && (v.Data[1] == '/' || v.Data[1] == '\\') && v.Classes&(point.Newline|point.Space|point.Control|point.Equal) == 0
	case point.Text, point.CookieText, point.XMLText, point.Segment:
		if v.Classes&(point.Newline|point.Space|point.Control) != 0 && !hasLead(v.Data) {
			return false
		}
		return starts(v.Data) || v.Data[0] == '/' && (v.Classes&(point.Equal|point.Ampersand) == point.Equal|point.Ampersand || ends(v.Data) || bytes.Contains(v.Data, []byte("/..//")))
	case point.HeaderText: // a host behind another one
		return v.Classes&(point.HashAt|point.Space) == point.HashAt
	case point.WholePath:
		return v.Data[1] == '/' || v.Data[1] == '\\' || v.Data[1] == '%' || v.Data[1] == '.' && v.Data[2] == '/' && v.Data[3] == '/' || ends(v.Data)
	}
	return false
}

// starts looks at the first bytes: two slashes of any kind, an escape, or a scheme.
func starts(s []byte) bool {
	switch s[0] {
	case '/', '\\':
		return s[1] == '/' || s[1] == '\\' || s[1] == '%' || s[1] < ' ' || s[1] == 'h' || s[1] == 'H' || s[1] == '.' || s[1] == '<' || s[1] == ';' || s[1] == '@' || s[1] >= 0xc2
	case '%', 'h', 'H', '.', '@', ':', 0xe2, 0xe3, 0xef, '<':
		return true
	case '&':
		return entity(s) > 0
	}
	return s[0] <= ' '
}

// maxLead bounds where blanks and control bytes may stand that clients drop, maxTarget
// the targets that may hold any.
const maxLead, maxTarget = 3, 256

// hasLead reports whether blanks and control bytes stand at the beginning only, where
// clients drop them, or cut a host off: a text has more.
func hasLead(s []byte) bool {
	s = bytes.TrimRight(s, "\t\r\n")
	for len(s) > 1 && s[0] < ' ' && s[1] < ' ' { // several are dropped as one is
		s = s[1:]
	}
	if len(s) > maxTarget || len(s) < maxLead {
		return false
	}
	for i, c := range s[:maxLead] {
		if c == ' ' && i > 0 && s[i-1] != ' ' || c == '\t' && i == 2 && s[1] == '/' {
			return false // a remark
		}
	}
	for i, c := range s[maxLead:] {
		if before := s[i+maxLead-1]; (c == '\r' || c == '\n') && (before == ':' || before == '\r' || before == '\n') && bytes.Contains(s[i+maxLead:min(len(s), i+maxLead+6)], []byte("//")) {
			continue // behind a scheme
		}
		if c == '\r' && bytes.HasPrefix(s[i+maxLead+1:], []byte("\n.")) {
			continue
		}
		if c <= ' ' && (c != 0 && (c == ' ' || i+maxLead+1 == len(s) || s[i+maxLead+1] != '.')) {
			return false
		}
	}
	return true
}

// bracketed reports whether a value begins with <>, which some clients drop.
func bracketed(s []byte) bool {
	return s[0] == '<' && s[1] == '>' || s[0] == '/' && s[1] == '<' && s[2] == '>'
}

// ends reports whether a value ends with an encoded slash and a step upwards.
func ends(s []byte) bool {
	return lex.HasSuffix(s, "%2f%2e%2e") || lex.HasSuffix(s, "%2f..") || lex.HasSuffix(s, "%2f%2e%2e%2f")
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.Redir, evidence.URLScheme)
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Kind == point.HeaderText {
		hostField(data, tree.Name(v.Ref), best)
		return
	}
	name, again := parameter(v, tree)
	if isTarget(v) {
		read(data, v, tree, name, again, best)
	}
	if best.Score() < evidence.Threshold && mendable(v) && (forTarget(name) || isAddress(name)) {
		mended(v, name, tree.Host, best)
	}
}

// read weighs a target as it stands; again says that it was encoded once more than its place
// asks for.
func read(data []byte, v *point.Value, tree *point.Tree, name []byte, again bool, best *evidence.Tally) {
	u := readURL(data)
	if hidden(data, &u) {
		best.Add(&encoded, 0, u.from)
	}
	if v.Kind != point.WholePath && v.Kind != point.Segment {
		others(data, &u, best)
	} else if h := host.Read(data, 1); v.Kind == point.WholePath && u.slashes == 1 && !u.scheme && h.Named() && ends(h.Rest) {
		best.Add(&stepsAfter, 0, len(data))
	}
	if joined(data) && forTarget(name) {
		best.Add(&suffix, 0, len(data))
	}
	if len(u.h.User)+len(u.h.Name)+len(u.h.Port) >= host.MaxAuthority && u.slashes >= 2 && forTarget(name) { // whose host is beyond
		best.Add(&userinfo, 0, len(data))
		best.Add(&target, 0, u.from)
	}
	if !u.named {
		if u.slashes == 2 && v.Kind != point.CookieText && forTarget(name) && (u.scheme && (u.malformed(tree.Host) || delimited(data[u.from:])) || bytes.HasPrefix(u.h.Rest, []byte("\x00."))) {
			best.AddWeight(&secondHost, evidence.Threshold, 0, u.from+len(u.h.Name))
		}
		return
	}
	same := u.sameSite(tree.Host)
	u.weigh(data, same, best)
	if u.scheme && u.slashes == 2 && !same && best.Score() < evidence.Threshold {
		u.absolute(data, name, best)
	}
	if best.Score() < evidence.Threshold && v.Kind != point.CookieText && (forTarget(name) || isAddress(name)) && (u.pretends(tree.Host) || same && u.leaves() || u.malformed(tree.Host) || u.scheme && u.slashes == 2 && delimited(data[u.from:])) {
		best.AddWeight(&secondHost, evidence.Threshold, 0, u.from+len(u.h.Name))
	}
	switch {
	case v.Kind == point.WholePath || v.Kind == point.Segment:
		if v.Kind == point.WholePath && (doubled(&u) || data[0] == '/' && data[1] == '.' && u.slashes == 2 && u.named && bytes.HasSuffix(u.h.Rest, []byte("/.."))) {
			best.Add(&stepsAfter, 0, len(data))
		}
		if best.Count(stepsAfter.Stamp)+best.Count(encoded.Stamp)+best.Count(userinfo.Stamp) == 0 && !u.backslash {
			best.Cap(0) // a doubled slash in a path is a slip of the pen
		}
	case best.Count(relative.Stamp)+best.Count(noSlashes.Stamp) > 0 && (v.Kind == point.Key && tree.Tag(v.Ref) == point.Get || best.Count(noSlashes.Stamp) > 0 && tree.Tag(v.Ref) == point.Get && isAddress(name) || forTarget(name) || again && !u.scheme && !file(u.h.Rest)):
		best.Add(&target, 0, u.from)
	}
}

// parameter returns the name of the parameter that a value belongs to, and whether the
// value was encoded once more than its place asks for.
func parameter(v *point.Value, tree *point.Tree) (name []byte, again bool) {
	r := v.Ref
	for {
		switch tree.Tag(r) {
		case point.Percent, point.Charset: // full-width slashes
			again = true
		case point.Array:
		default:
			return tree.Name(r), again
		}
		if tree.Parent(r) == 0 {
			return nil, again
		}
		r = tree.Parent(r)
	}
}

// joined reports whether a value is a dot or an @ and a host.
func joined(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("/")) // a router may add it
	data = bytes.TrimPrefix(data, []byte(":")) // the end of a port
	return len(data) > 1 && (data[0] == '.' || data[0] == '@') && host.Named(bytes.TrimRight(data[1:], "/")) && !file(data)
}

// file reports whether a name ends like a file rather than like a host.
func file(name []byte) bool {
	return lex.SuffixLength(name, []string{".php", ".html", ".htm", ".asp", ".aspx", ".jsp", ".js", ".css", ".png", ".jpg", ".gif", ".svg", ".xml", ".txt", ".json", ".pdf", ".ico", ".md"}) > 0
}

// doubled reports whether a path is two slashes, a host, and two slashes again, which a
// server that adds or removes one sends along.
func doubled(u *url) bool {
	return u.slashes >= 2 && !u.scheme && bytes.HasPrefix(u.h.Rest, []byte("//")) && !file(u.h.Name)
}

// hidden reports whether the scheme, or ASCII letters of the host behind it, are
// encoded for no other reason than to be overlooked.
func hidden(data []byte, u *url) bool {
	if lex.HasPrefix(data, "%68%74%74%70") {
		return true
	}
	name := u.h.Name
	if !u.scheme || u.slashes < 2 || len(name) < 9 || name[0] != '%' {
		return false
	}
	high := name[1] >= '3' && name[1] <= '7'
	return high && name[3] == '%' && name[4] >= '3' && name[4] <= '7'
}

// url is the beginning of a URL as clients read it.
type url struct {
	h         host.Host
	from      int // of the authority
	slashes   int
	lead      int // slashes in front of the scheme
	scheme    bool
	backslash bool
	backward  int // backslashes among the slashes
	escaped   bool
	named     bool // leads to a named or numbered host
}

// readURL skips what clients skip in front of a host.
func readURL(data []byte) (u url) {
	i := u.drop(data, u.steps(data))
	for i < len(data) && (data[i] == '/' || data[i] == '\\') {
		u.mark(data[i])
		i = u.drop(data, i+1)
	}
	u.lead = u.slashes
	for _, s := range [...]string{"https:", "http:", "ftp:"} {
		if lex.HasPrefix(data[i:], s) {
			u.scheme = true
			i += len(s)
			u.slashes, u.backward = 0, 0
			break
		}
	}
	i = u.skip(data, i)
	u.from, u.h = i, host.Read(data, i)
	_, _, numbered := u.h.Address()
	u.named = u.h.Named() || u.slashes > 1 && host.Named(bytes.TrimSuffix(u.h.Name, []byte("."))) || numbered && (u.slashes > 1 || u.scheme && !port(u.h.Name)) || otherDot(u.h.Name) || u.slashes > 1 && !u.scheme && international(u.h.Name)
	return u
}

// port reports whether what follows a scheme at once may be the number of a port, as health checks name it: HTTP:80/ping
func port(name []byte) bool {
	return len(name) <= len("65535") && !bytes.ContainsFunc(name, func(r rune) bool { return r < '0' || r > '9' })
}

// drop steps over what clients drop: control bytes, and marks that nobody sees.
func (u *url) drop(data []byte, i int) int {
	for i < len(data) {
		n := 0
		switch c := data[i]; {
		case c <= ' ':
			n = 1
		case bytes.HasPrefix(data[i:], []byte("\u00ad")):
			n = 2
		case bytes.HasPrefix(data[i:], []byte("\u3031")), bytes.HasPrefix(data[i:], []byte("\u3033")), bytes.HasPrefix(data[i:], []byte("\u3035")), bytes.HasPrefix(data[i:], []byte("\u309d")): // that some fold to a slash
			n = 3
			u.slashes = max(u.slashes, 2)
		case unseen(data[i:]):
			n = 3
		}
		if n == 0 {
			break
		}
		u.escaped = u.escaped || data[i] != ' '
		i += n
	}
	return i
}

// steps returns where two slashes begin that steps on the spot or upwards stand in front
// of: ./\/host, /..//host.
func (u *url) steps(data []byte) int {
	i, dots := 0, 0
	for i < len(data) && (data[i] == '/' || data[i] == '\\' || data[i] == '.' || data[i] == ';' && i > 0) {
		if data[i] == '.' || data[i] == ';' {
			dots++
		}
		i++
	}
	if dots == 0 || dots > 4 || i < 3 || data[i-1] == '.' || data[i-2] == '.' || data[i-1] == ';' || data[i-2] == ';' {
		return 0
	}
	return i - 2
}

func (u *url) mark(c byte) {
	u.slashes++
	if c == '\\' {
		u.backslash = true
		u.backward++
	}
}

// skip steps over slashes, backslashes, tabs and escapes of them.
func (u *url) skip(data []byte, i int) int {
	for i < len(data) {
		switch rest := data[i:]; {
		case data[i] == '/' || data[i] == '\\':
			u.mark(data[i])
			i++
		case bytes.HasPrefix(rest, []byte("<>")):
			u.escaped = true
			i += 2
		case entity(rest) > 0:
			u.escaped = true
			u.slashes++
			i += entity(rest)
		case data[i] == '\t' || (data[i] == '\r' || data[i] == '\n') && u.scheme && u.slashes == 0 || data[i] == ';' && (u.slashes > 1 || u.scheme) || data[i] == '@' && u.slashes > 1:
			u.escaped = true
			i++
		case lex.HasPrefix(rest, "%2f") || lex.HasPrefix(rest, "%5c") || lex.HasPrefix(rest, "%09") || lex.HasPrefix(rest, "%0d") || lex.HasPrefix(rest, "%0a"):
			u.escaped = true
			u.slashes++
			i += 3
		default:
			return i
		}
	}
	return i
}

// threeWords reports whether a name is an address of what3words behind its three slashes:
// ///filled.count.soap
func threeWords(name []byte) bool {
	if bytes.Count(name, []byte(".")) != 2 {
		return false
	}
	for word := range bytes.SplitSeq(name, []byte(".")) {
		if len(word) < 4 || point.Classify(word) != point.Alpha {
			return false
		}
	}
	return true
}

// weigh adds the evidence of a URL that leads to another host.
func (u *url) weigh(data []byte, same bool, t *evidence.Tally) {
	end := u.from + len(u.h.User) + len(u.h.Name)
	foreign := u.slashes >= 2 || u.scheme
	switch {
	case !foreign && !u.backslash:
		return
	case same && !u.escaped && !u.backslash && u.slashes == 2:
	case u.escaped && (u.slashes >= 2 || u.scheme):
		t.Add(&encoded, 0, end)
	case u.backward == 2 && u.slashes == 2 && u.scheme:
		t.Add(&noSlashes, 0, end) // as people type them
	case u.backward == 2 && u.slashes == 2:
		if ip, _, ok := u.h.Address(); ok && !host.Private(ip) { // a share of the open network
			t.Add(&slashes, 0, end)
			break
		}
		t.Add(&relative, 0, end) // a share of a network
	case u.scheme && u.lead == 0 && u.slashes == 4 && bytes.HasPrefix(data[bytes.IndexByte(data, ':')+1:], []byte(`\/\/`)):
		t.Add(&noSlashes, 0, end) // slashes as JSON escapes them
	case u.backslash && (u.slashes >= 2 || u.scheme):
		t.Add(&slashes, 0, end)
	case u.slashes == 3 && !u.scheme && threeWords(u.h.Name) && len(u.h.Rest) == 0:
		t.Add(&relative, 0, end)
	case u.slashes > 2, u.scheme && u.lead > 0:
		t.Add(&slashes, 0, end)
	case u.scheme && u.slashes < 2 && u.lead == 0:
		t.Add(&noSlashes, 0, end)
	case u.scheme && u.lead == 1 && u.slashes > 1: // /https://host: no path of the site's own
		t.Add(&slashes, 0, end)
	case !u.scheme && u.slashes == 2, u.scheme && u.lead == 1:
		t.Add(&relative, 0, end)
	}
	if stepsBehind(u.h.Rest) {
		t.Add(&stepsAfter, 0, len(data))
	}
	if len(u.h.User) > 0 && (host.Named(nameOf(u.h.User)) || len(u.h.User) > 0 && !u.scheme) {
		t.Add(&userinfo, 0, end)
	}
	if otherDot(u.h.Name) {
		t.Add(&otherDots, 0, end)
	}
	if another(u.h.Rest) {
		t.Add(&secondHost, 0, end)
	}
}

// another reports whether a host stands behind the mark that ends the first.
func another(rest []byte) bool {
	if len(rest) < 4 || bytes.IndexByte([]byte(";|&#?\\\x00\n\r"), rest[0]) < 0 {
		return false
	}
	name := bytes.TrimLeft(rest[1:], ".@")
	if rest[0] == '?' && rest[1] == '.' && host.Named(name) { // for checks of the end
		return true
	}
	end := bytes.IndexByte(name, '/')
	if end < 0 {
		if rest[0] == '#' || rest[0] == '?' {
			return false // a section, a query
		}
		end = len(name)
	}
	return host.Named(name[:end]) && !file(name[:end])
}

// nameOf cuts off, of a host that is in the place of a user, its port and the mark by which
// it pretends to end: own.example:443@, own.example%2f@, own.example&@.
func nameOf(user []byte) []byte {
	name, port, _ := bytes.Cut(user, []byte(":"))
	switch string(port) {
	case "", "80", "443", "8080", "8443":
	default:
		return user
	}
	if i := bytes.IndexAny(name, "%&;,!$*[]"); i > 0 && (name[i] != '%' || lex.HasPrefix(name[i:], "%2f") || lex.HasPrefix(name[i:], "%5c") || lex.HasPrefix(name[i:], "%3f") || lex.HasPrefix(name[i:], "%23") || lex.HasPrefix(name[i:], "%00") || lex.HasPrefix(name[i:], "%25")) {
		return name[:i]
	}
	return name
}

// otherDot finds U+3002, U+FF0E and U+FF61 in a host.
func otherDot(name []byte) bool {
	return bytes.Contains(name, []byte("\u3002")) || bytes.Contains(name, []byte("\uff0e")) || bytes.Contains(name, []byte("\uff61"))
}

// stepsBehind reports whether a path ends in a step upwards, encoded or not.
func stepsBehind(rest []byte) bool {
	if len(rest) == 0 || rest[0] != '/' && rest[0] != '\\' {
		return false
	}
	return bytes.HasPrefix(rest, []byte("/..;/")) || lex.SuffixLength(rest, []string{"/..", "/%2e%2e", "/%2e%2e%2f", "/%2f..", "/%2f%2e%2e", "/../", "//.."}) > 0
}

// isAddress reports whether a parameter's name says no more than that it is a URL.
func isAddress(name []byte) bool {
	return lex.Equal(name, "url") || lex.Equal(name, "uri") || lex.Equal(name, "link") || lex.Equal(name, "u")
}

// forTarget reports whether a parameter's name says that it is a redirect's target.
func forTarget(name []byte) bool {
	if i, _ := lex.First(name, []string{"redirect", "return", "goto", "continue", "forward", "redir", "callback", "logout_ur", "logouturl", "logout_to", "nexturl", "next_ur", "next_page", "nextpage", "login_ur", "loginurl", "success_ur", "successurl", "fallback", "cancel_ur", "cancelurl", "back_ur", "backurl", "back_to", "backto", "after_", "landing", "destination", "failure_ur", "failureurl", "error_ur", "exit_ur", "exiturl"}); i >= 0 {
		return true
	}
	return lex.OneOf(name, "next", "dest", "destination", "rurl", "back", "backurl", "checkout_url", "success_url", "logout", "out", "target", "to", "go", "jump", "nexturl", "next_url", "wantsurl", "os_destination", "relaystate", "came_from", "cancel_url", "cancelurl", "successurl", "failurl", "success", "failure", "cancel", "returl", "from", "service", "ru", "location", "ret", "rd", "dst", "referer", "referrer", "refurl", "ref_url", "followup", "finish", "exit", "leave", "tourl", "to_url", "openurl", "goback", "requesturl", "origin_url", "r", "clickurl", "adurl", "desturl", "dest_url", "thankyou")
}
