// Package ssrf finds URLs that make a server call where it should not: the cloud's
// metadata, inner addresses in disguise, schemes that speak to other services.
//
// A URL counts where a fetcher would take it: at the start of the value, or in a
// value without blanks. A plain URL is no evidence, and a plain inner URL is only
// suspicious, because developers and webhooks use them; a parameter that names
// something to fetch, or an inner service, makes it an attack.
package ssrf

import (
	"bytes"
	"net/netip"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue = point.MaxRead
	maxURLs  = 8
	// maxListed bounds the URLs of a list or a page, maxRest what is read behind the host of each.
	maxListed = 128
	maxRest   = 1 << 10
	longName  = 1 << 10 // bytes that no parameter's name has
)

// Gate reports whether a value can hold a URL or a host.
func Gate(v *point.Value) bool {
	switch v.Kind { //nolint:exhaustive // the others can
	case point.Number, point.FileHead, point.FileName, point.UserAgent, point.GQLDocument, point.JSONKey:
		return false
	case point.Document: // nothing but a URL
		return v.Classes&(point.Colon|point.Slash) == point.Colon|point.Slash && v.Classes&(point.Space|point.Newline|point.Less|point.Brace|point.Control) == 0
	}
	if len(v.Data) < 6 {
		return false
	}
	if v.Kind == point.WholePath {
		return v.Classes&point.Colon != 0
	}
	if v.Kind == point.Referer {
		return v.Classes&point.Colon != 0 && (numbered(v.Data, len("http://")) || numbered(v.Data, len("https://")))
	}
	if v.Classes&(point.Slash|point.Bracket) == 0 && dated(v.Data) {
		return false
	}
	return v.Classes&(point.Colon|point.Slash) == point.Colon|point.Slash || v.Classes&point.Dot != 0 || v.Classes&point.Colon != 0 && v.Classes&point.Digit != 0
}

// dated reports whether a value begins with a date: 2026-11-24T10:00:00Z.
func dated(data []byte) bool {
	return len(data) >= 10 && lex.Digit(data[0]) && lex.Digit(data[3]) && data[4] == '-' && lex.Digit(data[5]) && data[7] == '-' && lex.Digit(data[9])
}

// Scan leaves the strongest URL's evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.SSRF, evidence.URLScheme)
	data := v.Data[:min(len(v.Data), maxValue)]
	s := scan{data: data, v: v, tree: tree, best: best}
	if v.Kind == point.WholePath {
		s.relayed()
		return
	}
	start := begin(data)
	if v.Classes&(point.Space|point.Newline|point.Control) != 0 && v.Kind != point.Referer {
		s.split(start)
	}
	if v.Classes&point.Colon != 0 || at(data, start) == '/' && at(data, start+1) == '/' || bareStart(data, start) || lex.HasPrefix(data[start:], "localhost") {
		s.url(start)
	}
	if v.Classes&point.Colon != 0 && v.Kind != point.Referer {
		s.later(start)
		if v.Classes&mendable != 0 && best.Score() < evidence.Threshold {
			s.mended()
		}
	}
	if best.Score() < evidence.Threshold {
		s.unschemed()
	}
	if v.Classes&(point.Slash|point.Dot) == point.Slash|point.Dot {
		s.include(start)
		s.discover()
	}
	if v.Classes&(point.Backslash|point.Dot) == point.Backslash|point.Dot {
		s.share()
	}
	if v.Classes&point.Dot != 0 && v.Kind != point.Referer && v.Kind != point.HeaderText && v.Kind != point.CookieText {
		if from, to := host.Callback(data, v.Pairs); from >= 0 && !lex.Prose(data[:from]) {
			best.Add(&callback, from, to-from)
		}
	}
}

// bareStart reports whether a host without a scheme can matter: metadata services
// have addresses that begin with 1, and they, clusters and the own machine have few names.
func bareStart(data []byte, i int) bool {
	switch at(data, i) | 0x20 {
	case '1':
		return true
	case 'm', 'i', 'l', 'k', 'h':
		return lex.PrefixLength(data[i:], bareNames) > 0
	}
	return false
}

var bareNames = []string{"metadata", "instance-data", "localtest.me/", "lvh.me/", "kubernetes.", "host.docker.internal", "host.containers.internal", "ip6-l", "ipv6-l"}

// begin skips blanks, quotes and the url: of Java in front of a URL.
func begin(data []byte) int {
	i := lex.SkipSpace(data, 0)
	for i < len(data) && (data[i] == '"' || data[i] == '\'' || data[i] == '<' || data[i] == '(') {
		i++
	}
	if lex.HasPrefix(data[i:], "url:") || lex.HasPrefix(data[i:], "url=") {
		i += 4
	}
	return i
}

