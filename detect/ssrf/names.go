package ssrf

import (
	"bytes"

	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// parameter returns the point of the parameter that a value is, is one of, or is another
// reading of.
func (s *scan) parameter() point.Ref {
	r := s.v.Ref
	for tag := s.tree.Tag(r); (tag == point.Percent || tag == point.Charset || tag == point.Array) && s.tree.Parent(r) != 0; tag = s.tree.Tag(r) {
		r = s.tree.Parent(r)
	}
	return r
}

// asked reports whether the value is a parameter of a query or a form whose name
// says that the application fetches it.
func (s *scan) asked() bool {
	r := s.parameter()
	if !pair(s.tree.Tag(r)) {
		return false
	}
	name := s.tree.Name(r)
	return lex.OneOf(name, "url", "uri", "src", "source", "image", "image_url", "imageurl", "img", "file", "feed", "proxy", "site", "host", "fetch", "load", "remote", "target", "domain", "document", "page", "stockapi", "endpoint", "ssrf", "rss", "xml", "pdf", "avatar", "picture", "import")
}

// requested reports whether the value is a parameter of a query whose name says that it is
// the address of something to get: forms of settings have such names for addresses of
// machines, links have not.
func (s *scan) requested() bool {
	r := s.parameter()
	return s.tree.Tag(r) == point.Get && lex.OneOf(s.tree.Name(r), gets...)
}

// gets are names of such parameters, searches those of what somebody looks for.
var (
	gets = []string{
		"url", "uri", "src", "source", "image", "img", "image_url", "imageurl", "file", "feed", "fetch", "load", "remote", "document", "rss", "xml", "pdf", "avatar", "picture", "import", "u", "link", "href", "path", "dest", "html", "data", "reference", "resource", "window", "dir", "view", "val", "validate", "content",
		"template", "wsdl", "schema", "preview", "screenshot", "oembed", "embed", "thumbnail", "photo", "logo", "icon", "download", "file_url", "fileurl", "pdf_url", "webpage", "web_url", "request", "req", "get", "proxy_url", "proxyurl", "target_url", "targeturl", "page_url", "pageurl", "feed_url", "feedurl", "img_url", "imgurl", "photo_url", "doc", "filename", "location", "webhook", "hook", "svg", "css", "font", "media", "video", "audio", "stream", "swagger_url", "openapi", "configurl", "specurl", "fileuri", "imagesrc", "imguri", "urls", "sitemap", "address", "endpoint", "query_url", "api_url", "apiurl", "backend", "upstream", "origin_url", "render", "crawl", "scrape", "check_url", "test_url", "ping_url", "healthcheck",
	}
	searches = []string{"q", "query", "search", "s", "term", "keyword", "keywords", "text"}
)

// pair reports whether a tag is a parameter of a query or a form.
func pair(tag point.Tag) bool {
	return tag == point.Get || tag == point.FormURLEncoded || tag == point.Multipart
}

// pictures are what a page shows; an address of one is not where a service is asked.
// fetches are what an application gets from elsewhere.
var (
	pictures = []string{"avatar", "image", "img", "picture", "photo", "logo", "icon", "thumb", "thumbnail", "banner", "poster"}
	fetches  = []string{"remote", "feed", "rss", "import", "fetch", "preview", "screenshot", "unfurl", "embed", "download"}
)

// sought reports whether the name says that the value is the address of something to
// fetch and its path is not that of a picture, as developers have them on their machines.
func (s *scan) sought(h *host.Host) bool {
	if media(h.Rest) {
		return false
	}
	r := s.parameter()
	if name := s.tree.Name(r); lex.Equal(name, "url") && lex.OneOf(s.tree.Name(s.tree.Parent(r)), "image_url", "input_image", "image", "file_url") { // of a message to a language model
		return true
	}
	return addressOf(s.tree.Name(r), pictures) || pair(s.tree.Tag(r)) && addressOf(s.tree.Name(r), fetches)
}

// pictured reports whether the name says that the value is the address of a picture.
func (s *scan) pictured() bool { return addressOf(s.tree.Name(s.parameter()), pictures) }

// addressOf reports whether a name ends in one of the things and a word for an address:
// avatar_url, profileImageUrl, logo-uri.
func addressOf(name []byte, things []string) bool {
	for _, end := range [...]string{"url", "uri", "link", "src", "href"} {
		if !lex.HasSuffix(name, end) {
			continue
		}
		name = bytes.TrimRight(name[:len(name)-len(end)], "_-")
		for _, thing := range things {
			if lex.HasSuffix(name, thing) {
				return true
			}
		}
		return false
	}
	return false
}

// media reports whether a path ends like a picture or a document.
func media(path []byte) bool {
	if i := bytes.IndexAny(path, "?#"); i >= 0 {
		path = path[:i]
	}
	dot := bytes.LastIndexByte(path, '.')
	return dot >= 0 && lex.OneOf(path[dot+1:], "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp", "mp4", "webm", "pdf")
}

// urlList reports whether a value is two URLs or more with nothing but blanks, line ends
// or commas between them.
func urlList(data []byte) bool {
	n := 0
	for len(data) > 0 {
		item, rest := data, []byte(nil)
		if end := bytes.IndexAny(data, " \t\r\n,"); end >= 0 {
			item, rest = data[:end], data[end+1:]
		}
		if data = rest; len(item) == 0 {
			continue
		}
		if bytes.Index(item[:min(len(item), maxScheme)], []byte("://")) < 1 {
			return false
		}
		n++
	}
	return n > 1
}

// maxScheme bounds where the :// of a URL begins.
const maxScheme = 16

// lines reports whether a line end stands behind a host: an encoded one, or one with a
// command of a protocol of lines behind it.
func lines(rest []byte) bool {
	for _, end := range [...]string{"%0d", "%0a"} {
		if i := lex.Index(rest, end); i >= 0 && len(rest)-i > len("%0d%0a") {
			return true
		}
	}
	for range maxURLs {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
		for _, c := range commands {
			if lex.HasPrefix(rest, c) {
				return true
			}
		}
	}
	return false
}

// commands begin a line in the protocols of stores, of mail and of the web.
var commands = [...]string{
	"get /", "post /", "put /", "config set ", "flushall", "slaveof ", "replicaof ", "module load ", "save\r", "quit\r", "helo ", "ehlo ", "mail from:", "rcpt to:", "stats\r", "*1\r", "*2\r", "*3\r", "*4\r",
}
