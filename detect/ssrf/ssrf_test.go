package ssrf

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t, &fetched) // TestFetchedParameters
	f(&scheme, point.Key, "unix:kkkk|http://k.example/", "unix:kkkk|k.example")
	f(&lookAlike, point.Text, "http://k\u00ade.example/", "http://k\u00e4e.example/")
	f(&cutInclude, point.Text, `\\k.example\l\m.aspx`, `\\k.example\l\m.docx`)
	f(&userTrick, point.Text, "autodiscover/autodiscover.json?@k.example/mapi/", "autodiscover/autodiscover.json?Email=k")
	f(&metadata, point.Text, "#EXTM3U\n#EXTINF:9,\nhttp://169.254.169.254/k\n", "# a list\nsee http://169.254.169.254/k\n")
	f(&scheme, point.Text, "gopher://h:70/_x", "gopher: a small animal")
	f(&metadata, point.Text, "http://169.254.169.254/", "http://169.254.169.250.example/")
	f(&oddInner, point.Text, "http://0x7f000001/", "http://127.0.0.1/")
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

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "://", "http://", "a://", "@", "1.", "[:", ".oast", "http://[::")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "http://0x7f.1/", "gopher://x", "http://[::ffff:1.2.3.4]:80/", "//a@b.c", "http:1")
}
