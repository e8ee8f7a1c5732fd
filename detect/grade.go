package detect

import (
	"slices"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/detect/evidence"
	"github.com/weirnode/weir/point"
)

// Grade parts what was found into Findings, which reach the score that makes them an
// attack, and Suspicions, which come near it, and drops of both what says again what a
// closer one says. Least returns the least score of an attack of a finding's type at its
// point. Below [evidence.Gray] nothing is a suspicion at any sensitivity: what detectors
// are in doubt of they cap there, and two doubts are no evidence.
func (s *Scanner) Grade(tree *point.Tree, least func(*Finding) int) {
	kept := s.Findings[:0]
	for i := range s.Findings {
		f := s.Findings[i]
		switch enough := least(&f); {
		case f.Score() >= enough:
			kept = append(kept, f)
		case f.Score() >= max(enough-gray, evidence.Gray):
			s.Suspicions = append(s.Suspicions, f)
		}
	}
	s.Findings = distinct(kept, tree)
	attacks := s.Types()
	s.Suspicions = slices.DeleteFunc(s.Suspicions, func(f Finding) bool { return attacks.Has(f.Type) })
	s.Suspicions = distinct(s.Suspicions, tree)
}

// gray is how far below an attack's score a suspicion may be.
const gray = evidence.Threshold - evidence.Gray

// Types returns the types of the findings.
func (s *Scanner) Types() (set attack.Set) {
	for i := range s.Findings {
		set = set.With(s.Findings[i].Type)
	}
	return set
}

// Promotion says why a suspicion is taken for an attack after all.
type Promotion uint8

// The promotions.
const (
	Twice      Promotion = iota // another of its type stands elsewhere in the request
	KnownBad                    // the source is graylisted, or its session has attacked before
	Repeatedly                  // the source has come with it again and again
)

var promotions = [...]evidence.Sign{
	Twice:      {Stamp: evidence.Promoted, Name: "second-suspicion", Text: "suspicious of the same attack in more than one place", Weight: gray, Max: 1},
	KnownBad:   {Stamp: evidence.Promoted + 1, Name: "known-source", Text: "suspicious, from a graylisted source or a session that has attacked before", Weight: gray, Max: 1},
	Repeatedly: {Stamp: evidence.Promoted + 2, Name: "repeated-suspicion", Text: "the third suspicious value within ten minutes, of one session at one path", Weight: gray, Max: 1},
}

// Promote makes findings of the suspicions of a type.
func (s *Scanner) Promote(t attack.Type, why Promotion) {
	left := s.Suspicions[:0]
	for i := range s.Suspicions {
		f := s.Suspicions[i]
		if f.Type != t {
			left = append(left, f)
			continue
		}
		off, length := f.Span()
		f.Add(&promotions[why], off, length)
		s.keep(f)
	}
	s.Suspicions = left
}

// dropped marks a finding that distinct removes.
const dropped = -1

// distinct drops findings that say again what a closer one says: of one type only the
// highest score at a point stays, and of a point and its descendants only the
// descendants; the whole target counts as an ancestor of all its parts.
func distinct(list []Finding, tree *point.Tree) []Finding {
	for i := range list {
		if repeated(list, i, tree) {
			list[i].Value = dropped
		}
	}
	return slices.DeleteFunc(list, func(f Finding) bool { return f.Value == dropped })
}

func repeated(list []Finding, i int, tree *point.Tree) bool {
	f := &list[i]
	for j := range list {
		g := &list[j]
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
