// Package ptrav finds path traversal and the asking for files outside the
// application.
//
// A value is read as a path: separators of both kinds, steps upwards however they
// are written, then what it ends at. Steps alone need several, or a sensitive end;
// a relative link such as ../img/a.png stays below the score of an attack.
package ptrav

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue = point.MaxRead
	maxPaths = 16 // besides the last
)

// Gate reports whether a value can be a path of interest.
func Gate(v *point.Value) bool {
	switch v.Kind { //nolint:exhaustive // other kinds can hold paths
	case point.Number, point.FileHead:
		return false
	case point.UserAgent: // a client's name is no path, and climbs nowhere
		return len(v.Data) > 3 && (bytes.IndexByte([]byte("./\\%"), v.Data[0]) >= 0 || bytes.Contains(v.Data, []byte("../")))
	case point.FileName:
		return v.Classes&(point.Slash|point.Backslash|point.Dot|point.PercentSign|point.High|point.Control) != 0
	}
	if len(v.Data) < 4 {
		return false
	}
	first := v.Data[0]
	switch {
	case v.Classes&(point.Slash|point.Backslash) != 0:
		if lex.HasPrefix(v.Data, "etc") || lex.HasPrefix(v.Data, "proc") {
			return true
		}
		return first == '~' || v.Classes&(point.Dot|point.Colon|point.Control|point.High|point.PercentSign) != 0 || first == '/' || first == '\\' || first == '?'
	case v.Classes&(point.PercentSign|point.Digit) == point.PercentSign|point.Digit:
		return true
	}
	if v.Classes&(point.Dollar|point.Colon) == point.Dollar|point.Colon || v.Classes&(point.Control|point.Dot) == point.Control|point.Dot {
		return true
	}
	return v.Classes&point.Colon != 0 && lex.HasPrefix(v.Data, "classpath") || first == '.' && v.Data[1] == '.' || first >= 0x80 && (v.Classes&point.Dot != 0 || len(v.Data) <= maxName)
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	data := v.Data[:min(len(v.Data), maxValue)]
	best.Reset(attack.PTrav, evidence.PathContext)
	if v.Kind == point.FileName {
		fileName(data, best)
	}
	schemes(data, best)
	if best.Score() >= evidence.Threshold {
		return
	}
	if v.Kind.Free() && (inside(data) || serverTree(data)) {
		best.Add(&serverPath, 0, len(data))
		return
	}
	if v.Kind.Free() && v.Classes&point.Less != 0 && wildcard(data) {
		best.Add(&wildName, 0, len(data))
		return
	}
	if v.Kind.Free() && globbed(data) {
		best.Add(&wildName, 0, len(data))
		return
	}
	if v.Classes&point.PercentSign != 0 && ofWindows(data) {
		best.Add(&serverPath, 0, len(data))
		return
	}
	if v.Kind == point.WholePath && v.Classes&point.Paren != 0 && cookieless(data) {
		best.Add(&twoSessions, 0, len(data))
		return
	}
	if v.Kind == point.WholePath && stepsOutOfAlias(data) {
		best.Add(&aliasStep, 0, len(data))
		return
	}
	if decoy(data, v.Kind, v.Classes) {
		best.Add(&decoyEnd, 0, len(data))
		return
	}
	if n := devicePrefix(data); n > 0 {
		paths(data[n:], v.Pairs, 0, v, tree, best)
	}
	paths(data, v.Pairs, 0, v, tree, best)
	if best.Score() < evidence.Threshold && mayFold(v) {
		var buf [maxFolded]byte
		if folded, odd := fold(buf[:0], data, !mayFoldASCII(v.Pairs)); odd > 0 {
			paths(folded, nil, odd, v, tree, best)
			switch {
			case !v.Kind.Free() || best.Score() >= evidence.Threshold:
			case inside(folded) || serverTree(folded):
				best.Add(&serverPath, 0, len(folded))
			case globbed(folded):
				best.Add(&wildName, 0, len(folded))
			}
		}
	}
	if v.Classes&(point.Control|point.Dot) == point.Control|point.Dot && best.Score() < evidence.Threshold {
		cut(data, v, best)
	}
	if i := lex.IndexPaired(v.Pairs, data, "::$DATA"); i > 0 && best.Score() < evidence.Threshold {
		best.Add(&dataStream, i, len("::$DATA"))
	}
	if v.Classes&(point.Colon|point.Dollar) == point.Colon|point.Dollar && best.Score() < evidence.Threshold {
		if i := lex.Index(data, ":$index_allocation"); i > 0 {
			best.Add(&dataStream, i, len(":$index_allocation"))
		}
	}
}

