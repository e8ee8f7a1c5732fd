package iplist

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/weirnode/weir/config"
)

// crowd makes entries and addresses that often meet.
type crowd struct{ *rand.Rand }

func (c crowd) addr() netip.Addr {
	if c.IntN(3) == 0 {
		return netip.AddrFrom16([16]byte{0x20, 1, 0x0d, 0xb8, byte(c.IntN(3)), 15: byte(c.IntN(3))})
	}
	return netip.AddrFrom4([4]byte{10, byte(c.IntN(3)), byte(c.IntN(3)), byte(c.IntN(4))})
}

func (c crowd) prefix() netip.Prefix {
	a := c.addr()
	least := min4
	if a.Is6() {
		least = min6
	}
	return netip.PrefixFrom(a, least+c.IntN(a.BitLen()-least+1)).Masked()
}

func (c crowd) file() (lists config.Lists) {
	for _, list := range []*[]config.ListEntry{&lists.Allow, &lists.Deny, &lists.Gray} {
		n := c.IntN(4)
		if c.IntN(3) == 0 {
			n = bulk / 2 // three lists of them are changed in bulk
		}
		for range n {
			*list = append(*list, config.ListEntry{Address: c.prefix(), Application: c.IntN(3)})
		}
	}
	return lists
}

// twin is a List that looks at every entry.
type twin struct{ file, stored []Entry }

func (w *twin) apply(c config.Lists) {
	w.file = nil
	for kind, list := range map[Kind][]config.ListEntry{Allow: c.Allow, Deny: c.Deny, Gray: c.Gray} {
		for _, e := range list {
			w.file = append(w.file, Entry{Kind: kind, Prefix: e.Address, Application: int32(e.Application)})
		}
	}
}

func (w *twin) lookup(addr netip.Addr, app int32) Kind {
	found := None
	for _, e := range slices.Concat(w.file, w.stored) {
		if (e.Application == 0 || e.Application == app) && e.Prefix.Contains(addr) && (found == None || e.Kind < found) {
			found = e.Kind
		}
	}
	return found
}

func TestAgainstSlowTwin(t *testing.T) {
	for seed := range uint64(8) {
		rnd := crowd{rand.New(rand.NewPCG(seed, 2))}
		l, w := open(t, config.Lists{}), &twin{}
		for range 500 {
			addr, app := rnd.addr(), int32(1+rnd.IntN(3))
			before, was := l.tables.Load(), w.lookup(addr, app)
			switch n := rnd.IntN(12); {
			case n == 0:
				c := rnd.file()
				l.Apply(c)
				w.apply(c)
			case n < 5 && len(w.stored) > 0:
				i := rnd.IntN(len(w.stored))
				if err := l.Delete(t.Context(), w.stored[i].ID, ""); err != nil {
					t.Fatal(err)
				}
				w.stored = slices.Delete(w.stored, i, i+1)
			default:
				e := put(t, l, Kind(1+rnd.IntN(3)), rnd.prefix().String(), int32(rnd.IntN(3)), 0)
				w.stored = append(slices.DeleteFunc(w.stored, func(x Entry) bool { return x.ID == e.ID }), e)
			}
			if got := before.lookup(addr, app).Kind; got != was {
				t.Fatalf("seed %d: a change reached the tables that were in force before: %s, want %s", seed, got, was)
			}
			if got, want := l.Lookup(addr, app).Kind, w.lookup(addr, app); got != want {
				t.Fatalf("seed %d: %s for %d: %s, want %s", seed, addr, app, got, want)
			}
			if n := len(w.file) + len(w.stored); n != len(l.All()) || n != l.tables.Load().count {
				t.Fatalf("seed %d: %d entries and a count of %d, want %d", seed, len(l.All()), l.tables.Load().count, n)
			}
		}
	}
}
