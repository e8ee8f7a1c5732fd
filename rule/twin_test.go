package rule

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/weirnode/weir/config"
)

// random makes configurations, rules and requests that often meet.
type random struct{ *rand.Rand }

func pick[T any](r random, list ...T) T { return list[r.IntN(len(list))] }

func (r random) host() string {
	return pick(r, "a.com", "b.a.com", "c.b.a.com", "*.a.com", "*.b.a.com", "*")
}

func (r random) path() string {
	return pick(r, "/", "/x", "/x/", "/x/y", "/xy", "= /x", "= /x/y", `~ y$`, `~ ^/x`)
}

func (r random) methods() []string { return pick(r, nil, []string{"GET"}, []string{"POST", "PUT"}) }

func (r random) mode() *config.Mode {
	m := config.Mode(r.IntN(4))
	return pick(r, &m, nil)
}

func (r random) config() *config.Config {
	cfg := &config.Config{Mode: config.Mode(r.IntN(4)), ModeOverride: config.Override(r.IntN(3))}
	taken := map[string]bool{}
	for i := range 1 + r.IntN(4) {
		site := config.Site{Mode: r.mode(), Application: config.Application{ID: pick(r, -1, 1, 2)}, Upstream: fmt.Sprint("u", i)}
		for range 3 {
			if h := r.host(); !taken[h] {
				taken[h] = true
				site.Hosts = append(site.Hosts, h)
			}
		}
		for range r.IntN(6) {
			route := config.Route{Path: r.path(), Methods: r.methods(), Mode: r.mode(), Upstream: pick(r, "", "other")}
			same := func(o config.Route) bool { return o.Path == route.Path }
			if !slices.ContainsFunc(site.Routes, same) {
				site.Routes = append(site.Routes, route)
			}
		}
		if len(site.Hosts) > 0 {
			cfg.Sites = append(cfg.Sites, site)
		}
	}
	return cfg
}

func (r random) rules() (list []Rule) {
	for i := range r.IntN(6) {
		list = append(list, Rule{
			ID: int64(i + 1), Kind: KindMode, Mode: config.Mode(r.IntN(4)), Application: pick[int32](r, 0, 1, 2), Methods: r.methods(),
			Host: pick(r, "", strings.Replace(r.host(), "*.com", "a.com", 1)), Path: pick(r, "", r.path()), Disabled: r.IntN(8) == 0,
		})
		if list[i].Host == "*" {
			list[i].Host = ""
		}
	}
	return list
}

// slowHost ranks how well a pattern fits a host, 0 for not at all.
func slowHost(pattern, host string) int {
	switch {
	case pattern == host:
		return 1000
	case pattern == "*":
		return 1
	case strings.HasPrefix(pattern, "*") && strings.HasSuffix(host, pattern[1:]):
		return len(pattern)
	}
	return 0
}

// slowPath ranks how well a route fits a path, 0 for not at all.
func slowPath(pattern, path string) int {
	if exact, ok := strings.CutPrefix(pattern, "= "); ok {
		if exact == path {
			return 10_000
		}
		return 0
	}
	if re, ok := strings.CutPrefix(pattern, "~ "); ok {
		if regexp.MustCompile(re).MatchString(path) {
			return 5000
		}
		return 0
	}
	if path == pattern || strings.HasPrefix(path, strings.TrimSuffix(pattern, "/")+"/") && strings.HasPrefix(path, pattern) {
		return len(pattern)
	}
	return 0
}

func slowMethod(methods []string, method string) bool {
	return len(methods) == 0 || slices.Contains(methods, method)
}

// slowResolve says upstream, mode and what gave it.
func slowResolve(cfg *config.Config, rules []Rule, host, method, path string) string {
	best, rank := -1, 0
	for i, s := range cfg.Sites {
		for _, pattern := range s.Hosts {
			if n := slowHost(pattern, host); n > rank {
				best, rank = i, n
			}
		}
	}
	if best < 0 {
		return "none"
	}
	site := cfg.Sites[best]
	upstream, mode, source := site.Upstream, cfg.Mode, "file"
	if site.Mode != nil {
		mode, source = *site.Mode, "site "+site.Hosts[0]
	}
	route := -1
	rank = 0
	for i, r := range site.Routes {
		if n := slowPath(r.Path, path); n > rank && slowMethod(r.Methods, method) {
			route, rank = i, n
		}
	}
	if route >= 0 {
		r := site.Routes[route]
		if r.Upstream != "" {
			upstream = r.Upstream
		}
		if r.Mode != nil {
			mode, source = *r.Mode, "route "+r.Path
		}
	}
	var won *Rule
	for i := range rules {
		r := &rules[i]
		fits := !r.Disabled && (r.Application == 0 || int(r.Application) == site.Application.ID) && slowMethod(r.Methods, method) &&
			(r.Host == "" || slowHost(r.Host, host) > 0) && (r.Path == "" || slowPath(r.Path, path) > 0)
		if fits && (won == nil || weigh(*r) >= weigh(*won)) {
			won = r
		}
	}
	if won != nil {
		if changed := cfg.ModeOverride.Apply(mode, won.Mode); changed != mode {
			mode, source = changed, fmt.Sprint("rule ", won.ID)
		}
	}
	return upstream + " " + mode.String() + " " + source
}

func TestAgainstSlowTwin(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(800) {
		r := random{rand.New(rand.NewPCG(seed, 1))}
		cfg, rules := r.config(), r.rules()
		set, err := Compile(cfg, rules)
		if err != nil {
			t.Fatal(err)
		}
		for range 40 {
			host, method, path := pick(r, "a.com", "b.a.com", "c.b.a.com", "d.com"), pick(r, "GET", "POST", "HEAD"), pick(r, "/", "/x", "/x/", "/x/y", "/x/y/z", "/xy", "/z")
			want, got := slowResolve(cfg, rules, host, method, path), "none"
			if s := set.Resolve([]byte(host), []byte(method), []byte(path)); s != nil {
				got = s.Upstream + " " + s.Mode.String() + " " + s.ModeSource
			}
			if got != want {
				t.Fatalf("seed %d: %s %s%s: %s, want %s\n%+v\n%+v", seed, method, host, path, got, want, cfg.Sites, rules)
			}
			seen[strings.Fields(want + " - -")[2]]++
		}
	}
	for _, source := range []string{"file", "site", "route", "rule", "-"} {
		if seen[source] < 100 {
			t.Errorf("only %d requests were settled by %s", seen[source], source)
		}
	}
}
