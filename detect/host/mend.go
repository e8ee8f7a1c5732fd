package host

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// MaxMended bounds the part of a URL that is mended, in bytes.
const MaxMended = 2 * MaxAuthority

// maxPort bounds the digits of a port.
const maxPort = 8

// Mended is a URL as clients read it that drop tabs and line ends, take backslashes for slashes
// and any byte for a user's, and decode and fold the host: ht\ttp:\n//a b@①27.%30.0.1
type Mended struct {
	Host
	Text    []byte // the URL, without its user
	Scheme  bool   // one of those that need a host
	Slashes int    // behind the scheme, of both kinds
	Folded  bool   // the host was written in other letters
	Dropped bool   // what clients drop stood in front of the host's end
}

// Mend reads the URL that data begins with; the buffers hold what it becomes.
func Mend(line, whole *[MaxMended]byte, data []byte) (m Mended, ok bool) {
	text, dropped := squeeze(line[:0], bytes.TrimRight(data, " \t\r\n"))
	first := m.begin(text)
	end := len(text)
	if i := bytes.IndexAny(text[first:], `/\?#`); i >= 0 {
		end = first + i
	}
	name, user := text[first:end], []byte(nil)
	if i := bytes.LastIndexByte(name, '@'); i >= 0 {
		name, user = name[i+1:], name[:i+1]
	}
	m.Text, m.Folded = Fold(append(whole[:0], text[:first]...), name)
	m.Host = Read(m.Text, first)
	if len(m.Rest) > 0 || len(m.Name) == 0 || len(m.User) > 0 || len(bytes.TrimLeft(m.Port, "0123456789")) > 0 || len(m.Port) > maxPort {
		return m, false
	}
	behind := len(m.Text)
	m.Text = append(m.Text, text[end:min(len(text), end+MaxMended-behind)]...)
	m.User, m.Rest, m.Dropped = user, m.Text[behind:], dropped < end
	return m, true
}

// schemes are those that Mend reads.
var schemes = []string{"https:", "http:", "ftp:", "wss:", "ws:"}

// Begins reports whether data begins with a scheme of Mend or a slash, once what clients drop is taken away.
func Begins(data []byte) bool {
	var head [len("https:")]byte
	text, _ := squeeze(head[:0], data)
	return len(text) > 0 && (text[0] == '/' || text[0] == '\\' || lex.PrefixLength(text, schemes) > 0)
}

// begin reads the scheme and the slashes and returns the index behind them.
func (m *Mended) begin(text []byte) int {
	i := lex.PrefixLength(text, schemes)
	m.Scheme = i > 0
	for i < len(text) && (text[i] == '/' || text[i] == '\\') {
		m.Slashes++
		i++
	}
	return i
}

// squeeze appends a URL to dst, as far as that reaches, without the bytes that clients drop, and returns
// where the first of them stood.
func squeeze(dst, data []byte) (out []byte, dropped int) {
	dropped = cap(dst) + 1
	from := 0 // what stands here is not copied yet
	for i, c := range data {
		if len(dst)+i-from == cap(dst) {
			return append(dst, data[from:i]...), dropped
		}
		if c <= '\r' && (c == '\t' || c == '\n' || c == '\r') {
			dst = append(dst, data[from:i]...)
			from, dropped = i+1, min(dropped, len(dst))
		}
	}
	return append(dst, data[from:]...), dropped
}
