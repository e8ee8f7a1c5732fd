package rce

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// shellWord is the first word of a command as the shell comes to see it.
type shellWord struct {
	buf    [48]byte
	n      int
	end    int  // index behind it
	hidden bool // quotes, escapes or expansions stood inside
	glob   bool // wildcards stood inside
	path   bool // it was written with a folder
}

// text returns the word without its folder and without .exe.
func (w *shellWord) text() []byte {
	b := w.buf[:w.n]
	if i := bytes.LastIndexByte(b, '/'); i >= 0 {
		b = b[i+1:]
	}
	return bytes.TrimSuffix(b, []byte(".exe"))
}

// system reports whether a word with a folder can name a program: /bin/cat, ./x or
// a pattern such as /???/c?t, but not a page such as /jira/free.
func (w *shellWord) system() bool {
	b := w.buf[:w.n]
	for _, root := range [...]string{"/bin/", "/usr/", "/sbin/", "/opt/", "/system32/", "./", "/???/", "/b", "/u"} {
		if bytes.HasPrefix(b, []byte(root)) && (len(root) > 2 || w.glob) {
			return true
		}
	}
	return w.glob && bytes.Count(b, []byte("/")) >= 2 && bytes.IndexByte(b, '?') >= 0
}

// readWord reads the word at i with quotes, backslashes, carets and empty
// expansions taken out.
func readWord(data []byte, i int) (w shellWord) {
	first := i
	for i < len(data) && w.n < len(w.buf) {
		c := data[i]
		switch {
		case point.ClassOf[c]&(point.Alpha|point.Digit|point.Dot) != 0 || c == '-' && w.n > 0 || c == '+' && w.n > 0:
			if 'A' <= c && c <= 'Z' {
				c |= 0x20
			}
			w.put(c)
		case c == '/':
			w.path = true
			w.put(c)
		case (c == '\'' || c == '"') && w.n > 0 && i+1 < len(data) && (data[i+1] == c || point.ClassOf[data[i+1]]&point.Alpha != 0):
			w.hidden = true
		case c == '\'' || c == '"':
			if w.n == 0 || !w.hidden {
				w.end = i
				return w
			}
		case c == '\\' || c == '^':
			if i+1 < len(data) && point.ClassOf[data[i+1]]&point.Alpha != 0 && w.n > 0 || i == first {
				w.hidden = w.n > 0
				break
			}
			w.end = i
			return w
		case c == '?' || c == '*' || c == '[' || c == ']':
			if !w.path {
				w.end = i
				return w
			}
			w.glob, w.hidden = true, true
			w.put(c)
		case c == '$' && i+1 < len(data) && (data[i+1] == '@' || data[i+1] == '*' || data[i+1] >= '1' && data[i+1] <= '9') && w.n > 0:
			w.hidden = true
			i++
		case c == '$' && i+2 < len(data) && data[i+1] == '{' && data[i+2] != 'I' && w.n > 0:
			if end := bytes.IndexByte(data[i:], '}'); end > 0 && end < 16 {
				w.hidden = true
				i += end
				break
			}
			w.end = i
			return w
		case c == ',' && w.n > 0 && first > 0 && data[first-1] == '{':
			w.end = i
			return w
		default:
			w.end = i
			return w
		}
		i++
	}
	w.end = i
	return w
}

func (w *shellWord) put(c byte) {
	w.buf[w.n] = c
	w.n++
}

// ranks of commands.
const (
	unknown = iota
	weak    // an English word, or a name of something else too
	strong
)

// lookUp ranks a command's name.
func lookUp(name []byte) int {
	switch string(name) {
	case "whoami", "wget", "curl", "nslookup", "powershell", "pwsh", "bash", "zsh", "ksh", "nc", "ncat", "netcat", "uname", "certutil",
		"bitsadmin", "ifconfig", "ipconfig", "netstat", "traceroute", "tracert", "systeminfo", "tasklist", "wmic", "cscript", "wscript", "mshta",
		"regsvr32", "rundll32", "chmod", "chown", "crontab", "useradd", "adduser", "sudo", "mkfifo", "tftp", "scp", "python2", "python3", "gcc",
		"busybox", "xxd", "lsof", "printenv", "getent", "schtasks", "icacls", "cacls", "fping", "socat", "awk", "gawk", "sed", "nmap",
		"iptables", "insmod", "msfvenom", "csh", "tcsh", "tac", "ping6", "pwd", "pkill", "uniq", "wc", "xargs", "nohup", "grep", "egrep", "vim",
		"nano", "arp", "umount", "unset", "dmesg", "unzip", "gzip", "gunzip", "kubectl", "apt-get", "yum", "dnf", "svn", "mysql", "psql",
		"sqlite3", "redis-cli", "gpg", "tmux", "fsutil", "findstr":
		return strong
	case "cat", "id", "dir", "type", "echo", "sleep", "find", "set", "head", "tail", "less", "more", "strings", "time", "last", "who", "w",
		"touch", "kill", "cut", "sort", "net", "exec", "eval", "source", "timeout", "start", "copy", "move", "mail", "host", "finger", "route",
		"mount", "shutdown", "reboot", "halt", "export", "alias", "history", "date", "cal", "free", "top", "locate", "which", "man", "file",
		"stat", "diff", "screen", "su", "ip", "ver", "env", "rev", "node", "ruby", "python", "perl", "php", "git", "docker", "zip", "tree",
		"printf", "ping", "rm", "ps", "ls", "md", "sc", "del", "lua", "mongo", "dash", "sh", "dig", "reg", "cmd", "nl", "od", "df", "du", "ln",
		"cp", "mv", "ss", "vi", "tee", "apt", "pip", "npm", "waitfor", "attrib", "assoc", "base64", "hostname", "passwd", "telnet", "ftp", "ssh",
		"openssl", "tar", "uptime", "whereis":
		return weak
	}
	return unknown
}
