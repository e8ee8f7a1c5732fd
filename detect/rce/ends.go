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
		return bytes.HasPrefix(bytes.TrimLeft(c.rest, " "), []byte("-")) && c.sought().echo <= c.first
	}
	return c.closes() && lex.OneOf(c.word.text(), "sh", "bash", "zsh", "ksh", "dash", "python", "python3", "perl", "php")
}

// firsts are what commands of one value ask for in front of them: where it stands first is sought once.
type firsts struct {
	sought bool
	word   int // index behind the word that begins the value
	mark   int // index of the first byte that separates commands, redirects or quotes, or the end
	echo   int // index behind the first echo, beyond the end if there is none
}

func (r *reader) sought() *firsts {
	const echo = "echo"
	f := &r.firsts
	if f.sought {
		return f
	}
	*f = firsts{true, lex.WordEnd(r.data, 0), len(r.data), len(r.data) + 1}
	if i := bytes.IndexAny(r.data, ";|&`<>\n\"'"); i >= 0 {
		f.mark = i
	}
	if i := lex.Index(r.data, echo); i >= 0 {
		f.echo = i + len(echo)
	}
	return f
}

// idlers do nothing without an argument, and their names are of products, languages and words.
var idlers = lex.NewWords("busybox lynx w3m elinks telnet podman yes composer artisan rails wp drill fetch links init wall ld pr cpp ag sum batch join cmp unlink emacs pico brew " +
	"bridge cd logger write aws drush rg nm m4 mtr opkg zypper pm2 sendmail pacman flatpak unexpand hd ncdu nodejs virsh choom gcloud masscan toybox noglob " +
	"nocorrect supervisorctl luajit etcdctl proxychains websocat")

// idle reports whether such a name stands alone, or a shell is given a remark.
func (c *call) idle() bool {
	if bytes.HasPrefix(bytes.TrimLeft(c.rest, " "), []byte("-c #")) { // builders of containers write so what runs nothing
		return true
	}
	return !c.word.hidden && !c.word.path && c.closes() && (idlers.Has(c.word.text()) || c.resets())
}

// resets reports whether a setting of Vim gets what Vim has, in which its name is no command: set cpo&vim
func (c *call) resets() bool {
	return c.at == ampersand && c.first > 1 && lex.Word(c.data[c.first-2]) && lex.Equal(c.word.text(), "vim")
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
	case ')':
		return c.at == substitution || c.first > 0 && c.data[c.first-1] == '(' && c.rank >= tool || c.endsOutside(rest, '(')
	case '`':
		return c.at == backtick || c.endsOutside(rest, '`')
	case '\\':
		return len(rest) > 1 && rest[1] == 'n'
	}
	return false
}

// endsOutside reports whether what closes a bracket or a substitution ends the value, and the application opened that.
func (c *call) endsOutside(rest []byte, opening byte) bool {
	return (c.at == separator || c.at == ampersand) && c.rank >= tool && len(bytes.Trim(rest, ")`'\";# \t\r\n")) == 0 && bytes.IndexByte(c.data[:c.first], opening) < 0
}

// beforeRedirections returns where redirections begin that stand up to the end of a command: <a >b 2>&1; -1 if none
// do. Elements of a page end in >.
func (c *call) beforeRedirections() int {
	rest := c.rest
	i := bytes.IndexAny(rest[:min(len(rest), longestWord)], "<>;|&\n#`")
	if i < 0 || rest[i] != '<' && rest[i] != '>' {
		return -1
	}
	name := bytes.TrimRight(rest[:i], "0123456789")
	if n := len(bytes.TrimRight(name, " ")); redirectsOnly(rest[n:], c.rank >= tool) {
		return n
	}
	return -1
}

// redirectsOnly reports whether nothing but redirections stands up to the end of a command. Conditions compare with
// numbers and names: a name alone counts where names may be files and nothing is behind it.
func redirectsOnly(rest []byte, names bool) bool {
	for len(rest) > 0 && bytes.IndexByte([]byte(";|&\n#`"), rest[0]) < 0 {
		blank := rest[0] == ' '
		if rest = bytes.TrimLeft(rest, " 0123456789"); len(rest) == 0 {
			return true
		}
		if len(rest) < 2 || rest[0] != '<' && rest[0] != '>' {
			return false
		}
		rest = bytes.TrimPrefix(rest[1:], []byte(">"))
		if len(rest) > 1 && rest[0] == '&' && lex.Digit(rest[1]) {
			rest = rest[2:]
		} else {
			file := bytes.TrimLeft(rest, " ")
			end := fileEnd(file)
			if end == 0 || lex.Digit(file[0]) || blank == (len(file) < len(rest)) && !bytes.ContainsAny(file[:end], "/.$~") && (!names || len(bytes.TrimSpace(file[end:])) > 0) {
				return false
			}
			rest = file[end:]
		}
		rest = bytes.TrimLeft(rest, "\t'\"\r")
	}
	return true
}

// fileEnd returns where the name of a file ends that rest begins with.
func fileEnd(rest []byte) int {
	const inFile = point.Alpha | point.Digit | point.Dot | point.Dash | point.Slash | point.Dollar
	for i, c := range rest {
		if point.ClassOf[c]&inFile == 0 && c != '~' {
			return i
		}
	}
	return len(rest)
}
