package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/load"
	"github.com/weirnode/weir/store"
	"github.com/weirnode/weir/store/sqlite"
)

// users are clients of all kinds at work, and what became of their requests.
type users struct {
	group                               sync.WaitGroup
	mu                                  sync.Mutex // guards sent and the reports
	sent                                []load.Answer
	short, events, messages             atomic.Int64
	failed, brokenEvents, brokenSockets atomic.Int64
	refusing                            atomic.Bool // the node is going away: refused connections are no failure
}

// use begins to use a node until ctx ends: requests on kept connections, half of them
// with bodies that no client repeats, requests on new connections, event streams and
// WebSockets, which come back when they end.
func use(ctx context.Context, t *testing.T, address string) *users {
	t.Helper()
	u := &users{}
	url := "http://" + address
	answered := func(a load.Answer) {
		if a.Status == 0 && u.refusing.Load() && refused(a.Err) {
			return
		}
		u.mu.Lock()
		defer u.mu.Unlock()
		u.short.Add(1)
		u.sent = append(u.sent, a)
		if a.Status != http.StatusOK {
			u.failed.Add(1)
			t.Errorf("a short request: status %d, %v", a.Status, a.Err)
		}
	}
	u.group.Go(func() {
		load.Run(ctx, load.Options{URL: url, Rate: 400, Workers: 8, Answer: answered, Request: func(n int, r *http.Request) {
			if n%2 == 0 {
				r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(strings.NewReader("text=hello")), 10
			}
		}})
	})
	u.group.Go(func() {
		load.Run(ctx, load.Options{URL: url + "/wait?ms=30", Rate: 50, Workers: 8, Answer: answered, Request: func(_ int, r *http.Request) { r.Close = true }})
	})
	for range 4 {
		u.group.Go(func() { u.again(ctx, t, "events", &u.brokenEvents, func() error { return u.read(ctx, url) }) })
		u.group.Go(func() { u.again(ctx, t, "WebSocket", &u.brokenSockets, func() error { return u.talk(ctx, address) }) })
	}
	return u
}

// refused reports whether no connection came about.
func refused(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// again repeats what ends well and counts what does not.
func (u *users) again(ctx context.Context, t *testing.T, what string, broken *atomic.Int64, one func() error) {
	t.Helper()
	for ctx.Err() == nil && !u.refusing.Load() {
		if err := one(); err != nil && ctx.Err() == nil && (!u.refusing.Load() || !refused(err)) {
			broken.Add(1)
			t.Errorf("%s: %v", what, err)
		}
	}
}

func (u *users) read(ctx context.Context, url string) error {
	return load.Events(ctx, url+"/events", func(string) { u.events.Add(1) })
}

// talk sends messages and reads what comes back until the node takes leave.
func (u *users) talk(ctx context.Context, address string) error {
	s, err := load.DialWebSocket(ctx, address, "/ws")
	if err != nil {
		return err
	}
	defer s.Close()
	for n := 0; ctx.Err() == nil; n++ {
		if err := s.Send(fmt.Sprint("message ", n)); err != nil {
			n-- // the close frame is on its way
		}
		got, err := s.Receive(5 * time.Second)
		if errors.Is(err, load.ClosedError(1001)) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("message %d: %w", n, err)
		}
		if got != fmt.Sprint("message ", n) {
			return fmt.Errorf("got %q for message %d", got, n)
		}
		u.messages.Add(1)
		<-time.After(10 * time.Millisecond)
	}
	return nil
}

// check tells the sums, and holds the store to everything that was answered.
func (u *users) check(t *testing.T, dir string) {
	t.Helper()
	u.group.Wait()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	lost, step := 0, 1+len(u.sent)/500
	for i := 0; i < len(u.sent); i += step {
		if a := u.sent[i]; a.Status == http.StatusOK && kept(s, a.ID, false) != nil {
			lost++
		}
	}
	totals, err := s.Totals(t.Context(), store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d short requests, %d failed; %d events, %d streams broken; %d messages, %d WebSockets broken; %d records lost, %d kept",
		u.short.Load(), u.failed.Load(), u.events.Load(), u.brokenEvents.Load(), u.messages.Load(), u.brokenSockets.Load(), lost, totals.Requests)
	if lost > 0 || totals.Requests < u.short.Load()-u.failed.Load() || u.short.Load() == 0 || u.events.Load() == 0 || u.messages.Load() == 0 {
		t.Errorf("records are lost, or a kind of client did nothing")
	}
}
