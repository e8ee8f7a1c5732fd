package reliability

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/load"
)

// TestTunnels has a thousand WebSockets talk for a minute.
func TestTunnels(t *testing.T) {
	long(t)
	const size = 1000
	n := start(t, options{})
	before := n.rss(t)
	ctx, cancel := context.WithTimeout(t.Context(), lasting(t, "WEIR_TUNNELS", time.Minute))
	defer cancel()
	var all sync.WaitGroup
	var sent, back, failed atomic.Int64
	var mu sync.Mutex
	var times []time.Duration
	for i := range size {
		all.Go(func() {
			s, err := load.DialWebSocket(t.Context(), n.traffic, "/ws")
			if err != nil {
				failed.Add(1)
				t.Errorf("tunnel %d: %v", i, err)
				return
			}
			defer s.Close()
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for k := 0; ctx.Err() == nil; k++ {
				text := fmt.Sprintf("tunnel %d message %d", i, k)
				begun := time.Now()
				err := s.Send(text)
				sent.Add(1)
				got := ""
				if err == nil {
					got, err = s.Receive(20 * time.Second)
				}
				if err != nil || got != text {
					failed.Add(1)
					t.Errorf("tunnel %d: %q, %v", i, got, err)
					return
				}
				back.Add(1)
				mu.Lock()
				times = append(times, time.Since(begun))
				mu.Unlock()
				select {
				case <-tick.C:
				case <-ctx.Done():
				}
			}
		})
	}
	<-time.After(lasting(t, "WEIR_TUNNELS", time.Minute) / 2)
	open, rss := n.metric(t, "weir_websockets"), n.rss(t)
	all.Wait()
	t.Logf("WebSocket: %d tunnels (%v open in the middle), %d messages sent, %d lost, %d tunnels failed; round trip p50 %s, p99 %s; RSS %d MiB before, %d MiB with them",
		size, open, sent.Load(), sent.Load()-back.Load(), failed.Load(), quantile(times, 0.5).Round(10*time.Microsecond), quantile(times, 0.99).Round(10*time.Microsecond), before/mib, rss/mib)
	if sent.Load() != back.Load() {
		t.Errorf("WebSocket: messages are lost")
	}
}

// TestFirstEvents opens event streams and looks how much later than sent the first event
// arrives.
func TestFirstEvents(t *testing.T) {
	long(t)
	const size = 200
	n := start(t, options{})
	var mu sync.Mutex
	var first, later []time.Duration
	var all sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	for i := range size {
		<-time.After(20 * time.Millisecond)
		opened, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		all.Go(func() {
			count := 0
			err := load.Events(opened, n.url("/events"), func(data string) {
				sent, _ := strconv.ParseInt(data, 10, 64)
				took := time.Since(time.Unix(0, sent))
				mu.Lock()
				defer mu.Unlock()
				if count == 0 {
					first = append(first, took)
				} else {
					later = append(later, took)
				}
				count++
			})
			if err != nil {
				t.Errorf("stream %d: %v", i, err)
			}
		})
	}
	all.Wait()
	p99 := quantile(first, 0.99)
	t.Logf("SSE: %d streams; the first event arrives after p50 %s, p99 %s (aim 10 ms), all %d later ones p99 %s", len(first), quantile(first, 0.5).Round(10*time.Microsecond), p99.Round(10*time.Microsecond), len(later), quantile(later, 0.99).Round(10*time.Microsecond))
	if len(first) != size || p99 > 10*time.Millisecond {
		t.Errorf("SSE: %d streams, p99 %s", len(first), p99)
	}
}

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// TestLargeTransfers sends and gets 4 GiB.
func TestLargeTransfers(t *testing.T) {
	long(t)
	const size = 4 << 30
	n := start(t, options{limits: ", body_bytes: 8GiB"})
	pacedFor(t, time.Second, n.url("/"), 100, 8)
	before := n.rss(t)
	client := &http.Client{}
	defer client.CloseIdleConnections()
	for _, test := range []struct {
		name   string
		length int64
	}{{"upload in chunks", -1}, {"upload with a length", size}, {"download", 0}} {
		peak, begun := n.watchPeak(t), time.Now()
		var resp *http.Response
		var err error
		if test.length == 0 {
			resp, err = client.Get(n.url("/bytes?n=" + strconv.Itoa(size)))
		} else {
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, n.url("/"), io.LimitReader(zeros{}, size))
			r.ContentLength = test.length
			resp, err = client.Do(r)
		}
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		got := int64(0)
		if test.length == 0 {
			got, err = io.Copy(io.Discard, resp.Body)
		} else {
			_, err = fmt.Fscan(resp.Body, &got)
		}
		_ = resp.Body.Close()
		took := time.Since(begun)
		t.Logf("transfer: %s: %d of %d bytes, %.0f MiB/s; RSS %d MiB before, %d MiB at its peak (aim: less than 32 more)", test.name, got, int64(size), size/mib/took.Seconds(), before/mib, peak()/mib)
		if got != size || err != nil || peak()-before > 32*mib {
			t.Errorf("transfer: %s: %d bytes, %v, RSS grew by %d MiB", test.name, got, err, (peak()-before)/mib)
		}
	}
}
