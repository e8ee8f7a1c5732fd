package term

import (
	"testing"
	"time"

	"github.com/weirnode/weir/internal/jump"
)

// TestJumpsOfTheClockMoveNoEnd sets the clock, both ways, while something holds for an hour.
func TestJumpsOfTheClockMoveNoEnd(t *testing.T) {
	now := time.Now()
	until := Steady(now.Add(time.Hour).Round(0), now) // a store keeps no monotonic reading
	if !until.Equal(now.Add(time.Hour)) {
		t.Errorf("until %s", until)
	}
	for _, seconds := range []int64{3600, -3600, 3 * 3600, 365 * 86400, -365 * 86400} {
		if Over(until, jump.By(now.Add(59*time.Minute), seconds)) || !Over(until, jump.By(now.Add(61*time.Minute), seconds)) {
			t.Errorf("%d s: the end moved", seconds)
		}
	}
}

func TestNoEnd(t *testing.T) {
	if now := time.Now(); !Steady(time.Time{}, now).IsZero() || Over(time.Time{}, now) {
		t.Error("what has no end ended")
	}
}
