// Package jump makes, for tests, moments as time.Now gives them after the wall clock has
// been set: what has passed since others by the monotonic clock stays as it was.
package jump

import (
	"time"
	"unsafe"
)

// By returns a moment of time.Now as it would be if the wall clock had been set forward
// by a number of whole seconds just before, or back for a negative one.
func By(t time.Time, seconds int64) time.Time {
	// The seconds of a moment with a monotonic reading stand in bits 30 to 62 of its
	// first word.
	word := (*uint64)(unsafe.Pointer(&t)) //nolint:gosec // there is no other way to make such a moment
	*word += uint64(seconds) << 30        // a negative number borrows as it should
	return t
}
