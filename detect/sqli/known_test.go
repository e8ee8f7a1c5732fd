package sqli

import (
	"go/ast"
	source "go/parser"
	tokens "go/token"
	"strconv"
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
