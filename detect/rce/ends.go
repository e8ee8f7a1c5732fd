package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// piped reports whether output goes into a shell that stands at the end.
func (c *call) piped() bool {
	if c.at != separator || !bytes.HasSuffix(bytes.TrimRight(c.data[max(0, c.first-8):c.first], " "), []byte("|")) {
		return false
	}
	if lex.Equal(c.word.text(), "crontab") {
		return bytes.HasPrefix(bytes.TrimLeft(c.rest, " "), []byte("-")) && c.echoesBefore(c.first)
	}
	return c.closes() && lex.OneOf(c.word.text(), "sh", "bash", "zsh", "ksh", "dash", "python", "python3", "perl", "php")
}

// firstEcho remembers where the first echo of a value ends.
type firstEcho struct {
	sought bool
	end    int // 0 if there is none
}

// echoesBefore reports whether an echo stands in front of a place.
func (r *reader) echoesBefore(i int) bool {
	const echo = "echo"
	if !r.echo.sought {
		r.echo.sought = true
		if at := lex.Index(r.data, echo); at >= 0 {
			r.echo.end = at + len(echo)
		}
	}
	return r.echo.end > 0 && r.echo.end <= i
}

// idlers do nothing without an argument, and their names are of products, languages and words.
var idlers = []string{
	"busybox", "lynx", "w3m", "elinks", "telnet", "podman", "yes", "composer", "artisan", "rails", "wp", "drill", "fetch", "links", "init", "wall", "ld", "pr", "cpp", "ag", "sum", "batch", "join", "cmp", "unlink", "emacs",
	"pico", "brew", "bridge", "logger", "write", "aws", "drush", "rg", "nm", "m4", "mtr", "opkg", "zypper", "pm2", "sendmail", "pacman", "flatpak", "unexpand",
	"hd", "ncdu", "nodejs", "virsh", "choom", "gcloud", "masscan", "toybox", "noglob", "nocorrect", "supervisorctl", "luajit", "etcdctl", "proxychains", "websocat",
}

// idle reports whether such a name stands alone.
func (c *call) idle() bool {
	return !c.word.hidden && !c.word.path && c.closes() && lex.OneOf(c.word.text(), idlers...)
}

// closes reports whether a command ends right behind its name.
func (c *call) closes() bool {
	rest := bytes.TrimLeft(c.rest, " \t'\"\r")
	if len(rest) == 0 {
		return true
	}
	switch rest[0] {
	case ';', '|', '&', '\n', '#', 0:
		return true
	case '>':
		return len(rest) > 2 && c.glued() && (rest[1] == '&' && lex.Digit(rest[2]) || c.rank >= tool && c.rest[0] == '>' && c.value.Classes&point.Less == 0 && (lex.Letter(rest[1]) || rest[1] == '/'))
	case ')':
		return c.at == substitution || c.first > 0 && c.data[c.first-1] == '(' && c.rank >= tool
	case '`':
		return c.at == backtick
	case '\\':
		return len(rest) > 1 && rest[1] == 'n'
	}
	return false
}
