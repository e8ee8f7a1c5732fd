package ssrf

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t, &fetched) // TestFetchedParameters
	f(&innerLines, point.Text, "http://localhost:3000/%0d%0aSET k v", "http://localhost:3000/a%20b")
	f(&innerLines, point.Text, "http://10.0.0.7:25/\r\nEHLO k", "http://10.0.0.7:25/\r\nsee above")
	f(&inner, point.Text, "http://169.254.7.9/k", "http://169.255.7.9/k")
	f(&scheme, point.Key, "unix:kkkk|http://k.example/", "unix:kkkk|k.example")
	f(&lookAlike, point.Text, "http://k\u00ade.example/", "http://k\u00e4e.example/")
	f(&cutInclude, point.Text, `\\k.example\l\m.aspx`, `\\k.example\l\m.docx`)
	f(&userTrick, point.Text, "autodiscover/autodiscover.json?@k.example/mapi/", "autodiscover/autodiscover.json?Email=k")
	f(&metadata, point.Text, "#EXTM3U\n#EXTINF:9,\nhttp://169.254.169.254/k\n", "# a list\nsee http://169.254.169.254/k\n")
	f(&scheme, point.Text, "gopher://h:70/_x", "gopher: a small animal")
	f(&metadata, point.Text, "http://169.254.169.254/", "http://169.254.169.250.example/")
	f(&oddInner, point.Text, "http://0x7f000001/", "http://127.0.0.1/")
	f(&oddInner, point.Text, "http://2026/k", "order://2026/k")
	f(&cutInclude, point.Text, "hthttp://tp://k.example/l", "http://k.example/http://l")
	f(&userTrick, point.Text, "k@l.example/powershell/", "k@l.example/mail")
	f(&userTrick, point.Text, "http://"+strings.Repeat("k", 600)+"@10.0.0.7/", "http://k.example/"+strings.Repeat("k", 600)+"@l")
	f(&metadata, point.Text, `Dear all <img src="http://169.254.169.254/k">`, `Dear all, the address of it is "http://169.254.169.254/k"`)
	f(&metadata, point.Text, strings.Repeat(`<a href="http://k.example/">`, 99)+`<img src="http://169.254.169.254/k">`, strings.Repeat(`<a href="http://k.example/">`, 99)+`the address is http://169.254.169.254/k`)
	f(&oddInner, point.Text, "http://[::ffff:0:127.0.0.1]/", "http://[2001:db8::ffff:0:1]/")
	f(&metadata, point.WholePath, "/k/cdn.example:80@169.254.169.254", "/k/cdn.example:80@1.2.3.4")
	f(&oddAddress, point.Text, "http://134744072/", "http://8.8.8.8/")
	f(&inner, point.Text, "http://localhost:3000/", "http://localhost.example.com/")
	f(&userTrick, point.Text, `https://own.example:k@k@evil.example/`, `https://user:k@k@own.example/`)
	f(&userTrick, point.Text, `http:a>.b\c@0330.0x3a.54990`, `http:a>.b\c`)
	f(&userTrick, point.Text, "https://a.example@b.example/", "https://user:p@ss@b.example/")
	f(&userTrick, point.Text, "https://a.example#@b.example/", "https://a.example/#@b")
	f(&lookAlike, point.Text, "http://ⓔxample.com/", "http://例え.example/")
	f(&wildcard, point.Text, "http://10.0.0.1.nip.io/", "http://nip.io/")
	f(&callback, point.Text, "http://ab12.oastify.com/", "oastify.com")
	f(&innerService, point.Text, "http://localhost:22/", "http://localhost:3000/")
	f(&innerService, point.Text, "http://search:9200/_cat/indices", "http://search:9200/")
	f(&innerService, point.Text, "http://localhost:8200/v1/sys/seal", "http://localhost:8200/v1/users")
	f(&userTrick, point.Text, "http://127.0.0.1:6380:80/", "http://127.0.0.1:6380/")
	f(&userTrick, point.Text, "http://10.0.0.3?a.example/b.png", "http://10.0.0.3?a=example/b.png")
	f(&userTrick, point.Text, "ht\ttp://a.example/", "ht\ttp server")
	f(&userTrick, point.Text, `http://a>b\c@0330.072.0326.0316`, `http://a-b@example/`)
	f(&userTrick, point.Text, `http:a>b\c@b.example/`, `http:a>b at b.example`)
	f(&userTrick, point.Text, "https://a.example:443@b.example/", "https://a:443b@b.example/")
	f(&oddInner, point.Text, "http://[127.0.0.1]/", "http://[a]/")
	f(&oddInner, point.Text, "http://0.0.0.0:8000/", "http://10.0.0.0:8000/")
	f(&metadata, point.Text, `<iframe width=1 src="http://169.254.169.254/">`, `the address of the service is "http://169.254.169.254/"`)
	f(&scheme, point.Text, "unix:/run/docker.sock:/v1.41/images/json", "unix:/run/php/fpm.sock")
	f(&localFile, point.Text, "file:///etc/passwd", "file:///x")
	f(&metadataPath, point.Text, "http://h.example/latest/meta-data/", "http://h.example/docs/latest/meta-data/")
	f(&cutInclude, point.Text, `http://files.example/up/list.txt?`, `http://files.example/up/list.txt`)
}

