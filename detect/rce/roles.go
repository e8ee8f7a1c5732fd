package rce

import "github.com/weirnode/weir/point"

// roles are what a byte can be to whoever reads commands.
type roles uint16

const (
	inName           roles = 1 << iota // part of a command's name
	opensWord                          // the first byte of a word of readWord
	goesOnWord                         // behind a name, goes on with the word
	opensAny                           // the first byte of a command, of what can stand in front of one or in its place
	behindName                         // behind a name, makes it a function, an assignment, a redirection or a path of Windows
	redirects                          // the first byte of a redirection
	opensTyped                         // the first byte of a statement of PowerShell, or of the path of a program
	opensCompound                      // the first byte of a compound command
	opensForWindows                    // the first byte of a name of cmd.exe, or of what hides it
	goesOnForWindows                   // behind a name, is to be read too: %a% a:\ 2>
	leads                              // may be passed over in front of a command
	leadsForWindows                    // may be passed over in front of a name of cmd.exe
	opensPrefix                        // the first byte of an assignment or a redirection in front of a command
	stopsAnywhere                      // positions stops there in every value
)

// rolesOf holds the roles of every byte.
var rolesOf = func() (t [256]roles) {
	set := func(r roles, bytes string) {
		for _, c := range []byte(bytes) {
			t[c] |= r
		}
	}
	for c := range t {
		switch point.ClassOf[c] { //nolint:exhaustive // others have none by their class
		case point.Alpha, point.Digit, point.Dot:
			t[c] = inName | opensWord | goesOnWord | opensAny | opensForWindows
		case point.Slash:
			t[c] = opensWord | goesOnWord | opensAny
		}
	}
	set(inName|opensForWindows, "-+")
	set(opensWord|goesOnWord|opensAny, "\\^'\"$`")
	set(goesOnWord, "?*[]")
	set(opensAny, "<>%!:[")
	set(behindName, "(=<>:")
	set(redirects, "<>")
	set(opensTyped, `[$"cCdDeE`)
	set(opensCompound, "fwuic")
	set(opensForWindows, `^"%\`)
	set(goesOnForWindows, "%:>")
	set(leads, " \t\r\n\x00({@+!:;&.'\"$")
	set(leadsForWindows, " \t(,;=@<>0123456789")
	set(opensPrefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789<>")
	set(stopsAnywhere, ";|&`{")
	return t
}()

// has reports whether a byte has one of some roles.
func has(c byte, r roles) bool { return rolesOf[c]&r != 0 }
