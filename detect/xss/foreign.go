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

// linked finds a script URL as the target of a link of Markdown: [a](javascript:alert(1))
func linked(data []byte, v *point.Value, best *evidence.Tally) {
	if v.Classes&(point.Bracket|point.Paren|point.Colon) != point.Bracket|point.Paren|point.Colon {
		return
	}
	i := bytes.Index(data, []byte("]("))
	for tries := 0; i >= 0 && tries < maxQuotes; tries++ {
		target := data[i+2:]
		if end := bytes.IndexByte(target, '\n'); end >= 0 {
			target = target[:end]
		}
		if len(target) > 0 && (target[0]|0x20 == 'j' || target[0]|0x20 == 'v' || target[0] <= ' ' || target[0] == '&') && scriptScheme(target) == javascript {
			if rest := target[bytes.IndexByte(target, ':')+1:]; runs(rest) && !idle(bytes.TrimSuffix(bytes.TrimRight(rest, " "), []byte(")"))) && !lex.Shown(data, i, len(data)) {
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
