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

// What TestVerdicts tries besides the requests of the corpora.
const (
	brokenBodies = 3      // of each request with a body
	tornTexts    = 120000 // pieces and joins of attacks and texts
	broken       = "{}[]\",:\\'/#\n\t \x00\xff<>&=%-_0a"
)

// TestVerdicts writes all that is parsed and found, a line a text, to WEIR_VERDICTS: in the requests below
// WEIR_CORPORA, in copies with broken bodies, in pieces and joins of the texts of the tests. Two files are the
// same if a change is what it should be, a quicker way to the same findings.
func TestVerdicts(t *testing.T) {
	name := os.Getenv("WEIR_VERDICTS")
	if name == "" {
		t.Skip("WEIR_VERDICTS names no file to write")
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	v := verdicts{out: bufio.NewWriter(f), engine: Default(), r: rand.New(rand.NewPCG(7, 2026))}
	files, err := filepath.Glob(filepath.Join(os.Getenv("WEIR_CORPORA"), "*.jsonl"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no *.jsonl in WEIR_CORPORA: %v", err)
	}
	for _, file := range files {
		v.requests(t, file)
	}
	v.texts(slices.DeleteFunc(append(spread(t, "testdata/hit/*.txt", 1<<20), spread(t, "testdata/miss/*.txt", 1<<20)...), func(text string) bool { return text == "" }))
	if err := v.out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

type verdicts struct {
	out    *bufio.Writer
	engine *Engine
	r      *rand.Rand
	points parse.Points
	scan   Scanner
}

func (v *verdicts) requests(t *testing.T, file string) {
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
		v.request(raw)
		head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		for range min(brokenBodies, len(body)) {
			torn := bytes.Clone(raw)
			torn[len(head)+4+v.r.IntN(len(body))] = broken[v.r.IntN(len(broken))]
			v.request(torn)
		}
	}
}

func (v *verdicts) request(raw []byte) {
	var r parse.Request
	if parse.ReadRequest(raw, &r) != nil {
		fmt.Fprintln(v.out, "unread")
		return
	}
	for _, lean := range []bool{false, true} {
		v.points.Reset()
		v.points.Head(&r, &parse.Options{Lean: lean})
		v.points.Body(&r, &parse.Options{Lean: lean})
		all := uint64(0) // a sum, as joined values come in any order
		for i := range v.points.Values {
			w, sum := &v.points.Values[i], fnv.New64a()
			fmt.Fprintf(sum, "%q %x %x %d %d %s", w.Data, w.Classes, w.Flags, w.Kind, w.Layer, v.points.Tree.Path(w.Ref))
			all += sum.Sum64()
		}
		fmt.Fprintf(v.out, "%d values %x %v %v:", len(v.points.Values), all, v.points.Anomalies, v.points.Overrun)
		v.found(&v.points.Tree, v.points.Values)
	}
}

// found writes all evidence, however weak.
func (v *verdicts) found(tree *point.Tree, values []point.Value) {
	v.scan.Reset()
	v.engine.Scan(&v.scan, tree, values, len(values), &Options{Score: 1})
	var found []string
	for i := range v.scan.Findings {
		f := &v.scan.Findings[i]
		found = append(found, fmt.Sprintf("%s %d %s", f.Type, f.Score(), marks(&f.Tally)))
	}
	slices.Sort(found)
	fmt.Fprintln(v.out, found)
}

// texts reads all texts, and pieces of them with pieces of others behind, as values of several kinds.
func (v *verdicts) texts(all []string) {
	for _, text := range all {
		v.text([]byte(text))
	}
	piece := func() string {
		text := all[v.r.IntN(len(all))]
		from := v.r.IntN(len(text))
		return text[from:min(len(text), from+3+v.r.IntN(300))]
	}
	for range tornTexts {
		text := []byte(piece())
		for range v.r.IntN(4) {
			text = append(append(text, broken[v.r.IntN(len(broken))]), piece()...)
		}
		v.text(text)
	}
}

func (v *verdicts) text(text []byte) {
	kinds := [...]point.Kind{point.Text, point.HeaderText, point.WholePath, point.XMLText, point.Key}
	kind := point.Text
	if v.r.IntN(3) == 0 {
		kind = kinds[v.r.IntN(len(kinds))]
	}
	v.found(&point.Tree{}, []point.Value{{Data: text, Classes: point.Classify(text), Kind: kind}})
}
