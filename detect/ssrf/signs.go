package ssrf

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	scheme       = evidence.Sign{Stamp: 10001, Name: "scheme", Text: "a URL of a scheme that fetchers understand and people do not use", Weight: 9}
	metadata     = evidence.Sign{Stamp: 10002, Name: "metadata-host", Text: "the metadata service of a cloud", Weight: 9}
	oddInner     = evidence.Sign{Stamp: 10003, Name: "disguised-inner-address", Text: "an inner address in a spelling that filters overlook", Weight: 9}
	oddAddress   = evidence.Sign{Stamp: 10004, Name: "disguised-address", Text: "an address in a spelling that filters overlook", Weight: 8}
	inner        = evidence.Sign{Stamp: 10005, Name: "inner-host", Text: "a URL of the inside: localhost or a private address", Weight: 6}
	userTrick    = evidence.Sign{Stamp: 10006, Name: "authority-trick", Text: "a URL whose host is another than it seems", Weight: 8}
	lookAlike    = evidence.Sign{Stamp: 10007, Name: "look-alike-host", Text: "a host written with letters or dots that clients fold to ASCII", Weight: 8}
	wildcard     = evidence.Sign{Stamp: 10008, Name: "wildcard-dns", Text: "a public name that resolves to an inner address", Weight: 8}
	callback     = evidence.Sign{Stamp: 10009, Name: "callback-domain", Text: "a host at which testers wait for calls", Weight: 8}
	innerService = evidence.Sign{Stamp: 10010, Name: "inner-service", Text: "a port or a path of an inner service", Weight: 2}
	fetched      = evidence.Sign{Stamp: 10011, Name: "fetched-parameter", Text: "the parameter names what the application is to fetch", Weight: 2}
	localFile    = evidence.Sign{Stamp: 10012, Name: "local-file", Text: "a file URL of a system folder", Weight: 3}
	metadataPath = evidence.Sign{Stamp: 10013, Name: "metadata-path", Text: "a path of a cloud's metadata service", Weight: 8}
	innerLines   = evidence.Sign{Stamp: 10015, Name: "lines-behind-host", Text: "a line end behind an inner host, to speak another protocol with it", Weight: 2}
	cutInclude   = evidence.Sign{Stamp: 10014, Name: "remote-include", Text: "a foreign file that a server is to include, by its name, its host, the parameter, or because what is appended is cut off", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{
	scheme, metadata, oddInner, oddAddress, inner, userTrick, lookAlike, wildcard, callback, innerService, fetched, localFile, metadataPath, cutInclude, innerLines,
}
