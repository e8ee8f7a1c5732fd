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
	callback  = evidence.Sign{Stamp: 15007, Name: "callback-header", Text: "a header field or the target names a host at which testers wait for calls", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{tool, secret, backup, console, weakness, mark, callback, weakField, manyCalls, doubled}

// Gate reports whether a value says who the client is or what it asks for.
func Gate(v *point.Value) bool {
	switch v.Kind { //nolint:exhaustive // the others say neither
	case point.UserAgent:
		return len(v.Data) > 2
	case point.WholePath:
		return len(v.Data) > 4
	case point.HeaderText, point.Referer, point.CookieText:
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
		path(data, best)
		if v.Classes&point.Dot == 0 || data[0] == '/' && bytes.Count(data, []byte(".")) < 2 {
			return
		}
	case point.Text:
		formats(data, best)
		return
	case point.GQLDocument:
		logins(v.Data[:min(len(v.Data), maxDocument)], best)
		return
	case point.XMLText:
		multicall(data, v.Ref, tree, best)
		return
	case point.HeaderText, point.CookieText:
		field(data, tree.Name(v.Ref), best)
	case point.Referer:
		if lex.HasPrefix(data, "/_layouts/") && lex.Index(data, "signout.aspx") > 0 { // CVE-2025-49706
			best.Add(&weakField, 0, len(data))
		}
	}
	if v.Classes&point.Dot != 0 {
		if from, to := host.Callback(data); from >= 0 {
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
func path(data []byte, t *evidence.Tally) {
	if i := bytes.IndexByte(data, '?'); i >= 0 {
		data = data[:i]
	}
	if frontEnd(data) {
		t.Add(&weakness, 0, len(data))
	}
	if twice(data) {
		t.Add(&doubled, 0, len(data))
	}
	rest := bytes.TrimPrefix(data, []byte("/"))
	for depth := 0; len(rest) > 0 && depth < maxDepth; depth++ {
		name, after, more := bytes.Cut(rest, []byte("/"))
		if len(name) > 1 && len(name) <= maxName {
			s := segment{off: len(data) - len(rest), depth: depth, last: !more, tally: t}
			for i, c := range name {
				s.buf[i] = lex.Lower(c)
			}
			s.name = s.buf[:len(name)]
			s.weigh(after)
		}
		rest = after
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
func (s *segment) weigh(rest []byte) {
	if s.name[0] == '.' {
		s.hidden(rest)
		return
	}
	if bytes.HasPrefix(s.name, []byte("nmaplowercheck")) || bytes.HasPrefix(s.name, []byte("acunetix-wvs-test")) || shortName(s.name) {
		s.add(&mark, mark.Weight)
	}
	if lengths[s.name[0]]&(1<<len(s.name)) != 0 {
		s.known(rest)
	}
	if s.last && bytes.IndexByte(s.name, '.') > 0 {
		if s.depth > 1 && string(s.name) == "wlwmanifest.xml" { // asked for in every folder that may hold WordPress
			s.add(&mark, mark.Weight)
		}
		if s.name[0] == 'a' && adminer(s.name) {
			s.add(&console, console.Weight)
		}
		s.copies()
	}
}

// shortName reports whether a segment asks for the short name of a file by a pattern, as
// scanners of IIS do: a*~1*
func shortName(name []byte) bool {
	i := bytes.IndexByte(name, '~')
	return i > 0 && i+1 < len(name) && lex.Digit(name[i+1]) && bytes.IndexByte(name, '*') >= 0
}

// known weighs segments that are known by their whole name.
func (s *segment) known(rest []byte) {
	if len(rest) > 0 {
		for _, f := range followed[string(s.name)] {
			if lex.HasPrefix(rest, f) {
				s.add(&console, console.Weight)
				return
			}
		}
	}
	if k := wholeNames[string(s.name)]; k.sign != nil && (s.last || k.folder) {
		s.add(k.sign, k.weight)
	}
}

// hidden weighs files and folders whose names begin with a dot.
func (s *segment) hidden(rest []byte) {
	switch string(s.name) {
	case ".git", ".svn", ".hg", ".bzr":
		weight := secret.Weight
		if len(rest) == 0 {
			weight = 6
		}
		s.add(&secret, weight)
	case ".aws", ".ssh", ".kube", ".docker", ".vscode", ".idea", ".azure", ".gcloud", ".config", ".circleci", ".terraform":
		if !s.last && len(rest) > 0 {
			s.add(&secret, secret.Weight)
		}
	case ".htpasswd", ".npmrc", ".pypirc", ".netrc", ".pgpass", ".my.cnf", ".bash_history", ".bashrc", ".profile", ".mysql_history", ".dockerenv", ".dockercfg", ".git-credentials", ".gitconfig",
		".s3cfg", ".boto", ".travis.yml", ".gitlab-ci.yml", ".ftpconfig", ".remote-sync.json", ".user.ini", ".zsh_history", ".sh_history", ".passwd", ".credentials", ".secrets", ".sql":
		s.add(&secret, secret.Weight)
	case ".ds_store", ".gitignore", ".editorconfig":
		s.add(&secret, 6)
	case ".htaccess":
		weight := secret.Weight
		if s.depth > 0 {
			weight = 7 // sites write about it
		}
		s.add(&secret, weight)
	default:
		if bytes.HasPrefix(s.name, []byte(".env")) && (len(s.name) == 4 || !lex.Letter(s.name[4])) || bytes.HasPrefix(s.name, []byte(".wp-config")) {
			s.add(&secret, secret.Weight)
		}
	}
}

// copies weighs copies of scripts and dumps by their endings.
func (s *segment) copies() {
	for _, end := range copyEnds {
		base, found := bytes.CutSuffix(s.name, []byte(end))
		if !found {
			continue
		}
		for _, script := range scriptEnds {
			if bytes.HasSuffix(base, []byte(script)) {
				s.add(&backup, backup.Weight)
				return
			}
		}
		if bytes.HasSuffix(base, []byte(".sql")) {
			s.add(&backup, backup.Weight)
			return
		}
	}
	for _, end := range archiveEnds {
		if base, found := bytes.CutSuffix(s.name, []byte(end)); found && s.depth == 0 && telling(base) {
			s.add(&backup, backup.Weight)
			return
		}
	}
	if base, found := bytes.CutSuffix(s.name, []byte(".sql")); found {
		weight := int8(6) // a schema to download
		if telling(base) {
			weight = backup.Weight
		}
		s.add(&backup, weight)
	}
}

// telling reports whether a name is that of a copy of a whole site or database.
func telling(base []byte) bool {
	for _, w := range [...]string{"backup", "backups", "www", "wwwroot", "htdocs", "public_html", "dump", "database", "db", "mysql", "db_backup", "site", "website", "web", "html", "sql", "users", "localhost", "back", "bak", "old"} {
		if string(base) == w {
			return true
		}
	}
	return false
}
