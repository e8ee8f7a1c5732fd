package rce

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// pasted reports whether a command stands in source that is shown to others.
func (c *call) pasted() bool { return c.first > c.paste }

// pasted returns where source begins that a value shows to others: behind a fence of Markdown, or at its own beginning,
// with an interpreter's line, an assignment, the head of a function. Without one it is the value's end.
func pasted(data []byte, v *point.Value) int {
	if bytes.HasPrefix(data, []byte("```")) || bytes.HasPrefix(data, []byte("#!")) {
		if data[0] == '#' || fenced(data) {
			return -1
		}
		return len(data)
	}
	if v.Classes&point.Newline != 0 {
		if fence := lex.IndexPaired(v.Pairs, data[:min(len(data), window)], "\n```"); fence >= 0 {
			return fence
		}
	}
	if beginsSource(data, v) {
		return -1
	}
	return len(data)
}

// beginsSource reports whether a value begins as a program does.
func beginsSource(data []byte, v *point.Value) bool {
	end, line := lex.WordEnd(data, 0), -1
	if v.Classes&point.Newline != 0 {
		line = bytes.IndexByte(data, '\n')
	}
	if line > 0 && (bytes.HasPrefix(data, []byte("# ")) || end < line && data[end] == ' ' && lex.OneOf(data[:end], "export", "for", "case", "local", "function", "readonly")) {
		return true
	}
	if end == 0 || end+2 >= len(data) {
		return false
	}
	rest := data[end:]
	if bytes.HasPrefix(rest, []byte(" () {\n")) || bytes.HasPrefix(rest, []byte(" ()\n")) {
		return true
	}
	return rest[0] == '=' && bytes.IndexByte([]byte("$\"'`"), rest[1]) >= 0 || bytes.HasPrefix(rest, []byte("() {\n"))
}

// fenced reports whether a value begins with a fence of Markdown: the name of a language, nothing else, is in
// its line, and nothing behind the one that closes it.
func fenced(data []byte) bool {
	code := data[len("```"):]
	info := bytes.IndexByte(code, '\n')
	if info < 0 || bytes.ContainsAny(code[:info], ";|&$`<>") {
		return false
	}
	end := bytes.Index(code[info:], []byte("```"))
	if end < 0 {
		return true
	}
	behind := bytes.TrimLeft(code[info+end+3:], " \r`")
	return len(behind) == 0 || behind[0] == '\n'
}
