package iplist

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/weirnode/weir/config"
)

// TestReadersAndWriters is for the race detector: a list that always denies an
// address is never seen without it.
func TestReadersAndWriters(t *testing.T) {
	l := open(t, config.Lists{Deny: fromFile("192.0.2.0/24")})
	addr := netip.MustParseAddr("192.0.2.7")
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := l.Lookup(addr, 1).Kind; got != Deny {
					t.Errorf("%s, want deny", got)
					return
				}
				l.All()
			}
		})
	}
	for range 200 {
		e := put(t, l, Deny, "192.0.2.7/32", 0, 0)
		put(t, l, Gray, "192.0.2.7/32", 1, 0)
		if err := l.Delete(t.Context(), e.ID, "me"); err != nil {
			t.Error(err)
		}
	}
	close(done)
	readers.Wait()
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, told := &memory{}, make(chan error, 1)
		l, err := New(t.Context(), Options{Store: store, OnError: func(err error) { told <- err }})
		if err != nil {
			t.Fatal(err)
		}
		put(t, l, Deny, "192.0.2.7/32", 0, 6*time.Minute)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = l.Run(ctx) })

		other := Entry{Kind: Gray, Prefix: netip.MustParsePrefix("192.0.2.8/32")}
		if _, err := store.Put(t.Context(), other); err != nil { // another node
			t.Fatal(err)
		}
		time.Sleep(pollInterval + time.Second) //nolint:forbidigo // the clock of the bubble
		if got := l.Lookup(other.Prefix.Addr(), 1).Kind; got != Gray {
			t.Errorf("what another node has put: %s, want gray", got)
		}
		fire := errors.New("disk on fire")
		store.breakDown(fire)
		if err := <-told; !errors.Is(err, fire) {
			t.Errorf("told %v", err)
		}
		if got := l.Lookup(other.Prefix.Addr(), 1).Kind; got != Gray {
			t.Errorf("a store that cannot be read: %s, want gray", got)
		}
		store.breakDown(nil)
		time.Sleep(10 * time.Minute) //nolint:forbidigo // the clock of the bubble
		if n := l.tables.Load().count; n != 1 {
			t.Errorf("%d entries after the sweep, want 1", n)
		}
		stop()
		running.Wait()
	})
}

func TestChanged(t *testing.T) {
	l := open(t, config.Lists{})
	told := func(what string, want bool, change func()) {
		t.Helper()
		changed := l.Changed()
		change()
		select {
		case <-changed:
			if !want {
				t.Errorf("%s: told of a change", what)
			}
		default:
			if want {
				t.Errorf("%s: not told", what)
			}
		}
	}
	told("put", true, func() { put(t, l, Deny, "192.0.2.7/32", 0, 6*time.Minute) })
	told("nothing new", false, func() { _ = l.poll(t.Context()) })
	told("nothing ended", false, func() { l.sweep(time.Now()) })
	told("ended", true, func() { l.sweep(time.Now().Add(time.Hour)) })
	told("reload", true, func() { l.Apply(config.Lists{Deny: fromFile("192.0.2.8/32")}) })
}
