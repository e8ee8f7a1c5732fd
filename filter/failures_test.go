package filter

import (
	"bytes"
	"testing"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// TestFailuresChangeNothingForOthers makes a detector panic again and again: it goes on finding
// what others send, and only the first failure of a minute is worth a line.
func TestFailuresChangeNothingForOthers(t *testing.T) {
	sign := evidence.Sign{Stamp: 1, Name: "planted", Text: "planted", Weight: 20}
	f := forTest(t, config.Block)
	f.engine = detect.New(detect.Detector{
		Type: attack.RCE, Gate: func(*point.Value) bool { return true },
		Scan: func(v *point.Value, _ *point.Tree, best *evidence.Tally) {
			if bytes.Equal(v.Data, []byte("fail now")) {
				panic("planted")
			}
			if bytes.Equal(v.Data, []byte("find me")) {
				best.Add(&sign, 0, 4)
			}
		},
	})
	for range 50 {
		if d := run(f, request(t, "GET /?a=fail+now HTTP/1.1\r\nHost: h\r\n\r\n")); d.Action != Pass {
			t.Fatalf("a failing request: %v", d)
		}
	}
	if d := run(f, request(t, "GET /?a=find+me HTTP/1.1\r\nHost: h\r\n\r\n")); d != (Decision{Deny, Attack}) {
		t.Errorf("another request: %v", d)
	}
}
