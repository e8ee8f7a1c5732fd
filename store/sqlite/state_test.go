package sqlite

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirnode/weir/event"
	"github.com/weirnode/weir/iplist"
	"github.com/weirnode/weir/session"
	"github.com/weirnode/weir/store"
	"github.com/weirnode/weir/store/storetest"
)

func openState(t *testing.T, dir string) (store.State, func()) {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestState(t *testing.T) { storetest.State(t, openState) }

// TestWhatEndedLongAgoIsForgotten checks that deleted and ended rows are told of for
// a day, and then no longer take room.
func TestWhatEndedLongAgoIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, done := openState(t, t.TempDir())
		defer done()
		ctx, lists, blocked := t.Context(), s.Lists(), s.Blocked()
		put := func(last byte, hold time.Duration) int64 {
			t.Helper()
			e := iplist.Entry{Kind: iplist.Deny, Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, last}), 32)}
			b := session.Block{Session: event.Session{last}}
			if hold > 0 {
				e.Until = time.Now().Add(hold)
				b.Until = e.Until
			}
			e, err := lists.Put(ctx, e)
			_, berr := blocked.Put(ctx, b)
			if err != nil || berr != nil {
				t.Fatal(err, berr)
			}
			return e.ID
		}
		expect := func(when string, want int) {
			t.Helper()
			entries, err := lists.Since(ctx, 0)
			blocks, berr := blocked.Since(ctx, 0)
			if err != nil || berr != nil || len(entries) != want || len(blocks) != want {
				t.Errorf("%s: %d entries, %d blocks, want %d (%v, %v)", when, len(entries), len(blocks), want, err, berr)
			}
		}
		put(1, 0)
		put(2, time.Hour)
		if err := errors.Join(lists.Delete(ctx, put(3, 0), "me"), blocked.Delete(ctx, event.Session{3}, "me")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(23 * time.Hour) //nolint:forbidigo // the clock of the bubble
		put(4, 0)
		expect("within a day", 4)
		time.Sleep(90 * time.Minute) //nolint:forbidigo // the clock of the bubble
		put(5, 0)
		expect("a day after a deletion", 4)
		time.Sleep(time.Hour) //nolint:forbidigo // the clock of the bubble
		last := put(6, 0)
		expect("a day after an end", 4)
		if err := lists.Delete(ctx, last, "me"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(25 * time.Hour) //nolint:forbidigo // the clock of the bubble
		if id := put(7, 0); id <= last {
			t.Errorf("entry %d comes after entry %d, which is forgotten", id, last)
		}
	})
}

// TestTokensEnd checks that a token is gone at its end, and its row when the next is
// made.
func TestTokensEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, done := openState(t, t.TempDir())
		defer done()
		kept := s.Accounts()
		a, err := kept.Put(t.Context(), store.Account{Name: "ann"})
		if err != nil {
			t.Fatal(err)
		}
		token := store.Token{Kind: store.LinkToken, Hash: [32]byte{1}, Account: a.ID}
		for range 2 { // the hash is free again when the first has ended
			token.Expires = time.Now().Add(time.Hour)
			if _, err := kept.PutToken(t.Context(), token); err != nil {
				t.Fatal(err)
			}
			if _, err := kept.Token(t.Context(), token.Hash); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour) //nolint:forbidigo // the clock of the bubble
			if _, err := kept.Token(t.Context(), token.Hash); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("a token that has ended: %v", err)
			}
			if all, err := kept.Tokens(t.Context(), a.ID); err != nil || len(all) != 0 {
				t.Errorf("tokens that have ended: %+v %v", all, err)
			}
		}
	})
}

// TestTwoNodes runs two lists on one store: what one puts, the other has after a
// poll.
func TestTwoNodes(t *testing.T) {
	s, done := openState(t, t.TempDir())
	defer done()
	ctx, addr := t.Context(), netip.MustParseAddr("192.0.2.7")
	one, err := iplist.New(ctx, iplist.Options{Store: s.Lists()})
	if err != nil {
		t.Fatal(err)
	}
	e, err := one.Put(ctx, iplist.Entry{Kind: iplist.Deny, Prefix: netip.PrefixFrom(addr, 32), Author: "me", Until: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	two, err := iplist.New(ctx, iplist.Options{Store: s.Lists()})
	if err != nil {
		t.Fatal(err)
	}
	if got := two.Lookup(addr, 1); got.Kind != iplist.Deny || got.ID != e.ID {
		t.Errorf("the other node has %+v", got)
	}
	if err := two.Delete(ctx, e.ID, "you"); err != nil {
		t.Fatal(err)
	}
	other := iplist.Entry{Kind: iplist.Gray, Prefix: netip.PrefixFrom(addr, 24).Masked()}
	if _, err := one.Put(ctx, other); err != nil { // polls too
		t.Fatal(err)
	}
	if got := one.Lookup(addr, 1); got.Kind != iplist.Gray {
		t.Errorf("the first node has %+v after the other has deleted its entry", got)
	}
}

func BenchmarkPutListEntryAmong100k(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, err := s.write.ExecContext(b.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
		INSERT INTO list_entry (revision, kind, prefix, application, reason, author, added, until)
		SELECT i, 2, '10.' || (i >> 16) || '.' || (i >> 8 & 255) || '.' || (i & 255) || '/32', 0, '', '', 0, 1 << 62 FROM n`); err != nil {
		b.Fatal(err)
	}
	if _, err := s.write.ExecContext(b.Context(), "UPDATE revision SET value = 100000"); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	l, err := iplist.New(b.Context(), iplist.Options{Store: s.Lists()})
	if err != nil || len(l.All()) != 100_000 {
		b.Fatal(len(l.All()), err)
	}
	load := time.Since(start)
	i := 0
	for b.Loop() {
		i++
		prefix := netip.MustParsePrefix(fmt.Sprintf("172.%d.%d.%d/32", 16+i>>16&15, i>>8&255, i&255))
		if _, err := l.Put(b.Context(), iplist.Entry{Kind: iplist.Deny, Prefix: prefix}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(load.Milliseconds()), "ms/load")
}
