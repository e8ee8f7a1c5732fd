package proxy

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/weirnode/weir/config"
)

// Pools are the upstreams of one configuration, with the other settings of the
// proxy that can change while it runs. Immutable but for the connections.
type Pools struct {
	byName  map[string]*upstream
	trusted []netip.Prefix
	header  string // lower case
	page    []byte // block page
	status  int    // of the block page
	buffer  int
	certs   [][]tls.Certificate // by listener
}

// upstream is a group of targets that are used in turn.
type upstream struct {
	name     string
	targets  []*target
	next     atomic.Uint32
	response time.Duration
	protocol config.Protocol
	balance  config.Balance
	health   health
	metrics  *upstreamMetrics
}

// deadFor is how long a target that did not take a connection is passed over.
const deadFor = time.Second

// Prepare makes the pools of a configuration beside those in use. Pools of targets
// that stay the same are taken over with their connections.
func (p *Proxy) Prepare(cfg *config.Config) (*Pools, error) {
	next := &Pools{
		byName: map[string]*upstream{}, trusted: cfg.ClientAddress.TrustedProxies, header: strings.ToLower(cfg.ClientAddress.Header),
		status: cfg.BlockPage.Status, page: builtInPage, buffer: int(cfg.Limits.BufferBytes),
	}
	if cfg.BlockPage.File != "" {
		page, err := os.ReadFile(cfg.BlockPage.File)
		if err != nil {
			return nil, fmt.Errorf("read block page: %w", err)
		}
		next.page = bytes.TrimSpace(page)
	}
	var err error
	if next.certs, err = loadCertificates(cfg.Listen); err != nil {
		return nil, err
	}
	old := p.settings.Load()
	for name, u := range cfg.Upstreams {
		made := &upstream{name: name, response: u.ResponseTimeout.Std(), protocol: u.Protocol, balance: u.Balance, health: newHealth(u), metrics: p.metrics.upstream(name)}
		for _, text := range u.Targets {
			t, err := newTarget(text, u)
			if err != nil {
				return nil, fmt.Errorf("upstream %s: %w", name, err)
			}
			made.targets = append(made.targets, old.targetLike(t))
		}
		next.byName[name] = made
	}
	return next, nil
}

// targetLike returns the target in use that is the same, else t.
func (s *Pools) targetLike(t *target) *target {
	if s == nil {
		return t
	}
	for _, u := range s.byName {
		for _, known := range u.targets {
			if known.address == t.address && known.options == t.options {
				return known
			}
		}
	}
	return t
}

// Swap puts pools in use for exchanges that begin from now on.
func (p *Proxy) Swap(next *Pools) {
	if old := p.settings.Swap(next); old != nil {
		p.retiring = append(p.retiring, old)
	}
}

// Retire closes the idle connections of targets that are no longer named. Exchanges
// in flight keep theirs until they end.
func (p *Proxy) Retire() {
	inUse := map[*target]bool{}
	for _, u := range p.settings.Load().byName {
		for _, t := range u.targets {
			inUse[t] = true
		}
	}
	for _, old := range p.retiring {
		for _, u := range old.byName {
			for _, t := range u.targets {
				if !inUse[t] {
					t.close()
				}
			}
		}
	}
	p.retiring = nil
}

func (s *Pools) close() {
	for _, u := range s.byName {
		for _, t := range u.targets {
			t.close()
		}
	}
}
