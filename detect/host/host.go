// Package host reads the authority of a URL as lenient clients do.
//
// What a filter takes for a name, a client may resolve to an inner address: 127.1,
// 0x7f000001, [::ffff:a9fe:a9fe]. [Read] finds the authority's parts, [Host.Address]
// decodes every spelling that common resolvers accept.
package host

import (
	"bytes"
	"net/netip"

	"github.com/weirnode/weir/detect/lex"
)

// MaxAuthority bounds what is read as an authority, in bytes.
const MaxAuthority = 512

// Host is an authority taken apart. It borrows the bytes it was read from.
type Host struct {
	User []byte // in front of the last @
	Name []byte // name or address, brackets of IPv6 kept
	Port []byte
	Rest []byte // behind the authority
	Off  int    // where the authority begins
}

// Read reads the authority that begins at off and ends at a slash, a query, a
// fragment, a quote or a blank.
func Read(data []byte, off int) Host {
	end, user, port := off, -1, -1
	for limit := min(len(data), off+MaxAuthority); end < limit && !ends[data[end]]; end++ {
		switch data[end] {
		case '@':
			user, port = end, -1
		case ':':
			port = end
		case ']':
			port = -1
		}
	}
	h := Host{Off: off, Name: data[off:end], Rest: data[end:]}
	if port >= 0 {
		h.Name, h.Port = data[off:port], data[port+1:end]
	}
	if user >= 0 {
		h.User, h.Name = data[off:user], h.Name[user+1-off:]
	}
	return h
}

// Junk reads an authority whose user holds what no user may, such as > or a backslash,
// so that readers disagree about where it ends: http:a>.b\c@host. It reports false
// for any other authority.
func Junk(data []byte, off int) (h Host, ok bool) {
	odd := false
	for i, limit := off, min(len(data), off+MaxAuthority); i < limit; i++ {
		switch data[i] {
		case '@':
			h = Read(data, i+1)
			_, _, numbered := h.Address()
			placeholder := data[off] == '{' && data[i-1] == '}'
			if open := bytes.LastIndex(data[off:i], []byte(":<")); open > 0 && data[i-1] == '>' && lettersOnly(data[off:off+open]) && lettersOnly(data[off+open+2:i-1]) {
				placeholder = true // name:<password>@
			}
			return h, odd && i > off && !placeholder && (numbered || h.Named())
		case '/', '?', '#', ' ', '\n', '\r':
			return h, false
		case '>', '<', '\\', '"', '^', '`', '|', '{', '}':
			odd = true
		}
	}
	return h, false
}

// ends are the bytes that end an authority.
var ends = func() (t [256]bool) {
	for c := range t[:' '+1] {
		t[c] = true
	}
	for _, c := range []byte(`/\?#"'<>),;|` + "`{}") {
		t[c] = true
	}
	return t
}()

// Named reports whether the host is a name with a top-level domain.
func (h *Host) Named() bool { return Named(h.Name) }

// Named reports whether a name has at least two labels and ends like a top-level
// domain: two to twenty-four letters.
func Named(name []byte) bool {
	dot := bytes.LastIndexByte(name, '.')
	if dot < 1 || len(name)-dot-1 < 2 || len(name)-dot-1 > 24 {
		return false
	}
	for _, c := range name[:dot] {
		if !lex.Word(c) && c != '-' && c != '.' {
			return false
		}
	}
	for _, c := range name[dot+1:] {
		if !lex.Letter(c) {
			return false
		}
	}
	return true
}

// Address decodes the host as an address; odd says that it is not the usual
// spelling: numbers in hex or octal, fewer than four parts, IPv4 inside of IPv6.
func (h *Host) Address() (ip netip.Addr, odd, ok bool) {
	name := h.Name
	if len(name) > 2 && name[0] == '[' && name[len(name)-1] == ']' {
		b, valid := groups(name[1 : len(name)-1])
		if !valid {
			return netip.Addr{}, false, false
		}
		inner := b[0] == 0 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b || bytes.Count(b[:10], []byte{0}) == 10 && (b[12] != 0 || b[13] != 0)
		if translated := bytes.Equal(b[:12], []byte{8: 0xff, 9: 0xff, 11: 0}); translated || inner || bytes.Equal(b[:12], []byte{10: 0xff, 11: 0xff}) { // RFC 2765
			return netip.AddrFrom4([4]byte(b[12:])), true, true
		}
		if b[0] == 0x20 && b[1] == 0x02 { // 6to4
			if four := netip.AddrFrom4([4]byte(b[2:6])); Private(four) {
				return four, true, true
			}
		}
		return netip.AddrFrom16(b), false, true
	}
	return quad(bytes.TrimSuffix(name, []byte(".")))
}

