package filter

import (
	"hash/maphash"
	"sync"
	"time"

	"github.com/weirnode/weir/attack"
)

const (
	suspicionSpan  = 10 * time.Minute // in which suspicions count together
	suspicionCount = 3                // makes an attack
)

// suspects counts suspicions by source, path and type in a table of fixed size, in
// which a newer suspect may take the place of an older one.
type suspects struct {
	seed maphash.Seed
	mu   sync.Mutex // guards the table
	slot [4096]suspect
}

type suspect struct {
	hash  uint64
	since int64 // Unix nanoseconds of the first suspicion
	count int
}

// third counts a suspicion and reports whether it is at least the third.
func (s *suspects) third(ex *Exchange, t attack.Type) bool {
	var h maphash.Hash
	h.SetSeed(s.seed)
	address := ex.Client.As16()
	_, _ = h.Write(address[:])
	_ = h.WriteByte(byte(t))
	_, _ = h.Write(ex.path)
	hash, now := h.Sum64(), ex.Start.UnixNano()
	s.mu.Lock()
	defer s.mu.Unlock()
	one := &s.slot[hash%uint64(len(s.slot))]
	if one.hash != hash || now-one.since > int64(suspicionSpan) {
		*one = suspect{hash: hash, since: now}
	}
	one.count++
	return one.count >= suspicionCount
}
