package detect

import (
	"slices"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// Engine is a fixed set of detectors. It is immutable and safe for concurrent use.
type Engine struct{ rows []Detector }

// New returns an engine of the given detectors.
func New(rows ...Detector) *Engine { return &Engine{rows} }

// Default returns the engine of all of weir's detectors.
func Default() *Engine { return New(table...) }

// Sign returns what a stamp means, nil if no detector owns it.
func (e *Engine) Sign(s evidence.Stamp) *evidence.Sign {
	for i := range e.rows {
		for j := range e.rows[i].Signs {
			if e.rows[i].Signs[j].Stamp == s {
				return &e.rows[i].Signs[j]
			}
		}
	}
	return nil
}

// Types returns the attack types the engine looks for.
func (e *Engine) Types() attack.Set {
	var s attack.Set
	for i := range e.rows {
		s = s.With(e.rows[i].Type)
	}
	return s
}

// Scanner holds the findings of one request and how far the scan has come. The
// zero Scanner is ready.
type Scanner struct {
	Findings []Finding
	value    int // next value
	row      int // next detector on it
	best     evidence.Tally
}

// maxFindings bounds the findings kept of one request; the first ones decide.
const maxFindings = 64

// Reset forgets the findings and starts over.
func (s *Scanner) Reset() {
	s.Findings = s.Findings[:0]
	s.value, s.row = 0, 0
}

// Scan reads values of a tree from where the scanner stands up to the value of index
// end. It may panic if a detector does; [Scanner.Skip] then steps over the culprit
// and Scan can be called again.
func (e *Engine) Scan(s *Scanner, tree *point.Tree, values []point.Value, end int, o *Options) {
	for ; s.value < end; s.value++ {
		v := &values[s.value]
		if harmless(v) {
			continue
		}
		for ; s.row < len(e.rows); s.row++ {
			if d := &e.rows[s.row]; d.Gate(v) && !o.Off.Has(d.Type) {
				s.apply(d, v, tree, o)
			}
		}
		s.row = 0
	}
}

func (s *Scanner) apply(d *Detector, v *point.Value, tree *point.Tree, o *Options) {
	s.best.Reset(d.Type, evidence.Raw)
	d.Scan(v, tree, &s.best)
	least := o.Score
	if least == 0 {
		least = evidence.Threshold
	}
	if s.best.Score() >= least && len(s.Findings) < maxFindings {
		s.best.Type = d.Type
		s.Findings = append(s.Findings, Finding{Tally: s.best, Ref: v.Ref, Value: int32(s.value)})
	}
}

// Skip steps over the detector at which a scan panicked and returns its row.
func (s *Scanner) Skip(e *Engine) *Detector {
	d := &e.rows[s.row]
	s.row++
	return d
}

// dropped marks a finding that Distinct removes.
const dropped = -1

// Distinct drops findings that say again what a closer one says: of one type only
// the highest score at a point stays, and of a point and its descendants only the
// descendants; the whole target counts as an ancestor of all its parts.
func (s *Scanner) Distinct(tree *point.Tree) {
	for i := range s.Findings {
		if s.repeated(i, tree) {
			s.Findings[i].Value = dropped
		}
	}
	s.Findings = slices.DeleteFunc(s.Findings, func(f Finding) bool { return f.Value == dropped })
}

func (s *Scanner) repeated(i int, tree *point.Tree) bool {
	f := &s.Findings[i]
	for j := range s.Findings {
		g := &s.Findings[j]
		if i == j || g.Type != f.Type || g.Value == dropped {
			continue
		}
		if g.Ref == f.Ref {
			if g.Score() > f.Score() || g.Score() == f.Score() && j < i {
				return true
			}
		} else if above(tree, f.Ref, g.Ref) {
			return true
		}
	}
	return false
}

// above reports whether a is an ancestor of b, or the target and b a part of it.
func above(tree *point.Tree, a, b point.Ref) bool {
	top := b
	for r := b; r != 0; r = tree.Parent(r) {
		if r == a {
			return true
		}
		top = r
	}
	if root(tree, a) != point.URI {
		return false
	}
	switch tree.Tag(top) {
	case point.Get, point.PathPart, point.ActionName, point.ActionExt:
		return true
	default:
		return false
	}
}

func root(tree *point.Tree, r point.Ref) point.Tag {
	for tree.Parent(r) != 0 {
		r = tree.Parent(r)
	}
	return tree.Tag(r)
}

// harmless reports whether no detector can find anything in v: names, numbers,
// UUIDs, most tokens.
func harmless(v *point.Value) bool {
	return v.Classes&^(point.Alpha|point.Digit|point.Dash) == 0 && v.Kind != point.Key
}
