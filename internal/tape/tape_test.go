package tape

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"testing"
)

func archived(t *testing.T, h *tar.Header, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	h.Size = int64(len(content))
	if err := w.WriteHeader(h); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHead(t *testing.T) {
	head := archived(t, &tar.Header{Name: "a/b", Mode: 0o644}, string(make([]byte, 700)))[:Block]
	if size, blocks := Content(head); !IsHead(head) || size != 700 || blocks != 1024 || Describes(head) {
		t.Errorf("head %v, %d bytes in %d", IsHead(head), size, blocks)
	}
	Empty(head)
	r := tar.NewReader(bytes.NewReader(head))
	h, err := r.Next()
	if err != nil || h.Name != "a/b" || h.Size != 0 || !IsHead(head) {
		t.Errorf("emptied: %+v, %v", h, err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("behind it: %v", err)
	}
	if head[0]++; !IsHead(head) {
		t.Error("what has the mark is no head")
	}
	if head[Magic]++; IsHead(head) || IsHead(nil) || IsHead(make([]byte, Block)) {
		t.Error("what does not add up is a head")
	}
}

func FuzzEmpty(f *testing.F) {
	f.Add(make([]byte, Block))
	f.Fuzz(func(t *testing.T, block []byte) {
		if !IsHead(block) {
			return
		}
		Empty(block)
		if size, _ := Content(block); size != 0 || !IsHead(block) {
			t.Errorf("%d bytes, head %v", size, IsHead(block))
		}
	})
}
