package iplist

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/jump"
)

// oneEntry is a store of one entry, whose times have no monotonic reading, as those that
// come from a disk.
type oneEntry struct {
	Store
	entry Entry
}

func (s oneEntry) Since(_ context.Context, revision int64) ([]Entry, error) {
	if revision > 0 {
		return nil, nil
	}
	return []Entry{s.entry}, nil
}

// TestJumpsOfTheClockEndNoEntry sets the clock by an hour and by a year, both ways, while
// an address is denied for two hours.
func TestJumpsOfTheClockEndNoEntry(t *testing.T) {
	address := netip.MustParseAddr("192.0.2.1")
	for _, seconds := range []int64{3600, -3600, 3 * 3600, 365 * 86400, -365 * 86400} {
		l, err := New(t.Context(), Options{Store: oneEntry{entry: Entry{
			ID: 1, Revision: 1, Kind: Deny, Prefix: netip.PrefixFrom(address, 32), Until: time.Now().Add(2 * time.Hour).Round(0),
		}}})
		if err != nil {
			t.Fatal(err)
		}
		denied := func(after time.Duration) bool {
			l.sweep(jump.By(time.Now().Add(after), seconds))
			return l.Lookup(address, 0).Kind == Deny
		}
		if !denied(time.Minute) || !denied(119*time.Minute) || denied(121*time.Minute) {
			t.Errorf("%d s: the end of the entry moved", seconds)
		}
	}
}
