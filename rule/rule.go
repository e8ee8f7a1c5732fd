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
	"net/netip"
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

// Kinds are all kinds of rules.
var Kinds = []string{KindMode}

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
	case !slices.Contains(Kinds, r.Kind):
		return fmt.Errorf("unknown kind of rule %q: use mode", r.Kind)
	case r.Mode > config.Block:
		return errors.New("name a mode: off, monitoring, safe_blocking or block")
	case !validHost(r.Host):
		return fmt.Errorf("host %q: write a name without a port, *.example.com, or leave it empty", r.Host)
	case slices.ContainsFunc(r.Methods, badMethod):
		return fmt.Errorf("methods %q: write them in capitals, for example GET", r.Methods)
	case len(r.Comment) > 1000 || len(r.Host) > maxHost || len(r.Path) > 1000 || len(r.Methods) > 20:
		return errors.New("a text of the rule is too long")
	}
	if r.Path == "" {
		return nil
	}
	_, err := compilePath(r.Path)
	return err
}

func validHost(h string) bool {
	name := strings.TrimPrefix(h, "*.")
	_, err := netip.ParseAddr(strings.Trim(h, "[]"))
	return h == "" || err == nil || name != "" && !strings.ContainsAny(name, "*:/@ \t")
}

func badMethod(m string) bool {
	return m == "" || strings.ContainsFunc(m, func(r rune) bool { return r <= ' ' || r > '~' || 'a' <= r && r <= 'z' })
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
	c := condition{mode: r.Mode, source: fmt.Sprintf("rule %d", r.ID), application: r.Application, host: plainHost(r.Host), methods: r.Methods}
	if err := r.Validate(); err != nil {
		return c, fmt.Errorf("rule %d: %w", r.ID, err)
	}
	if r.Path != "" {
		p, err := compilePath(r.Path)
		if err != nil {
			return c, fmt.Errorf("rule %d: %w", r.ID, err)
		}
		c.path = p
	}
	c.weight = weigh(r)
	return c, nil
}

// weigh counts what a rule says: a host before an application before a path before
// methods; a name before a wildcard, and the longer wildcard or path. Validate bounds
// the lengths, so that no part outweighs the one before it.
func weigh(r Rule) (weight int) {
	switch {
	case strings.HasPrefix(r.Host, "*"):
		weight = len(r.Host) * 1_000_000
	case r.Host != "":
		weight = (maxHost + 1) * 1_000_000
	}
	if r.Application != 0 {
		weight += 100_000
	}
	if r.Path != "" {
		weight += 10 + 10*len(r.Path)
	}
	if len(r.Methods) > 0 {
		weight++
	}
	return weight
}

// concerns reports whether the rule can be about a site of an application and host
// patterns.
func (c *condition) concerns(application int32, hosts []string) bool {
	if c.application != 0 && c.application != application {
		return false
	}
	return c.host == "" || strings.HasPrefix(c.host, "*") ||
		slices.ContainsFunc(hosts, func(pattern string) bool { return matchesHost(pattern, []byte(c.host)) })
}

// matches reports whether the rule is about a request to a site that it concerns.
func (c *condition) matches(host, method, path []byte) bool {
	return (c.host == "" || matchesHost(c.host, host)) && (len(c.methods) == 0 || contains(c.methods, method)) &&
		(c.path == nil || c.path.matches(path))
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
