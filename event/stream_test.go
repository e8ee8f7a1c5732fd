package event

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a Sink that can fail.
type memory struct {
	mu       sync.Mutex
	requests []Request
	hits     []Hit
	tallies  []Tally
	changes  []Change
	fail     error
	hang     chan struct{}
}

func (m *memory) Append(_ context.Context, b *Batch) error {
	if m.hang != nil {
		<-m.hang
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	m.requests = append(m.requests, b.Requests...)
	m.hits = append(m.hits, b.Hits...)
	m.tallies = append(m.tallies, b.Tallies...)
	m.changes = append(m.changes, b.Changes...)
	return nil
}

func (m *memory) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.requests)
}

// running starts a stream that is stopped, and has then drained, at the end of the test.
func running(t *testing.T, sink Sink, o Options) (s *Stream, stop func()) {
	t.Helper()
	s = NewStream(sink, o)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Run(ctx) }()
	return s, func() { cancel(); <-done }
}

func hit(i int, path string, now time.Time) *Hit {
	return &Hit{
		ID: NewID(now), Attack: GroupKey(1, "sqli", "h", path, "[get, 'id']"), Time: now.UnixNano(), Application: 1, Type: "sqli",
		Host: "h", Path: path, Point: "[get, 'id']", Method: "GET", Address: netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), Blocked: i%2 == 0, Status: 403,
	}
}

func TestStreamKeepsWhatIsPublished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m memory
		s, stop := running(t, &m, Options{})
		path := []byte("/borrowed")
		r := Request{ID: NewID(time.Now()), Path: string(path), Types: "sqli"}
		s.Request(&r)
		s.Hit(hit(1, "/a", time.Now()))
		s.Change(Change{Verb: "put"})
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(m.requests) != 1 || m.requests[0] != r || len(m.hits) != 1 || len(m.changes) != 1 {
			t.Errorf("kept %+v", &m)
		}
		s.Request(&r)
		time.Sleep(2 * defaultFlush) //nolint:forbidigo // the clock of the bubble
		synctest.Wait()
		if m.count() != 2 {
			t.Errorf("not flushed within the interval")
		}
		s.Request(&r)
		stop()
		if st := s.Stats(); len(m.requests) != 3 || st.Bytes != 0 || st.Requests.Dropped != 0 {
			t.Errorf("after the stop %d requests, %+v", len(m.requests), st)
		}
	})
}

func TestFailingSinkCostsNothingUntilTheQueueIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := memory{fail: errors.New("disk full")}
		told := 0
		s, stop := running(t, &m, Options{QueueBytes: 100 << 10, OnError: func(error) { told++ }})
		for i := range 1000 {
			s.Request(&Request{ID: NewID(time.Now()), Path: strconv.Itoa(i)})
		}
		kept := 1000 - s.Stats().Requests.Dropped
		for i := range 10 {
			s.Hit(hit(i, "/a", time.Now()))
		}
		if st := s.Stats(); kept < 100 || kept > 320 || st.Hits.Dropped != 0 || st.Bytes > 100<<10 {
			t.Errorf("kept %d requests, %+v", kept, st)
		}
		time.Sleep(10 * time.Second) //nolint:forbidigo // the clock of the bubble
		m.mu.Lock()
		m.fail = nil
		m.mu.Unlock()
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if int64(len(m.requests)) != kept || len(m.hits) != 10 || told == 0 {
			t.Errorf("%d requests and %d hits came through, want %d and 10", len(m.requests), len(m.hits), kept)
		}
		stop()
	})
}

func TestPublishingDoesNotWaitForTheSink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := memory{hang: make(chan struct{})}
		s, stop := running(t, &m, Options{})
		start := time.Now()
		for i := range 10_000 {
			s.Request(&Request{Path: "/"})
			s.Hit(hit(i, "/", time.Now()))
		}
		if d := time.Since(start); d != 0 {
			t.Errorf("publishing took %s", d)
		}
		close(m.hang)
		stop()
	})
}

