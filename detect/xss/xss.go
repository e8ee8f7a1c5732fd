// Package xss finds cross-site scripting.
//
// A value is read as HTML from every `<`, as what follows a closed attribute, as a
// URL, and as JavaScript from its first byte and behind each quote that could end a
// string. Evidence is what a browser would run: handlers, script URLs, calls of
// sinks in code that is code; markup alone, or words alone, is none.
package xss

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

const (
	maxValue = 64 << 10
	maxTags  = 2048
)

// Gate reports whether a value can hold markup or code.
func Gate(v *point.Value) bool {
	if v.Kind == point.Number || len(v.Data) < 6 {
		return false
	}
	if v.Kind == point.FileHead || v.Kind == point.UserAgent && v.Classes&(point.Less|point.Quote|point.Backtick|point.Brace|point.Equal|point.Bracket) == 0 {
		return false
	}
	return v.Classes&(point.Less|point.Paren|point.Backtick) != 0 || v.Classes&(point.Plus|point.Dash) == point.Plus|point.Dash && bytes.IndexByte(v.Data, '+') >= 0 || v.Classes&(point.Quote|point.Space|point.Newline|point.Slash) != 0 && v.Classes&point.Equal != 0 ||
		v.Classes&point.Colon != 0 && v.Classes&(point.Paren|point.PercentSign|point.Backtick|point.Less|point.Ampersand|point.Equal|point.Semicolon) != 0 ||
		v.Classes&point.Bracket != 0 && v.Classes&point.Mark != 0 || v.Classes&(point.Ampersand|point.Brace|point.Equal) == point.Ampersand|point.Brace|point.Equal ||
		v.Classes&point.High != 0 && encoded(v.Data) >= 0
}

// Scan leaves the strongest context's evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Classes&point.Less != 0 {
		html(data, best)
		split(data, best)
		closers(data, best)
		probe(data, v, best)
	}
	if v.Classes&point.High != 0 {
		eighthBit(data, best)
		if v.Classes&point.Less != 0 {
			foreignTag(data, best)
		}
		if v.Classes&point.Paren != 0 {
			lined(data, best)
		}
	}
	linked(data, v, best)
	if v.Classes&(point.Plus|point.Dash) == point.Plus|point.Dash {
		utf7(data, best)
	}
	if !mayRun(v) {
		return
	}
	if v.Classes&point.Equal != 0 {
		attribute(data, best)
	}
	if v.Classes&point.Quote != 0 && v.Classes&(point.Less|point.Greater) != 0 {
		openValue(data, best)
	}
	if v.Classes&point.Colon != 0 || v.Classes&(point.Ampersand|point.Semicolon) == point.Ampersand|point.Semicolon {
		url(data, best)
	}
	if v.Classes&(point.Paren|point.Backtick|point.Equal|point.Bracket) != 0 {
		scripts(data, v, best)
	}
}

// mayRun reports whether a value can hold code outside of markup. Header fields need
// more than the signs that their own grammars use.
func mayRun(v *point.Value) bool {
	switch v.Kind { //nolint:exhaustive // other kinds are free text
	case point.HeaderText, point.UserAgent, point.Referer, point.WholePath:
		return v.Classes&(point.Paren|point.Backtick|point.Bracket|point.Quote|point.Less) != 0
	}
	return true
}

func keep(t, best *evidence.Tally) {
	if t.Score() > best.Score() {
		*best = *t
	}
}

// html reads a tag at every `<`.
func html(data []byte, best *evidence.Tally) {
	m := newMeter(data)
	for at, seen := 0, 0; seen < maxTags && best.Score() < certain; {
		i := bytes.IndexByte(data[at:], '<')
		if i < 0 {
			return
		}
		at += i + 1
		for at < len(data) && data[at] == '<' { // << opens one
			at++
		}
		name := nameStart(data, at)
		end := nameEnd(data, name)
		if end == name || plain(data, name, end) {
			continue
		}
		seen++
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.HTMLTag)
		m.spend(tag(m.text(at), at, name, end, &t))
		keep(&t, best)
	}
}

// utf7 finds markup in UTF-7, +ADw-script+AD4-, which old browsers read in pages
// without a character set.
func utf7(data []byte, best *evidence.Tally) {
	i := lex.Index(data, "+adw-")
	if i < 0 {
		return
	}
	if j := lex.Index(data[i:], "+ad4-"); j > 0 {
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.HTMLTag)
		t.Add(&utf7Tag, i, j+5)
		keep(&t, best)
	}
}

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
	if end == len(data) || data[end] != '>' || data[first]|0x20 == 's' || end-first == len("plaintext") {
		return false
	}
	return bytes.IndexByte(data[first:end], ':') < 0
}

// maxBack is how far the beginning of a script is looked for, in bytes.
const maxBack = 1024

// tag reads the tag that opens before i and whose name stands between first and end. It
// returns how many bytes it read.
func tag(data []byte, i, first, end int, t *evidence.Tally) int {
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
		return script(data, i-1, end, t)
	}
	if text == "script" && data[i] == '/' {
		endsScript(data, i-1, t)
		if lex.Contains(data[max(0, i-maxBack):i], "<script") {
			return 0 // ends what the value itself began
		}
	}
	read := element(text, data, i-1, end, t)
	return max(read, attributes(text, data, end, t)-end)
}

