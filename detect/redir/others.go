package redir

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// others weighs what a check of a target's beginning does not see: a second host behind
// the first, a path that turns into a host, a target that carries targets.
func others(data []byte, u *url, t *evidence.Tally) {
	if u.scheme && u.slashes == 2 {
		if i := secondName(data, u); i > 0 {
			t.Add(&secondHost, 0, i)
		}
	}
	if data[0] != '/' {
		return
	}
	if h := host.Read(data, 1); u.slashes == 1 && !u.scheme && h.Named() && ends(h.Rest) {
		t.Add(&stepsAfter, 0, len(data))
	}
	if i := bytes.Index(data, []byte("/..//")); i > 0 { // a/..//host, which a router cuts short
		if h := host.Read(data, i+len("/..//")); h.Named() && !file(h.Name) {
			t.Add(&stepsAfter, 0, len(data))
		}
	}
	if query := bytes.IndexByte(data, '?'); query >= 0 {
		if n := sprayed(data[query+1:]); n > 2 {
			t.Add(&spray, query, len(data)-query)
		}
	}
}

// secondName returns the index behind a second host that a backslash or an ampersand
// parts from the first, 0 if there is none.
func secondName(data []byte, u *url) int {
	name, rest := u.h.Name, u.h.Rest
	if i := bytes.IndexByte(name, '&'); i > 0 {
		name, rest = name[:i], data[u.from+len(u.h.User)+i:]
	}
	if len(rest) < 4 || rest[0] != '\\' && rest[0] != '&' || !host.Named(name) {
		return 0
	}
	if h := host.Read(rest, 1); h.Named() && bytes.IndexByte(h.Name, '=') < 0 && !file(h.Name) {
		return len(data) - len(rest) + 1 + len(h.Name)
	}
	return 0
}

// maxPairs bounds the parameters of a target that are looked at.
const maxPairs = 32

// sprayed returns how many parameters of a query hold the same foreign URL.
func sprayed(query []byte) (n int) {
	var first []byte
	for range maxPairs {
		pair, rest, more := bytes.Cut(query, []byte("&"))
		if _, value, ok := bytes.Cut(pair, []byte("=")); ok && foreign(value) {
			if first == nil {
				first = value
			}
			if bytes.Equal(first, value) {
				n++
			}
		}
		if query = rest; !more {
			break
		}
	}
	return n
}

// foreign reports whether a value is a URL of a named host, with or without a scheme.
func foreign(value []byte) bool {
	if len(value) < 4 || !starts(value) && !lex.HasPrefix(value, "http") {
		return false
	}
	u := readURL(value)
	return u.named && (u.scheme || u.slashes > 1)
}

// delimiters end an authority for some readers of a URL: escapes, and slashes of Unicode that
// normalization makes real ones.
var delimiters = []string{"%2f", "%5c", "%23", "%3f", "%40", "%09", "%00", "\u2044", "\u2215", "\uff0f", "\uff3c", "\uff03", "\uff1f"}

// delimited reports whether one stands inside of an authority: https://evil.example%2f.shop.example
func delimited(rest []byte) bool {
	if end := bytes.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	i, _ := lex.First(rest[:min(len(rest), 256)], delimiters)
	return i > 0 && bytes.IndexByte(rest[:i], '.') > 0
}

