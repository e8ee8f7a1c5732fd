package proxy

import (
	"context"
	"fmt"
	"math"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/filter"
)

// Options are what a proxy works with.
type Options struct {
	Filter     *filter.Filter // required
	Logger     *zap.Logger    // default: none
	Registerer prometheus.Registerer

	Listen func(address string) (net.Listener, error) // default: TCP
}

// Proxy takes traffic, has it decided by the filter, and forwards it.
type Proxy struct {
	filter  *filter.Filter
	log     *zap.Logger
	metrics *metrics
	limits  config.Limits
	listens []config.Listen
	listen  func(address string) (net.Listener, error)
	server  *fasthttp.Server
	http2   *front

	settings  atomic.Pointer[Pools]
	retiring  []*Pools // swapped out; closed by Retire
	listeners []net.Listener
	accepting []*patient
	draining  atomic.Bool
	lastCame  atomic.Int64 // when a request came while draining, steady
	parting   atomic.Bool  // the time to drain is over
	working   atomic.Int64 // requests whose answers have not begun
	crowd     *crowd
	parking   *parking  // nil: kept connections stay as they are
	lingering lingering // connections that are being closed politely

	mu      sync.Mutex // guards the fields below
	wires   map[*wire]struct{}
	tunnels map[*tunnel]struct{}
	endless map[*conn]struct{} // upstreams of event streams
	tunnel  sync.WaitGroup     // tunnels that run
}

// New returns a proxy for a valid configuration.
func New(cfg *config.Config, o Options) (*Proxy, error) {
	p := &Proxy{filter: o.Filter, log: o.Logger, limits: cfg.Limits, listens: cfg.Listen, wires: map[*wire]struct{}{}, tunnels: map[*tunnel]struct{}{}, endless: map[*conn]struct{}{}}
	if p.log == nil {
		p.log = zap.NewNop()
	}
	if p.listen = o.Listen; p.listen == nil {
		p.listen = func(address string) (net.Listener, error) { return net.Listen("tcp", address) } //nolint:noctx // opened once at the start
	}
	p.metrics = newMetrics(o.Registerer)
	p.crowd = newCrowd(cfg.Limits.Connections, cfg.Limits.ConnectionsPerAddress)
	pools, err := p.Prepare(cfg)
	if err != nil {
		return nil, err
	}
	p.Swap(pools)
	p.server = p.newServer()
	p.http2 = p.newFront()
	p.server.NextProto(protoHTTP2, p.http2.serve)
	return p, nil
}

func (p *Proxy) newServer() *fasthttp.Server {
	l := p.limits
	return &fasthttp.Server{
		Handler:                       p.handle,
		ErrorHandler:                  p.refuse,
		HeaderReceived:                expectation,
		ExpectHandler:                 p.expect,
		Logger:                        serverLog{p.log},
		Name:                          "",
		NoDefaultServerHeader:         true,
		NoDefaultDate:                 true,
		NoDefaultContentType:          true,
		DisableHeaderNamesNormalizing: true,
		DisablePreParseMultipartForm:  true, // fasthttp would decode and encode every upload anew
		StreamRequestBody:             true,
		SecureErrorLogMessage:         true,
		CloseOnShutdown:               true,
		ReadBufferSize:                int(l.HeaderBytes),
		WriteBufferSize:               512,                   // what fasthttp writes is muted
		MaxRequestBodySize:            1,                     // longer ones are streamed: fasthttp reads no more of a body than it must
		Concurrency:                   math.MaxInt32,         // crowd bounds connections before they get here
		ReadTimeout:                   l.HeaderTimeout.Std(), // bodies have their own deadlines: upload
		IdleTimeout:                   l.IdleTimeout.Std(),
		MaxIdleWorkerDuration:         2 * time.Second, // goroutines of connections that have ended
	}
}

// Addrs returns the addresses that are listened on.
func (p *Proxy) Addrs() []net.Addr {
	addrs := make([]net.Addr, len(p.listeners))
	for i, l := range p.listeners {
		addrs[i] = l.Addr()
	}
	return addrs
}

// Run serves until ctx ends, then takes no new connections and waits for exchanges
// in flight, at most for the drain timeout.
func (p *Proxy) Run(ctx context.Context) error {
	ended := make(chan error, len(p.listeners))
	var parts sync.WaitGroup
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	if p.parking = p.openParking(); p.parking != nil {
		p.server.IdleTimeout = parkAfter
		parts.Go(func() { p.parking.run(watching) })
	}
	for _, l := range p.listeners {
		parts.Go(func() { ended <- p.server.Serve(l) })
	}
	parts.Go(func() { p.watch(watching) })
	parts.Go(p.http2.run)
	parts.Go(func() { p.probe(watching) })
	var err error
	select {
	case <-ctx.Done():
	case err = <-ended:
	}
	if late := p.drain(context.WithoutCancel(ctx)); err == nil {
		err = late
	}
	stop()
	p.Close()
	p.lingering.Wait()
	return err
}

// Close closes the listeners and the connections to upstreams.
func (p *Proxy) Close() {
	for _, l := range p.listeners {
		_ = l.Close()
	}
	p.settings.Load().close()
}

// serverLog carries fasthttp's own messages, which may hold bytes of clients.
type serverLog struct{ log *zap.Logger }

func (l serverLog) Printf(format string, args ...any) {
	l.log.Debug("connection", zap.String("message", fmt.Sprintf(format, args...)))
}
