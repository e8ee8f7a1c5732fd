package scanner

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t, &weakField)
	f(&manyCalls, point.GQLDocument, `mutation{a:login(p:"k"){t}b:login(p:"l"){t}c:login(p:"m"){t}}`, `mutation{a:login(p:"k"){t}b:logout(p:"l"){t}c:name(p:"m")}`)
	f(&tool, point.UserAgent, "sqlmap/1.7", "mysqlmapper/1")
	f(&secret, point.WholePath, "/.git/HEAD", "/a.git/HEAD")
	f(&backup, point.WholePath, "/index.php.bak", "/report.bak")
	f(&console, point.WholePath, "/actuator/heapdump", "/actuator/health")
	f(&weakness, point.WholePath, "/HNAP1/", "/hnap2/")
	f(&console, point.WholePath, "/_profiler/phpinfo", "/_profilers/phpinfo")
	f(&console, point.WholePath, "/mgmt/tm/util/bash", "/mgmt/tm/utilities")
	f(&doubled, point.WholePath, "/%2577eb%2575i", "/100%25wool%2520and%252Fsilk")
	f(&doubled, point.WholePath, "/%2541%254D", "/50%2550")
	f(&weakness, point.WholePath, "/owa/k%40l.example/PowerShell", "/docs/owa/powershell")
	f(&console, point.WholePath, "/app/rest/users/id:1/tokens/RPC2", "/app/rest/users/id:1/tokens/k")
	f(&mark, point.Text, "ZAP%n%s%n%s%n%s%n%s", "100%nylon, 50%n")
	f(&mark, point.Text, "k %1!s!%2!s!%3!s!%4!s!%5!s!%6!s!", "%s of %s in %s by %s: %s, %s, %s")
	f(&mark, point.Text, "%s%s%s%s%s%s%s%s%s%s%s%s", `sprintf("%s%s%s%s%s%s", a, b, c, d, e, f)`)
	f(&mark, point.Text, "%p%p%p%p%p%p", "what the format of %p%p%p%p%p%p prints is six addresses")
	f(&mark, point.Text, "%x%x%x%x%x%x%x", "%Y%m%d%H%M%S")
	f(&tool, point.UserAgent, "xmlset_roodkcableoj28840ybtide", "xmlset/1.0")
	f(&weakness, point.WholePath, "/wls-wsat/RegistrationPortType", "/wls/wsat")
	f(&mark, point.WholePath, "/b*~1*/a.aspx", "/b*a~/a.aspx")
	f(&secret, point.WholePath, "/infra/terraform.tfstate", "/docs/terraform")
	f(&mark, point.WholePath, "/w00tw00t.at.isc.sans.dfind", "/w00t")
	f(&unsigned, point.TokenHead, `{"typ":"JWT","alg" : "NONE"}`, `{"typ":"JWT","alg":"HS256"}`)
	f(&keySource, point.TokenHead, `{"alg":"RS256","jku":"http://203.0.113.4/k.json"}`, `{"alg":"RS256","jku":"https://oak.example/k.json"}`)
	f(&keySource, point.TokenHead, `{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}`, `{"alg":"ES256","jwk":{"kty":"EC","x":"AAAA"}}`)
	f(&unsigned, point.TokenHead, `{"alg":"none\u0000"}`, `{"alg":"nonesuch"}`)
	f(&keySource, point.TokenHead, `{"typ":"JWT","alg":"RS256","jwk":{"kty":"RSA","n":"AAAA"}}`, `{"typ":"dpop+jwt","alg":"RS256","jwk":{"kty":"RSA","n":"AAAA"}}`)
	f(&blank, point.TokenHead, "AAAAAAAAAAAAAAAAAAAAAAAA", `{"alg":"ES256"}`)
	f(&callback, point.HeaderText, "http://ab12.oastify.com/", "oastify.com")
	f(&callback, point.HeaderText, "k7@oastify.com", "k7@fastify.com")
	f(&callback, point.WholePath, "http://k7.oast.fun/", "/oast.fun/k7.html")
}

