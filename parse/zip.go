package parse

import (
	"encoding/binary"

	"github.com/weirnode/weir/internal/pkzip"
)

// maxEntries bounds the entries of an archive that are looked at.
const maxEntries = 1024

// zipBomb reports whether an archive says of itself that it grows beyond what is
// decompressed here, and out of proportion. Nothing is decompressed.
func zipBomb(archive []byte) bool {
	packed, unpacked := uint64(0), uint64(0)
	for range maxEntries {
		if !pkzip.IsLocal(archive) {
			break
		}
		size := uint64(binary.LittleEndian.Uint32(archive[18:]))
		packed += size
		unpacked += uint64(binary.LittleEndian.Uint32(archive[22:]))
		next := pkzip.Content(archive) + size
		if next > uint64(len(archive)) {
			break
		}
		archive = archive[next:]
	}
	return unpacked > maxInflated && unpacked > maxRatio*packed
}
