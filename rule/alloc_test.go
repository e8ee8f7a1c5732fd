//go:build !race

package rule

import (
	"testing"

	"github.com/weirnode/weir/config"
)

func TestResolveDoesNotAllocate(t *testing.T) {
	set, err := Compile(sample(), []Rule{{ID: 1, Kind: KindMode, Application: 7, Mode: config.Block}, {ID: 2, Kind: KindMode, Path: "/api", Mode: config.Off}})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/v1/users/7", "/a.css", "/"} {
		host, method, path := []byte("Shop.example.com:80"), []byte("GET"), []byte(path)
		if n := testing.AllocsPerRun(100, func() { set.Resolve(host, method, path) }); n != 0 {
			t.Errorf("%s: %v allocations", path, n)
		}
	}
}
