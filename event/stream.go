package event

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/weirnode/weir/internal/arena"
)

// Sink keeps batches. Append must be idempotent by record ID: a batch whose
// Append failed is given again. The slices of the batch, not their texts, are used
// again after Append has returned.
type Sink interface {
	Append(ctx context.Context, b *Batch) error
}

// Options say how a stream works. The zero Options are usable.
type Options struct {
	FlushInterval time.Duration // longest time a record is only in memory; default 100ms
	QueueBytes    int64         // bytes of records that may wait for the sink; default 64 MiB
	OnError       func(error)   // told when a batch could not be kept; it is tried again
}

const (
	defaultFlush = 100 * time.Millisecond
	defaultQueue = 64 << 20
	maxBatch     = 4096 // requests in a batch before it is flushed early
	firstRetry   = 50 * time.Millisecond
	lastRetry    = 2 * time.Second
	drainTime    = 5 * time.Second
	requestSize  = 256 // bytes that a request's fixed fields count for
	hitSize      = 768
)

// Stream carries records from the data plane to a sink. Publishing never blocks:
// when the sink cannot keep up, requests are dropped first, at three quarters of
// the queue, then hits and changes; all drops are counted.
type Stream struct {
	sink    Sink
	options Options

	mu      sync.Mutex // guards the fields below
	open    *batch
	queue   []*batch // closed, oldest first; the first may be with the sink
	bytes   int64    // of open and queue
	sampler sampler
	stats   Stats
	waiters []chan struct{}
	tails   map[*Tail]struct{}
	spare   []Request // of an appended batch, empty

	full chan struct{} // a batch is worth flushing at once
}

// batch is a Batch being filled, with the memory of its texts.
type batch struct {
	Batch
	texts  arena.Strings
	bytes  int64
	tallys map[Key]int // index into Tallies
	done   []chan struct{}
}

// Stats counts what went through a stream.
type Stats struct {
	Requests, Hits, Changes Flow
	Sampled                 int64 // hits that are counted but not kept
	Bytes                   int64 // waiting now
	Appended                int64 // batches kept
	Errors                  int64 // failed tries to keep a batch
}

// Flow counts records of one kind.
type Flow struct{ Published, Dropped int64 }

// NewStream returns a stream into a sink. Nothing is kept until Run runs.
func NewStream(sink Sink, o Options) *Stream {
	if o.FlushInterval <= 0 {
		o.FlushInterval = defaultFlush
	}
	if o.QueueBytes <= 0 {
		o.QueueBytes = defaultQueue
	}
	if o.OnError == nil {
		o.OnError = func(error) {}
	}
	return &Stream{sink: sink, options: o, open: &batch{}, full: make(chan struct{}, 1), tails: map[*Tail]struct{}{}}
}

// Request publishes a request. Its texts are copied.
func (s *Stream) Request(r *Request) {
	size := int64(requestSize + len(r.Method) + len(r.Host) + len(r.Path) + len(r.Agent) + len(r.Types))
	s.mu.Lock()
	s.stats.Requests.Published++
	if s.bytes+size > s.options.QueueBytes/4*3 {
		s.stats.Requests.Dropped++
		s.mu.Unlock()
		return
	}
	b := s.open
	c := *r
	c.Method, c.Host, c.Path, c.Agent = b.texts.Clone(r.Method), b.texts.Clone(r.Host), b.texts.Clone(r.Path), b.texts.Clone(r.Agent)
	c.Types = b.texts.Clone(r.Types) // modes, actions and reasons are constants
	b.Requests = append(b.Requests, c)
	s.grow(b, size)
	s.mu.Unlock()
}

// Hit publishes a hit. Its texts and stamps are copied. While a flood is on, hits
// that say nothing new are only counted.
func (s *Stream) Hit(h *Hit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Hits.Published++
	key := s.sampler.coarsen(h)
	if !s.sampler.keep(h, key) {
		s.stats.Sampled++
		s.open.tally(h, key)
		return
	}
	size := int64(hitSize + len(h.Payload) + len(h.Raw) + len(h.Path) + len(h.Agent) + 64*len(h.Stamps))
	if s.bytes+size > s.options.QueueBytes {
		s.stats.Hits.Dropped++
		s.open.tally(h, key)
		return
	}
	b := s.open
	c := b.clone(h)
	if key != h.Attack {
		c.coarse(key)
	}
	b.Hits = append(b.Hits, c)
	s.grow(b, size)
	for t := range s.tails {
		t.offer(c)
	}
}

