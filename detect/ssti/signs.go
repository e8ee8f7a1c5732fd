package ssti

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	arithmetic  = evidence.Sign{Stamp: 6001, Name: "constant-arithmetic", Text: "a template block multiplies or adds two constants, as probes do", Weight: 8}
	chain       = evidence.Sign{Stamp: 6002, Name: "attribute-chain", Text: "a template block climbs from an object to its class or globals", Weight: 8, Max: 2}
	globalName  = evidence.Sign{Stamp: 6003, Name: "engine-global", Text: "a template block reads an object of the template engine or the framework", Weight: 8}
	callback    = evidence.Sign{Stamp: 6004, Name: "filter-callback", Text: "a filter is given the name of a function to call", Weight: 9}
	engineClass = evidence.Sign{Stamp: 6005, Name: "engine-class", Text: "a class or built-in of a template engine that runs code", Weight: 9}
	codeCall    = evidence.Sign{Stamp: 6006, Name: "code-call", Text: "a template block calls a function that runs commands or reads files", Weight: 9}
	literalCall = evidence.Sign{Stamp: 6007, Name: "literal-method", Text: "a template block calls a method of a literal", Weight: 8}
	delimiters  = evidence.Sign{Stamp: 6008, Name: "delimiter-run", Text: "the delimiters of several template engines in a row", Weight: 8}
	statement   = evidence.Sign{Stamp: 6009, Name: "template-statement", Text: "a template statement imports a module, dumps the context, or branches on or loops over constants", Weight: 8}
	fileName    = evidence.Sign{Stamp: 6011, Name: "sensitive-file", Text: "a template block names a file of the system", Weight: 8}
	perlBlock   = evidence.Sign{Stamp: 6010, Name: "perl-interpolation", Text: "an expression is interpolated into a Perl string", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{arithmetic, chain, globalName, callback, engineClass, codeCall, literalCall, delimiters, statement, perlBlock, fileName}
