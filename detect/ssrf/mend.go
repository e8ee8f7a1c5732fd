package ssrf

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// mendable are classes of bytes of which a URL that needs mending has one.
const mendable = point.Space | point.Newline | point.High | point.PercentSign | point.Brace

// mended weighs the URL at the value's start as lenient clients read it, if it leads inside.
func (s *scan) mended() {
	from := lead(s.data)
	if !host.Begins(s.data[from:]) {
		return
	}
	var line, whole [host.MaxMended]byte
	m, ok := host.Mend(&line, &whole, s.data[from:])
	if len(m.Name) >= host.MaxAuthority && m.Dropped && m.Slashes > 0 { // whose host is beyond
		s.keepSign(&userTrick, len(s.data))
	}
	if !ok || m.Slashes == 0 && !m.Folded && !m.Dropped && len(m.User) == 0 || !m.Scheme && m.Slashes < 2 {
		return
	}
	again := scan{data: m.Text, v: s.v, tree: s.tree}
	t := evidence.Tally{Type: s.best.Type, Context: evidence.URLScheme}
	again.host(0, m.Off, &t)
	switch {
	case t.Count(inner.Stamp)+t.Count(oddInner.Stamp)+t.Count(metadata.Stamp)+t.Count(wildcard.Stamp) == 0:
		return
	case m.Folded:
		t.AddWeight(&lookAlike, evidence.Threshold, 0, len(s.data))
	case m.Dropped || bytes.Count(m.User, []byte(" ")) == 1 || from > 0 && s.data[from-1] >= 0x80:
		t.AddWeight(&userTrick, evidence.Threshold, 0, len(s.data))
	}
	if t.Score() <= s.best.Score() {
		return
	}
	for i := range t.N { // what was mended stands elsewhere in the value
		t.Marks[i].Off, t.Marks[i].Len = 0, uint32(len(s.data))
	}
	*s.best = t
}

// lead returns the index behind blanks, those of Unicode among them, or the url: of Java in
// front of a URL.
func lead(data []byte) int {
	i := lex.SkipSpace(data, 0)
	for _, blank := range [...]string{"\u00a0", "\u3000", "\ufeff", "\u2028", "\u0085"} {
		if bytes.HasPrefix(data[i:], []byte(blank)) {
			return i + len(blank)
		}
	}
	return i + lex.PrefixLength(data[i:], []string{"url:"})
}
