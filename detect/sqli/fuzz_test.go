package sqli

import (
	"testing"

	"github.com/weirnode/weir/point"
)

// FuzzTokens checks that tokens go forward, stay inside of the value and end.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"1' or 1=1--", "/*!50000union*/ select", "{fn f()}", "$a$x$a$", "[x]", "array[1]", "\\N", "1e0union", "n'x'", "@@version", "#>'{a}'", "1–", "\u00a01"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l := lexer{data: data}
		last := 0
		for n := 0; ; n++ {
			tok := l.next()
			if tok.off < last || tok.len < 0 || tok.off+tok.len > len(data) {
				t.Fatalf("token %+v behind %d of %d bytes", tok, last, len(data))
			}
			if tok.kind == end {
				return
			}
			if tok.len == 0 || n > len(data) {
				t.Fatalf("token %+v does not go forward", tok)
			}
			last = tok.off + tok.len
		}
	})
}

func FuzzScan(f *testing.F) {
	detector.Fuzz(f, point.Text, "1' or (select 1 from users where 1=1)--")
}
