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
	maxValue = point.MaxRead
	maxTags  = 1 << 12
)

// Gate reports whether a value can hold markup or code.
func Gate(v *point.Value) bool {
	if v.Kind == point.Number || len(v.Data) < 6 {
		return false
	}
	if v.Kind == point.FileHead || v.Kind == point.UserAgent && v.Classes&(point.Less|point.Quote|point.Backtick|point.Brace|point.Equal|point.Bracket) == 0 {
		return false
	}
	return v.Classes&(point.Less|point.Paren|point.Backtick) != 0 || v.Classes&point.Colon != 0 && lex.HasPrefix(v.Data, "vbscript:") || v.Classes&coercing == coercing || v.Classes&(point.Plus|point.Dash) == point.Plus|point.Dash && bytes.IndexByte(v.Data, '+') >= 0 || v.Classes&(point.Quote|point.Space|point.Newline|point.Slash) != 0 && v.Classes&point.Equal != 0 ||
		v.Classes&point.Colon != 0 && v.Classes&(point.Paren|point.PercentSign|point.Backtick|point.Less|point.Ampersand|point.Equal|point.Semicolon|point.Backslash) != 0 ||
		v.Classes&point.Bracket != 0 && v.Classes&point.Mark != 0 || v.Classes&(point.Ampersand|point.Brace|point.Equal) == point.Ampersand|point.Brace|point.Equal ||
		v.Classes&point.High != 0 && encoded(v.Data) >= 0 || len(v.Data) <= maxLined && reaches(v)
}

// coercing are the classes of an object behind a closed string that an operator makes a
// text: '+{toString:f}
const coercing = point.Quote | point.Brace | point.Colon

// Scan leaves the strongest context's evidence in best.
func Scan(v *point.Value, _ *point.Tree, best *evidence.Tally) {
	data := v.Data[:min(len(v.Data), maxValue)]
	if v.Classes&point.Less != 0 {
		html(data, best)
		split(data, v, best)
		closers(data, v, best)
		probe(data, v, best)
	}
	if v.Classes&point.High != 0 {
		eighthBit(data, best)
		if v.Classes&point.Less != 0 {
			foreignTag(data, best)
		}
		if v.Classes&point.Paren != 0 {
			lined(data, best)
			angled(data, best)
		}
	}
	linked(data, v, best)
	if v.Classes&point.Colon != 0 && v.Classes&(point.Paren|point.Bracket) != 0 && v.Pairs.May("javascript:") && best.Score() < evidence.Threshold {
		targets(data, best)
	}
	if v.Classes&(point.Plus|point.Dash) == point.Plus|point.Dash || v.Classes&(point.Space|point.Dash|point.Paren) == point.Space|point.Dash|point.Paren {
		utf7(data, v, best)
	}
	if !mayRun(v) {
		return
	}
	if v.Classes&point.Equal != 0 {
		attribute(data, best)
	}
	if v.Classes&(point.Colon|point.Dash|point.Paren) == point.Colon|point.Dash|point.Paren && v.Pairs.May("-moz-binding") {
		bindings(data, best)
	}
	if v.Classes&(point.Brace|point.Bracket|point.Paren|point.Equal) == point.Brace|point.Bracket|point.Paren|point.Equal && selectors.May(v.Pairs) {
		rules(data, best)
	}
	if v.Classes&point.Quote != 0 && v.Classes&(point.Less|point.Greater) != 0 {
		openValue(data, best)
	}
	if v.Classes&point.Colon != 0 || v.Classes&(point.Ampersand|point.Semicolon) == point.Ampersand|point.Semicolon {
		url(data, best)
	}
	if v.Classes&(point.Paren|point.Backtick|point.Equal|point.Bracket) != 0 || v.Classes&coercing == coercing && coerces(data) || len(data) <= maxLined && reaches(v) {
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
	r := read(data)
	for at, seen := 0, 0; seen < maxTags && !best.Settled(at); {
		i := bytes.IndexByte(data[at:], '<')
		if i < 0 {
			return
		}
		at += i + 1
		for at < len(data) && data[at] == '<' { // << opens one
			at++
		}
		if lex.HasPrefix(data[at:], "script") {
			r.opened = at - 1
		}
		name := nameStart(data, at)
		end := nameEnd(data, name)
		if end == name || plain(data, name, end) {
			continue
		}
		seen++
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.HTMLTag)
		r.spend(r.tag(r.text(at), at, name, end, &t))
		keep(&t, best)
	}
}

