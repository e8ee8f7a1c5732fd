package ssrf

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
)

// relayed reads the URLs that a path hands to a relay: /proxy/http://169.254.169.254/. What
// developers relay to on their own machines counts little.
func (s *scan) relayed() {
	if i := bytes.IndexByte(s.data, '@'); i > 0 && i+1 < len(s.data) { // as a user of it
		h := host.Read(s.data, i+1)
		if ip, _, ok := h.Address(); ok && host.MetadataAddress(ip) {
			s.best.Add(&metadata, i, len(h.Name)+1)
			return
		}
	}
	from := 0
	for range maxURLs {
		i := bytes.IndexByte(s.data[from:], ':')
		if i < 0 {
			return
		}
		i += from
		first := i
		for first > from && (lex.Letter(s.data[first-1]) || lex.Digit(s.data[first-1]) || s.data[first-1] == '+') {
			first--
		}
		from = i + 1
		if first == 0 || i-first < 3 || at(s.data, i+1) != '/' {
			continue
		}
		var t evidence.Tally
		t.Reset(s.best.Type, evidence.URLScheme)
		s.read(first, &t)
		if lex.HasPrefix(s.data[first:], "file:") && t.Count(localFile.Stamp) == 0 {
			continue // of a script's own
		}
		if t.Count(callback.Stamp)+t.Count(userTrick.Stamp) > 0 {
			t.Cap(evidence.Threshold - 1)
		}
		if t.Score() > s.best.Score() {
			*s.best = t
		}
	}
}

// machine weighs an inner host without a scheme that a query asks for, with a port or a
// path behind it: ?url=127.0.0.1:6379
func (s *scan) machine(h *host.Host, i int, t *evidence.Tally) {
	if !s.requested() || len(h.Port) == 0 && len(h.Rest) < 2 {
		return
	}
	ip, odd, ok := h.Address()
	loopback := ok && !odd && ip.IsLoopback() && bytes.Count(h.Name, []byte(".")) == 3 || lex.Equal(h.Name, "localhost")
	private := ok && !odd && ip.IsPrivate() && bytes.Count(h.Name, []byte(".")) == 3
	if loopback || private && service(h) {
		t.Add(&inner, i, len(h.Name))
		t.Add(&fetched, i, len(h.Name))
	}
}
