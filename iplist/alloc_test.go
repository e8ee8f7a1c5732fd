//go:build !race

package iplist

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirnode/weir/config"
)

func TestLookupDoesNotAllocate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, config.Lists{Allow: fromFile("10.0.0.0/8"), Deny: fromFile("2001:db8::/32")})
		put(t, l, Gray, "192.0.2.0/24", 2, time.Hour)
		put(t, l, Gray, "192.0.2.7/32", 2, 10*time.Minute)
		time.Sleep(20 * time.Minute) //nolint:forbidigo // the clock of the bubble; 192.0.2.7 has ended
		for _, text := range []string{"10.1.2.3", "2001:db8::1", "192.0.2.1", "192.0.2.7", "::ffff:192.0.2.1", "203.0.113.1"} {
			addr := netip.MustParseAddr(text)
			if n := testing.AllocsPerRun(100, func() { l.Lookup(addr, 2) }); n != 0 {
				t.Errorf("%s: %v allocations", text, n)
			}
		}
	})
}
