package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"github.com/weirnode/weir/event"
)

// world makes records of few different values and remembers them: it is the slow twin
// of a store. Each record is a few seconds later than the one before.
type world struct {
	random   *rand.Rand
	now      time.Time
	requests []event.Request
	hits     []event.Hit
	changes  []event.Change
}

func newWorld(seed uint64, start time.Time) *world {
	return &world{random: rand.New(rand.NewPCG(seed, 0)), now: start}
}

// Values that records have.
var (
	worldTypes     = []string{"sqli", "xss", "rce", "ptrav"}
	worldHosts     = []string{"shop.example.com", "api.example.com", "[::1]:8080"}
	worldPaths     = []string{"/", "/login", "/Login", "/a*b", "/a/b", "/a[b]c", "/ä/1", "/long/path/to/x.php"}
	worldPoints    = []string{"[get, 'id']", "[post, json, 'a']", "[uri]"}
	worldMethods   = []string{"GET", "POST", "DELETE"}
	worldStatus    = []uint16{0, 200, 302, 403, 404, 500}
	worldPayloads  = []string{"1' OR '1'='1", "<script>", "x\x00y", "", "100%_[a]*"}
	worldAddresses = []string{"10.0.0.1", "10.0.0.2", "10.0.1.1", "10.1.0.1", "192.0.2.255", "2001:db8::1", "2001:db8:1::2", "a00::1", ""}
	worldAgents    = []string{"curl/8", "Mozilla/5.0 (X11)", ""}
)

func one[T any](w *world, list []T) T { return list[w.random.IntN(len(list))] }

func address(last byte) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, last}) }

func (w *world) tick() time.Time {
	w.now = w.now.Add(time.Duration(1 + w.random.Int64N(int64(20*time.Second))))
	return w.now
}

func (w *world) address() netip.Addr {
	a, _ := netip.ParseAddr(one(w, worldAddresses))
	return a
}

// session returns one of a few sessions, rarely none.
func (w *world) session() (s event.Session) {
	if n := byte(w.random.IntN(12)); n > 0 {
		s = event.Session{0: n * 20, 1: n, 15: n}
	}
	return s
}

func (w *world) request() event.Request {
	at := w.tick()
	r := event.Request{
		ID: event.NewID(at), Session: w.session(), Time: at.UnixNano(), Duration: w.random.Int64N(1e9), RequestBytes: w.random.Int64N(1000),
		ResponseBytes: w.random.Int64N(1e6), Application: w.random.Int32N(3) - 1, Status: one(w, worldStatus), Address: w.address(),
		Method: one(w, worldMethods), Host: one(w, worldHosts), Path: one(w, worldPaths), Agent: one(w, worldAgents), Mode: "block", Action: "passed", Reason: "clean",
	}
	if w.random.IntN(4) == 0 {
		r.Types, r.Score = one(w, worldTypes), 20
		if other := one(w, worldTypes); other > r.Types {
			r.Types += "," + other
		}
		r.Action = one(w, []string{"blocked", "monitored", "passed"})
	}
	w.requests = append(w.requests, r)
	return r
}

func (w *world) hit() event.Hit {
	at := w.tick()
	h := event.Hit{
		ID: event.NewID(at), Request: event.NewID(at), Session: w.session(), Time: at.UnixNano(), Application: w.random.Int32N(2), Status: one(w, worldStatus),
		Score: uint8(w.random.IntN(100)), Blocked: w.random.IntN(2) == 0, Address: w.address(), Type: one(w, worldTypes), Method: one(w, worldMethods),
		Host: one(w, worldHosts), Path: one(w, worldPaths), Point: one(w, worldPoints), Context: "string", Agent: one(w, worldAgents), Mode: "block",
		Reason: "attack", Payload: one(w, worldPayloads), Before: w.random.IntN(5), Length: w.random.IntN(5),
	}
	for range w.random.IntN(3) {
		h.Stamps = append(h.Stamps, event.Stamp{Number: uint16(w.random.UintN(1 << 16)), Weight: int8(w.random.IntN(256) - 128), Off: w.random.IntN(9) - 1, Len: w.random.IntN(9)})
	}
	h.Attack = event.GroupKey(h.Application, h.Type, h.Host, h.Path, h.Point)
	w.hits = append(w.hits, h)
	return h
}

func (w *world) change() event.Change {
	at := w.tick()
	c := event.Change{
		ID: event.NewID(at), Time: at.UnixNano(), Actor: one(w, []string{"ann", "bob", "node"}), Verb: "put", Noun: one(w, []string{"rule", "list_entry"}),
		Subject: "x", Detail: fmt.Sprint("detail ", w.random.IntN(100)), Address: w.address(),
	}
	w.changes = append(w.changes, c)
	return c
}

// batch returns records of the next minutes.
func (w *world) batch(requests, hits int) (b event.Batch) {
	for range requests {
		b.Requests = append(b.Requests, w.request())
	}
	for range hits {
		b.Hits = append(b.Hits, w.hit())
	}
	return b
}

func (w *world) blocked() (n int64) {
	for i := range w.hits {
		n += btoi(w.hits[i].Blocked)
	}
	return n
}

// inSessions returns how many requests have a session.
func (w *world) inSessions() int64 {
	return int64(len(w.requests) - len(w.requestsOf(event.Session{})))
}

// addressText returns the text of an address, "" for none.
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// requestsOf returns the requests of a session, newest first.
func (w *world) requestsOf(id event.Session) (list []event.Request) {
	for _, r := range w.requests {
		if r.Session == id {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b event.Request) int { return cmp.Compare(b.Time, a.Time) })
	return list
}

// group is an attack of the twin: its hits, oldest first.
type group []event.Hit

// groups returns the attacks of the world, by their last hit, newest first.
func (w *world) groups() []group {
	open := map[event.Key]int{}
	var list []group
	for _, h := range w.hits {
		i, ok := open[h.Attack]
		if !ok || h.Time-list[i][len(list[i])-1].Time > int64(time.Hour) {
			i = len(list)
			open[h.Attack] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], h)
	}
	slices.SortFunc(list, func(a, b group) int { return cmp.Compare(b[len(b)-1].Time, a[len(a)-1].Time) })
	return list
}
