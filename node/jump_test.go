package node

import (
	"testing"
	"time"

	"github.com/weirnode/weir/internal/jump"
)

// TestJumpsOfTheClockMakeNothingOld holds that retention does not believe a clock that
// was set forward: it would drop all records.
func TestJumpsOfTheClockMakeNothingOld(t *testing.T) {
	started := time.Now()
	for _, seconds := range []int64{0, 3600, -3600, 365 * 86400, -365 * 86400} {
		now := steadyNow(started, jump.By(started.Add(time.Hour), seconds))
		want := started.Add(time.Hour).Add(time.Duration(min(seconds, 0)) * time.Second).Round(0)
		if !now.Round(0).Equal(want) {
			t.Errorf("%d s: %s, want %s", seconds, now, want)
		}
	}
}
