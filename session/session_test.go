package session

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
)

// head is a Source for tests.
type head struct{ cookies, headers map[string]string }

func (h head) Cookie(name []byte) ([]byte, bool) {
	v, ok := h.cookies[string(name)]
	return []byte(v), ok
}
func (h head) Header(name string) []byte { return []byte(h.headers[name]) }

func TestIdentify(t *testing.T) {
	keys := Compile(config.Session{Keys: []config.SessionKey{{Cookie: "shop"}, {Header: "X-Device"}}}, []byte("0123456789abcdef"))
	addr := netip.MustParseAddr("192.0.2.1")
	id := func(cookies, headers map[string]string, agent string) event.Session {
		return keys.Identify(head{cookies, headers}, addr, []byte(agent))
	}
	type m = map[string]string
	same := func(what string, a, b event.Session) {
		t.Helper()
		if a != b {
			t.Errorf("%s: two sessions", what)
		}
	}
	differ := func(what string, a, b event.Session) {
		t.Helper()
		if a == b {
			t.Errorf("%s: one session", what)
		}
	}
	same("the same cookie, another browser", id(m{"shop": "abcdef1"}, nil, "a"), id(m{"shop": "abcdef1"}, nil, "b"))
	same("the same value under another key", id(m{"shop": "abcdef1"}, nil, "a"), id(nil, m{"x-device": "abcdef1"}, "a"))
	differ("two cookies", id(m{"shop": "abcdef1"}, nil, "a"), id(m{"shop": "abcdef2"}, nil, "a"))
	same("a configured key goes first", id(m{"shop": "abcdef1", "PHPSESSID": "zzzzzzz"}, nil, "a"), id(m{"shop": "abcdef1"}, nil, "a"))
	differ("built-in cookies", id(m{"PHPSESSID": "zzzzzz1"}, nil, "a"), id(m{"PHPSESSID": "zzzzzz2"}, nil, "a"))
	same("short values are no key", id(m{"sid": "1"}, nil, "a"), id(nil, nil, "a"))
	differ("agents without a key", id(nil, nil, "a"), id(nil, nil, "b"))
	differ("another secret", id(nil, nil, "a"), Compile(config.Session{}, []byte("x")).Identify(head{}, addr, []byte("a")))
	if (id(nil, nil, "a") == event.Session{}) {
		t.Error("no session for address and agent")
	}
}

// TestSipDependsOnBytesOnly checks that how a text is split over the two arguments
// does not matter, and that every byte and the length do.
func TestSipDependsOnBytesOnly(t *testing.T) {
	input := []byte("0123456789abcdefghijklm")
	want := sip(1, 2, 3, input, nil)
	for i := range len(input) + 1 {
		if sip(1, 2, 3, input[:i], input[i:]) != want {
			t.Errorf("split at %d changes the hash", i)
		}
	}
	seen := map[uint64]bool{}
	for i := range input {
		changed := append([]byte(nil), input...)
		changed[i] ^= 1
		seen[sip(1, 2, 3, changed, nil)] = true
		seen[sip(1, 2, 3, input[:i], nil)] = true
	}
	if len(seen) != 2*len(input) || seen[want] {
		t.Errorf("%d different hashes of %d inputs", len(seen), 2*len(input))
	}
}

func TestFloodOfFreshKeysDisplacesItself(t *testing.T) {
	table, err := New(t.Context(), Options{Config: config.Session{Max: 64 * 64}})
	if err != nil {
		t.Fatal(err)
	}
	keys := Compile(config.Session{}, []byte("x"))
	now := time.Unix(1000, 0)
	known := make([]event.Session, 500)
	for i := range known {
		known[i] = keys.hash(9, binary.LittleEndian.AppendUint32(nil, uint32(i)), nil)
	}
	for i := range 40_000 {
		table.Observe(keys.hash(8, binary.LittleEndian.AppendUint32(nil, uint32(i)), nil), Observation{Time: now})
		if i%4 == 0 {
			table.Observe(known[i/4%len(known)], Observation{Time: now})
		}
	}
	lost := 0
	for _, id := range known {
		if s, ok := table.Get(id); !ok || s.Requests < 15 {
			lost++
		}
	}
	if lost > len(known)/50 {
		t.Errorf("%d of %d live sessions lost", lost, len(known))
	}
	if n := table.Len(); n > 64*64 {
		t.Errorf("%d sessions held", n)
	}
}

func TestIdleSessionStartsOver(t *testing.T) {
	table, err := New(t.Context(), Options{Config: config.Session{Idle: config.Duration(time.Minute)}})
	if err != nil {
		t.Fatal(err)
	}
	id, now := event.Session{1}, time.Unix(1000, 0)
	table.Observe(id, Observation{Time: now, Attack: true, Blocked: true, Status: 403})
	if s := table.Observe(id, Observation{Time: now.Add(time.Second)}); s.Requests != 2 || s.Attacks != 1 || s.Blocks != 1 || s.Errors != 1 {
		t.Errorf("state %+v", s)
	}
	if s := table.Observe(id, Observation{Time: now.Add(time.Hour)}); s.Requests != 1 || s.Attacks != 0 {
		t.Errorf("state after an hour %+v", s)
	}
}

func BenchmarkObserve(b *testing.B) {
	table, err := New(b.Context(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	var id event.Session
	now := time.Now()
	b.ReportAllocs()
	i := uint32(0)
	for b.Loop() {
		i++
		binary.LittleEndian.PutUint32(id[8:], i%20_000)
		table.Observe(id, Observation{Time: now, Status: 200})
	}
}
