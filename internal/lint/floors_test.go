// Package lint holds the architecture as tests: who may import whom, a doc comment
// for every package, and the glossary's words.
package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/weirnode/weir"

// floors lists all packages bottom-up. A package imports only from lower floors.
var floors = [][]string{
	{
		"attack", "point", "internal/arena", "internal/golden", "internal/handover", "internal/inert", "internal/jump", "internal/killers", "internal/lint",
		"internal/load", "internal/mutate", "internal/pkzip", "internal/places", "internal/tape", "internal/term",
	},
	{"event", "detect/evidence", "detect/lex"},
	{"detect/host", "detect/detecttest"},
	{
		"detect/sqli", "detect/xss", "detect/rce", "detect/ptrav", "detect/ssti", "detect/nosqli", "detect/ldapi", "detect/xxe", "detect/ssrf", "detect/redir", "detect/crlf",
		"detect/mail", "detect/ssi", "detect/scanner", "detect/upload", "detect/mass",
	},
	{"config", "parse", "detect"},
	{"rule", "session", "iplist"},
	{"filter", "store", "iplist/netfilter"},
	{"proxy", "store/storetest"},
	{"store/sqlite"},
	{"manage"},
	{"access"},
	{"api", "console"},
	{"node"},
	{"internal/sample", "eval"},
	{"cmd/weir", "internal/reliability"},
}

// walls lists foreign imports that have one home (or a few).
var walls = map[string][]string{
	"github.com/valyala/fasthttp":     {"proxy"},
	"database/sql":                    {"store/sqlite"},
	"modernc.org/sqlite":              {"store/sqlite"},
	"github.com/coreos/go-iptables":   {"iplist/netfilter"},
	"go.yaml.in/yaml/v3":              {"config"},
	"unsafe":                          {"internal/arena", "internal/jump"},
	"net/http":                        {"access", "api", "console", "node", "cmd/weir", "internal/sample", "internal/load", "proxy"},
	"github.com/dgraph-io/ristretto/": {"ipintel", "session"},
}

// source is one parsed Go file. Files are read by the test itself, so that the
// test cache sees a change in any of them.
type source struct {
	dir  string // slash-separated, relative to the module
	name string
	file *ast.File
}

func sources(t *testing.T, mode parser.Mode) []source {
	t.Helper()
	var all []source
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "testdata" || n == "node_modules" || n == "tools" || strings.HasPrefix(n, ".") && n != ".." {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, mode)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(p))
		all = append(all, source{filepath.ToSlash(rel), d.Name(), f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found only %d Go files: the test looks in the wrong place", len(all))
	}
	return all
}

func floorOf(dir string) int {
	for i, floor := range floors {
		if slices.Contains(floor, dir) {
			return i
		}
	}
	return -1
}

func TestFloors(t *testing.T) {
	for _, s := range sources(t, parser.ImportsOnly) {
		own := floorOf(s.dir)
		if own < 0 {
			t.Errorf("%s: package %s stands on no floor: add it to the table", path.Join(s.dir, s.name), s.dir)
			continue
		}
		test := strings.HasSuffix(s.name, "_test.go")
		for _, spec := range s.file.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			inner, ours := strings.CutPrefix(target, module+"/")
			switch {
			case !ours && !test:
				checkWall(t, s, target)
			case ours && !test && floorOf(inner) >= own:
				t.Errorf("%s: %s (floor %d) imports %s (floor %d): only lower floors may be imported",
					path.Join(s.dir, s.name), s.dir, own, inner, floorOf(inner))
			}
		}
	}
}

func checkWall(t *testing.T, s source, target string) {
	t.Helper()
	for wall, homes := range walls {
		if target != wall && !strings.HasPrefix(target, wall+"/") && (!strings.HasSuffix(wall, "/") || !strings.HasPrefix(target, wall)) {
			continue
		}
		if slices.Contains(homes, s.dir) {
			return
		}
		t.Errorf("%s: imports %s, whose home is %s", path.Join(s.dir, s.name), target, strings.Join(homes, ", "))
	}
}

// TestFloorsSeesAnOffence plants imports and checks that the rules above refuse them.
func TestFloorsSeesAnOffence(t *testing.T) {
	if floorOf("parse") >= floorOf("filter") || floorOf("config") < floorOf("attack") {
		t.Fatal("the table is upside down")
	}
	for _, pair := range [][2]string{{"parse", "filter"}, {"parse", "config"}, {"config", "store"}, {"store", "filter"}, {"event", "config"}} {
		if floorOf(pair[1]) < floorOf(pair[0]) {
			t.Errorf("%s could import %s", pair[0], pair[1])
		}
	}
}

func TestEveryPackageIsDocumented(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t, parser.ParseComments) {
		documented[s.dir] = documented[s.dir] || s.file.Doc != nil
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment", dir)
		}
	}
}

// refused are the words that docs/GLOSSARY.md replaces.
var refused = []string{"whitelist", "blacklist", "greylist", "verdict", "middleware", "tenant"}

func TestGlossary(t *testing.T) {
	for _, s := range sources(t, parser.ParseComments) {
		if s.dir == "internal/lint" {
			continue
		}
		for _, group := range s.file.Comments {
			checkWords(t, s, group.Text())
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.IsExported() {
				checkWords(t, s, id.Name)
			}
			return true
		})
	}
}

func checkWords(t *testing.T, s source, text string) {
	t.Helper()
	lower := strings.ToLower(text)
	for _, word := range refused {
		if strings.Contains(lower, word) {
			t.Errorf("%s: %q: docs/GLOSSARY.md has another word for %s", path.Join(s.dir, s.name), strings.TrimSpace(text), word)
		}
	}
}
