package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// capitals are beginnings of elements with letters whose capitals are ASCII letters, the
// long s and the dotless i: an application that writes them large makes tags of them.
var capitals = [...]string{"\u017fcript", "\u017fvg", "\u017ftyle", "\u0131frame", "\u0131mg", "\u0131nput"}

// foreignTag finds such an element.
func foreignTag(data []byte, best *evidence.Tally) {
	for from, n := 0, 0; n < maxQuotes; n++ {
		i := bytes.IndexByte(data[from:], '<')
		if i < 0 || from+i+2 >= len(data) {
			return
		}
		from += i + 1
		if data[from] != 0xc5 && data[from] != 0xc4 {
			continue
		}
		for _, c := range capitals {
			if bytes.HasPrefix(data[from:], []byte(c[:2])) && lex.HasPrefix(data[from+2:], c[2:]) {
				var t evidence.Tally
				t.Reset(attack.XSS, evidence.HTMLTag)
				t.AddWeight(&scriptTag, evidence.Threshold, from-1, len(c)+1)
				keep(&t, best)
				return
			}
		}
	}
}

// angles are brackets that a narrower character set makes < and > of.
var angles = []string{"\u2039", "\u2329", "\u3008", "\u02c2", "\u276e", "\u27e8"}

// angled finds a script element in such brackets, with its end.
func angled(data []byte, best *evidence.Tally) {
	i := lex.Index(data, "script")
	if i < 2 || data[i-1] < 0x80 || lex.SuffixLength(data[:i], angles) == 0 || !lex.Contains(data[i:], "/script") || bytes.IndexByte(data[i:], '(') < 0 {
		return
	}
	if end := i + len("script"); end < len(data) && (data[end] >= 0x80 || data[end] == ' ') {
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.HTMLTag)
		t.Add(&utf7Tag, i-2, len("script")+2)
		keep(&t, best)
	}
}

// linkEnd returns the index of the parenthesis that closes a link's target, the length of the text
// if none does.
func linkEnd(target []byte) int {
	depth := 0
	for i, c := range target[:min(len(target), maxHead)] {
		switch {
		case c == '(':
			depth++
		case c == ')' && depth == 0:
			return i
		case c == ')':
			depth--
		}
	}
	return len(target)
}

// linked finds a script URL as the target of a link of Markdown: [a](javascript:alert(1))
func linked(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&(point.Bracket|point.Paren|point.Colon) != point.Bracket|point.Paren|point.Colon {
		return
	}
	i := lex.IndexPaired(v.Pairs, data, "](")
	for tries := 0; i >= 0 && tries < maxQuotes; tries++ {
		target := data[i+2:]
		if end := bytes.IndexByte(target, '\n'); end >= 0 {
			target = target[:end]
		}
		if len(target) > 1 && (target[0] == '<' || target[0] == '\'') {
			target = target[1:]
		}
		if len(target) > 0 && (target[0]|0x20 == 'j' || target[0]|0x20 == 'v' || target[0] <= ' ' || target[0] == '&' || target[0]|0x20 == 'd' && lex.HasPrefix(target, "data:text/html")) && scriptScheme(target) != noScheme {
			if rest := target[bytes.IndexByte(target, ':')+1:]; (veiled(target) || runs(rest) || lex.Contains(rest[:min(len(rest), maxHead)], ".cookie") || lex.Contains(rest[:min(len(rest), maxHead)], "base64,")) && !idle(rest[:linkEnd(rest)]) && !ticked(data, i) {
				var t evidence.Tally
				t.Reset(attack.XSS, evidence.URLScheme)
				t.AddWeight(&scriptURL, evidence.Threshold, i, 2+len(target)-len(rest))
				keep(&t, best)
				return
			}
		}
		next := bytes.Index(target, []byte("]("))
		if next < 0 {
			return
		}
		i += 2 + next
	}
}

// ticked reports whether a link stands in a span of code, as posts show one: a link in prose is
// one that somebody can click.
func ticked(data []byte, i int) bool {
	line := data[bytes.LastIndexByte(data[:i], '\n')+1 : i]
	return bytes.Count(line, []byte("`"))%2 == 1
}

// maxLinks bounds the script URLs of one value that are looked at.
const maxLinks = 8

// targets finds a script URL as the target of a link in languages of markup and diagrams
// other than HTML and Markdown: [url=...], click A "...", [URL="..."], `a <...>`_
func targets(data []byte, best *evidence.Tally) {
	for from, n := 0, 0; n < maxLinks; n++ {
		i := lex.Index(data[from:], "javascript:")
		if i < 0 {
			return
		}
		i += from
		from = i + len("javascript:")
		rest := data[from:]
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			rest = rest[:end]
		}
		line := bytes.LastIndexByte(data[:i], '\n') + 1
		if !isTarget(data[line:i], rest) || !runs(rest) || idle(bytes.TrimRight(rest, " \t\r\"'>]")) || data[i-1] != '<' && ticked(data, i) {
			continue
		}
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.URLScheme)
		t.AddWeight(&scriptURL, evidence.Threshold, i, from-i)
		keep(&t, best)
		return
	}
}

// isTarget reports whether a link's target begins between what stands on its line before
// and behind.
func isTarget(line, behind []byte) bool {
	line = line[max(0, len(line)-maxProbe):]
	if bytes.HasPrefix(line, []byte("[")) && (bytes.HasSuffix(line, []byte("]: ")) || bytes.HasSuffix(line, []byte("]: <")) || bytes.HasSuffix(line, []byte("]:"))) { // of Markdown
		return true
	}
	if lex.SuffixLength(line, []string{"[url=", "[url]", "[img]", "[url=\"", "[url='", "[iurl=", "[iurl]", ";s.browser_fallback_url="}) > 0 { // BBCode, intents of Android
		return true
	}
	if len(line) == 0 {
		return false
	}
	switch c := line[len(line)-1]; c {
	case '"', '\'':
		line = line[:len(line)-1]
		if lex.SuffixLength(line, []string{"url=", "href="}) > 0 { // of a node of Graphviz
			return bytes.IndexByte(line, '[') >= 0 && bytes.IndexByte(line, '<') < 0
		}
		words := bytes.TrimLeft(line, " \t")
		return lex.HasPrefix(words, "click ") && bytes.IndexByte(behind, c) > 0 // Mermaid
	case '<':
		return bytes.HasSuffix(line, []byte(" <")) && bytes.Contains(behind, []byte(">`_")) || bytes.IndexByte(behind, '>') > bytes.IndexByte(behind, '(') // reStructuredText
	}
	return false
}

// maxLined bounds the values in which lines are read that only scripts see.
const maxLined = 256

// lined reads code behind U+2028 or U+2029, which end a line of a script and of a remark
// in it, while the rest of the value is cut off.
func lined(data []byte, best *evidence.Tally) {
	if len(data) > maxLined || !bytes.HasSuffix(bytes.TrimRight(data, " "), []byte("//")) {
		return
	}
	i := bytes.Index(data, []byte("\u2028"))
	if i < 0 {
		i = bytes.Index(data, []byte("\u2029"))
	}
	if i < 0 {
		return
	}
	from := i + len("\u2028")
	var own evidence.Tally
	code(data[from:], 0, 0, evidence.JSString, &own)
	if own.Score() < evidence.Gray-1 {
		return
	}
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.JSString)
	t.Add(&sinkCall, from, len(data)-from)
	keep(&t, best)
}
