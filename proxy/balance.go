package proxy

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
)

// pick chooses the target of a request: by the upstream's way of balancing among
// targets that are fit, else among all, since a doubtful target beats none.
func (u *upstream) pick(now time.Time, key uint64) *target {
	if len(u.targets) == 1 {
		return u.targets[0]
	}
	var t *target
	switch u.balance {
	case config.LeastConnections:
		t = u.leastBusy(now)
	case config.Hash:
		t = u.nearest(now, key)
	default:
		t = u.nextInTurn(now)
	}
	if t == nil {
		t = u.targets[rand.IntN(len(u.targets))] //nolint:gosec // nothing is kept secret by it
	}
	return t
}

func (u *upstream) nextInTurn(now time.Time) *target {
	n := uint32(len(u.targets))
	first := u.next.Add(1)
	var slow *target
	for i := range n + 1 {
		t := u.targets[(first+i)%n]
		if !t.fit(now, &u.health) {
			if i == 0 {
				first = rand.Uint32N(n) //nolint:gosec // nothing is kept secret by it; or its neighbour would always get its share too
			}
			continue
		}
		if t.warm(now, &u.health) {
			return t
		}
		slow = t
	}
	return slow
}

// leastBusy returns the fit target with the fewest requests at work; a target that
// starts slowly counts as busier than it is.
func (u *upstream) leastBusy(now time.Time) (best *target) {
	first := u.next.Add(1)
	least := int64(0)
	for i := range u.targets {
		t := u.targets[(int(first%uint32(len(u.targets)))+i)%len(u.targets)]
		if !t.fit(now, &u.health) {
			continue
		}
		if t.ejected.Load() != 0 {
			return t // on trial
		}
		busy := t.busy.Load()
		if !t.warm(now, &u.health) {
			busy = 2*busy + 8
		}
		if best == nil || busy < least {
			best, least = t, busy
		}
	}
	return best
}

// nearest returns the fit target that a key belongs to. When a target comes or goes
// only its own keys move (rendezvous hashing).
func (u *upstream) nearest(now time.Time, key uint64) *target {
	if best := u.nearestOf(now, key, true); best == nil || best.fit(now, &u.health) {
		return best
	}
	return u.nearestOf(now, key, false)
}

// nearestOf counts targets that may be tried again only with those that are due.
func (u *upstream) nearestOf(now time.Time, key uint64, withDue bool) (best *target) {
	var highest uint64
	for _, t := range u.targets {
		if until := t.ejected.Load(); t.down.Load() || !t.alive(now) || until != 0 && (!withDue || steady(now) < until) {
			continue
		}
		var b [16]byte
		binary.LittleEndian.PutUint64(b[:], key)
		binary.LittleEndian.PutUint64(b[8:], t.seed)
		if score := xxhash.Sum64(b[:]); best == nil || score > highest {
			best, highest = t, score
		}
	}
	return best
}

// key returns what a request is hashed by, if it is: its session, else its client.
func (u *upstream) key(ex *exchange) uint64 {
	if u.balance != config.Hash || len(u.targets) == 1 {
		return 0
	}
	if s := ex.Session(); s != (event.Session{}) {
		return xxhash.Sum64(s[:])
	}
	b := ex.Client.As16()
	return xxhash.Sum64(b[:])
}

// fit reports whether a target may be given a request. One that was ejected for long
// enough may be given a single one, on trial.
func (t *target) fit(now time.Time, h *health) bool {
	if t.down.Load() || !t.alive(now) {
		return false
	}
	until := t.ejected.Load()
	switch {
	case until == 0:
		return true
	case steady(now) < until:
		return false
	}
	begun := t.trial.Load()
	return steady(now)-begun > int64(h.ejectFor) && t.trial.CompareAndSwap(begun, steady(now))
}

// warm reports whether a target that has come back takes this request: few at
// first, all after the slow start.
func (t *target) warm(now time.Time, h *health) bool {
	since := steady(now) - t.back.Load()
	if h.slowStart == 0 || since >= int64(h.slowStart) {
		return true
	}
	return rand.Int64N(int64(h.slowStart)) < max(since, int64(h.slowStart)/10) //nolint:gosec // nothing is kept secret by it
}

// report tells how a request to a target went. Failures in a row eject it, each time
// for longer; a success brings it back.
func (u *upstream) report(t *target, ok bool, now time.Time) {
	if ok {
		if t.failures.Load() != 0 {
			t.failures.Store(0)
		}
		if t.ejected.Load() != 0 && t.ejected.Swap(0) != 0 {
			t.ejections.Store(0)
			t.back.Store(steady(now))
		}
		return
	}
	failures := t.failures.Add(1)
	if onTrial := t.ejected.Load() != 0; failures < u.health.ejectAfter && !onTrial {
		return
	}
	n := min(t.ejections.Add(1), maxEjections)
	t.failures.Store(0)
	t.ejected.Store(steady(now.Add(time.Duration(n) * u.health.ejectFor)))
	u.metrics.ejected.Inc()
}

// maxEjections bounds how much longer every further ejection lasts.
const maxEjections = 6
