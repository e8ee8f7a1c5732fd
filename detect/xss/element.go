package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// steers reports whether a meta element leads the browser elsewhere, sets a cookie, loads a style,
// or, alone in a value, changes what the page allows.
func steers(data []byte, start, end int) bool {
	v, kind := find(data, end, "content"), find(data, end, "http-equiv")
	switch {
	case kind == nil && word(find(data, end, "charset"), "utf-7"):
		return true
	case kind == nil:
		if scriptScheme(v[bytes.IndexByte(v, ';')+1:]) == javascript || lex.Contains(v, "javascript:") || lex.Contains(v, "data:") {
			return true
		}
		return whole(data, start) && word(find(data, end, "name"), "referrer") && word(v, "unsafe-url")
	case lex.Contains(v, "charset=utf-7"):
		return true
	case word(kind, "set-cookie"), word(kind, "link") && lex.Contains(v, "stylesheet"):
		return true
	case word(kind, "content-security-policy"):
		return whole(data, start)
	}
	return scriptScheme(v[bytes.IndexByte(v, ';')+1:]) == javascript || lex.Contains(v, "javascript:") || lex.Contains(v, "data:") || external(refreshTarget(v))
}

// refreshTarget returns where a meta refresh leads: 0; url='//h.example', 0 //h.example. Most of its
// signs may be left out.
func refreshTarget(v []byte) []byte {
	i := lex.SkipSpace(v, 0)
	first := i
	for i < len(v) && (lex.Digit(v[i]) || v[i] == '.') {
		i++
	}
	timed := i > first
	for i < len(v) && (v[i] <= ' ' || v[i] == ';' || v[i] == ',') {
		i++
	}
	if url := lex.Index(v[i:], "url"); url >= 0 {
		if equal := lex.SkipSpace(v, i+url+len("url")); equal < len(v) && v[equal] == '=' {
			i, timed = equal+1, true
		}
	}
	if !timed {
		return nil
	}
	for i < len(v) {
		c, n := decoded(v[i:])
		if c > ' ' && c != '\'' && c != '"' {
			break
		}
		i += n
	}
	return v[i:]
}

// timed reports whether an element brings in a namespace of Internet Explorer whose elements run
// code. Word brings in others, which all name themselves.
func timed(data []byte, start, end int) bool {
	if !lex.HasPrefix(data[nameStart(data, start+1):end], "xml:") {
		return false
	}
	ns := find(data, end, "ns")
	return ns == nil && find(data, end, "prefix") != nil || lex.HasSuffix(ns, ":time")
}

// styled reports whether an instruction lets a sheet that stands in an address, or in the document
// itself, transform the document.
func styled(data []byte, end int) bool {
	href := find(data, end, "href")
	return lex.HasPrefix(href, "data:") || scriptScheme(href) == javascript || bytes.HasPrefix(href, []byte("#")) && lex.Contains(find(data, end, "type"), "xsl")
}

// prefetches reports whether a link makes the browser ask another host, or install a script.
func prefetches(rel, data []byte, end int) bool {
	return word(rel, "serviceworker") || (word(rel, "prerender") || word(rel, "prefetch")) && external(find(data, end, "href"))
}

// breaksOut reports whether a value leaves what it stands in before an element at start: an attribute, a
// comment, an element that holds text alone.
func breaksOut(data []byte, start int) bool {
	before := bytes.TrimRight(data[:min(start, maxHead)], " \t\r\n")
	if start > maxHead || len(before) < 2 || before[len(before)-1] != '>' {
		return false
	}
	if lex.SuffixLength(before, []string{"-->", "--!>", "</title>", "</textarea>", "</style>", "</script>", "</noscript>", "</option>", "</xmp>"}) > 0 {
		return bytes.Count(before, []byte("<")) == bytes.Count(before, []byte("</")) && bytes.IndexByte(before, '\n') < 0
	}
	quote := before[len(before)-2]
	return (quote == '"' || quote == '\'') && bytes.IndexByte(before, '<') < 0 && bytes.Count(before, []byte{quote}) == 1
}

// maxForm bounds the part of a form that is looked at.
const maxForm = 512

// forms finds what forms hold that take what is not theirs.
type forms [len(taking)]lex.Ahead

// taking are a word of fields for passwords, and the elements that swallows looks for.
var taking = [...]string{"password", "<textarea", "<select", "<option", "<button"}

func formsOf(data []byte) (f forms) {
	for i, word := range taking {
		f[i] = lex.NewAhead(data, word)
	}
	return f
}

