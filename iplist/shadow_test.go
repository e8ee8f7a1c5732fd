package iplist

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirnode/weir/config"
)

func fromFile(prefixes ...string) (list []config.ListEntry) {
	for _, p := range prefixes {
		list = append(list, config.ListEntry{Address: netip.MustParsePrefix(p)})
	}
	return list
}

// TestEqualPrefixes checks that entries of one list, prefix and application stand
// side by side: taking one away leaves the other in force.
func TestEqualPrefixes(t *testing.T) {
	addr := netip.MustParseAddr("192.0.2.7")
	f := func(name string, change func(t *testing.T, l *List)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := open(t, config.Lists{Deny: fromFile("192.0.2.7/32")})
				change(t, l)
				if got := l.Lookup(addr, 3).Kind; got != Deny {
					t.Errorf("%s, want deny", got)
				}
			})
		})
	}
	f("a stored entry is deleted", func(t *testing.T, l *List) {
		t.Helper()
		e := put(t, l, Deny, "192.0.2.7/32", 0, 0)
		if err := l.Delete(t.Context(), e.ID, "me"); err != nil {
			t.Fatal(err)
		}
	})
	f("a stored entry has ended", func(t *testing.T, l *List) {
		t.Helper()
		put(t, l, Deny, "192.0.2.7/32", 0, time.Hour)
		time.Sleep(time.Hour) //nolint:forbidigo // the clock of the bubble
	})
	f("a stored entry is swept", func(t *testing.T, l *List) {
		t.Helper()
		put(t, l, Deny, "192.0.2.7/32", 0, time.Hour)
		time.Sleep(time.Hour) //nolint:forbidigo // the clock of the bubble
		l.sweep(time.Now())
	})
	f("the file no longer has it", func(t *testing.T, l *List) {
		t.Helper()
		put(t, l, Deny, "192.0.2.7/32", 0, 0)
		l.Apply(config.Lists{Deny: fromFile("192.0.2.7/32")})
		l.Apply(config.Lists{})
	})
	f("the file has it twice", func(_ *testing.T, l *List) {
		l.Apply(config.Lists{Deny: fromFile("192.0.2.7/32", "192.0.2.7/32")})
	})
}

// TestFileEntriesKeepTheirNumbers: a console that shows an entry must find it again.
func TestFileEntriesKeepTheirNumbers(t *testing.T) {
	c := config.Lists{Allow: fromFile("192.0.2.1/32"), Deny: fromFile("192.0.2.2/32"), Gray: fromFile("192.0.2.3/32")}
	l := open(t, c)
	for range 50 {
		l.Apply(c)
		for i, want := range []Kind{Allow, Deny, Gray} {
			if e := l.All()[i]; e.ID != int64(-1-i) || e.Kind != want || e.Author != "config" {
				t.Fatalf("entry %d is %+v, want %s", -1-i, e, want)
			}
		}
	}
}

func TestMappedPrefixes(t *testing.T) {
	l := open(t, config.Lists{})
	if e := put(t, l, Deny, "::ffff:192.0.2.0/120", 0, 0); e.Prefix.String() != "192.0.2.0/24" {
		t.Errorf("kept as %s", e.Prefix)
	}
	if got := l.Lookup(netip.MustParseAddr("192.0.2.9"), 1).Kind; got != Deny {
		t.Errorf("%s, want deny", got)
	}
	if got := l.Lookup(netip.Addr{}, 1).Kind; got != None {
		t.Errorf("no address is on a list: %s", got)
	}
	if got := l.Lookup(netip.MustParseAddr("fe80::1%eth0"), 1).Kind; got != None {
		t.Errorf("an address with a zone: %s", got)
	}
}
