package session

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
)

// memory is a Store for tests.
type memory struct {
	mu       sync.Mutex // guards all fields
	blocks   []Block
	revision int64
	broken   error // what Since returns
}

func (m *memory) breakDown(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

func (m *memory) Since(_ context.Context, rev int64) (out []Block, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.blocks {
		if b.Revision > rev {
			out = append(out, b)
		}
	}
	return out, m.broken
}

func (m *memory) Put(_ context.Context, b Block) (Block, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blocks = slices.DeleteFunc(m.blocks, func(x Block) bool { return x.Session == b.Session })
	m.revision++
	b.Revision = m.revision
	m.blocks = append(m.blocks, b)
	return b, nil
}

func (m *memory) Delete(_ context.Context, id event.Session, _ string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.blocks {
		if b := &m.blocks[i]; b.Session == id && !b.Deleted {
			m.revision++
			b.Revision, b.Deleted = m.revision, true
			return nil
		}
	}
	return ErrNotBlocked
}

func TestBlocking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &memory{}
		table, err := New(t.Context(), Options{Store: kept})
		if err != nil {
			t.Fatal(err)
		}
		forAnHour, forEver, other := event.Session{1}, event.Session{2}, event.Session{3}
		for id, until := range map[event.Session]time.Time{forAnHour: time.Now().Add(time.Hour), forEver: {}} {
			if err := table.Block(t.Context(), id, until, "why", "me"); err != nil {
				t.Fatal(err)
			}
		}
		f := func(when string, table *Table, id event.Session, want bool) {
			t.Helper()
			if got := table.Standing(id, time.Now()); got.Blocked != want || want && got.Why != "why" {
				t.Errorf("%s: session %d is blocked: %+v, want %v", when, id[0], got, want)
			}
		}
		f("at once", table, forAnHour, true)
		f("at once", table, forEver, true)
		f("at once", table, other, false)
		again, err := New(t.Context(), Options{Store: kept})
		if err != nil {
			t.Fatal(err)
		}
		f("after a restart", again, forAnHour, true)
		time.Sleep(time.Hour) //nolint:forbidigo // the clock of the bubble
		f("after an hour", table, forAnHour, false)
		f("after an hour", table, forEver, true)
		if b := table.Blocks(); len(b) != 1 || b[0].Session != forEver || b[0].Author != "me" {
			t.Errorf("blocks %+v", b)
		}
		if err := table.Unblock(t.Context(), forEver, "me"); err != nil {
			t.Fatal(err)
		}
		f("unblocked", table, forEver, false)
		if err := table.Unblock(t.Context(), forEver, "me"); !errors.Is(err, ErrNotBlocked) {
			t.Errorf("unblocking twice: %v", err)
		}
		f("before the poll", again, forEver, true)
		if err := again.poll(t.Context()); err != nil {
			t.Fatal(err)
		}
		f("another node has unblocked it", again, forEver, false)
	})
}

func TestRefusedBlocks(t *testing.T) {
	without, err := New(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	with, err := New(t.Context(), Options{Store: &memory{}})
	if err != nil {
		t.Fatal(err)
	}
	var invalid *InvalidError
	if err := without.Block(t.Context(), event.Session{1}, time.Time{}, "", ""); !errors.As(err, &invalid) {
		t.Errorf("without a store: %v", err)
	}
	if err := without.Unblock(t.Context(), event.Session{1}, ""); !errors.Is(err, ErrNotBlocked) {
		t.Errorf("without a store: %v", err)
	}
	if err := with.Block(t.Context(), event.Session{1}, time.Now().Add(-time.Hour), "", ""); !errors.As(err, &invalid) {
		t.Errorf("until an hour ago: %v", err)
	}
	if err := with.Block(t.Context(), event.Session{}, time.Time{}, "", ""); !errors.As(err, &invalid) {
		t.Errorf("no session: %v", err)
	}
}

// TestBlocksAreNeverDisplaced floods a full table and looks for the blocked one.
func TestBlocksAreNeverDisplaced(t *testing.T) {
	table, err := New(t.Context(), Options{Store: &memory{}, Config: config.Session{Max: 64}})
	if err != nil {
		t.Fatal(err)
	}
	id, now := event.Session{7, 15: 1}, time.Now()
	if err := table.Block(t.Context(), id, time.Time{}, "why", "me"); err != nil {
		t.Fatal(err)
	}
	table.Observe(id, Observation{Time: now})
	for i := range uint64(10_000) {
		var fresh event.Session
		binary.LittleEndian.PutUint64(fresh[8:], i)
		table.Observe(fresh, Observation{Time: now})
	}
	if !table.Standing(id, now).Blocked {
		t.Error("the block is gone")
	}
}

func TestRunTellsOfAStoreThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept, told := &memory{}, make(chan error, 1)
		table, err := New(t.Context(), Options{Store: kept, OnError: func(err error) { told <- err }})
		if err != nil {
			t.Fatal(err)
		}
		if err := table.Block(t.Context(), event.Session{1}, time.Time{}, "why", "me"); err != nil {
			t.Fatal(err)
		}
		fire := errors.New("disk on fire")
		kept.breakDown(fire)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = table.Run(ctx) })
		if err := <-told; !errors.Is(err, fire) {
			t.Errorf("told %v", err)
		}
		stop()
		running.Wait()
		if !table.Standing(event.Session{1}, time.Now()).Blocked {
			t.Error("the blocks read last are no longer in force")
		}
	})
}
