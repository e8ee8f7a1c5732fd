// Package node puts a weir together: it opens the store, the services, the proxy
// and the management listener in order, runs them, reloads them, and closes them
// in the reverse order.
package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/internal/handover"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/iplist/netfilter"
	"github.com/weirnode/weir/manage"
	"github.com/weirnode/weir/proxy"
	"github.com/weirnode/weir/session"
	"github.com/weirnode/weir/store/sqlite"
)

// Options say what to run.
type Options struct {
	Config     *config.Config // required
	ConfigFile string         // where Config is read again on reload; empty: it cannot be reloaded
	Version    string
	Logger     *zap.Logger    // default: none
	Detectors  *detect.Engine // default: all of weir's

	Sockets     *handover.Sockets     // default: none are inherited
	Predecessor *handover.Predecessor // the node that this one takes the place of; default: none
	Successor   handover.Options      // how that of this one is started
}

// Node is a running weir.
type Node struct {
	options  Options
	log      *zap.Logger
	registry *prometheus.Registry
	started  time.Time

	store     *sqlite.Store
	key       []byte // derives session ids
	stream    *event.Stream
	lists     *iplist.List
	sessions  *session.Table
	filter    *filter.Filter
	proxy     *proxy.Proxy
	manage    *manage.Manage
	server    *http.Server
	listener  net.Listener
	netfilter *netfilter.Netfilter

	reloading sync.Mutex // one reload at a time; guards config changes
	config    atomic.Pointer[config.Config]
	history   history
	ready     atomic.Bool

	upgrading sync.Mutex // one upgrade at a time
	succeeded chan *handover.Successor
	handed    atomic.Bool // to a successor
}

// Open opens everything up to and including the listeners. Requests are served
// once [Node.Run] runs.
func Open(ctx context.Context, o Options) (*Node, error) {
	n := &Node{options: o, log: o.Logger, started: time.Now(), registry: prometheus.NewRegistry(), succeeded: make(chan *handover.Successor, 1)}
	if n.options.Sockets == nil {
		n.options.Sockets = &handover.Sockets{}
	}
	if n.log == nil {
		n.log = zap.NewNop()
	}
	n.config.Store(o.Config)
	for _, step := range []func(context.Context) error{n.openStore, n.openServices, n.openProxy, n.openManage, n.openNetfilter} {
		if err := step(ctx); err != nil {
			n.Close()
			return nil, err
		}
	}
	if unused := n.options.Sockets.Drop(); len(unused) > 0 {
		n.log.Warn("sockets were handed over that no listener of the configuration asks for; they are closed", zap.Strings("sockets", unused))
	}
	n.history.succeeded()
	return n, nil
}

func (n *Node) openStore(ctx context.Context) error {
	dir, err := storeDir(n.options.Config.Store.URL)
	if err != nil {
		return err
	}
	engine := n.options.Detectors
	if engine == nil {
		engine = detect.Default()
		n.options.Detectors = engine
	}
	if n.store, err = sqlite.Open(ctx, dir, sqlite.Options{StampText: stampText(engine), AsIs: n.options.Predecessor != nil}); err != nil {
		return fmt.Errorf("open store %s: %w", dir, err)
	}
	n.key, err = n.store.Secret(ctx, "session-key", 16)
	return err
}

func (n *Node) openServices(ctx context.Context) error {
	cfg := n.options.Config
	n.stream = event.NewStream(n.store, event.Options{
		FlushInterval: cfg.Store.FlushInterval.Std(), QueueBytes: int64(cfg.Store.QueueBytes),
		OnError: func(err error) { n.log.Error("store events; they are kept in memory and tried again", zap.Error(err)) },
	})
	var err error
	if n.lists, err = iplist.New(ctx, iplist.Options{Store: n.store.Lists(), Config: cfg.Lists}); err != nil {
		return fmt.Errorf("load lists: %w", err)
	}
	if n.sessions, err = session.New(ctx, session.Options{Config: cfg.Session, Store: n.store.Blocked()}); err != nil {
		return fmt.Errorf("load blocked sessions: %w", err)
	}
	snapshot, err := n.compile(ctx, cfg)
	if err != nil {
		return err
	}
	n.filter = filter.New(filter.Options{
		Snapshot: snapshot, Lists: n.lists, Sessions: n.sessions, Events: n.stream,
		Detectors: n.options.Detectors, Logger: n.log, Registerer: n.registry,
	})
	return n.registerCollectors()
}

func (n *Node) openProxy(context.Context) (err error) {
	n.proxy, err = proxy.New(n.options.Config, proxy.Options{Filter: n.filter, Logger: n.log, Registerer: n.registry, Listen: n.options.Sockets.Listen})
	if err != nil {
		return err
	}
	return n.proxy.Listen()
}

