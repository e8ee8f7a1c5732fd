package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/store"
)

var hitTypes = []string{"sqli", "xss", "rce", "ptrav", "ssti", "crlf", "nosqli", "scanner"}

func (l *live) hit() event.Hit {
	l.now = l.now.Add(l.step)
	typ := hitTypes[min(l.random.IntN(20), l.random.IntN(20))%len(hitTypes)]
	n := l.random.Uint32N(5000)
	h := event.Hit{
		ID: event.NewID(l.now), Request: event.NewID(l.now), Session: event.Session{byte(n), byte(n >> 8)}, Time: l.now.UnixNano(), Application: 1, Status: 403,
		Score: 9, Blocked: true, Address: netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}), Type: typ, Method: "GET", Host: "shop.example.com",
		Path: fmt.Sprintf("/api/v1/products/%d", l.random.Uint32N(300)), Point: "[get, 'id', array, 0]", Context: "string", Agent: agents[n%50], Mode: "block", Reason: "attack",
		Payload: fmt.Sprintf("1' UNION SELECT user, password FROM users WHERE id = %d --", l.random.Uint32()), Before: 3, Length: 20,
		Stamps: []event.Stamp{{Number: 12, Weight: 5, Off: 3, Len: 5}, {Number: 140, Weight: 4, Off: 9, Len: 6}},
		Raw:    "GET /api/v1/products/1?id=1 HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: Mozilla/5.0\r\nAccept: */*\r\nCookie: " + strconv.Itoa(int(l.random.Uint32())) + strings.Repeat("x", 100) + "\r\n\r\n",
	}
	h.Attack = event.GroupKey(h.Application, h.Type, h.Host, h.Path, h.Point)
	return h
}

// BenchmarkAppendHits keeps hits as they come, without the sampling that a flood brings.
func BenchmarkAppendHits(b *testing.B) {
	s, l := openLive(b)
	defer s.Close()
	batch := event.Batch{Hits: make([]event.Hit, 500)}
	n := 0
	for b.Loop() {
		b.StopTimer()
		for i := range batch.Hits {
			batch.Hits[i] = l.hit()
		}
		n += len(batch.Hits)
		b.StartTimer()
		if err := s.Append(context.Background(), &batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/hit")
}

// BenchmarkFlood publishes hits through a stream into the store as an attack at full
// speed does, and checks that the counters are exact all the same.
func BenchmarkFlood(b *testing.B) {
	s, l := openLive(b)
	defer s.Close()
	stream := event.NewStream(s, event.Options{})
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = stream.Run(ctx) }()
	hits := make([]event.Hit, 20_000)
	for i := range hits {
		hits[i] = l.hit()
	}
	n := int64(0)
	for b.Loop() {
		h := hits[n%int64(len(hits))]
		h.ID, h.Time = event.NewID(time.Now()), time.Now().UnixNano()
		stream.Hit(&h)
		n++
	}
	cancel()
	<-done
	totals, err := s.Totals(context.Background(), store.Query{})
	if err != nil || totals.Hits != n {
		b.Fatalf("%d hits are counted of %d: %v", totals.Hits, n, err)
	}
}

func openLive(b *testing.B) (*Store, *live) {
	b.Helper()
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	return s, &live{random: rand.New(rand.NewPCG(1, 2)), now: time.Now().Add(-time.Hour), step: 10 * time.Microsecond}
}
