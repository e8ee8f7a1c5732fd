package ptrav

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// maxName bounds a value that is looked at as one path as a whole.
const maxName = 256

// inside reports whether a value is a relative path into a folder that no application
// hands out, or to a file of the system as if from the root.
func inside(data []byte) bool {
	i := 0
	for i < len(data) && (data[i] == '.' || data[i] == '/' || data[i] == '\\') { // ./ and ././ lead nowhere
		if data[i] == '.' && i+1 < len(data) && data[i+1] != '/' && data[i+1] != '\\' {
			break
		}
		i++
	}
	rest := data[i:]
	if len(data) > maxName || len(rest) < 8 || bytes.IndexByte(data, ' ') >= 0 {
		return false
	}
	if i > 0 && data[0] != '.' { // absolute
		return false
	}
	for _, folder := range [...]string{"web-inf/", "meta-inf/", ".git/", ".ssh/", ".aws/", ".svn/"} {
		if len(rest) > len(folder) && folded(rest, folder) {
			return true
		}
	}
	for _, file := range [...]string{"etc/passwd", "etc/shadow", "proc/self/environ", "windows/win.ini", "winnt/win.ini", "windows/system32/drivers/etc/hosts"} {
		if len(rest) == len(file) && folded(rest, file) {
			return true
		}
	}
	return false
}

// folded is lex.Equal with both kinds of slashes.
func folded(s []byte, lower string) bool {
	for i := range lower {
		if c := lex.Lower(s[i]); c != lower[i] && (c != '\\' || lower[i] != '/') {
			return false
		}
	}
	return true
}

// serverTrees are folders in which servers are installed.
var serverTrees = []string{
	"/apache group/", "/apache software foundation/", "/apache/", "/apache2/", "/apache2.2/", "/apache2.4/", "/xampp/", "/wamp/", "/wamp64/", "/inetpub/", "/httpd/",
	"/mysql/", "/php/", "/php5/", "/filezilla server/", "/tomcat/", "/nginx/", "/vmware/",
}

// serverTree reports whether a value is the absolute path, as Windows writes it, of a
// settings file or a log inside of a server's own folder.
func serverTree(data []byte) bool {
	drive := len(data) > 3 && lex.Letter(data[0]) && data[1] == ':' && (data[2] == '\\' || data[2] == '/')
	if len(data) > maxName || !drive && !matches(data, "/program files") && !matches(data, "\\program files") {
		return false
	}
	var buf [maxName]byte
	p := buf[:copy(buf[:], data)]
	for i, c := range p {
		if p[i] = lex.Lower(c); c == '\\' {
			p[i] = '/'
		}
	}
	if at, _ := lex.First(p, serverTrees); at < 0 {
		return false
	}
	return lex.SuffixLength(p, []string{".ini", ".conf", ".cfg", ".inc", ".log", "_log", ".pem", ".key", ".properties", " server.xml"}) > 0
}

// wordBehind reports whether a word follows a path, as in a question about it.
func wordBehind(rest []byte) bool {
	return len(rest) > 3 && rest[0] == ' ' && lex.Letter(rest[1]) && lex.Letter(rest[2]) && (lex.Letter(rest[3]) || rest[3] == ' ') && bytes.IndexByte(rest, '/') < 0 && bytes.IndexByte(rest, '\\') < 0
}

// ofSystem returns where a path of the system begins in a normalised path: /etc, /proc,
// /var, /root; -1 if it holds none.
func ofSystem(p []byte) int {
	at, _ := lex.First(p, systemRoots)
	return at
}

var systemRoots = []string{"/etc/", "/proc/", "/var/", "/root/", "/windows/", "/winnt/"}

// dumped reports whether a path ends at a copy or a key, which is somebody's own.
func dumped(p []byte) bool {
	return lex.SuffixLength(p, []string{".sql", ".bak", ".key", ".pem", ".env", ".htpasswd", ".kdbx", ".pfx"}) > 0
}

// asked reports whether a path ends at one of the files that every scanner asks for.
func asked(p []byte) bool {
	return lex.SuffixLength(p, []string{"/etc/passwd", "/etc/shadow", "/win.ini", "/boot.ini", "/proc/self/environ"}) > 0
}

// about reports whether a path leads through a folder in which sites write about files or
// show sources.
func about(p []byte) bool {
	for rest := bytes.TrimPrefix(p, []byte("/")); ; {
		folder, after, more := bytes.Cut(rest, []byte("/"))
		if !more {
			return false
		}
		if lex.About(folder) {
			return true
		}
		rest = after
	}
}
