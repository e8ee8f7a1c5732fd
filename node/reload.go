package node

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/rule"
)

// history remembers how the last reload went.
type history struct {
	mu         sync.Mutex // guards all fields
	generation int64
	last       time.Time // of the last success
	failure    string    // of the last try, "" after a success
}

func (h *history) succeeded() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.generation++
	h.last, h.failure = time.Now(), ""
}

func (h *history) failed(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failure = err.Error()
}

func (h *history) read() (generation int64, last time.Time, failure string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.generation, h.last, h.failure
}

// Reload reads the configuration file again. On any problem the node stays as it
// was. Exchanges in flight keep the generation they began with.
func (n *Node) Reload(ctx context.Context) error {
	n.reloading.Lock()
	defer n.reloading.Unlock()
	err := n.reload(ctx)
	if err != nil {
		n.history.failed(err)
		n.log.Error("reload refused; the configuration in force stays", zap.Error(err))
		return err
	}
	n.history.succeeded()
	n.log.Info("configuration reloaded", zap.Stringer("mode", n.config.Load().Mode))
	return nil
}

func (n *Node) reload(ctx context.Context) error {
	if n.options.ConfigFile == "" {
		return errors.New("the node was started without a file: restart it to change its settings")
	}
	cfg, problems := config.Load(n.options.ConfigFile)
	if len(problems) > 0 {
		return problems
	}
	if err := fixed(n.config.Load(), cfg); err != nil {
		return err
	}
	snapshot, err := n.compile(ctx, cfg)
	if err != nil {
		return err
	}
	pools, err := n.proxy.Prepare(cfg)
	if err != nil {
		return err
	}
	// Nothing below can fail.
	n.lists.Apply(cfg.Lists)
	n.netfilter.Apply(cfg.Lists.Netfilter, cfg.ClientAddress.TrustedProxies)
	n.sessions.Apply(cfg.Session)
	n.config.Store(cfg)
	n.proxy.Swap(pools)
	n.filter.Swap(snapshot)
	n.proxy.Retire()
	return nil
}

// fixed refuses changes that only a restart can make.
func fixed(old, next *config.Config) error {
	var changed []string
	for name, pair := range map[string][2]any{
		"listen": {withoutFiles(old.Listen), withoutFiles(next.Listen)}, "manage.address": {old.Manage, next.Manage}, "store.url": {old.Store.URL, next.Store.URL},
		"store.flush_interval": {old.Store.FlushInterval, next.Store.FlushInterval}, "store.queue_bytes": {old.Store.QueueBytes, next.Store.QueueBytes},
		"limits": {old.Limits, next.Limits}, "log": {old.Log, next.Log}, "session.max": {old.Session.Max, next.Session.Max},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			changed = append(changed, name)
		}
	}
	if len(changed) > 0 {
		return fmt.Errorf("restart to change %s", strings.Join(changed, ", "))
	}
	return nil
}

// withoutFiles returns listeners without what a reload reads again.
func withoutFiles(list []config.Listen) []config.Listen {
	list = slices.Clone(list)
	for i := range list {
		if len(list[i].TLS.Certificates) > 0 {
			list[i].TLS.Certificates = []config.Certificate{{}}
		}
	}
	return list
}

// Rebuild compiles the stored rules again and puts them in force.
func (n *Node) Rebuild(ctx context.Context) error {
	n.reloading.Lock()
	defer n.reloading.Unlock()
	snapshot, err := n.compile(ctx, n.config.Load())
	if err != nil {
		return err
	}
	n.filter.Swap(snapshot)
	return nil
}

func (n *Node) compile(ctx context.Context, cfg *config.Config) (*filter.Snapshot, error) {
	rules, err := rule.Load(ctx, n.store.Rules())
	if err != nil {
		return nil, fmt.Errorf("load stored rules: %w", err)
	}
	return filter.Compile(cfg, rules, n.key)
}
