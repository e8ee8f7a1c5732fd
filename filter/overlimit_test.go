package filter

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/parse"
)

// padded holds a payload behind more parameters than are read.
func padded(path string) string {
	return "GET " + path + "?" + strings.Repeat("a&", 4100) + "id=1%27%20UNION%20SELECT%20username,password%20FROM%20users-- HTTP/1.1\r\nHost: h\r\n\r\n"
}

// withLimits returns a filter whose file, site and routes say what becomes of requests beyond a limit.
func withLimits(t *testing.T, mode config.Mode, change func(*config.Config)) *Filter {
	t.Helper()
	cfg, problems := config.ForUpstream("http://127.0.0.1:1")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	cfg.Mode = mode
	change(cfg)
	s, err := Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Snapshot: s})
}

// TestOverlimit sends a payload behind padding.
func TestOverlimit(t *testing.T) {
	block := func(c *config.Config) { c.Overlimit = config.BlockOverlimit }
	for mode, want := range map[config.Mode]Decision{
		config.Off: {Pass, ModeOff}, config.Monitoring: {Monitor, Overlimit}, config.SafeBlocking: {Monitor, Overlimit}, config.Block: {Deny, Overlimit},
	} {
		r := request(t, padded("/"))
		if d := run(withLimits(t, mode, block), r); d != want {
			t.Errorf("%s: %v, want %v", mode, d, want)
		}
		if d := run(withLimits(t, mode, func(*config.Config) {}), r); mode != config.Off && d != (Decision{Monitor, Overlimit}) {
			t.Errorf("%s, not asked for: %v", mode, d)
		}
	}
}

// TestOverlimitOfRoutes asks at which paths it holds, be they written in two ways.
func TestOverlimitOfRoutes(t *testing.T) {
	node := withLimits(t, config.Block, func(c *config.Config) {
		c.Overlimit = config.BlockOverlimit
		c.Sites[0].Overlimit = new(config.RecordOverlimit)
		c.Sites[0].Routes = []config.Route{{Path: "/login", Overlimit: new(config.BlockOverlimit)}, {Path: "/a", Mode: new(config.Monitoring), Overlimit: new(config.BlockOverlimit)}}
	})
	for path, want := range map[string]Decision{
		"/": {Monitor, Overlimit}, "/login": {Deny, Overlimit}, "/x/..%2flogin": {Deny, Overlimit}, "/login/../x": {Deny, Overlimit}, "/a": {Monitor, Overlimit}, "/a/../x": {Deny, Overlimit},
	} {
		if d := run(node, request(t, padded(path))); d != want {
			t.Errorf("%s: %v, want %v", path, d, want)
		}
	}
}

// TestLimits goes beyond each of them, and says which it was.
func TestLimits(t *testing.T) {
	node := withLimits(t, config.Block, func(c *config.Config) { c.Overlimit = config.BlockOverlimit })
	post := func(contentType, body string) string {
		return fmt.Sprintf("POST / HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", contentType, len(body), body)
	}
	f := func(raw string, cut bool, limit string) {
		t.Helper()
		ex := node.Acquire()
		if err := parse.ReadRequest([]byte(raw), &ex.Request); err != nil {
			t.Fatal(err)
		}
		ex.Request.BodyCut = cut
		node.Begin(ex)
		d := node.Request(ex)
		if limit == "" && d != (Decision{Pass, Clean}) || limit != "" && (d != (Decision{Deny, Overlimit}) || ex.wholeHit(attack.OverlimitRes).Payload != limit || !ex.types().Has(attack.OverlimitRes)) {
			t.Errorf("%.60s: %v beyond %q, want %q", raw, d, ex.limit, limit)
		}
		node.End(ex)
	}
	f(padded("/"), false, "too_many")
	f(post("application/json", strings.Repeat("[", 100)), false, "too_nested")
	f("GET /?a=%"+strings.Repeat("25", 20)+"41%22 HTTP/1.1\r\nHost: h\r\n\r\n", false, "too_deep")
	f(post("application/json", `{"a":"b c"}`), true, "too_long")
	f(post("application/json", `{"a":"b c"}`), false, "")
}