type scan struct {
	data []byte
	v    *point.Value
	tree *point.Tree
	best *evidence.Tally
	told bool // of the value whether it lists URLs
	list bool

	sockets [3]lastOf // marks of paths of sockets that were asked for
}

// listed reports whether a value is a list of URLs, of which each asks.
func (s *scan) listed() bool {
	if !s.told {
		s.told, s.list = true, urlList(s.data)
	}
	return s.list
}

// later reads the URLs behind the first, if the value is no text.
func (s *scan) later(start int) {
	if !s.v.Pairs.May("://") {
		return
	}
	spaced := s.v.Classes&(point.Space|point.Newline) != 0 && !playlist(s.data) && !s.listed()
	from := start
	for n := 0; n < maxListed && from < len(s.data); n++ {
		i := bytes.Index(s.data[from:], []byte("://"))
		if i < 0 {
			return
		}
		i += from
		word := i
		for word > from && (lex.Word(s.data[word-1]) || s.data[word-1] == '-' || s.data[word-1] == '+') {
			word--
		}
		if kept := *s.best; word > start && (!spaced || s.attribute(word)) {
			if s.url(word); spaced && s.best.Score() < evidence.Threshold {
				*s.best = kept // pages are full of URLs
			}
		}
		from = i + 3
	}
}

// url reads what stands at i and keeps its tally if it beats the best.
func (s *scan) url(i int) {
	var t evidence.Tally
	t.Reset(attack.SSRF, evidence.URLScheme)
	s.read(i, &t)
	if s.passive() {
		t.Cap(bestOf(&t))
	}
	if t.Score() > s.best.Score() {
		*s.best = t
	}
}

// passive reports whether the value only says where the client comes from.
func (s *scan) passive() bool {
	if s.v.Kind == point.Referer {
		return true
	}
	return s.v.Kind == point.HeaderText && (lex.Equal(s.tree.Name(s.v.Ref), "origin") || lex.Equal(s.tree.Name(s.v.Ref), "host"))
}

// bestOf caps what a client's own address may count: metadata and disguises stay.
func bestOf(t *evidence.Tally) int {
	if t.Count(metadata.Stamp)+t.Count(oddInner.Stamp) > 0 {
		return 20
	}
	return 3
}

func (s *scan) read(i int, t *evidence.Tally) {
	end := i
	for end < len(s.data) && end-i < 20 && (lex.Word(s.data[end]) || s.data[end] == '+' || s.data[end] == '-' || s.data[end] == '.') {
		end++
	}
	word := s.data[i:end]
	slashes := end
	for slashes < len(s.data) && (s.data[slashes] == ':' && slashes == end || slashes > end && (s.data[slashes] == '/' || s.data[slashes] == '\\')) {
		slashes++
	}
	count := slashes - end - 1
	if count >= 0 && lex.HasPrefix(word, "http") {
		if h, ok := host.Junk(s.data, slashes); ok {
			t.Add(&userTrick, i, h.Off+len(h.Name)-i)
			return
		}
	}
	switch {
	case count < 0 || count == 0 && lex.Equal(word, "localhost") || !lex.Letter(at(word, 0)) || bytes.IndexByte(word, '.') >= 0:
		s.bare(i, t)
	case s.schemed(word, i, slashes, count, t):
	case count >= 2 && (s.v.Kind != point.Referer || numbered(s.data, slashes)):
		s.host(i, slashes, t)
	case lex.Equal(word, "http") || lex.Equal(word, "https"):
		s.shortened(i, slashes, t)
	}
}

// numbered reports whether a host can be an address or a metadata service: all that
// counts where a client only says where it comes from.
func numbered(data []byte, i int) bool {
	return lex.Digit(at(data, i)) || at(data, i) == '[' || bareStart(data, i)
}

func at(b []byte, i int) byte {
	if i < len(b) {
		return b[i]
	}
	return 0
}

