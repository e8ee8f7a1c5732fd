package ptrav

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	upwards     = evidence.Sign{Stamp: 4001, Name: "steps-upwards", Text: "the path climbs out of its folder", Weight: 6}
	farUp       = evidence.Sign{Stamp: 4002, Name: "far-upwards", Text: "the path climbs more folders than a page has", Weight: 3}
	sensitive   = evidence.Sign{Stamp: 4003, Name: "sensitive-file", Text: "the path ends at a file that attackers ask for", Weight: 4}
	absolute    = evidence.Sign{Stamp: 4004, Name: "absolute-sensitive", Text: "the value is the absolute path of a sensitive file", Weight: 8}
	obfuscated  = evidence.Sign{Stamp: 4005, Name: "obfuscated-step", Text: "steps upwards are written so that a filter may not see them", Weight: 3, Max: 2}
	wrapper     = evidence.Sign{Stamp: 4006, Name: "stream-wrapper", Text: "a stream wrapper reads files or runs code", Weight: 9}
	fileURL     = evidence.Sign{Stamp: 4007, Name: "file-url", Text: "a file: URL", Weight: 5}
	nulByte     = evidence.Sign{Stamp: 4008, Name: "nul-byte", Text: "a NUL byte cuts off an extension", Weight: 4}
	badName     = evidence.Sign{Stamp: 4009, Name: "upload-name", Text: "an upload's file name holds a path", Weight: 8}
	dataStream  = evidence.Sign{Stamp: 4011, Name: "data-stream", Text: "a name ends with ::$DATA or :$INDEX_ALLOCATION, which reads a file or a folder past the rule for its name", Weight: 8}
	ownFile     = evidence.Sign{Stamp: 4012, Name: "server-file", Text: "the path climbs to a source, settings or key file of the server's own", Weight: 2}
	slotFile    = evidence.Sign{Stamp: 4013, Name: "list-placeholder", Text: "the path ends at {file}, which lists of attacks carry for the file to ask for", Weight: 4}
	serverPath  = evidence.Sign{Stamp: 4014, Name: "server-folder", Text: "the value is a settings file or a log inside of a server's own folder, or a system's file as if from the root", Weight: 8}
	wildName    = evidence.Sign{Stamp: 4015, Name: "wildcard-name", Text: "a path ends in wildcards of Windows, which find a file of an unknown name", Weight: 8}
	throughOwn  = evidence.Sign{Stamp: 4016, Name: "in-and-out", Text: "the path enters a folder to climb out of it and of more", Weight: 2}
	emptyName   = evidence.Sign{Stamp: 4018, Name: "empty-parameter", Text: "a semicolon ends a folder's name, which a server drops and a check of the path does not", Weight: 8}
	decoyEnd    = evidence.Sign{Stamp: 4017, Name: "decoy-extension", Text: "an extension behind a mark at which the server ends the path, so that a check sees another file", Weight: 8}
	aliasStep   = evidence.Sign{Stamp: 4019, Name: "alias-step", Text: "two dots end a folder's name, by which nginx climbs out of a folder that it serves under another name", Weight: 8}
	twoSessions = evidence.Sign{Stamp: 4020, Name: "two-sessions", Text: "a path with two sessions of ASP.NET in it, which the server cuts out after the rules for paths were asked", Weight: 8}
	shareRoot   = evidence.Sign{Stamp: 4010, Name: "share-root", Text: "a network path of an administrative share", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{upwards, farUp, sensitive, absolute, obfuscated, wrapper, fileURL, nulByte, badName, dataStream, shareRoot, ownFile, slotFile, serverPath, wildName, throughOwn, emptyName, decoyEnd, aliasStep, twoSessions}
