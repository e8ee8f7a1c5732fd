package proxy

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
)

// health says how an upstream's targets are watched.
type health struct {
	path       string // asked for actively; empty: not
	interval   time.Duration
	timeout    time.Duration
	ejectAfter int32 // failures in a row
	ejectFor   time.Duration
	slowStart  time.Duration
}

func newHealth(u config.Upstream) health {
	return health{
		path: u.Health.Path, interval: u.Health.Interval.Std(), timeout: u.Health.Timeout.Std(),
		ejectAfter: int32(u.EjectAfter), ejectFor: u.EjectFor.Std(), slowStart: u.SlowStart.Std(),
	}
}

// Probes in a row after which an active check takes a target out, or back in.
const (
	probesDown = 2
	probesUp   = 2
)

const probeEvery = 100 * time.Millisecond

// probe checks targets actively until ctx ends.
func (p *Proxy) probe(ctx context.Context) {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			for _, u := range p.settings.Load().byName {
				if u.health.path != "" {
					p.probeDue(ctx, u, now)
				}
			}
		}
	}
}

// probeDue begins the probes of an upstream whose time has come.
func (p *Proxy) probeDue(ctx context.Context, u *upstream, now time.Time) {
	for _, t := range u.targets {
		due := t.probed.Load()
		if steady(now) < due || !t.probed.CompareAndSwap(due, steady(now.Add(u.health.interval))) {
			continue
		}
		p.lingering.Go(func() {
			err := t.ask(ctx, &u.health)
			if ctx.Err() == nil {
				p.probed(u, t, err)
			}
		})
	}
}

// probed counts the outcomes of probes and takes a target out or back in.
func (p *Proxy) probed(u *upstream, t *target, err error) {
	n := t.probes.Load()
	if err == nil {
		n = max(n, 0) + 1
	} else {
		n = min(n, 0) - 1
	}
	t.probes.Store(n)
	switch {
	case n == -probesDown && !t.down.Swap(true):
		p.log.Warn("target is down", zap.String("upstream", u.name), zap.String("target", t.address), zap.Error(err))
		u.metrics.ejected.Inc()
	case n == probesUp && t.down.Swap(false):
		t.back.Store(steady(time.Now()))
		p.log.Info("target is back", zap.String("upstream", u.name), zap.String("target", t.address))
	}
}

// ask sends a probe and returns why the target is not well.
func (t *target) ask(ctx context.Context, h *health) error {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	if t.http2 != nil {
		return t.askHTTP2(ctx, h)
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", t.address)
	if err != nil {
		return err
	}
	if t.tls != nil {
		if c, err = t.handshake(c); err != nil {
			return err
		}
	}
	defer c.Close()
	deadline, _ := ctx.Deadline()
	if err := c.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := io.WriteString(c, "GET "+h.path+" HTTP/1.1\r\nHost: "+t.address+"\r\nUser-Agent: weir-health\r\nConnection: close\r\n\r\n"); err != nil {
		return err
	}
	var a answer
	if err := a.read(bufio.NewReader(c)); err != nil {
		return err
	}
	return well(a.status)
}

// askHTTP2 is ask of HTTP/2.
func (t *target) askHTTP2(ctx context.Context, h *health) error {
	scheme := "http://"
	if t.tls != nil {
		scheme = "https://"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+t.address+h.path, http.NoBody)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", "weir-health")
	resp, err := t.http2.RoundTrip(r)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	return well(resp.StatusCode)
}

// well returns why a status is not that of a target that is well.
func well(status int) error {
	if status < 200 || status >= 400 {
		return fmt.Errorf("status %d", status)
	}
	return nil
}
