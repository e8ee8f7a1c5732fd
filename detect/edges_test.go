package detect

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/weirnode/weir/point"
)

var allEdges = flag.Bool("edges", false, "read every literal of the detectors with every beginning and every end, which takes a minute and a half")

// firstEdges is how many of the beginnings and of the ends each literal is read with unless all
// are asked for: those of names and options, which are cut off most often.
const firstEdges = 3

var (
	beginnings = []string{"", "-", "--", "'", "$", "(", " ", ";", "|", "`", "<", "{{", "${", "k ", "k=", "/", `"`, "k.", "'.", "k('", "{", "@", "%", "\n", "#{", "k' or ", "../"}
	ends       = []string{"", "=", " ", ":", "(", "()", "'", `"`, `="`, "[", "{", "<", "$", "/", `\`, "%", "\n", "@", "('", "`", "|", ";", ".", "-", "\u00ad", "\u00ad=", "&", ",", "#", "?", "!", "*", "::", "['", "${", "\x00", "/k", "=k"}
	edgeKinds  = []point.Kind{point.Text, point.HeaderText, point.Text, point.CookieText, point.Text, point.FileHead, point.Text, point.UserAgent, point.Text, point.WholePath, point.Key, point.FileName}
)

// TestEdges reads each literal of the detectors' own sources with beginnings and ends that
// leave a reader with nothing behind it: who knows a word takes the byte next to it.
func TestEdges(t *testing.T) {
	for i, word := range literals(t) {
		all := *allEdges || word == ""
		for b, beginning := range beginnings {
			for e, end := range ends {
				switch first := max(b, e) < firstEdges; {
				case first:
					edge(t, beginning+word+end, point.Text)
				case all:
					edge(t, beginning+word+end, edgeKinds[(i+b+e)%len(edgeKinds)])
				}
			}
		}
	}
}

// edge reads a text and says which one a detector panics at.
func edge(t *testing.T, text string, kind point.Kind) {
	t.Helper()
	defer func() {
		if why := recover(); why != nil {
			t.Errorf("%q as kind %d: %v", text, kind, why)
		}
	}()
	_ = find(text, kind)
}

// literals returns the strings of the detectors' sources.
func literals(tb testing.TB) (words []string) {
	tb.Helper()
	files, err := filepath.Glob("*/*.go")
	if err != nil || len(files) < 100 {
		tb.Fatalf("%d files, %v", len(files), err)
	}
	words = []string{""}
	seen := map[string]bool{"": true}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			tb.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			l, ok := n.(*ast.BasicLit)
			if !ok || l.Kind != token.STRING {
				return true
			}
			if word, err := strconv.Unquote(l.Value); err == nil && !seen[word] {
				seen[word] = true
				words = append(words, word)
			}
			return true
		})
	}
	return words
}