// groups reads an IPv6 address without its brackets; a zone behind % is skipped.
// netip would do, but its errors allocate.
func groups(s []byte) (b [16]byte, ok bool) {
	if i := bytes.IndexByte(s, '%'); i >= 0 {
		s = s[:i]
	}
	n, gap := 0, -1 // bytes read, and where :: stands among them
	if bytes.HasPrefix(s, []byte("::")) {
		gap, s = 0, s[2:]
	}
	for len(s) > 0 {
		group, rest, more := bytes.Cut(s, []byte(":"))
		switch {
		case !more && bytes.IndexByte(group, '.') > 0:
			var four [4]byte
			if n > 12 || !dotted(group, &four) {
				return b, false
			}
			n += copy(b[n:], four[:])
		case n > 14 || !hexGroup(group, b[n:]):
			return b, false
		default:
			n += 2
		}
		s = rest
		if more && len(s) > 0 && s[0] == ':' {
			if gap >= 0 {
				return b, false
			}
			gap, s = n, s[1:]
		} else if more && len(s) == 0 {
			return b, false
		}
	}
	if gap < 0 {
		return b, n == len(b)
	}
	copy(b[len(b)-n+gap:], b[gap:n])
	clear(b[gap : len(b)-n+gap])
	return b, n < len(b)
}

// dotted reads four decimal numbers that fill the text, without zeros in front.
func dotted(s []byte, b *[4]byte) bool {
	for i, c := range s {
		if c != '.' && !lex.Digit(c) || c == '0' && (i == 0 || s[i-1] == '.') && i+1 < len(s) && s[i+1] != '.' {
			return false
		}
	}
	return bytes.Count(s, []byte(".")) == 3 && fourNumbers(s, b)
}

// hexGroup reads one to four hex digits into two bytes.
func hexGroup(s, b []byte) bool {
	if len(s) == 0 || len(s) > 4 {
		return false
	}
	v := uint16(0)
	for _, c := range s {
		switch {
		case lex.Digit(c):
			v = v<<4 | uint16(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			v = v<<4 | uint16(c|0x20-'a'+10)
		default:
			return false
		}
	}
	b[0], b[1] = byte(v>>8), byte(v)
	return true
}

// Short reports whether an address is decimal and only short of parts: 127.1.
func (h *Host) Short() bool {
	dots := bytes.Count(h.Name, []byte("."))
	return (dots == 1 || dots == 2) && h.Name[0] != '0' && !bytes.ContainsAny(h.Name, "xX[")
}

// quad reads one to four numbers the way inet_aton does.
func quad(name []byte) (ip netip.Addr, odd, ok bool) {
	if len(name) == 0 || !lex.Digit(name[0]) {
		return netip.Addr{}, false, false
	}
	var parts [4]uint64
	n := 0
	for rest := name; ; n++ {
		part, after, more := bytes.Cut(rest, []byte("."))
		if n == len(parts) {
			return netip.Addr{}, false, false
		}
		v, base, valid := number(part)
		if !valid {
			return netip.Addr{}, false, false
		}
		parts[n], odd = v, odd || base != 10
		if rest = after; !more {
			break
		}
	}
	return join(parts, n, odd)
}

// join puts the last number into the bytes that are left.
func join(parts [4]uint64, last int, odd bool) (netip.Addr, bool, bool) {
	var b [4]byte
	for i := range last {
		if parts[i] > 255 {
			odd = true // clients take it modulo 256, or refuse
		}
		b[i] = byte(parts[i])
	}
	v := parts[last]
	for i := 3; i >= last; i-- {
		b[i] = byte(v)
		v >>= 8
	}
	return netip.AddrFrom4(b), odd || last < 3 || v != 0, true
}

// number reads a number and its base: 0x1f, 017, 23.
func number(s []byte) (v uint64, base uint64, ok bool) {
	base = 10
	switch {
	case len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x':
		base, s = 16, s[2:]
	case len(s) > 1 && s[0] == '0':
		base, s = 8, s[1:]
	}
	if len(s) == 0 {
		return 0, base, false
	}
	for _, c := range s {
		d := uint64(255)
		switch {
		case lex.Digit(c):
			d = uint64(c - '0')
		case lex.Letter(c):
			d = uint64(c|0x20-'a') + 10
		}
		if base == 8 && d > 7 && d < 10 {
			base = 10 // 09: a zero in front, no octal
		}
		if d >= base || v > 1<<40 {
			return 0, base, false
		}
		v = v*base + d
	}
	return v, base, true
}

func lettersOnly(b []byte) bool {
	for _, c := range b {
		if (c|0x20 < 'a' || c|0x20 > 'z') && c != '_' && c != '-' {
			return false
		}
	}
	return len(b) > 0
}