// element weighs what an element does by its name. It returns how many bytes of its
// content it read.
func element(name string, data []byte, start, end int, t *evidence.Tally) int {
	found := false
	weight := activeTag.Weight
	switch name {
	case "script":
		return script(data, start, end, t)
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
		if find(data, end, "width", "height", "allowfullscreen", "frameborder", "title", "class", "allow") != nil {
			weight = 5 // the embedding code of a video or a map
		}
	case "embed", "object", "applet", "portal", "fencedframe", "vmlframe":
		found = external(find(data, end, "src", "data", "code", "codebase", "archive"))
	case "base":
		found = external(find(data, end, "href"))
	case "link":
		rel := find(data, end, "rel")
		found = rel != nil && (word(rel, "import") || word(rel, "stylesheet") && external(find(data, end, "href")))
		if !word(rel, "import") && (!whole(data, start) || lex.Contains(data[end:], "://fonts.googleapis.com/")) {
			weight = 6
		}
	case "import":
		found = find(data, end, "implementation", "namespace") != nil
	case "meta":
		v := find(data, end, "content")
		found = word(find(data, end, "http-equiv"), "link") && lex.Contains(v, "stylesheet") || scriptScheme(v[bytes.IndexByte(v, ';')+1:]) == javascript || lex.Contains(v, "javascript:") || lex.Contains(v, "data:") || lex.Contains(v, "url=") && find(data, end, "http-equiv") != nil && external(v[lex.Index(v, "url=")+4:])
	case "a", "area":
		found = numbered(data[end:min(len(data), end+maxHead)]) && disguised(find(data, end, "href"))
		dangling(data, start, end, t)
	case "form":
		found = lex.Contains(data[end:min(len(data), end+maxHead)], "action") && external(find(data, end, "action")) && asksPassword(data[end:])
		dangling(data, start, end, t)
	case "img", "image", "button":
		dangling(data, start, end, t)
	}
	if found {
		t.AddWeight(&activeTag, weight, start, end-start)
	}
	return 0
}

// dangling finds an attribute with a foreign URL whose quote stays open up to the end:
// the rest of the page would be sent there.
func dangling(data []byte, start, end int, t *evidence.Tally) {
	if len(data)-end > 256 || bytes.IndexByte(data[end:], '>') >= 0 {
		return
	}
	v := find(data, end, "src", "href", "action", "formaction")
	if len(v) < 8 || !external(v) {
		return
	}
	open := data[len(data)-len(v)-1]
	if last := v[len(v)-1]; (open == '"' || open == '\'') && (last == '?' || last == '=' || last == '/') {
		t.Add(&danglingURL, start, len(data)-start)
	}
}

// script weighs a script element and returns how many bytes of it were read.
func script(data []byte, start, end int, t *evidence.Tally) int {
	if src := find(data, end, "src", "href", "xlink:href"); len(src) > 0 {
		if ownFile(src) {
			t.AddWeight(&scriptOpen, 7, start, end-start)
			return 0
		}
		if embedding(src) {
			t.AddWeight(&scriptOpen, 5, start, end-start)
			return 0
		}
		t.Add(&scriptTag, start, end-start)
		return 0
	}
	if lex.Contains(find(data, end, "type", "language"), "vbscript") {
		t.Add(&scriptTag, start, end-start)
		return 0
	}
	i := bytes.IndexByte(data[end:], '>')
	if i > 0 && jsonType(data[end:end+i]) && startsObject(data[end+i+1:]) {
		t.AddWeight(&scriptOpen, 5, start, end-start) // data, which no browser runs
		return 0
	}
	if i < 0 {
		if end < len(data) && (data[end] == ' ' || data[end] == '/' || data[end] < ' ') {
			t.Add(&scriptOpen, start, end-start)
		}
		return 0
	}
	body := data[end+i+1:]
	body = body[:min(len(body), 4096)]
	if j := bytes.Index(body, []byte("</")); j >= 0 {
		body = body[:j]
	}
	if (codeLike(body[:min(len(body), 1024)]) && !prose(body) || scriptData(body)) && !talk(body[:min(len(body), 256)]) && !beside(body) {
		t.Add(&scriptTag, start, end+i+1-start+len(body))
		return len(body)
	}
	weight := scriptOpen.Weight
	if beside(body) || prose(body) {
		weight = 5 // a word of a sentence
	}
	t.AddWeight(&scriptOpen, weight, start, end-start)
	return len(body)
}

// beside reports whether a script's body begins with words side by side, which no script
// does unless the first is a keyword: defer vs async.
func beside(body []byte) bool {
	i := lex.SkipSpace(body, 0)
	end := lex.WordEnd(body, i)
	if end == i || end >= len(body) || body[end] != ' ' || joins(body[i:end]) || lex.Equal(body[i:end], "class") || lex.Equal(body[i:end], "export") || lex.Equal(body[i:end], "import") {
		return false
	}
	second := lex.SkipSpace(body, end)
	behind := lex.WordEnd(body, second)
	return behind > second+1 && lex.Letter(body[second]) && (behind == len(body) || body[behind] == ' ')
}

