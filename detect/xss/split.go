package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// maxSplit bounds a value that is read again without the seams of its sections.
const maxSplit = 1024

// split reads markup that the sections or comments of XML part: what an XML reader
// joins again is <script> or a script URL.
func split(data []byte, v *point.Value, best *evidence.Tally) {
	if best.Score() >= evidence.Threshold || len(data) > maxSplit || !v.Pairs.May("<!") || lex.Index(data, "<![cdata[") < 0 && (lex.Index(data, "<xml") < 0 || !bytes.Contains(data, []byte("<!--"))) {
		return
	}
	var buf [maxSplit]byte
	joined := buf[:0]
	for i := 0; i < len(data); {
		rest := data[i:]
		switch {
		case lex.HasPrefix(rest, "<![cdata["):
			i += len("<![cdata[")
		case bytes.HasPrefix(rest, []byte("]]>")):
			i += len("]]>")
		case bytes.HasPrefix(rest, []byte("<!-- -->")):
			i += len("<!-- -->")
		default:
			joined = append(joined, data[i])
			i++
		}
	}
	var own evidence.Tally
	html(joined, &own)
	for i := range own.N { // what was joined stands all over the value
		own.Marks[i].Off, own.Marks[i].Len = 0, uint32(len(data))
	}
	keep(&own, best)
}

// seams are spellings of < and > with the eighth bit set, which some character sets
// drop: ¼ and ¾, or what UTF-8 makes of them.
func encoded(data []byte) int {
	i := bytes.IndexByte(data, 0xbc)
	if i < 0 || !lex.HasPrefix(data[i+1:], "script") {
		return -1
	}
	return i
}

// eighthBit finds a script element whose angle brackets have the eighth bit set.
func eighthBit(data []byte, best *evidence.Tally) {
	i := encoded(data)
	if i < 0 {
		return
	}
	rest := data[i+1+len("script"):]
	if len(rest) > 2 && (rest[0] == 0xbe || rest[0] == 0xc2 && rest[1] == 0xbe) {
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.HTMLTag)
		t.Add(&utf7Tag, i, len("script")+2)
		keep(&t, best)
	}
}

// Bounds of a probe.
const (
	maxProbe = 96
	minRun   = 4
)

// probe finds both quotes and an angle bracket in a run of signs: what scanners send to
// see which of them a page gives back.
func probe(data []byte, v *point.Value, best *evidence.Tally) {
	skipped := 0
	if v.Kind == point.UserAgent { // glued to the end of a client's name
		skipped = bytes.LastIndexByte(data, ' ') + 1
		data = data[skipped:]
	}
	if best.Score() >= evidence.Threshold || len(data) > maxProbe || bytes.IndexByte(data, ' ') >= 0 || bytes.IndexByte(data, '=') > 0 && bytes.IndexByte(data, '{') < 0 {
		return
	}
	var single, double, angle bool
	start := 0
	for i := 0; ; i++ {
		if i == len(data) || bytes.IndexByte([]byte("'\"<>/;!-&%`()"), data[i]) < 0 {
			if i-start >= minRun && single && double && angle && !excluded(data, start, i) {
				var t evidence.Tally
				t.Reset(attack.XSS, evidence.Raw)
				t.Add(&pageProbe, skipped+start, i-start)
				keep(&t, best)
				return
			}
			if i == len(data) {
				return
			}
			single, double, angle, start = false, false, false, i+1
			continue
		}
		single, double, angle = single || data[i] == '\'', double || data[i] == '"', angle || data[i] == '<'
	}
}

// jsonType reports whether the only attribute of a script says that it holds data.
func jsonType(head []byte) bool {
	head = bytes.TrimSpace(head)
	return lex.Equal(head, `type="application/ld+json"`) || lex.Equal(head, `type="application/json"`) || lex.Equal(head, `type='application/ld+json'`)
}

// isData reports whether a type of a script says that it holds data.
func isData(kind []byte) bool {
	return lex.OneOf(kind, "application/json", "application/ld+json")
}

// isTemplate reports whether a type of a script says that it holds text for a program of the page,
// which no browser runs: HTML, 4.12.1.
func isTemplate(kind []byte) bool {
	return lex.OneOf(kind, "text/template", "text/x-template", "text/html", "text/plain", "text/ng-template", "text/x-handlebars", "text/x-handlebars-template", "text/x-mustache", "text/x-tmpl", "text/x-jquery-tmpl", "x-shader/x-vertex", "x-shader/x-fragment")
}

