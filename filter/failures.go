package filter

import (
	"sync/atomic"
	"time"

	"github.com/weirnode/weir/attack"
)

// quiet is how long further failures of the same detector are counted only.
const quiet = time.Minute

// failures tells which failure is worth a line in the log. A detector that fails is stepped
// over on that value and never switched off: what one client sends must not change what is
// found in the requests of others.
type failures struct{ logged [64]atomic.Int64 }

// first reports whether none of a detector was told within the last minute; [attack.None]
// stands for the parsers.
func (f *failures) first(t attack.Type, now time.Time) bool {
	last := f.logged[t].Load()
	return now.UnixNano()-last > int64(quiet) && f.logged[t].CompareAndSwap(last, now.UnixNano())
}
