package reliability

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// memoryLimit is what GOMEMLIMIT is for the node under overload.
const memoryLimit = 512 * mib

// TestOverload asks four times as much of a node as it can do. Its capacity is bounded by
// in_flight and by how long the application takes, so that the load does not have to
// take the processor from it.
func TestOverload(t *testing.T) {
	long(t)
	const inFlight, takes = 32, 100 // milliseconds
	n := start(t, options{limits: fmt.Sprintf(", in_flight: %d", inFlight), env: []string{"GOMEMLIMIT=512MiB"}})
	url := n.url(fmt.Sprintf("/wait?ms=%d", takes))
	d := lasting(t, "WEIR_OVERLOAD", time.Minute)
	peak := saturate(t, 5*time.Second, url, 2*inFlight, nil)
	capacity := float64(peak.ok) / 5
	highest := n.watchPeak(t)
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	over := paced(ctx, url, int(4*capacity), 16*inFlight, nil)
	goodput := float64(over.ok) / d.Seconds()
	recovered := recovery(url)
	t.Logf("R20: capacity %.0f/s (in_flight %d, %d ms each); offered %.0f/s for %s: goodput %.0f/s, %.0f%% of the peak (aim 80%%), %v; %v requests shed; highest RSS %d MiB (limit 512); recovers in %s (aim 5 s)",
		capacity, inFlight, takes, float64(over.ok+over.failed)/d.Seconds(), d, goodput, 100*goodput/capacity, over.statuses, n.metric(t, `weir_shed_total{what="request"}`), highest()/mib, recovered.Round(time.Millisecond))
	if goodput < 0.8*capacity || highest() > memoryLimit || recovered > 5*time.Second || over.statuses[0] > 0 {
		t.Errorf("R20: goodput %.0f of %.0f, RSS %d, recovery %s, %d without an answer: %s", goodput, capacity, highest(), recovered, over.statuses[0], over.first)
	}
	n.alive(t)
}

// TestBusyProcessor has four times as many clients as keep the processor busy send
// bodies that are inspected, as fast as they can.
func TestBusyProcessor(t *testing.T) {
	long(t)
	n := start(t, options{env: []string{"GOMEMLIMIT=512MiB"}})
	d := lasting(t, "WEIR_OVERLOAD", time.Minute) / 3
	body := `{"name":"` + strings.Repeat("a long text that is looked at ", 300) + `"}`
	post := func(_ int, r *http.Request) {
		r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(strings.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", "application/json")
	}
	peak := saturate(t, 8*time.Second, n.url("/"), 16, post)
	capacity := float64(peak.ok) / 8
	highest := n.watchPeak(t)
	over := saturate(t, d, n.url("/"), 64, post)
	goodput := float64(over.ok) / d.Seconds()
	recovered := recovery(n.url("/"))
	t.Logf("R20: 16 clients with 9 KB of JSON: %.0f/s, p99 %s; 64 clients for %s: %.0f/s, %.0f%% of it (aim 80%%), p99 %s, %v; highest RSS %d MiB (limit 512); recovers in %s (aim 5 s)",
		capacity, quantile(peak.times, 0.99).Round(time.Millisecond), d, goodput, 100*goodput/capacity, quantile(over.times, 0.99).Round(time.Millisecond), over.statuses, highest()/mib, recovered.Round(time.Millisecond))
	if goodput < 0.6*capacity || highest() > memoryLimit || recovered > 5*time.Second || over.statuses[0] > 0 { // the clients take their share of the processor
		t.Errorf("R20: goodput %.0f of %.0f, RSS %d, recovery %s: %s", goodput, capacity, highest(), recovered, over.first)
	}
	n.alive(t)
}

// recovery returns how long it takes until ten requests in a row are answered well.
func recovery(url string) time.Duration {
	begun := time.Now()
	row := 0
	eventually(20*time.Second, func() bool {
		if row++; status(url) != http.StatusOK {
			row = 0
		}
		return row == 10
	})
	return time.Since(begun)
}
