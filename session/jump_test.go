package session

import (
	"testing"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/internal/jump"
)

// jumps are how far the clock is set, in seconds: an hour and a year, both ways.
var jumps = []int64{3600, -3600, 365 * 86400, -365 * 86400}

// TestJumpsOfTheClockEndNoSession sets the clock between two requests of a session.
func TestJumpsOfTheClockEndNoSession(t *testing.T) {
	for _, seconds := range jumps {
		table, err := New(t.Context(), Options{Config: config.Session{Idle: config.Duration(30 * time.Minute)}})
		if err != nil {
			t.Fatal(err)
		}
		now, id := time.Now(), event.Session{1}
		table.Observe(id, Observation{Time: now})
		if s := table.Observe(id, Observation{Time: jump.By(now.Add(time.Second), seconds)}); s.Requests != 2 {
			t.Errorf("%d s: the session began anew: %+v", seconds, s)
		}
		if s := table.Observe(id, Observation{Time: jump.By(now.Add(32*time.Minute), seconds)}); s.Requests != 1 {
			t.Errorf("%d s: idle for half an hour and not ended: %+v", seconds, s)
		}
	}
}
