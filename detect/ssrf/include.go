package ssrf

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// include weighs a value that is one foreign URL by what makes it a file for the server
// to include: a ? or a NUL that cuts off what the application appends, the file of a
// well-known shell, a program in a parameter that names a path of the server's own.
func (s *scan) include(start int) {
	if !s.v.Kind.Free() || s.v.Classes&(point.Space|point.Newline) != 0 {
		return
	}
	if n := nested(s.data); n > 0 {
		s.keepSign(&cutInclude, n)
		return
	}
	i := bytes.Index(s.data, []byte("//"))
	if i < start {
		return
	}
	scheme, behindStep := s.data[start:i], false
	if step := bytes.LastIndex(scheme, []byte("../")); step >= 0 { // modules/../http:
		scheme, behindStep = scheme[step+len("../"):], true
	}
	if (len(scheme) > 0 || behindStep) && !fetchable(scheme) {
		return
	}
	f := readInclude(host.Read(s.data, i+2))
	f.scheme, f.behindStep, f.linked = scheme, behindStep, s.tree.Tag(s.parameter()) == point.Get
	if weight := f.weigh(s.named()); weight > 0 {
		var t evidence.Tally
		t.Reset(s.best.Type, evidence.URLScheme)
		t.AddWeight(&cutInclude, weight, start, len(s.data)-start)
		if t.Score() > s.best.Score() {
			*s.best = t
		}
	}
}

// nested returns the length of a scheme that stands inside of itself, so that it is left
// over when a check cuts it out: hthttp://tp://
func nested(data []byte) int {
	for _, scheme := range [...]string{"http://", "https://", "ftp://"} {
		i := lex.Index(data[:min(len(data), 2*len(scheme))], scheme)
		if i > 0 && lex.HasPrefix(data, scheme[:i]) && lex.HasPrefix(data[i+len(scheme):], scheme[i:]) {
			return i + len(scheme)
		}
	}
	return 0
}

// included is a foreign file that a server may be asked to include.
type included struct {
	h          host.Host
	scheme     []byte
	stem, ext  []byte // of the file's name; nil if it has no extension
	behind     []byte // what follows the extension
	behindStep bool   // the URL stands behind a step upwards
	linked     bool   // in a query
}

func readInclude(h host.Host) (f included) {
	f.h = h
	if len(h.Name) == 0 || len(h.Rest) == 0 || h.Rest[0] != '/' {
		return f
	}
	path := h.Rest
	if i := bytes.IndexAny(path, "?#\x00"); i > 0 {
		path = path[:i]
	}
	file := bytes.LastIndexByte(path, '/') + 1
	stem, ext, ok := bytes.Cut(path[file:], []byte("."))
	if !ok {
		return f
	}
	end := lex.WordEnd(ext, 0)
	f.stem, f.ext, f.behind = stem, ext[:end], h.Rest[file+len(stem)+1+end:]
	return f
}

// weigh returns what a file counts in a parameter of a name.
func (f *included) weigh(name naming) int8 {
	text, program := lex.OneOf(f.ext, texts[:]...), lex.OneOf(f.ext, scripts[:]...)
	marks := bytes.HasPrefix(f.behind, []byte("??")) && len(bytes.Trim(f.behind, "?")) == 0 // as many as it takes
	switch {
	case name == rootName && (f.h.Named() || f.numbered()), name == partName && f.linked && f.numbered():
		return cutInclude.Weight
	case f.ext == nil:
		return 0
	case marks && (text || program || name == pathName):
		return cutInclude.Weight
	case name == partName && f.linked && (text || program) && !lex.OneOf(f.stem, published[:]...):
		return cutInclude.Weight
	case len(f.behind) == 1 && (f.behind[0] == 0 || f.behind[0] == '?' && (text || name == pathName || name == partName && f.linked)):
		return cutInclude.Weight
	case !text && !program && !lex.OneOf(f.ext, shown[:]...):
		return 0
	case lex.OneOf(f.stem, shells[:]...):
		return cutInclude.Weight
	}
	tool := lex.OneOf(f.stem, tools[:]...)
	if !text && !program { // a picture, whatever is in it
		if tool {
			return 6
		}
		return 0
	}
	command := runs(f.behind)
	if name == partName {
		name = pageName
	}
	if !tool && !command && !f.behindStep && name == otherName {
		return 0
	}
	weight := int8(3)
	for _, e := range [...]struct {
		holds  bool
		weight int8
	}{
		{tool, 3},
		{command, 3},
		{f.behindStep, 5},
		{name == pathName, 5},
		{name == pageName, 2},
		{name == pageName && text && f.numbered(), 2},
		{name == pageName && program && (len(f.h.User) > 0 || !lex.HasPrefix(f.scheme, "http")), 3},
	} {
		if e.holds {
			weight += e.weight
		}
	}
	return weight
}

