package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/internal/term"
)

// Block is a blocked session.
type Block struct {
	Session  event.Session
	Revision int64
	Why      string
	Author   string
	Added    time.Time
	Until    time.Time // zero: for ever
	Deleted  bool      // only in what Store.Since returns
}

// Store keeps blocked sessions. Revisions grow with every change. A block that ended
// or was lifted more than a day ago may be forgotten.
type Store interface {
	Since(ctx context.Context, revision int64) ([]Block, error)
	Put(ctx context.Context, b Block) (Block, error)
	Delete(ctx context.Context, id event.Session, author string) error
}

// ErrNotBlocked is returned when a session that is not blocked is to be unblocked.
var ErrNotBlocked = errors.New("this session is not blocked")

// Standing says whether a session may go on.
type Standing struct {
	Blocked bool
	Why     string
	Until   time.Time // zero: for ever
}

// Standing returns the standing of a session at a moment, without locks.
func (t *Table) Standing(id event.Session, now time.Time) Standing {
	blocks := *t.blocks.Load()
	if len(blocks) == 0 {
		return Standing{}
	}
	b, ok := blocks[id]
	if !ok || term.Over(b.Until, now) {
		return Standing{}
	}
	return Standing{true, b.Why, b.Until}
}

// InvalidError says why a block is refused, in words for people.
type InvalidError struct{ Text string }

func (e *InvalidError) Error() string { return e.Text }

// Block blocks a session until a time; the zero time is for ever.
func (t *Table) Block(ctx context.Context, id event.Session, until time.Time, why, author string) error {
	b := Block{Session: id, Why: why, Author: author, Added: time.Now(), Until: until}
	switch {
	case t.store == nil:
		return &InvalidError{"this node keeps no blocked sessions"}
	case id == event.Session{}:
		return &InvalidError{"name a session"}
	case term.Over(b.Until, b.Added):
		return &InvalidError{"the block would have ended already: name a later time, or for ever"}
	}
	if _, err := t.store.Put(ctx, b); err != nil {
		return fmt.Errorf("block session %s: %w", id, err)
	}
	return t.poll(ctx)
}

// Unblock lifts the block of a session, or returns ErrNotBlocked.
func (t *Table) Unblock(ctx context.Context, id event.Session, author string) error {
	if t.store == nil {
		return ErrNotBlocked
	}
	if err := t.store.Delete(ctx, id, author); err != nil {
		return err
	}
	return t.poll(ctx)
}

// Blocks returns the sessions that are blocked now, newest block first.
func (t *Table) Blocks() []Block {
	var list []Block
	now := time.Now()
	for _, b := range *t.blocks.Load() {
		if !term.Over(b.Until, now) {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, func(a, b Block) int { return cmp.Compare(b.Revision, a.Revision) })
	return list
}

// poll takes over what changed in the store and forgets blocks that have ended.
func (t *Table) poll(ctx context.Context) error {
	if t.store == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	changed, err := t.store.Since(ctx, t.revision)
	if err != nil {
		return fmt.Errorf("read blocked sessions: %w", err)
	}
	blocks := maps.Clone(*t.blocks.Load())
	now := time.Now()
	for _, b := range changed {
		t.revision = max(t.revision, b.Revision)
		if b.Deleted {
			delete(blocks, b.Session)
		} else {
			b.Until = term.Steady(b.Until, now)
			blocks[b.Session] = b
		}
	}
	maps.DeleteFunc(blocks, func(_ event.Session, b Block) bool { return term.Over(b.Until, now) })
	t.blocks.Store(&blocks)
	return nil
}
