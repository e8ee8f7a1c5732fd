package sqli

import (
	"bytes"
	"go/ast"
	source "go/parser"
	tokens "go/token"
	"strconv"
	"strings"
	"testing"
)

// TestKnownIsComplete reads the words out of the switches they are in.
func TestKnownIsComplete(t *testing.T) {
	file, err := source.ParseFile(tokens.NewFileSet(), "words.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		clause, ok := node.(*ast.CaseClause)
		if !ok {
			return true
		}
		for _, e := range clause.List {
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == tokens.STRING {
				n++
				if word, _ := strconv.Unquote(lit.Value); !known.Has([]byte(word)) {
					t.Errorf("known does not hold %q", word)
				}
			}
		}
		return true
	})
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