// TestFetchedParameters checks that a plain inner URL is an attack only where the
// application is asked to fetch it.
func TestFetchedParameters(t *testing.T) {
	seenFetched := false
	f := func(tag point.Tag, name string, want int) {
		t.Helper()
		var tree point.Tree
		var best evidence.Tally
		text := []byte("http://127.0.0.1:8080/x")
		Scan(&point.Value{Data: text, Classes: point.Classify(text), Ref: tree.AddName(0, tag, []byte(name))}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%s scores %d, want %d", name, best.Score(), want)
		}
		seenFetched = seenFetched || best.Count(fetched.Stamp) > 0
	}
	f(point.Get, "url", 8)
	f(point.FormURLEncoded, "image", 8)
	f(point.Get, "redirect_uri", 5)
	f(point.Get, "q", 6)
	f(point.Hash, "url", 6)
	if !seenFetched {
		t.Error("fetched was never found")
	}
}

// TestNamedAddresses reads inner URLs by the names of their parameters.
func TestNamedAddresses(t *testing.T) {
	for _, c := range []struct {
		tag  point.Tag
		name string
		text string
		want int
	}{
		{point.Multipart, "remote_url", "http://localhost:3000/k", 8},
		{point.Multipart, "remote_url", "http://localhost:3000/k.png", 6},
		{point.Multipart, "remote_url", "https://a.example/k.png\nhttp://127.0.0.1:8500/v1/kv/?recurse", 10},
		{point.Get, "uri", "https://a.example/, http://169.254.169.254/latest/", 9},
		{point.Hash, "avatarUrl", "http://localhost:3000/api/k", 8},
		{point.Hash, "avatarUrl", "http://localhost:3000/uploads/k.webp?v=2", 6},
		{point.Hash, "feedUrl", "http://localhost:3000/feed", 6},
		{point.Hash, "webhook_url", "http://localhost:3000/hook", 6},
		{point.Hash, "url", "http://169.254.42.42/conf", 8},
		{point.FormURLEncoded, "avatar_url", "ldaps://localhost:636/dc=k", 9},
		{point.FormURLEncoded, "ldap_url", "ldaps://localhost:636/dc=k", 6},
		{point.FormURLEncoded, "dsn", "smtp://localhost:1025", 0},
		{point.FormURLEncoded, "dsn", "smtp://0x7f.1:1025", 9},
		{point.FormURLEncoded, "logo", "smtp://localhost:25/k", 0},
		{point.FormURLEncoded, "logo_url", "smtp://localhost:25/k", 8},
		{point.FormURLEncoded, "allowed_origins", "http://localhost:3000, https://a.example", 5},
		{point.FormURLEncoded, "redirect_uris", "http://localhost:3000/cb\nhttps://a.example/cb", 5},
		{point.FormURLEncoded, "url", "ftp://k:l@192.168.1.20/exports/stock.csv", 6},
		{point.FormURLEncoded, "url", "ftp://192.168.1.20/exports/stock.csv", 8},
		{point.FormURLEncoded, "url", "ftp://k:l@127.0.0.1/", 10},
		{point.Hash, "server", "https://kubernetes.default.svc", 6},
		{point.Hash, "server", "https://kubernetes.default.svc/api/v1/secrets", 9},
		{point.Get, "url", "https://kubernetes.default.svc", 8},
		{point.FormURLEncoded, "list", "http://localhost:3000\nhttp://localhost:3001\n", 6},
		{point.Get, "post_logout_redirect_uri", "http://127.0.0.1:4200/", 5},
		{point.FormURLEncoded, "text", "http://localhost:3000/ does not answer\nhttp://127.0.0.1:8500/v1/kv neither", 6},
	} {
		var tree point.Tree
		if got := score(&tree, tree.AddName(0, c.tag, []byte(c.name)), c.text); got != c.want {
			t.Errorf("%s=%q scores %d, want %d", c.name, c.text, got, c.want)
		}
	}
}

