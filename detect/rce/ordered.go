package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// askers are commands by which intruders learn where they are, and that no interface has for an
// action of its own.
var askers = [...]string{"id", "whoami", "uname", "ifconfig", "ipconfig", "netstat", "systeminfo", "tasklist", "printenv", "hostname"}

// maxOrdered bounds a command that is given to a back door, in bytes.
const maxOrdered = 64

// ordered reads the value of a parameter that is named like what runs commands as if a separator
// stood in front, since a back door has it so: cmd=ls -la. A single word is more often an action
// of an interface, cmd=open, and a long line or the path of a program a job that somebody sets up.
func ordered(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Flags&point.Command == 0 || len(data) > maxOrdered || data[0] == '/' || best.Score() >= evidence.Threshold {
		return
	}
	if v.Classes&(point.Space|point.Newline) == 0 {
		if lex.OneOf(data, askers[:]...) {
			one(&asksShell, 0, len(data), evidence.ShellWord, best)
		}
		return
	}
	var buf [maxOrdered + 1]byte
	buf[0] = ';'
	line := buf[:1+copy(buf[1:], bytes.TrimLeft(data, " "))]
	behind := *v
	behind.Classes |= point.Semicolon
	behind.Pairs = nil
	var t evidence.Tally
	if shell(line, &behind, &t); t.Score() >= evidence.Threshold {
		one(&asksShell, 0, len(data), evidence.ShellWord, best)
	}
}
