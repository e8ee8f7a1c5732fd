package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// where is a query with one condition.
func where(f store.Field, op store.Op, values ...string) store.Query {
	return store.Query{Where: []store.Condition{{Field: f, Op: op, Values: values}}}
}

// sessions checks that a session sums up its requests, which it leads to.
func sessions(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(7, origin())
	for range 10 {
		appendTo(t, s, w.batch(50, 0))
	}
	list := all(t, s.Sessions, store.Query{Limit: 3})
	if len(list) < 5 {
		t.Fatalf("only %d sessions", len(list))
	}
	for _, got := range list {
		want, ok := w.sum(got.ID)
		if !ok || sessionText(got) != sessionText(want) {
			t.Errorf("session %+v, want %+v", got, want)
		}
		if one := must(s.Session(t.Context(), got.ID))(t); sessionText(one) != sessionText(want) {
			t.Errorf("session %+v, want %+v", one, want)
		}
		q := where(store.FieldSession, store.Is, got.ID.String())
		q.Limit = 4
		if requests := all(t, s.Requests, q); !slices.Equal(requests, w.requestsOf(got.ID)) {
			t.Errorf("%d requests of session %s, want %d", len(requests), got.ID, len(w.requestsOf(got.ID)))
		}
	}
	if got := all(t, s.Requests, where(store.FieldSession, store.Is, event.Session{1, 2, 3}.String())); len(got) != 0 {
		t.Errorf("%d requests of a session that there is not", len(got))
	}
}

