// Package netfilter lets the kernel drop what denied sources send.
//
// A [Netfilter] keeps one chain of iptables and one of ip6tables, to which new TCP
// connections to the traffic ports are sent. They hold the prefixes that the
// denylist denies for all applications, but nothing that the allowlist or a trusted
// proxy is in. Chains follow the lists within a moment; once a minute, and when an
// entry ends, they are compared with what the kernel holds. Chains of a node that
// was killed are taken over by their name. Whatever the kernel cannot hold or do,
// the node itself denies.
package netfilter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/iplist"
)

const (
	settle   = 200 * time.Millisecond // changes that come together are made together
	recheck  = time.Minute
	overtime = 5 * time.Second // at most, that a source is dropped after its entry ended
)

// families are the address families in the order of everything that is kept by family.
var families = [...]string{"ipv4", "ipv6"}

// kernel is one table of an address family's packet filter.
type kernel interface {
	// Rules lists a chain as iptables -S does; nil when there is none.
	Rules(chain string) ([]string, error)
	Do(step) error
}

// Options are what a Netfilter starts with.
type Options struct {
	Lists      *iplist.List // required
	Config     config.Netfilter
	Trusted    []netip.Prefix        // proxies in front, whose own addresses are never dropped
	Ports      []int                 // of the traffic listeners
	ManagePort int                   // never dropped, whatever the other ports say
	Logger     *zap.Logger           // default: none
	Registerer prometheus.Registerer // default: none
}

// Netfilter keeps the kernel's chains as the lists ask for.
type Netfilter struct {
	options Options
	log     *zap.Logger
	metrics *metrics
	open    func(family int, table string) (kernel, error)
	applied chan struct{} // holds one: settings have changed

	mu        sync.Mutex // guards the fields below
	config    config.Netfilter
	trusted   []netip.Prefix
	kernels   [len(families)]kernel
	installed [len(families)]*layout // nil: nothing in the kernel is this node's
	state     string                 // what the log was told last
	left      int
}

// New returns a Netfilter, which does not touch the kernel until it runs.
func New(o Options) *Netfilter {
	return &Netfilter{
		options: o, log: cmp.Or(o.Logger, zap.NewNop()), metrics: newMetrics(o.Registerer), open: openKernel,
		applied: make(chan struct{}, 1), config: o.Config, trusted: o.Trusted,
	}
}

// Apply replaces the settings.
func (n *Netfilter) Apply(c config.Netfilter, trusted []netip.Prefix) {
	n.mu.Lock()
	n.config, n.trusted = c, trusted
	n.mu.Unlock()
	select {
	case n.applied <- struct{}{}:
	default:
	}
}

// Run keeps the chains until ctx ends. What fails is logged once, counted, and tried
// again.
func (n *Netfilter) Run(ctx context.Context) error {
	for {
		changed := n.options.Lists.Changed()
		next := time.NewTimer(n.follow(time.Now()))
		select {
		case <-ctx.Done():
		case <-n.applied:
		case <-next.C:
		case <-changed:
			select {
			case <-ctx.Done():
			case <-time.After(settle):
			}
		}
		next.Stop()
		if ctx.Err() != nil {
			return nil
		}
	}
}

// Close takes out of the kernel what this node has put there.
func (n *Netfilter) Close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for family := range families {
		n.note(n.uninstall(family))
	}
	n.metrics.up.Set(0)
}

// follow makes the kernel hold what is asked for now, and returns when to look again.
func (n *Netfilter) follow(now time.Time) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	entries := n.options.Lists.All()
	var want [len(families)][]rule
	left, l := 0, n.layout()
	if n.config.Enabled {
		deny, allow := sources(entries)
		want[0], want[1], left = rules(deny, append(allow, n.trusted...), n.config.Max)
	}
	var failed error
	for family := range families {
		err := n.install(family, l, want[family])
		n.note(err)
		// A system without IPv6 may refuse its tables, and has nothing to drop there.
		if err != nil && (family == 0 || len(want[family]) > 0) {
			failed = errors.Join(failed, err)
		}
	}
	n.tell(failed, left)
	return untilEnd(entries, now)
}

// layout returns where the rules stand, nil when nothing is asked for.
func (n *Netfilter) layout() *layout {
	c := n.config
	if !c.Enabled {
		return nil
	}
	ports := c.Ports
	if len(ports) == 0 {
		ports = n.options.Ports
	}
	ports = slices.DeleteFunc(slices.Clone(ports), func(p int) bool { return p == n.options.ManagePort })
	slices.Sort(ports)
	return &layout{c.Table, c.Parent, c.Chain, c.Target, slices.Compact(ports)}
}

