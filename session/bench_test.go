package session

import (
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/event"
)

// oneField is a Source with one cookie or header field, as a parsed head has it.
type oneField struct {
	cookie, header string
	value          []byte
}

func (h *oneField) Cookie(name []byte) ([]byte, bool) {
	if string(name) == h.cookie {
		return h.value, true
	}
	return nil, false
}

func (h *oneField) Header(name string) []byte {
	if name == h.header {
		return h.value
	}
	return nil
}

func BenchmarkIdentify(b *testing.B) {
	keys := Compile(config.Session{}, []byte("0123456789abcdef"))
	addr := netip.MustParseAddr("192.0.2.1")
	agent := []byte("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	for name, h := range map[string]*oneField{"Cookie": {cookie: "sid", value: []byte("0f9a3c27d1b84e65")}, "AddressAndAgent": {}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				keys.Identify(h, addr, agent)
			}
		})
	}
}

func BenchmarkObserve(b *testing.B) {
	for name, live := range map[string]uint64{"Known20k": 20_000, "EverNew": 1 << 40} {
		b.Run(name, func(b *testing.B) {
			table, err := New(b.Context(), Options{})
			if err != nil {
				b.Fatal(err)
			}
			var id event.Session
			now := time.Now()
			b.ReportAllocs()
			i := uint64(0)
			for b.Loop() {
				i++
				binary.LittleEndian.PutUint64(id[8:], i%live)
				table.Observe(id, Observation{Time: now, Status: 200})
			}
		})
	}
}

func BenchmarkStanding(b *testing.B) {
	table, err := New(b.Context(), Options{Store: &memory{}})
	if err != nil {
		b.Fatal(err)
	}
	for i := range byte(100) {
		if err := table.Block(b.Context(), event.Session{i, 1}, time.Time{}, "why", "me"); err != nil {
			b.Fatal(err)
		}
	}
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		table.Standing(event.Session{200}, now)
	}
}
