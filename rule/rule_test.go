package rule

import (
	"strings"
	"testing"

	"github.com/weirnode/weir/config"
)

func sample() *config.Config {
	return &config.Config{
		Mode: config.Monitoring,
		Sites: []config.Site{
			{
				Hosts: []string{"shop.example.com", "*.shop.example.com"}, Application: config.Application{ID: 1, Name: "shop"}, Upstream: "shop",
				Mode: new(config.Block),
				Routes: []config.Route{
					{Path: "/health", Mode: new(config.Off)},
					{Path: "/api", Upstream: "api"},
					{Path: "/api/v1", Mode: new(config.Monitoring)},
					{Path: "= /api/v1/login", Mode: new(config.SafeBlocking)},
					{Path: `~ \.css$`, Mode: new(config.Off)},
					{Path: "/upload", Methods: []string{"POST"}, Mode: new(config.Monitoring)},
				},
			},
			{Hosts: []string{"*"}, Upstream: "rest"},
		},
	}
}

// TestOverlimitOfRoutes asks what holds where the file, a site or a route says it.
func TestOverlimitOfRoutes(t *testing.T) {
	cfg := sample()
	cfg.Overlimit = config.BlockOverlimit
	cfg.Sites[0].Overlimit = new(config.RecordOverlimit)
	cfg.Sites[0].Routes[1].Overlimit = new(config.BlockOverlimit)
	set, err := Compile(cfg, []Rule{{ID: 1, Kind: KindMode, Host: "shop.example.com", Mode: config.SafeBlocking}})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[[2]string]config.Overlimit{
		{"other.example", "/"}: config.BlockOverlimit, {"shop.example.com", "/"}: config.RecordOverlimit, {"shop.example.com", "/api/x"}: config.BlockOverlimit, {"shop.example.com", "/api/v1"}: config.RecordOverlimit,
	} {
		if got := set.Resolve([]byte(at[0]), []byte("GET"), []byte(at[1])).Overlimit; got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
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
	f("shop.example.com", "GET", "/", "shop block site shop.example.com")
	f("SHOP.example.com:8080", "GET", "/", "shop block site shop.example.com")
	f("shop.example.com.", "GET", "/", "shop block site shop.example.com")
	f("eu.shop.example.com", "GET", "/", "shop block site shop.example.com")
	f("notshop.example.com", "GET", "/", "rest monitoring file")
	f("[2001:db8::1]:80", "GET", "/", "rest monitoring file")
	f("shop.example.com", "GET", "/health", "shop off route /health")
	f("shop.example.com", "GET", "/health/db", "shop off route /health")
	f("shop.example.com", "GET", "/healthy", "shop block site shop.example.com")
	f("shop.example.com", "GET", "/api/x", "api block site shop.example.com")
	f("shop.example.com", "GET", "/api/v1/x", "shop monitoring route /api/v1")
	f("shop.example.com", "POST", "/api/v1/login", "shop safe_blocking route = /api/v1/login")
	f("shop.example.com", "GET", "/api/v1/a.css", `shop off route ~ \.css$`)
	f("shop.example.com", "GET", "/upload", "shop block site shop.example.com")
	f("shop.example.com", "POST", "/upload", "shop monitoring route /upload")
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
	f(config.OverrideOn, "shop.example.com", "GET", "/", "block site shop.example.com")
	f(config.OverrideStrict, "shop.example.com", "GET", "/api/x", "block site shop.example.com")
	f(config.OverrideStrict, "x", "GET", "/", "block rule 1")
	f(config.OverrideOff, "x", "GET", "/", "monitoring file")
}

func TestValidateRefuses(t *testing.T) {
	for _, r := range []Rule{
		{},
		{Kind: "nosuch"},
		{Kind: KindMode, Host: "a*b"},
		{Kind: KindMode, Path: "x"},
		{Kind: KindMode, Path: "~ ("},
		{Kind: KindMode, Mode: 9},
		{Kind: KindMode, Host: "example.com:80"},
		{Kind: KindMode, Host: "*."},
		{Kind: KindMode, Host: "a b"},
		{Kind: KindMode, Methods: []string{"get"}},
		{Kind: KindMode, Methods: []string{""}},
		{Kind: KindMode, Path: "/" + strings.Repeat("a", 1000)},
	} {
		if r.Validate() == nil {
			t.Errorf("%+v is accepted", r)
		}
	}
}

func TestWeights(t *testing.T) {
	order := []Rule{ // the most specific first
		{Host: "shop.example.com", Application: 1, Path: "/a", Methods: []string{"GET"}},
		{Host: "shop.example.com", Application: 1},
		{Host: "a.b"},
		{Host: "*.shop.example.com", Application: 1, Path: "/a"},
		{Host: "*.shop.example.com"},
		{Host: "*.example.com", Application: 1, Path: "/" + strings.Repeat("a", 900), Methods: []string{"GET"}},
		{Application: 1},
		{Path: "= /a/b", Methods: []string{"GET"}},
		{Path: "= /a/b"},
		{Path: "/a/b"},
		{Path: "/a", Methods: []string{"GET"}},
		{Methods: []string{"GET"}},
		{},
	}
	for i := range order[1:] {
		if a, b := order[i], order[i+1]; weigh(a) <= weigh(b) {
			t.Errorf("%+v weighs %d, %+v weighs %d", a, weigh(a), b, weigh(b))
		}
	}
}

func TestHostForms(t *testing.T) {
	cfg := &config.Config{Sites: []config.Site{
		{Hosts: []string{"2001:DB8::1"}, Upstream: "six"},
		{Hosts: []string{"192.0.2.1"}, Upstream: "four"},
		{Hosts: []string{"Dotted.example."}, Upstream: "dotted"},
		{Hosts: []string{"*.example.com"}, Upstream: "wide"},
		{Hosts: []string{"*.eu.example.com"}, Upstream: "narrow"},
		{Hosts: []string{"de.eu.example.com"}, Upstream: "name"},
	}}
	set, err := Compile(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := func(host, want string) {
		t.Helper()
		got := "none"
		if s := set.Resolve([]byte(host), nil, []byte("/")); s != nil {
			got = s.Upstream
		}
		if got != want {
			t.Errorf("%q: %s, want %s", host, got, want)
		}
	}
	f("[2001:db8::1]", "six")
	f("[2001:db8::1]:8080", "six")
	f("[2001:DB8::1]:8080", "six")
	f("192.0.2.1:80", "four")
	f("dotted.example", "dotted")
	f("a.example.com", "wide")
	f("a.eu.example.com.:80", "narrow")
	f("DE.eu.example.com", "name")
	f("example.com", "none")
	f(".example.com", "none")
	f("", "none")
	f(":", "none")
	f("[", "none")
	f(strings.Repeat("a", 5000)+".EXAMPLE.com:80", "wide")
	f(strings.Repeat("a", 5000), "none")
}
