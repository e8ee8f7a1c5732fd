package iplist

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirnode/weir/config"
)

// memory is a Store for tests.
type memory struct {
	mu       sync.Mutex // guards all fields
	entries  []Entry
	revision int64
	broken   error // what Since returns
}

func (m *memory) breakDown(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

func (m *memory) Since(_ context.Context, rev int64) (out []Entry, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.entries {
		if e.Revision > rev {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b Entry) int { return int(a.Revision - b.Revision) })
	return out, m.broken
}

func (m *memory) Put(_ context.Context, e Entry) (Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.revision++
	e.Revision = m.revision
	for i, old := range m.entries {
		if !old.Deleted && old.Kind == e.Kind && old.Prefix == e.Prefix && old.Application == e.Application {
			e.ID = old.ID
			m.entries[i] = e
			return e, nil
		}
	}
	e.ID = int64(len(m.entries) + 1)
	m.entries = append(m.entries, e)
	return e, nil
}

func (m *memory) Delete(_ context.Context, id int64, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.entries {
		if m.entries[i].ID == id && !m.entries[i].Deleted {
			m.revision++
			m.entries[i].Revision, m.entries[i].Deleted = m.revision, true
			return nil
		}
	}
	return ErrNotFound
}

func open(t *testing.T, c config.Lists) *List {
	t.Helper()
	l, err := New(t.Context(), Options{Store: &memory{}, Config: c})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func put(t *testing.T, l *List, k Kind, prefix string, app int32, hold time.Duration) Entry {
	t.Helper()
	e := Entry{Kind: k, Prefix: netip.MustParsePrefix(prefix), Application: app, Added: time.Now()}
	if hold > 0 {
		e.Until = time.Now().Add(hold)
	}
	e, err := l.Put(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestPrecedence(t *testing.T) {
	l := open(t, config.Lists{Deny: []config.ListEntry{{Address: netip.MustParsePrefix("198.51.100.0/24")}}})
	put(t, l, Gray, "192.0.2.0/24", 0, 0)
	put(t, l, Deny, "192.0.2.7/32", 2, 0)
	put(t, l, Allow, "192.0.2.8/32", 0, 0)
	put(t, l, Deny, "192.0.2.8/32", 0, 0)
	f := func(addr string, app int32, want Kind) {
		t.Helper()
		if got := l.Lookup(netip.MustParseAddr(addr), app).Kind; got != want {
			t.Errorf("%s for %d: %s, want %s", addr, app, got, want)
		}
	}
	f("192.0.2.1", 1, Gray)
	f("192.0.2.7", 1, Gray)
	f("192.0.2.7", 2, Deny)
	f("::ffff:192.0.2.7", 2, Deny)
	f("192.0.2.8", 1, Allow)
	f("198.51.100.9", 1, Deny)
	f("203.0.113.1", 1, None)
	f("2001:db8::1", 1, None)
}

func TestEntriesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, config.Lists{})
		put(t, l, Deny, "192.0.2.7/32", 0, time.Hour)
		put(t, l, Deny, "192.0.2.0/24", 0, 2*time.Hour)
		addr := netip.MustParseAddr("192.0.2.7")
		for _, want := range []Kind{Deny, Deny, None} {
			if got := l.Lookup(addr, 0).Kind; got != want {
				t.Errorf("%s, want %s", got, want)
			}
			time.Sleep(time.Hour) //nolint:forbidigo // the clock of the bubble
		}
		l.sweep(time.Now())
		if n := len(l.All()); n != 0 || l.tables.Load().count != 0 {
			t.Errorf("%d entries left", n)
		}
	})
}

func TestRefusals(t *testing.T) {
	l := open(t, config.Lists{Allow: []config.ListEntry{{Address: netip.MustParsePrefix("10.0.0.0/8")}}})
	for _, e := range []Entry{
		{Prefix: netip.MustParsePrefix("192.0.2.1/32")},
		{Kind: Deny},
		{Kind: Deny, Prefix: netip.MustParsePrefix("0.0.0.0/0")},
		{Kind: Deny, Prefix: netip.MustParsePrefix("::/0")},
		{Kind: Deny, Prefix: netip.MustParsePrefix("192.0.2.1/32"), Until: time.Now().Add(time.Minute)},
	} {
		var invalid *InvalidError
		if _, err := l.Put(t.Context(), e); !errors.As(err, &invalid) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	var invalid *InvalidError
	if err := l.Delete(t.Context(), l.All()[0].ID, "me"); !errors.As(err, &invalid) {
		t.Errorf("deleting an entry of the file: %v", err)
	}
	if err := l.Delete(t.Context(), 77, "me"); !errors.Is(err, ErrNotFound) {
		t.Errorf("deleting nothing: %v", err)
	}
}
