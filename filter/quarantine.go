package filter

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirnode/weir/attack"
)

// A detector that panics tolerance times within span is switched off until the
// next snapshot: wire.md's rule that what fails again and again is taken out of
// the path of traffic.
const (
	tolerance = 10
	span      = time.Minute
)

// quarantine counts panics of detectors.
type quarantine struct {
	types atomic.Uint64 // attack.Set of detectors that are off
	mu    sync.Mutex    // guards the fields below
	since [64]time.Time
	seen  [64]int
}

func (q *quarantine) off() attack.Set { return attack.Set(q.types.Load()) }

func (q *quarantine) lift() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.types.Store(0)
	clear(q.seen[:])
}

// count notes a panic. first is true for the first one of a span, which is the one
// worth a log line; off is true when the detector has just been switched off.
func (q *quarantine) count(t attack.Type, now time.Time) (first, off bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.seen[t] == 0 || now.Sub(q.since[t]) > span {
		q.since[t], q.seen[t] = now, 0
	}
	q.seen[t]++
	if off = q.seen[t] == tolerance; off {
		q.types.Store(q.types.Load() | uint64(attack.SetOf(t)))
	}
	return q.seen[t] == 1, off
}
