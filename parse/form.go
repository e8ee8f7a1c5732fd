package parse

import (
	"bytes"

	"github.com/weirnode/weir/point"
)

// pairs reads name=value pairs of a query or a form. Escapes are decoded once and a
// plus is a blank, as the transport says.
func (p *Points) pairs(text []byte, tag point.Tag, parent point.Ref, at place) {
	first := p.Tree.Len()
	start := len(p.Values)
	for rest := text; len(rest) > 0 && p.room(0); {
		var pair []byte
		pair, rest, _ = bytes.Cut(rest, []byte("&"))
		if len(pair) == 0 {
			continue
		}
		p.pair(pair, tag, parent, at)
	}
	p.joinRepeated(tag, parent, first, start, at)
	if bytes.IndexByte(text, ';') >= 0 {
		p.semicolons(text, tag, parent, at)
	}
}

func (p *Points) pair(pair []byte, tag point.Tag, parent point.Ref, at place) {
	name, value, hasValue := bytes.Cut(pair, []byte("="))
	if p.orderly && (len(name) == 0 || point.Classify(name)&^nameClasses != 0 || isBinary(value) && textSpan(value) == nil) {
		return
	}
	raw := value
	name, _, badName := p.unescape(name, true)
	value, changed, badValue := p.unescape(value, true)
	classes := point.Classify(value)
	at.ref = p.named(name, tag, parent, at)
	if takesCommand(variable(name)) {
		at.flags |= point.Command
	}
	if badName || badValue {
		p.anomaly(at.ref, BadPercent)
	}
	if changed {
		at.layer++
	}
	p.key(name, at)
	if len(value) == 1 && value[0] == '0' {
		p.Tree.Deny(at.ref)
	}
	if !hasValue { // a name for some, all of the value for others
		value, classes = name, point.Classify(name)
	} else if len(value) < 2 && padded(pair) {
		value, classes = pair, point.Classify(pair)
	}
	if len(name) == len("query") && string(name) == "query" && looksLikeGQL(value) && p.on(GQLParser, at.ref) {
		if whole := p.graphql(value, at); whole && classes&point.PercentSign == 0 {
			return
		}
	}
	p.classifiedLeaf(value, classes, at)
	if classes&(point.Bracket|point.Equal) == point.Bracket|point.Equal && bytes.IndexByte(raw, '=') >= 0 {
		if _, behind, ok := bytes.Cut(value, []byte("]=")); ok { // where some split, if a name is a[b]
			p.leaf(behind, at)
		}
	}
	if len(name) == len("$filter") && string(name) == "$filter" {
		p.literals(value, at)
	}
}

// takesCommand reports whether a parameter is named like what runs commands.
func takesCommand(name []byte) bool {
	switch string(name) {
	case "cmd", "command", "exec", "execute", "shell", "system", "shell_exec", "passthru", "popen", "cmdline", "runcmd", "run_cmd":
		return true
	}
	return false
}

// minPadded is the shortest text that is taken for base64 rather than for a name without
// a value, in bytes.
const minPadded = 32

// padded reports whether a pair is base64 whose padding reads as an equals sign.
func padded(pair []byte) bool {
	return len(pair) >= minPadded && len(pair)%4 == 0 && pair[len(pair)-1] == '=' && len(trimPadding(pair)) >= len(pair)-2 && point.Classify(trimPadding(pair))&^(base64Classes&^point.Equal) == 0
}

// nameClasses are the classes of an ordinary name, with escapes.
const nameClasses = point.Alpha | point.Digit | point.Dash | point.Dot | point.Bracket | point.PercentSign

// semicolons reads the pairs that only those see who take a semicolon for an
// ampersand.
func (p *Points) semicolons(text []byte, tag point.Tag, parent point.Ref, at place) {
	for len(text) > 0 && p.room(0) {
		i := bytes.IndexByte(text, ';')
		if i < 0 {
			return
		}
		text = bytes.TrimLeft(text[i+1:], ";")
		end := bytes.IndexAny(text, ";&")
		if end < 0 {
			end = len(text)
		}
		pair := text[:end]
		name, _, ok := bytes.Cut(pair, []byte("="))
		if ok && len(name) > 0 && point.Classify(name)&^(nameClasses|point.Plus) == 0 {
			p.pair(pair, tag, parent, at)
		}
		text = text[end:]
	}
}

// maybePairs reads pairs within a value: a query of its own, or that of a URL.
func (p *Points) maybePairs(data []byte, at place) {
	if at.kind == point.Referer {
		return // has been read
	}
	text := data
	if i := bytes.IndexByte(text, '?'); i >= 0 && (bytes.Contains(text[:i], []byte("://")) || text[0] == '/') {
		if i < 4 || bytes.IndexByte(text[:i], ' ') >= 0 {
			return
		}
		text = text[i+1:]
	} else if !severalPairs(text) {
		return
	}
	at.layer++
	p.pairs(text, point.FormURLEncoded, at.ref, at)
}

// severalPairs reports whether text begins with two pairs that have ordinary names.
func severalPairs(text []byte) bool {
	first, rest, _ := bytes.Cut(text, []byte("&"))
	second, _, _ := bytes.Cut(rest, []byte("&"))
	return ordinaryPair(first) && ordinaryPair(second)
}

func ordinaryPair(pair []byte) bool {
	name, _, ok := bytes.Cut(pair, []byte("="))
	return ok && len(name) > 0 && len(name) <= 64 && point.Classify(name)&^nameClasses == 0
}

// variable returns what PHP makes a variable of by this name (main/php_variables.c): blanks in front
// are dropped, and it ends at a NUL.
func variable(name []byte) []byte {
	if len(name) > 0 && name[0] == ' ' {
		name = bytes.TrimLeft(name, " ")
	}
	if end := bytes.IndexByte(name, 0); end >= 0 {
		return name[:end]
	}
	return name
}

// named adds the node of a name; a[x] is a hash and a[] an array below a.
func (p *Points) named(name []byte, tag point.Tag, parent point.Ref, at place) point.Ref {
	name = variable(name)
	open := bytes.IndexByte(name, '[')
	if open <= 0 || name[len(name)-1] != ']' {
		return p.Tree.AddName(parent, tag, name)
	}
	at.ref = p.Tree.AddName(parent, tag, name[:open])
	for levels, rest := 0, name[open:]; len(rest) > 0 && rest[0] == '[' && levels < 8; levels++ {
		inner, after, ok := bytes.Cut(rest[1:], []byte("]"))
		if !ok {
			break
		}
		if len(inner) == 0 {
			at.ref = p.Tree.AddIndex(at.ref, point.Array, 0)
		} else {
			at.ref = p.Tree.AddName(at.ref, point.Hash, inner)
			p.key(inner, at)
		}
		rest = after
	}
	return at.ref
}
