package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// fetchers are commands that fetch what an address names.
var fetchers = lex.NewList("wget ", "curl ", "fetch ", "ftpget ", "lwp-download ")

// insideNumbers begin addresses of networks inside: RFC 1918, RFC 1122.
var insideNumbers = []string{"10.", "127.", "192.168.", "172.1", "172.2", "172.30.", "172.31.", "0.", "169.254."}

// dropper finds a line that fetches a program from an address without a name and runs it, as worms do.
// People who write down how a program of theirs is installed say on which host it is, or on which
// machine inside.
func dropper(data []byte, v *point.Value, best *evidence.Tally) {
	const needs = point.Colon | point.Slash | point.Space | point.Dot
	if v.Classes&needs != needs || v.Classes&(point.Semicolon|point.Ampersand|point.Pipe) == 0 || best.Score() >= evidence.Threshold || rankOf(data[:nameEnd(data, 0)]) == unknown {
		return
	}
	i, word := fetchers.First(data[:min(len(data), window)])
	if i < 0 || i > 0 && lex.Word(data[i-1]) {
		return
	}
	line := data[i:min(len(data), i+window)]
	_, host, ok := bytes.Cut(line[len(word):], []byte("://"))
	end := bytes.IndexAny(host, "/:")
	if !ok || end < 0 || !quad(host[:end]) || lex.PrefixLength(host, insideNumbers) > 0 {
		return
	}
	if runsBehind(host[end:]) {
		one(&dropped, i, len(line), evidence.ShellWord, best)
	}
}

// runsBehind reports whether what was fetched is run behind a separator.
func runsBehind(line []byte) bool {
	for i := bytes.IndexAny(line, ";|&\n"); i >= 0; i = bytes.IndexAny(line, ";|&\n") {
		line = bytes.TrimLeft(line[i:], ";|& \n")
		if lex.PrefixLength(line, []string{"./", "/tmp/"}) > 0 || lex.OneOf(line[:lex.WordEnd(line, 0)], "chmod", "sh", "bash", "ash", "dash", "perl", "python", "python3") {
			return true
		}
	}
	return false
}
