package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
)

// Words that stand in front of a call of Node which is all that a value does, and the
// calls.
var (
	leadIns    = []string{"function(){", "function (){", "function() {", "function () {", "()=>", "() =>", "return ", "void ", "throw ", "while(1)", "while(true)", "if(1)", "if(true)", "global.", "globalthis.", "settimeout(", "setinterval(", "setimmediate(", "process.nexttick("}
	endsOfNode = []string{"process.exit(", "process.kill(", "process.abort(", "process.reallyexit(", "process.dlopen("}
)

// maxLeadIns bounds what is passed over in front of such a call.
const maxLeadIns = 24

// endsProcess returns the length of a value up to a call that ends the process in which
// it runs, if the value does nothing else: '-(function(){process.exit()})()-'
func endsProcess(data []byte) int {
	if len(data) > 2*longestWord {
		return 0
	}
	if lex.HasPrefix(data, "return ") { // a line of a program
		return 0
	}
	i := lex.WordEnd(data, 0) // 1;process.exit()
	if i == len(data) || data[i] != ';' {
		i = 0
	}
	for range maxLeadIns {
		if i == len(data) {
			return 0
		}
		if n := lex.PrefixLength(data[i:], leadIns); n > 0 {
			i += n
		} else if bytes.IndexByte([]byte("'\"`-+*/;)(}{!~, "), data[i]) >= 0 {
			i++
		} else {
			break
		}
	}
	n := lex.PrefixLength(data[i:], endsOfNode)
	if n == 0 {
		return 0
	}
	end := bytes.IndexByte(data[i+n:], ')')
	if end < 0 || len(bytes.Trim(data[i+n+end:], "'\"`-+*/;)(}{, 0123456789")) > 0 {
		return 0
	}
	return i + n
}

// usesModule reports whether the argument of require is a module of Node by which a
// process leaves itself, of which a function is called at once:
// require('net').connect(. Programs give modules a name first.
func usesModule(argument []byte) bool {
	if len(argument) < 8 || argument[0] != '\'' && argument[0] != '"' && argument[0] != '`' {
		return false
	}
	rest := bytes.TrimPrefix(argument[1:min(len(argument), longestWord)], []byte("node:"))
	end := lex.WordEnd(rest, 0)
	behind := end
	if lex.HasPrefix(rest[end:], "/promises") {
		behind += len("/promises")
	}
	if end == 0 || behind+3 >= len(rest) || rest[behind] != argument[0] || rest[behind+1] != ')' {
		return false
	}
	m, ok := lex.MemberAt(rest, behind+2)
	if !ok || m.End == len(rest) || rest[m.End] != '(' {
		return false
	}
	module, method := rest[:end], m.Name()
	called := len(method)
	switch string(module) {
	case "child_process", "vm", "cluster", "worker_threads", "v8", "inspector", "repl":
		return true
	case "net", "tls", "dgram", "dns":
		return !lex.OneOf(method[:called], "createserver", "isip", "isipv4", "isipv6")
	case "fs":
		if sensitivePath(argument[:min(len(argument), longestWord)]) {
			return true
		}
		for _, verb := range [...]string{"append", "write", "unlink", "rm", "rename", "chmod", "copyfile", "createwrite", "symlink", "truncate", "readdir"} {
			if lex.HasPrefix(method, verb) {
				return true
			}
		}
	}
	return false
}
