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

// hash returns the hash of a field, never 0. A path is a field with the host for a name.
func (m *Memo) hash(f *Field) uint64 {
	return (maphash.Bytes(m.seed, f.Value) + maphash.Bytes(m.seed, f.Name)*0x9e3779b97f4a7c15) | 1
}

func (m *Memo) knows(h uint64) bool { return m.slot[h>>50].Load() == h }

// Learn remembers the fields that a request brought. Nothing must have been found in it.
func (m *Memo) Learn(p *Points) {
	for _, h := range p.fresh {
		m.slot[h>>50].Store(h)
	}
}

// known reports whether a field need not be read. One that is new is noted.
func (p *Points) known(f *Field, least int) bool {
	if p.memo == nil || len(f.Value) < least {
		return false
	}
	h := p.memo.hash(f)
	if p.memo.knows(h) {
		return true
	}
	p.fresh = append(p.fresh, h)
	return false
}
