package proxy

import "time"

// epoch is an hour before the process began: 0 stands for never, and lies long ago.
var epoch = time.Now().Add(-time.Hour)

// steady returns a moment as nanoseconds that jumps of the wall clock do not move, for
// what is kept in an atomic number. The moment must be of time.Now in this process.
func steady(t time.Time) int64 { return int64(t.Sub(epoch)) }
