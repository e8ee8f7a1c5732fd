// Package arena hands out memory in blocks: bytes for decoded values that live as
// long as an exchange, and strings for records that live as long as their batch.
// It is the only package that uses unsafe.
package arena

import (
	"slices"
	"unsafe"
)

const blockSize = 64 << 10

// keptBlock bounds the memory that an idle Arena keeps.
const keptBlock = 256 << 10

// Arena holds decoded bytes until Reset. The zero Arena is ready.
type Arena struct {
	block []byte // bytes handed out, with free capacity behind them
	size  int    // bytes handed out since Reset
}

// Grow returns an empty slice with room for n bytes. The caller appends at most n
// bytes and calls Commit before the next Grow.
func (a *Arena) Grow(n int) []byte {
	if cap(a.block)-len(a.block) < n {
		a.block = make([]byte, 0, max(n, blockSize))
	}
	return a.block[len(a.block):len(a.block):cap(a.block)]
}

// Commit keeps what was appended to the slice of the last Grow and returns it with
// its capacity cut, so that appending to it later cannot reach into other values.
func (a *Arena) Commit(b []byte) []byte {
	a.block = a.block[:len(a.block)+len(b)]
	a.size += len(b)
	return slices.Clip(b)
}

// Copy keeps a copy of b.
func (a *Arena) Copy(b []byte) []byte { return a.Commit(append(a.Grow(len(b)), b...)) }

// Size returns the bytes handed out since Reset.
func (a *Arena) Size() int { return a.size }

// Reset takes all memory back: what was handed out must not be used any more.
func (a *Arena) Reset() {
	a.size = 0
	if cap(a.block) > keptBlock {
		a.block = nil
	}
	a.block = a.block[:0]
}

// Strings copies strings into shared blocks, so that many small strings cost few
// allocations. Blocks are never used again; they are freed with their last string.
type Strings struct{ block []byte }

// Clone returns a copy of s.
func (s *Strings) Clone(x string) string {
	if x == "" {
		return ""
	}
	if cap(s.block)-len(s.block) < len(x) {
		s.block = make([]byte, 0, max(len(x), blockSize))
	}
	start := len(s.block)
	s.block = append(s.block, x...)
	return View(s.block[start:])
}

// View returns b as a string without copying: valid while b is not changed.
func View(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) } //nolint:gosec // the doc says how long it holds
