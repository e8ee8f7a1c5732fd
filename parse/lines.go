package parse

import (
	"bytes"

	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// lines reads text of which each line names a value into points below [lines]: YAML, TOML, INI, vCard,
// iCalendar. What is inside of what is not kept. Values of several lines, and those whose names say
// that they hold a program, are read as a part of the document only.
func (p *Points) lines(data, contentType []byte, at place) {
	at = at.deeper(p.Tree.Add(at.ref, point.Lines), 0)
	data = p.unfoldedLines(data, contentType)
	p.quotedStrings(data, at)
	for block := -1; len(data) > 0 && p.room(0); {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte("\n"))
		line = bytes.TrimRight(line, "\r \t")
		depth := skipBlank(line, 0)
		text := line[depth:]
		if len(text) == 0 || text[0] == '#' || block >= 0 && depth > block || isSection(text) {
			continue
		}
		block = -1
		for bytes.HasPrefix(text, []byte("- ")) {
			text = bytes.TrimLeft(text[2:], " ")
		}
		name, value := namedLine(text)
		if len(value) > 0 && (value[0] == '|' || value[0] == '>') && len(value) < 4 {
			block = depth
			continue
		}
		if len(value) == 0 && len(name) > 0 && p.room(0) {
			p.lineName(name, at)
		}
		if len(value) == 0 || holdsProgram(name) {
			continue
		}
		if isUpper(text) && lex.Contains(text[:len(text)-len(value)], "quoted-printable") && p.room(len(value)) { // vCard 2.1
			value = p.arena.Commit(quotedPrintable(p.arena.Grow(len(value)), value))
		}
		p.lineValue(name, value, at)
	}
}

// lineValue keeps the value of a line, without its quotes.
func (p *Points) lineValue(name, value []byte, at place) {
	value = untagged(value)
	if len(value) > 1 {
		switch rest := value[1:]; value[0] {
		case '"':
			w := jsonWalk{p: p, data: value}
			if text, _, end := w.text(0); len(bytes.TrimLeft(value[end:], ", ")) == 0 {
				value = text
			}
		case '\'':
			if end := bytes.LastIndexByte(rest, '\''); end >= 0 && len(bytes.TrimLeft(rest[end+1:], ", ")) == 0 && p.room(end) {
				value = p.arena.Commit(undoubled(p.arena.Grow(end), rest[:end], '\''))
			}
		}
	}
	classes := point.Classify(value)
	if len(value) == 0 || p.lean && spareText(value, classes) {
		return
	}
	if len(name) > 0 {
		at.ref = p.lineName(name, at)
	}
	p.classifiedLeaf(value, classes, at)
}

// lineName keeps a name that could carry an attack and returns where its value stands.
func (p *Points) lineName(name []byte, at place) point.Ref {
	at.ref = p.Tree.AddName(at.ref, point.Hash, name)
	p.key(name, at)
	return at.ref
}

// isSection reports whether a line is a heading of TOML or INI: [owner]
func isSection(line []byte) bool {
	const named = point.Alpha | point.Digit | point.Dash | point.Dot | point.Space | point.Bracket
	return line[0] == '[' && line[len(line)-1] == ']' && point.Classify(line)&^named == 0
}

func opensSection(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	line = bytes.TrimSpace(line)
	return len(line) > 0 && isSection(line)
}

// maxLineName bounds the name of a value, in bytes.
const maxLineName = 96

// namedLine parts a line into a name and what follows a colon or an equals sign. Parameters of vCard
// behind the name are left out.
func namedLine(text []byte) (name, value []byte) {
	parameters := 0
	for i, c := range text[:min(len(text), maxLineName)] {
		switch {
		case c == ';' && parameters == 0:
			parameters = i
		case c == ':' && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] != '/' && isUpper(text[:max(parameters, 1)])), c == '=' && parameters == 0:
			name = text[:i]
			if parameters > 0 {
				name = text[:parameters]
			}
			return bytes.Trim(name, " \"'"), bytes.TrimLeft(text[i+1:], " \t")
		case parameters == 0 && point.ClassOf[c]&(point.Alpha|point.Digit|point.Dash|point.Dot|point.Space|point.Slash|point.Quote|point.HashAt|point.Dollar|point.High) == 0:
			return nil, text
		}
	}
	return nil, text
}

// isUpper reports whether a text begins as names of vCard and iCalendar do.
func isUpper(text []byte) bool { return text[0] >= 'A' && text[0] <= 'Z' }

// untagged cuts what YAML puts in front of a value, or in its place: an anchor, the name of its type,
// an alias.
func untagged(value []byte) []byte {
	for len(value) > 1 && (value[0] == '&' || value[0] == '!' || value[0] == '*') {
		word, rest, _ := bytes.Cut(value, []byte(" "))
		if point.Classify(word[1:])&^(point.Alpha|point.Digit|point.Dash|point.Mark) != 0 {
			break
		}
		value = bytes.TrimLeft(rest, " ")
	}
	return value
}

// holdsProgram reports whether a value is what somebody's own programs are written in.
func holdsProgram(name []byte) bool {
	return lex.OneOf(name, "run", "script", "scripts", "command", "cmd", "args", "entrypoint", "exec", "shell", "before_script", "after_script", "test", "build", "query", "sql", "expr", "expression",
		"template", "$ref", "pattern", "regex", "regexp", "condition", "if", "when", "code", "eval", "execstart", "execstop", "execstartpre", "execreload")
}
