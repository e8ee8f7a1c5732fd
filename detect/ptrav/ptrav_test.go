package ptrav

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns holds every sign to a value that shows it and to one that nearly does.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t)
	f(&upwards, point.Text, `../../../etc/passwd`, `a/b/c`)
	f(&wildName, point.Text, `/e??/p?ss*`, `/elm/p?ss*`)
	f(&wildName, point.Text, `/etc/sha?ow`, `/etc/*`)
	f(&wrapper, point.Text, `classpath:application.yml`, `classpath:templates/k.html`)
	f(&absolute, point.Text, `/usr/share/php/pearcmd.php`, `/usr/share/php/elm.php`)
	f(&farUp, point.Text, `../../../../../x`, `../x`)
	f(&sensitive, point.Text, `../../etc/passwd`, `../../etc/x`)
	f(&absolute, point.Text, `/etc/passwd`, `/etc/app/x.conf`)
	f(&obfuscated, point.Text, `..%2f..%2fx`, `../../x`)
	f(&wrapper, point.Text, `php://filter/x`, `http://filter/x`)
	f(&fileURL, point.Text, `file:///etc/x`, `profile: x`)
	f(&nulByte, point.Text, "../../etc/passwd\u0000.png", `../../etc/passwd.png`)
	f(&dataStream, point.Text, `x.asp::$DATA`, `x::data`)
	f(&ownFile, point.Text, `../../config.php`, `../../app/config.js`)
	f(&slotFile, point.Text, `../{file}`, `/{file}`)
	f(&serverPath, point.Text, `C:\xampp\php\php.ini`, `C:\users\k\php.ini`)
	f(&wildName, point.Text, `..\data\k<<`, `../data/<b>`)
	f(&throughOwn, point.Text, `k\..\..\..\l\m`, `k\l\..\..\m`)
	f(&throughOwn, point.WholePath, "/a/b/c/d/../../../../k", "/a/b/../k")
	f(&emptyName, point.WholePath, "/k/;/l", "/k/;jsessionid=1")
	f(&aliasStep, point.WholePath, "/static../app.py", "/wait.../app.py")
	f(&serverPath, point.Text, `%WINDIR%\repair\sam`, `%WINDIR%`)
	f(&dataStream, point.Segment, `k:$i30:$Index_Allocation`, `k:$i30`)
	f(&twoSessions, point.WholePath, "/(S(k))/l/(S(k))in/m.dll", "/(S(k))/l/m.aspx")
	f(&decoyEnd, point.Text, "/rest/users;.jsp", "/rest/users;v=1.jsp")
	f(&shareRoot, point.Text, `\\host\c$\x`, `\\host\docs\x`)
	f(&badName, point.FileName, "../a.png", "a.png")
}

// TestPlaceholders looks at the placeholder of scanners' lists, which means something
// behind a step only, and at steps with wildcards, which need a target.
func TestPlaceholders(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f(`../../{FILE}`, true)
	f(`/..{file}`, true)
	f(`x\..\..\{file}`, true)
	f(`/files/{file}`, false)
	f(`../{file}.png`, false)
	f(`../{lang}/index`, false)
	f(`?.\?.\?.\etc\shadow`, true)
	f(`??/??/windows/win.ini`, true)
	f(`??/??/2024`, false)
	f(`./?./notes.txt`, false)
	f(`././etc/passwd`, true)
	f(`././etc/app.conf`, false)
	f(`.//.//windows/win.ini`, true)
	f(`../.env.production`, true)
	f(`../config.php`, false)
	f(`../../Dockerfile`, true)
	f(`../Dockerfile`, false)
	f(`..\..\web.config...`, true)
	f(`~root/.pgpass`, true)
	f(`~/photos/cat.png`, false)
	f(`/tmp/sess_0a1b2c`, true)
	f(`si\..\..\..\webapps\k\_chart`, true)
	f(`assets/../../../img/logo.png`, false)
	f(`lib/../../src/index`, false)
	f(`../../data.k.ashx`, true)
	f(`../../src/data.json`, false)
	f("auth: on;\nssl_engine ../../../../proc/36/fd/11;", true)
	f(`/proc/36/environ`, true)
	f(`/files/proc/36/report.pdf`, false)
	f(`the map of /proc/36/maps is long`, false)
	f(`open(/var/www/html/../storage/logs/laravel.log): failed to open stream`, false)
	f(`/var/www/html/../storage/logs/laravel.log`, true)
	f(`ssh2.exec://k:l@files.example:22/usr/bin/id`, true)
	f(`ssh2 session: //k`, false)
	f(`/and/or;.so far`, false)
	f(`/tmp/session.txt`, false)
	f(".\t./.\t./etc/shadow", true)
	f(`/css/%252e%252e%252fadmin.portal`, true)
	f(`/css/a%252fb`, false)
	f(`house-7/../house-8/dump.sql`, true)
	f(`house-7/../house-8/plan.html`, false)
	f(`/etc/hosts on Windows`, false)
	f(`../../.. in the imports of a module`, false)
	f(`D:\wamp64\logs\php_error.log`, true)
	f(`D:\photos\2024\cat.ini`, false)
	f(`C:\xampp\htdocs\shop\index.html`, false)
	f(`C:/Program Files/Apache Software Foundation/Tomcat 9.0/conf/server.key`, true)
}

