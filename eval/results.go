package eval

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"

	"github.com/weirnode/weir/internal/inert"
)

// result is one line of a results file: an engine's cost, or its outcome for a sample.
type result struct {
	Engine string `json:"engine"`
	Cost   *Cost  `json:"cost,omitempty"`
	File   string `json:"file,omitempty"`
	ID     string `json:"id,omitempty"`
	Found  bool   `json:"found,omitempty"`
	Failed string `json:"failed,omitempty"`
}

// WriteResults writes a run as JSON lines that [ReadResults] takes.
func WriteResults(out io.Writer, samples []Sample, run *Run) error {
	w := bufio.NewWriter(out)
	e := json.NewEncoder(inert.JSON(w))
	if err := e.Encode(result{Engine: run.Engine, Cost: &run.Cost}); err != nil {
		return err
	}
	for i := range samples {
		o := &run.Outcomes[i]
		if err := e.Encode(result{Engine: run.Engine, File: samples[i].File, ID: samples[i].ID, Found: o.Found, Failed: o.Failed}); err != nil {
			return err
		}
	}
	return w.Flush()
}

// Results are what other engines made of samples, read from files.
type Results struct {
	engines []string
	costs   map[string]Cost
	byKey   map[sampleKey]map[string]Outcome
}

// sampleKey tells samples apart by the last part of the file's name, which does not
// depend on how the file was named.
type sampleKey struct{ file, id string }

func keyOf(file, id string) sampleKey { return sampleKey{path.Base(file), id} }

// ReadResults reads files that [WriteResults] wrote.
func ReadResults(files []string) (*Results, error) {
	r := &Results{costs: map[string]Cost{}, byKey: map[sampleKey]map[string]Outcome{}}
	for _, name := range files {
		if err := r.read(name); err != nil {
			return nil, badInput("%s: %w", name, err)
		}
	}
	return r, nil
}

func (r *Results) read(name string) error {
	f, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return err
	}
	defer f.Close()
	return eachLine(bufio.NewReader(f), func(n int, line []byte) error {
		var l result
		if err := json.Unmarshal(line, &l); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		r.add(&l)
		return nil
	})
}

func (r *Results) add(l *result) {
	if l.Cost != nil {
		if _, known := r.costs[l.Engine]; !known {
			r.engines = append(r.engines, l.Engine)
		}
		r.costs[l.Engine] = *l.Cost
		return
	}
	key := keyOf(l.File, l.ID)
	if r.byKey[key] == nil {
		r.byKey[key] = map[string]Outcome{}
	}
	r.byKey[key][l.Engine] = Outcome{Found: l.Found, Failed: l.Failed}
}

// Common returns the samples that all engines of the results were shown, and a run of
// each engine over exactly those.
func (r *Results) Common(samples []Sample) ([]Sample, []*Run) {
	runs := make([]*Run, len(r.engines))
	for i, name := range r.engines {
		runs[i] = &Run{Engine: name, Cost: r.costs[name]}
	}
	var common []Sample
	for i := range samples {
		shown := r.byKey[keyOf(samples[i].File, samples[i].ID)]
		if len(shown) < len(runs) {
			continue
		}
		common = append(common, samples[i])
		for _, run := range runs {
			run.Outcomes = append(run.Outcomes, shown[run.Engine])
		}
	}
	return common, runs
}
