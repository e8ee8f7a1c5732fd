package arena

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestValuesDoNotTouchEachOther(t *testing.T) {
	var a Arena
	var kept [][]byte
	for i := range 2000 {
		kept = append(kept, a.Copy(bytes.Repeat([]byte{byte(i)}, i%200)))
	}
	b := append(a.Grow(10), "abc"...)
	b = a.Commit(b)
	_ = append(b, "overrun"...)
	kept = append(kept, a.Copy([]byte("next")))
	for i, k := range kept[:2000] {
		if len(k) != i%200 || bytes.Count(k, []byte{byte(i)}) != len(k) {
			t.Fatalf("value %d changed", i)
		}
	}
	if string(kept[2000]) != "next" || string(b) != "abc" {
		t.Fatalf("got %q and %q", kept[2000], b)
	}
	a.Reset()
	if a.Size() != 0 {
		t.Errorf("size %d after reset", a.Size())
	}
}

func TestStringsSurviveTheirSource(t *testing.T) {
	var s Strings
	buf := []byte("x")
	var kept []string
	for i := range 5000 {
		buf = fmt.Appendf(buf[:0], "text %d %s", i, strings.Repeat("y", i%300))
		kept = append(kept, s.Clone(View(buf)))
	}
	for i, k := range kept {
		if want := fmt.Sprintf("text %d %s", i, strings.Repeat("y", i%300)); k != want {
			t.Fatalf("string %d is %q", i, k)
		}
	}
}
