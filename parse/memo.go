package parse

import (
	"hash/maphash"
	"sync/atomic"
)

// Memo remembers header fields and paths in which nothing was found: a browser's name, a
// session's cookies and tokens come again with every request, and need not be taken
// apart each time. They are known by a keyed hash of 64 bits, so that nobody can make
// something else look like what is known. A memo holds for one set of options; its size is fixed,
// and a newer field may take the place of an older one. It is safe for concurrent use.
type Memo struct {
	seed maphash.Seed
	slot [1 << 14]atomic.Uint64
}

// NewMemo returns an empty memo.
func NewMemo() *Memo { return &Memo{seed: maphash.MakeSeed()} }

// Lengths in bytes from which remembering a field pays, and a path.
const (
	minKnown     = 16
	minKnownPath = 4
)

// hash returns the hash of a field of requests to a host, never 0. A path is a field without a
// name, which no field is: the two are read in different ways.
func (m *Memo) hash(host, name, value []byte) uint64 {
	return (maphash.Bytes(m.seed, value) + maphash.Bytes(m.seed, name)*0x9e3779b97f4a7c15 + maphash.Bytes(m.seed, host)*0xc2b2ae3d27d4eb4f) | 1
}

func (m *Memo) knows(h uint64) bool { return m.slot[h>>50].Load() == h }

// Learn remembers the fields that a request brought. Nothing must have been found in it.
func (m *Memo) Learn(p *Points) {
	for _, h := range p.fresh {
		m.slot[h>>50].Store(h)
	}
}

// known reports whether a field, or a path, need not be read. One that is new is noted.
func (p *Points) known(name, value []byte, least int) bool {
	if p.memo == nil || len(value) < least {
		return false
	}
	h := p.memo.hash(p.Tree.Host, name, value)
	if p.memo.knows(h) {
		return true
	}
	p.fresh = append(p.fresh, h)
	return false
}
