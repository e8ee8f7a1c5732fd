package rce

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// Bounds of the pipes that are looked at.
const (
	maxPipes  = 16
	maxBefore = 64 // bytes in front of a pipe
)

// takesPipe holds the bytes with which decoders and interpreters begin: base64 xxd openssl sh zsh dash ksh ash python
// /bin/sh
var takesPipe = [256]bool{'b': true, 'x': true, 'o': true, 's': true, 'z': true, 'd': true, 'k': true, 'a': true, 'p': true, '/': true}

// decoded weighs a pipe from a decoder into a shell: | base64 -d | sh.
func decoded(data []byte, best *evidence.Tally) {
	for from, n := 0, 0; n < maxPipes; n++ {
		i := bytes.IndexByte(data[from:], '|')
		if i < 0 {
			return
		}
		i += from
		from = i + 1
		word := lex.SkipSpace(data, i+1)
		if word == len(data) || !takesPipe[lex.Lower(data[word])] {
			continue
		}
		if decodes(data[word:]) && evaluated(data[max(0, i-window):i]) {
			one(&decodedShell, i, min(len(data)-i, maxBefore), evidence.ShellWord, best)
			return
		}
		word += lex.PrefixLength(data[word:], []string{"/bin/", "/usr/bin/"})
		end := lex.WordEnd(data, word)
		if !lex.OneOf(data[word:end], "sh", "bash", "zsh", "dash", "ksh", "ash", "python", "python3", "perl", "php") {
			continue
		}
		before := data[max(0, i-maxBefore):i]
		if k := bytes.LastIndexAny(before, "|;&\n("); k >= 0 {
			before = before[k+1:]
		}
		if !decodes(before) && !fetchesAddress(before) && !connects(before) {
			continue
		}
		var t evidence.Tally
		t.Reset(attack.RCE, evidence.ShellWord)
		t.Add(&decodedShell, i-len(before), end-i+len(before))
		if t.Score() > best.Score() {
			*best = t
		}
		return
	}
}

// evaluated reports whether text ends inside of a substitution whose output eval runs: eval `echo 6964
func evaluated(before []byte) bool {
	i := bytes.LastIndex(before, []byte("eval "))
	if i < 0 {
		return false
	}
	rest := bytes.TrimLeft(before[i+len("eval "):], " \"")
	return lex.PrefixLength(rest, []string{"`", "$("}) > 0 && bytes.Count(rest, []byte("`")) < 2
}

// fetchesAddress reports whether a command of a pipe fetches a script from a bare address
// of IPv4, as no installer does.
func fetchesAddress(command []byte) bool {
	command = bytes.TrimLeft(command, " \t")
	if lex.PrefixLength(command, []string{"curl ", "wget "}) == 0 {
		return false
	}
	host := command[bytes.LastIndexByte(bytes.TrimRight(command, " "), ' ')+1:]
	if i := bytes.Index(host, []byte("://")); i >= 0 {
		host = host[i+3:]
	}
	if end := bytes.IndexAny(host, "/: "); end >= 0 {
		host = host[:end]
	}
	return quad(host) && lex.PrefixLength(host, []string{"127.", "10.", "192.168.", "172."}) == 0
}

// connects reports whether a command of a pipe is one that hands on what a bare address sends.
func connects(command []byte) bool {
	command = bytes.TrimLeft(command, " \t")
	if lex.PrefixLength(command, []string{"nc ", "ncat ", "telnet ", "openssl s_client "}) == 0 {
		return false
	}
	for word := range bytes.FieldsSeq(command) {
		if host, _, _ := bytes.Cut(word, []byte(":")); quad(host) {
			return true
		}
	}
	return false
}

// decodes reports whether a command of a pipe decodes what it reads.
func decodes(command []byte) bool {
	command = bytes.TrimLeft(command, " \t")
	return lex.PrefixLength(command, []string{"base64 -d", "base64 --d", "base64 -i", "base32 -d", "xxd -r", "xxd -p -r", "openssl base64 -d", "openssl enc -base64 -d"}) > 0
}
