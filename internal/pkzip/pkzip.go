// Package pkzip knows where things stand in ZIP archives: APPNOTE 6.3.10, 4.3.7 and 4.3.12.
package pkzip

import (
	"bytes"
	"encoding/binary"
)

// How the heads begin: of a member, of its entry in the directory, of the record behind that.
const (
	Local   = "PK\x03\x04"
	Central = "PK\x01\x02"
	End     = "PK\x05\x06"
)

// Sizes of these heads without the names behind them, in bytes.
const (
	LocalSize   = 30
	CentralSize = 46
	EndSize     = 22
)

// Fields of both heads: where the lengths of the name and of what else follows it stand.
const (
	localName   = 26
	centralName = 28
)

// IsLocal reports whether a whole head of a member begins here.
func IsLocal(b []byte) bool { return len(b) >= LocalSize && bytes.HasPrefix(b, []byte(Local)) }

// IsCentral reports whether a whole entry of a directory begins here, but for what follows its head.
func IsCentral(b []byte) bool { return len(b) >= CentralSize && bytes.HasPrefix(b, []byte(Central)) }

// LocalName returns the length of the name behind a member's head, CentralName that behind an entry.
func LocalName(head []byte) int { return int(binary.LittleEndian.Uint16(head[localName:])) }

// CentralName is [LocalName] for an entry of the directory.
func CentralName(entry []byte) int { return int(binary.LittleEndian.Uint16(entry[centralName:])) }

// Entry returns the length of an entry of the directory: its head, name, extra field and comment.
func Entry(entry []byte) int {
	extra, comment := binary.LittleEndian.Uint16(entry[centralName+2:]), binary.LittleEndian.Uint16(entry[centralName+4:])
	return CentralSize + CentralName(entry) + int(extra) + int(comment)
}

// Content returns where the content of the member begins with whose head an archive begins.
func Content(head []byte) uint64 {
	extra := binary.LittleEndian.Uint16(head[localName+2:])
	return LocalSize + uint64(LocalName(head)) + uint64(extra)
}

// Member returns the content of the member at an offset, nil if not all of it is there.
func Member(archive []byte, offset, size uint32) []byte {
	from := uint64(offset)
	if from > uint64(len(archive)) || !IsLocal(archive[from:]) {
		return nil
	}
	from += Content(archive[from:])
	if from+uint64(size) > uint64(len(archive)) {
		return nil
	}
	return archive[from : from+uint64(size)]
}