// TestWordsInFront tells names of folders with blanks in them, which a path leaves, from texts.
func TestWordsInFront(t *testing.T) {
	f := func(text, name string, attack bool) {
		t.Helper()
		if got := detector.ReadNamed(point.Get, name, text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%.60q in %s scores %d: %+v", text, name, got.Score(), got.Marks[:got.N])
		}
	}
	f(`k l m n/../../../../etc/shadow`, "q", true)
	f(`k l m n ../../../../etc/shadow`, "q", true)
	f(`plans of the old house/../../../../etc/shadow`, "q", true)
	f(`plans of the old house/../../../../app/k.php`, "q", false)
	f(`k l m n/../../../../app/k.php`, "q", true)
	f(`plans of the old house ../../../../etc/shadow`, "file", true)
	f(`plans of the old house ../../../../etc/shadow`, "title", false)
	f(`what is in ../../../../etc/hosts and why`, "file", false)
	f(`how do I read ../../../etc/hosts`, "title", false)
	f(`My Documents and Settings/Old Things/../New Things/plan.txt`, "file", false)
	f(`trips in 2024/../best of all/1.jpg`, "file", false)
	f(`In file included from src/../../../include/k.h:3:`, "text", false)
	// Many paths in one value: the last one names the file.
	f(strings.Repeat(`k,l/../`, 99)+`m/../../../../etc/shadow`, "q", true)
	f(strings.Repeat(`../k,`, 99)+`../../../../etc/shadow`, "q", true)
	f(strings.Repeat(`(k)/../`, 99)+`m/../../../../windows/win.ini`+"\x00.png", "q", true)
	f(strings.Repeat(`../k, `, 99)+`../l`, "q", false)
	f(strings.Repeat(`k,l/../`, 99)+`m`, "q", false)
}

// TestOneStepUp reads paths to files of the server's own in parameters that name files.
func TestOneStepUp(t *testing.T) {
	f := func(tag point.Tag, name, text string, attack bool) {
		t.Helper()
		if got := detector.ReadNamed(tag, name, text, point.Text); got.Score() >= 8 != attack {
			t.Errorf("%s=%s scores %d: %+v", name, text, got.Score(), got.Marks[:got.N])
		}
	}
	f(point.Get, "page", "../config.php", true)
	f(point.Get, "file", "en/../../app/server.key", true)
	f(point.FormURLEncoded, "template", `..\app\shop.sqlite3`, true)
	f(point.Hash, "file", "../lib/helpers.py", false)
	f(point.Get, "q", "../config.php", false)
	f(point.Get, "page", "../about.html", false)
	f(point.Get, "path", "src/../lib/helpers.py", false)
	f(point.Get, "file", "see ../config.php", false)
}

// TestCutNames reads names of files that a NUL cuts off.
func TestCutNames(t *testing.T) {
	for text, want := range map[string]int{
		"page.php\x00.html": 8, "inc/page.php\x00": 8, "photo.png\x00": 0, "photo.png.\x00": 0, "3.14\x00.5": 0, "a.b\x00.c d": 0, "page.php .html": 0,
	} {
		if got := detector.Read(text, point.Text); got.Score() != want {
			t.Errorf("%q scores %d, want %d", text, got.Score(), want)
		}
	}
}

// TestTargets looks at paths of requests.
func TestTargets(t *testing.T) {
	f := func(text string, attack bool) {
		t.Helper()
		if got := detector.Read(text, point.WholePath); got.Score() >= 8 != attack {
			t.Errorf("%q scores %d: %+v", text, got.Score(), got.Marks[:got.N])
		}
	}
	f("/etc/passwd", true)
	f("/shop//etc/passwd", true)
	f("/wiki//etc/hosts", false)
	f("/portal/..;/manager/list", true)
	f("/portal/a;v=1/list", false)
	f("/s/k/_/;/WEB-INF/web.xml", true)
	f("/rest/users/id:1/k;.css", true)
	f("/rest/users%3B.js", true)
	f("/shop/;jsessionid=0A1B", false)
	f("/map/;lat=1;lon=2/layers", false)
	f("/actuator;/env", true)
	f("/photo.jsp%00.png", true)
	f("/photo.png%00", false)
	f("/a&amp;/b", false)
	f("/client/index.php%3F.php/k/users.php", true)
	f("/blog/who-is-it%3F.html", false)
	f("/blog/index.php%3Fp=7.html", false)
	f("/api/v2.0/system/admin%3F/../../../cgi-bin/k", true)
	f("/docs/a/../b/../c", false)
	f("/static../app/settings.py", true)
	f("/owner/repo/blob/main/.env.example", false)
}

// TestBeginnings holds the spellings without high bytes to what they begin with.
func TestBeginnings(t *testing.T) {
	for _, text := range inASCII {
		var pairs point.Pairs
		pairs.Count([]byte(text))
		v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Pairs: &pairs}
		if v.Classes |= point.Space; !mayFold(&v) {
			t.Errorf("%q is not looked for", text)
		}
	}
}
