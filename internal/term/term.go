// Package term tells when something ends that holds for a while: an entry of a list, a block. The zero moment
// is no end.
package term

import "time"

// Steady returns a moment that is as far from now as until is by the wall clock, and
// stays so when that clock is set.
func Steady(until, now time.Time) time.Time {
	if until.IsZero() {
		return until
	}
	return now.Add(until.Sub(now))
}

// Over reports whether until has come.
func Over(until, now time.Time) bool { return !until.IsZero() && !now.Before(until) }
