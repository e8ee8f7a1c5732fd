//go:build !race

package session

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
)

// fixed is a Source that answers every question with the same bytes.
type fixed []byte

func (f fixed) Cookie([]byte) ([]byte, bool) { return f, f != nil }
func (f fixed) Header(string) []byte         { return f }

func TestIdentifyDoesNotAllocate(t *testing.T) {
	keys := Compile(config.Session{Keys: []config.SessionKey{{Cookie: "shop"}, {Header: "X-Device"}}}, []byte("x"))
	addr, agent := netip.MustParseAddr("192.0.2.1"), []byte("Mozilla/5.0")
	for _, s := range []Source{fixed("0f9a3c27d1b84e65"), fixed(nil)} {
		if n := testing.AllocsPerRun(100, func() { _, _ = keys.Identify(s, addr, agent) }); n != 0 {
			t.Errorf("%q: %v allocations", s, n)
		}
	}
}

func TestTableDoesNotAllocate(t *testing.T) {
	table, err := New(t.Context(), Options{Store: &memory{}, Config: config.Session{Max: 64 * 32}})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if err := table.Block(t.Context(), event.Session{1}, now.Add(time.Hour), "why", "me"); err != nil {
		t.Fatal(err)
	}
	var id event.Session
	fresh := func() {
		binary.LittleEndian.PutUint64(id[8:], binary.LittleEndian.Uint64(id[8:])+1)
		table.Observe(id, Observation{Time: now, Status: 200})
	}
	for range 100_000 {
		fresh()
	}
	if n := testing.AllocsPerRun(1000, fresh); n != 0 {
		t.Errorf("observe a fresh session in a full table: %v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { table.Observe(id, Observation{Time: now}) }); n != 0 {
		t.Errorf("observe a known session: %v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { table.Standing(id, now); table.Standing(event.Session{1}, now) }); n != 0 {
		t.Errorf("standing: %v allocations", n)
	}
}
