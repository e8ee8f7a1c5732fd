package point

import (
	"bytes"
	"fmt"
	"strings"
)

// Pattern selects points: those that begin with its steps, so that [post, json_doc]
// also stands for all that is inside the document. A step whose tag ends with _all,
// such as get_all or hash_all, stands for every name or index.
type Pattern struct {
	path Path
	any  []bool // steps that stand for every name or index
}

// ParsePattern reads the text form of a pattern, for instance
//
//	[post, json_doc, hash_all, hash, 'user']
func ParsePattern(s string) (Pattern, error) {
	inner, ok := strings.CutPrefix(strings.TrimSpace(s), "[")
	if !ok {
		return Pattern{}, fmt.Errorf("point %q does not start with [", s)
	}
	var p Pattern
	r := reader{rest: inner}
	for {
		r.blank()
		step, every, err := r.patternStep()
		if err != nil {
			return Pattern{}, fmt.Errorf("point %q: %w", s, err)
		}
		p.path, p.any = append(p.path, step), append(p.any, every)
		r.blank()
		if r.rest == "]" {
			return p, nil
		}
		if !r.eat(',') {
			return Pattern{}, fmt.Errorf("point %q: expected , or ] after %s", s, step.Tag)
		}
	}
}

func (r *reader) patternStep() (s Step, every bool, err error) {
	whole := r.rest
	if word, ok := strings.CutSuffix(r.word(), "_all"); ok {
		if tag, known := tagOf(word); known && (tag.Named() || tag.Indexed()) {
			return Step{Tag: tag}, true, nil
		}
	}
	r.rest = whole
	s, err = r.step()
	return s, false, err
}

// Covers reports whether the path of a node begins with the steps of the pattern. It
// allocates nothing.
func (p Pattern) Covers(t *Tree, r Ref) bool {
	depth := 0
	for up := r; up != 0; up = t.nodes[up-1].parent {
		depth++
	}
	for ; depth > len(p.path); depth-- {
		r = t.nodes[r-1].parent
	}
	if depth < len(p.path) {
		return false
	}
	for i := depth - 1; i >= 0; i-- {
		nd := &t.nodes[r-1]
		if nd.tag != p.path[i].Tag || !p.any[i] && !nd.is(p.path[i]) {
			return false
		}
		r = nd.parent
	}
	return true
}

// is reports whether a node of the step's tag is the step.
func (nd *node) is(s Step) bool {
	switch {
	case nd.tag == Header:
		return bytes.EqualFold(nd.name, []byte(s.Name))
	case nd.tag.Named():
		return string(nd.name) == s.Name
	}
	return int(nd.index) == s.Index
}

// Matches reports whether a path begins with the steps of the pattern.
func (p Pattern) Matches(path Path) bool {
	if len(path) < len(p.path) {
		return false
	}
	for i, want := range p.path {
		if p.any[i] && path[i].Tag == want.Tag {
			continue
		}
		if path[i] != want {
			return false
		}
	}
	return true
}
