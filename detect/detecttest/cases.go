package detecttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"testing"
)

// Cases returns the strings that switches in a package's files compare with, by the function they are in. Filters in
// front of switches are tested with them.
func Cases(tb testing.TB, pattern string) map[string][]string {
	tb.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		tb.Fatalf("%d files, %v", len(files), err)
	}
	cases := map[string][]string{}
	for _, file := range files {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			tb.Fatal(err)
		}
		for _, d := range source.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				cases[f.Name.Name] = append(cases[f.Name.Name], casesOf(f)...)
			}
		}
	}
	return cases
}

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