// bare reads a host without a scheme: //host, or metadata hosts alone.
func (s *scan) bare(i int, t *evidence.Tally) {
	if at(s.data, i) == '/' && at(s.data, i+1) == '/' {
		if s.v.Classes&point.Space == 0 { // else a remark of a program
			s.host(i, i+2, t)
		}
		return
	}
	forwarded := s.v.Kind == point.HeaderText && forwardedHost(s.tree.Name(s.v.Ref))
	if s.v.Kind == point.HeaderText && !forwarded && !lex.Equal(s.tree.Name(s.v.Ref), "host") || s.v.Kind == point.Referer || s.v.Kind == point.Segment {
		return
	}
	h := host.Read(s.data, i)
	s.machine(&h, i, t)
	if host.MetadataName(h.Name) && !lex.Equal(bytes.TrimSuffix(h.Name, []byte(".")), "metadata") {
		t.Add(&metadata, i, len(h.Name))
	} else if ip, _, ok := h.Address(); ok && host.MetadataAddress(ip) && bytes.Count(h.Name, []byte(".")) == 3 {
		weight := int8(8)
		if len(h.Rest) == 0 && lex.OneOf(s.tree.Name(s.parameter()), searches...) {
			weight = 6
		}
		t.AddWeight(&metadata, weight, i, len(h.Name))
	} else if ok && forwarded && host.Private(ip) && service(&h) {
		t.Add(&inner, i, len(h.Name))
		t.Add(&innerService, i, len(h.Name))
	} else if at(h.Rest, 0) == '/' && s.requested() && (host.Wildcard(h.Name) || host.Inner(h.Name)) {
		t.Add(&inner, i, len(h.Name))
		t.Add(&fetched, i, len(h.Name))
	}
}

// shortened reads http:host and http:/host, which clients repair.
func (s *scan) shortened(i, from int, t *evidence.Tally) {
	if _, junk := host.Junk(s.data, from); junk {
		t.Add(&userTrick, i, from-i)
		return
	}
	h := host.Read(s.data, from)
	if ip, odd, ok := h.Address(); ok && (odd || host.Private(ip)) && len(h.Name)+len(h.Port) > 3 || host.Inner(h.Name) {
		s.host(i, from, t)
		if t.Count(inner.Stamp) > 0 {
			t.AddWeight(&userTrick, 2, i, from-i)
		}
	}
}

// host weighs the authority at from of the URL at i.
func (s *scan) host(i, from int, t *evidence.Tally) {
	h := host.Read(s.data, from)
	h.Rest = h.Rest[:min(len(h.Rest), maxRest)]
	n := from + len(h.User) + len(h.Name) - i
	if folds(h.Name) {
		t.Add(&lookAlike, i, n)
	}
	if _, junk := host.Junk(s.data, from); junk {
		t.Add(&userTrick, i, n)
	}
	s.authority(&h, i, n, t)
	if s.sourced() {
		t.AddWeight(&fetched, evidence.Threshold, i, n)
	}
	ip, odd, ok := h.Address()
	if odd && ip.Is4() && ip.As4()[0] == 0 && !ip.IsUnspecified() && !web(s.data[i:]) { // order://2026/17: a number
		ok = false
	}
	if n := len(h.Name); !ok && n > 2 && h.Name[0] == '[' && h.Name[n-1] == ']' { // brackets of IPv6 around IPv4
		bare := host.Host{Name: h.Name[1 : n-1]}
		ip, _, ok = bare.Address()
		odd = ok
	}
	switch {
	case ok:
		s.address(&h, ip, odd, i, n, t)
	case host.MetadataName(h.Name) && len(h.Rest) < 2 && lex.HasPrefix(h.Name, "kubernetes"): // where settings say that a cluster is
		s.inside(&h, i, n, t)
	case host.MetadataName(h.Name):
		t.Add(&metadata, i, n)
	case host.Wildcard(h.Name):
		t.Add(&wildcard, i, n)
	case host.Inner(h.Name):
		s.inside(&h, i, n, t)
	case single(h.Name) && service(&h) && web(s.data[i:]): // a machine's name without a domain
		t.Add(&inner, i, n)
		t.Add(&innerService, i, n)
	case lex.Equal(h.Name, "unix") && bytes.Contains(h.Rest, []byte(".sock")): // http://unix:/run/docker.sock
		t.Add(&scheme, i, n)
	case twoPorts(&h):
		t.Add(&userTrick, i, n)
	}
	for _, p := range metadataPaths {
		if lex.HasPrefix(h.Rest, p) {
			t.Add(&metadataPath, i, n+len(p))
		}
	}
}

// metadataPaths are what clouds' metadata services are asked for.
var metadataPaths = [...]string{
	"/latest/meta-data", "/latest/user-data", "/latest/dynamic/", "/computemetadata/", "/metadata/instance", "/metadata/identity", "/metadata/v1", "/opc/v1/", "/opc/v2/",
}

