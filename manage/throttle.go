package manage

import (
	"sync"
	"time"
)

// A source or an account that failed to sign in freeFailures times must wait,
// twice as long after each further failure up to maxWait.
const (
	freeFailures = 5
	firstWait    = time.Second
	maxWait      = 5 * time.Minute
	maxTracked   = 10_000
)

// throttle slows down guessing. The zero throttle is ready. Its memory is bounded;
// when it is full the tracking starts over, which costs a guesser one round only.
type throttle struct {
	mu    sync.Mutex // guards the map
	tries map[string]*try
}

type try struct {
	failures int
	until    time.Time
}

// wait returns how long any of the keys must still wait.
func (t *throttle) wait(now time.Time, keys ...string) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	var longest time.Duration
	for _, k := range keys {
		if f := t.tries[k]; f != nil {
			longest = max(longest, f.until.Sub(now))
		}
	}
	return longest
}

// failed notes a failure of all keys.
func (t *throttle) failed(now time.Time, keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tries == nil || len(t.tries) > maxTracked {
		t.tries = map[string]*try{}
	}
	for _, k := range keys {
		f := t.tries[k]
		if f == nil {
			f = &try{}
			t.tries[k] = f
		}
		f.failures++
		if over := f.failures - freeFailures; over >= 0 {
			f.until = now.Add(min(firstWait<<min(over, 20), maxWait))
		}
	}
}

// passed forgets the failures of all keys.
func (t *throttle) passed(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range keys {
		delete(t.tries, k)
	}
}
