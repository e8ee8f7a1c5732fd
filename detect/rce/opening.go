package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// options are arguments by which common programs run another one. A value that begins
// with one was meant for a command line that takes it for more than a name.
var options = [...]string{
	"-oproxycommand=", "-oproxycommand ", "--upload-pack=", "--receive-pack=", "--use-compress-program=", "--checkpoint-action=", "--to-command=", "--open-files-in-pager=",
}

// opening weighs what only a value's beginning can be: an option that runs a program,
// a cell of a spreadsheet that does (DDE: =cmd|' /C calc'!A0).
func opening(data []byte, best *evidence.Tally) {
	switch data[0] {
	case '-':
		for _, o := range options {
			if lex.HasPrefix(data, o) {
				one(&option, 0, len(o), evidence.ShellWord, best)
				return
			}
		}
	case '=', '+', '@':
		cell := data[1:min(len(data), 256)]
		bar := bytes.IndexByte(cell, '|')
		if bar < 3 || bytes.IndexByte(cell[bar:], '!') < 0 {
			return
		}
		program := bytes.TrimLeft(cell[:bar], "=+-@(\" ")
		for _, known := range [...]string{"cmd", "msexcel", "powershell", "mshta", "dde", "rundll32", "regsvr32", "msword", "winword"} {
			if len(program) == len(known) && lex.HasPrefix(program, known) {
				one(&formula, 0, bar+1, evidence.Code, best)
				return
			}
		}
	}
}
