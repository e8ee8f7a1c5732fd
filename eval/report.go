package eval

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Dimension is what rows are grouped by.
type Dimension string

// The dimensions.
const (
	ByFile  Dimension = "file"
	ByClass Dimension = "class"
	ByPlace Dimension = "place"
)

// ParseDimensions reads a list such as file,class.
func ParseDimensions(text string) ([]Dimension, error) {
	var all []Dimension
	for part := range strings.SplitSeq(text, ",") {
		switch d := Dimension(part); d {
		case ByFile, ByClass, ByPlace:
			all = append(all, d)
		default:
			return nil, badInput("%q is not among file, class, place", part)
		}
	}
	return all, nil
}

func (d Dimension) of(s *Sample) string {
	switch d {
	case ByFile:
		return s.File
	case ByClass:
		return s.Class
	default:
		return s.Place
	}
}

// Cell is what one engine did with one group of samples.
type Cell struct {
	Attacks  Rate           `json:"attacks"`
	Shapes   int            `json:"shapes"`    // distinct shapes of attacks
	PerShape float64        `json:"per_shape"` // rate of attacks found when each shape counts once
	Legit    Rate           `json:"legit"`
	Types    map[string]int `json:"types,omitempty"` // what legitimate requests were flagged as
}

// Row is one group of samples. A key shorter than the report's dimensions is a sum.
type Row struct {
	Key   []string `json:"key"`
	Cells []Cell   `json:"cells"` // one an engine
}

// Report counts the outcomes of all engines.
type Report struct {
	Engines    []string    `json:"engines"`
	Costs      []Cost      `json:"costs"`
	Dimensions []Dimension `json:"dimensions"`
	Files      int         `json:"files"`
	Requests   int         `json:"requests"`
	Failed     int         `json:"failed"` // requests that an engine could not be shown; they count nowhere
	Rows       []Row       `json:"rows"`
	Total      Row         `json:"total"`
	Means      []Mean      `json:"means"` // one an engine
}

// Mean is the mean of the rates of all files, each counted once: a large file does not
// drown the others.
type Mean struct {
	TPR float64 `json:"tpr"`
	FPR float64 `json:"fpr"`
}

// Summarize groups the outcomes that all runs have.
func Summarize(samples []Sample, runs []*Run, by []Dimension) *Report {
	r := &Report{Dimensions: by, Requests: len(samples)}
	for _, run := range runs {
		r.Engines, r.Costs = append(r.Engines, run.Engine), append(r.Costs, run.Cost)
	}
	groups, files := map[string]*group{}, map[string]*group{}
	for i := range samples {
		file := files[samples[i].File]
		if file == nil {
			file = newGroup(nil, len(runs))
			files[samples[i].File] = file
		}
		if failed(runs, i) {
			r.Failed++
			continue
		}
		shape := Shape(samples[i].Raw)
		file.add(&samples[i], shape, runs, i)
		for _, key := range keys(&samples[i], by) {
			id := strings.Join(key, "\x00")
			if groups[id] == nil {
				groups[id] = newGroup(key, len(runs))
			}
			groups[id].add(&samples[i], shape, runs, i)
		}
	}
	r.Files = len(files)
	r.fill(groups)
	for e := range runs {
		r.Means = append(r.Means, meanOf(files, e))
	}
	return r
}

func meanOf(files map[string]*group, engine int) Mean {
	var attacks, legit []float64
	for _, g := range files {
		c := &g.cells[engine]
		if c.Attacks.Of > 0 {
			attacks = append(attacks, c.Attacks.Value())
		}
		if c.Legit.Of > 0 {
			legit = append(legit, c.Legit.Value())
		}
	}
	return Mean{mean(attacks), mean(legit)}
}

func mean(values []float64) float64 {
	sum := 0.0
	slices.Sort(values) // the same sum whatever order a map has
	for _, v := range values {
		sum += v
	}
	return sum / max(1, float64(len(values)))
}

func failed(runs []*Run, i int) bool {
	return slices.ContainsFunc(runs, func(r *Run) bool { return r.Outcomes[i].Failed != "" })
}

// keys returns the groups a sample counts in: the whole, each part, each part of those.
func keys(s *Sample, by []Dimension) [][]string {
	all := make([][]string, 1, 1+len(by))
	key := make([]string, 0, len(by))
	for _, d := range by {
		key = append(key, d.of(s))
		all = append(all, slices.Clone(key))
	}
	return all
}

// fill turns groups into sorted rows and leaves out sums of a single part.
func (r *Report) fill(groups map[string]*group) {
	parts := map[string]int{}
	for _, g := range groups {
		if n := len(g.key); n > 0 {
			parts[strings.Join(g.key[:n-1], "\x00")]++
		}
	}
	for id, g := range groups {
		switch {
		case len(g.key) == 0:
			r.Total = g.row()
		case len(g.key) == len(r.Dimensions) || parts[id] > 1:
			r.Rows = append(r.Rows, g.row())
		}
	}
	slices.SortFunc(r.Rows, func(a, b Row) int { return slices.Compare(a.Key, b.Key) })
}

// group counts one group of samples while they are read.
type group struct {
	key    []string
	cells  []Cell
	shapes map[uint64]*shapeCount
}

type shapeCount struct {
	of    int
	found []int // one an engine
}

func newGroup(key []string, engines int) *group {
	return &group{key: key, cells: make([]Cell, engines), shapes: map[uint64]*shapeCount{}}
}

func (g *group) add(s *Sample, shape uint64, runs []*Run, i int) {
	count := g.shapes[shape]
	if s.Label == Attack {
		if count == nil {
			count = &shapeCount{found: make([]int, len(runs))}
			g.shapes[shape] = count
		}
		count.of++
	}
	for e, run := range runs {
		o := &run.Outcomes[i]
		switch c := &g.cells[e]; s.Label {
		case Attack:
			c.Attacks.add(o.Found)
			if o.Found {
				count.found[e]++
			}
		case Legit:
			c.Legit.add(o.Found)
			c.flagged(o)
		}
	}
}

func (r *Rate) add(hit bool) {
	r.Of++
	if hit {
		r.Hit++
	}
}

func (c *Cell) flagged(o *Outcome) {
	if !o.Found || len(o.Evidence.Types) == 0 {
		return
	}
	if c.Types == nil {
		c.Types = map[string]int{}
	}
	c.Types[o.Evidence.Types[0]]++
}

func (g *group) row() Row {
	for e := range g.cells {
		sum := 0.0
		for _, s := range g.shapes {
			sum += float64(s.found[e]) / float64(s.of)
		}
		if g.cells[e].Shapes = len(g.shapes); len(g.shapes) > 0 {
			g.cells[e].PerShape = sum / float64(len(g.shapes))
		}
	}
	return Row{g.key, g.cells}
}

// frequent returns the types of a count, most frequent first.
func frequent(types map[string]int) []string {
	return slices.SortedFunc(maps.Keys(types), func(a, b string) int {
		return cmp.Or(cmp.Compare(types[b], types[a]), cmp.Compare(a, b))
	})
}
