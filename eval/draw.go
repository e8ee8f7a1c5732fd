package eval

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// draw keeps the samples of one file: all of them, or an even draw of each label.
type draw struct {
	limit  int
	random *rand.Rand
	next   int
	kept   map[Label]*drawn
}

type drawn struct {
	seen    int
	samples []Sample
	order   []int // where each stood in the file
}

// newDraw makes the draw of a file. It depends on seed and name alone, so that all
// engines are shown the same samples.
func newDraw(o *ReadOptions, name string) *draw {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	return &draw{
		limit: o.Sample, random: rand.New(rand.NewPCG(o.Seed, h.Sum64())), //nolint:gosec // a draw that can be repeated
		kept: map[Label]*drawn{},
	}
}

func (d *draw) add(s Sample) {
	k := d.kept[s.Label]
	if k == nil {
		k = &drawn{}
		d.kept[s.Label] = k
	}
	d.next++
	k.seen++
	if d.limit <= 0 || len(k.samples) < d.limit {
		k.samples, k.order = append(k.samples, s), append(k.order, d.next)
	} else if i := d.random.IntN(k.seen); i < d.limit {
		k.samples[i], k.order[i] = s, d.next
	}
}

// samples returns what was kept in the order of the file.
func (d *draw) samples() []Sample {
	type placed struct {
		at int
		s  Sample
	}
	var all []placed
	for _, k := range d.kept {
		for i := range k.samples {
			all = append(all, placed{k.order[i], k.samples[i]})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.at, b.at) })
	out := make([]Sample, len(all))
	for i := range all {
		out[i] = all[i].s
	}
	return out
}
