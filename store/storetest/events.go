package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

// OpenEvents opens the events kept under a folder, the same each time. The suite
// closes what it opens.
type OpenEvents func(t *testing.T, dir string) store.Events

// Events is what a store of events must pass.
func Events(t *testing.T, open OpenEvents) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, store.Events){
		"GivenTwice": givenTwice, "Hits": hits, "Grouping": grouping, "Tallies": tallies, "Sessions": sessions, "Requests": requests,
		"Changes": changes, "Paging": paging, "Series": series, "Top": top, "Prune": prune, "Refused": refused,
		"NotFound": notFound, "Hostile": hostileEvents, "Empty": empty, "AppendAndRead": appendAndRead, "Late": late,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir())
			defer closing(t, s)
			test(t, s)
		})
	}
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("Twin%d", seed), func(t *testing.T) { sameAsTwin(t, open, seed) })
	}
	t.Run("Reopen", func(t *testing.T) { reopenEvents(t, open) })
}

// Shared is what two stores on one database must pass that write in turns, as while
// one node takes over from another: nothing is lost or counted twice.
func Shared(t *testing.T, open OpenEvents) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, store.Events){
		"GivenTwice": givenTwice, "Grouping": grouping, "Tallies": tallies, "Sessions": sessions, "Prune": prune, "AppendAndRead": appendAndRead, "Late": late,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, t.TempDir())
			defer closing(t, s)
			test(t, s)
		})
	}
}

func closing(t *testing.T, s store.Events) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func appendTo(t *testing.T, s store.Events, b event.Batch) {
	t.Helper()
	if err := s.Append(t.Context(), &b); err != nil {
		t.Fatalf("append: %v", err)
	}
}

// origin is when the records of the suite begin: a whole minute, hours ago.
func origin() time.Time { return time.Now().Add(-8 * time.Hour).Truncate(time.Minute) }

// givenTwice gives batches again, also with others in between.
func givenTwice(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(1, origin())
	one, two := w.batch(20, 10), w.batch(20, 10)
	one.Tallies = []event.Tally{{Hit: w.hit(), Hits: 7, Blocked: 3}}
	one.Changes = []event.Change{w.change()}
	two.Tallies = []event.Tally{{Hit: one.Tallies[0].Hit, Hits: 2, Blocked: 1}}
	two.Tallies[0].Hit.ID = event.NewID(time.Now())
	for _, b := range []event.Batch{one, one, two, one, two} {
		appendTo(t, s, b)
	}
	totals := must(s.Totals(t.Context(), store.Query{}))(t)
	if totals.Requests != 40 || totals.Hits != 29 {
		t.Errorf("batches given again: %+v", totals)
	}
	stats := must(s.Stats(t.Context()))(t)
	if stats.Requests != 40 || stats.Hits != 20 {
		t.Errorf("batches given again: %+v", stats)
	}
	var hits, blocked, requests int64
	for _, a := range all(t, s.Attacks, store.Query{}) {
		hits, blocked = hits+a.Hits, blocked+a.Blocked
	}
	for _, one := range all(t, s.Sessions, store.Query{}) {
		requests += one.Requests
	}
	if hits != 29 || blocked != w.blocked()-btoi(one.Tallies[0].Hit.Blocked)+4 || requests != w.inSessions() || len(all(t, s.Changes, store.Query{})) != 1 {
		t.Errorf("%d hits, %d of them blocked, %d requests", hits, blocked, requests)
	}
}