// TestPaths reads paths of files and servers, and such as only look like them.
func TestPaths(t *testing.T) {
	own := point.Tree{Host: []byte("oak.example:8443")}
	for path, want := range map[string]int{
		"/backup/full_backup-2026-05-01.tar.gz": 8, "/oak.zip": 8, "/dbdump.sql.7z": 8, "/db/production.sqlite3": 8, "/downloads/catalog.zip": 0, "/elm.zip": 0, "/schema-of-elms.sql": 6, "/data/elms.sqlite": 0,
		"/repo/repodata/a1-primary.sqlite.bz2": 0, "/archlinux/core/os/x86_64/core.db.tar.gz": 0, "/2026.sql": 8,
		"/app.py.bak": 8, "/package.json.old": 8, "/.index.php.swo": 8, "/Copy%20of%20k.aspx": 8, "/sitemap.xml.gz": 0, "/app.js.gz": 0, "/k.png.bak": 0, "/misc/k.php.txt": 5, "/k.php.txt": 8,
		"/logs/laravel-2026-05-01.log": 8, "/access.log.1": 8, "/build/console.log": 0, "/changes.log": 0, "/wp-content/debug.log": 8,
		"/.docker-env.yml": 8, "/.zsh_history": 8, "/.github/workflows/k.yml": 8, "/.well-known/k.json": 0, "/.rss": 0, "/r/k/.json": 0, "/.foxrc": 8, "/a/b/c/.npmrc": 6,
		"/docs/docker-compose.yml": 5, "/docker-compose.prod.yml": 8, "/blog/terraform.tfstate": 5, "/files/bind/named.conf": 5, "/config/named.conf": 8, "/o/r/blob/main/config/database.yml": 3, "/wiki/server-status": 5,
		"/serviceAccountKey.json": 8, "/certs/privkey.pem": 8, "/cacert.pem": 0, "/keynote.key": 0, "/release.key": 0, "/old-passwords.txt": 8, "/password-policy.txt": 0, "/users/password.json": 0, "/login.json": 0, "/api/token.json": 0, "/credentials.json": 8, "/tokens.txt": 8, "/sam": 0, "/category/artisan": 0, "/mics": 0, "/weaver/birds": 0, "/game/server-status": 5, "/server-status": 8, "/commands/mysqladmin": 5, "/streams/channels": 0, "/management/mappings": 0, "/k.kdbx": 8,
		"/install.php": 8, "/install.php?step=2": 0, "/k/install.php": 0, "/core/install.php": 0, "/mysql-adminer.php": 8, "/old_phpinfo.php": 8, "/function.phpinfo.php": 0,
		"/remote/logincheck": 8, "/remote/jobs": 0, "/global-protect/login.esp": 8, "/global-protect-film": 0, "/+CSCOE+/logon.html": 8, "/goform/setMAC": 8, "/level/15/exec/-/show": 8, "/level/15": 0, "/xui/commons": 0,
		"/wso2.8.5.php": 8, "/c99-v2.php": 8, "/alfa-romeo.php": 0, "/wp-content/uploads/2024/01/k.php": 8, "/wp-content/uploads/2024/k.png": 0, "/wp-includes/css/k.php": 8, "/wp-includes/js/tinymce/wp-tinymce.php": 0, "/uploads/k.php": 0, "/uploads/k.phtml": 8, "/k/upload/2026/k.php5": 8, "/uploads/k.cert": 0, "/.well-known/acme-challenge/k.php": 8,
		"/server-status/": 8, "/k/server-status/": 0, "/server-status;k=1": 8, "/manager;k/html": 8, "/manager;k/overview": 0, "/solr/./admin/info/system": 8, "/phpMyAdmin//setup/index.php": 8, "/k/../jmx-console/": 8,
		"/java/heapdump/": 0, "/shop;jsessionid=1A/html": 0, "/a//b/./c/": 0, "/..;/k/..": 0, "/manager//html?k=/../..": 8,
		"/_vti_bin/shtml.dll": 8, "/_vti_bin/lists.asmx": 0, "/cgi-bin/nas_sharing.cgi": 8, "/cgi-bin/search.cgi": 0, "/cgi-bin/status-page": 0,
	} {
		var best evidence.Tally
		v := point.Value{Data: []byte(path), Classes: point.Classify([]byte(path)), Kind: point.WholePath}
		Scan(&v, &own, &best)
		if best.Score() != want {
			t.Errorf("%s scores %d, want %d", path, best.Score(), want)
		}
	}
}

