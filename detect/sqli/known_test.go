package sqli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/weirnode/weir/detect/detecttest"
)

func TestKnownIsComplete(t *testing.T) {
	n := 0
	for _, words := range detecttest.Cases(t, "words.go") {
		for _, word := range words {
			if n++; !known.Has([]byte(word)) {
				t.Errorf("known does not hold %q", word)
			}
		}
	}
	if n < 300 {
		t.Errorf("only %d words", n)
	}
}

// TestPlain compares what tells plain names with what looks them up.
func TestPlain(t *testing.T) {
	for w := range strings.FieldsSeq("desk select sel unionunion uniunionon oorr anandd pg_class PG_x dba_a dbms_a utl_file rdb$x mon$x stl_load a ab _a _utf8 the thing aabb abab sleep e n x user users xp_cmdshell k\u00e9y") {
		for _, behind := range []string{"", " ", "'", " '", "/**/", "&'", "(", "\u00a0", "x"} {
			text := w + behind
			l := lexer{data: []byte(text)}
			l.words()
			w := l.data[:l.pos]
			if len(w) == 0 || !l.plain(w) {
				continue
			}
			k, key := lookUp(bytes.ToLower(w))
			l = lexer{data: []byte(text)}
			if got := l.next(); k != name || key != 0 || got.kind != name || got.len != len(w) {
				t.Errorf("%q is said to be a plain name, and is read as %v", text, got)
			}
		}
	}
}
