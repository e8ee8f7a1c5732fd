package redir

import (
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

var detector = detecttest.Detector{Gate: Gate, Scan: Scan, Signs: Signs}

// TestSigns gives each sign a value that holds it and one that only looks like it.
func TestSigns(t *testing.T) {
	f := detector.CheckSigns(t, &target, &suffix) // TestTargets
	f(&slashes, point.Text, `/\evil.example`, `/a\evil.example`)
	f(&relative, point.Text, "//cdn.example/x", "//x")
	f(&stepsAfter, point.Text, "//evil.example/%2f..", "//evil.example/a")
	f(&userinfo, point.Text, "//a.example@b.example/", "https://example/@b.example/")
	f(&otherDots, point.Text, "//evil。example/", "//evil/。")
	f(&noSlashes, point.Text, "https:evil.example", "https://evil.example")
	f(&encoded, point.Text, "\t//evil.example", "\tevil.example/a")
	f(&encoded, point.Text, "/\r/evil.example", "/a\r/evil.example")
	f(&encoded, point.Text, "/\u00ad/evil.example", "/\u00e4/evil.example")
	f(&relative, point.Text, "/..//evil.example", "/../evil.example")
	f(&slashes, point.Text, `./\/evil.example`, `.\evil.example`)
	f(&secondHost, point.Text, "https://a.example;b.example/", "https://a.example/;b.example/")
	f(&userinfo, point.Text, "https://a.example:443@b.example/", "https://b.example:443/@a.example")
	f(&stepsAfter, point.WholePath, "//evil.example//a", "//index.php//a")
	f(&encoded, point.Text, "/%09/evil.example", "/%09evil")
	f(&secondHost, point.Text, `http://evil.example\own.example`, `http://own.example\share`)
	f(&secondHost, point.Text, `https://evil.example&own.example`, `https://own.example/?a=1&own.example`)
	f(&spray, point.Text, "/go?url=//evil.example&next=//evil.example&to=//evil.example", "/go?a=//x.example/a.js&b=//x.example/b.js&c=//x.example/c.js")
	f(&stepsAfter, point.Text, "/evil.example/%2f%2e%2e", "/evil.example/%2fa")
	f(&encoded, point.Text, "&#47;&#x2F;evil.example", "&amp;&#47;evil.example")
	f(&stepsAfter, point.WholePath, "/.//evil.example/..", "/.//evil.example/k")
	f(&slashes, point.Text, "/https://evil.example", "/https/evil.example")
	f(&encoded, point.Text, "/<>//evil.example", "<a>//evil.example")
	f(&relative, point.Text, "//evil.example\n", "//k is a remark\nl")
	f(&relative, point.Text, "//ev\u0131l.example", "//gr\u00f6\u00dfe")
	f(&relative, point.Text, "//evil.example.", "//evil.")
}

// TestTargets checks that a URL without a scheme is an attack only as the target of a
// redirect.
func TestTargets(t *testing.T) {
	seenTarget := false
	for name, want := range map[string]int{"next": 8, "redirect_uri": 8, "returnUrl": 8, "img": 5, "q": 5} {
		var tree point.Tree
		var best evidence.Tally
		text := []byte("//evil.example/a")
		Scan(&point.Value{Data: text, Classes: point.Classify(text), Ref: tree.AddName(0, point.Get, []byte(name))}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%s scores %d, want %d", name, best.Score(), want)
		}
		seenTarget = seenTarget || best.Count(target.Stamp) > 0
	}
	for text, want := range map[string]int{".evil.example": 8, "@evil.example": 8, " https://evil.example/a": 8, "https://evil.example/a": 0, "https://localhost.evil.example/": 8, "https://own.example/cb/../../go?to=k": 8, "https://own.example/..k": 0, ".well-known": 0, ".index.html": 0} {
		var tree point.Tree
		var best evidence.Tally
		ref := tree.Add(tree.AddName(0, point.Get, []byte("next")), point.Array)
		Scan(&point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Ref: ref}, &tree, &best)
		if best.Score() != want {
			t.Errorf("next=%s scores %d, want %d", text, best.Score(), want)
		}
	}
	if !seenTarget {
		t.Error("target was never found")
	}
}

