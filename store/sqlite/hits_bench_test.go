package sqlite

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
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

func TestHitRates(t *testing.T) {
	total, _ := strconv.Atoi(os.Getenv("WEIR_HITS"))
	if total == 0 {
		t.Skip()
	}
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	l := live{random: rand.New(rand.NewPCG(1, 2)), now: time.Now().Add(-time.Hour * 24), step: 24 * time.Hour / time.Duration(total)}
	batch := event.Batch{Hits: make([]event.Hit, 500)}
	var spent time.Duration
	for n := 0; n < total; n += 500 {
		for i := range batch.Hits {
			batch.Hits[i] = l.hit()
		}
		start := time.Now()
		if err := s.Append(t.Context(), &batch); err != nil {
			t.Fatal(err)
		}
		spent += time.Since(start)
		if n%100000 == 0 {
			t.Log(n, spent)
		}
	}
	st, _ := s.Stats(t.Context())
	t.Logf("%.1f us/hit, %d B/hit, %d attacks", float64(spent.Microseconds())/float64(total), st.Bytes/int64(total), st.Attacks)
	ask := func(name string, where ...store.Condition) {
		start := time.Now()
		p, err := s.Hits(t.Context(), store.Query{Where: where})
		d := time.Since(start)
		a, err2 := s.Attacks(t.Context(), store.Query{Where: where})
		t.Log(name, len(p.Items), d, err, len(a.Items), time.Since(start)-d, err2)
	}
	is := func(f store.Field, v ...string) store.Condition { return store.Condition{Field: f, Values: v} }
	for range 2 {
		ask("all")
		ask("type", is("type", "sqli"))
		ask("rare type", is("type", "nothing"))
		ask("address", is("address", "10.0.3.7"))
		ask("no address", is("address", "11.0.3.7"))
		ask("net", is("address", "10.0.3.0/24"))
		ask("path", is("path", "/api/v1/products/7"))
		ask("path*", is("path", "*products/7?"))
		ask("no path", is("path", "*nothing*"))
		ask("payload", is("payload", "SELECT"))
		ask("no payload", is("payload", "nothing"))
		ask("not blocked", is("action", "monitored"))
		ask("session", is("session", event.Session{7, 7}.String()))
		ask("attack", is("attack", "7"))
		start := time.Now()
		_, err := s.Totals(t.Context(), store.Query{From: time.Now().Add(-48 * time.Hour)})
		t.Log("totals", time.Since(start), err)
		start = time.Now()
		_, err = s.Top(t.Context(), store.Query{From: time.Now().Add(-48 * time.Hour)}, "address", 10)
		t.Log("top", time.Since(start), err)
		start = time.Now()
		_, err = s.Stats(t.Context())
		t.Log("stats", time.Since(start), err)
	}
}
