package pkzip

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"testing"
)

// TestArchive walks an archive that the library wrote.
func TestArchive(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"a", "folder/b"} {
		f, err := w.CreateRaw(&zip.FileHeader{Name: name, Comment: "k", Extra: []byte{1, 2, 3, 4, 5}, CompressedSize64: 4, UncompressedSize64: 4})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("text")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	archive := b.Bytes()
	directory := bytes.Index(archive, []byte(Central))
	for _, name := range []string{"a", "folder/b"} {
		entry := archive[directory:]
		if !IsCentral(entry) || string(entry[CentralSize:CentralSize+CentralName(entry)]) != name {
			t.Fatalf("%q is not the entry of %s", entry[:CentralSize+10], name)
		}
		offset := binary.LittleEndian.Uint32(entry[42:])
		if head := archive[offset:]; LocalName(head) != len(name) || string(Member(archive, offset, 4)) != "text" {
			t.Errorf("%s holds %q", name, Member(archive, offset, 4))
		}
		directory += Entry(entry)
	}
	if !bytes.HasPrefix(archive[directory:], []byte(End)) || len(archive)-directory != EndSize {
		t.Error("the directory does not end where the entries do")
	}
	for _, at := range []uint32{1, uint32(len(archive)), 1 << 31} {
		if Member(archive, at, 4) != nil {
			t.Errorf("a member begins at %d", at)
		}
	}
	if Member(archive, 0, uint32(len(archive))) != nil || IsLocal(archive[:LocalSize-1]) || IsCentral(nil) {
		t.Error("what is cut is whole")
	}
}