// hits checks that hits come back as they were.
func hits(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(2, origin())
	b := w.batch(0, 30)
	for i := range b.Hits {
		if i%3 == 0 {
			b.Hits[i].Raw = fmt.Sprintf("GET /%d HTTP/1.1\r\nHost: h\r\n\r\n", i)
		}
	}
	appendTo(t, s, b)
	for _, want := range b.Hits {
		got := must(s.Hit(t.Context(), want.ID))(t)
		if raw, err := s.Raw(t.Context(), want.Request); raw != want.Raw || (err == nil) != (want.Raw != "") {
			t.Errorf("raw request %q (%v), want %q", raw, err, want.Raw)
		}
		attack := must(s.Attack(t.Context(), got.AttackID))(t)
		if attack.Key != want.Attack || attack.Path != want.Path || attack.Point != want.Point {
			t.Errorf("attack %+v of hit %+v", attack, want)
		}
		want.Raw = ""
		if !sameHit(got.Hit, want) {
			t.Errorf("got  %+v\nwant %+v", got.Hit, want)
		}
	}
}

// sameHit compares hits but for the texts of their stamps.
func sameHit(a, b event.Hit) bool {
	stamps := func(list []event.Stamp) []event.Stamp {
		var plain []event.Stamp
		for _, st := range list {
			st.Text = ""
			plain = append(plain, st)
		}
		return plain
	}
	a.Stamps, b.Stamps = stamps(a.Stamps), stamps(b.Stamps)
	return reflect.DeepEqual(a, b)
}

// grouping checks which hits become one attack.
func grouping(t *testing.T, s store.Events) {
	t.Helper()
	start := origin()
	w := newWorld(3, start)
	model := w.hit()
	at := func(after time.Duration, source byte, blocked bool) event.Hit {
		h := model
		h.Time, h.ID = start.Add(after).UnixNano(), event.NewID(start.Add(after))
		h.Address, h.Blocked, h.Payload = address(source), blocked, fmt.Sprint("payload ", source)
		h.Status, h.Score = 200+uint16(source), source
		return h
	}
	appendTo(t, s, event.Batch{Hits: []event.Hit{at(0, 1, true), at(time.Minute, 2, true)}})
	appendTo(t, s, event.Batch{Hits: []event.Hit{at(61*time.Minute, 2, false)}}) // an hour after the last
	appendTo(t, s, event.Batch{Hits: []event.Hit{at(62*time.Minute, 2, true), at(122*time.Minute+1, 3, false), at(123*time.Minute, 3, false)}})
	other := at(124*time.Minute, 4, true)
	other.Point, other.Attack = "[post, 'x']", event.GroupKey(model.Application, model.Type, model.Host, model.Path, "[post, 'x']")
	appendTo(t, s, event.Batch{Hits: []event.Hit{other}})
	list := all(t, s.Attacks, store.Query{})
	if len(list) != 3 {
		t.Fatalf("%d attacks: %+v", len(list), list)
	}
	type short struct {
		hits, blocked, kept, sources, payloads int64
		score, status                          int
		top, outcome                           string
		length                                 time.Duration
	}
	for i, want := range []short{
		{1, 1, 1, 1, 1, 4, 204, address(4).String(), "blocked", 0},
		{2, 0, 2, 1, 1, 3, 203, address(3).String(), "monitored", time.Minute - 1},
		{4, 3, 4, 2, 2, 2, 202, address(2).String(), "partially_blocked", 62 * time.Minute},
	} {
		a := list[i]
		if got := (short{a.Hits, a.Blocked, a.Kept, a.Sources, a.Payloads, a.Score, a.Status, a.TopSource, a.Outcome(), a.Last.Sub(a.First)}); got != want {
			t.Errorf("attack %d: %+v, want %+v", i, got, want)
		}
	}
}