// embedders serve scripts with which pages show posts, videos and buttons of others.
var embedders = [...]string{
	"platform.twitter.com/widgets.js", "platform.x.com/widgets.js", "www.instagram.com/embed.js", "www.tiktok.com/embed.js", "connect.facebook.net/", "assets.pinterest.com/js/pinit.js",
	"platform.linkedin.com/", "www.redditstatic.com/comment-embed.js", "embed.redditmedia.com/widgets/platform.js", "embedr.flickr.com/assets/client-code.js", "gist.github.com/", "player.vimeo.com/api/player.js",
	"www.youtube.com/iframe_api", "embed.bsky.app/static/embed.js",
}

// embedding reports whether a script is one of those, by host and path.
func embedding(src []byte) bool {
	i := bytes.Index(src, []byte("//"))
	if i < 0 || i > 6 {
		return false
	}
	for _, e := range embedders {
		if lex.HasPrefix(src[i+2:], e) {
			return true
		}
	}
	return false
}

// ownFile reports whether a script is a file of the page's own site, by a plain relative
// path of more than a letter.
func ownFile(src []byte) bool {
	if !lex.HasSuffix(src, ".js") || len(src) < 8 || !lex.Letter(src[0]) && src[0] != '.' {
		return false
	}
	for _, c := range src {
		if !lex.Word(c) && c != '-' && c != '.' && c != '/' {
			return false
		}
	}
	return !bytes.Contains(src, []byte("//"))
}

// talk reports whether four words stand in a row, which no code has, outside of comments
// and of calls.
func talk(b []byte) bool {
	words := 0
	for i := range b {
		c := point.ClassOf[b[i]]
		switch {
		case b[i] == ' ' && i > 0 && point.ClassOf[b[i-1]]&point.Alpha != 0:
			if words++; words >= 4 {
				return true
			}
		case c&point.Alpha != 0 || b[i] == ',' || b[i] == '\'':
		default:
			if c&(point.Paren|point.Slash) != 0 {
				return false
			}
			words = 0
		}
	}
	return false
}

// scriptData reports whether a script's body is one short statement without a call:
// x=1, document.cookie, a name.
func scriptData(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && len(body) < 64 && bytes.ContainsAny(body, "=.;+[") && !prose(body)
}

// attributes reads the attributes behind a tag's name and returns where they end.
func attributes(element string, data []byte, i int, t *evidence.Tally) int {
	for range 64 {
		name, value, start, next := nextAttribute(data, i)
		if name == nil {
			break
		}
		weighAttribute(element, name, value, start, next, t)
		i = next
	}
	return i
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
func weighAttribute(element string, name, value []byte, start, next int, t *evidence.Tally) {
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
			case prose(value), len(bytes.Trim(value, ".")) == 0:
				weight = 5
			case usual(value), arrow(value):
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
	case directive(text):
		var own evidence.Tally
		code(value, 0, 0, evidence.HTMLAttr, &own)
		if own.Score() >= evidence.Threshold {
			t.Add(&handler, start, next-start)
		}
	case text == "attributename":
		if v := lower(value); isHandler(value) || v.text() == "href" || v.text() == "xlink:href" {
			t.Add(&scriptURL, start, next-start)
		}
	}
}

// directive reports whether an attribute holds code for a framework in the browser.
func directive(name string) bool {
	if len(name) < 4 {
		return false
	}
	switch {
	case name[0] == '@', name[0] == ':', name[:2] == "v-", name[:2] == "x-", name[:3] == "ng-", name[:3] == "hx-":
		return true
	}
	return len(name) > 8 && (name[:8] == "data-ng-" || name == "data-bind")
}

func isURLAttribute(name string) bool {
	switch name {
	case "href", "src", "action", "formaction", "data", "xlink:href", "from", "to", "values", "background", "dynsrc", "lowsrc", "poster", "code", "content", "folder", "manifest", "ping", "srcset", "value", "codebase", "archive", "by", "implementation", "xml:base", "usemap", "longdesc":
		return true
	}
	return false
}

// find returns the value of the first attribute with one of the names.
func find(data []byte, i int, names ...string) []byte {
	for range 64 {
		name, value, _, next := nextAttribute(data, i)
		if name == nil {
			return nil
		}
		word := lower(name)
		for _, n := range names {
			if word.text() == n {
				return value
			}
		}
		i = next
	}
	return nil
}

// external reports whether a URL leaves the page: absolute, or with a scheme.
func external(v []byte) bool {
	v = bytes.TrimLeft(v, " \t\r\n")
	return bytes.HasPrefix(v, []byte("//")) || bytes.Contains(v[:min(len(v), 16)], []byte(":")) || bytes.HasPrefix(v, []byte(`\\`))
}

func word(v []byte, want string) bool {
	l := lower(v)
	return l.text() == want
}