// Change publishes a change.
func (s *Stream) Change(c Change) {
	size := int64(requestSize + len(c.Subject) + len(c.Detail))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Changes.Published++
	if s.bytes+size > s.options.QueueBytes {
		s.stats.Changes.Dropped++
		return
	}
	s.open.Changes = append(s.open.Changes, c)
	s.grow(s.open, size)
}

// grow notes that the open batch has got bytes. The mutex is held.
func (s *Stream) grow(b *batch, size int64) {
	b.bytes += size
	s.bytes += size
	if len(b.Requests)+len(b.Hits) == maxBatch {
		select {
		case s.full <- struct{}{}:
		default:
		}
	}
}

func (b *batch) clone(h *Hit) Hit {
	c := *h
	for _, p := range []*string{&c.Method, &c.Host, &c.Path, &c.Point, &c.Agent, &c.Payload, &c.Raw} {
		*p = b.texts.Clone(*p)
	}
	c.Stamps = append([]Stamp(nil), h.Stamps...)
	return c
}

// tally counts a hit that is not kept.
func (b *batch) tally(h *Hit, key Key) {
	i, ok := b.tallys[key]
	if !ok {
		if b.tallys == nil {
			b.tallys = map[Key]int{}
		}
		i = len(b.Tallies)
		b.tallys[key] = i
		b.Tallies = append(b.Tallies, Tally{})
	}
	t := &b.Tallies[i]
	if t.Hits == 0 {
		t.Hit = b.clone(h)
		t.Hit.Raw, t.Hit.Stamps = "", nil
		if key != h.Attack {
			t.Hit.coarse(key)
		}
	}
	t.Hit.Time = max(t.Hit.Time, h.Time)
	t.Hit.Status, t.Hit.Score = h.Status, max(t.Hit.Score, h.Score)
	t.Hits++
	if h.Blocked {
		t.Blocked++
	}
}

// Run hands batches to the sink until ctx ends, then what is left within five
// seconds. A sink that fails is tried again, with growing pauses.
func (s *Stream) Run(ctx context.Context) error {
	tick := time.NewTicker(s.options.FlushInterval)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-s.full:
		}
		s.drain(ctx)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	s.drain(last)
	return nil
}

// drain closes the open batch and appends all closed ones.
func (s *Stream) drain(ctx context.Context) {
	s.close()
	for pause := firstRetry; ; {
		b := s.first()
		if b == nil {
			return
		}
		err := s.append(ctx, b)
		if err == nil {
			s.appended(b)
			pause = firstRetry
			continue
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return // what is left is appended at the end
		}
		s.failed(err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, lastRetry)
		s.close()
	}
}

// close puts the open batch into the queue unless it is empty.
func (s *Stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open.done = append(s.open.done, s.waiters...)
	s.waiters = nil
	if s.open.Len() == 0 && len(s.open.done) == 0 {
		return
	}
	s.queue = append(s.queue, s.open)
	s.open = &batch{Batch: Batch{Requests: s.spare}}
	s.spare = nil
	s.sampler.nextBatch()
}

func (s *Stream) first() *batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil
	}
	return s.queue[0]
}

// append gives a batch to the sink; a panic of the sink is an error.
func (s *Stream) append(ctx context.Context, b *batch) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("event sink panicked: %v", cause)
		}
	}()
	if b.Len() == 0 {
		return nil
	}
	return s.sink.Append(ctx, &b.Batch)
}

func (s *Stream) appended(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = s.queue[1:]
	s.bytes -= b.bytes
	if cap(b.Requests) <= 4*maxBatch && cap(b.Requests) > cap(s.spare) {
		clear(b.Requests)
		s.spare = b.Requests[:0]
	}
	s.stats.Appended++
	for _, done := range b.done {
		close(done)
	}
}

func (s *Stream) failed(err error) {
	s.mu.Lock()
	s.stats.Errors++
	s.mu.Unlock()
	s.options.OnError(err)
}

// Flush waits until all that was published before has been appended, or ctx ends.
func (s *Stream) Flush(ctx context.Context) error {
	done := make(chan struct{})
	s.mu.Lock()
	s.waiters = append(s.waiters, done)
	s.mu.Unlock()
	select {
	case s.full <- struct{}{}:
	default:
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Stats returns the counters.
func (s *Stream) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Bytes = s.bytes
	return st
}