// TestOwnHost reads targets that hold the name of the host that the request is for.
func TestOwnHost(t *testing.T) {
	f := func(name, text string, want int) {
		t.Helper()
		var best evidence.Tally
		tree := point.Tree{Host: []byte("shop.example.test:8443")}
		Scan(&point.Value{Data: []byte(text), Classes: point.Classify([]byte(text)), Ref: tree.AddName(0, point.Get, []byte(name))}, &tree, &best)
		if best.Score() != want {
			t.Errorf("%s=%s scores %d, want %d", name, text, best.Score(), want)
		}
	}
	f("redirect", "https://shop.example.test.evil.example/login", 8)
	f("redirect", "https://shop.example.test/..//evil.example", 8)
	f("redirect", "https://shop.example.test/../evil.example", 0)
	f("redirect", "https://evil.example\r\n.shop.example.test", 8)
	f("redirect", `https://evil.example\`, 8)
	f("redirect", "https:\n\r//evil.example", 8)
	f("redirect", "https://evil.example?.k.example", 8)
	f("redirect", "https://www.shop.com.evil.net/sso", 8)
	f("redirect", "https://www.shop.com.au/sso", 0)
	f("url", "https://www.shop.com.evil.net/sso", 8)
	f("q", "https://www.shop.com.evil.net/sso", 0)
	f("redirect", "https://www.shop.com.edgekey.net/sso", 0)
	f("redirect", "https://www.example.com/sso", 0)
	f("redirect", "https://www.own.test:pin@evil.example/cb", 8)
	f("redirect", "https://ann.lee:pin@own.example/cb", 0)
	f("redirect", "https://Shop.example.test-evil.example/", 8)
	f("redirect_uri", "https://evil.example#shop.example.test", 8)
	f("redirect_uri", "https://evil.example?.shop.example.test", 8)
	f("return", "https://shop.example.test:k@evil.example/", 8)
	f("return", "https://k:l@shop.example.test/", 0)
	f("success", `http:\\evil.example\k`, 8)
	f("success", "https://evil.example/k", 0)
	f("redirect", "https://shop.example.testevil.example/", 8)
	f("redirect", "https://shop.example.testk/", 0)
	f("redirect", "https://evil.example/?https://shop.example.test/", 8)
	f("redirect", "https://evil.example/#/shop.example.test", 8)
	f("redirect", "https://evil.example/?url=https://shop.example.test/", 0)
	f("redirect", "http://evil.example/@shop.example.test", 8)
	f("redirect", "https://blog.example/@elm", 0)
	f("redirect", "https://evil.example%2f@shop.example.test", 8)
	f("redirect", "https://k%40elm.example@shop.example.test", 0)
	f("redirect", "https://shop.example.test&@evil.example", 8)
	f("redirect", "https://shop.example.test,evil.example", 8)
	f("redirect", "https://[evil.example", 8)
	f("redirect", "https://[shop.example.test]@evil.example", 8)
	f("redirect", "https://[2001:db8::1]/k", 0)
	f("redirect", "https://shop.example.test//evil.example", 8)
	f("redirect", "https://shop.example.test//index.html", 0)
	f("next", "///\tshop.example.test%2f@evil.example?shop.example.test", 8)
	f("next", "/\t//shop.example.test @evil.example", 8)
	f("url", "https://shop.example.test @evil.example/k", 8)
	f("url", "https://%20@evil.example/k", 8)
	f("url", "https://%65vil.ex%61mple/k", 8)
	f("url", "https://evi\u24db.example/k", 8)
	f("next", `ftp:/\u:p@evil.example?next=/`, 8)
	f("next", "https:///ev\u00efl.example", 8)
	f("url", "https://user:p%40ss@git.example/k", 0)
	f("url", "https://git.example/a b", 0)
	f("url", "ftp://files.example/a b.txt", 0)
	f("url", "https://\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example/k", 0)
	f("url", "https://i\u2764\ufe0fk.example/", 0)
	f("next", "/search?q=caf\u00e9 au lait", 0)
	f("next", "/a/b?mail=k@l.example", 0)
	f("next", "https://shop.example.test/k\n", 0)
	f("next", "who writes to k@l.example / m@n.example", 0)
	f("q", "///\tk@evil.example", 0)
	f("redirect", "//shop.example.test/k", 0)
	f("redirect", "//cdn.shop.example.test/k", 0)
	f("redirect", `/\shop.example.test/k`, 8)
	f("redirect", "//evilshop.example.test/k", 8)
	f("redirect", "https://shop.example.test/a/b/../c", 0)
	f("redirect", "https://shop.example.test.s3.amazonaws.com/k", 0)
	f("redirect", "/;//evil.example", 8)
	f("redirect", "/.evil.example", 8)
	f("redirect", "/.well-known", 0)
	f("location", "//evil.example", 8)
	f("redirect", "https://evil.example^shop.example.test", 8)
	f("redirect", "https://evil.example:shop.example.test", 8)
	f("redirect", "https://a.shop.example.test.evil.example/", 8)
	f("redirect", "https://staging-shop.example.test/", 0)
	f("redirect", "http://.evil.example/", 8)
	f("redirect", "//evil\x00.example", 8)
	f("redirect", ":@evil.example/", 8)
	f("redirect", "/k/..//evil.example", 8)
	f("redirect", "/k/..//index.html", 0)
	f("url", "https:/evil.example/", 8)
	f("website", "https:/evil.example/", 5)
	f("redirect", "/\u202e//evil.example", 8)
	f("redirect", "https://shop.example.test/login", 0)
	f("next", "//shop.example.test/", 0)
	f("next", "//evil.example/", 8)
	f("redirect", "https://shop.example.test?shop.example.test", 0)
	f("redirect", "https://shop.example.test.au/login", 0)
	f("redirect", "https://shop.example.tests/login", 0)
	f("redirect", "https://login.example/?site=shop.example.test", 0)
	f("redirect", "https://archive.example/shop.example.test", 0)
	f("page_url", "https://shop.example.test.proxy.example/", 0)
}

// TestHostFields looks for users in fields that name a host.
func TestHostFields(t *testing.T) {
	f := func(field, text string, want int) {
		t.Helper()
		best := detector.ReadNamed(point.Header, field, text, point.HeaderText)
		if best.Score() != want {
			t.Errorf("%s: %s scores %d, want %d", field, text, best.Score(), want)
		}
	}
	f("HOST", "own.example:80@evil.example", 8)
	f("X-FORWARDED-HOST", "own.example@evil.example", 8)
	f("X-FORWARDED-HOST", "own.example:8080", 0)
	f("FROM", "ann.lee@own.example", 0)
	f("X-USER", "ann.lee@own.example", 0)
}

// TestWorstCasesEnd feeds inputs that could make a scan quadratic.
func TestWorstCasesEnd(*testing.T) {
	detector.ReadRepeated(point.Text, "/", "\\", "%2f", "http:", "@", "//a.b")
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "//a.b/%2f..", `/\evil.example`, "https:a.b", "//a.b@c.d")
}
