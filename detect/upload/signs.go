package upload

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	scriptName  = evidence.Sign{Stamp: 16001, Name: "script-name", Text: "the file's name ends like a program that servers run", Weight: 7}
	hiddenName  = evidence.Sign{Stamp: 16002, Name: "disguised-name", Text: "the ending of a program is hidden: twice, by case, by a trailing dot, blank, stream or NUL", Weight: 8}
	configName  = evidence.Sign{Stamp: 16003, Name: "server-settings", Text: "a file with which a folder changes the server's settings", Weight: 8}
	scriptTag   = evidence.Sign{Stamp: 16004, Name: "script-tag", Text: "the content holds program code of a server", Weight: 7}
	imageScript = evidence.Sign{Stamp: 16005, Name: "image-with-code", Text: "the content begins as an image or a document and holds program code", Weight: 9}
	commandCall = evidence.Sign{Stamp: 16006, Name: "command-call", Text: "the code runs commands or takes code from a request", Weight: 2}
	oneLiner    = evidence.Sign{Stamp: 16007, Name: "short-script", Text: "the whole file is a short script", Weight: 1}
	settings    = evidence.Sign{Stamp: 16008, Name: "handler-settings", Text: "the content makes a server run files as programs", Weight: 8}
	activeImage = evidence.Sign{Stamp: 16009, Name: "active-image", Text: "an SVG image with script", Weight: 8}
	activePage  = evidence.Sign{Stamp: 16010, Name: "active-page", Text: "an HTML page with script", Weight: 8}
	archiveStep = evidence.Sign{Stamp: 16011, Name: "archive-traversal", Text: "a member of an archive leaves the folder it is unpacked into, by its name or through a link", Weight: 8}
	readerCode  = evidence.Sign{Stamp: 16013, Name: "document-command", Text: "a document or a drawing that makes its reader run a command or fetch a file", Weight: 8}
	objects     = evidence.Sign{Stamp: 16014, Name: "serialized-code", Text: "a document of serialized objects whose reading runs code", Weight: 9}
	imageCode   = evidence.Sign{Stamp: 16015, Name: "image-is-script", Text: "the first bytes of an image, and a remark or an assignment that makes a script of it", Weight: 8}
	testVirus   = evidence.Sign{Stamp: 16016, Name: "test-virus", Text: "the file by which scanners of viruses are tested", Weight: 8}
	pictureText = evidence.Sign{Stamp: 16017, Name: "picture-text-with-script", Text: "what a picture says of itself holds script for pages that show it, or a lookup", Weight: 8}
	program     = evidence.Sign{Stamp: 16012, Name: "program", Text: "a program for desktops", Weight: 5}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{
	scriptName, hiddenName, configName, scriptTag, imageScript, commandCall, oneLiner, settings, activeImage, activePage, archiveStep, program, readerCode, objects, imageCode, testVirus, pictureText,
}