func TestFloodIsSampledAndCountedExactly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m memory
		s, stop := running(t, &m, Options{})
		const n = 20_000
		blocked := int64(0)
		for i := range n {
			h := hit(i%7, "/a", time.Now())
			if h.Blocked {
				blocked++
			}
			s.Hit(h)
			if i%1000 == 0 {
				time.Sleep(50 * time.Millisecond) //nolint:forbidigo // the clock of the bubble
			}
		}
		stop()
		total, totalBlocked := int64(0), int64(0)
		for _, h := range m.hits {
			total++
			if h.Blocked {
				totalBlocked++
			}
		}
		for _, tl := range m.tallies {
			total += tl.Hits
			totalBlocked += tl.Blocked
		}
		if total != n || totalBlocked != blocked {
			t.Errorf("%d hits, %d blocked; want %d, %d", total, totalBlocked, n, blocked)
		}
		if len(m.hits) > 300 {
			t.Errorf("%d hits kept of a flood", len(m.hits))
		}
	})
}

func TestFloodOfEverNewAttacksIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m memory
		s, stop := running(t, &m, Options{})
		for i := range 10_000 {
			s.Hit(hit(i, fmt.Sprintf("/%d", i), time.Now()))
		}
		stop()
		keys := map[Key]int64{}
		for _, h := range m.hits {
			keys[h.Attack]++
		}
		for _, tl := range m.tallies {
			keys[tl.Hit.Attack] += tl.Hits
		}
		total := int64(0)
		for _, n := range keys {
			total += n
		}
		if total != 10_000 || len(keys) > floodRate+maxNewKeys+2 {
			t.Errorf("%d hits in %d attacks", total, len(keys))
		}
	})
}

func TestSlowTailIsCutOff(t *testing.T) {
	s := NewStream(&memory{}, Options{})
	fast, slow := s.Tail(10), s.Tail(1)
	for i := range 3 {
		s.Hit(hit(i, "/a", time.Now()))
	}
	if n := len(fast.C); n != 3 {
		t.Errorf("the fast reader has %d hits", n)
	}
	<-slow.C
	if _, open := <-slow.C; open {
		t.Error("the slow reader is not cut off")
	}
	slow.Close()
	fast.Close()
}

func TestIDs(t *testing.T) {
	now := time.Now()
	last := ""
	for range 1000 {
		id := NewID(now)
		if s := id.String(); s <= last || len(s) != 32 {
			t.Fatalf("%s after %s", s, last)
		}
		last = id.String()
		if back, err := ParseID(last); err != nil || back != id || back.Time().UnixMilli() != now.UnixMilli() {
			t.Fatalf("%s became %s (%v)", id, back, err)
		}
	}
	for _, bad := range []string{"", "xyz", strings.Repeat("g", 32)} {
		if _, err := ParseID(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

type discard struct{}

func (discard) Append(context.Context, *Batch) error { return nil }

func BenchmarkRequest(b *testing.B) {
	s := NewStream(discard{}, Options{})
	r := Request{Path: "/api/v1/products/1234", Host: "shop.example.com", Agent: strings.Repeat("a", 110), Method: "GET"}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i++; i%2000 == 0 {
			s.drain(b.Context())
		}
		s.Request(&r)
	}
}

// interrupted is a sink that is at work until its context ends, the first time.
type interrupted struct {
	memory
	began chan struct{}
	once  sync.Once
}

func (s *interrupted) Append(ctx context.Context, b *Batch) error {
	first := false
	s.once.Do(func() { first = true })
	if !first {
		return s.memory.Append(ctx, b)
	}
	close(s.began)
	<-ctx.Done()
	return ctx.Err()
}

// TestStoppingIsNoFailure stops a stream while its sink is at work: what it was at is
// appended all the same, and nobody is told of an error.
func TestStoppingIsNoFailure(t *testing.T) {
	sink := &interrupted{began: make(chan struct{})}
	s, stop := running(t, sink, Options{FlushInterval: time.Millisecond, OnError: func(err error) { t.Errorf("told of %v", err) }})
	s.Request(&Request{ID: NewID(time.Now()), Method: "GET"})
	<-sink.began
	stop()
	if n := sink.count(); n != 1 {
		t.Errorf("%d requests are kept", n)
	}
}
