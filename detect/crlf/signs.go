package crlf

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
)

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	known      = evidence.Sign{Stamp: 12001, Name: "header-line", Text: "a line end and a header line that servers or clients obey", Weight: 8, Max: 2}
	other      = evidence.Sign{Stamp: 12002, Name: "other-header-line", Text: "a line end and what reads as a header line", Weight: 8}
	statusLine = evidence.Sign{Stamp: 12003, Name: "status-line", Text: "a line end and the status line of another answer", Weight: 9}
	smuggled   = evidence.Sign{Stamp: 12004, Name: "request-line", Text: "a line end and the request line of another request", Weight: 9}
	inPath     = evidence.Sign{Stamp: 12005, Name: "line-end-in-path", Text: "a line end inside of the path", Weight: 8}
	forgedLog  = evidence.Sign{Stamp: 12007, Name: "forged-log-line", Text: "a line end and a line of an access log", Weight: 8}
	command    = evidence.Sign{Stamp: 12008, Name: "transfer-command", Text: "a line end and a command of FTP or IRC", Weight: 8}
	event      = evidence.Sign{Stamp: 12009, Name: "pushed-event", Text: "a line end and an event of a stream with its data", Weight: 8}
	splitBody  = evidence.Sign{Stamp: 12006, Name: "split-body", Text: "an empty line ends the header, and markup or a document follows", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{known, other, statusLine, smuggled, inPath, splitBody, forgedLog, command, event}

// hardNames are header names that no line of a text begins with.
var hardNames = [...]string{
	"set-cookie", "set-cookie2", "content-length", "transfer-encoding", "content-type", "content-encoding", "content-disposition", "content-location", "content-security-policy",
	"cache-control", "last-modified", "www-authenticate", "proxy-authenticate", "proxy-connection", "strict-transport-security", "user-agent", "accept-encoding", "accept-language",
	"keep-alive", "etag", "pragma", "upgrade-insecure-requests", "remote-addr", "if-modified-since", "if-none-match", "retry-after", "set-proxy", "client-ip",
	"clear-site-data", "service-worker-allowed", "feature-policy", "permissions-policy", "referrer-policy", "report-to", "alt-svc", "public-key-pins", "content-range", "content-language", "x-sendfile", "x-powered-by", "sourcemap", "p3p",
	"if-range", "if-match", "accept-ranges", "accept-charset", "max-forwards", "timing-allow-origin", "origin-agent-cluster", "true-client-ip", "cf-connecting-ip",
}

// softNames are header names that are words too.
var softNames = [...]string{
	"location", "refresh", "host", "cookie", "connection", "date", "server", "link", "via", "status", "origin", "referer", "authorization", "accept", "expires", "age", "allow",
	"range", "te", "trailer", "vary", "warning", "upgrade", "expect", "forwarded",
}

func hard(name []byte) bool {
	if lex.HasPrefix(name, "x-") && bytes.Count(name, []byte("-")) > 1 || lex.HasPrefix(name, "access-control-") || lex.HasPrefix(name, "sec-") {
		return len(name) > 4
	}
	return lex.OneOf(name, hardNames[:]...)
}

// told reports whether a name says no more than an answer tells of itself: harmless to
// inject, and frequent in texts and sources.
func told(name []byte) bool {
	return lex.OneOf(name, "date", "age", "server", "status", "warning", "allow", "expires", "expect", "range", "accept")
}

func soft(name []byte) bool {
	return lex.OneOf(name, softNames[:]...)
}

// splitting are header names by which an answer becomes two or another.
var splitting = [...]string{"set-cookie", "set-cookie2", "content-length", "transfer-encoding", "content-type", "content-encoding", "content-disposition", "content-security-policy", "clear-site-data", "x-sendfile"}

// splits reports whether a header line is such a one.
func splits(name, value []byte) bool {
	return lex.OneOf(name, splitting[:]...) || lex.HasPrefix(name, "access-control-allow-") || lex.Equal(name, "location") && fits(name, bytes.TrimSpace(value))
}

// textParameters are parameters in which people write texts of several lines, or paste what a server said.
var textParameters = []string{
	"q", "query", "s", "search", "term", "keyword", "keywords", "text", "txt", "body", "message", "msg", "comment", "comments", "content", "contents", "description", "desc", "details", "detail", "note", "notes", "title", "subject",
	"prompt", "question", "answer", "summary", "reason", "feedback", "input", "data", "code", "source", "snippet", "paste", "raw", "request", "response", "header", "headers", "curl", "log", "logs", "output", "status", "post", "about", "bio",
}
