package rule

import (
	"testing"

	"github.com/weirnode/weir/config"
)

func mode(m config.Mode) *config.Mode { return &m }

func sample() *config.Config {
	return &config.Config{
		Mode: config.Monitoring,
		Sites: []config.Site{
			{
				Hosts: []string{"shop.example.com", "*.shop.example.com"}, Application: config.Application{ID: 1, Name: "shop"}, Upstream: "shop",
				Mode: mode(config.Block),
				Routes: []config.Route{
					{Path: "/health", Mode: mode(config.Off)},
					{Path: "/api", Upstream: "api"},
					{Path: "/api/v1", Mode: mode(config.Monitoring)},
					{Path: "= /api/v1/login", Mode: mode(config.SafeBlocking)},
					{Path: `~ \.css$`, Mode: mode(config.Off)},
					{Path: "/upload", Methods: []string{"POST"}, Mode: mode(config.Monitoring)},
				},
			},
			{Hosts: []string{"*"}, Upstream: "rest"},
		},
	}
}

func TestResolve(t *testing.T) {
	set, err := Compile(sample(), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := func(host, method, path, want string) {
		t.Helper()
		s := set.Resolve([]byte(host), []byte(method), []byte(path))
		if got := s.Upstream + " " + s.Mode.String() + " " + s.ModeSource; got != want {
			t.Errorf("%s %s %s: %s, want %s", host, method, path, got, want)
		}
	}
	f("shop.example.com", "GET", "/", "shop block site")
	f("SHOP.example.com:8080", "GET", "/", "shop block site")
	f("shop.example.com.", "GET", "/", "shop block site")
	f("eu.shop.example.com", "GET", "/", "shop block site")
	f("notshop.example.com", "GET", "/", "rest monitoring file")
	f("[2001:db8::1]:80", "GET", "/", "rest monitoring file")
	f("shop.example.com", "GET", "/health", "shop off route")
	f("shop.example.com", "GET", "/health/db", "shop off route")
	f("shop.example.com", "GET", "/healthy", "shop block site")
	f("shop.example.com", "GET", "/api/x", "api block site")
	f("shop.example.com", "GET", "/api/v1/x", "shop monitoring route")
	f("shop.example.com", "POST", "/api/v1/login", "shop safe_blocking route")
	f("shop.example.com", "GET", "/api/v1/a.css", "shop off route")
	f("shop.example.com", "GET", "/upload", "shop block site")
	f("shop.example.com", "POST", "/upload", "shop monitoring route")
}

func TestNoSite(t *testing.T) {
	cfg := sample()
	cfg.Sites = cfg.Sites[:1]
	set, err := Compile(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := set.Resolve([]byte("other"), nil, []byte("/")); s != nil {
		t.Errorf("got %+v", s)
	}
}

func TestStoredRules(t *testing.T) {
	rules := []Rule{
		{ID: 1, Kind: KindMode, Mode: config.Block},
		{ID: 2, Kind: KindMode, Host: "shop.example.com", Path: "/api", Mode: config.Monitoring},
		{ID: 3, Kind: KindMode, Application: 1, Methods: []string{"PUT"}, Mode: config.Off},
		{ID: 4, Kind: KindMode, Host: "shop.example.com", Mode: config.Off, Disabled: true},
	}
	f := func(o config.Override, host, method, path, want string) {
		t.Helper()
		cfg := sample()
		cfg.ModeOverride = o
		set, err := Compile(cfg, rules)
		if err != nil {
			t.Fatal(err)
		}
		s := set.Resolve([]byte(host), []byte(method), []byte(path))
		if got := s.Mode.String() + " " + s.ModeSource; got != want {
			t.Errorf("%s %s %s %s: %s, want %s", o, host, method, path, got, want)
		}
	}
	f(config.OverrideOn, "x", "GET", "/", "block rule 1")
	f(config.OverrideOn, "shop.example.com", "GET", "/api/x", "monitoring rule 2")
	f(config.OverrideOn, "shop.example.com", "PUT", "/x", "off rule 3")
	f(config.OverrideOn, "shop.example.com", "GET", "/", "block site")
	f(config.OverrideStrict, "shop.example.com", "GET", "/api/x", "block site")
	f(config.OverrideStrict, "x", "GET", "/", "block rule 1")
	f(config.OverrideOff, "x", "GET", "/", "monitoring file")
}

func TestValidateRefuses(t *testing.T) {
	for _, r := range []Rule{{}, {Kind: "nosuch"}, {Kind: KindMode, Host: "a*b"}, {Kind: KindMode, Path: "x"}, {Kind: KindMode, Path: "~ ("}, {Kind: KindMode, Mode: 9}} {
		if r.Validate() == nil {
			t.Errorf("%+v is accepted", r)
		}
	}
}

func TestResolveDoesNotAllocate(t *testing.T) {
	set, err := Compile(sample(), []Rule{{ID: 1, Kind: KindMode, Application: 7, Mode: config.Block}})
	if err != nil {
		t.Fatal(err)
	}
	host, method, path := []byte("Shop.example.com:80"), []byte("GET"), []byte("/api/v1/users/7")
	if n := testing.AllocsPerRun(100, func() { set.Resolve(host, method, path) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkResolve(b *testing.B) {
	set, err := Compile(sample(), nil)
	if err != nil {
		b.Fatal(err)
	}
	host, method, path := []byte("shop.example.com"), []byte("GET"), []byte("/products/1000")
	b.ReportAllocs()
	for b.Loop() {
		set.Resolve(host, method, path)
	}
}