// numbered reports whether the host is an address of the open network.
func (f *included) numbered() bool {
	ip, _, ok := f.h.Address()
	return ok && !host.Private(ip)
}

// texts are extensions of files that a foreign server hands out as they are, shown those
// of pictures in which code may stand. What the server that includes it executes is in
// scripts.
var (
	texts     = [...]string{"txt", "inc", "dat", "log"}
	published = [...]string{"robots", "ads", "app-ads", "humans", "security", "llms", "llms-full", "readme", "license", "changelog", "sitemap", "index"}
	shown     = [...]string{"gif", "jpg", "png"}
	shells    = [...]string{"c99", "c100", "r57", "b374k", "wso", "wso2", "webshell", "weevely", "phpshell", "p0wny"}
	tools     = [...]string{"shell", "cmd", "backdoor", "rfi", "sh3ll", "evil", "sh", "exploit", "payload", "pwn"}
)

// runs reports whether a query hands a command to a shell: ?cmd=id
func runs(query []byte) bool {
	if len(query) == 0 || query[0] != '?' {
		return false
	}
	for query = query[1:]; ; {
		pair, rest, more := bytes.Cut(query, []byte("&"))
		name, value, _ := bytes.Cut(pair, []byte("="))
		word := value[:lex.WordEnd(value, 0)]
		if lex.OneOf(name, "cmd", "c", "exec", "command", "x", "0") && lex.OneOf(word, "id", "whoami", "ls", "dir", "pwd", "uname", "cat", "ps", "ifconfig", "ipconfig", "netstat", "wget", "curl", "type") {
			return true
		}
		if query = rest; !more {
			return false
		}
	}
}

// naming says what a parameter's name tells of its value.
type naming uint8

const (
	otherName naming = iota
	pageName         // what is shown: scripts add a folder and an extension to it
	partName         // a part of a page that only scripts know by name
	pathName         // a folder of the server's own, from which scripts include
	rootName         // the folder in which all scripts of an application are
)

// named reads the name of the value's parameter.
func (s *scan) named() naming {
	r := s.parameter()
	name, above := s.tree.Name(r), s.tree.Name(s.tree.Parent(r))
	switch {
	case rootPath(name), lex.OneOf(above, "_server", "globals") && serverPath(name):
		return rootName
	case lex.OneOf(above, "_server", "_env", "globals", "_get", "_post", "_request", "_cookie", "_files", "_session", "_conf"), serverPath(name): // variables of PHP, which a request once could set
		return pathName
	case lex.OneOf(above, "cfg", "conf", "config") && lex.OneOf(name, "path", "dir", "folder"):
		return pathName
	case lex.OneOf(name, "pg", "template", "tpl", "theme", "skin", "layout", "lang", "language", "module", "mod", "include", "inc", "section", "menu", "include_file", "inc_file", "incfile", "includefile", "header_file", "footer", "header", "plugin", "component"):
		return partName
	case lex.OneOf(name, "file", "filename", "document", "doc", "include_file", "page", "pg", "view", "template", "tpl", "theme", "skin", "layout", "lang", "language", "module", "mod", "include", "content", "section", "load", "body", "menu"):
		return pageName
	}
	return otherName
}

// rootPath reports whether a name is that of the folder of a whole application.
func rootPath(name []byte) bool {
	return lex.SuffixLength(name, []string{"abspath", "abs_path", "absolute_path", "root_path", "rootpath", "document_root", "documentroot", "include_path", "path_to_root", "root_dir", "dir_root", "base_dir", "basedir", "includedir", "include_dir", "inc_dir", "lib_dir", "libdir", "libpath"}) > 0
}

// serverPath reports whether a name is that of a path of the server: document_root,
// phpbb_root_path, template_dir, include.
func serverPath(name []byte) bool {
	if lex.OneOf(name, "inc", "include", "includes", "include_once", "require", "require_once") || lex.HasSuffix(name, "root") {
		return true
	}
	for _, end := range [...]string{"path", "dir", "folder", "_inc"} {
		if !lex.HasSuffix(name, end) {
			continue
		}
		i, _ := lex.First(name[:len(name)-len(end)], serverPaths)
		return i >= 0
	}
	return false
}

// serverPaths are what the names of such paths begin with.
var serverPaths = []string{"root", "inc", "lib", "absolute", "theme", "template", "tpl", "skin", "module", "plugin", "component", "class", "conf", "lang", "base", "phpbb", "adodb", "smarty", "script", "admin", "core"}

func fetchable(scheme []byte) bool {
	return lex.OneOf(scheme, "http:", "https:", "ftp:", "ftps:", "smb:", "webdav:")
}
