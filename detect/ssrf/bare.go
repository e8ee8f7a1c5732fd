package ssrf

import (
	"bytes"
	"net/netip"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// unschemed weighs a value without a scheme in a parameter that takes a URL: fetchers add the scheme,
// url=0x7f.1:6379. What developers and settings write stays what it is.
func (s *scan) unschemed() {
	slash := bytes.IndexByte(s.data, '/')
	if s.v.Kind != point.Text || len(s.data) > host.MaxAuthority || slash == 0 || slash > 0 && s.data[slash-1] == ':' || !s.takesURL() {
		return // a path, or a URL that has one
	}
	var line, whole [host.MaxMended]byte
	m, ok := host.Mend(&line, &whole, s.data[lead(s.data):])
	if !ok || m.Scheme || m.Slashes > 0 || len(m.User) > 0 {
		return
	}
	t := evidence.Tally{Type: s.best.Type, Context: evidence.URLScheme}
	ip, odd, numbered := m.Address()
	behind := (len(m.Port) > 0 || len(m.Rest) > 0) && !lex.Equal(s.tree.Name(s.parameter()), "host") // of a form of settings
	switch {
	case numbered && m.Folded && host.Private(ip), !numbered && m.Folded && (host.Inner(m.Name) || host.MetadataName(m.Name)):
		t.Add(&lookAlike, 0, len(s.data))
	case numbered && disguised(m.Name, ip, odd, behind):
		t.Add(&oddInner, 0, len(s.data))
	case !numbered && behind && host.Inner(m.Name) && pair(s.tree.Tag(s.parameter())) && service(&m.Host):
		t.Add(&inner, 0, len(s.data))
		t.Add(&innerService, 0, len(s.data))
	}
	if t.Score() > s.best.Score() {
		*s.best = t
	}
}

// disguised reports whether an inner address is written as nobody does but to hide it, or as no number
// and no version is.
func disguised(name []byte, ip netip.Addr, odd, behind bool) bool {
	switch {
	case name[0] == '[':
		return odd && host.Private(ip) || behind && (ip.IsLoopback() || ip.IsUnspecified() || ip.IsLinkLocalUnicast())
	case !odd || !host.Private(ip):
		return false
	case bytes.ContainsAny(name, "xX"):
		return true
	}
	return behind && ip.As4()[0] != 0 && (len(name) >= len("16777216") || bytes.IndexByte(name, '.') > 0)
}

// takesURL reports whether the value's parameter takes a URL by its name.
func (s *scan) takesURL() bool {
	name := s.tree.Name(s.parameter())
	return lex.HasSuffix(name, "url") || lex.HasSuffix(name, "uri") || takers.Has(name)
}

// takers are other names of such parameters.
var takers = lex.NewWords("src href link u feed rss image img fetch target dest remote proxy webhook endpoint host")
