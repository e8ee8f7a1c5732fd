package parse

import "testing"

func TestCleanPath(t *testing.T) {
	f := func(target, want string, tricky bool) {
		t.Helper()
		got, gotTricky := CleanPath(nil, []byte(target))
		if string(got) != want || gotTricky != tricky {
			t.Errorf("CleanPath(%q) = %q, %v; want %q, %v", target, got, gotTricky, want, tricky)
		}
	}
	f("/", "/", false)
	f("/a/b.html?x=/../", "/a/b.html", false)
	f("/a%20b", "/a b", false)
	f("/a//b/", "/a/b/", false)
	f("/a/./b", "/a/b", true)
	f("/health/../admin", "/admin", true)
	f("/health/%2e%2e/admin", "/admin", true)
	f("/health%2f..%2fadmin", "/admin", true)
	f(`/health\..\admin`, "/admin", true)
	f("/../../etc", "/etc", true)
	f("/a/..", "/", true)
	f("/a;x=1/b", "/a;x=1/b", true)
	f("http://h/a", "/a", false)
	f("http://h", "/", false)
	f("*", "*", false)
	f("/a%zz", "/a%zz", false)
	f("", "", false)
}

func FuzzCleanPath(f *testing.F) {
	for _, s := range []string{"/a/../b", "/%2e%2e/%2f", `\\..\`, "//", "/..", "http://x/.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, target string) {
		once, _ := CleanPath(nil, []byte(target))
		if len(once) > len(target)+1 {
			t.Fatalf("%q grew to %q", target, once)
		}
		if n, _ := resolve(append([]byte(nil), once...)); len(n) > len(once)+1 {
			t.Fatalf("%q resolves to %q", once, n)
		}
	})
}
