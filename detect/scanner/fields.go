package scanner

import (
	"bytes"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// field weighs header fields and cookies by their names: those by which a server's own
// machinery is spoken to from outside.
func field(value, name []byte, t *evidence.Tally) {
	if len(name) < 7 {
		return
	}
	switch name[0] | 0x20 {
	case 'x':
		switch {
		case lex.Equal(name, "x-middleware-subrequest"), lex.HasPrefix(name, "x-silock-step"): // CVE-2025-29927, CVE-2023-34362
			t.Add(&weakField, 0, len(value))
		case (lex.Equal(name, "x-beresource") || lex.Equal(name, "x-anonresource-backend")) && bytes.IndexByte(value, '/') > 0: // CVE-2021-26855: a path behind the server's name
			t.Add(&weakField, 0, len(value))
		}
	case 'f':
		if lex.Equal(name, "forwarded") && lex.HasPrefix(value, `for="[127.`) { // CVE-2022-40684: brackets are for IPv6
			t.Add(&weakField, 0, len(value))
		}
	}
}

// listBlogs is the method by which passwords of WordPress are tried.
const listBlogs = "wp.getusersblogs"

// maxUp bounds how far above a value the list of calls may stand.
const maxUp = 32

// multicall finds that method as a member of a list of calls.
func multicall(data []byte, r point.Ref, tree *point.Tree, t *evidence.Tally) {
	if !lex.Equal(data, listBlogs) {
		return
	}
	for n := 0; r != 0 && n < maxUp; n++ {
		if lex.Equal(tree.Name(r), "member") {
			t.Add(&manyCalls, 0, len(data))
			return
		}
		r = tree.Parent(r)
	}
}

// adminer reports whether a file is Adminer with its version: adminer-4.8.1.php
func adminer(name []byte) bool {
	rest, ok := bytes.CutPrefix(name, []byte("adminer"))
	if !ok || len(rest) < 6 || rest[0] != '-' && rest[0] != '_' || !lex.Digit(rest[1]) {
		return false
	}
	return bytes.HasSuffix(rest, []byte(".php"))
}

// Bounds of a document of GraphQL in which log-ins are counted.
const (
	maxDocument = 16 << 10
	minLogins   = 3
)

// loginFields are fields that check a secret.
var loginFields = []string{"login(", "signin(", "sign_in(", "authenticate(", "tokenauth(", "verifyotp(", "verifycode(", "verifypin(", "checkpassword(", "resetpassword("}

// logins counts the fields of a document that check a secret.
func logins(doc []byte, t *evidence.Tally) {
	for from, n := 0, 0; ; {
		i, word := lex.First(doc[from:], loginFields)
		if i < 0 {
			return
		}
		from += i + len(word)
		if n++; n == minLogins {
			t.Add(&manyCalls, from-len(word), len(word))
			return
		}
	}
}
