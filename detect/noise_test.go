package detect

import (
	"encoding/base64"
	"math/rand/v2"
	"testing"

	"github.com/weirnode/weir/point"
)

// TestNoiseIsNoAttack reads what pictures, archives and keys look like: random bytes,
// as they are and as text. Every upload is full of short sequences that mean
// something in some language; only how they go on tells.
func TestNoiseIsNoAttack(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2026))
	for n := range 300 {
		data := make([]byte, 1<<(4+n%12)) // 16 bytes to 32 KB
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		for name, text := range map[string]string{"bytes": string(data), "base64": base64.StdEncoding.EncodeToString(data), "base64url": base64.RawURLEncoding.EncodeToString(data)} {
			for _, kind := range []point.Kind{point.Text, point.CookieText, point.HeaderText} {
				for _, f := range find(text, kind) {
					t.Errorf("%s found in %d random %s, kind %d, with %d:%s", f.Type, len(text), name, kind, f.Score(), marks(&f.Tally))
				}
			}
		}
	}
}