// install brings the chain of a family to the rules that are wanted, and takes away
// what stands elsewhere.
func (n *Netfilter) install(family int, l *layout, want []rule) (err error) {
	if had := n.installed[family]; had != nil && (l == nil || !had.equal(l)) {
		if err := n.uninstall(family); err != nil {
			return err
		}
	}
	if l == nil {
		return nil
	}
	if n.kernels[family] == nil {
		if n.kernels[family], err = n.open(family, l.table); err != nil {
			n.kernels[family] = nil
			return fmt.Errorf("open %s packet filter: %w", families[family], err)
		}
	}
	chain, parent, err := list(n.kernels[family], l)
	if err != nil {
		return err
	}
	if parent == nil {
		return fmt.Errorf("table %s has no %s chain %s: correct lists.netfilter.parent", l.table, families[family], l.parent)
	}
	steps, foreign := l.converge(chain, parent, want)
	if foreign {
		n.log.Warn("a chain held rules that are not the node's; it is written anew", zap.String("chain", l.chain), zap.String("family", families[family]))
	}
	n.installed[family] = l
	if err := do(n.kernels[family], steps); err != nil {
		return fmt.Errorf("change chain %s: %w", l.chain, err)
	}
	n.metrics.rules[family].Set(float64(len(want)))
	return nil
}

// uninstall takes the chain of a family away.
func (n *Netfilter) uninstall(family int) error {
	l := n.installed[family]
	if l == nil {
		return nil
	}
	chain, parent, err := list(n.kernels[family], l)
	if err != nil {
		return err
	}
	if err := do(n.kernels[family], l.clear(chain, parent)); err != nil {
		return fmt.Errorf("remove chain %s: %w", l.chain, err)
	}
	n.installed[family], n.kernels[family] = nil, nil
	n.metrics.rules[family].Set(0)
	return nil
}

// list reads both chains of a layout.
func list(k kernel, l *layout) (chain, parent []string, err error) {
	if parent, err = k.Rules(l.parent); err != nil {
		return nil, nil, fmt.Errorf("list chain %s: %w", l.parent, err)
	}
	if chain, err = k.Rules(l.chain); err != nil {
		return nil, nil, fmt.Errorf("list chain %s: %w", l.chain, err)
	}
	return chain, parent, nil
}

func do(k kernel, steps []step) error {
	for _, s := range steps {
		if err := k.Do(s); err != nil {
			return err
		}
	}
	return nil
}

// note counts an error.
func (n *Netfilter) note(err error) {
	if err != nil {
		n.metrics.errors.Inc()
		n.log.Debug("change packet filter", zap.Error(err))
	}
}

// tell sets the metrics, and logs when the state is another one than before.
func (n *Netfilter) tell(failed error, left int) {
	state := "off"
	switch {
	case failed != nil:
		state = "failed"
	case n.config.Enabled:
		state = "up"
	}
	n.metrics.up.Set(0)
	if state == "up" {
		n.metrics.up.Set(1)
	}
	n.metrics.left.Set(float64(left))
	if state != n.state && (n.state != "" || state != "off") {
		n.logState(state, failed)
	}
	if left > 0 && n.left == 0 {
		n.log.Warn("the denylist needs more rules than lists.netfilter.max; the node itself denies the rest",
			zap.Int("max", n.config.Max), zap.Int("left", left))
	}
	n.state, n.left = state, left
}

func (n *Netfilter) logState(state string, failed error) {
	switch state {
	case "up":
		n.log.Info("denied sources are dropped in the kernel", zap.String("chain", n.config.Chain), zap.String("parent", n.config.Parent))
	case "failed":
		n.log.Error("denied sources cannot be dropped in the kernel; the node itself denies them", zap.Error(failed))
	default:
		n.log.Info("denied sources are no longer dropped in the kernel")
	}
}

// untilEnd returns the time until the next entry ends, a minute at most.
func untilEnd(entries []iplist.Entry, now time.Time) time.Duration {
	wait := recheck
	for i := range entries {
		if until := entries[i].Until; !until.IsZero() {
			wait = min(wait, max(until.Sub(now), overtime))
		}
	}
	return wait
}
