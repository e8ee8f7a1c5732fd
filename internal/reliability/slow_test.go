package reliability

import (
	"context"
	"testing"
	"time"
)

// TestSlowClients has thousands of slow clients of one kind at a time while a
// well-behaved one measures.
func TestSlowClients(t *testing.T) {
	long(t)
	const size = 5000
	for _, test := range []struct {
		kind  string
		limit time.Duration // when the node should have closed one
		more  time.Duration // that is known to be taken
	}{
		{"header", 10 * time.Second, 5 * time.Second}, // header_timeout
		{"body", 12 * time.Second, 5 * time.Second},   // body_rate is looked at after ten seconds, at the next piece
		{"read", 10 * time.Second, 20 * time.Second},  // body_timeout, anew with each piece that the kernel takes
	} {
		t.Run(test.kind, func(t *testing.T) {
			n := start(t, options{upstream: originProcess(t), limits: ", header_timeout: 10s, body_timeout: 10s"})
			pacedFor(t, 2*time.Second, n.url("/"), 200, 8) // warm up
			quiet := pacedFor(t, 8*time.Second, n.url("/"), 200, 8)
			before := n.rss(t)
			m := gather(t, n, test.kind, size, 1000)
			ctx, stop := context.WithCancel(t.Context())
			during := make(chan *figures, 1)
			go func() { during <- paced(ctx, n.url("/"), 200, 8, nil) }()
			m.waitOpen(t)
			held := n.rss(t)
			select {
			case <-m.ended:
			case <-time.After(test.limit + 20*time.Second):
			}
			stop()
			f := <-during
			closed, refused, longest := m.closed()
			q, d := quantile(quiet.times, 0.99), quantile(f.times, 0.99)
			t.Logf("R8 %s: %d of %d slow connections closed, %d refused, the last after %s (limit %s, aim 5 s more); quiet %s; meanwhile %s: p99 is %.1f times as long (aim 2); RSS %d MiB before, %d MiB with them",
				test.kind, closed, size, refused, longest.Round(10*time.Millisecond), test.limit, quiet, f, float64(d)/float64(q), before/mib, held/mib)
			if closed != size || longest > test.limit+test.more {
				t.Errorf("R8 %s: %d closed, the longest lived %s", test.kind, closed, longest)
			}
			if f.failed > 0 {
				t.Errorf("R8 %s: %d requests failed: %s", test.kind, f.failed, f.first)
			}
			if d > 250*time.Millisecond { // the aim is met on a machine that is not busy, or not at all: see the docs
				t.Errorf("R8 %s: p99 %s, quiet %s", test.kind, d, q)
			}
			n.alive(t)
		})
	}
}

// TestIdleConnections keeps thousands of connections that have brought a request each.
func TestIdleConnections(t *testing.T) {
	long(t)
	const size = 9000
	n := start(t, options{limits: ", idle_timeout: 10m"})
	pacedFor(t, time.Second, n.url("/"), 100, 8)
	before := n.rss(t)
	m := gather(t, n, "idle", size, 2000)
	m.waitOpen(t)
	<-time.After(15 * time.Second) // for buffers to be given back
	rss := n.rss(t)
	fresh := saturateFresh(t, n, 3*time.Second)
	each := float64(rss-before) / size / 1024
	t.Logf("R9: %d idle connections, %.1f KiB of RSS each (aim 9), %d MiB in all (aim 120), %d MiB before; requests on new connections: %s (aim p99 < 20 ms)", size, each, rss/mib, before/mib, fresh)
	if each > 9 || rss > 120*mib {
		t.Errorf("R9: too much memory")
	}
	if fresh.failed > 0 || quantile(fresh.times, 0.99) > 20*time.Millisecond {
		t.Errorf("R9: new connections: %s", fresh)
	}
	m.disperse()
	if !eventually(30*time.Second, func() bool { return n.goroutines(t) < 200 }) {
		t.Errorf("R9: %d goroutines are left", n.goroutines(t))
	}
	n.alive(t)
}
