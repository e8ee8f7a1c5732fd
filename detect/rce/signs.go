package rce

import "github.com/weirnode/weir/detect/evidence"

// The signs. Numbers are stable: a new sign takes the next free one.
var (
	separated      = evidence.Sign{Stamp: 3001, Name: "separated-command", Text: "a shell separator and a command", Weight: 5}
	substituted    = evidence.Sign{Stamp: 3002, Name: "substituted-command", Text: "a command in $( ) or backticks", Weight: 6}
	leading        = evidence.Sign{Stamp: 3003, Name: "leading-command", Text: "the value begins with a command", Weight: 3}
	argument       = evidence.Sign{Stamp: 3004, Name: "command-argument", Text: "the command has arguments that commands take: flags, paths, addresses", Weight: 3, Max: 3}
	closed         = evidence.Sign{Stamp: 3005, Name: "closed-command", Text: "the command stands alone up to the end or the next separator", Weight: 3}
	hiddenWord     = evidence.Sign{Stamp: 3006, Name: "hidden-command", Text: "the command is written with quotes, escapes or wildcards inside", Weight: 4}
	fieldSep       = evidence.Sign{Stamp: 3007, Name: "field-separator", Text: "${IFS} or the like stands for a blank", Weight: 5}
	redirection    = evidence.Sign{Stamp: 3008, Name: "redirection", Text: "output goes to a file or another command", Weight: 2}
	shellshock     = evidence.Sign{Stamp: 3009, Name: "shellshock", Text: "a function definition with a command behind it (CVE-2014-6271)", Weight: 10}
	powershell     = evidence.Sign{Stamp: 3010, Name: "powershell", Text: "PowerShell that downloads or decodes code", Weight: 8}
	wrapped        = evidence.Sign{Stamp: 3011, Name: "wrapped-command", Text: "the command runs behind sudo, time, nohup or the like", Weight: 2}
	hiddenArgument = evidence.Sign{Stamp: 3012, Name: "hidden-argument", Text: "an argument is spelled with slices of variables or escapes", Weight: 4}
	windowsLoop    = evidence.Sign{Stamp: 3013, Name: "windows-loop", Text: "a FOR loop of cmd.exe over files or output", Weight: 8}
	windowsSlice   = evidence.Sign{Stamp: 3014, Name: "variable-slice", Text: "a slice of an environment variable of Windows, %VAR:~0,1%", Weight: 8}
	quoteClosed    = evidence.Sign{Stamp: 3015, Name: "quote-separator", Text: "a quote is closed in front of the separator", Weight: 3}
	outputRun      = evidence.Sign{Stamp: 3016, Name: "output-run", Text: "what a command prints is run as a command", Weight: 3}
	nestedCall     = evidence.Sign{Stamp: 3029, Name: "nested-call", Text: "the call is a statement of its own, or its argument is a call or a file", Weight: 4}
	gadgetClass    = evidence.Sign{Stamp: 3030, Name: "gadget-class", Text: "a class whose creation runs code when it is deserialised", Weight: 9}
	codeCall       = evidence.Sign{Stamp: 3020, Name: "code-call", Text: "a call that runs commands or code", Weight: 8}
	includeCall    = evidence.Sign{Stamp: 3021, Name: "file-call", Text: "a call that includes or reads files", Weight: 6}
	scriptTag      = evidence.Sign{Stamp: 3022, Name: "server-tag", Text: "a server-side tag with code: <?php, <%", Weight: 9}
	superglobal    = evidence.Sign{Stamp: 3023, Name: "superglobal", Text: "a PHP request variable used as code", Weight: 4}
	decodedShell   = evidence.Sign{Stamp: 3037, Name: "decoded-command", Text: "what a decoder puts out goes into a shell", Weight: 8}
	javaPath       = evidence.Sign{Stamp: 3024, Name: "java-class", Text: "an expression that reaches a dangerous Java class or member", Weight: 9}
	asWindows      = evidence.Sign{Stamp: 3048, Name: "cmd-command", Text: "a program of Windows as only cmd.exe reads it: behind a condition, a mark or a redirection, by its folder, with carets", Weight: 4}
	dropped        = evidence.Sign{Stamp: 3047, Name: "fetched-program", Text: "a program is fetched from an address without a name, and run", Weight: 8}
	flood          = evidence.Sign{Stamp: 3049, Name: "command-flood", Text: "more commands than anybody gives at once, so that what they are around is not read", Weight: 8}
	jndi           = evidence.Sign{Stamp: 3025, Name: "jndi-lookup", Text: "a ${jndi:} lookup (CVE-2021-44228)", Weight: 10}
	serialized     = evidence.Sign{Stamp: 3026, Name: "serialized-object", Text: "a serialized object that creates classes", Weight: 8}
	option         = evidence.Sign{Stamp: 3031, Name: "program-option", Text: "an option or address by which a common program runs another one, or reads settings that do", Weight: 8}
	formula        = evidence.Sign{Stamp: 3032, Name: "spreadsheet-command", Text: "a cell of a spreadsheet that starts a program", Weight: 9}
	imageCoder     = evidence.Sign{Stamp: 3033, Name: "image-coder", Text: "a prefix by which an image library takes a name for a script or a text", Weight: 8}
	driverURL      = evidence.Sign{Stamp: 3034, Name: "driver-url", Text: "a database URL that makes the driver run code or load it", Weight: 8}
	phrase         = evidence.Sign{Stamp: 3035, Name: "code-phrase", Text: "a phrase by which a language runs a command, reaches a hidden object or reads a file", Weight: 8}
	cutBehind      = evidence.Sign{Stamp: 3036, Name: "cut-behind", Text: "a separator behind the command cuts off what the application adds", Weight: 3}
	asksShell      = evidence.Sign{Stamp: 3039, Name: "command-parameter", Text: "a parameter that is named like what runs commands holds one", Weight: 8}
	overwritten    = evidence.Sign{Stamp: 3046, Name: "overwriting-name", Text: "a parameter named like what a program starts with: a superglobal of PHP, a variable by which a loader takes code", Weight: 8}
	prototype      = evidence.Sign{Stamp: 3027, Name: "prototype", Text: "a key that reaches an object's prototype", Weight: 8}
	template       = evidence.Sign{Stamp: 3028, Name: "template-arithmetic", Text: "a template expression that reaches into objects", Weight: 8}
)

// Signs are all signs of this detector.
var Signs = []evidence.Sign{
	decodedShell,
	separated, substituted, leading, argument, closed, hiddenWord, fieldSep, redirection, shellshock, powershell,
	wrapped, hiddenArgument, windowsLoop, windowsSlice, quoteClosed, outputRun, nestedCall, gadgetClass,
	codeCall, includeCall, scriptTag, superglobal, javaPath, jndi, serialized, prototype, template, option, formula, imageCoder, driverURL, phrase, cutBehind, hiddenCommand, separatedShare,
	asksShell, overwritten, dropped, asWindows, flood,
}
