package netfilter

import "github.com/prometheus/client_golang/prometheus"

// metrics tell what the kernel holds. All children are resolved in advance.
type metrics struct {
	up     prometheus.Gauge
	left   prometheus.Gauge
	errors prometheus.Counter
	rules  [len(families)]prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		up: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "weir_netfilter_up", Help: "1 while the kernel drops denied sources as asked for, else 0.",
		}),
		left: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "weir_netfilter_left", Help: "Denied subnets above lists.netfilter.max, which the node itself denies.",
		}),
		errors: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "weir_netfilter_errors_total", Help: "Failed tries to change the kernel's packet filter.",
		}),
	}
	rules := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "weir_netfilter_rules", Help: "Rules in the node's chain, by address family.",
	}, []string{"family"})
	for i, name := range families {
		m.rules[i] = rules.WithLabelValues(name)
	}
	if reg != nil {
		reg.MustRegister(m.up, m.left, m.errors, rules)
	}
	return m
}
