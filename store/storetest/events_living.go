package storetest

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// prune checks what goes and what stays.
func prune(t *testing.T, s store.Events) {
	t.Helper()
	start := origin()
	w := newWorld(15, start)
	for range 20 {
		appendTo(t, s, w.batch(20, 10))
		appendTo(t, s, event.Batch{Changes: []event.Change{w.change()}})
	}
	keepRequests, keepAttacks := start.Add(w.now.Sub(start)/3), start.Add(w.now.Sub(start)/2)
	if err := s.Prune(t.Context(), keepRequests, keepAttacks); err != nil {
		t.Fatal(err)
	}
	since := func(at time.Time) store.Query { return store.Query{From: at} }
	compare(t, store.Query{}, all(t, s.Hits, store.Query{}), w.hitsFor(since(keepAttacks)), func(h store.Hit) string { return h.ID.String() })
	compare(t, store.Query{}, all(t, s.Changes, store.Query{}), w.changesFor(since(keepAttacks)), func(c event.Change) string { return c.ID.String() })
	compare(t, store.Query{}, all(t, s.Requests, since(keepRequests)), w.requestsFor(since(keepRequests)), func(r event.Request) string { return r.ID.String() })
	for _, a := range all(t, s.Attacks, store.Query{}) {
		if a.Last.Before(keepAttacks) || a.Kept > a.Hits || int64(len(all(t, s.Hits, store.Query{Where: []store.Condition{{Field: store.FieldAttack, Values: []string{strconv.FormatInt(a.ID, 10)}}}}))) != a.Kept {
			t.Errorf("attack %+v", a)
		}
	}
	for _, one := range all(t, s.Sessions, store.Query{}) {
		if one.Last.Before(keepRequests) {
			t.Errorf("session %+v", one)
		}
	}
	if st := must(s.Stats(t.Context()))(t); st.Oldest.Before(start.Add(time.Minute)) || st.Hits != int64(len(w.hitsFor(since(keepAttacks)))) {
		t.Errorf("stats %+v", st)
	}
	after := w.batch(20, 20)
	appendTo(t, s, after)
	appendTo(t, s, after)
	compare(t, store.Query{}, all(t, s.Hits, store.Query{}), w.hitsFor(since(keepAttacks)), func(h store.Hit) string { return h.ID.String() })
	if err := s.Prune(t.Context(), time.Now(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if got := must(s.Totals(t.Context(), store.Query{}))(t); got != (store.Totals{}) {
		t.Errorf("after all was pruned: %+v", got)
	}
}

// appendAndRead reads and prunes while others append: what Append has returned for is
// seen by every reader that begins later.
func appendAndRead(t *testing.T, s store.Events) {
	t.Helper()
	start := origin()
	var writing, reading sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for seed := range uint64(2) {
		writing.Go(func() {
			w := newWorld(100+seed, start)
			for range 40 {
				b := w.batch(20, 5)
				if err := s.Append(t.Context(), &b); err != nil {
					t.Error(err)
				}
				if _, err := s.Request(t.Context(), b.Requests[0].ID); err != nil {
					t.Errorf("the request that was appended: %v", err)
				}
				if h, err := s.Hit(t.Context(), b.Hits[4].ID); err != nil || h.AttackID == 0 {
					t.Errorf("the hit that was appended: %v", err)
				}
			}
		})
	}
	for range 2 {
		reading.Go(func() {
			last := int64(0)
			for ctx.Err() == nil {
				totals, err := s.Totals(t.Context(), store.Query{})
				if err != nil || totals.Requests < last {
					t.Errorf("%d requests after %d: %v", totals.Requests, last, err)
					return
				}
				last = totals.Requests
				page, err := s.Requests(t.Context(), store.Query{Limit: 500})
				if err != nil || int64(len(page.Items)) < min(500, last) {
					t.Errorf("%d requests of %d: %v", len(page.Items), last, err)
					return
				}
			}
		})
	}
	reading.Go(func() {
		for ctx.Err() == nil {
			if err := s.Prune(t.Context(), start.Add(-time.Hour), start.Add(-time.Hour)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	writing.Wait()
	cancel()
	reading.Wait()
	if got := must(s.Totals(t.Context(), store.Query{}))(t); got.Requests != 1600 || got.Hits != 400 {
		t.Errorf("in the end %+v", got)
	}
}

// reopenEvents closes and opens a store again and again.
func reopenEvents(t *testing.T, open OpenEvents) {
	t.Helper()
	dir := t.TempDir()
	w := newWorld(16, origin())
	for round := range 5 {
		s := open(t, dir)
		compare(t, store.Query{}, all(t, s.Requests, store.Query{}), w.requestsFor(store.Query{}), func(r event.Request) string { return r.ID.String() })
		compare(t, store.Query{}, all(t, s.Sessions, store.Query{}), w.sessionsFor(store.Query{}), sessionText)
		compare(t, store.Query{}, all(t, s.Hits, store.Query{}), w.hitsFor(store.Query{}), func(h store.Hit) string { return h.ID.String() })
		if got := int64(len(all(t, s.Attacks, store.Query{}))); got != int64(len(w.groups())) {
			t.Errorf("round %d: %d attacks, want %d", round, got, len(w.groups()))
		}
		appendTo(t, s, w.batch(30, 10))
		if round%2 == 0 {
			all(t, s.Sessions, store.Query{})
		}
		appendTo(t, s, w.batch(30, 10))
		closing(t, s)
	}
}
