package proxy

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/weirnode/weir/parse"
)

// metrics counts what happens on the wire. Children are resolved in advance.
type metrics struct {
	responses    [6]prometheus.Counter // by the first digit of the status
	duration     prometheus.Histogram
	faults       map[string]prometheus.Counter
	upstreams    *prometheus.CounterVec
	retries      *prometheus.CounterVec
	unsolicited  *prometheus.CounterVec
	acceptErrors prometheus.Counter
	panics       prometheus.Counter
	tunnels      prometheus.Gauge
	tunnelBytes  [2]prometheus.Counter // up, down
	ejections    *prometheus.CounterVec
	turnedAway   map[string]prometheus.Counter // by limit
	shedBodies   prometheus.Counter
	shedRequests prometheus.Counter
	handshakes   prometheus.Counter
	clientGone   prometheus.Counter
	cut          prometheus.Counter
	mended       *prometheus.CounterVec
}

type upstreamMetrics struct {
	ok, connect, timeout, broken, busy prometheus.Counter
	retried, unsolicited, ejected      prometheus.Counter
}

func newMetrics(reg prometheus.Registerer) *metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "weir_" + name, Help: help})
	}
	vec := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "weir_" + name, Help: help}, labels)
	}
	tunnelBytes := vec("websocket_bytes_total", "Bytes passed over WebSockets, by direction.", "direction")
	shed := vec("shed_total", "What was left out under overload.", "what")
	refused := vec("connections_refused_total", "Connections closed at once because of a limit.", "limit")
	responses := vec("responses_total", "Answers by class of their status.", "code_class")
	invalid := vec("invalid_requests_total", "Requests that are not well-formed HTTP, by reason.", "reason")
	m := &metrics{
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "weir_request_duration_seconds", Help: "Time from a request's header to its answer's header, or the whole answer if it is short.",
			Buckets: []float64{1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 250e-3, 500e-3, 1, 2.5, 5, 10},
		}),
		upstreams:    vec("upstream_requests_total", "Requests sent to upstreams, by result.", "upstream", "result"),
		retries:      vec("upstream_retries_total", "Requests sent again on a new connection.", "upstream"),
		unsolicited:  vec("upstream_unsolicited_total", "Pooled connections closed because bytes came that nobody asked for.", "upstream"),
		ejections:    vec("upstream_ejections_total", "Times that a target was passed over because requests or checks failed.", "upstream"),
		acceptErrors: counter("accept_errors_total", "Connections that could not be accepted; accepting went on."),
		panics:       counter("panics_total", "Panics in the proxy; the connection was answered with 500."),
		clientGone:   counter("client_gone_total", "Requests whose upstream work was ended because the client had gone away."),
		handshakes:   counter("tls_handshake_errors_total", "Connections on which no encryption could be agreed."),
		cut:          counter("answers_cut_total", "Answers that broke off after their beginning had been sent."),
		tunnels:      prometheus.NewGauge(prometheus.GaugeOpts{Name: "weir_websockets", Help: "WebSockets that are open."}),
		mended:       vec("tolerated_requests_total", "Deviations that a lenient listener mended, by reason.", "reason"),
		faults:       map[string]prometheus.Counter{},
	}
	m.tunnelBytes[up], m.tunnelBytes[down] = tunnelBytes.WithLabelValues("up"), tunnelBytes.WithLabelValues("down")
	m.shedBodies, m.shedRequests = shed.WithLabelValues("body_inspection"), shed.WithLabelValues("request")
	m.turnedAway = map[string]prometheus.Counter{"all": refused.WithLabelValues("all"), "address": refused.WithLabelValues("address")}
	for i, class := range [...]string{"other", "1xx", "2xx", "3xx", "4xx", "5xx"} {
		m.responses[i] = responses.WithLabelValues(class)
	}
	for _, f := range parse.Faults() {
		m.faults[f.String()] = invalid.WithLabelValues(f.String())
	}
	for _, reason := range [...]string{"header_too_large", "body_too_large", "timeout", "slow_body", "cut"} {
		m.faults[reason] = invalid.WithLabelValues(reason)
	}
	if reg != nil {
		reg.MustRegister(responses, invalid, m.duration, m.upstreams, m.retries, m.unsolicited, m.acceptErrors, m.panics, m.clientGone, m.cut, m.mended, m.tunnels, m.handshakes, m.ejections, tunnelBytes, shed, refused)
	}
	return m
}

func (m *metrics) invalid(reason string) prometheus.Counter { return m.faults[reason] }

func (m *metrics) tolerated(reason string) prometheus.Counter {
	return m.mended.WithLabelValues(reason)
}

func (m *metrics) answered(status int, d time.Duration) {
	class := status / 100
	if class > 5 {
		class = 0
	}
	m.responses[class].Inc()
	m.duration.Observe(d.Seconds())
}

func (m *metrics) upstream(name string) *upstreamMetrics {
	result := func(r string) prometheus.Counter { return m.upstreams.WithLabelValues(name, r) }
	return &upstreamMetrics{
		ok: result("ok"), connect: result("connect_error"), timeout: result("timeout"), broken: result("broken"), busy: result("busy"),
		ejected: m.ejections.WithLabelValues(name),
		retried: m.retries.WithLabelValues(name), unsolicited: m.unsolicited.WithLabelValues(name),
	}
}