// utf7 finds markup in UTF-7, +ADw-script+AD4-, which old browsers read in pages
// without a character set. Pluses of a query have become blanks, of which the first is none of the value.
func utf7(data []byte, v *point.Value, best *evidence.Tally) {
	if !v.Pairs.May("adw-") {
		return
	}
	i := lex.Index(data, "adw-")
	if i < 0 || i > 0 && data[i-1] != '+' && data[i-1] != ' ' {
		return
	}
	if j := lex.Index(data[i:], "ad4-"); j > 0 && (data[i+j-1] == '+' || data[i+j-1] == ' ') {
		var t evidence.Tally
		t.Reset(attack.XSS, evidence.HTMLTag)
		t.Add(&utf7Tag, i, j+4)
		keep(&t, best)
	}
}

// script weighs a script element and returns how many bytes of it were read.
func (r *reading) script(data []byte, start, end int, t *evidence.Tally) int {
	if end < len(data) && bytes.IndexByte([]byte(`[\|()*`), data[end]) >= 0 {
		return 0 // a pattern: the name goes on
	}
	if weight := sourced(data, end); weight > 0 {
		sign := &scriptOpen
		if weight >= evidence.Threshold {
			sign = &scriptTag
		}
		t.AddWeight(sign, weight, start, end-start)
		return 0
	}
	if kind := find(data, end, "type", "language"); lex.HasSuffix(kind, ".encode") || compiled(kind) {
		t.Add(&scriptTag, start, end-start)
		return 0
	}
	i := bytes.IndexByte(data[end:], '>')
	if start > 0 && data[start-1] == '`' && bytes.HasPrefix(data[end:], []byte(">`")) { // a name in a text
		t.AddWeight(&scriptOpen, 5, start, end-start)
		return 0
	}
	if i > 0 && (jsonType(data[end:end+i]) || isData(find(data, end, "type")) && find(data, end, "src") == nil) && startsObject(data[end+i+1:]) {
		t.AddWeight(&scriptOpen, 5, start, end-start) // data, which no browser runs
		return 0
	}
	if i > 0 && isTemplate(find(data, end, "type")) && find(data, end, "src") == nil && wellFormed(data[end:end+i]) {
		t.AddWeight(&scriptOpen, 6, start, end-start)
		return 0
	}
	if i < 0 {
		if end < len(data) && (data[end] == ' ' || data[end] == '/' || data[end] < ' ') {
			t.Add(&scriptOpen, start, end-start)
		}
		return len(data) - end
	}
	body := data[r.behindRemarks(data, end+i+1):]
	if bytes.HasPrefix(body, []byte("</")) { // nothing but remarks, for readers that agree
		body = data[end+i+1:]
	}
	read := len(data) - end - len(body) // what was passed over
	if bytes.HasPrefix(trim(body[:min(len(body), maxHead)]), []byte("/*")) {
		read = len(data) - end // in search of the comment's end
	}
	body = body[:min(len(body), 4096)]
	if j := bytes.Index(body, []byte("</")); j >= 0 {
		body = body[:j]
	}
	if (codeLike(body[:min(len(body), 1024)]) && !prose(body) || scriptData(body)) && !talk(body[:min(len(body), 256)]) && !beside(body) {
		t.Add(&scriptTag, start, end+i+1-start+len(body))
		return read + len(body)
	}
	weight := scriptOpen.Weight
	if beside(body) || prose(body) {
		weight = 5 // a word of a sentence
	}
	t.AddWeight(&scriptOpen, weight, start, end-start)
	return read + len(body)
}

// sourced weighs where a script is loaded from: HTML asks src, SVG the others. 0 if it is loaded from
// nowhere.
func sourced(data []byte, end int) (weight int8) {
	if find(data, end, "src", "href", "xlink:href") == nil {
		return 0
	}
	for _, name := range [...]string{"src", "href", "xlink:href"} {
		switch src := find(data, end, name); {
		case len(src) == 0:
		case ownFile(src):
			weight = max(weight, 7)
		case embedding(src):
			weight = max(weight, 5)
		default:
			return scriptTag.Weight
		}
	}
	return weight
}

