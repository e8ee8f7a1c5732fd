package netfilter

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/iplist"
)

// world is a Netfilter above fake kernels.
type world struct {
	*Netfilter
	lists   *iplist.List
	kernels [2]*fake
	logged  *observer.ObservedLogs
}

func enabled() config.Netfilter {
	c := config.Default().Lists.Netfilter
	c.Enabled = true
	return c
}

func newWorld(t *testing.T, c config.Netfilter, deny ...string) *world {
	t.Helper()
	lists, err := iplist.New(t.Context(), iplist.Options{Config: denied(deny...)})
	if err != nil {
		t.Fatal(err)
	}
	core, logged := observer.New(zap.InfoLevel)
	w := &world{lists: lists, logged: logged, kernels: [2]*fake{newFake(), newFake()}}
	w.Netfilter = New(Options{
		Lists: lists, Config: c, Ports: []int{8080, 9080}, ManagePort: 9080, Logger: zap.New(core), Registerer: prometheus.NewRegistry(),
	})
	w.open = func(family int, _ string) (kernel, error) { return w.kernels[family], w.kernels[family].broken }
	return w
}

func denied(prefixes ...string) (c config.Lists) {
	for _, p := range prefixes {
		c.Deny = append(c.Deny, config.ListEntry{Address: netip.MustParsePrefix(p)})
	}
	return c
}

// run runs w until the returned function is called.
func (w *world) run(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = w.Run(ctx) })
	synctest.Wait()
	return func() {
		cancel()
		running.Wait()
		w.Close()
	}
}

// meanwhile does something to a kernel while w does not look at it.
func (w *world) meanwhile(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	do()
}

// expect compares the IPv4 chain with what it should be, "none" when there is none.
func (w *world) expect(t *testing.T, when, want string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	list, ok := w.kernels[0].chains["WEIR"]
	got := strings.Join(list, ", ")
	if !ok {
		got = "none"
	}
	if got != want {
		t.Errorf("%s: %q, want %q", when, got, want)
	}
}

func pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the clock of the bubble
	synctest.Wait()
}

func TestFollowingTheLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, enabled(), "192.0.2.1/32", "2001:db8::/32")
		w.expect(t, "before it runs", "none")
		stop := w.run(t)
		w.expect(t, "start", "-s 192.0.2.1/32 -j DROP")
		if v := testutil.ToFloat64(w.metrics.up) + 10*testutil.ToFloat64(w.metrics.rules[1]); v != 11 {
			t.Errorf("up and rules of IPv6: %v", v)
		}
		w.meanwhile(func() {
			k, source := w.kernels[0], netip.MustParseAddr("192.0.2.1")
			if !k.stops(source, 8080) || k.stops(source, 9080) {
				t.Errorf("ports: %q", k.chains["INPUT"])
			}
		})
		w.lists.Apply(denied("192.0.2.2/32"))
		pass(settle / 2)
		w.expect(t, "at once", "-s 192.0.2.1/32 -j DROP")
		pass(settle)
		w.expect(t, "a change", "-s 192.0.2.2/32 -j DROP")
		w.meanwhile(func() { w.kernels[0].chains = map[string][]string{"INPUT": {}} })
		pass(recheck + time.Second)
		w.expect(t, "flushed by somebody", "-s 192.0.2.2/32 -j DROP")
		w.Apply(enabled(), []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")})
		pass(0)
		w.expect(t, "a trusted proxy", "")
		w.Apply(config.Netfilter{}, nil)
		pass(0)
		w.expect(t, "switched off", "none")
		w.Apply(enabled(), nil)
		pass(0)
		w.expect(t, "switched on", "-s 192.0.2.2/32 -j DROP")
		elsewhere := enabled()
		elsewhere.Chain = "OTHER"
		w.Apply(elsewhere, nil)
		pass(0)
		w.expect(t, "another chain", "none")
		stop()
		for i, k := range w.kernels {
			if len(k.chains) != 1 || len(k.chains["INPUT"]) != 0 {
				t.Errorf("%s holds %v after the stop", families[i], k.chains)
			}
		}
	})
}

func TestOffTouchesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, config.Default().Lists.Netfilter, "192.0.2.1/32")
		w.open = func(int, string) (kernel, error) {
			t.Error("the kernel is opened")
			return nil, errors.New("off")
		}
		stop := w.run(t)
		pass(recheck + time.Second)
		stop()
		if w.logged.Len() != 0 {
			t.Errorf("logged %v", w.logged.All())
		}
	})
}

func TestNoRights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, enabled(), "192.0.2.1/32")
		w.kernels[0].broken = errors.New("you must be root")
		stop := w.run(t)
		pass(10*recheck + time.Second)
		if n := w.logged.FilterLevelExact(zap.ErrorLevel).Len(); n != 1 || testutil.ToFloat64(w.metrics.up) != 0 {
			t.Errorf("%d lines, up %v", n, testutil.ToFloat64(w.metrics.up))
		}
		if n := testutil.ToFloat64(w.metrics.errors); n != 11 {
			t.Errorf("%v errors", n)
		}
		w.meanwhile(func() { w.kernels[0].broken = nil })
		pass(recheck)
		w.expect(t, "given the rights", "-s 192.0.2.1/32 -j DROP")
		if testutil.ToFloat64(w.metrics.up) != 1 || w.logged.Len() != 2 {
			t.Errorf("up %v, logged %v", testutil.ToFloat64(w.metrics.up), w.logged.All())
		}
		stop()
	})
}

// TestWithoutIPv6 needs IPv6 only when there is something to drop.
func TestWithoutIPv6(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, enabled(), "192.0.2.1/32")
		w.kernels[1].broken = errors.New("address family not supported")
		stop := w.run(t)
		if testutil.ToFloat64(w.metrics.up) != 1 {
			t.Error("not up without need of IPv6")
		}
		w.lists.Apply(denied("192.0.2.1/32", "2001:db8::/32"))
		pass(time.Second)
		if testutil.ToFloat64(w.metrics.up) != 0 {
			t.Error("up, and an IPv6 source is not dropped")
		}
		stop()
	})
}

func TestAboveTheBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := enabled()
		c.Max = 1
		w := newWorld(t, c, "192.0.2.1/32", "192.0.2.3/32", "192.0.2.5/32")
		stop := w.run(t)
		pass(3 * recheck)
		w.expect(t, "bounded", "-s 192.0.2.1/32 -j DROP")
		if n := w.logged.FilterLevelExact(zap.WarnLevel).Len(); n != 1 || testutil.ToFloat64(w.metrics.left) != 2 {
			t.Errorf("%d lines, %v left", n, testutil.ToFloat64(w.metrics.left))
		}
		stop()
	})
}

func TestAMissingParent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := enabled()
		c.Parent = "DOCKER-USER"
		w := newWorld(t, c, "192.0.2.1/32")
		stop := w.run(t)
		w.expect(t, "no parent", "none")
		if entries := w.logged.All(); len(entries) != 1 || testutil.ToFloat64(w.metrics.up) != 0 {
			t.Errorf("logged %v", entries)
		}
		stop()
	})
}

func TestUntilEnd(t *testing.T) {
	now := time.Now()
	for _, c := range []struct{ until, want time.Duration }{{0, recheck}, {time.Hour, recheck}, {20 * time.Second, 20 * time.Second}, {time.Second, overtime}} {
		e := iplist.Entry{}
		if c.until > 0 {
			e.Until = now.Add(c.until)
		}
		if got := untilEnd([]iplist.Entry{e}, now); got != c.want {
			t.Errorf("%s: %s, want %s", c.until, got, c.want)
		}
	}
}
