package sample

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirnode/weir/attack"
)

// Outcome counts what came of a plan.
type Outcome struct {
	Benign    int // harmless requests sent
	Altered   int // harmless requests whose answer differs from the shop's own
	Attacks   int // attacks sent
	Blocked   int // attacks answered with 403
	ByType    map[attack.Type]int
	Failed    int // requests without any answer
	FirstFail error
}

// Runner sends a plan through a node.
type Runner struct {
	Node        string // base URL of the node
	Direct      string // base URL of the shop itself, for comparing answers
	Host        string // Host of all requests
	Concurrency int    // requests at once
	Rate        int    // requests a second at most
	Progress    func(sent, total int)
}

// Run sends the plan and compares the answers of harmless requests with what the
// shop itself answers.
func (r *Runner) Run(ctx context.Context, plan Plan) (Outcome, error) {
	client := &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{MaxIdleConnsPerHost: r.Concurrency, DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext},
	}
	defer client.CloseIdleConnections()
	var (
		out  = Outcome{ByType: map[attack.Type]int{}}
		mu   sync.Mutex // guards out
		sent atomic.Int64
		wg   sync.WaitGroup
		work = make(chan Request)
	)
	for range r.Concurrency {
		wg.Go(func() {
			for q := range work {
				status, same, err := r.exchange(ctx, client, q)
				mu.Lock()
				out.add(q, status, same, err)
				mu.Unlock()
				if r.Progress != nil {
					r.Progress(int(sent.Add(1)), len(plan.Requests))
				}
			}
		})
	}
	err := r.feed(ctx, plan, work)
	close(work)
	wg.Wait()
	return out, err
}

// feed hands out requests at the runner's rate.
func (r *Runner) feed(ctx context.Context, plan Plan, work chan<- Request) error {
	tick := time.NewTicker(time.Second / time.Duration(r.Rate))
	defer tick.Stop()
	for _, q := range plan.Requests {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case work <- q:
		}
	}
	return nil
}

func (o *Outcome) add(q Request, status int, same bool, err error) {
	switch {
	case err != nil:
		o.Failed++
		if o.FirstFail == nil {
			o.FirstFail = err
		}
	case q.Attack == attack.None:
		o.Benign++
		if !same {
			o.Altered++
			if o.FirstFail == nil {
				o.FirstFail = fmt.Errorf("%s %s: status %d, not the shop's own answer", q.Method, q.Target, status)
			}
		}
	default:
		o.Attacks++
		o.ByType[q.Attack]++
		if status == http.StatusForbidden {
			o.Blocked++
		}
	}
}

// exchange sends one request through the node and, when it is harmless, to the
// shop itself, and reports whether the answers are the same.
func (r *Runner) exchange(ctx context.Context, client *http.Client, q Request) (status int, same bool, err error) {
	status, body, err := r.send(ctx, client, r.Node, q)
	if err != nil || q.Attack != attack.None || r.Direct == "" {
		return status, true, err
	}
	directStatus, directBody, err := r.send(ctx, client, r.Direct, q)
	return status, status == directStatus && bytes.Equal(body, directBody), err
}

func (r *Runner) send(ctx context.Context, client *http.Client, base string, q Request) (int, []byte, error) {
	var body io.Reader
	if q.Body != "" {
		body = strings.NewReader(q.Body)
	}
	req, err := http.NewRequestWithContext(ctx, q.Method, base+q.Target, body)
	if err != nil {
		return 0, nil, fmt.Errorf("make request %s %s: %w", q.Method, q.Target, err)
	}
	req.Host = r.Host
	for _, h := range q.Headers {
		req.Header.Set(h[0], h[1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	return resp.StatusCode, answer, err
}