// TestRequested reads inner machines in queries and paths, which forms of settings are not.
func TestRequested(t *testing.T) {
	for _, c := range []struct {
		tag        point.Tag
		name, text string
		want       int
	}{
		{point.Get, "html", "http://192.168.0.1/", 8},
		{point.FormURLEncoded, "html", "http://192.168.0.1/", 6},
		{point.Get, "path", "localhost:8080/k", 8},
		{point.Get, "host", "localhost:3306", 0},
		{point.Get, "path", "localhost", 0},
		{point.Get, "url", "telnet://127.0.0.1:23", 10},
		{point.FormURLEncoded, "dsn", "redis://127.0.0.1:6379/0", 0},
		{point.Get, "url", "redis://cache.example:6379/0", 0},
		{point.Get, "q", "169.254.169.254", 6},
		{point.Get, "url", "http://[2002:7f00:1::]/", 9},
		{point.Get, "url", "http://[2002:cb00:7107::]/", 0},
	} {
		var tree point.Tree
		if got := score(&tree, tree.AddName(0, c.tag, []byte(c.name)), c.text); got != c.want {
			t.Errorf("%s=%q scores %d, want %d", c.name, c.text, got, c.want)
		}
	}
	for text, want := range map[string]int{"/proxy/http://169.254.169.254/k": 9, "/proxy/http://localhost:22/": 8, "/proxy/http://localhost:3000/k": 6, "/proxy/https://k.example/": 0, "/img/gopher://k:70/_k": 9, "/a:b/c": 0, "/web/2026/http://k.example/": 0} {
		if got := detector.Read(text, point.WholePath); got.Score() != want {
			t.Errorf("%s scores %d, want %d", text, got.Score(), want)
		}
	}
}

