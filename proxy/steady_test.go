package proxy

import (
	"testing"
	"time"

	"github.com/weirnode/weir/internal/jump"
)

// TestJumpsOfTheClockMoveNoDeadline holds that what the proxy remembers of times, write
// deadlines, silence of tunnels, ejections and trials, is not moved by setting the clock.
func TestJumpsOfTheClockMoveNoDeadline(t *testing.T) {
	now := time.Now()
	for _, seconds := range []int64{3600, -3600, 365 * 86400, -365 * 86400} {
		if got, want := steady(jump.By(now, seconds)), steady(now); got != want || got <= 0 {
			t.Errorf("%d s: %d, want %d", seconds, got, want)
		}
	}
}
