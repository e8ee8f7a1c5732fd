package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// all reads all pages of a query.
func all[T any](t *testing.T, ask func(context.Context, store.Query) (store.Page[T], error), q store.Query) (list []T) {
	t.Helper()
	for range 10_000 {
		p := must(ask(t.Context(), q))(t)
		list = append(list, p.Items...)
		if p.Next == "" {
			return list
		}
		if len(p.Items) == 0 {
			t.Fatal("an empty page that is not the last")
		}
		q.Cursor = p.Next
	}
	t.Fatal("the pages have no end")
	return nil
}

// sameAsTwin asks a store and its twin the same random questions.
func sameAsTwin(t *testing.T, open OpenEvents, seed uint64) {
	t.Helper()
	s := open(t, t.TempDir())
	defer closing(t, s)
	start := origin()
	w := newWorld(seed, start)
	for range 12 {
		appendTo(t, s, w.batch(1+w.random.IntN(60), w.random.IntN(30)))
		appendTo(t, s, event.Batch{Changes: []event.Change{w.change()}})
		if w.random.IntN(4) == 0 {
			w.now = w.now.Add(70 * time.Minute)
		}
	}
	if seed == 1 { // the same after pruning nothing, which may store it differently
		if err := s.Prune(t.Context(), start.Add(-time.Hour), start.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	for range 150 {
		w.ask(t, s, start)
	}
}

// ask asks one random question of each kind of record.
func (w *world) ask(t *testing.T, s store.Events, start time.Time) {
	t.Helper()
	q := store.Query{Limit: 1 + w.random.IntN(60)}
	span := w.now.Sub(start)
	if w.random.IntN(2) == 0 {
		q.From = start.Add(time.Duration(w.random.Int64N(int64(span))))
	}
	if w.random.IntN(2) == 0 {
		q.To = start.Add(time.Duration(w.random.Int64N(int64(span))))
	}
	q = w.with(q, store.Requests)
	compare(t, q, all(t, s.Requests, q), w.requestsFor(q), func(r event.Request) string { return r.ID.String() })
	if got, want := must(s.Totals(t.Context(), q))(t).Requests, int64(len(w.requestsFor(q))); got != want {
		t.Errorf("%+v: %d requests, want %d", q, got, want)
	}
	q = w.with(q, store.Hits)
	compare(t, q, all(t, s.Hits, q), w.hitsFor(q), func(h store.Hit) string { return h.ID.String() })
	if got, want := must(s.Totals(t.Context(), q))(t).Hits, int64(len(w.hitsFor(q))); got != want {
		t.Errorf("%+v: %d hits, want %d", q, got, want)
	}
	q = w.with(q, store.Attacks)
	compare(t, q, all(t, s.Attacks, q), w.attacksFor(q), func(a store.Attack) string {
		return fmt.Sprint(a.Key, a.First.UnixNano(), a.Last.UnixNano(), a.Hits, a.Blocked, a.Kept, a.Sources, a.Payloads)
	})
	q = w.with(q, store.Sessions)
	compare(t, q, all(t, s.Sessions, q), w.sessionsFor(q), sessionText)
	q = w.with(q, store.Changes)
	compare(t, q, all(t, s.Changes, q), w.changesFor(q), func(c event.Change) string { return c.ID.String() })
}

func compare[T any](t *testing.T, q store.Query, got []T, want []string, text func(T) string) {
	t.Helper()
	have := make([]string, 0, len(got))
	for _, item := range got {
		have = append(have, text(item))
	}
	if !slices.Equal(have, want) {
		t.Fatalf("%T, %+v\n%d records:\n%s\nwant %d:\n%s", got, q, len(have), strings.Join(have, "\n"), len(want), strings.Join(want, "\n"))
	}
}

// with returns a query with up to two random conditions on records of a kind.
func (w *world) with(q store.Query, kind store.Kind) store.Query {
	q.Where = nil
	fields := store.Fields(kind)
	for range w.random.IntN(3) {
		f := one(w, fields)
		c := store.Condition{Field: f, Op: store.Op(w.random.IntN(2)), Values: []string{w.value(f)}}
		if w.random.IntN(4) == 0 {
			c.Values = append(c.Values, w.value(f))
		}
		if f.Comparison() == store.ByNumber && w.random.IntN(3) == 0 {
			c.Op, c.Values = store.Range, []string{"0", "403"}
		}
		if f != store.FieldAttack {
			q.Where = append(q.Where, c)
		}
	}
	return q
}