// behindRemarks returns the index behind the comments with which a script begins. A mark of a comment of
// HTML is one of a line in scripts, too.
func (r *reading) behindRemarks(data []byte, i int) int {
	for {
		text := bytes.TrimLeft(data[i:], " \t\r\n")
		begin, end := len(data)-len(text), -1
		switch {
		case bytes.HasPrefix(text, []byte("/*")):
			if end = bytes.Index(text, []byte("*/")); end >= 0 {
				end += begin + len("*/")
			}
		case bytes.HasPrefix(text, []byte("//")), bytes.HasPrefix(text, []byte("<!--")), bytes.HasPrefix(text, []byte("-->")):
			end = r.lines.end(r.data, data, begin)
		}
		if end < 0 {
			return i
		}
		i = end
	}
}

// compiled reports whether a script is written in another language, which the page turns into code.
func compiled(kind []byte) bool {
	return languages.In(kind) || lex.OneOf(kind, "py", "mpy")
}

var languages = lex.NewList("vbscript", "hyperscript", "coffeescript", "livescript", "/py", "python", "perlscript", "/tcl")

// beside reports whether a script's body begins with words side by side, which no script
// does unless the first is a keyword: defer vs async.
func beside(body []byte) bool {
	i := lex.SkipSpace(body, 0)
	end := lex.WordEnd(body, i)
	if end+1 < len(body) && body[end] == ' ' && lex.Letter(body[end+1]) && lex.OneOf(body[i:end], "in", "instanceof") {
		return true // nothing begins with an operator
	}
	if end == i || end >= len(body) || body[end] != ' ' || joins(body[i:end]) || lex.Equal(body[i:end], "class") || lex.Equal(body[i:end], "export") || lex.Equal(body[i:end], "import") {
		return false
	}
	second := lex.SkipSpace(body, end)
	behind := lex.WordEnd(body, second)
	if lex.OneOf(body[second:behind], "in", "instanceof") && bytes.ContainsAny(body[behind:], ";\n") {
		return false
	}
	return behind > second+1 && lex.Letter(body[second]) && (behind == len(body) || body[behind] == ' ')
}

// embedders serve scripts with which pages show posts, videos and buttons of others.
var embedders = [...]string{
	"platform.twitter.com/widgets.js", "platform.x.com/widgets.js", "www.instagram.com/embed.js", "www.tiktok.com/embed.js", "connect.facebook.net/", "assets.pinterest.com/js/pinit.js",
	"platform.linkedin.com/", "www.redditstatic.com/comment-embed.js", "embed.redditmedia.com/widgets/platform.js", "embedr.flickr.com/assets/client-code.js", "gist.github.com/", "player.vimeo.com/api/player.js",
	"www.youtube.com/iframe_api", "embed.bsky.app/static/embed.js",
}

// players are pages that are made to be shown inside of others: videos, music, maps.
var players = [...]string{
	"www.youtube.com/embed/", "www.youtube-nocookie.com/embed/", "player.vimeo.com/video/", "www.google.com/maps/embed", "maps.google.com/maps?", "maps.google.com/?", "www.google.com/maps?", "open.spotify.com/embed/", "w.soundcloud.com/player/", "www.dailymotion.com/embed/", "www.openstreetmap.org/export/embed", "embed.podcasts.apple.com/", "player.twitch.tv/", "fast.wistia.net/embed/", "www.loom.com/embed/", "calendar.google.com/calendar/embed",
}

// embedding reports whether a script is one of those of embedders, by host and path.
func embedding(src []byte) bool { return startsWithHost(src, embedders[:]) }

// startsWithHost reports whether a URL leads to one of some hosts and paths.
func startsWithHost(src []byte, some []string) bool {
	i := bytes.Index(src, []byte("//"))
	return i >= 0 && i <= len("https:") && lex.PrefixLength(src[i+2:], some) > 0
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
	return len(body) > 0 && len(body) < 64 && (bytes.ContainsAny(body, "=.;+[") || bytes.IndexByte(body, '{') >= 0 && boxes.In(body)) && !prose(body)
}

var boxes = lex.NewList("alert", "confirm", "prompt", "eval")
