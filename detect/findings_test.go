package detect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/point"
)

// What TestFindings tries besides the requests of the corpora.
const (
	brokenBodies = 3      // of each request with a body
	tornTexts    = 120000 // pieces and joins of attacks and texts
	broken       = "{}[]\",:\\'/#\n\t \x00\xff<>&=%-_0a"
)

// TestFindings writes all that is parsed and found, a line a text, to WEIR_FINDINGS: in the requests below
// WEIR_CORPORA, in copies with broken bodies, in pieces and joins of the texts of the tests. Two files are the
// same if a change is what it should be, a quicker way to the same findings.
func TestFindings(t *testing.T) {
	name := os.Getenv("WEIR_FINDINGS")
	if name == "" {
		t.Skip("WEIR_FINDINGS names no file to write")
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := writer{out: bufio.NewWriter(f), engine: Default(), r: rand.New(rand.NewPCG(7, 2026))}
	files, err := filepath.Glob(filepath.Join(os.Getenv("WEIR_CORPORA"), "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no *.jsonl in WEIR_CORPORA: %v", err)
	}
	for _, file := range files {
		w.requests(t, file)
	}
	w.texts(slices.DeleteFunc(append(spread(t, "testdata/hit/*.txt", 1<<20), spread(t, "testdata/miss/*.txt", 1<<20)...), func(text string) bool { return text == "" }))
	if err := w.out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

type writer struct {
	out    *bufio.Writer
	engine *Engine
	r      *rand.Rand
	points parse.Points
	scan   Scanner
}

func (w *writer) requests(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var row struct {
			Req string `json:"req"`
			B64 []byte `json:"req_b64"`
		}
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(file, err)
		}
		raw := append(row.B64, row.Req...)
		w.request(raw)
		head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		for range min(brokenBodies, len(body)) {
			torn := bytes.Clone(raw)
			torn[len(head)+4+w.r.IntN(len(body))] = broken[w.r.IntN(len(broken))]
			w.request(torn)
		}
	}
}

func (w *writer) request(raw []byte) {
	var r parse.Request
	if parse.ReadRequest(raw, &r) != nil {
		fmt.Fprintln(w.out, "unread")
		return
	}
	for _, lean := range []bool{false, true} {
		w.points.Reset()
		w.points.Head(&r, &parse.Options{Lean: lean})
		w.points.Body(&r, &parse.Options{Lean: lean})
		all := uint64(0) // a sum, as joined values come in any order
		for i := range w.points.Values {
			v, sum := &w.points.Values[i], fnv.New64a()
			fmt.Fprintf(sum, "%q %x %x %d %d %s", v.Data, v.Classes, v.Flags, v.Kind, v.Layer, w.points.Tree.Path(v.Ref))
			all += sum.Sum64()
		}
		fmt.Fprintf(w.out, "%d values %x %v %v:", len(w.points.Values), all, w.points.Anomalies, w.points.Overrun)
		w.found(&w.points.Tree, w.points.Values)
	}
}

// found writes all evidence, however weak.
func (w *writer) found(tree *point.Tree, values []point.Value) {
	w.scan.Reset()
	w.engine.Scan(&w.scan, tree, values, len(values), &Options{Score: 1})
	var found []string
	for i := range w.scan.Findings {
		f := &w.scan.Findings[i]
		found = append(found, fmt.Sprintf("%s %d %s", f.Type, f.Score(), marks(&f.Tally)))
	}
	slices.Sort(found)
	fmt.Fprintln(w.out, found)
}

// texts reads all texts, and pieces of them with pieces of others behind, as values of several kinds.
func (w *writer) texts(all []string) {
	for _, text := range all {
		w.text([]byte(text))
	}
	piece := func() string {
		text := all[w.r.IntN(len(all))]
		from := w.r.IntN(len(text))
		return text[from:min(len(text), from+3+w.r.IntN(300))]
	}
	for range tornTexts {
		text := []byte(piece())
		for range w.r.IntN(4) {
			text = append(append(text, broken[w.r.IntN(len(broken))]), piece()...)
		}
		w.text(text)
	}
}

func (w *writer) text(text []byte) {
	kinds := [...]point.Kind{point.Text, point.HeaderText, point.WholePath, point.XMLText, point.Key}
	kind := point.Text
	if w.r.IntN(3) == 0 {
		kind = kinds[w.r.IntN(len(kinds))]
	}
	w.found(&point.Tree{}, []point.Value{{Data: text, Classes: point.Classify(text), Kind: kind}})
}
