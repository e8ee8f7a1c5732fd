package reliability

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/load"
)

// figures are what a well-behaved client has seen.
type figures struct {
	ok, failed int
	times      []time.Duration
	statuses   map[int]int
	first      string // the first failure
}

func (f *figures) String() string {
	return fmt.Sprintf("%d answers, %d failed, p50 %s, p99 %s", f.ok+f.failed, f.failed, quantile(f.times, 0.5).Round(10*time.Microsecond), quantile(f.times, 0.99).Round(10*time.Microsecond))
}

// add counts an answer.
func (f *figures) add(a load.Answer) {
	f.statuses[a.Status]++
	if a.Status == http.StatusOK {
		f.ok++
	} else if f.failed++; f.first == "" {
		f.first = fmt.Sprint(a.Status, a.Err)
	}
	f.times = append(f.times, a.Took)
}

// paced sends requests at a rate for a while and returns how they went. A request is
// timed from when it was sent.
func paced(ctx context.Context, url string, rate, workers int, change func(n int, r *http.Request)) *figures {
	f := &figures{statuses: map[int]int{}}
	load.Run(ctx, load.Options{URL: url, Rate: rate, Workers: workers, Request: change, Answer: f.add})
	return f
}

// pacedFor is paced for a duration.
func pacedFor(t *testing.T, d time.Duration, url string, rate, workers int) *figures {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	return paced(ctx, url, rate, workers, nil)
}

// saturate sends requests as fast as answers come, on a number of connections, and
// returns how they went.
func saturate(t *testing.T, d time.Duration, url string, workers int, change func(n int, r *http.Request)) *figures {
	t.Helper()
	deadline := time.Now().Add(d)
	f := &figures{statuses: map[int]int{}}
	transport := &http.Transport{MaxIdleConnsPerHost: workers, MaxConnsPerHost: workers, DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	var group sync.WaitGroup
	var mu sync.Mutex
	for w := range workers {
		group.Go(func() {
			for n := w; time.Now().Before(deadline); n += workers {
				a := load.Send(client, url, n, change)
				mu.Lock()
				f.add(a)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return f
}