// absolute weighs a plain absolute URL in a redirect's parameter by what no link of a
// site's own has: a blank in front, steps upwards, a host that begins
// with the name of the own machine.
func (u *url) absolute(data, name []byte, t *evidence.Tally) {
	switch {
	case !forTarget(name) && !isAddress(name):
		return
	case labels(u.h.Name):
		t.AddWeight(&secondHost, evidence.Threshold, 0, u.from+len(u.h.Name))
	case !forTarget(name):
		return
	case len(u.h.User) > 0 && bytes.Count(u.h.User, []byte(".")) > 1 && host.Named(beforeColon(u.h.User)):
		t.AddWeight(&userinfo, evidence.Threshold, 0, u.from+len(u.h.User)+len(u.h.Name))
	case data[0] == ' ':
		t.AddWeight(&encoded, evidence.Threshold, 0, u.from)
	case string(u.h.Rest) == `\`:
		t.AddWeight(&slashes, evidence.Threshold, 0, len(data))
	case lex.HasPrefix(u.h.Name, "localhost.") && bytes.Count(u.h.Name, []byte(".")) > 1, lex.HasPrefix(u.h.Name, "127.0.0.1.") && host.Named(u.h.Name):
		t.AddWeight(&secondHost, evidence.Threshold, 0, u.from+len(u.h.Name))
	case lex.Contains(u.h.Rest, "/..%2f") || lex.Contains(u.h.Rest, "/%2e%2e%2f") || lex.Contains(u.h.Rest, "/%2e%2e/") || bytes.Contains(u.h.Rest, []byte("/../")):
		t.AddWeight(&stepsAfter, evidence.Threshold, 0, len(data))
	}
}

// hostField finds a user in a field that names the host, in which none belongs, and from which
// applications make links: own.example:80@evil.example
func hostField(data, field []byte, t *evidence.Tally) {
	if !lex.OneOf(field, "host", "x-host", "x-forwarded-host", "x-original-host", "x-forwarded-server", "x-http-host-override") {
		return
	}
	if h := host.Read(data, 0); len(h.User) > 0 && h.Named() && host.Named(beforeColon(h.User)) {
		t.Add(&userinfo, 0, len(h.User)+1+len(h.Name))
	}
}

func beforeColon(user []byte) []byte {
	name, _, _ := bytes.Cut(user, []byte(":"))
	return name
}

// firstLabels begin hosts where people log in.
var firstLabels = []string{"www.", "accounts.", "account.", "login.", "auth.", "secure.", "signin."}

// labels reports whether a whole host with its domain stands in front of another one:
// www.shop.com.evil.net
func labels(name []byte) bool {
	n := lex.PrefixLength(name, firstLabels)
	if n == 0 || delivers(name) {
		return false
	}
	_, rest, ok := bytes.Cut(name[n:], []byte("."))
	for ok {
		var label []byte
		if label, rest, ok = bytes.Cut(rest, []byte(".")); ok && lex.OneOf(label, "com", "net", "org", "info", "example") {
			return bytes.IndexByte(rest, '.') > 0
		}
	}
	return false
}

// hostOnly cuts the port off a Host field.
func hostOnly(own []byte) []byte {
	if i := bytes.LastIndexByte(own, ':'); i > 0 {
		own = own[:i]
	}
	return own
}

// pretends reports whether a foreign URL holds the name of the own host where a check of
// a target's beginning or end would find it: as labels in front, https://own.evil, or
// behind the mark that ends the host, https://evil#own.
func (u *url) pretends(own []byte) bool {
	own = hostOnly(own)
	if !host.Named(own) || len(own) < minOwn {
		return false
	}
	name, rest := u.h.Name, u.h.Rest
	if behind(u.h.Name, u.h.Port, rest, own) {
		return true
	}
	if user := u.h.User; begins(user, own) && len(user) > len(own) && user[len(own)] == ':' {
		return true
	}
	if begins(name, own) && len(name) > len(own)+1 {
		switch more := name[len(own)+1:]; name[len(own)] {
		case '.':
			return host.Named(more) && !delivers(more)
		case '-', '_', '&':
			return true
		default: // own.exampleevil.example
			return bytes.IndexByte(more, '.') > 1
		}
	}
	if len(rest) < 2 || begins(name, own) {
		return len(rest) > 1 && rest[0] == ',' && host.Named(rest[1:])
	}
	if rest[0] == '/' && (rest[1] == '?' || rest[1] == '#') {
		rest = rest[1:]
	}
	if rest[0] == '/' && rest[1] == '@' {
		return begins(rest[2:], own)
	}
	if bytes.IndexByte([]byte("#?;&\\"), rest[0]) < 0 {
		return false
	}
	rest = bytes.TrimLeft(rest[1:], "./@")
	for _, scheme := range [...]string{"https://", "http://"} {
		if lex.HasPrefix(rest, scheme) {
			rest = rest[len(scheme):]
		}
	}
	return begins(rest, own) && (len(rest) == len(own) || rest[len(own)] == '/')
}

// behind reports whether the own host stands behind a foreign one as its labels, as its
// port, or behind marks that only some readers take for the end of a host: a.own.evil,
// evil:own, evil^own, evil'.own
func behind(name, port, rest, own []byte) bool {
	if i := bytes.Index(name, own); i > 0 && len(name) > i+len(own) && (name[i-1] == '.' || name[i-1] == '-') {
		more := name[i+len(own):]
		return (more[0] == '.' || more[0] == '-') && !delivers(more)
	}
	if begins(port, own) {
		return true
	}
	i := 0
	for i < len(rest) && i < maxMarks && point.ClassOf[rest[i]]&(point.Alpha|point.Digit) == 0 && rest[i] != '/' && rest[i] != '?' && rest[i] != '#' {
		i++
	}
	return i > 0 && host.Named(name) && begins(rest[i:], own)
}

// maxMarks bounds the marks between two hosts.
const maxMarks = 5

// delivers reports whether a domain is one below which networks that deliver contents put
// the names of their customers.
func delivers(domain []byte) bool {
	return lex.SuffixLength(domain, []string{"amazonaws.com", "cloudflare.net", "edgekey.net", "edgesuite.net", "akamaized.net", "akamai.net", "azureedge.net", "azurefd.net", "cloudfront.net", "fastly.net", "b-cdn.net", "translate.goog", "netlify.app", "vercel.app", "herokudns.com", "cdn77.org"}) > 0
}

// sameSite reports whether a URL leads to the own host or to one below it.
func (u *url) sameSite(own []byte) bool {
	own = hostOnly(own)
	name := u.h.Name
	if len(own) < minOwn || len(name) < len(own) || len(u.h.User) > 0 || !begins(name[len(name)-len(own):], own) {
		return false
	}
	return len(name) == len(own) || name[len(name)-len(own)-1] == '.'
}

// leaves reports whether two slashes and another host stand behind the own one, which a
// server that cuts the own host off sends along: https://own//evil.example
func (u *url) leaves() bool {
	rest := bytes.TrimPrefix(u.h.Rest, []byte("/.."))
	if len(rest) < 4 || rest[0] != '/' || rest[1] != '/' && rest[1] != '\\' {
		return false
	}
	h := host.Read(rest, len(rest)-len(bytes.TrimLeft(rest, "/\\")))
	return h.Named() && !file(h.Name)
}

// malformed reports whether a name is none, and readers make one of it: behind or in front
// of a bracket of an address, behind a dot, in front of a mark and the own host, as in
// https://[evil.example and https://evil.example^own.example
func (u *url) malformed(own []byte) bool {
	name, own := u.h.Name, hostOnly(own)
	if u.scheme && len(name) > 4 && name[0] == '.' && host.Named(name[1:]) {
		return true
	}
	if i := bytes.IndexAny(name, "^*$~!()[]="); i > 0 && host.Named(name[:i]) && len(own) >= minOwn && bytes.Contains(name[i:], own) {
		return true
	}
	if user := u.h.User; len(user) > 2 && user[0] == '[' {
		return true
	}
	bare := bytes.Trim(name, "[]")
	return len(bare) < len(name) && host.Named(bare)
}

// international reports whether a name of several labels holds letters of other alphabets.
func international(name []byte) bool {
	dot := bytes.LastIndexByte(name, '.')
	if dot < 1 || len(name)-dot < 3 || point.Classify(name)&^(point.Alpha|point.Digit|point.Dot|point.Dash|point.High) != 0 {
		return false
	}
	return point.Classify(name)&point.High != 0 && (lex.Letter(name[dot+1]) || name[dot+1] >= 0x80)
}

// unseen reports whether a text begins with a mark of three bytes that nobody sees: joiners,
// marks of direction, the order of bytes.
func unseen(s []byte) bool {
	if len(s) < 3 {
		return false
	}
	switch {
	case s[0] == 0xe2 && s[1] == 0x80:
		return 0x8b <= s[2] && s[2] <= 0x8f || 0xa8 <= s[2] && s[2] <= 0xae
	case s[0] == 0xe2 && s[1] == 0x81:
		return 0xa0 <= s[2] && s[2] <= 0xaf
	}
	return s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf
}

// minOwn is the least length of a host's name that other names do not hold by chance.
const minOwn = 6

// begins reports whether a name begins with another one, ASCII case ignored.
func begins(name, with []byte) bool {
	return len(name) >= len(with) && bytes.EqualFold(name[:len(with)], with)
}

// entities are slashes as HTML writes them.
var entities = []string{"&#47;", "&#x2f;", "&sol;", "&#92;", "&#x5c;", "&bsol;", "&#047;"}

// entity returns the length of a slash that is written as HTML does.
func entity(s []byte) int {
	if s[0] != '&' {
		return 0
	}
	return lex.PrefixLength(s, entities)
}