// takes reports whether a form asks for a password or takes the rest of the page.
func (r *reading) takes(data []byte, end int) bool {
	to := min(len(data), end+maxForm)
	if r.forms[0].In(end, to) && asksPassword(data[end:]) {
		return true
	}
	for i := range taking[1:] {
		if r.forms[1+i].In(end, to) {
			return swallows(data[end:])
		}
	}
	return false
}

// swallows reports whether a field of a form takes the rest of the page, because the value that opens
// it does not close it.
func swallows(form []byte) bool {
	form = form[:min(len(form), maxForm)]
	for _, field := range [...]struct{ begin, end string }{{"<textarea", "</textarea"}, {"<select", "</select"}, {"<option", "</option"}, {"<button", "</button"}} {
		if i := lex.Index(form, field.begin); i >= 0 && !lex.Contains(form[i:], field.end) {
			rest := form[i+len(field.begin):]
			end := bytes.IndexByte(rest, '>')
			return end < 0 || len(bytes.TrimSpace(rest[end+1:])) == 0 || lex.HasPrefix(bytes.TrimSpace(rest[end+1:]), "<option")
		}
	}
	return false
}

// diverts reports whether a button sends the page's own form to another host.
func diverts(data []byte, start, end int) bool {
	return lex.Contains(data[end:min(len(data), end+2*maxHead)], "formaction") && external(find(data, end, "formaction")) && !lex.Contains(data[max(0, start-maxBack):start], "<form")
}

// shadowed are members of the document that scripts ask for.
var shadowed = []string{"currentscript", "getelementbyid", "getelementsbytagname", "queryselector", "queryselectorall", "createelement", "ownerdocument", "nodename", "parentnode", "defaultview"}

// shadows reports whether an element is called like what scripts ask the document for, so
// that they get the element instead. Fields of a form are not the document's members.
func shadows(element string, data []byte, end int) bool {
	head := data[end:min(len(data), end+maxHead)]
	if !lex.Contains(head, "name=") && !lex.Contains(head, "id=") {
		return false
	}
	name := find(data, end, "name", "id")
	if lex.OneOf(name, shadowed...) {
		return true
	}
	switch element {
	case "img", "embed", "object", "form":
		return lex.OneOf(find(data, end, "name"), "cookie", "documentelement", "implementation", "addeventlistener", "readystate")
	}
	return false
}

// dangles are attributes whose URL a browser asks for, or goes to.
var dangles = []string{"src", "href", "action", "formaction", "data", "background", "poster", "ping", "srcset", "xlink:href", "manifest", "cite", "longdesc"}

// styleURL returns what follows the first url( of a style, nil if there is none.
func styleURL(style []byte) []byte {
	i := lex.Index(style, "url(")
	if i < 0 {
		return nil
	}
	return bytes.TrimLeft(style[i+len("url("):], " '\"")
}

// dangling finds an attribute with a foreign URL, or a style with one, whose quote stays open up to
// the end: the rest of the page would be sent there. So it is where the name of a window stays open.
func dangling(element string, data []byte, start, end int, t *evidence.Tally) {
	if len(data)-end > 256 || len(data) == end || bytes.IndexByte(data[end:], '>') >= 0 {
		return
	}
	last := data[len(data)-1]
	named := (last == '"' || last == '\'') && data[len(data)-2] == '='
	if !named && (last != '?' && last != '=' && last != '/' || !bytes.ContainsAny(data[end:], `"'(`)) { // nothing opens the URL
		return
	}
	v := find(data, end, dangles...)
	styled := false
	if len(v) == 0 || !external(v) {
		v = styleURL(find(data, end, "style"))
		styled = true
	}
	away := len(v) > 0 && external(v)
	open := data[len(data)-1-len(v)]
	switch {
	case named && bytes.Count(data[end:], []byte{last})%2 == 1 && windowName(element, data[end:len(data)-1], away):
	case away && len(v) >= 8 && bytes.HasSuffix(data, v) && (open == '"' || open == '\'' || styled && open == '(') && (last == '?' || last == '=' || last == '/'):
	default:
		return
	}
	t.Add(&danglingURL, start, len(data)-start)
}

// windowName reports whether text ends where an attribute's value begins that stays open: any behind
// a foreign URL, else the name that a window gets.
func windowName(element string, text []byte, away bool) bool {
	if !bytes.HasSuffix(text, []byte("=")) {
		return false
	}
	return away || (element == "base" || element == "iframe") && lex.SuffixLength(text, []string{" target=", " name="}) > 0
}

// related reports whether a relation of a link is one of those that it names.
func related(rel []byte, name string) bool {
	for len(rel) > 0 {
		var one []byte
		one, rel, _ = bytes.Cut(rel, []byte(" "))
		if word(one, name) {
			return true
		}
	}
	return false
}
