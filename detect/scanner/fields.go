package scanner

import (
	"bytes"
	"math"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/detect/host"
	"github.com/weirnode/weir/detect/lex"
	"github.com/weirnode/weir/point"
)

// field weighs header fields and cookies by their names: those by which a server's own
// machinery is spoken to from outside.
func field(value, name, path []byte, t *evidence.Tally) {
	if len(name) == 0 {
		return
	}
	odd := false
	switch name[0] | 0x20 {
	case 'x':
		switch {
		case lex.Equal(name, "x-middleware-subrequest"), lex.HasPrefix(name, "x-silock-step"): // CVE-2025-29927, CVE-2023-34362
			odd = true
		case lex.Equal(name, "x-beresource") || lex.Equal(name, "x-anonresource-backend"): // CVE-2021-26855: a path behind the server's name
			odd = bytes.IndexByte(value, '/') > 0
		case lex.OneOf(name, "x-original-url", "x-rewrite-url"):
			odd = overrides(value, path)
		case lex.Equal(name, "x-custom-ip-authorization"): // of lists that look for a way past a denial; no proxy sends it
			odd = own(value)
		case lex.Equal(name, "x-cmd"), lex.Equal(name, "x-command"), lex.Equal(name, "x-anonresource"), lex.Equal(name, "x-scan-memo"), lex.Equal(name, "x-wipp"), lex.Equal(name, "x-scanner"), lex.Equal(name, "x-pan-authcheck"), lex.Equal(name, "x-wcpay-platform-checkout-user"):
			odd = true
		}
	case 'f':
		odd = lex.Equal(name, "forwarded") && lex.HasPrefix(value, `for="[127.`) // CVE-2022-40684: brackets are for IPv6
	case 'p':
		odd = lex.Equal(name, "proxy") && lex.Contains(value, "://") // CVE-2016-5385: a variable of CGI
	case 'c':
		odd = lex.Equal(name, "cmd") || lex.Equal(name, "command") || lex.Equal(name, "connection") && (lex.Contains(value, "x-f5-") || lex.Contains(value, "x-forwarded-")) // CVE-2022-1388: has a proxy drop what it added
	case 's':
		odd = lex.HasPrefix(name, "spring.cloud.function.") // CVE-2022-22963
	case 'a':
		odd = lex.HasPrefix(name, "acunetix-") || lex.HasPrefix(name, "appscan-")
	case 'q':
		odd = lex.HasPrefix(name, "qualys-")
	case 'v':
		odd = lex.Equal(name, "vlsync") || lex.Equal(name, "via") && lex.Contains(value, "appscan") // CVE-2024-50623
	case 'r':
		odd = lex.Equal(name, "range") && badRanges(value)
	}
	if odd {
		t.Add(&weakField, 0, len(value))
	}
}

// overrides reports whether a field has a server serve another path than the one that was asked for
// and checked: one for operators.
func overrides(value, path []byte) bool {
	if _, behind, ok := bytes.Cut(value, []byte("://")); ok {
		value = behind[max(0, bytes.IndexByte(behind, '/')):]
	}
	n := lex.PrefixLength(value, []string{"/admin", "/console", "/manager", "/actuator", "/internal", "/debug", "/private", "/root"})
	return n > 0 && !lex.HasPrefix(path, string(bytes.ToLower(value[:n])))
}

// Bounds of the ranges that are asked for in one request.
const (
	maxOverlaps = 2  // RFC 9110, 14.2: more are a broken client or an attack
	maxPosition = 18 // digits
)

// badRanges reports whether ranges overlap more often than any client has them overlap
// (CVE-2011-3192) or reach beyond 63 bits (CVE-2015-1635, CVE-2017-7529).
func badRanges(value []byte) bool {
	_, rest, ok := bytes.Cut(value, []byte("="))
	var one []byte
	var opening, before span
	overlaps := 0
	for n := 0; ok && overlaps <= maxOverlaps; n++ {
		one, rest, ok = bytes.Cut(rest, []byte(","))
		from, to, _ := bytes.Cut(bytes.TrimSpace(one), []byte("-"))
		first, long := position(from)
		last, longer := position(to)
		if long || longer {
			return true
		}
		if len(from) == 0 { // so many at the end
			continue
		}
		now := span{first, last}
		if len(to) == 0 {
			now.last = math.MaxInt
		}
		switch {
		case n == 0:
			opening = now
		case now.last < now.first || now.meets(opening) || now.meets(before):
			overlaps++
		}
		before = now
	}
	return overlaps > maxOverlaps
}

// span is a range of positions.
type span struct{ first, last int }

func (s span) meets(o span) bool { return s.first <= o.last && o.first <= s.last }