// TestFields looks at header fields and cookies that tell by their names, and at a call
// that tells by where it stands.
func TestFields(t *testing.T) {
	f := func(tag point.Tag, kind point.Kind, name, value string, attack bool) {
		t.Helper()
		best := detector.ReadNamed(tag, name, value, kind)
		if best.Score() >= evidence.Threshold != attack {
			t.Errorf("%s=%q scores %d", name, value, best.Score())
		}
	}
	f(point.Header, point.HeaderText, "X-Middleware-Subrequest", "pages/_middleware", true)
	f(point.Header, point.HeaderText, "Proxy", "http://k.example:8080", true)
	f(point.Header, point.HeaderText, "Proxy-Connection", "keep-alive", false)
	f(point.Header, point.HeaderText, "Connection", "close, X-F5-Auth-Token", true)
	f(point.Header, point.HeaderText, "Connection", "close, Upgrade", false)
	f(point.Header, point.HeaderText, "X-Middleware-Rewrite", "pages/_middleware", false)
	f(point.Header, point.HeaderText, "X-Custom-IP-Authorization", "127.0.0.1", true)
	f(point.Header, point.HeaderText, "X-Custom-IP-Authorization", "203.0.113.7", false)
	f(point.Header, point.HeaderText, "X-Real-IP", "127.0.0.1", false)
	f(point.Header, point.HeaderText, "Forwarded", `for="[127.0.0.1]:81"`, true)
	f(point.Header, point.HeaderText, "Forwarded", `for="[2001:db8::1]:81"`, false)
	f(point.Cookie, point.CookieText, "X-BEResource", "mx01/ews/k.asmx?b=~1", true)
	f(point.Cookie, point.CookieText, "X-BEResource", "mx01~1942062522", false)
	f(point.XMLTag, point.XMLText, "member", "wp.getUsersBlogs", true)
	f(point.XMLTag, point.XMLText, "methodName", "wp.getUsersBlogs", false)
	f(point.XMLTag, point.XMLText, "member", "wp.getUsersBlobs", false)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.WholePath, "/", "/.", "/..", "/k;", "//", "/.git", "a", "nikto", ".oast", "%25", "%2577", "db", "db-", "a.log.", "/docs")
	detector.ReadRepeated(point.Text, "%", "%n", "%n%s%n%s ", "%1!")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.WholePath, "/.git/HEAD", "/a.php.bak", "sqlmap", "x.oast.me")
}

// TestRanges tells ranges that a client asks for from those of exploits.
func TestRanges(t *testing.T) {
	for value, want := range map[string]bool{
		"bytes=0-": false, "bytes=-500": false, "bytes=0-499, 500-999,1000-": false, "bytes=1000-1999,0-499,200-299": false, "bytes=9500-,-20": false, "bytes=9000-9999,0-99,100-199,200-299,300-399": false, "pages=1-3,2": false, "": false,
		"bytes=0-,5-0,5-1,5-2,5-3": true, "bytes=0-9,1-9,2-9,3-9": true, "bytes=0-18446744073709551615": true, "bytes=-17208,-9223372036854758792": true, "bytes=999999999999999999-": false,
	} {
		if got := badRanges([]byte(value)); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
