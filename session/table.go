// Package session groups requests into sessions and keeps their state.
//
// [Keys] derives a session's id from a request: a keyed hash of a grouping value.
// The [Table] holds the state of the sessions seen lately in bounded memory: when
// it is full, sessions with a single request go before those that came back, so a
// flood of fresh keys displaces itself. Which sessions are blocked is kept apart
// and is never displaced.
package session

import (
	"context"
	"encoding/binary"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
)

const (
	shards       = 64
	pollInterval = 10 * time.Second
	defaultMax   = 100_000
)

// Options are what a table starts with.
type Options struct {
	Config  config.Session
	Store   Store       // nil: no session can be blocked
	OnError func(error) // told when the store cannot be read; default: nobody is
}

// Table holds sessions. It is safe for concurrent use.
type Table struct {
	shards   [shards]shard
	idle     atomic.Int64 // nanoseconds
	began    time.Time    // what idleness is measured from: by it a jump of the clock shows
	store    Store
	onError  func(error)
	blocks   atomic.Pointer[map[event.Session]Block]
	mu       sync.Mutex // guards revision and the replacing of blocks
	revision int64
}

// State is what is known of a session.
type State struct {
	First, Last               int64 // Unix nanoseconds
	Requests, Attacks, Blocks uint32
	Errors                    uint32 // answers of 400 and above
	Address                   netip.Addr
	seen                      time.Duration // Last by the monotonic clock, since the table began
}

// Observation is one concluded request.
type Observation struct {
	Time    time.Time
	Address netip.Addr
	Status  int
	Attack  bool
	Blocked bool
}

type shard struct {
	mu    sync.Mutex // guards all fields
	index map[event.Session]int32
	slots []slot
	max   int
	hand  int
}

type slot struct {
	id     event.Session
	state  State
	recent bool // asked for again since the hand last passed
}

// New returns a table with the blocked sessions of the store.
func New(ctx context.Context, o Options) (*Table, error) {
	if o.OnError == nil {
		o.OnError = func(error) {}
	}
	t := &Table{store: o.Store, onError: o.OnError, began: time.Now()}
	most := o.Config.Max
	if most <= 0 {
		most = defaultMax
	}
	for i := range t.shards {
		t.shards[i].index = map[event.Session]int32{}
		t.shards[i].max = max(1, most/shards)
	}
	t.blocks.Store(&map[event.Session]Block{})
	t.Apply(o.Config)
	return t, t.poll(ctx)
}

// Apply takes over settings that can change while running: Idle, not Max.
func (t *Table) Apply(c config.Session) { t.idle.Store(int64(c.Idle)) }

// Observe adds a request to its session and returns the session's state.
func (t *Table) Observe(id event.Session, o Observation) State {
	s := &t.shards[binary.LittleEndian.Uint64(id[8:])%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.get(id)
	now, steady := o.Time.UnixNano(), o.Time.Sub(t.began)
	if idle := t.idle.Load(); state.Requests > 0 && idle > 0 && int64(steady-state.seen) > idle {
		*state = State{}
	}
	if state.Requests == 0 {
		state.First, state.seen = now, steady
	}
	state.seen = max(state.seen, steady)
	state.add(o, now)
	return *state
}

func (s *State) add(o Observation, now int64) {
	s.Last = max(s.Last, now)
	s.Address = o.Address
	s.Requests++
	if o.Attack {
		s.Attacks++
	}
	if o.Blocked {
		s.Blocks++
	}
	if o.Status >= 400 {
		s.Errors++
	}
}

// get returns the state of a session, making room for it if it is new.
func (s *shard) get(id event.Session) *State {
	if i, ok := s.index[id]; ok {
		s.slots[i].recent = true
		return &s.slots[i].state
	}
	i := s.room()
	s.slots[i] = slot{id: id}
	s.index[id] = i
	return &s.slots[i].state
}

// room returns a free slot: a new one, or that of the next session that the clock's
// hand finds not asked for again.
func (s *shard) room() int32 {
	if len(s.slots) < s.max {
		s.slots = append(s.slots, slot{})
		return int32(len(s.slots) - 1)
	}
	for {
		i := s.hand
		s.hand = (s.hand + 1) % len(s.slots)
		if !s.slots[i].recent {
			delete(s.index, s.slots[i].id)
			return int32(i)
		}
		s.slots[i].recent = false
	}
}

// Get returns the state of a session that is held in memory.
func (t *Table) Get(id event.Session) (State, bool) {
	s := &t.shards[binary.LittleEndian.Uint64(id[8:])%shards]
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index[id]
	if !ok {
		return State{}, false
	}
	return s.slots[i].state, true
}

// Len returns the number of sessions held.
func (t *Table) Len() int {
	n := 0
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		n += len(s.index)
		s.mu.Unlock()
	}
	return n
}

// Run polls the store for sessions blocked by other nodes until ctx ends. While it
// cannot be read the blocks read last stay in force, and OnError is told.
func (t *Table) Run(ctx context.Context) error {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := t.poll(ctx); err != nil && ctx.Err() == nil {
				t.onError(err)
			}
		}
	}
}
