package sqlite

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
	"github.com/weirnode/weir/store/storetest"
)

// pair is one database that two stores have open, as while one node takes over from
// another. They write in turns.
type pair struct {
	*Store
	other *Store
	turn  atomic.Int64
}

func openPair(t *testing.T, dir string) store.Events {
	t.Helper()
	p := &pair{}
	for _, s := range []**Store{&p.Store, &p.other} {
		var err error
		if *s, err = Open(t.Context(), dir, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *pair) next() *Store {
	return []*Store{p.Store, p.Store, p.other}[p.turn.Add(1)%3]
}

func (p *pair) Append(ctx context.Context, b *event.Batch) error { return p.next().Append(ctx, b) }

func (p *pair) Sessions(ctx context.Context, q store.Query) (store.Page[store.Session], error) {
	if err := p.fold(ctx); err != nil {
		return store.Page[store.Session]{}, err
	}
	return p.next().Sessions(ctx, q)
}

func (p *pair) Session(ctx context.Context, id event.Session) (store.Session, error) {
	if err := p.fold(ctx); err != nil {
		return store.Session{}, err
	}
	return p.next().Session(ctx, id)
}

// fold has both write their sums: each alone tells only of what it knows.
func (p *pair) fold(ctx context.Context) error {
	return errors.Join(p.next().fold(ctx), p.Store.fold(ctx), p.other.fold(ctx))
}

func (p *pair) Close() error { return errors.Join(p.other.Close(), p.Store.Close()) }

// TestTwoProcessesWrite holds two stores on one database to what one is held to: no
// record is lost, none is counted twice.
func TestTwoProcessesWrite(t *testing.T) { storetest.Shared(t, openPair) }

// TestASuccessorCountsNothingTwice opens a store that another still has sums in memory
// for, lets both go on, and closes the first, as a hand-over does.
func TestASuccessorCountsNothingTwice(t *testing.T) {
	dir, session := t.TempDir(), event.Session{1}
	open := func() *Store {
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	add := func(s *Store, n int) {
		t.Helper()
		b := &event.Batch{}
		for range n {
			now := time.Now()
			b.Requests = append(b.Requests, event.Request{ID: event.NewID(now), Time: now.UnixNano(), Session: session, Status: 200, Method: "GET", Path: "/"})
		}
		if err := s.Append(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	old := open()
	add(old, 1)
	add(old, 2) // pending: sums become rows every ten seconds
	next := open()
	add(old, 4)
	add(next, 8)
	add(old, 16)
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	add(next, 32)
	if got, err := next.Session(t.Context(), session); err != nil || got.Requests != 63 {
		t.Errorf("%d requests are counted, want 63 (%v)", got.Requests, err)
	}
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestAsIsLeavesTheSchema refuses to migrate below another process, and opens what
// needs no migration.
func TestAsIsLeavesTheSchema(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{AsIs: true}) // new: nobody else has it
	if err != nil {
		t.Fatal(err)
	}
	f := func(version string, wantErr bool) {
		t.Helper()
		if _, err := s.write.ExecContext(t.Context(), "PRAGMA user_version = "+version); err != nil {
			t.Fatal(err)
		}
		again, err := Open(t.Context(), dir, Options{AsIs: true})
		if (err != nil) != wantErr {
			t.Errorf("schema %s: %v", version, err)
		}
		if err == nil && again.Close() != nil {
			t.Error("the store does not close")
		}
	}
	f("1", true)
	f("2", false)
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
