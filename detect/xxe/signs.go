package xxe

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	externalEntity = evidence.Sign{Stamp: 8001, Name: "external-entity", Text: "a document type declares an entity that is read from elsewhere", Weight: 9}
	parameter      = evidence.Sign{Stamp: 8002, Name: "parameter-entity", Text: "a document type declares a parameter entity", Weight: 9}
	internalEntity = evidence.Sign{Stamp: 8003, Name: "internal-entity", Text: "a value declares entities of its own", Weight: 8}
	externalType   = evidence.Sign{Stamp: 8004, Name: "external-doctype", Text: "a document type is read from a place that publishes none", Weight: 8}
	include        = evidence.Sign{Stamp: 8005, Name: "xinclude", Text: "XInclude reads another resource into the document", Weight: 8}
	stylesheet     = evidence.Sign{Stamp: 8006, Name: "stylesheet-read", Text: "a stylesheet reads a document or calls out of its language", Weight: 8}
	stylesheetLink = evidence.Sign{Stamp: 8007, Name: "stylesheet-link", Text: "a stylesheet is loaded from elsewhere", Weight: 5}
	grave          = evidence.Sign{Stamp: 8008, Name: "entity-scheme", Text: "an entity is read from a file or through a stream wrapper", Weight: 2}
	growth         = evidence.Sign{Stamp: 8010, Name: "entity-growth", Text: "an entity is made of several others, so that it grows with each use", Weight: 3}
	embedded       = evidence.Sign{Stamp: 8009, Name: "embedded-file", Text: "an image refers to a local file or a stream wrapper", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{externalEntity, parameter, internalEntity, externalType, include, stylesheet, stylesheetLink, grave, embedded, growth}