// openNetfilter comes last: it has to know the ports that the listeners got.
func (n *Node) openNetfilter(context.Context) error {
	cfg := n.options.Config
	n.netfilter = netfilter.New(netfilter.Options{
		Lists: n.lists, Config: cfg.Lists.Netfilter, Trusted: cfg.ClientAddress.TrustedProxies,
		Ports: ports(n.proxy.Addrs()), ManagePort: ports([]net.Addr{n.listener.Addr()})[0], Logger: n.log, Registerer: n.registry,
	})
	return nil
}

func ports(list []net.Addr) []int {
	numbers := make([]int, len(list))
	for i, a := range list {
		if tcp, ok := a.(*net.TCPAddr); ok {
			numbers[i] = tcp.Port
		}
	}
	return numbers
}

// Run serves until ctx ends, a part fails, or a successor has taken over, then drains,
// flushes and returns.
func (n *Node) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var parts sync.WaitGroup
	background, halt := context.WithCancel(context.WithoutCancel(ctx))
	defer halt()
	single, letGo := context.WithCancel(background) // what only one node can do
	defer letGo()
	run := func(name string, ctx context.Context, group *sync.WaitGroup, part func(context.Context) error) {
		group.Go(func() {
			if err := part(ctx); err != nil && !errors.Is(err, context.Canceled) {
				stop(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	run("events", background, &parts, n.stream.Run)
	run("lists", background, &parts, n.lists.Run)
	run("sessions", background, &parts, n.sessions.Run)
	run("retention", background, &parts, n.keep)
	var singles sync.WaitGroup
	run("netfilter", single, &singles, n.netfilter.Run)
	run("management", single, &singles, n.serveManage)
	parts.Go(func() {
		n.succeed(ctx, func() {
			letGo()
			singles.Wait()
		})
		stop(nil)
	})
	err := n.announce()
	if err == nil {
		err = n.proxy.Run(ctx) // until ctx ends and exchanges in flight are done
	}
	n.ready.Store(false)
	stop(nil)
	halt()
	singles.Wait()
	parts.Wait()
	if cause := context.Cause(ctx); err == nil && cause != nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	return err
}

// announce tells everybody who waits for it that this node serves.
func (n *Node) announce() error {
	n.ready.Store(true)
	n.log.Info("ready", zap.Strings("traffic", addresses(n.proxy.Addrs())), zap.String("manage", n.listener.Addr().String()),
		zap.Stringer("mode", n.config.Load().Mode))
	if err := handover.Notify(fmt.Sprintf("READY=1\nMAINPID=%d", os.Getpid())); err != nil {
		n.log.Warn("tell systemd that the node is ready", zap.Error(err))
	}
	if n.options.Predecessor == nil {
		return nil
	}
	return n.options.Predecessor.Ready()
}

func addresses(list []net.Addr) []string {
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = a.String()
	}
	return texts
}

// keep prunes the store by age, at once and then hourly.
func (n *Node) keep(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		cfg := n.config.Load().Store
		now := steadyNow(n.started, time.Now())
		if err := n.store.Prune(ctx, now.Add(-cfg.KeepRequests.Std()), now.Add(-cfg.KeepAttacks.Std())); err != nil && ctx.Err() == nil {
			n.log.Error("prune store", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// steadyNow returns the earlier of the time by the wall clock and the time since a node
// started by the monotonic one: a clock that was set forward by mistake makes no record
// old.
func steadyNow(started, now time.Time) time.Time {
	if steady := started.Add(now.Sub(started)); steady.Round(0).Before(now.Round(0)) {
		return steady
	}
	return now
}

// Close releases what is open. It is safe after a failed Open and after Run.
func (n *Node) Close() {
	if n.proxy != nil {
		n.proxy.Close()
	}
	if n.listener != nil {
		_ = n.listener.Close()
	}
	if n.netfilter != nil && !n.handed.Load() { // else the chain is the successor's
		n.netfilter.Close()
	}
	if n.store != nil {
		if err := n.store.Close(); err != nil {
			n.log.Error("close store", zap.Error(err))
		}
	}
}

// TrafficAddrs returns the addresses that take traffic.
func (n *Node) TrafficAddrs() []net.Addr { return n.proxy.Addrs() }

// ManageURL returns the base URL of console and API.
func (n *Node) ManageURL() string { return "http://" + n.listener.Addr().String() }

// Manage returns the operations, for a program that runs a node inside itself.
func (n *Node) Manage() *manage.Manage { return n.manage }

// Flush waits until all events so far are in the store.
func (n *Node) Flush(ctx context.Context) error { return n.stream.Flush(ctx) }
