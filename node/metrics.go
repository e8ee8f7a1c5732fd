package node

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/weirnode/weir/iplist"
)

// registerCollectors adds what is read when somebody scrapes: the stream, the
// store, sessions, lists, the last reload, the process.
func (n *Node) registerCollectors() error {
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "weir_build_info", Help: "Version of the running node.", ConstLabels: prometheus.Labels{"version": n.options.Version},
	})
	build.Set(1)
	for _, c := range []prometheus.Collector{
		build, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), (*readings)(n),
	} {
		if err := n.registry.Register(c); err != nil {
			return err
		}
	}
	return nil
}

// readings is the node as a collector.
type readings Node

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("weir_"+name, help, labels, nil)
}

var (
	published   = desc("events_enqueued_total", "Events published, by kind.", "kind")
	dropped     = desc("events_dropped_total", "Events dropped because the store could not keep up, by kind.", "kind")
	queued      = desc("event_queue_bytes", "Bytes of events that wait for the store.")
	writeErrors = desc("store_write_errors_total", "Batches that the store refused; they are tried again.")
	storeBytes  = desc("store_bytes", "Size of the store on disk.")
	storeOldest = desc("store_oldest_timestamp_seconds", "Time of the oldest request kept.")
	sessionsNow = desc("sessions_active", "Sessions held in memory.")
	listEntries = desc("ip_list_entries", "Entries by list.", "list")
	generation  = desc("config_generation", "Configurations put in force since the start.")
	reloadOK    = desc("config_last_reload_success", "1 if the last reload succeeded, else 0.")
	reloadTime  = desc("config_last_success_timestamp_seconds", "Time of the last configuration put in force.")
)

func (r *readings) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		published, dropped, queued, writeErrors, storeBytes, storeOldest, sessionsNow, listEntries, generation, reloadOK, reloadTime,
	} {
		ch <- d
	}
}

func (r *readings) Collect(ch chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	r.collectStream(ch)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if stats, err := r.store.Stats(ctx); err == nil {
		gauge(storeBytes, float64(stats.Bytes))
		if !stats.Oldest.IsZero() {
			gauge(storeOldest, float64(stats.Oldest.Unix()))
		}
	}
	gauge(sessionsNow, float64(r.sessions.Len()))
	counts := map[iplist.Kind]int{iplist.Allow: 0, iplist.Deny: 0, iplist.Gray: 0}
	for _, e := range r.lists.All() {
		counts[e.Kind]++
	}
	for k, v := range counts {
		gauge(listEntries, float64(v), k.String())
	}
	number, last, failure := r.history.read()
	gauge(generation, float64(number))
	gauge(reloadTime, float64(last.Unix()))
	if failure == "" {
		gauge(reloadOK, 1)
	} else {
		gauge(reloadOK, 0)
	}
}

func (r *readings) collectStream(ch chan<- prometheus.Metric) {
	s := r.stream.Stats()
	counter := func(d *prometheus.Desc, v int64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	for kind, v := range map[string][2]int64{
		"request": {s.Requests.Published, s.Requests.Dropped}, "hit": {s.Hits.Published, s.Hits.Dropped}, "change": {s.Changes.Published, s.Changes.Dropped},
	} {
		counter(published, v[0], kind)
		counter(dropped, v[1], kind)
	}
	counter(writeErrors, s.Errors)
	ch <- prometheus.MustNewConstMetric(queued, prometheus.GaugeValue, float64(s.Bytes))
}
