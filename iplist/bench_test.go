package iplist

import (
	"net/netip"
	"testing"
	"time"
)

// crowded returns lists with n denied addresses.
func crowded(b *testing.B, n int) *List {
	b.Helper()
	store := &memory{}
	for i := range n {
		store.entries = append(store.entries, Entry{
			ID: int64(i + 1), Revision: int64(i + 1), Kind: Deny, Until: time.Now().Add(time.Hour),
			Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32),
		})
	}
	store.revision = int64(n)
	l, err := New(b.Context(), Options{Store: store})
	if err != nil {
		b.Fatal(err)
	}
	return l
}

func BenchmarkLookup(b *testing.B) {
	l := crowded(b, 100_000)
	for name, text := range map[string]string{"Miss": "192.0.2.1", "Miss6": "2001:db8::1", "TemporaryHit": "10.0.77.1"} {
		addr := netip.MustParseAddr(text)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Lookup(addr, 1)
			}
		})
	}
}

func BenchmarkLoad100k(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		crowded(b, 100_000)
	}
}

func BenchmarkChangeAmong100k(b *testing.B) {
	l := crowded(b, 100_000)
	e := Entry{ID: 1 << 40, Kind: Deny, Prefix: netip.MustParsePrefix("192.0.2.1/32")}
	b.ReportAllocs()
	for b.Loop() {
		l.tables.Store(l.tables.Load().with(e))
		l.tables.Store(l.tables.Load().without(e))
	}
}
