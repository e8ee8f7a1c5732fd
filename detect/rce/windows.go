package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// windows weighs what only cmd.exe reads: loops over output, conditions on files and
// variables, and slices of variables.
func windows(data []byte, best *evidence.Tally) {
	if i := lex.Index(data, "for "); i >= 0 && commandStart(data, i) {
		rest := bytes.TrimLeft(data[i+4:], " ")
		loop := len(rest) > 3 && (rest[0] == '/' && rest[2] == ' ' || rest[0] == '%') && bytes.IndexByte(rest, '%') >= 0
		if in := lex.Index(rest, " in "); loop && in > 0 && bytes.IndexByte(rest[in:], '(') >= 0 && lex.Index(rest[in:], "do ") > 0 {
			one(&windowsLoop, i, min(len(data)-i, 64), evidence.ShellWord, best)
			return
		}
	}
	if i := bytes.Index(data, []byte(":~")); i > 1 && i+2 < len(data) && (digits(data[i+2:]) > 0 || data[i+2] == '-') {
		if open := bytes.LastIndexByte(data[:i], '%'); open >= 0 && i-open < 24 && bytes.IndexByte(data[i:], '%') > 0 {
			one(&windowsSlice, open, i-open+2, evidence.ShellWord, best)
		}
	}
}

// commandStart reports whether a command may begin at i.
func commandStart(data []byte, i int) bool {
	before := bytes.TrimRight(data[:i], " @(")
	if len(before) == 0 {
		return true
	}
	switch before[len(before)-1] {
	case '&', '|', ';', '\n', '"', '\'':
		return true
	}
	return false
}

// powerWords are what PowerShell that downloads or decodes code cannot do without.
var powerWords = [...]string{
	"iex(", "iex (", "invoke-expression", "downloadstring(", "downloadfile(", "-encodedcommand", "[system.convert]::frombase64", "new-object net.webclient", "new-object system.net", "invoke-webrequest ",
	"[system.text.encoding]::", "[system.diagnostics.process]::start", "[system.io.file]::", "system.diagnostics.process.start", "-executionpolicy bypass", "[system.reflection.assembly]::",
}

func power(data []byte, i int, word string, best *evidence.Tally) {
	if i > 0 && word[0] == 'i' && point.ClassOf[data[i-1]]&point.Alpha != 0 {
		return
	}
	if bytes.ContainsAny(data, "$('") || word[0] == '-' {
		one(&powershell, i, len(word), evidence.Code, best)
	}
}

// flags weighs the flags of PowerShell in a value that holds nothing else of note.
func flags(data []byte, best *evidence.Tally) {
	for from := 0; ; {
		i := bytes.IndexByte(data[from:], '-')
		if i < 0 {
			return
		}
		from += i + 1
		for _, word := range [...]string{"-encodedcommand", "-executionpolicy bypass"} {
			if lex.HasPrefix(data[from-1:], word) {
				power(data, from-1, word, best)
			}
		}
	}
}