// TestUnschemed reads hosts without a scheme in parameters that take a URL.
func TestUnschemed(t *testing.T) {
	for _, c := range []struct {
		tag        point.Tag
		name, text string
		want       int
	}{
		{point.Get, "url", "0x7f.1:6379", 9},
		{point.FormURLEncoded, "image_url", "2130706433:80/k", 9},
		{point.Hash, "url", "[::1]:22/k", 9},
		{point.Get, "src", "[::ffff:7f00:1]/k", 9},
		{point.FormURLEncoded, "url", "127.1:8080/k", 9},
		{point.Get, "target", "0177.0.0.1/", 9},
		{point.Get, "url", "l%6fcalhost:80/", 8},
		{point.Get, "host", "0x7f.1", 9},
		{point.FormURLEncoded, "host", "[::ffff:7f00:1]", 9},
		{point.FormURLEncoded, "host", "[::1]:8080", 0},
		{point.FormURLEncoded, "host", "10.1:80", 0},
		{point.FormURLEncoded, "host", "127.0.0.1:8080", 0},
		{point.Get, "url", "①②⑦.0.0.1/k", 8},
		{point.FormURLEncoded, "url", "LOCALHOST:22/k", 8},
		{point.Get, "url", "k.localhost/admin", 8},
		{point.Get, "url", "www.k.example/l", 0},
		{point.Get, "url", "k.example:8080", 0},
		{point.Get, "url", "[2001:db8::1]:80", 0},
		{point.Get, "target", "10.5", 0},
		{point.Get, "target", "0:30", 0},
		{point.Get, "u", "12345678", 0},
		{point.Get, "q", "127.1/k", 0},
		{point.Hash, "target", "10.0.0.7:8080", 0},
		{point.Get, "img", "1.10.25/k.png", 0},
		{point.FormURLEncoded, "url", "localhost:3000/k", 0},
		{point.Hash, "endpoint", "localhost:9092", 0},
	} {
		var tree point.Tree
		if got := score(&tree, tree.AddName(0, c.tag, []byte(c.name)), c.text); got != c.want {
			t.Errorf("%s=%q scores %d, want %d", c.name, c.text, got, c.want)
		}
	}
}

// TestMended reads URLs that lead inside once they are read as lenient clients do.
func TestMended(t *testing.T) {
	for text, want := range map[string]int{
		"http:\t//127.0.0.1:8080/k":                14,
		"http://\n0x7f.1/":                         17,
		"http://127\n.0.0.1/":                      9,
		"http://k.example @127.0.0.1/l":            14,
		"http://k.example\t@[::1]/l":               16,
		"http://%6cocalhost/l":                     14,
		"http://u:p@%31%32%37.0.0.1/":              14,
		"http://𝟏𝟐𝟕.0.0.1/":                        14,
		"http://127.0.0.\u00b9/":                   14,
		"\u00a0http://localhost/a b.jpg":           14,
		"url:http://{k}@127.0.0.1/":                6,
		"http://[::ffff:0:0]/":                     9,
		"http://[::1]:8080:80/k":                   8,
		"http://u:p%40w@localhost:3000/":           8,
		"http://localhost:8080\nis where it runs":  6,
		"http://localhost:8080\n80 people use it":  6,
		"http://localhost:3000\t/api\tthe server":  6,
		"http://k.example and then @localhost, or": 0,
		"http://k.example/%6cocalhost":             0,
		"http:\t//k.example/":                      0,
		"https://k%2el.example/":                   8,
		"ht\ttp:[::1]/k":                           16,
		"http:k.example @10.1":                     17,
		"http:%6cocalhost/":                        14,
		"http: %d10":                               0,
	} {
		if got := detector.Read(text, point.Text); got.Score() != want {
			t.Errorf("%q scores %d, want %d", text, got.Score(), want)
		}
	}
}

// TestListed reads an inner URL in a list.
func TestListed(t *testing.T) {
	for name, want := range map[string]int{"redirectUris": 5, "webOrigins": 5, "images": 6} {
		var tree point.Tree
		ref := tree.AddIndex(tree.AddName(0, point.Hash, []byte(name)), point.Array, 0)
		if got := score(&tree, ref, "http://localhost:3000/*"); got != want {
			t.Errorf("%s scores %d, want %d", name, got, want)
		}
	}
}

// score reads a value at a point.
func score(tree *point.Tree, ref point.Ref, text string) int {
	var best evidence.Tally
	v := point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Ref: ref}
	if Gate(&v) {
		Scan(&v, tree, &best)
	}
	return best.Score()
}

