// Package rule says which settings hold for a request.
//
// [Compile] turns the sites and routes of the configuration and the stored rules
// into a [Set]; [Set.Resolve] finds the [Settings] of a host, method and path
// without allocating. Where stored rules and the file disagree about the mode, the
// file's mode_override decides.
package rule

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/weirnode/weir/config"
)

// Rule is one stored rule. The only kind so far sets a filtration mode.
type Rule struct {
	ID          int64
	Revision    int64
	Deleted     bool   // only in what Store.Since returns
	Kind        string // mode
	Application int32  // 0: all
	Host        string // exact, *.example.com, or "" for all
	Path        string // a route's path form, or "" for all
	Methods     []string
	Mode        config.Mode
	Comment     string
	Author      string
	Created     time.Time
	Disabled    bool
}

// KindMode is the kind of rules that set a mode.
const KindMode = "mode"

// Store keeps rules. Revisions grow with every change.
type Store interface {
	// Since returns rules that changed or were deleted after a revision.
	Since(ctx context.Context, revision int64) ([]Rule, error)
	// Put adds a rule, or replaces the one with its ID if that is not 0.
	Put(ctx context.Context, r Rule) (Rule, error)
	Delete(ctx context.Context, id int64, author string) error
}

// ErrNotFound is returned for a rule that is not there.
var ErrNotFound = errors.New("no such rule")

// Load returns all rules of a store.
func Load(ctx context.Context, s Store) ([]Rule, error) {
	all, err := s.Since(ctx, 0)
	return slices.DeleteFunc(all, func(r Rule) bool { return r.Deleted }), err
}

// Validate says what is wrong with a rule.
func (r *Rule) Validate() error {
	switch {
	case r.Kind != KindMode:
		return fmt.Errorf("unknown kind of rule %q: use mode", r.Kind)
	case r.Mode > config.Block:
		return errors.New("name a mode: off, monitoring, safe_blocking or block")
	case strings.Contains(strings.TrimPrefix(r.Host, "*."), "*"):
		return fmt.Errorf("host %q: write a name, *.example.com, or leave it empty", r.Host)
	case len(r.Comment) > 1000 || len(r.Host) > 255 || len(r.Path) > 1000 || len(r.Methods) > 20:
		return errors.New("a text of the rule is too long")
	}
	if r.Path == "" {
		return nil
	}
	_, err := compilePath(r.Path)
	return err
}

// condition is a compiled rule.
type condition struct {
	mode        config.Mode
	source      string
	application int32
	host        string
	path        *pathPattern
	methods     []string
	weight      int // the more a rule says, the more it weighs
}

func compileRule(r Rule) (condition, error) {
	c := condition{mode: r.Mode, source: fmt.Sprintf("rule %d", r.ID), application: r.Application, host: strings.ToLower(r.Host), methods: r.Methods}
	if err := r.Validate(); err != nil {
		return c, fmt.Errorf("rule %d: %w", r.ID, err)
	}
	if r.Path != "" {
		p, err := compilePath(r.Path)
		if err != nil {
			return c, fmt.Errorf("rule %d: %w", r.ID, err)
		}
		c.path = p
		c.weight += 1000 + len(r.Path)
	}
	if r.Host != "" {
		c.weight += 100_000
	}
	if r.Application != 0 {
		c.weight += 10_000
	}
	if len(r.Methods) > 0 {
		c.weight += 500
	}
	return c, nil
}

// matches reports whether the rule is about a request.
func (c *condition) matches(application int32, host, method, path []byte) bool {
	return (c.application == 0 || c.application == application) && (c.host == "" || matchesHost(c.host, host)) &&
		(len(c.methods) == 0 || contains(c.methods, method)) && (c.path == nil || c.path.matches(path))
}

// compileRules returns the enabled rules, the most specific first, a newer one
// before an older one that says as much.
func compileRules(rules []Rule) ([]condition, error) {
	rules = slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return r.Disabled || r.Deleted })
	slices.SortFunc(rules, func(a, b Rule) int { return cmp.Compare(b.ID, a.ID) })
	var list []condition
	for _, r := range rules {
		c, err := compileRule(r)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b condition) int { return cmp.Compare(b.weight, a.weight) })
	return list, nil
}
