package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"github.com/weirnode/weir/event"
)

// live makes requests as traffic of many sessions has them.
type live struct {
	random *rand.Rand
	now    time.Time
	step   time.Duration
}

func (l *live) request() event.Request {
	n := l.random.Uint32N(20_000)
	l.now = l.now.Add(l.step)
	r := event.Request{
		ID: event.NewID(l.now), Time: l.now.UnixNano(), Duration: int64(l.random.Uint32N(1 << 24)), ResponseBytes: int64(l.random.Uint32N(50_000)), Application: 1,
		Status: 200, Address: netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)}), Method: "GET", Host: "shop.example.com",
		Path: fmt.Sprintf("/api/v1/products/%d", l.random.Uint32N(1000)), Agent: agents[n%uint32(len(agents))], Mode: "block", Action: "passed", Reason: "clean",
	}
	r.Session = event.Session{byte(n * 7), byte(n * 13), byte(n >> 8), byte(n), 1}
	return r
}

var agents = func() (list []string) {
	for i := range 50 {
		list = append(list, fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36", 100+i))
	}
	return list
}()

func BenchmarkAppendRequests(b *testing.B) {
	for _, size := range []int{500, 2000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			s, err := Open(b.Context(), b.TempDir(), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			l := live{random: rand.New(rand.NewPCG(1, 2)), now: time.Now().Add(-time.Hour), step: 10 * time.Microsecond}
			batch := event.Batch{Requests: make([]event.Request, size)}
			n := 0
			for b.Loop() {
				b.StopTimer()
				for i := range batch.Requests {
					batch.Requests[i] = l.request()
				}
				n += size
				b.StartTimer()
				if err := s.Append(context.Background(), &batch); err != nil {
					b.Fatal(err)
				}
			}
			if err := s.fold(b.Context()); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/request")
			st, _ := s.Stats(b.Context())
			b.ReportMetric(float64(st.Bytes)/float64(n), "B/request")
		})
	}
}