// TestClientsOwnAddress checks what a Referer may hold.
func TestClientsOwnAddress(t *testing.T) {
	for text, want := range map[string]int{"http://localhost:22/admin": 0, "http://192.168.1.1/admin": 3, "http://169.254.169.254/": 9, "http://0x7f.1/": 9, "https://a.example@b.example/": 0} {
		if got := detector.Read(text, point.Referer); got.Score() != want {
			t.Errorf("%s scores %d, want %d", text, got.Score(), want)
		}
	}
}

// TestIncludes reads foreign files that a server is to include, and such as people link to.
func TestIncludes(t *testing.T) {
	for text, want := range map[string]int{
		"http://files.example/r57.txt": 8, "https://files.example/a/c99.php?": 8, "ftp://files.example/k.inc?": 8, "//files.example/k.php\x00": 8, "http://files.example/shell.txt": 6,
		"http://files.example/k.php?": 0, "https://files.example/photo.jpg?": 0, "https://files.example/notes.txt?v=2": 0, "https://files.example/c99.html": 0, "see http://files.example/r57.txt": 0,
	} {
		if got := detector.Read(text, point.Text); got.Score() != want {
			t.Errorf("%q scores %d, want %d", text, got.Score(), want)
		}
	}
}

// TestNamedIncludes reads foreign files in parameters that scripts include from.
func TestNamedIncludes(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"phpbb_root_path", "http://203.0.113.66/k.txt", 8},
		{"theme_path", "http://files.example:8080/k.php?cmd=id", 11},
		{"lib_path", "smb://203.0.113.66/pub/k.php", 8},
		{"template_dir", "ftp://k:l@files.example/k.php", 8},
		{"include", "modules/../http://files.example/k.php?x=", 13},
		{"page", "http://files.example/shell.txt", 8},
		{"page", "http://files.example/k.php?cmd=whoami", 8},
		{"page", "http://203.0.113.66/k.txt", 7},
		{"file", "http://files.example/shell.txt", 8},
		{"page", "ftp://files.example/pub/k.php", 8},
		{"skin_dir", "http://203.0.113.9/k.gif?", 8},
		{"file", "https://files.example/orders.txt", 5},
		{"file", "ftp://k:l@files.example/orders.txt", 5},
		{"page", "https://files.example/robots.txt", 5},
		{"page", "https://203.0.113.66/index.php?route=account", 5},
		{"page", "https://www.example/cgi-bin/k?cmd=_s-xclick", 0},
		{"url", "https://files.example/index.php?cmd=show", 0},
		{"file_path", "https://files.example/report.txt", 0},
		{"theme_path", "https://cdn.example/themes/oak/logo.png", 0},
		{"wp_abspath", "https://files.example/k", 8},
		{"abspath", "/srv/k", 0},
		{"template", "https://files.example/k.txt", 8},
		{"lang", "//files.example/k.php", 8},
		{"lang", "https://files.example/", 0},
		{"template", "https://files.example/llms.txt", 5},
		{"template", "https://files.example/mail.html", 0},
		{"module", "http://203.0.113.66/k", 8},
		{"page", "http://files.example/k.txt???", 8},
		{"base_path", "https://cdn.example/assets/", 0},
		{"path", "https://files.example/index.php", 0},
	} {
		var tree point.Tree
		if got := score(&tree, tree.AddName(0, point.Get, []byte(c.name)), c.text); got != c.want {
			t.Errorf("%s=%q scores %d, want %d", c.name, c.text, got, c.want)
		}
	}
	var tree point.Tree
	ref := tree.Add(tree.AddName(tree.AddName(0, point.Get, []byte("_SERVER")), point.Hash, []byte("DOCUMENT_ROOT")), point.Percent)
	if got := score(&tree, ref, "http://files.example/k.txt"); got != 8 {
		t.Errorf("_SERVER[DOCUMENT_ROOT] scores %d", got)
	}
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "://", "http://", "a://", "@", "1.", "[:", ".oast", "http://[::", "http://a, ", "http://10.0.0.1/\n")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "http://0x7f.1/", "gopher://x", "http://[::ffff:1.2.3.4]:80/", "//a@b.c", "http:1")
}