// cookieless reports whether a path has two sessions of ASP.NET in it: /a/(S(x))/b/(S(x))in
func cookieless(data []byte) bool {
	return bytes.Count(data, []byte("/(S(")) > 1 || bytes.Count(data, []byte("/(A(")) > 1
}

// paths reads the first paths of a value and the one that it ends with, which is the one that names
// the file; odd is how many of its dots and slashes were spelled in an odd way.
func paths(data []byte, pairs *point.Pairs, odd int, v *point.Value, tree *point.Tree, best *evidence.Tally) {
	var p normal
	places := newStarts(data, pairs)
	start := places.pathStart(v.Kind)
	for tries := 0; start >= 0 && tries <= maxPaths; tries++ {
		if tries == maxPaths {
			if start = places.next(max(start, lastPiece(data))); start < 0 {
				return
			}
		}
		var t evidence.Tally
		t.Reset(attack.PTrav, evidence.PathContext)
		p.taken = taken{nul: -1, obf: min(odd, 2)}
		next := p.walk(&places, start, odd, v, tree, &t)
		if t.Score() > best.Score() {
			*best = t
		}
		start = places.next(next)
	}
}

// lastPiece returns where what a value ends with begins, in which nothing ends a path.
func lastPiece(data []byte) int {
	i := len(bytes.TrimRight(data, " \t\r\n"))
	for i > 0 && (inSegment(data[i-1]) || data[i-1] == '/' || data[i-1] == '\\' || data[i-1] == 0) {
		i--
	}
	return i
}

