package reliability

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/load"
)

// soaking is what the soak sends in turns.
var soaking = []struct {
	method, target, kind, body string
	want                       int
}{
	{"GET", "/products/17?page=2", "", "", 200},
	{"POST", "/login", "application/x-www-form-urlencoded", "user=ann&password=correct+horse", 200},
	{"POST", "/api/orders", "application/json", `{"items":[{"id":17,"count":2}],"note":"please ring twice"}`, 200},
	{"GET", "/search?q=1%27%20UNION%20SELECT%20username,password%20FROM%20users--", "", "", 403},
	{"POST", "/api/orders", "application/json", `{"note":"<script>alert(document.cookie)</script>"}`, 403},
	{"PUT", "/files/a.bin", "application/octet-stream", strings.Repeat("0123456789abcdef", 4096), 200},
	{"GET", "/bytes?n=200000", "", "", 200},
	{"GET", "/../../etc/passwd", "", "", 403},
}

// TestSoak has mixed traffic, streams and reloads go on and looks for what grows.
func TestSoak(t *testing.T) {
	long(t)
	d := lasting(t, "WEIR_SOAK", 5*time.Minute)
	warm := min(time.Minute, d/4)
	n := start(t, options{})
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var all sync.WaitGroup
	var count, wrong atomic.Int64
	all.Go(func() {
		load.Run(ctx, load.Options{URL: n.url(""), Rate: 300, Workers: 16, Request: soakRequest, Answer: func(a load.Answer) {
			count.Add(1)
			if a.Status != http.StatusOK && a.Status != http.StatusForbidden {
				if wrong.Add(1) < 5 {
					t.Errorf("R23: status %d, %v", a.Status, a.Err)
				}
			}
		}})
	})
	all.Go(func() { soakStreams(ctx, n) })
	var heap, goroutines []sample
	begun := time.Now()
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			continue
		case <-tick.C:
		}
		if since := time.Since(begun); since > warm {
			// What a collection left is half of when the next one begins.
			heap = append(heap, sample{since.Hours(), n.metric(t, "go_memstats_next_gc_bytes") / 2 / mib})
			goroutines = append(goroutines, sample{since.Hours(), n.metric(t, "go_goroutines")})
		}
		if err := n.process.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	all.Wait()
	t.Logf("R23: %s, %d requests, %d wrong, a reload every 2 s; live heap %.1f to %.1f MiB, slope %.1f MiB/h after the first %s (aim 1 over an hour), mean of the first third %.1f, of the last %.1f; goroutines %.0f to %.0f, mean of the first third %.0f, of the last %.0f (aim ±5); RSS %d MiB",
		d, count.Load(), wrong.Load(), least(heap), most(heap), slope(heap), warm, third(heap, 0), third(heap, 2), least(goroutines), most(goroutines), third(goroutines, 0), third(goroutines, 2), n.rss(t)/mib)
	if grown := third(goroutines, 2) - third(goroutines, 0); grown > 5 {
		t.Errorf("R23: %.0f more goroutines", grown)
	}
	if grown := third(heap, 2) - third(heap, 0); grown > 8 {
		t.Errorf("R23: the live heap grew by %.1f MiB", grown)
	}
	n.alive(t)
}

func soakRequest(i int, r *http.Request) {
	s := soaking[i%len(soaking)]
	r.Method = s.method
	r.URL.Opaque = fmt.Sprintf("//%s%s", r.URL.Host, s.target)
	if s.body != "" {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(s.body)), int64(len(s.body))
		r.Header.Set("Content-Type", s.kind)
	}
	r.Header.Set("Cookie", fmt.Sprintf("sid=%d", i%1000))
}

// soakStreams opens and ends event streams and WebSockets.
func soakStreams(ctx context.Context, n *node) {
	for ctx.Err() == nil {
		short, cancel := context.WithTimeout(ctx, time.Second)
		_ = load.Events(short, n.url("/events"), func(string) {}) // what breaks is not the soak's question
		cancel()
		s, err := load.DialWebSocket(ctx, n.traffic, "/ws")
		if err != nil {
			continue
		}
		if s.Send("hello") == nil {
			_, _ = s.Receive(time.Second)
		}
		_ = s.Close()
	}
}

// sample is a value at a time in hours.
type sample struct{ at, value float64 }

func third(list []sample, which int) (mean float64) {
	part := list[len(list)*which/3 : len(list)*(which+1)/3]
	for _, s := range part {
		mean += s.value / float64(len(part))
	}
	return mean
}

func least(list []sample) float64 {
	v := list[0].value
	for _, s := range list {
		v = min(v, s.value)
	}
	return v
}

func most(list []sample) float64 {
	v := list[0].value
	for _, s := range list {
		v = max(v, s.value)
	}
	return v
}

// slope returns the slope of the least squares line through samples.
func slope(list []sample) float64 {
	var x, y, xx, xy float64
	for _, s := range list {
		x, y, xx, xy = x+s.at, y+s.value, xx+s.at*s.at, xy+s.at*s.value
	}
	k := float64(len(list))
	return (k*xy - x*y) / (k*xx - x*x)
}
