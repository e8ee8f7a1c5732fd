//go:build !race

package filter

import (
	"testing"

	"github.com/weirnode/weir/config"
)

func TestCleanRequestsDoNotAllocate(t *testing.T) {
	f := forTest(t, config.Block)
	for name, raw := range clean() {
		r := request(t, raw)
		if n := testing.AllocsPerRun(200, func() { run(f, r) }); n != 0 {
			t.Errorf("%s: %v allocations in parse, detect and decide", name, n)
		}
	}
}
