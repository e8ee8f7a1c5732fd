// Package scanner finds requests of tools that look for weak spots: their names in
// the User-Agent, paths that only they ask for, callback domains in header fields.
//
// A path counts as a whole segment, so that /docs/git or /environment is none. Tools
// that everybody uses (curl, libraries, monitors, search engines) count nothing.
package scanner

import (
	"bytes"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// Bounds of one value.
const (
	maxValue = 1 << 10
	maxName  = 63 // bytes of a segment
	maxDepth = 32
)

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	tool      = evidence.Sign{Stamp: 15001, Name: "tool-name", Text: "the client names itself as a scanner of weak spots", Weight: 8}
	secret    = evidence.Sign{Stamp: 15002, Name: "secret-path", Text: "a file or folder that holds secrets or sources and is never linked to", Weight: 8}
	backup    = evidence.Sign{Stamp: 15003, Name: "backup-path", Text: "a copy or a dump of what the server runs on", Weight: 8}
	console   = evidence.Sign{Stamp: 15004, Name: "inner-console", Text: "an interface for operators or debugging", Weight: 8}
	weakness  = evidence.Sign{Stamp: 15005, Name: "known-weakness", Text: "the path of a program with a well-known weakness", Weight: 8}
	mark      = evidence.Sign{Stamp: 15006, Name: "tool-mark", Text: "a mark that a scanner leaves in its probes", Weight: 8}
	weakField = evidence.Sign{Stamp: 15008, Name: "weak-field", Text: "a header field or a cookie that only exploits of a well-known weakness send", Weight: 8}
	manyCalls = evidence.Sign{Stamp: 15009, Name: "log-ins-at-once", Text: "a call that logs in inside of a list of calls, as guessing of passwords does", Weight: 8}
	doubled   = evidence.Sign{Stamp: 15010, Name: "twice-encoded-letters", Text: "letters of the path are encoded twice, which no program does", Weight: 8}
	unsigned  = evidence.Sign{Stamp: 15011, Name: "unsigned-token", Text: "a token without a signature that says it needs none: alg none (CVE-2015-9235)", Weight: 8}
	keySource = evidence.Sign{Stamp: 15012, Name: "token-key", Text: "a token that brings the key it is signed with, or says that its key is at an address or on a site without TLS (CVE-2018-0114)", Weight: 8}
	blank     = evidence.Sign{Stamp: 15013, Name: "blank-signature", Text: "a token whose signature is nothing but zeros, which some readers take for that of any text (CVE-2022-21449)", Weight: 8}
	callback  = evidence.Sign{Stamp: 15007, Name: "callback-header", Text: "a header field or the target names a host at which testers wait for calls", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{tool, secret, backup, console, weakness, mark, callback, weakField, manyCalls, doubled, unsigned, keySource, blank}

// Gate reports whether a value says who the client is or what it asks for.
func Gate(v *point.Value) bool {
	switch v.Kind { //nolint:exhaustive // the others say neither
	case point.UserAgent:
		return len(v.Data) > 2
	case point.WholePath:
		return len(v.Data) > 4
	case point.HeaderText, point.Referer, point.CookieText, point.TokenHead:
		return true
	case point.Text:
		return v.Classes&point.PercentSign != 0 && len(v.Data) >= minDirectives*len("%n")
	case point.GQLDocument:
		return v.Classes&point.Paren != 0
	case point.XMLText:
		return v.Classes&point.Dot != 0 && len(v.Data) == len(listBlogs)
	}
	return false
}

// Scan leaves the evidence in best.
func Scan(v *point.Value, tree *point.Tree, best *evidence.Tally) {
	best.Reset(attack.Scanner, evidence.Agent)
	data := v.Data[:min(len(v.Data), maxValue)]
	switch v.Kind { //nolint:exhaustive // the gate lets no other through
	case point.UserAgent:
		agent(data, best)
	case point.WholePath:
		best.Context = evidence.PathContext
		path(data, tree, best)
		resolved(data, tree, best)
		if v.Classes&point.Dot == 0 || data[0] == '/' && bytes.Count(data, []byte(".")) < 2 {
			return
		}
	case point.Text:
		formats(data, best)
		return
	case point.GQLDocument:
		logins(v.Data[:min(len(v.Data), maxDocument)], best)
		return
	case point.TokenHead:
		token(data, tree.Name(tree.Parent(tree.Parent(v.Ref))), best)
		return
	case point.XMLText:
		multicall(data, v.Ref, tree, best)
		return
	case point.HeaderText, point.CookieText:
		field(data, tree.Name(v.Ref), tree.Target, best)
	case point.Referer:
		if lex.HasPrefix(data, "/_layouts/") && lex.Index(data, "signout.aspx") > 0 { // CVE-2025-49706
			best.Add(&weakField, 0, len(data))
		}
	}
	if v.Classes&point.Dot != 0 {
		if from, to := host.Callback(data, v.Pairs); from >= 0 {
			best.Add(&callback, from, to-from)
		}
	}
}

// agent finds the name of a tool at the borders of a word.
func agent(data []byte, t *evidence.Tally) {
	inside := false // of a word
	for i, c := range data[:len(data)-1] {
		if inside {
			inside = lex.Word(c) || c == '-'
			continue
		}
		inside = lex.Word(c) || c == '-'
		for _, name := range toolsBy[pair(c, data[i+1])] {
			end := i + len(name)
			if lex.HasPrefix(data[i:], name) && (end == len(data) || !lex.Letter(data[end])) {
				t.Add(&tool, i, len(name))
				return
			}
		}
	}
}

// path reads the segments of a path.
func path(data []byte, tree *point.Tree, t *evidence.Tally) {
	query := bytes.IndexByte(data, '?')
	if query >= 0 {
		data = data[:query]
	}
	if query < 0 && len(data) > 1 && isAtRoot(data[1:]) {
		t.Add(&console, 0, len(data))
	}
	if frontEnd(data) {
		t.Add(&weakness, 0, len(data))
	}
	if twice(data) {
		t.Add(&doubled, 0, len(data))
	}
	rest := bytes.TrimPrefix(data, []byte("/"))
	var before []byte
	writing := false
	for depth, n := 0, 0; len(rest) > 0 && n < maxDepth; n++ {
		name, after, more := bytes.Cut(rest, []byte("/"))
		if len(name) > 0 && len(name) <= maxName {
			s := segment{off: len(data) - len(rest), depth: depth, last: !more, tally: t, before: before, told: writing}
			for i, c := range name {
				s.buf[i] = lex.Lower(c)
			}
			s.name = s.buf[:len(name)]
			s.weigh(after, tree)
			writing = writing || lex.About(s.name)
			if string(name) != "." {
				depth++
			}
		}
		rest, before = after, name
	}
}

// segment is one segment of a path in lower case.
type segment struct {
	buf   [maxName]byte
	name  []byte // of buf
	off   int
	depth int
	last  bool
	tally *evidence.Tally

	before []byte // the segment in front, as it was written
	told   bool   // in a folder in which sites write about such names
}

// deep is the depth from which a path may be one of a site that shows sources.
const deep = 3

func (s *segment) add(sign *evidence.Sign, weight int8) {
	if s.depth >= deep && (sign == &secret || sign == &backup) {
		weight -= 2
	}
	s.tally.AddWeight(sign, weight, s.off, len(s.name))
}

// weigh adds what the segment tells; rest is the path behind it.
func (s *segment) weigh(rest []byte, tree *point.Tree) {
	if s.name[0] == '.' {
		if string(s.name) == ".well-known" && runs(rest) {
			s.add(&weakness, weakness.Weight)
		}
		s.hidden(rest)
		return
	}
	if holdsNoPrograms(s.before, s.name) && runs(rest) || lex.OneOf(s.name, "uploads", "upload") && runsOddly(rest) {
		s.add(&weakness, weakness.Weight)
	}
	if probe(s.name) && !s.told || shortName(s.name) {
		s.add(&mark, mark.Weight)
	}
	named := lengths[s.name[0]]&(1<<len(s.name)) != 0 && s.known(rest)
	if s.last && bytes.IndexByte(s.name, '.') > 0 {
		if bytes.HasPrefix(s.name, []byte("dup-installer-")) || string(s.before) == "bin" && bytes.HasSuffix(s.name, []byte(".dll")) {
			s.add(&secret, secret.Weight)
		}
		if s.depth > 1 && string(s.name) == "wlwmanifest.xml" { // asked for in every folder that may hold WordPress
			s.add(&mark, mark.Weight)
		}
		if inspection(s.name) {
			s.add(&console, console.Weight)
		}
		if backDoor(s.name) {
			s.add(&weakness, weakness.Weight)
		}
		if !named && !tree.Stores { // who asks for a copy does not bring it
			s.copies(tree.Host)
		}
	}
}

// holdsNoPrograms reports whether a folder of WordPress holds nothing that a browser asks a server
// to run: what is uploaded, and its own library.
func holdsNoPrograms(parent, name []byte) bool {
	if string(name) == "wp-includes" {
		return true
	}
	return lex.Equal(parent, "wp-content") && lex.OneOf(name, "uploads", "languages", "upgrade", "upgrade-temp-backup")
}

// runs reports whether a path ends with a program of PHP, and not with one of the two that
// WordPress has there.
func runs(path []byte) bool {
	return lex.SuffixLength(path, []string{".php", ".phtml", ".php7", ".phar"}) > 0 && lex.SuffixLength(path, []string{"tinymce/wp-tinymce.php", "ms-files.php", "/index.php"}) == 0
}

// runsOddly reports whether a path ends with a program of PHP under an ending by which one gets past
// lists of endings.
func runsOddly(path []byte) bool {
	return lex.SuffixLength(path, []string{".phtml", ".pht", ".php3", ".php4", ".php5", ".php7", ".php8", ".phar"}) > 0
}

// probe reports whether a segment is one by which a scanner finds out how a server answers
// for what is not there.
func probe(name []byte) bool {
	switch name[0] {
	case 'n':
		return bytes.HasPrefix(name, []byte("nmaplowercheck")) || bytes.HasPrefix(name, []byte("nmapuppercheck")) || bytes.HasPrefix(name, []byte("nikto-test-")) || bytes.HasPrefix(name, []byte("netsparker-"))
	case 'a':
		return bytes.HasPrefix(name, []byte("acunetix"))
	case 'w':
		return bytes.HasPrefix(name, []byte("wp-config")) && len(name) > len("wp-config.") && bytes.IndexByte(name, '.') > 0 && !bytes.HasSuffix(name, []byte(".html")) && !bytes.HasSuffix(name, []byte(".png")) && !bytes.HasSuffix(name, []byte(".jpg")) && !bytes.HasSuffix(name, []byte(".webp"))
	}
	return false
}

// shortName reports whether a segment asks for the short name of a file by a pattern, as
// scanners of IIS do: a*~1*
func shortName(name []byte) bool {
	i := bytes.IndexByte(name, '~')
	return i > 0 && i+1 < len(name) && lex.Digit(name[i+1]) && bytes.IndexByte(name, '*') >= 0
}

// known weighs segments that are known by their whole name, and reports whether that is the name of
// a file or a folder.
func (s *segment) known(rest []byte) (named bool) {
	k, named := wholeNames[string(s.name)]
	switch {
	case leadsTo(rest, behind[string(s.name)]) && !lex.Equal(rest, "status.cgi") && (s.depth < 2 || string(s.name) != "containers"): // and not what stands in front of Docker
		s.add(&console, s.less(&console, console.Weight))
		return named
	case leadsTo(rest, inUse[string(s.name)]):
		s.add(&console, s.less(&console, evidence.Threshold-2))
		return named
	}
	if devices[string(s.name)] && (s.depth == 0 || bytes.IndexByte(s.name, '.') > 0) {
		s.add(&weakness, weakness.Weight)
	}
	if named && (s.last || k.folder) {
		weight := s.less(k.sign, k.weight)
		if s.depth > 0 && k.sign == &console && (k.left && bytes.IndexByte(s.name, '.') < 0 || bytes.HasPrefix(s.name, []byte("server-"))) {
			weight = min(weight, 5) // words that pages have, too
		}
		if k.sign == &secret && k.left {
			weight = s.placed(weight)
		}
		s.add(k.sign, weight)
	}
	return named
}

// leadsTo reports whether a path begins with one of some, as a whole.
func leadsTo(path []byte, some []string) bool {
	for _, f := range some {
		if lex.HasPrefix(path, f) && wholeAt(path, len(f)) {
			return true
		}
	}
	return false
}

// wholeAt reports whether a word of a path ends at i.
func wholeAt(path []byte, i int) bool {
	return i == len(path) || !lex.Letter(path[i-1]) || !lex.Letter(path[i]) && path[i] != '-'
}

// isAtRoot reports whether a path behind its slash is one of atRoot.
func isAtRoot(name []byte) bool {
	return lex.OneOf(name, atRoot[:]...)
}
