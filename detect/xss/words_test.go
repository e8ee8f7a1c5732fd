package xss

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/weirnode/weir/detect/lex"
)

// TestWordsAreComplete reads the words out of the switches that ask for more than the filters in front of them.
func TestWordsAreComplete(t *testing.T) {
	filters := map[string]*lex.Words{"sinkWeight": heeded, "secret": heeded, "acts": heeded, "word": heeded, "lookedUp": heeded, "isURLAttribute": holding}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range source.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || filters[f.Name.Name] == nil {
				continue
			}
			for _, word := range casesOf(f) {
				n++
				if !filters[f.Name.Name].Has([]byte(word)) {
					t.Errorf("%s asks for %q, which its filter does not hold", f.Name.Name, word)
				}
			}
		}
	}
	if n < 120 {
		t.Errorf("only %d words", n)
	}
}

// casesOf returns the strings that the switches of a function compare with.
func casesOf(f *ast.FuncDecl) (words []string) {
	ast.Inspect(f, func(node ast.Node) bool {
		clause, ok := node.(*ast.CaseClause)
		if !ok {
			return true
		}
		for _, e := range clause.List {
			if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				word, _ := strconv.Unquote(lit.Value)
				words = append(words, word)
			}
		}
		return true
	})
	return words
}
