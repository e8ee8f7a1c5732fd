package proxy

import (
	"io"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/weirnode/weir/config"
)

func group(balance config.Balance, n int) *upstream {
	u := &upstream{
		balance: balance, health: health{ejectAfter: 3, ejectFor: 10 * time.Second, slowStart: 10 * time.Second},
		metrics: &upstreamMetrics{ejected: prometheus.NewCounter(prometheus.CounterOpts{Name: "ejected_total", Help: "x"})},
	}
	for i := range n {
		u.targets = append(u.targets, &target{address: strconv.Itoa(i), seed: uint64(i)})
	}
	return u
}

// shares picks n times and returns how often each target was picked.
func shares(u *upstream, now time.Time, n int) map[string]int {
	got := map[string]int{}
	for i := range n {
		got[u.pick(now, uint64(i)*0x9e3779b97f4a7c15).address]++
	}
	return got
}

func TestBalance(t *testing.T) {
	now := time.Now()
	for _, balance := range []config.Balance{config.RoundRobin, config.LeastConnections, config.Hash} {
		u := group(balance, 4)
		for address, n := range shares(u, now, 4000) {
			if n < 850 || n > 1150 {
				t.Errorf("%s: target %s got %d of 4000", balance, address, n)
			}
		}
		u.targets[1].down.Store(true)
		if got := shares(u, now, 300); got["1"] != 0 || len(got) != 3 {
			t.Errorf("%s, one down: %v", balance, got)
		}
		for _, target := range u.targets {
			target.down.Store(true)
		}
		if got := shares(u, now, 300); len(got) != 4 {
			t.Errorf("%s, all down: %v, want all to be tried", balance, got)
		}
	}
	u := group(config.LeastConnections, 3)
	u.targets[0].busy.Store(5)
	u.targets[2].busy.Store(1)
	if got := shares(u, now, 10); got["1"] != 10 {
		t.Errorf("least busy: %v", got)
	}
	u = group(config.Hash, 5)
	moved := 0
	before := map[uint64]string{}
	for key := range uint64(1000) {
		before[key] = u.pick(now, key).address
	}
	u.targets[3].down.Store(true)
	for key := range uint64(1000) {
		if got := u.pick(now, key).address; got != before[key] {
			moved++
			if before[key] != "3" {
				t.Fatalf("key %d moved from %s to %s", key, before[key], got)
			}
		}
	}
	if moved == 0 {
		t.Error("nothing moved from the target that is down")
	}
}

// TestEjection walks one target through failures, trials and its return.
func TestEjection(t *testing.T) {
	for _, balance := range []config.Balance{config.RoundRobin, config.LeastConnections, config.Hash} {
		u := group(balance, 2)
		bad, now := u.targets[0], time.Now()
		u.report(bad, false, now)
		u.report(bad, false, now)
		u.report(bad, true, now)
		u.report(bad, false, now)
		u.report(bad, false, now)
		if got := shares(u, now, 100); got["0"] == 0 {
			t.Fatalf("%s: ejected before three failures in a row", balance)
		}
		u.report(bad, false, now)
		if got := shares(u, now.Add(9*time.Second), 100); got["0"] != 0 {
			t.Errorf("%s: ejected and picked: %v", balance, got)
		}
		if got := shares(u, now.Add(11*time.Second), 100); got["0"] != 1 {
			t.Errorf("%s: on trial: %v, want one request", balance, got)
		}
		u.report(bad, false, now.Add(12*time.Second))
		if got := shares(u, now.Add(31*time.Second), 100); got["0"] != 0 {
			t.Errorf("%s: the second time is not longer: %v", balance, got)
		}
		if got := shares(u, now.Add(33*time.Second), 100); got["0"] != 1 {
			t.Errorf("%s: on second trial: %v", balance, got)
		}
		u.report(bad, true, now.Add(33*time.Second))
		if balance == config.RoundRobin {
			if got := shares(u, now.Add(34*time.Second), 1000); got["0"] < 20 || got["0"] > 200 {
				t.Errorf("slow start: %v", got)
			}
		}
		if got := shares(u, now.Add(44*time.Second), 1000); got["0"] < 400 {
			t.Errorf("%s: back: %v", balance, got)
		}
	}
}

// TestActiveChecks takes a target out and in again while it answers requests well.
func TestActiveChecks(t *testing.T) {
	var sick atomic.Bool
	served := [2]atomic.Int64{}
	app := func(i int) string {
		return newRaw(t, func(c net.Conn, request string) {
			switch {
			case !strings.HasPrefix(request, "GET /health "):
				served[i].Add(1)
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
			case i == 0 && sick.Load():
				_, _ = io.WriteString(c, "HTTP/1.1 503 Sick\r\nContent-Length: 0\r\n\r\n")
			default:
				_, _ = io.WriteString(c, "HTTP/1.1 204 Well\r\n\r\n")
			}
		}).url()
	}
	p, address := running(t, func(c *config.Config) {
		u := c.Upstreams["u"]
		u.Health = config.HealthCheck{Path: "/health", Interval: config.Duration(100 * time.Millisecond), Timeout: config.Duration(time.Second)}
		u.EjectAfter, u.EjectFor = 5, config.Duration(time.Second)
		c.Upstreams["u"] = u
	}, nil, app(0), app(1))
	first := p.settings.Load().byName["u"].targets[0]
	waitFor := func(down bool) {
		t.Helper()
		for begun := time.Now(); first.down.Load() != down; <-time.After(20 * time.Millisecond) {
			if time.Since(begun) > 5*time.Second {
				t.Fatalf("down is not %v", down)
			}
		}
	}
	sick.Store(true)
	waitFor(true)
	served[0].Store(0)
	if good, err := keepAlive(address, 50); good != 50 || err != nil || served[0].Load() != 0 {
		t.Errorf("%d good, %v, %d at the sick target", good, err, served[0].Load())
	}
	sick.Store(false)
	waitFor(false)
	if good, err := keepAlive(address, 50); good != 50 || err != nil || served[0].Load() == 0 {
		t.Errorf("%d good, %v, %d at the well target", good, err, served[0].Load())
	}
}

// TestDeadTargetsCostNoRequest: with one of two targets dead every request is
// answered, of any method.
func TestDeadTargetsCostNoRequest(t *testing.T) {
	dead := must(net.Listen("tcp", "127.0.0.1:0"))
	_ = dead.Close()
	_, address := running(t, func(c *config.Config) {
		u := c.Upstreams["u"]
		u.EjectAfter, u.EjectFor = 5, config.Duration(time.Second)
		c.Upstreams["u"] = u
	}, nil, "http://"+dead.Addr().String(), newRaw(t, nil).url())
	for i := range 100 {
		if got, _ := exchangeRaw(t, address, "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab"); !strings.HasPrefix(got, "HTTP/1.1 200") {
			t.Fatalf("request %d: %q", i, got)
		}
	}
}

func TestRoutesHaveTheirOwnPatience(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	u := newRaw(t, func(net.Conn, string) { <-hang })
	_, address := running(t, func(c *config.Config) {
		c.Sites[0].Routes = []config.Route{{Path: "/quick", ResponseTimeout: config.Duration(50 * time.Millisecond)}}
	}, nil, u.url())
	start := time.Now()
	got, _ := exchangeRaw(t, address, "GET /quick HTTP/1.1\r\nHost: h\r\n\r\n")
	if d := time.Since(start); !strings.HasPrefix(got, "HTTP/1.1 504") || d > 400*time.Millisecond {
		t.Errorf("%q after %s", got, d)
	}
}