// authority weighs tricks by which a URL's host is another than it seems.
func (s *scan) authority(h *host.Host, i, n int, t *evidence.Tally) {
	switch {
	case len(h.User)+len(h.Name)+len(h.Port) >= host.MaxAuthority-2 && web(s.data[i:]): // whose host is beyond
		t.Add(&userTrick, i, n)
	case len(h.User) > 0 && (host.Named(h.User) || hostIn(bytes.TrimRight(h.User, "&")) || twoHosts(h.User) || bytes.IndexByte(h.User, '>') > 0):
		t.Add(&userTrick, i, n)
	case (at(h.Rest, 0) == '#' || at(h.Rest, 0) == '\\' || at(h.Rest, 0) == '?') && at(h.Rest, 1) == '@':
		t.Add(&userTrick, i, n+2)
	case bytes.HasPrefix(h.Rest, []byte(" &@")), bytes.HasPrefix(h.Rest, []byte(`#\@`)), bytes.HasPrefix(h.Rest, []byte(`\\@`)), bytes.HasPrefix(h.Rest, []byte(";@")):
		t.Add(&userTrick, i, n+3)
	}
}

// twoHosts reports whether a user holds an @ with a host on one of its sides.
func twoHosts(user []byte) bool {
	for rest := user; ; {
		part, after, more := bytes.Cut(rest, []byte("@"))
		if len(rest) < len(user) || more {
			name, _, _ := bytes.Cut(part, []byte(":"))
			h := host.Host{Name: name}
			if _, _, numbered := h.Address(); host.Named(name) || numbered && bytes.IndexByte(name, '.') > 0 || host.Inner(name) {
				return true
			}
		}
		if rest = after; !more {
			return false
		}
	}
}

// address weighs a numeric host.
func (s *scan) address(h *host.Host, ip netip.Addr, odd bool, i, n int, t *evidence.Tally) {
	rare := ip.Is6() && (ip.IsLoopback() || ip.IsUnspecified() || ip.IsLinkLocalUnicast())
	if ip.Is4() && ip.IsLoopback() { // developers use one address of the many
		b := ip.As4()
		rare = b[1] != 0 || b[2] != 0 || b[3] != 1
	}
	rare = rare || ip.Is4() && ip.IsUnspecified()
	switch {
	case host.MetadataAddress(ip):
		t.Add(&metadata, i, n)
		if odd {
			t.Add(&oddInner, i, n)
		}
	case odd && host.Private(ip):
		t.Add(&oddInner, i, n)
	case rare:
		t.AddWeight(&oddInner, 8, i, n)
	case ip.Is4() && ip.IsLinkLocalUnicast(): // that nobody gave it: nothing is published there
		t.AddWeight(&inner, 8, i, n)
	case odd:
		weight := oddAddress.Weight
		if h.Short() {
			weight = 6 // versions look like it
		}
		t.AddWeight(&oddAddress, weight, i, n)
		if len(h.User) > 0 {
			t.AddWeight(&userTrick, 2, i, n)
		}
	case host.Private(ip):
		s.inside(h, i, n, t)
	}
}

// inside weighs a plain inner host by what is asked of it.
func (s *scan) inside(h *host.Host, i, n int, t *evidence.Tally) {
	if !web(s.data[i:]) && !s.requested() {
		return // addresses of databases and repositories, which no fetcher of URLs reads
	}
	weight := inner.Weight
	if own, _ := lex.First(s.tree.Name(s.parameter()), []string{"redirect_ur", "redirectur", "origin"}); own >= 0 {
		weight = 5 // where native applications wait for the answer of a log-in, and where developers come from
	}
	t.AddWeight(&inner, weight, i, n)
	if account(s.data[i:], h) {
		return
	}
	if lines(h.Rest) {
		t.Add(&innerLines, i, n)
	}
	if len(h.User) > 0 || hostBehind(h.Rest) || cut(h) && !s.listed() || bytes.IndexByte(s.data[i:h.Off], '\\') >= 0 {
		t.AddWeight(&userTrick, 2, i, n)
	}
	if service(h) {
		t.Add(&innerService, i, n)
	}
	if s.v.Kind == point.Document || s.asked() || s.requested() || s.sought(h) || s.v.Kind == point.XMLText && called(s.v.Ref, s.tree) {
		t.Add(&fetched, i, n)
	}
}

// web reports whether a URL is one that fetchers read: http, ftp, or without a scheme.
func web(u []byte) bool {
	return lex.HasPrefix(u, "http") || lex.HasPrefix(u, "//") || lex.HasPrefix(u, "ftp:") || lex.HasPrefix(u, "ws:")
}