// tallies checks that dropped hits are counted where and when they were.
func tallies(t *testing.T, s store.Events) {
	t.Helper()
	start := origin()
	w := newWorld(4, start)
	h := w.hit()
	tally := func(after time.Duration, hits, blocked int64) event.Tally {
		dropped := h
		dropped.Time, dropped.ID = start.Add(after).UnixNano(), event.NewID(start.Add(after))
		return event.Tally{Hit: dropped, Hits: hits, Blocked: blocked}
	}
	appendTo(t, s, event.Batch{Hits: []event.Hit{h}, Tallies: []event.Tally{tally(time.Minute, 1000, 400)}})
	appendTo(t, s, event.Batch{Tallies: []event.Tally{tally(2*time.Minute, 10, 10)}})
	appendTo(t, s, event.Batch{Tallies: []event.Tally{tally(10*time.Hour, 5, 0)}}) // a new attack
	list := all(t, s.Attacks, store.Query{})
	if len(list) != 2 || list[1].Hits != 1011 || list[1].Kept != 1 || list[1].Blocked != 410+btoi(h.Blocked) || list[0].Hits != 5 || list[0].Kept != 0 {
		t.Fatalf("attacks: %+v", list)
	}
	for _, one := range []struct {
		from, to time.Duration
		want     int64
	}{{0, 11 * time.Hour, 1016}, {0, time.Minute, 1}, {time.Minute, 2 * time.Minute, 1000}, {2 * time.Minute, 3 * time.Minute, 10}, {3 * time.Minute, time.Hour, 0}} {
		q := store.Query{From: start.Add(one.from), To: start.Add(one.to)}
		if got := must(s.Totals(t.Context(), q))(t).Hits; got != one.want {
			t.Errorf("%d hits from %s to %s, want %d", got, one.from, one.to, one.want)
		}
		counts := must(s.Top(t.Context(), q, store.FieldType, 5))(t)
		if got := sumCounts(counts); got != one.want {
			t.Errorf("top: %d hits from %s to %s, want %d", got, one.from, one.to, one.want)
		}
	}
}

func sumCounts(list []store.Count) (n int64) {
	for _, c := range list {
		n += c.Hits
	}
	return n
}

// late checks that records which are older than those before them are found.
func late(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(5, origin())
	var batches []event.Batch
	for range 6 {
		batches = append(batches, w.batch(10, 5))
	}
	random := rand.New(rand.NewPCG(1, 1))
	for _, i := range random.Perm(len(batches)) {
		appendTo(t, s, batches[i])
	}
	got := all(t, s.Requests, store.Query{Limit: 7})
	if len(got) != 60 {
		t.Fatalf("%d requests", len(got))
	}
	for i := range got[1:] {
		if got[i].Time < got[i+1].Time {
			t.Fatalf("request %d is older than the next", i)
		}
	}
	for _, one := range all(t, s.Sessions, store.Query{}) {
		last := w.requestsOf(one.ID)[0]
		if one.Last.UnixNano() != last.Time || one.Path != last.Path || one.Agent != last.Agent || one.Address != addressText(last.Address) {
			t.Errorf("session %+v, whose last request is %+v", one, last)
		}
	}
}

func notFound(t *testing.T, s store.Events) {
	t.Helper()
	w := newWorld(6, origin())
	appendTo(t, s, w.batch(10, 10))
	id := event.NewID(origin())
	_, attack := s.Attack(t.Context(), 1<<40)
	_, hit := s.Hit(t.Context(), id)
	_, raw := s.Raw(t.Context(), id)
	_, session := s.Session(t.Context(), event.Session{9, 9, 9})
	_, request := s.Request(t.Context(), id)
	for i, err := range []error{attack, hit, raw, session, request} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func empty(t *testing.T, s store.Events) {
	t.Helper()
	appendTo(t, s, event.Batch{})
	if n := len(all(t, s.Attacks, store.Query{})) + len(all(t, s.Hits, store.Query{})) + len(all(t, s.Sessions, store.Query{})) +
		len(all(t, s.Requests, store.Query{})) + len(all(t, s.Changes, store.Query{})); n != 0 {
		t.Errorf("an empty store holds %d records", n)
	}
	if got := must(s.Totals(t.Context(), store.Query{}))(t); got != (store.Totals{}) {
		t.Errorf("totals %+v", got)
	}
	if got := must(s.Stats(t.Context()))(t); !got.Oldest.IsZero() || got.Requests+got.Hits+got.Attacks != 0 {
		t.Errorf("stats %+v", got)
	}
	if err := s.Prune(t.Context(), time.Now(), time.Now()); err != nil {
		t.Error(err)
	}
}

func btoi(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
