package filter

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/weirnode/weir/attack"
	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/rule"
)

// maxApplications bounds the label app; further applications count as other.
const maxApplications = 100

// metrics counts what the filter does. All children are resolved before traffic.
type metrics struct {
	requests     *prometheus.CounterVec
	detections   *prometheus.CounterVec
	errors       *prometheus.CounterVec
	matches      *prometheus.CounterVec
	inspection   prometheus.Histogram
	parserPanics prometheus.Counter
	suspicions   [64]prometheus.Counter
	bypass       prometheus.Gauge
	bypassed     prometheus.Counter
	found        [64][len(actions)]prometheus.Counter
	failed       [64]prometheus.Counter
	lists        [4]prometheus.Counter
	byApp        atomic.Pointer[map[int32]*[4][len(actions)]prometheus.Counter]
}

func newMetrics(reg prometheus.Registerer, types attack.Set) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "weir_requests_total", Help: "Requests by application, filtration mode and decision.",
		}, []string{"app", "mode", "decision"}),
		detections: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "weir_detections_total", Help: "Hits by attack type and action.",
		}, []string{"type", "action"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "weir_detector_errors_total", Help: "Panics in inspection; the request went on without the failed part.",
		}, []string{"detector"}),
		matches: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "weir_ip_list_matches_total", Help: "Requests whose source was on a list.",
		}, []string{"list"}),
		bypass: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "weir_bypass", Help: "1 while the kill switch is on and nothing is inspected.",
		}),
		bypassed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "weir_bypassed_requests_total", Help: "Requests forwarded uninspected because the kill switch was on.",
		}),
		inspection: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "weir_inspection_duration_seconds", Help: "Time to parse the body and scan all values of a request.",
			Buckets: []float64{5e-6, 10e-6, 25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 5e-3, 25e-3, 100e-3},
		}),
	}
	suspicions := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "weir_suspicions_total", Help: "Evidence that came near the score of an attack, by type.",
	}, []string{"type"})
	if reg != nil {
		reg.MustRegister(m.requests, m.detections, suspicions, m.errors, m.matches, m.inspection, m.bypass, m.bypassed)
	}
	m.parserPanics = m.errors.WithLabelValues("parse")
	for t := range attack.All() {
		if g := t.Group(); g == attack.Behaviour || g == attack.Response {
			continue
		}
		for a, code := range actions {
			if Action(a) != Undecided {
				m.found[t][a] = m.detections.WithLabelValues(t.String(), code)
			}
		}
	}
	for _, t := range types.Types() {
		m.failed[t] = m.errors.WithLabelValues(t.String())
		m.suspicions[t] = suspicions.WithLabelValues(t.String())
	}
	for _, k := range [...]iplist.Kind{iplist.Allow, iplist.Deny, iplist.Gray} {
		m.lists[k] = m.matches.WithLabelValues(k.String())
	}
	return m
}

func (m *metrics) switched(on bool) {
	if on {
		m.bypass.Set(1)
		return
	}
	m.bypass.Set(0)
}

func (m *metrics) failures(t attack.Type) prometheus.Counter { return m.failed[t] }

func (m *metrics) inspected(d time.Duration) { m.inspection.Observe(d.Seconds()) }

// bind resolves the counters of every application that the rules name.
func (m *metrics) bind(set *rule.Set) {
	byApp := make(map[int32]*[4][len(actions)]prometheus.Counter)
	other := m.counters("other")
	byApp[noApplication] = m.counters("none")
	for _, s := range set.All() {
		switch id := s.Application; {
		case byApp[id] != nil:
		case len(byApp) > maxApplications:
			byApp[id] = other
		default:
			byApp[id] = m.counters(strconv.Itoa(int(id)))
		}
	}
	m.byApp.Store(&byApp)
}

func (m *metrics) counters(app string) *[4][len(actions)]prometheus.Counter {
	var c [4][len(actions)]prometheus.Counter
	for mode := range c {
		for a, code := range actions {
			if Action(a) != Undecided {
				c[mode][a] = m.requests.WithLabelValues(app, config.Mode(mode).String(), code)
			}
		}
	}
	return &c
}

// noApplication stands for requests that match no site.
const noApplication int32 = 0

func (m *metrics) decided(ex *Exchange) {
	app := noApplication
	if ex.Settings != nil {
		app = ex.Settings.Application
	}
	if c := (*m.byApp.Load())[app]; c != nil {
		c[ex.facts.mode][ex.Decision.Action].Inc()
	}
	if k := ex.list.Kind; k != 0 {
		m.lists[k].Inc()
	}
}
