package ssti

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// sensitive are files that attackers ask a template for.
var sensitive = lex.NewList("/etc/passwd", "/etc/shadow", "/etc/hosts", "/etc/group", "/proc/self/", "c:/windows/", `c:\windows\`, "file:///", "/web-inf/", ".ssh/id_rsa")

// files finds the name of such a file, in quotes, inside of a block.
func (b *block) files(inside []byte, off int, t *evidence.Tally) {
	if b.style == square || b.style == single && !lex.Letter(at(inside, 0)) || bytes.IndexByte(inside, '/') < 0 && bytes.IndexByte(inside, '\\') < 0 {
		return
	}
	i, word := sensitive.First(inside)
	if i < 1 {
		return
	}
	before := inside[max(0, i-24):i]
	if bytes.ContainsAny(before, "'\"") || b.style == tag && inside[i-1] == ' ' && lex.Letter(at(inside, lex.SkipSpace(inside, 0))) && b.mark == '{' {
		t.Add(&fileName, off+i, len(word))
	}
}

// remote reports whether a template is taken from another host.
func remote(s []byte) bool {
	s = bytes.TrimLeft(s, "('\" file=")
	return lex.HasPrefix(s, "http://") || lex.HasPrefix(s, "https://") || lex.HasPrefix(s, "ftp://") || lex.HasPrefix(s, "//")
}

// elements finds elements by which servers run script or include files: of ServiceNow's
// Jelly, of Zope, of XWiki's macros.
func elements(data []byte, p *point.Pairs, best *evidence.Tally) {
	if !telling.May(p) {
		return
	}
	attributes := p.May("tal:")
	for i := 0; ; {
		n := bytes.IndexByte(data[i:], '<')
		if n < 0 {
			return
		}
		i += n + 1
		rest := data[i:min(len(data), i+maxBlock)]
		if len(rest) < 8 {
			return
		}
		switch lex.Lower(rest[0]) {
		case 'g', 'j':
			if lex.HasPrefix(rest, "g:evaluate") || lex.HasPrefix(rest, "g2:evaluate") || lex.HasPrefix(rest, "j:jelly") || lex.HasPrefix(rest, "j2:jelly") || lex.HasPrefix(rest, "j:invoke") {
				best.Add(&statement, i-1, 8)
			}
		case 'c':
			if lex.HasPrefix(rest, "c:import url=") && remote(rest[len("c:import url="):]) {
				best.Add(&fileName, i-1, len("<c:import url="))
			}
			if sum := rest[min(len(rest), len("cfoutput>#")):]; lex.HasPrefix(rest, "cfoutput>#") && at(sum, numberEnd(sum, 0)) == '*' && lex.Digit(at(sum, 0)) {
				best.Add(&arithmetic, i-1, len("<cfoutput>#"))
			}
		case 'i':
			if lex.HasPrefix(rest, "include>") {
				if at, word := sensitive.First(rest[:min(len(rest), 32)]); at == len("include>") {
					best.Add(&fileName, i-1, at+len(word))
				}
			}
		}
		if attributes && calculates(rest) || lex.HasPrefix(rest, "?python ") {
			best.Add(&statement, i-1, len("?python"))
		}
	}
}

// telling are marks of which one stands in each of these elements.
var telling = lex.NewList("<g:evaluate", "<g2:evaluate", "<j:jelly", "<j2:jelly", "<j:invoke", "<c:import url=", "<cfoutput>#", "<include>", "tal:", "?python ")

// calculates reports whether an element has an attribute of Zope's that runs Python.
func calculates(rest []byte) bool {
	end := bytes.IndexByte(rest, '>')
	return end > 0 && bytes.Contains(rest[:end], []byte("tal:")) && runsPython(rest[:end])
}

// runsPython reports whether an element's attributes hold an expression of Python, or one that opens a
// file or imports.
func runsPython(element []byte) bool {
	return bytes.Contains(element, []byte(`="python:`)) || bytes.Contains(element, []byte("open(")) || bytes.Contains(element, []byte("__import__")) || bytes.Contains(element, []byte(".__class__"))
}

// macro weighs a macro of XWiki that runs script: {{groovy}}...{{/groovy}}.
func (b *block) macro(data []byte, t *evidence.Tally) {
	name := bytes.TrimSpace(data[b.from:b.to])
	for _, m := range [...]string{"{{/groovy", "{{/python", "{{/velocity", "{{/php"} {
		if lex.Equal(name, m[len("{{/"):]) && lex.Contains(data[b.to:min(len(data), b.to+maxBlock)], m) {
			t.Add(&statement, b.start, b.to-b.start)
		}
	}
}
