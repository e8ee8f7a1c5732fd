package ssrf

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// schemes that a fetcher understands, with the slashes they need.
var schemes = []struct {
	name    string
	slashes int
	weight  int8
}{
	{"gopher", 2, 9},
	{"dict", 2, 9},
	{"tftp", 2, 8},
	{"netdoc", 0, 9},
	{"jar", 0, 9},
	{"ldap", 2, 8},
	{"ldaps", 2, 6},
	{"rmi", 2, 8},
	{"expect", 2, 9},
	{"phar", 2, 8},
	{"smb", 2, 6},
	{"sftp", 2, 5},
	{"scp", 2, 5},
	{"smtp", 2, 5},
	{"smtps", 2, 5},
	{"imap", 2, 5},
	{"imaps", 2, 5},
	{"pop3", 2, 5},
	{"pop3s", 2, 5},
	{"telnet", 2, 5},
	{"rtsp", 2, 5},
	{"local_file", 2, 8},
	{"local-file", 2, 8},
	{"file", 1, 6},
	{"unix", 0, 9},
	{"http+unix", 2, 9},
	{"https+unix", 2, 9},
}

// lastOf is where the mark of a path of a socket stands last, one more than the index.
type lastOf struct {
	mark string
	at   int
}

// socketed reports whether a mark of a path of a socket stands behind a place, which many URLs may ask.
func (s *scan) socketed(mark string, behind int) bool {
	for k := range s.sockets {
		l := &s.sockets[k]
		if l.mark == "" {
			*l = lastOf{mark, bytes.LastIndex(s.data, []byte(mark)) + 1}
		}
		if l.mark == mark {
			return l.at > behind
		}
	}
	return false
}

// schemed weighs the scheme and reports whether it decides.
func (s *scan) schemed(word []byte, i, behind, slashes int, t *evidence.Tally) bool {
	for k := range schemes {
		c := &schemes[k]
		if !lex.Equal(word, c.name) || slashes < c.slashes {
			continue
		}
		weight := c.weight
		switch {
		case behind < len(s.data) && s.data[behind] == ' ' && c.name != "file":
			return true // its name alone, as texts have it
		case weight < evidence.Gray && !s.pictured():
			return false // the host decides
		case c.name == "file" && s.v.Kind == point.HeaderText && lex.Equal(s.tree.Name(s.v.Ref), "destination"): // CVE-2016-3088
			weight = evidence.Threshold
		case c.name == "jar" && !jarURL(s.data[behind:]):
			return true
		case c.name == "ldap" && directory(s.data[behind:]):
			weight = 6
		case c.name == "unix" && (s.socketed("|http", behind) || s.v.Kind == point.Key && len(s.data) > longName): // CVE-2021-40438
		case c.name == "unix" && !s.socketed(".sock:/", behind) && (s.v.Kind == point.WholePath || !s.socketed(".sock/", behind)):
			return true
		}
		t.AddWeight(&scheme, weight, i, behind-i)
		if c.name != "file" && weight < evidence.Threshold && s.pictured() { // no picture comes from there
			t.AddWeight(&fetched, 3, i, behind-i)
		}
		if c.name == "file" && systemFolder(s.data[behind:]) {
			t.Add(&localFile, behind, len(s.data)-behind)
		}
		return true
	}
	return false
}

// directory reports whether what follows ldap:// is a server, or a search in it, as
// settings have it.
func directory(rest []byte) bool {
	slash := bytes.IndexByte(rest, '/')
	if slash < 0 || slash == len(rest)-1 {
		return true
	}
	equal := bytes.IndexByte(rest[slash:], '=') // dc=corp
	return equal > 1 && equal < 4 && bytes.IndexByte(rest, '\n') < 0
}

// jarURL reports whether another URL and a ! follow, as jar: needs.
func jarURL(rest []byte) bool {
	return lex.HasPrefix(rest, "http") || lex.HasPrefix(rest, "file:") || lex.HasPrefix(rest, "ftp") || bytes.IndexByte(rest, '!') > 0
}

// systemFolder reports whether a file URL's path begins in a folder of the system.
func systemFolder(p []byte) bool {
	p = bytes.TrimLeft(p, "/\\.")
	p = bytes.TrimPrefix(p, []byte("localhost/"))
	for _, f := range [...]string{"etc/", "proc/", "root/", "var/log/", "var/run/", "var/www/", "dev/", "sys/", "c:/windows", "c:/boot.ini", "c:/winnt", "c|/", "windows/", "winnt/", "boot.ini", "127.0.0.1/"} {
		if lex.HasPrefix(p, f) {
			return true
		}
	}
	return lex.Equal(p, "etc")
}