// wellFormed reports whether attributes are names and values in quotes and nothing else, so that no
// browser reads others.
func wellFormed(head []byte) bool {
	for head = bytes.TrimSpace(head); len(head) > 0; head = bytes.TrimLeft(head, " ") {
		n := 0
		for n < len(head) && (lex.Letter(head[n]) || head[n] == '-') {
			n++
		}
		if n == 0 || n+2 >= len(head) || head[n] != '=' || head[n+1] != '"' && head[n+1] != '\'' {
			return false
		}
		end := bytes.IndexByte(head[n+2:], head[n+1])
		if end < 0 {
			return false
		}
		if head = head[n+3+end:]; len(head) > 0 && head[0] != ' ' {
			return false
		}
	}
	return true
}

// startsObject reports whether a JSON object begins, a list, or what a template puts there.
func startsObject(body []byte) bool {
	body = trim(body)
	return len(body) > 2 && (body[0] == '{' && (body[1] == '"' || body[1] <= ' ' || body[1] == '{') || body[0] == '[' && (body[1] == '{' || body[1] == '"' || body[1] <= ' '))
}

// closers finds quotes of all three kinds in a row and what ends a comment or a tag
// behind markup, with which testers leave whatever their text may stand in.
func closers(data []byte, v *point.Value, best *evidence.Tally) {
	if best.Score() >= evidence.Threshold || lex.IndexPaired(v.Pairs, data, "</") < 0 {
		return
	}
	for _, quotes := range [...]string{"\"'`", "'\"`", "`\"'", "`'\""} {
		i := lex.IndexPaired(v.Pairs, data, quotes)
		if i > 0 && bytes.IndexByte(data[i:min(len(data), i+8)], '>') > 0 {
			var t evidence.Tally
			t.Reset(attack.XSS, evidence.Raw)
			t.Add(&pageProbe, i, len(quotes))
			keep(&t, best)
			return
		}
	}
}

// excluded reports whether a run stands in a class of a pattern that the value is from its
// first byte to its last: ^[^"'<>]+$.
func excluded(data []byte, from, to int) bool {
	open := bytes.LastIndex(data[:from], []byte("[^"))
	return data[0] == '^' && data[len(data)-1] == '$' && open > 0 && bytes.IndexByte(data[open:to], ']') < 0 && to < len(data) && bytes.IndexByte(data[to:], ']') >= 0
}

// openValue reads a value that begins inside of an attribute's quotes, as the rest of a
// tag whose beginning a list cut off: "javascript:alert(1)">.
func openValue(data []byte, best *evidence.Tally) {
	if len(data) < 8 || data[0] != '"' && data[0] != '\'' || best.Score() >= evidence.Threshold {
		return
	}
	end := bytes.Index(data[1:], []byte{data[0], '>'})
	if end < 4 {
		return
	}
	inner := data[1 : 1+end]
	var own evidence.Tally
	own.Reset(attack.XSS, evidence.HTMLAttr)
	if scriptScheme(inner) == noScheme && !styleRuns(inner) {
		code(inner, 0, 0, evidence.HTMLAttr, &own)
		if own.Score() < evidence.Threshold {
			return
		}
	}
	var t evidence.Tally
	t.Reset(attack.XSS, evidence.HTMLAttr)
	t.Add(&tagRest, 0, end+3)
	keep(&t, best)
}

// endsScript finds a script element that is closed at the value's start, though the value
// did not open it: }}</script>'".
func endsScript(data []byte, start int, t *evidence.Tally) {
	if start > 0 && start < 8 && bytes.IndexByte([]byte("}])'\";"), data[0]) >= 0 && lex.Index(data, "<script") < 0 && bytes.IndexByte(data[:start], ' ') < 0 {
		t.AddWeight(&scriptTag, 8, 0, start+len("</script"))
	}
}

// whole reports whether a value is one element and nothing else.
func whole(data []byte, start int) bool {
	return start == 0 && bytes.IndexByte(data, '>') == len(data)-1
}

// maxHead bounds the part of a tag in which an attribute is looked for before it is read.
const maxHead = 96

// numbered reports whether a URL whose host begins with a digit stands in a tag.
func numbered(head []byte) bool {
	i := bytes.Index(head, []byte("://"))
	return i > 0 && i+3 < len(head) && lex.Digit(head[i+3])
}

// disguised reports whether a link leads to an address in a spelling that nobody types.
func disguised(href []byte) bool {
	scheme := bytes.Index(href, []byte("://"))
	if scheme < 0 || scheme > 8 {
		return false
	}
	h := host.Read(href, scheme+3)
	_, odd, ok := h.Address()
	return ok && odd && !h.Short()
}

// asksPassword reports whether a password is asked for in a form.
func asksPassword(form []byte) bool {
	form = form[:min(len(form), maxForm)]
	return lex.Contains(form, "type=password") || lex.Contains(form, "type=\"password") || lex.Contains(form, "type='password")
}
