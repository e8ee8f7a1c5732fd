package filter

import (
	"hash/maphash"
	"slices"
	"sync"
	"time"

	"github.com/weirnode/weir/attack"
)

const (
	suspicionSpan  = 10 * time.Minute // in which suspicions count together
	suspicionCount = 3                // makes an attack
)

// suspects counts different suspicious values by session, path and type in a table of
// fixed size, in which a newer suspect may take the place of an older one. The same
// value again says nothing new: pages poll, and people send a form twice.
type suspects struct {
	seed maphash.Seed
	mu   sync.Mutex // guards the table
	slot [4096]suspect
}

type suspect struct {
	hash   uint64
	since  int64 // Unix nanoseconds of the first suspicion
	count  int
	values [suspicionCount]uint64 // hashes of the first ones
}

// third counts a suspicious value and reports whether the session has come with
// three different ones.
func (s *suspects) third(ex *Exchange, t attack.Type, value []byte) bool {
	var h maphash.Hash
	h.SetSeed(s.seed)
	_, _ = h.Write(ex.session[:])
	_ = h.WriteByte(byte(t))
	_, _ = h.Write(ex.path)
	hash, now := h.Sum64(), ex.Start.UnixNano()
	s.mu.Lock()
	defer s.mu.Unlock()
	one := &s.slot[hash%uint64(len(s.slot))]
	if one.hash != hash || now-one.since > int64(suspicionSpan) {
		*one = suspect{hash: hash, since: now}
	}
	if v := maphash.Bytes(s.seed, value); one.count < suspicionCount && !slices.Contains(one.values[:one.count], v) {
		one.values[one.count] = v
		one.count++
	}
	return one.count >= suspicionCount
}
