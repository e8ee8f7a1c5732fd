package xss

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// nameEnd returns the end of the tag name at i. NUL bytes belong to it.
func nameEnd(data []byte, i int) int {
	for i < len(data) && (point.ClassOf[data[i]]&(point.Alpha|point.Digit|point.Dash|point.Colon) != 0 || data[i] == 0) {
		i++
	}
	return i
}

// nameStart returns where the name of the tag that opens before i begins.
func nameStart(data []byte, i int) int {
	for i < len(data) && data[i] <= ' ' { // < script > is no tag, but filters and lenient readers make one of it
		i++
	}
	if i < len(data) && (data[i] == '/' || data[i] == '%' || data[i] == '?') {
		i++
	}
	return i
}

// plain reports whether a tag ends behind its name and its content is no code.
func plain(data []byte, first, end int) bool {
	if end == len(data) || data[end] != '>' || end-first == len("plaintext") {
		return false
	}
	name := data[first:end]
	if c := name[0] | 0x20; c == 's' && (bytes.IndexByte(name, 0) >= 0 || lex.OneOf(name, "script", "style")) {
		return false
	}
	return bytes.IndexByte(name, ':') < 0
}

// maxBack is how far the beginning of a script is looked for, in bytes.
const maxBack = 1024

// tag reads the tag that opens before i and whose name stands between first and end. It
// returns how many bytes it read.
func (r *reading) tag(data []byte, i, first, end int, t *evidence.Tally) int {
	if end > len(data) { // the meter has run out
		return 0
	}
	name := lower(data[first:end])
	text := name.text()
	if colon := bytes.IndexByte(name.buf[:name.n], ':'); colon >= 0 {
		text = string(name.buf[colon+1 : name.n])
	}
	if data[i] <= ' ' {
		if text != "script" {
			return 0
		}
		return r.script(data, i-1, end, t)
	}
	if text == "script" && data[i] == '/' {
		endsScript(data, i-1, t)
		if r.opened >= max(0, i-maxBack) {
			return 0 // ends what the value itself began
		}
	}
	read := r.element(text, data, i-1, end, t)
	return max(read, r.attributes(text, data, end, t)-end)
}

// element weighs what an element does by its name. It returns how many bytes of its
// content it read.
func (r *reading) element(name string, data []byte, start, end int, t *evidence.Tally) int {
	found := false
	weight := activeTag.Weight
	switch name {
	case "script", "py-script", "mpy-script":
		return r.script(data, start, end, t)
	case "style":
		return styleSheet(data, start, end, t)
	case "plaintext":
		found = true
	case "xml":
		found = find(data, end, "src") != nil
	case "iframe", "frame":
		src := find(data, end, "src")
		found = external(src)
		if lex.HasPrefix(src, "view-source:") {
			break
		}
		if found && (startsWithHost(src, players[:]) || find(data, end, "width", "height", "allowfullscreen", "frameborder", "title", "class", "style", "loading", "allow") != nil || lex.Contains(data[end:min(len(data), end+maxHead)], " allowfullscreen")) {
			weight = 5 // the embedding code of a video or a map
		}
	case "embed", "object", "applet", "portal", "fencedframe", "vmlframe", "webview":
		found = name == "applet" && find(data, end, "code", "object", "archive") != nil || shadows(name, data, end) || embeds(data, end)
	case "layer", "ilayer":
		found = external(find(data, end, "src"))
	case "base":
		found = external(find(data, end, "href"))
	case "link":
		rel := find(data, end, "rel")
		imported := related(rel, "import")
		found = rel != nil && (imported || (related(rel, "preload") && word(find(data, end, "as"), "script") || related(rel, "modulepreload")) && external(find(data, end, "href")) || related(rel, "stylesheet") && external(find(data, end, "href")) || prefetches(rel, data, end))
		if !imported && !word(rel, "serviceworker") && (!whole(data, start) && !breaksOut(data, start) || r.fonts.In(end, len(data))) {
			weight = 6
		}
	case "ng-include":
		found = r.loaded(name, data, find(data, end, "src"), end) > 0
	case "component", "element":
		found = lex.OneOf(find(data, end, "is", ":is", "this"), "script", "iframe", "object", "embed", "'script'", "'iframe'")
	case "teleport":
		found = lex.HasPrefix(find(data, end, "to"), "script")
	case "import":
		found = find(data, end, "implementation", "namespace") != nil
	case "meta":
		found = steers(data, start, end)
	case "namespace":
		found = timed(data, start, end)
	case "xml-stylesheet":
		found = styled(data, end)
	case "html":
		found = external(find(data, end, "manifest"))
	case "a", "area":
		found = numbered(data[end:min(len(data), end+maxHead)]) && disguised(find(data, end, "href")) || r.clobbers(data, start, end)
	case "form":
		found = lex.Contains(data[end:min(len(data), end+maxHead)], "action") && external(find(data, end, "action")) && (r.takes(data, end) || breaksOut(data, start)) || shadows(name, data, end)
	case "img", "image", "button", "input":
		found = shadows(name, data, end) || (name == "button" || name == "input") && diverts(data, start, end)
	}
	dangling(name, data, start, end, t)
	if found {
		t.AddWeight(&activeTag, weight, start, end-start)
	}
	return 0
}

