package parse

import (
	"bytes"
	"encoding/binary"
)

// maxEntries bounds the entries of an archive that are looked at.
const maxEntries = 1024

// zipBomb reports whether an archive says of itself that it grows beyond what is
// decompressed here, and out of proportion. Nothing is decompressed.
func zipBomb(archive []byte) bool {
	packed, unpacked := uint64(0), uint64(0)
	for range maxEntries {
		if len(archive) < localHead || !bytes.HasPrefix(archive, []byte("PK\x03\x04")) {
			break
		}
		size := uint64(binary.LittleEndian.Uint32(archive[18:]))
		packed += size
		unpacked += uint64(binary.LittleEndian.Uint32(archive[22:]))
		next := contentOffset(archive) + size
		if next > uint64(len(archive)) {
			break
		}
		archive = archive[next:]
	}
	return unpacked > maxInflated && unpacked > maxRatio*packed
}

// localHead is how many bytes stand in front of a member of an archive, without its name.
const localHead = 30

// contentOffset returns where the content of the member begins with whose head an archive begins:
// APPNOTE 6.3.10, 4.3.7.
func contentOffset(archive []byte) uint64 {
	return localHead + uint64(binary.LittleEndian.Uint16(archive[26:])) + uint64(binary.LittleEndian.Uint16(archive[28:]))
}
