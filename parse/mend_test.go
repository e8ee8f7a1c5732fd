package parse

import (
	"bytes"
	"testing"
)

func TestMend(t *testing.T) {
	f := func(raw, want string, folds, bare int) {
		t.Helper()
		got, gotFolds, gotBare := Mend([]byte(raw))
		if string(got) != want || gotFolds != folds || gotBare != bare {
			t.Errorf("%q: %q, %d folds, %d bare; want %q, %d, %d", raw, got, gotFolds, gotBare, want, folds, bare)
		}
	}
	f("", "", 0, 0)
	f("A: 1\r\nB: 2\r\n\r\n", "A: 1\r\nB: 2\r\n\r\n", 0, 0)
	f("A: 1\r\n\tx\r\n\r\n", "A: 1  \tx\r\n\r\n", 1, 0)
	f("A: 1\n x\r\n\r\n", "A: 1  x\r\n\r\n", 1, 0)
	f("A: 1\nB: 2\r\n\r\n", "A: 1\r\nB: 2\r\n\r\n", 0, 1)
	f("A: 1\r\n\nB: 2\r\n", "A: 1\r\n\nB: 2\r\n", 0, 0)
	f("A: 1\n\nB: 2\r\n", "A: 1\r\n\nB: 2\r\n", 0, 1)
}

func TestDisguisedNames(t *testing.T) {
	for name, want := range map[string]bool{
		"Transfer-Encoding": false, "transfer_encoding": true, "Transfer--Encoding": true, "TransferEncoding": true, "T-ransfer-Encoding": true,
		"X-Transfer-Encoding": false, "Transfer-Encoding2": false, "Transfer-Encodings": false, "Transfer": false, "'Transfer-Encoding'": true,
	} {
		if got := disguised([]byte(name), "transfer-encoding"); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// FuzzFrame holds that what Frame accepts, mended or not, is free of what ends lines.
func FuzzFrame(f *testing.F) {
	f.Add([]byte("Host: h\r\nX: a\r\n b\r\nContent-Length: 3\r\n\r\n"), true)
	f.Add([]byte("Host: h\nTransfer-Encoding: chunked\r\n\r\n"), false)
	f.Fuzz(func(t *testing.T, raw []byte, lenient bool) {
		r := Request{Method: []byte("POST"), Target: []byte("/"), Proto: []byte("HTTP/1.1")}
		if lenient {
			raw, _, _ = Mend(bytes.Clone(raw))
		}
		if r.Frame(raw, 100) != NoFault {
			return
		}
		for _, field := range r.Fields {
			if bytes.ContainsAny(field.Name, "\r\n: \t") || bytes.ContainsAny(field.Value, "\r\n\x00") {
				t.Fatalf("accepted %q: %q", field.Name, field.Value)
			}
		}
	})
}