// Bounds of a tag: how many of its attributes are asked for whatever they need, and how many more that
// need to be read beside the others; how much of it is read on either side of such a one.
const (
	maxAttributes = 64
	maxTag        = 2 << 10
)

// attributes reads the attributes behind a tag's name and returns where they end.
func (m *meter) attributes(element string, data []byte, i int, t *evidence.Tally) int {
	for n, beside := 0, 0; ; n++ {
		name, value, start, next := nextAttribute(data, i)
		if name == nil {
			return i
		}
		if i = next; !mayWeigh(name, value) {
			continue
		}
		if n >= maxAttributes && readBeside(name) {
			if beside++; beside > maxAttributes {
				continue
			}
		}
		m.weighAttribute(element, data, name, value, start, next, t)
	}
}

// mayWeigh reports whether an attribute can count, by its name and how its value begins.
func mayWeigh(name, value []byte) bool {
	if len(value) > 0 && beginsScheme[value[0]] || lex.Lower(name[len(name)-1]) == 'p' { // of a script URL, or of mv-app
		return true
	}
	if second := secondOf[lex.Lower(name[0])]; second == whichever || second != 0 && len(name) > 1 && lex.Lower(name[1]) == second {
		return true
	}
	for _, c := range name {
		if c == '.' || c == ':' {
			return true
		}
	}
	return coded.Has(name)
}

// coded are the names of attributes that count, but for those of URLs, of handlers and of frameworks.
var coded = lex.NewWords("srcdoc style _ class attributename")

// whichever stands for any second byte.
const whichever = 0xff

// secondOf holds the second byte of handlers and of frameworks' attributes by their first.
var secondOf = func() (t [256]byte) {
	t['o'] = 'n'
	for _, d := range directives {
		second := byte(whichever)
		if len(d) > 1 {
			second = d[1]
		}
		if t[d[0]] != 0 && t[d[0]] != second {
			panic("BUG: attributes of frameworks differ in their second byte: " + d)
		}
		t[d[0]] = second
	}
	return t
}()

// readBeside reports whether an attribute is weighed by the others of its tag.
func readBeside(name []byte) bool {
	if isHandler(name[bytes.IndexByte(name, ':')+1:]) || lex.HasSuffix(name, "mv-app") {
		return true
	}
	w := lower(name)
	return loads(w.text())
}

// maxUnquoted bounds an attribute's value without quotes.
const maxUnquoted = 2048

// nextAttribute returns the attribute at or behind i; name is nil at the tag's end.
func nextAttribute(data []byte, i int) (name, value []byte, start, next int) {
	for i < len(data) && (data[i] <= ' ' || data[i] == '/' || data[i] == '"' || data[i] == '\'' || escaped(data[:i+1])) {
		i++
	}
	for i+4 < len(data) && data[i] == '\\' && escaped(data[i:i+4]) {
		i += 4
	}
	if i >= len(data) || data[i] == '>' || data[i] == '<' {
		return nil, nil, i, i
	}
	start = i
	for i < len(data) && data[i] > ' ' && data[i] != '=' && data[i] != '>' && data[i] != '/' && data[i] != '<' {
		i++
	}
	if i == start {
		return data[i : i+1], nil, start, i + 1
	}
	name = data[start:i]
	j := i
	for j < len(data) && data[j] <= ' ' {
		j++
	}
	if j >= len(data) || data[j] != '=' {
		return name, nil, start, i
	}
	j++
	for j < len(data) && data[j] <= ' ' {
		j++
	}
	if j >= len(data) {
		return name, []byte{}, start, j
	}
	if q := data[j]; q == '"' || q == '\'' || q == '`' {
		if k := bytes.IndexByte(data[j+1:], q); k >= 0 {
			return name, data[j+1 : j+1+k], start, j + k + 2
		}
		return name, data[j+1:], start, len(data)
	}
	k := j
	for k < len(data) && k-j < maxUnquoted && data[k] > ' ' && data[k] != '>' {
		k++
	}
	return name, data[j:k], start, k
}

