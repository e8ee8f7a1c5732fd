package filter

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/point"
)

// grading says how much evidence makes an attack. It is asked only for findings, so
// that clean requests pay nothing for it.
type grading struct {
	least  int // without an adjustment
	floor  int // of all scores that matter
	adjust []adjustment
}

// adjustment is a compiled config.Adjustment.
type adjustment struct {
	types       attack.Set // empty: all
	application int32      // 0: all
	point       *point.Pattern
	least       int
	weight      int
}

func compileGrading(d *config.Detection) (grading, error) {
	g := grading{least: d.Sensitivity.Score()}
	g.floor = g.least
	for _, a := range d.Adjust {
		c := adjustment{types: attack.SetOf(a.Types...), application: int32(a.Application), least: a.Sensitivity.Score()}
		if a.Point != "" {
			p, err := point.ParsePattern(a.Point)
			if err != nil {
				return g, err
			}
			c.point = &p
			c.weight += 4
		}
		if c.types != 0 {
			c.weight += 2
		}
		if c.application != 0 {
			c.weight++
		}
		g.floor = min(g.floor, c.least)
		g.adjust = append(g.adjust, c)
	}
	g.floor -= evidence.Threshold - evidence.Gray
	slices.Reverse(g.adjust) // of equals the last counts
	slices.SortStableFunc(g.adjust, func(a, b adjustment) int { return cmp.Compare(b.weight, a.weight) })
	return g, nil
}

// leastFor returns the least score of an attack for a finding.
func (g *grading) leastFor(f *detect.Finding, application int32, tree *point.Tree) int {
	var path point.Path
	for i := range g.adjust {
		a := &g.adjust[i]
		if a.types != 0 && !a.types.Has(f.Type) || a.application != 0 && a.application != application {
			continue
		}
		if a.point != nil && path == nil {
			path = tree.Path(f.Ref)
		}
		if a.point == nil || a.point.Matches(path) {
			return a.least
		}
	}
	return g.least
}

// grade turns what the detectors found into evidence.
func (f *Filter) grade(ex *Exchange) {
	if len(ex.scanner.Findings) == 0 {
		return
	}
	application := ex.application()
	ex.scanner.Grade(&ex.points.Tree, func(fd *detect.Finding) int {
		return ex.snapshot.grading.leastFor(fd, application, &ex.points.Tree)
	})
	for i := 0; i < len(ex.scanner.Suspicions); {
		t := ex.scanner.Suspicions[i].Type
		f.metrics.suspicions[t].Inc()
		if why, yes := f.promotes(ex, t); yes {
			ex.scanner.Promote(t, why)
			i = 0
			continue
		}
		i++
	}
	ex.facts.attack = len(ex.scanner.Findings) > 0
	ex.facts.suspicious = len(ex.scanner.Suspicions) > 0
}

// promotes reports whether the suspicions of a type are enough for an attack.
func (f *Filter) promotes(ex *Exchange, t attack.Type) (why detect.Promotion, yes bool) {
	n, value := 0, []byte(nil)
	for i := range ex.scanner.Suspicions {
		if one := &ex.scanner.Suspicions[i]; one.Type == t && !told(ex, i) {
			n++
			value = ex.points.Values[one.Value].Data
		}
	}
	switch {
	case n > 1:
		return detect.Twice, true
	case ex.list.Kind == iplist.Gray || f.attacked(ex):
		return detect.KnownBad, true
	default:
		return detect.Repeatedly, ex.named && f.suspects.third(ex, t, value)
	}
}

// told reports whether a suspicion says again what an earlier one of its type says: by the same
// sign alone, as addresses of the inside in settings, of another item of the same list, or of the
// same parameter or header and a part of the same text.
func told(ex *Exchange, i int) bool {
	all, tree := ex.scanner.Suspicions, &ex.points.Tree
	text := ex.points.Values[all[i].Value].Data
	for k := range i {
		if all[k].Type == all[i].Type && all[k].N == 1 && all[i].N == 1 && all[k].Marks[0].Stamp == all[i].Marks[0].Stamp {
			return true
		}
		if all[k].Type != all[i].Type || top(tree, all[k].Ref) != top(tree, all[i].Ref) {
			continue
		}
		if tree.Tag(all[i].Ref) == point.Array && tree.Tag(all[k].Ref) == point.Array && tree.Parent(all[i].Ref) == tree.Parent(all[k].Ref) {
			return true
		}
		if other := ex.points.Values[all[k].Value].Data; bytes.Contains(other, text) || bytes.Contains(text, other) {
			return true
		}
	}
	return false
}

// top returns the highest point above a point.
func top(tree *point.Tree, r point.Ref) point.Ref {
	for tree.Parent(r) != 0 {
		r = tree.Parent(r)
	}
	return r
}

// attacked reports whether the session has come with an attack before. An address and a
// User-Agent do not make a session that could be blamed: many people may share them.
func (f *Filter) attacked(ex *Exchange) bool {
	if f.sessions == nil || !ex.named {
		return false
	}
	state, ok := f.sessions.Get(ex.session)
	return ok && state.Attacks > 0
}