// fileName weighs an upload's name.
func fileName(data []byte, t *evidence.Tally) {
	if bytes.Contains(data, []byte("../")) || bytes.Contains(data, []byte(`..\`)) || bytes.HasPrefix(data, []byte("/")) && len(data) > 1 {
		t.Add(&badName, 0, len(data))
	}
	if i := bytes.IndexByte(data, 0); i >= 0 {
		t.AddWeight(&nulByte, 8, i, 1)
	}
}

// walk reads the path at i and returns the index behind it, -1 at the end.
func (p *normal) walk(places *starts, i, odd int, v *point.Value, tree *point.Tree, t *evidence.Tally) int {
	data := places.data
	end := p.read(data, i)
	length := end - i
	if p.wild > 0 && p.tells() {
		p.most += p.wild
		p.obf += p.wild
	}
	rooted := i < len(data) && (data[i] == '/' || data[i] == '~' && i == 0 || data[i] == '\\' || i+1 < len(data) && data[i+1] == ':')
	hit := (p.most > 0 || rooted || p.nul >= 0) && p.tells() || p.slot && p.most > 0 && end == len(data)
	proseBefore := places.behindBlanks(i) && (p.most+p.back == 0 || end < len(data) && p.nul < 0 || !p.named(data[:i], hit || p.tells(), v, tree))
	named := wordBehind(data[end:]) // what people ask about
	if nested := v.Kind == point.WholePath && p.most == 0 && hit && (ofSystem(p.buf[:p.n]) > 0 || about(p.buf[:p.n]) || string(p.buf[:p.n]) == "/flag") && !asked(p.buf[:p.n]); nested {
		named = true // a page about it, or where people report something
	}
	if v.Flags&point.Overlong != 0 && p.most > 0 {
		p.obf++
	}
	switch {
	case rooted && p.most < 2 && !hit && i == 0 && end == len(data) && v.Kind.Free() && (p.self > 0 || p.rooted) && lex.PrefixLength(p.buf[:p.n], ofRoot) > 0: // /./etc/k, /usr/../etc/k
		t.Add(&upwards, i, length)
		t.Add(&throughOwn, i, length)
	case p.most > 0:
		p.climb(data, i, end, hit, v, t)
		if p.most == 1 && !hit && i == 0 && end == len(data) && serverFile(p.buf[:p.n]) && pair(tree.Tag(v.Ref)) && lex.OneOf(tree.Name(v.Ref), fileParameters...) { // file=../config.php
			t.AddWeight(&ownFile, 4, i, length)
		}
	case p.empty > 0 && v.Kind == point.WholePath:
		t.Add(&emptyName, i, length)
	case p.back > 3 && v.Kind == point.WholePath, p.back > 1 && v.Kind == point.WholePath && lex.Contains(data, "%3f/"): // clients send paths without steps
		t.Add(&upwards, i, length)
		t.Add(&throughOwn, i, length)
	case p.back > 0 && v.Kind.Free() && p.tells() && (i == 0 || !rooted || v.Classes&point.Space == 0): // images/../WEB-INF/web.xml, but not what a server reports
		t.Add(&upwards, i, length)
		t.Add(&sensitive, i, length)
	case p.obf > 0 && p.tells():
		t.Add(&obfuscated, i, length)
		t.Add(&sensitive, i, length)
		if rooted && !proseBefore { // and is the root's
			t.AddWeight(&absolute, 4, i, length)
		}
	case p.back > 0 && (p.params > 0 || p.obf > 1 && odd > 1): // a/..;/b and a/%252e%252e%252fb
		t.Add(&upwards, i, length)
		t.Add(&obfuscated, i, length)
	case p.back > 0 && i == 0 && end == len(data) && v.Kind.Free() && dumped(p.buf[:p.n]):
		t.Add(&upwards, i, length)
		t.Add(&ownFile, i, length)
	case v.Kind == point.WholePath && data[len(data)-1] == '/': // a page
	case hit && rooted && (i == 0 || !v.Kind.Free() || !proseBefore):
		weight := absolute.Weight
		called := i > 1 && (data[i-1] == '"' || data[i-1] == '\'') && data[i-2] == '(' && !asked(p.buf[:p.n]) // f("/etc/resolv.conf") of a program
		if called || named || proseBefore || thirdBlank(data[end:]) >= 0 || i > 0 && v.Kind.Free() && bytes.IndexByte(data, ' ') >= 0 {
			weight = 6
		}
		if named {
			weight = 5
		}
		t.AddWeight(&absolute, weight, i, length)
	}
	if p.nul >= 0 && (p.most > 0 || hit) {
		t.Add(&nulByte, p.nul, 1)
	}
	switch {
	case named && !hit:
		t.Cap(5)
	case proseBefore, !hit && written(data, i, end):
		t.Cap(6)
	}
	if rooted && v.Classes&point.Dollar != 0 && share(p.buf[:p.n]) {
		t.Add(&shareRoot, i, length)
	}
	if end >= len(data) {
		return -1
	}
	return max(end, i+1)
}

// written reports whether the path between i and end is the target of a link in Markdown, or the beginning of an
// expression of XPath: [a](../../b/), ../../../a[@b='c']
func written(data []byte, i, end int) bool {
	if end >= len(data) {
		return false
	}
	return data[end] == ')' && bytes.HasSuffix(data[:i], []byte("](")) || bytes.Contains(data[i:end], []byte("[@"))
}

// tells reports whether the path ends at a sensitive file or leads through such a folder.
func (p *normal) tells() bool {
	if !p.asked {
		p.asked, p.sensitive = true, suffix(p.buf[:p.n])
	}
	return p.sensitive
}

// thirdBlank returns where the third blank of a text stands, -1 if it has fewer.
func thirdBlank(text []byte) int {
	i := -1
	for range 3 {
		n := bytes.IndexByte(text[i+1:], ' ')
		if n < 0 {
			return -1
		}
		i += n + 1
	}
	return i
}

// named reports whether words in front of a path that climbs to the value's end are the name of a
// folder which it leaves, rather than a text: base/a b c d/../../../k
func (p *normal) named(before []byte, hit bool, v *point.Value, tree *point.Tree) bool {
	return !told(before[max(0, len(before)-maxBefore):]) || hit && (p.back > 0 || lex.OneOf(tree.Name(v.Ref), fileParameters...))
}

// told reports whether three words of more than a letter stand in a text.
func told(text []byte) bool {
	words := 0
	for i := 0; i < len(text); i++ {
		first := i
		for i < len(text) && (lex.Letter(text[i]) || text[i] >= 0x80 || text[i] == '\'') {
			i++
		}
		if i > first+1 {
			words++
		}
	}
	return words >= 3
}

// maxBefore bounds the text in front of a path that is looked at.
const maxBefore = 256

// fileParameters are parameters in which applications take the name of a file.
var fileParameters = []string{"file", "filename", "file_name", "filepath", "file_path", "path", "dir", "directory", "folder", "include", "download", "layout", "theme", "skin", "lang", "locale", "page", "doc", "document", "template", "tpl", "view"}

// ofRoot are folders of a system in which no application keeps its files.
var ofRoot = []string{"/etc/", "/proc/", "/root/", "/var/log/", "/var/lib/"}

// pair reports whether a tag is a parameter of a query or a form.
func pair(tag point.Tag) bool { return tag == point.Get || tag == point.FormURLEncoded }

// climb weighs a path that leaves the folder it begins in.
func (p *normal) climb(data []byte, i, end int, hit bool, v *point.Value, t *evidence.Tally) {
	path, length := p.buf[:p.n], end-i
	t.Add(&upwards, i, length)
	if (p.most == 1 || static(path) && p.most < 5) && !hit && p.obf == 0 {
		t.Cap(4)
	}
	if p.most >= 3 {
		weight := int8(2)
		if p.most >= 5 {
			weight = 3
		}
		if static(path) {
			weight = 0
		}
		t.AddWeight(&farUp, weight, i, length)
	}
	if whole := i == 0 && end == len(data); p.most >= 2 && !hit && whole {
		switch {
		case serverFile(path) || bytes.HasSuffix(path, []byte("/dockerfile")):
			t.Add(&ownFile, i, length)
		case p.back > 0 && v.Kind.Free() && !static(path): // a/../../../b
			t.Add(&throughOwn, i, length)
		}
	}
	if p.most >= 2 && i == 0 && bytes.HasSuffix(path, []byte("/program")) && lex.HasPrefix(data[end:], " files") { // of Windows
		t.Add(&ownFile, i, length)
	}
	if hit && p.slot {
		t.Add(&slotFile, i, length)
	} else if hit {
		t.Add(&sensitive, i, length)
	} else if p.obf == 0 && (i > 1 && data[i-1] == ' ' && (p.back == 0 || end < len(data)) || p.most < 5 && cited(data, i, end)) { // told in a sentence or a listing
		t.Cap(6)
	}
	for range min(p.obf, 2) {
		t.Add(&obfuscated, i, length)
	}
}

// cited reports whether a path is a string of a program or of settings, behind a blank or what opens a list of
// arguments: $ref: "../../../a.yml"
func cited(data []byte, i, end int) bool {
	before, behind := bytes.TrimSuffix(data[:max(0, i-1)], []byte(`\`)), bytes.TrimPrefix(data[end:], []byte(`\`)) // maybe within another string
	n := len(before)
	return n > 1 && len(behind) > 0 && (data[i-1] == '"' || data[i-1] == '\'') && behind[0] == data[i-1] && bytes.IndexByte([]byte(" (["), before[n-1]) >= 0
}

// static reports whether a path ends like a file that pages link to.
func static(p []byte) bool {
	return lex.SuffixLength(p, []string{".css", ".js", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".woff", ".woff2", ".ico", ".map", ".html", ".ts", ".tsx", ".go", ".md", ".rst", ".c", ".h", ".cc", ".cpp", ".rs", ".scss", ".less", ".vue", ".mjs", ".exp", ".adoc", ".pdf", ".jsx"}) > 0
}

// serverFile reports whether a path ends like a file that a server reads and does not
// hand out.
func serverFile(p []byte) bool {
	if i := bytes.IndexAny(p, "?#"); i > 0 {
		p = p[:i]
	}
	return lex.SuffixLength(p, []string{".php", ".asp", ".aspx", ".ashx", ".asmx", ".ascx", ".jsp", ".jspx", ".py", ".rb", ".cgi", ".inc", ".ini", ".conf", ".config", ".cfg", ".bak", ".sql", ".sqlite", ".sqlite3", ".db", ".mdb", ".key", ".pem", ".pfx", ".jks", ".log", ".htpasswd"}) > 0
}

// share reports whether a path names an administrative share.
func share(p []byte) bool {
	for _, name := range [...]string{"/c$", "/d$", "/admin$", "/ipc$"} {
		i := bytes.Index(p, []byte(name))
		if i > 2 && p[i-1] != '/' && p[i-2] != '/' && (i+len(name) == len(p) || p[i+len(name)] == '/') {
			return true
		}
	}
	return false
}

// maxSchemes bounds the URLs of one value whose schemes are looked at.
const maxSchemes = 4

// schemes weighs stream wrappers and file URLs, at the start and inside of a value.
func schemes(data []byte, t *evidence.Tally) {
	for from, n := 0, 0; n < maxSchemes; n++ {
		i := bytes.IndexByte(data[from:], ':')
		if i < 0 {
			return
		}
		i += from
		from = i + 1
		first := i
		for first > 0 && i-first < 20 && (point.ClassOf[data[first-1]]&(point.Alpha|point.Digit|point.Dot) != 0) {
			first--
		}
		if i-first < 2 {
			continue
		}
		before := t.Score()
		scheme(data, first, i, t)
		if t.Score() > before {
			if lex.Gaps(data[:first]) >= 3 {
				t.Cap(5)
			}
			return
		}
	}
}

// scheme weighs the scheme that stands between first and the colon at i.
func scheme(data []byte, first, i int, t *evidence.Tally) {
	var buf [24]byte
	n := 0
	for _, c := range data[first:i] {
		c = lex.Lower(c)
		buf[n] = c
		n++
	}
	rest := data[i+1:]
	slashes := bytes.HasPrefix(rest, []byte("//"))
	switch string(buf[:n]) {
	case "php", "phar", "expect", "zip", "glob", "ogg", "ssh2", "ssh2.exec", "ssh2.shell", "ssh2.tunnel", "ssh2.sftp", "ssh2.scp", "rar", "compress.zlib", "compress.bzip2", "zlib", "bzip2", "local_file":
		if lex.HasPrefix(rest, "//input ") && len(rest) > 9 && lex.Letter(rest[8]) {
			return // no name follows in it: words about it
		}
		if slashes || n > 3 && first == 0 && (string(buf[:4]) == "phar" || string(buf[:4]) == "loca") {
			t.Add(&wrapper, first, i+3-first)
		}
	case "data":
		if slashes || bytes.Contains(rest[:min(len(rest), 40)], []byte("base64,PD9")) || bytes.HasPrefix(rest, []byte(",<?")) || bytes.HasPrefix(rest, []byte("text/plain,<?")) {
			t.Add(&wrapper, first, i+3-first)
		}
	case "classpath", "classpath*":
		if name := bytes.TrimRight(rest, " "); first == 0 && (serverFile(name) || bytes.HasSuffix(name, []byte(".yml")) || bytes.HasSuffix(name, []byte(".properties"))) {
			t.Add(&wrapper, 0, i+1)
		}
	case "jar", "netdoc":
		if first == 0 {
			t.Add(&wrapper, 0, i+1)
		}
	case "file":
		if slashes || bytes.HasPrefix(rest, []byte("/")) {
			t.Add(&fileURL, first, i+2-first)
			if first <= 1 && escapedLetter(rest) {
				t.Add(&obfuscated, i+1, len(rest))
			}
			p := normal{taken: taken{nul: -1}}
			p.read(rest, 0)
			if suffix(p.buf[:p.n]) {
				t.Add(&sensitive, i+1, len(rest))
			}
		}
	}
}