// weighAttribute weighs one attribute of a tag.
func (m *meter) weighAttribute(element string, data, name, value []byte, start, next int, t *evidence.Tally) {
	lowerName := lower(name)
	switch text := lowerName.text(); {
	case isHandler(name[bytes.IndexByte(name, ':')+1:]):
		if value == nil {
			return
		}
		weight := int8(4)
		if len(value) > 0 {
			weight = handler.Weight
			switch {
			case prose(value), len(bytes.Trim(value, ".")) == 0, string(value) == "…":
				weight = 5
			case (usual(value) || arrow(value)) && !forced(element, lowerName.text(), data[:start], data[next:], value):
				weight = 5 // as pages have them
			}
		}
		t.AddWeight(&handler, weight, start, next-start)
		if weight == handler.Weight && codeLike(value) {
			t.Add(&handlerCode, start, next-start)
		}
	case text == "dataformatas":
		if word(value, "html") {
			t.Add(&srcdoc, start, next-start)
		}
	case text == "srcdoc":
		if bytes.IndexByte(value, '<') >= 0 || bytes.IndexByte(value, '&') >= 0 {
			t.Add(&srcdoc, start, next-start)
		}
	case text == "style":
		if styleRuns(value) {
			t.Add(&styleCode, start, next-start)
		}
	case isURLAttribute(text):
		switch scriptScheme(value) {
		case javascript:
			switch rest := value[bytes.IndexByte(value, ':')+1:]; {
			case veiled(value):
			case idle(rest):
				return
			case bytes.IndexByte(rest, '%') < 0 && lex.HasPrefix(value, "javascript:") && len(rest) > 12 && ownStatements(rest):
				t.AddWeight(&scriptURL, 5, start, next-start)
				return
			}
			t.Add(&scriptURL, start, next-start)
		case dataScheme:
			if text == "src" && (element == "img" || element == "source") && lex.Contains(value[:min(len(value), 32)], "image/svg") {
				t.AddWeight(&scriptURL, 4, start, next-start) // no script runs in a picture
				break
			}
			t.Add(&scriptURL, start, next-start)
		}
	case (text == "_" || text == "data-script") && hyperscript(value):
		t.Add(&handler, start, next-start)
	case loads(text):
		if weight := m.loaded(text, data, value, start); weight > 0 {
			t.AddWeight(&activeTag, weight, start, next-start)
		}
	case text == "mv-app" || text == "data-mv-app":
		m.expressions(data, t, next)
	case directive(text):
		if bytes.IndexByte(value, ':') > 0 && scriptScheme(bytes.Trim(value, "'\"` ")) == javascript && !idle(bytes.Trim(value[bytes.IndexByte(value, ':')+1:], "'\"` ")) {
			t.Add(&scriptURL, start, next-start)
		} else if m.sinks.ask(expression(text, value), callsSink) {
			t.Add(&handler, start, next-start)
		}
	case text == "class": // of AngularJS: ng-init:code
		if _, code, ok := bytes.Cut(value, []byte(":")); ok && lex.Contains(value, "ng-") && m.sinks.ask(code, callsSink) {
			t.Add(&handler, start, next-start)
		}
	case text == "attributename":
		if v := lower(value); isHandler(value) || v.text() == "href" || v.text() == "xlink:href" {
			t.Add(&scriptURL, start, next-start)
		}
	}
}

func isURLAttribute(name string) bool {
	switch name {
	case "href", "src", "action", "formaction", "data", "xlink:href", "from", "to", "values", "background", "dynsrc", "lowsrc", "poster", "code", "content", "folder", "manifest", "ping", "srcset", "value", "codebase", "archive", "by", "implementation", "xml:base", "usemap", "longdesc", "cite", "profile", "icon", "classid":
		return true
	}
	return false
}

// find returns the value of the first attribute with one of the names.
func find(data []byte, i int, names ...string) []byte {
	for {
		name, value, _, next := nextAttribute(data, i)
		if name == nil {
			return nil
		}
		if lex.OneOf(name, names...) {
			return value
		}
		i = next
	}
}

// embedded are the names of attributes that say where an object comes from: of those in one group the first counts.
var embedded = [...][]string{{"src", "data", "code"}, {"codebase"}, {"archive"}}

// embeds reports whether an object comes from elsewhere.
func embeds(data []byte, i int) bool {
	var seen [len(embedded)]bool
	for {
		name, value, _, next := nextAttribute(data, i)
		if name == nil {
			return false
		}
		for k, group := range embedded {
			if !seen[k] && lex.OneOf(name, group...) {
				seen[k] = true
				if external(value) {
					return true
				}
			}
		}
		i = next
	}
}

// external reports whether a URL leaves the page: absolute, or with a scheme.
func external(v []byte) bool {
	v = bytes.TrimLeft(v, " \t\r\n")
	var buf [len("https://")]byte
	if bytes.IndexByte(v[:min(len(v), maxProbe)], '&') >= 0 {
		v = spelled(v, buf[:0])
	}
	return bytes.HasPrefix(v, []byte("//")) || bytes.Contains(v[:min(len(v), 16)], []byte(":")) || bytes.HasPrefix(v, []byte(`\\`)) || bytes.HasPrefix(v, []byte(`/\`)) || bytes.HasPrefix(v, []byte(`\/`))
}

// spelled returns the first characters of a value with entities read.
func spelled(v, buf []byte) []byte {
	for i := 0; i < len(v) && len(buf) < cap(buf); {
		c, n := decoded(v[i:])
		i += n
		if c > ' ' {
			buf = append(buf, c)
		}
	}
	return buf
}

func word(v []byte, want string) bool {
	l := lower(v)
	return l.text() == want
}
