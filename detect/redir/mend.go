package redir

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// mendable reports whether a value that is no target as it stands may become one when clients
// drop tabs and line ends and decode the host.
func mendable(v *point.Value) bool {
	const odd = point.Space | point.Newline | point.Control | point.High | point.PercentSign | point.Backslash | point.HashAt
	if v.Kind != point.Text || v.Classes&(point.Slash|point.Backslash|point.Colon) == 0 {
		return false
	}
	i := lex.SkipSpace(v.Data, 0)
	if i+4 >= len(v.Data) {
		return false
	}
	switch c := v.Data[i]; c {
	case '/', '\\', 'h', 'H':
		return v.Classes&odd != 0
	case 'f', 'F', 'w', 'W':
		return v.Classes&point.Colon != 0
	}
	return false
}

// mended weighs a redirect's target as browsers read it that drop tabs and line ends, take any
// byte for a user's and decode and fold the host.
func mended(v *point.Value, name, own []byte, t *evidence.Tally) {
	var line, whole [host.MaxMended]byte
	from := lex.SkipSpace(v.Data, 0)
	m, ok := host.Mend(&line, &whole, v.Data[from:])
	if !ok || !m.Scheme && m.Slashes < 2 {
		return
	}
	u := url{h: m.Host}
	_, _, numbered := m.Address()
	if !m.Named() && !host.Named(bytes.TrimSuffix(m.Name, []byte("."))) && !numbered && !international(m.Name) || u.h.User == nil && u.sameSite(own) {
		return
	}
	other := m.Scheme && (m.Slashes < 2 || bytes.IndexByte(m.Text[:m.Off], '\\') >= 0) || m.Slashes > 2
	switch {
	case m.Folded && !international(m.Name), m.Dropped: // joiners belong to some alphabets
		t.AddWeight(&encoded, evidence.Threshold, 0, len(v.Data))
	case oddUser(m.User, own):
		t.AddWeight(&userinfo, evidence.Threshold, 0, len(v.Data))
	case other && forTarget(name):
		t.AddWeight(&slashes, evidence.Threshold, 0, len(v.Data))
	}
}

// oddUser reports whether a user, with its @, is none that logs in anywhere: empty, with blanks,
// or the own host.
func oddUser(user, own []byte) bool {
	if len(user) == 0 {
		return false
	}
	name := user[:len(user)-1]
	own = hostOnly(own)
	return len(bytes.Trim(name, ":@")) == 0 || bytes.IndexByte(name, ' ') >= 0 || lex.HasPrefix(name, "%20") || len(own) >= minOwn && bytes.Contains(name, own)
}
