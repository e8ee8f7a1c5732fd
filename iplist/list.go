// Package iplist holds the allowlist, the denylist and the graylist.
//
// [List.Lookup] is on the path of every request: it reads prefix tables behind an
// atomic pointer, without locks and without allocating. Changes copy the path that
// they touch and swap the pointer. Entries come from the configuration file and
// from a [Store], whose revisions are polled so that several nodes converge.
package iplist

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/internal/term"
)

// pollInterval is how often other nodes' changes are read and ended entries swept.
const pollInterval = 10 * time.Second

// Options are what a list starts with.
type Options struct {
	Store   Store // nil: only entries of the file
	Config  config.Lists
	OnError func(error) // told when the store cannot be read; default: nobody is
}

// List is the three lists. It is safe for concurrent use.
type List struct {
	store    Store
	onError  func(error)
	tables   atomic.Pointer[tables]
	mu       sync.Mutex      // guards the fields below and the replacing of tables
	changed  chan struct{}   // closed at the next change
	entries  map[int64]Entry // all that hold or have not been swept yet
	revision int64
}

// Match is what a look-up found.
type Match struct {
	Kind   Kind
	ID     int64
	Reason string
}

// New loads the lists.
func New(ctx context.Context, o Options) (*List, error) {
	if o.OnError == nil {
		o.OnError = func(error) {}
	}
	l := &List{store: o.Store, onError: o.OnError, entries: map[int64]Entry{}, changed: make(chan struct{})}
	l.tables.Store(&tables{})
	l.Apply(o.Config)
	return l, l.poll(ctx)
}

// Lookup returns the list that an address is on for an application: the allowlist
// before the denylist before the graylist.
func (l *List) Lookup(addr netip.Addr, application int32) Match {
	return l.tables.Load().lookup(addr, application)
}

// Put adds an entry, or replaces the one of the same list, prefix and application.
func (l *List) Put(ctx context.Context, e Entry) (Entry, error) {
	e.Prefix = plain(e.Prefix)
	if text := e.problem(time.Now()); text != "" {
		return e, &InvalidError{text}
	}
	if l.store == nil {
		return e, &InvalidError{"this node keeps no list entries"}
	}
	put, err := l.store.Put(ctx, e)
	if err != nil {
		return e, fmt.Errorf("put list entry %s: %w", e.Prefix, err)
	}
	return put, l.poll(ctx)
}

// Delete takes an entry off its list.
func (l *List) Delete(ctx context.Context, id int64, author string) error {
	if id < 0 {
		return &InvalidError{"this entry is set by the configuration file: remove it there"}
	}
	if l.store == nil {
		return ErrNotFound
	}
	if err := l.store.Delete(ctx, id, author); err != nil {
		return err
	}
	return l.poll(ctx)
}

// InvalidError says why an entry is refused, in words for people.
type InvalidError struct{ Text string }

func (e *InvalidError) Error() string { return e.Text }

// All returns the entries that hold now: those of the file in their order, then the
// stored ones, newest first.
func (l *List) All() []Entry {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	list := slices.Collect(maps.Values(l.entries))
	list = slices.DeleteFunc(list, func(e Entry) bool { return term.Over(e.Until, now) })
	slices.SortFunc(list, func(a, b Entry) int {
		if (a.ID < 0) != (b.ID < 0) {
			return cmp.Compare(a.ID, b.ID)
		}
		return cmp.Compare(b.ID, a.ID)
	})
	return list
}

// Apply replaces the entries of the configuration file.
func (l *List) Apply(c config.Lists) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.tables.Load().prepare(len(c.Allow) + len(c.Deny) + len(c.Gray))
	for id, e := range l.entries {
		if id < 0 {
			t = t.without(e)
			delete(l.entries, id)
		}
	}
	id := int64(0)
	for _, list := range [...]struct {
		kind    Kind
		entries []config.ListEntry
	}{{Allow, c.Allow}, {Deny, c.Deny}, {Gray, c.Gray}} {
		for _, from := range list.entries {
			id--
			e := Entry{ID: id, Kind: list.kind, Prefix: plain(from.Address), Application: int32(from.Application), Reason: from.Reason, Author: "config"}
			l.entries[id] = e
			t = t.with(e)
		}
	}
	l.publish(t)
}

// poll takes over what changed in the store.
func (l *List) poll(ctx context.Context) error {
	if l.store == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	changed, err := l.store.Since(ctx, l.revision)
	if err != nil {
		return fmt.Errorf("read list entries: %w", err)
	}
	if len(changed) == 0 {
		return nil
	}
	t := l.tables.Load().prepare(len(changed))
	now := time.Now()
	for _, e := range changed {
		l.revision = max(l.revision, e.Revision)
		if old, ok := l.entries[e.ID]; ok {
			t = t.without(old)
			delete(l.entries, e.ID)
		}
		if !e.Deleted && !term.Over(e.Until, now) {
			e.Until = term.Steady(e.Until, now)
			l.entries[e.ID] = e
			t = t.with(e)
		}
	}
	l.publish(t)
	return nil
}

// publish puts tables in force and tells who waits for it. Tables that are in force
// already are not written to.
func (l *List) publish(t *tables) {
	if t.draft {
		t.draft = false
	}
	l.tables.Store(t)
	close(l.changed)
	l.changed = make(chan struct{})
}

// Changed returns a channel that is closed at the next change of an entry. Who asks
// for it before [List.All] misses no change.
func (l *List) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

// sweep forgets entries that have ended.
func (l *List) sweep(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	had := l.tables.Load()
	t := had
	for id, e := range l.entries {
		if term.Over(e.Until, now) {
			t = t.without(e)
			delete(l.entries, id)
		}
	}
	if t != had {
		l.publish(t)
	}
}

// Run sweeps ended entries and polls the store until ctx ends. A store that cannot
// be read leaves the lists as they are, and OnError is told.
func (l *List) Run(ctx context.Context) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			l.sweep(now)
			if err := l.poll(ctx); err != nil && ctx.Err() == nil {
				l.onError(err)
			}
		}
	}
}
