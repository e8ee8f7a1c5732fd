package filter

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/parse"
	"github.com/weirnode/weir/rule"
	"github.com/weirnode/weir/session"
)

// Options are what a filter works with.
type Options struct {
	Snapshot   *Snapshot      // required
	Lists      *iplist.List   // nil: no lists
	Sessions   *session.Table // nil: sessions are not followed
	Events     *event.Stream  // nil: nothing is recorded
	Detectors  *detect.Engine // default: all of weir's
	Logger     *zap.Logger    // default: none
	Registerer prometheus.Registerer
}

// Filter decides about requests. It is safe for concurrent use.
type Filter struct {
	snapshot atomic.Pointer[Snapshot]
	lists    *iplist.List
	sessions *session.Table
	events   *event.Stream
	engine   *detect.Engine
	log      *zap.Logger
	metrics  *metrics
	failures failures
	suspects suspects
	bypass   atomic.Bool
	pool     sync.Pool
}

// New returns a filter.
func New(o Options) *Filter {
	f := &Filter{lists: o.Lists, sessions: o.Sessions, events: o.Events, engine: o.Detectors, log: o.Logger}
	if f.engine == nil {
		f.engine = detect.Default()
	}
	if f.log == nil {
		f.log = zap.NewNop()
	}
	f.suspects.seed = maphash.MakeSeed()
	f.metrics = newMetrics(o.Registerer, f.engine.Types())
	f.pool.New = func() any { return new(Exchange) }
	f.Swap(o.Snapshot)
	return f
}

// Swap puts a snapshot in force for exchanges that begin from now on.
func (f *Filter) Swap(s *Snapshot) {
	f.metrics.bind(s.rules)
	f.snapshot.Store(s)
}

// SetBypass switches the kill switch: while it is on, requests that are well-formed
// and match a site pass without a look at lists, sessions or points, and leave no
// record. It holds from the next request on, and not over a restart.
func (f *Filter) SetBypass(on bool) {
	f.bypass.Store(on)
	f.metrics.switched(on)
}

// Bypass reports whether the kill switch is on.
func (f *Filter) Bypass() bool { return f.bypass.Load() }

// Snapshot returns the snapshot in force.
func (f *Filter) Snapshot() *Snapshot { return f.snapshot.Load() }

// Acquire returns an empty exchange that starts now.
func (f *Filter) Acquire() *Exchange {
	ex := f.pool.Get().(*Exchange)
	ex.snapshot = f.snapshot.Load()
	ex.Start = time.Now()
	ex.ID = event.NewID(ex.Start)
	return ex
}

// Begin decides what can be decided before the body is read: framing, site, mode,
// lists, session. Unless it denies or passes for good the decision is Undecided
// and [Filter.Request] must follow.
func (f *Filter) Begin(ex *Exchange) Decision {
	f.admit(ex)
	ex.Decision = decide(ex.facts)
	return ex.Decision
}

// Request inspects head and body and decides. It never panics.
func (f *Filter) Request(ex *Exchange) Decision {
	f.inspect(ex)
	ex.facts.inspected = true
	ex.Decision = decide(ex.facts)
	return ex.Decision
}

// Refuse notes that a request turned out to be malformed after [Filter.Begin]: within
// its body.
func (f *Filter) Refuse(ex *Exchange, fault parse.Fault) Decision {
	ex.Fault, ex.facts.malformed = fault, true
	ex.Decision = decide(ex.facts)
	return ex.Decision
}

// End records the exchange and takes it back.
func (f *Filter) End(ex *Exchange) {
	f.conclude(ex)
	f.Release(ex)
}

// Release takes back an exchange that is not recorded.
func (f *Filter) Release(ex *Exchange) {
	ex.reset()
	f.pool.Put(ex)
}

// settingsFor returns the settings of a request, and what becomes of it beyond a limit. Where
// applications may read the path in two ways the stricter mode of both readings holds, and the
// stricter way beyond limits.
func settingsFor(ex *Exchange, set *rule.Set, path []byte, tricky bool) (settings *rule.Settings, overlimit config.Overlimit) {
	r := &ex.Request
	settings = set.Resolve(r.Host, r.Method, path)
	if settings == nil {
		return nil, 0
	}
	overlimit = settings.Overlimit
	if !tricky {
		return settings, overlimit
	}
	raw := set.Resolve(r.Host, r.Method, rawPath(r.Target))
	overlimit = max(overlimit, raw.Overlimit)
	if raw.Mode > settings.Mode {
		settings = raw
	}
	return settings, overlimit
}

func rawPath(target []byte) []byte {
	for i, c := range target {
		if c == '?' {
			return target[:i]
		}
	}
	return target
}
