package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// imageCoders are prefixes by which ImageMagick takes a name for a script or a text file.
var imageCoders = [...]string{"vid:msl:", "vid:/", "msl:/", "msl:http", "mvg:/", "mvg:http", "ephemeral:/", "label:@", "caption:@", "text:/", "text:@", "pango:@"}

// routed are prefixes by which Struts takes the rest of a name for an expression.
var routed = []string{"redirect:${", "redirect:%{", "action:${", "action:%{", "redirectaction:${", "redirectaction:%{"}

// transport returns the length of git's ext:: or fd:: in front of a command.
func transport(data []byte) int {
	for _, t := range [...]string{"ext::", "fd::"} {
		if lex.HasPrefix(data, t) && len(data) > len(t) && (lex.Word(data[len(t)]) || data[len(t)] == '/') {
			return len(t)
		}
	}
	return 0
}

// opening weighs what only a value's beginning can be: an option that runs a program,
// a cell of a spreadsheet that does (DDE: =cmd|' /C calc'!A0).
func opening(data []byte, v *point.Value, tree *point.Tree, best *evidence.Tally) {
	switch data[0] {
	case '=', '@', '+':
		if data[0] == '@' && len(data) < longestWord && lex.PrefixLength(data[1:], secrets[:]) > 0 { // of curl
			one(&option, 0, 2, evidence.ShellWord, best)
			return
		}
		if data[0] == '+' && forEditor(data, best) {
			return
		}
		cell(data, listed(v.Ref, tree), best)
	case 'L', 'B', 'P', 'N', 'G':
		if n := startsLoaded(data); n > 0 {
			one(&option, 0, n, evidence.ShellWord, best)
		}
	}
	if v.Classes&point.Colon != 0 {
		prefixed(data, best)
	}
}

// forEditor weighs a command of vim that runs another one.
func forEditor(data []byte, best *evidence.Tally) bool {
	n := lex.PrefixLength(data, []string{":!", "+!", "+:!"})
	if n == 0 || !runs(data[n:]) {
		return false
	}
	one(&option, 0, n, evidence.ShellWord, best)
	return true
}

// prefixed weighs a prefix with a colon by which a program takes the rest for a command or code.
func prefixed(data []byte, best *evidence.Tally) {
	switch data[0] {
	case 'r', 'R', 'a', 'A':
		if n := lex.PrefixLength(data, routed); n > 0 {
			one(&phrase, 0, n, evidence.Code, best)
		}
	case 'e', 'E', 'f', 'F', 'v', 'V', 'm', 'M', 'l', 'c', 't', 'p', 'z':
		if n := transport(data); n > 0 {
			one(&option, 0, n, evidence.ShellWord, best)
			return
		}
		for _, coder := range imageCoders {
			if lex.HasPrefix(data, coder) && len(data) > len(coder) && data[len(coder)] > ' ' {
				one(&imageCoder, 0, len(coder), evidence.Code, best)
				return
			}
		}
		fileDatabase(data, best)
	case 'j', 'J':
		driver(data, best)
	case ':':
		forEditor(data, best)
	}
}

// listed reports whether a value stands in a list of JSON, or in an object of one, or under the
// name of a cell: {"E2": "=HYPERLINK(...)"}
func listed(ref point.Ref, tree *point.Tree) bool {
	return tree.Tag(ref) == point.Array || tree.Tag(tree.Parent(ref)) == point.Array || cellName(tree.Name(ref))
}

// cellName reports whether a name is that of a cell, up to three capitals and a number, or of
// its formula.
func cellName(name []byte) bool {
	i := 0
	for i < len(name) && i < 3 && 'A' <= name[i] && name[i] <= 'Z' {
		i++
	}
	return i > 0 && i < len(name) && digits(name[i:]) == len(name)-i || string(name) == "f" || string(name) == "formula"
}

// cell weighs a cell of a spreadsheet.
func cell(data []byte, listed bool, best *evidence.Tally) {
	cell := data[1:min(len(data), 256)]
	if (data[0] != '+' || lex.HasPrefix(cell, "dde(")) && fetches(cell) {
		one(&formula, 0, min(len(data), 16), evidence.Code, best)
		if listed {
			best.Cap(evidence.Threshold - 1) // a spreadsheet sends its cells in rows
		}
		return
	}
	if bar := bytes.IndexByte(cell, '|'); bar > 0 && exchanges(cell, bar) {
		one(&formula, 0, bar+1, evidence.Code, best)
	}
}

// exchanges reports whether a bar stands behind a program with which a cell exchanges data, and
// so starts it: cmd|'/C calc'!A0
func exchanges(data []byte, bar int) bool {
	from := bar
	for from > 0 && lex.Word(data[from-1]) && bar-from < longestWord {
		from--
	}
	return bar-from > 2 && bytes.IndexByte(data[bar:min(len(data), bar+256)], '!') > 0 &&
		lex.OneOf(data[from:bar], "cmd", "msexcel", "powershell", "mshta", "dde", "rundll32", "regsvr32", "msword", "winword")
}

// isShell reports whether the command is the path of a shell: /bin/sh.
func (c *call) isShell() bool {
	return c.word.path && lex.OneOf(c.data[c.first:c.word.end], "/bin/sh", "/bin/bash", "/bin/dash", "/bin/zsh", "/usr/bin/bash", "/usr/bin/zsh", "/usr/bin/fish", "/bin/ash")
}
