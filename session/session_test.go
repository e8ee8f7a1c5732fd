package session

import (
	"encoding/binary"
	"net/netip"
	"sync"
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
		id, _ := keys.Identify(head{cookies, headers}, addr, []byte(agent))
		return id
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
	other, named := Compile(config.Session{}, []byte("x")).Identify(head{}, addr, []byte("a"))
	differ("another secret", id(nil, nil, "a"), other)
	if named {
		t.Error("address and agent name a session")
	}
	if _, named := keys.Identify(head{m{"shop": "abcdef1"}, nil}, addr, nil); !named {
		t.Error("a cookie names no session")
	}
	if (id(nil, nil, "a") == event.Session{}) {
		t.Error("no session for address and agent")
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

// TestManyHands counts from several goroutines while blocks come and go.
func TestManyHands(t *testing.T) {
	table, err := New(t.Context(), Options{Store: &memory{}})
	if err != nil {
		t.Fatal(err)
	}
	const hands, rounds, ids = 4, 3000, 50
	now := time.Now()
	var working sync.WaitGroup
	for range hands {
		working.Go(func() {
			for i := range rounds {
				id := event.Session{8: byte(i%ids + 1)}
				table.Observe(id, Observation{Time: now, Attack: i%2 == 0})
				table.Standing(id, now)
				table.Get(id)
			}
		})
	}
	for i := range 100 {
		id := event.Session{8: byte(i%ids + 1)}
		if err := table.Block(t.Context(), id, time.Time{}, "why", "me"); err != nil {
			t.Error(err)
		}
		if !table.Standing(id, now).Blocked {
			t.Error("a block is not in force when Block returns")
		}
		if err := table.Unblock(t.Context(), id, "me"); err != nil {
			t.Error(err)
		}
	}
	working.Wait()
	for i := range ids {
		if s, ok := table.Get(event.Session{8: byte(i + 1)}); !ok || s.Requests != hands*rounds/ids {
			t.Errorf("session %d: %+v", i, s)
		}
	}
}