// requests checks that requests come back as they were.
func requests(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(8, origin())
	for range 5 {
		appendTo(t, s, w.batch(30, 0))
	}
	odd := w.request() // the largest and smallest numbers
	odd.Duration, odd.RequestBytes, odd.ResponseBytes, odd.Application, odd.Status, odd.Score = 1<<63-1, -1, -1<<63, -1<<31, 1<<16-1, 255
	w.requests[len(w.requests)-1] = odd
	appendTo(t, s, event.Batch{Requests: []event.Request{odd}})
	for _, want := range w.requests {
		if got := must(s.Request(t.Context(), want.ID))(t); got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func changes(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(9, origin())
	for range 20 {
		appendTo(t, s, event.Batch{Changes: []event.Change{w.change(), w.change()}})
	}
	got := all(t, s.Changes, store.Query{Limit: 7})
	slices.Reverse(got)
	if !slices.Equal(got, w.changes) {
		t.Errorf("got  %+v\nwant %+v", got, w.changes)
	}
}

// paging appends newer records between pages: those that were there are seen once.
func paging(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(10, origin())
	appendTo(t, s, w.batch(100, 60))
	wantRequests, wantHits := w.requestsFor(store.Query{}), w.hitsFor(store.Query{})
	var gotRequests, gotHits []string
	var requestsAt, hitsAt string
	for page := range 100 {
		r := must(s.Requests(t.Context(), store.Query{Limit: 9, Cursor: requestsAt}))(t)
		h := must(s.Hits(t.Context(), store.Query{Limit: 7, Cursor: hitsAt}))(t)
		for i := range r.Items {
			gotRequests = append(gotRequests, r.Items[i].ID.String())
		}
		for i := range h.Items {
			gotHits = append(gotHits, h.Items[i].ID.String())
		}
		appendTo(t, s, w.batch(5, 5))
		if requestsAt, hitsAt = r.Next, h.Next; requestsAt == "" || hitsAt == "" {
			break
		}
		if page == 99 {
			t.Fatal("the pages have no end")
		}
	}
	for kind, both := range map[string][2][]string{"requests": {gotRequests, wantRequests}, "hits": {gotHits, wantHits}} {
		if got, want := both[0], both[1]; len(got) < 60 || !slices.Equal(got, want[:len(got)]) {
			t.Errorf("%d %s by pages, of %d", len(got), kind, len(want))
		}
	}
}

func series(t *testing.T, s store.Events) {
	t.Helper()
	start := origin()
	w := newWorld(11, start)
	for range 6 {
		appendTo(t, s, w.batch(40, 0))
	}
	for _, step := range []time.Duration{time.Second, 10 * time.Second, time.Minute, 7 * time.Minute, time.Hour} {
		for _, q := range []store.Query{
			{From: start, To: w.now.Add(time.Second)},
			{From: start.Add(95 * time.Second), To: start.Add(20*time.Minute + 3*time.Second)},
			{From: start, To: w.now.Add(time.Second), Where: where(store.FieldAction, store.Is, "blocked").Where},
		} {
			w.checkSeries(t, s, q, step)
		}
	}
	for _, step := range []time.Duration{0, -time.Second, time.Nanosecond} {
		if _, err := s.Series(t.Context(), store.Query{From: start}, step); err == nil {
			t.Errorf("a series by steps of %s", step)
		}
	}
	if _, err := s.Series(t.Context(), store.Query{From: start.Add(time.Hour), To: start}, time.Minute); err == nil {
		t.Error("a series that ends before it begins")
	}
}

func (w *world) checkSeries(t *testing.T, s store.Events, q store.Query, step time.Duration) {
	t.Helper()
	got := must(s.Series(t.Context(), q, step))(t)
	next := q.From.Truncate(step)
	for _, b := range got {
		if !b.Time.Equal(next) {
			t.Fatalf("%s: the bucket of %s begins at %s", step, next, b.Time)
		}
		next = next.Add(step)
		want := store.Bucket{Time: b.Time}
		for i := range w.requests {
			if r := &w.requests[i]; r.Time >= b.Time.UnixNano() && r.Time < min(next.UnixNano(), q.To.UnixNano()) &&
				allHold(q, func(f store.Field) []string { return []string{requestValue(r, f)} }) {
				want.Requests++
				want.Attacks += btoi(r.Types != "")
				want.Blocked += btoi(r.Action == "blocked")
			}
		}
		if b != want {
			t.Fatalf("%s: %+v, want %+v", step, b, want)
		}
	}
	if next.Before(q.To) || next.Add(-step).After(q.To) {
		t.Errorf("%s: the buckets end at %s, want %s", step, next, q.To)
	}
}

// top checks counts of values against hits, for attacks that lie in the time range and
// for such as began before.
func top(t *testing.T, s store.Events) {
	t.Helper()
	start := origin()
	w := newWorld(12, start)
	for range 5 {
		appendTo(t, s, w.batch(0, 60))
	}
	for _, f := range []store.Field{
		store.FieldType, store.FieldHost, store.FieldPath, store.FieldPoint, store.FieldApplication, store.FieldAddress, store.FieldMethod, store.FieldStatus,
	} {
		for _, q := range []store.Query{
			{},
			{From: start.Add(time.Minute), To: w.now.Add(-time.Minute)},
			{Where: []store.Condition{{Field: store.FieldType, Values: []string{"sqli", "xss"}}, {Field: store.FieldMethod, Op: store.IsNot, Values: []string{"GET"}}}},
			{From: start.Add(5 * time.Minute), Where: where(store.FieldType, store.Is, "rce").Where},
		} {
			want := map[string]int64{}
			for i := range w.hits {
				h := &w.hits[i]
				if !inRange(q, h.Time, h.Time) || !allHold(q, func(f store.Field) []string { return hitValues(h, f) }) {
					continue
				}
				v := hitValues(h, f)[0]
				if f == store.FieldAddress && !h.Address.IsValid() {
					v = ""
				}
				want[v]++
			}
			got := must(s.Top(t.Context(), q, f, 100))(t)
			for i, c := range got {
				if c.Hits != want[c.Value] || i > 0 && got[i-1].Hits < c.Hits {
					t.Errorf("%s, %+v: %+v, want %v", f, q, got, want)
					break
				}
			}
			if len(got) != len(want) {
				t.Errorf("%s, %+v: %+v, want %v", f, q, got, want)
			}
		}
	}
	if got := must(s.Top(t.Context(), store.Query{}, store.FieldPath, 2))(t); len(got) != 2 {
		t.Errorf("the first 2: %+v", got)
	}
}

// refused checks that questions which make no sense are refused, not answered.
func refused(t *testing.T, s store.Events) {
	t.Helper()
	appendTo(t, s, newWorld(13, origin()).batch(5, 5))
	ask := map[store.Kind]func(store.Query) error{
		store.Attacks:  func(q store.Query) error { _, err := s.Attacks(t.Context(), q); return err },
		store.Hits:     func(q store.Query) error { _, err := s.Hits(t.Context(), q); return err },
		store.Sessions: func(q store.Query) error { _, err := s.Sessions(t.Context(), q); return err },
		store.Requests: func(q store.Query) error { _, err := s.Requests(t.Context(), q); return err },
		store.Changes:  func(q store.Query) error { _, err := s.Changes(t.Context(), q); return err },
	}
	for kind, ask := range ask {
		for _, cursor := range []string{"x", ".", "1", "1.", "1.x", "-", strings.Repeat("9", 40) + ".1", "1.zz", "1.1 OR 1"} {
			err := ask(store.Query{Cursor: cursor})
			if blob := kind == store.Sessions || kind == store.Requests || kind == store.Changes; blob && cursor == "1." {
				continue // an empty id: the end
			}
			if _, ok := errors.AsType[*store.ValueError](err); !ok {
				t.Errorf("kind %d, cursor %q: %v", kind, cursor, err)
			}
		}
		for _, q := range badQueries(kind) {
			var field *store.FieldError
			var value *store.ValueError
			if err := ask(q); !errors.As(err, &field) && !errors.As(err, &value) {
				t.Errorf("kind %d, %.200v: %v", kind, q, err)
			}
		}
	}
	for _, f := range []store.Field{"", "nonsense", store.FieldPayload, store.FieldActor} {
		if _, err := s.Top(t.Context(), store.Query{}, f, 5); err == nil {
			t.Errorf("top of %q", f)
		}
	}
}

// badQueries returns queries that no store answers for records of a kind.
func badQueries(kind store.Kind) (list []store.Query) {
	for _, f := range []store.Field{"", "nonsense", "id; DROP TABLE hit", store.FieldActor, store.FieldPayload, store.FieldAttack, store.FieldPoint} {
		if !f.Of(kind) {
			list = append(list, where(f, store.Is, "1"))
		}
	}
	for _, f := range store.Fields(kind) {
		list = append(list, where(f, store.Is), where(f, store.IsNot), where(f, store.Range), where(f, store.Range, "1"), where(f, store.Range, "1", "2", "3"),
			where(f, 9, "1"), where(f, store.Is, strings.Repeat("x", 1<<20)), where(f, store.Is, slices.Repeat([]string{"1"}, 1000)...))
		switch f.Comparison() {
		case store.ByNumber:
			list = append(list, where(f, store.Is, "x"), where(f, store.Is, ""), where(f, store.Range, "1", "x"), where(f, store.Is, strings.Repeat("9", 30)))
		case store.ByID:
			list = append(list, where(f, store.Is, "x"), where(f, store.Is, strings.Repeat("g", 32)), where(f, store.Is, strings.Repeat("a", 31)))
		case store.ByAddress:
			list = append(list, where(f, store.Is, ""), where(f, store.Is, "10.0.0"), where(f, store.Is, "10.0.0.0/33"), where(f, store.Is, "*"))
		case store.ByAction:
			list = append(list, where(f, store.Is, "x"))
		case store.ByText:
			list = append(list, where(f, store.Is, strings.Repeat("*a", 100)), where(f, store.Range, "1", "2"))
		case store.ByCode, store.ByPart:
			list = append(list, where(f, store.Range, "1", "2"))
		}
	}
	many := store.Query{}
	for range 100 {
		many.Where = append(many.Where, store.Condition{Field: store.Fields(kind)[0], Values: []string{"1"}})
	}
	return append(list, many)
}

// hostileEvents checks that any text comes back as it was, and can be asked for.
func hostileEvents(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(14, origin())
	texts := append(slices.Clone(hostile), "*", "?", "[a-z]", "%_\\", "' OR 1=1 --", strings.Repeat("\x00", 10<<10), ",", "sqli,xss")
	for i, text := range texts {
		r, h, c := w.request(), w.hit(), w.change()
		r.Method, r.Host, r.Path, r.Agent, r.Mode, r.Action, r.Reason, r.Types = text, text, text, text, text, text, text, text
		h.Type, h.Method, h.Host, h.Path, h.Point, h.Context, h.Agent, h.Mode, h.Reason, h.Payload, h.Raw = text, text, text, text, text, text, text, text, text, text, text
		h.Attack = event.GroupKey(h.Application, h.Type, h.Host, h.Path, h.Point)
		c.Actor, c.Verb, c.Noun, c.Subject, c.Detail = text, text, text, text, text
		appendTo(t, s, event.Batch{Requests: []event.Request{r}, Hits: []event.Hit{h}, Changes: []event.Change{c}})
		if got := must(s.Request(t.Context(), r.ID))(t); got != r {
			t.Errorf("text %d: request %.300v", i, got)
		}
		got := must(s.Hit(t.Context(), h.ID))(t)
		if raw, err := s.Raw(t.Context(), h.Request); raw != text || (err != nil) != (text == "") {
			t.Errorf("text %d: raw %.30q %v", i, raw, err)
		}
		h.Raw = ""
		if !sameHit(got.Hit, h) {
			t.Errorf("text %d: hit %.300v", i, got)
		}
		if got := all(t, s.Changes, store.Query{From: time.Unix(0, c.Time)}); len(got) != 1 || got[0] != c {
			t.Errorf("text %d: changes %.300v", i, got)
		}
		if strings.ContainsAny(text, "*?") || len(text) > 4096 {
			continue
		}
		for _, f := range []store.Field{store.FieldHost, store.FieldPath, store.FieldMethod} {
			if n, m := len(all(t, s.Requests, where(f, store.Is, text))), len(all(t, s.Hits, where(f, store.Is, text))); n != 1 || m != 1 {
				t.Errorf("text %d as %s: %d requests, %d hits", i, f, n, m)
			}
		}
		if got := all(t, s.Hits, where(store.FieldPayload, store.Is, text)); !slices.ContainsFunc(got, func(g store.Hit) bool { return g.ID == h.ID }) {
			t.Errorf("text %d: not among the %d hits with this payload", i, len(got))
		}
		if got := must(s.Top(t.Context(), where(store.FieldPath, store.Is, text), store.FieldHost, 5))(t); len(got) != 1 || got[0].Value != text {
			t.Errorf("text %d: top %.300v", i, fmt.Sprint(got))
		}
	}
}