// position reads the number that a range begins or ends with, and tells one that is too long.
func position(digits []byte) (n int, long bool) {
	for i, c := range digits {
		if !lex.Digit(c) {
			break
		}
		if i == maxPosition {
			return 0, true
		}
		n = n*10 + int(c-'0')
	}
	return n, false
}

// own reports whether an address is of the inside.
func own(value []byte) bool {
	h := host.Read(value, 0)
	ip, _, ok := h.Address()
	return ok && host.Private(ip) || host.Inner(h.Name)
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

// backDoor reports whether a file is a well-known back door with its version: wso2.8.5.php
func backDoor(name []byte) bool {
	stem, ok := bytes.CutSuffix(name, []byte(".php"))
	n := lex.PrefixLength(stem, []string{"wso", "c99", "r57", "b374k", "alfa", "indoxploit", "p0wny"})
	return ok && n > 0 && n < len(stem) && len(bytes.Trim(stem[n:], "0123456789._-v")) == 0
}

// inspection reports whether a file is Adminer with its version or its database, or one
// that prints the settings of PHP: adminer-4.8.1.php, mysql-adminer.php, old_phpinfo.php
func inspection(name []byte) bool {
	stem, ok := bytes.CutSuffix(name, []byte(".php"))
	if !ok {
		return false
	}
	if i := bytes.Index(stem, []byte("adminer")); i >= 0 {
		behind := stem[i+len("adminer"):]
		return len(stem) > len("adminer") && (i == 0 || !lex.Letter(stem[i-1])) && (len(behind) == 0 || behind[0] == '-' || behind[0] == '_')
	}
	i := bytes.Index(stem, []byte("phpinfo"))
	return i == 0 && len(stem) < len("phpinfo12345") || i > 0 && !lex.Letter(stem[i-1]) && stem[i-1] != '.'
}

// Bounds of a document of GraphQL in which log-ins are counted.
const (
	maxDocument = 16 << 10
	minLogins   = 3
)

// loginFields are fields that check a secret.
var loginFields = lex.NewList("login(", "signin(", "sign_in(", "authenticate(", "tokenauth(", "verifyotp(", "verifycode(", "verifypin(", "checkpassword(", "resetpassword(")

// logins counts the fields of a document that check a secret.
func logins(doc []byte, t *evidence.Tally) {
	for from, n := 0, 0; ; {
		i, word := loginFields.First(doc[from:])
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

// frontEnd reports whether a path leads through a front end of Exchange to the shell of
// its back end, which clients of either do not ask for there: CVE-2022-41040, CVE-2022-41080.
func frontEnd(path []byte) bool {
	if !lex.HasSuffix(path, "/powershell") && !lex.HasSuffix(path, "/powershell/") {
		return false
	}
	return lex.PrefixLength(path, []string{"/owa/", "/ecp/", "/ews/", "/mapi/", "/autodiscover/"}) > 0
}

// twice reports whether two letters of a path or more are encoded twice, which programs
// do to marks only.
func twice(path []byte) bool {
	for n := 0; n < 2; {
		i := bytes.Index(path, []byte("%25"))
		if i < 0 || len(path)-i < len("%2577") {
			return false
		}
		path = path[i+len("%25"):]
		if lex.Letter(path[0]<<4|lex.Hex(path[1])) && '4' <= path[0] && path[0] <= '7' && lex.Hex(path[1]) < 16 {
			n++
		}
	}
	return true
}

// minDirectives are so many directives of a format without anything between them that no
// program prints them; of text alone it takes twice as many.
const minDirectives = 6

// formats finds a run of directives that read or write the memory of who prints them:
// %n%s%n%s, %1!s!%2!s!
func formats(data []byte, t *evidence.Tally) {
	for from := 0; from < len(data); {
		i := bytes.IndexByte(data[from:], '%')
		if i < 0 {
			return
		}
		start := from + i
		from = start
		n, odd := 0, false
		for size := directive(data[from:]); size > 0; size = directive(data[from:]) {
			odd = odd || data[from+size-1] != 's'
			from += size
			n++
		}
		if (n >= minDirectives && odd || n >= 2*minDirectives) && !lex.Shown(data, start, from) {
			t.Add(&mark, start, from-start)
			return
		}
		from = max(from, start+1)
	}
}

// directive returns the length of a directive that a text begins with, 0 if it begins
// with none.
func directive(s []byte) int {
	if len(s) < 2 || s[0] != '%' {
		return 0
	}
	i := 1
	for i < len(s) && i < 4 && (lex.Digit(s[i]) || s[i] == '!' || s[i] == '$') {
		i++
	}
	if i == len(s) || s[i] != 'n' && s[i] != 's' && s[i] != 'x' && s[i] != 'p' {
		return 0
	}
	if i++; i < len(s) && s[i] == '!' {
		i++
	}
	return i
}
