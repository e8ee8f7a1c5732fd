package jump

import (
	"testing"
	"time"
)

func TestBy(t *testing.T) {
	now := time.Now()
	for _, seconds := range []int64{3600, -3600, 365 * 86400, -365 * 86400, 1, -1} {
		set := By(now, seconds)
		if d := set.Round(0).Sub(now.Round(0)); d != time.Duration(seconds)*time.Second {
			t.Errorf("the wall clock moved by %s, want %d s", d, seconds)
		}
		if d := set.Sub(now); d != 0 {
			t.Errorf("the monotonic clock moved by %s", d)
		}
	}
}
