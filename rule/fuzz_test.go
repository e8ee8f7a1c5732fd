package rule

import (
	"testing"

	"github.com/weirnode/weir/config"
)

// FuzzResolve takes hostile requests and patterns: nothing panics, and an answer is
// the same twice and with a port.
func FuzzResolve(f *testing.F) {
	f.Add("shop.example.com", "shop.example.com:80", "GET", "/health/x", "/health")
	f.Add("*.example.com", "[::1]:80", "POST", "/a.css", `~ \.css$`)
	f.Add("", ":", "", "", "= /x")
	f.Fuzz(func(t *testing.T, hostPattern, host, method, path, pathPattern string) {
		rules := []Rule{{ID: 1, Kind: KindMode, Host: hostPattern, Path: pathPattern, Mode: config.Block}}
		valid := rules[0].Validate() == nil
		set, err := Compile(sample(), rules)
		if valid != (err == nil) {
			t.Fatalf("valid %v, but compiling it says %v", valid, err)
		}
		if err != nil {
			return
		}
		s := set.Resolve([]byte(host), []byte(method), []byte(path))
		if s == nil {
			t.Fatal("no settings, but there is a site for all hosts")
		}
		if again := set.Resolve([]byte(host), []byte(method), []byte(path)); again != s {
			t.Fatalf("%+v and then %+v", s, again)
		}
		if bare := string(withoutPort([]byte(host))); bare == host {
			if ported := set.Resolve([]byte(host+":8080"), []byte(method), []byte(path)); ported != s {
				t.Fatalf("%+v, with a port %+v", s, ported)
			}
		}
	})
}
