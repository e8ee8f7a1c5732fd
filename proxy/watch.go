package proxy

import (
	"context"
	"time"
)

// A client that goes away is noticed within watchEvery, once its exchange has lasted
// watchAfter: shorter ones end before anything could be saved.
const (
	watchAfter = time.Second
	watchEvery = 250 * time.Millisecond
)

// watch looks after clients that wait, until ctx ends.
func (p *Proxy) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	var wires []*wire
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			wires = p.connected(wires[:0])
			for _, w := range wires {
				w.look(now)
			}
			clear(wires)
		}
	}
}

// connected appends the connections of clients to dst.
func (p *Proxy) connected(dst []*wire) []*wire {
	p.mu.Lock()
	defer p.mu.Unlock()
	for w := range p.wires {
		dst = append(dst, w)
	}
	return dst
}

func (p *Proxy) remember(w *wire) {
	p.mu.Lock()
	p.wires[w] = struct{}{}
	p.mu.Unlock()
}

func (p *Proxy) forget(w *wire) {
	p.mu.Lock()
	delete(p.wires, w)
	p.mu.Unlock()
}
