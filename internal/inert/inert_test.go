package inert

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestJSON(t *testing.T) {
	f := func(value, want string) {
		t.Helper()
		var b bytes.Buffer
		if err := json.NewEncoder(JSON(&b)).Encode(value); err != nil {
			t.Fatal(err)
		}
		if got := b.String(); got != want+"\n" {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
		var back string
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != value {
			t.Errorf("%q reads back as %q (%v)", value, back, err)
		}
	}
	f("plain", `"plain"`)
	f("grün 漢字", `"grün 漢字"`)
	f("a\x1b[31mb\r\n\x00", `"a\u001b[31mb\r\n\u0000"`)
	f("a\x7fb", `"a\u007fb"`)
	f("a\u009b31mb\u0085", `"a\u009b31mb\u0085"`)
	f("a\u202eb\u2066c\u2069\u200f", `"a\u202eb\u2066c\u2069\u200f"`)
	f("line\u2028", `"line\u2028"`)
}

func TestText(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		if got := Text(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
	f("plain \"text\"\nnext", "plain \"text\"\nnext")
	f("grün", "grün")
	f("a\x1b[31m\r\x00", `a\x1b[31m\r\x00`)
	f("a\x7f\u009b\u202e\u2069", `a\x7f\u009b\u202e\u2069`)
	f("bad \xff byte", `bad \xff byte`)
}
