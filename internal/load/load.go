// Package load sends bounded, paced requests to a node in tests and counts what
// became of them.
package load

import (
	"context"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// Rounds returns how often a long test repeats itself: few times in an ordinary run,
// WEIR_ROUNDS times where that is set, as make reliability does.
func Rounds(few int) int {
	if n, err := strconv.Atoi(os.Getenv("WEIR_ROUNDS")); err == nil && n > 0 {
		return n
	}
	return few
}

// Options say what is sent.
type Options struct {
	URL     string
	Header  http.Header
	Rate    int                          // requests a second
	Workers int                          // connections; default 16
	Answer  func(a Answer)               // told of every answer, by one goroutine at a time
	Request func(n int, r *http.Request) // changes the n-th request; default: nothing
}

// Answer is what became of a request. Status is 0 if there was none.
type Answer struct {
	Status int
	ID     string // X-Request-Id
	Time   time.Time
	Took   time.Duration
	Err    error
}

// Run sends requests until ctx ends and returns when all are answered.
func Run(ctx context.Context, o Options) {
	if o.Workers == 0 {
		o.Workers = 16
	}
	transport := &http.Transport{MaxIdleConnsPerHost: o.Workers, MaxConnsPerHost: o.Workers, DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	turns := make(chan int)
	var workers sync.WaitGroup
	var telling sync.Mutex
	for range o.Workers {
		workers.Go(func() {
			for n := range turns {
				a := o.send(client, n)
				telling.Lock()
				o.Answer(a)
				telling.Unlock()
			}
		})
	}
	pace(ctx, o.Rate, turns)
	close(turns)
	workers.Wait()
}

// pace hands out turns at a rate, those that are due at each tick together.
func pace(ctx context.Context, rate int, turns chan<- int) {
	start := time.Now()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for n := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for due := int(time.Since(start).Seconds() * float64(rate)); n < due; n++ {
			select {
			case <-ctx.Done():
				return
			case turns <- n:
			}
		}
	}
}

func (o *Options) send(client *http.Client, n int) Answer {
	return Send(client, o.URL, n, func(n int, r *http.Request) {
		if o.Header != nil {
			r.Header = o.Header.Clone()
		}
		if o.Request != nil {
			o.Request(n, r)
		}
	})
}

// Send sends one request, after change has changed it, and reads the answer.
func Send(client *http.Client, url string, n int, change func(n int, r *http.Request)) Answer {
	start := time.Now()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, http.NoBody)
	if err != nil {
		return Answer{Err: err, Time: start}
	}
	if change != nil {
		change(n, r)
	}
	resp, err := client.Do(r)
	if err != nil {
		return Answer{Err: err, Time: time.Now(), Took: time.Since(start)}
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	a := Answer{Status: resp.StatusCode, ID: resp.Header.Get("X-Request-Id"), Time: time.Now(), Took: time.Since(start), Err: err}
	if err != nil { // it broke off
		a.Status = 0
	}
	return a
}
