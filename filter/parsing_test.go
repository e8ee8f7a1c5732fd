package filter

import (
	"testing"

	"github.com/weirnode/weir/config"
)

// TestParsersAreOffAtAPoint sends one encoded attack to a point at which base64 is not
// read, and to others.
func TestParsersAreOffAtAPoint(t *testing.T) {
	f := func(off config.OffAt, target string, want Decision) {
		t.Helper()
		cfg, problems := config.ForUpstream("http://127.0.0.1:1")
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		cfg.Mode, cfg.Sites[0].Application.ID, cfg.Parse.OffAt = config.Block, 1, []config.OffAt{off}
		s, err := Compile(cfg, nil, make([]byte, 16))
		if err != nil {
			t.Fatal(err)
		}
		node := New(Options{Snapshot: s})
		for range 2 { // the second time with what the memo learned
			if d := run(node, request(t, "GET "+target+" HTTP/1.1\r\nHost: h\r\n\r\n")); d != want {
				t.Errorf("%+v, %s: %v, want %v", off, target, d, want)
			}
		}
	}
	const attack = "=MScgVU5JT04gU0VMRUNUIHVzZXIscGFzcyBGUk9NIHVzZXJzLS0g"
	image := config.OffAt{Parsers: []string{"base64"}, Point: "[get, 'image']"}
	f(image, "/?image"+attack, Decision{Pass, Clean})
	f(image, "/?id"+attack, Decision{Deny, Attack})
	f(config.OffAt{Parsers: []string{"xml"}, Point: "[get, 'image']"}, "/?image"+attack, Decision{Deny, Attack})
	own, other := image, image
	own.Application, other.Application = 1, 2
	f(own, "/?image"+attack, Decision{Pass, Clean})
	f(other, "/?image"+attack, Decision{Deny, Attack})
	f(image, "/?image=1%27%20UNION%20SELECT%20user,pass%20FROM%20users--%20", Decision{Deny, Attack})
}
