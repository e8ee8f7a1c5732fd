package event

import (
	"encoding/binary"

	"github.com/cespare/xxhash/v2"
)

// Key groups hits into attacks: hits of one type at one point of one address of
// one application have one key, whatever their source and payload. It is the same
// on every node and after a restart.
type Key uint64

// GroupKey returns the key of a hit. Path should be the path without its query.
func GroupKey(application int32, typ, host, path, point string) Key {
	var d xxhash.Digest
	d.Reset()
	var app [4]byte
	binary.LittleEndian.PutUint32(app[:], uint32(application))
	_, _ = d.Write(app[:])
	for _, s := range [...]string{typ, host, path, point} {
		_, _ = d.WriteString(s)
		_, _ = d.Write([]byte{0})
	}
	return Key(d.Sum64())
}
