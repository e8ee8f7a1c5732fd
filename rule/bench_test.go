package rule

import (
	"fmt"
	"testing"

	"github.com/weirnode/weir/config"
)

func benchmarkResolve(b *testing.B, cfg *config.Config, rules []Rule) {
	b.Helper()
	set, err := Compile(cfg, rules)
	if err != nil {
		b.Fatal(err)
	}
	host, method, path := []byte("shop.example.com"), []byte("GET"), []byte("/products/1000")
	b.ReportAllocs()
	for b.Loop() {
		set.Resolve(host, method, path)
	}
}

func BenchmarkResolve(b *testing.B) {
	b.Run("SixRoutes", func(b *testing.B) { benchmarkResolve(b, sample(), nil) })
	b.Run("SixRoutesTenRules", func(b *testing.B) { benchmarkResolve(b, sample(), manyRules(10)) })
	b.Run("SixRoutesTenRulesOfOtherSites", func(b *testing.B) {
		cfg := sample()
		for i := range 10 {
			cfg.Sites = append(cfg.Sites, config.Site{Hosts: []string{fmt.Sprintf("h%d.example.com", i)}, Upstream: "other"})
		}
		benchmarkResolve(b, cfg, otherRules(10))
	})
}

func otherRules(n int) (rules []Rule) {
	for i := range n {
		rules = append(rules, Rule{ID: int64(i + 1), Kind: KindMode, Host: fmt.Sprintf("h%d.example.com", i), Mode: config.Block})
	}
	return rules
}

// manyRules returns rules that all concern the sample's first site.
func manyRules(n int) (rules []Rule) {
	for i := range n {
		rules = append(rules, Rule{ID: int64(i + 1), Kind: KindMode, Host: "shop.example.com", Path: fmt.Sprintf("/x%d", i), Mode: config.Block})
	}
	return rules
}

func BenchmarkCompile(b *testing.B) {
	cfg := sample()
	for i := range 300 {
		cfg.Sites[0].Routes = append(cfg.Sites[0].Routes, config.Route{Path: fmt.Sprintf("/r%d", i)})
	}
	rules := manyRules(1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(cfg, rules); err != nil {
			b.Fatal(err)
		}
	}
}
