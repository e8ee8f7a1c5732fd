package proxy

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/weirnode/weir/config"
)

// Listen opens the listeners.
func (p *Proxy) Listen() error {
	for i, l := range p.listens {
		listener, err := p.listen(l.Address)
		if err != nil {
			return fmt.Errorf("listen on %s: %w", l.Address, err)
		}
		listener = &patient{Listener: listener, metrics: p.metrics}
		if l.ProxyProtocol {
			listener = p.proxyProtocol(listener)
		}
		made := &wires{Listener: listener, proxy: p, lenient: l.Framing == config.Lenient, h2c: l.H2C}
		if len(l.TLS.Certificates) > 0 {
			made.tls = p.serverTLS(i, l.TLS)
		}
		p.listeners = append(p.listeners, made)
	}
	return nil
}

// wires is a listener that hands out wires.
type wires struct {
	net.Listener
	proxy   *Proxy
	lenient bool
	h2c     bool
	tls     *tls.Config // nil: not encrypted
}

func (l *wires) Accept() (net.Conn, error) {
	c, from, err := l.admitted()
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: c, proxy: l.proxy, socket: socketOf(c), from: from, lenient: l.lenient, h2c: l.h2c}
	if w.socket != nil {
		boundUnsent(w.socket)
	}
	if l.tls != nil {
		w.Conn, w.secure = tls.Server(c, l.tls), true
	}
	l.proxy.remember(w)
	return w, nil
}

// admitted returns the next connection that no limit stands against. Counted is who
// is connected, whatever the PROXY protocol says later.
func (l *wires) admitted() (c net.Conn, from netip.Addr, err error) {
	p := l.proxy
	for {
		if c, err = l.Listener.Accept(); err != nil {
			return nil, from, err
		}
		if socket := socketOf(c); socket != nil {
			from = addrOf(socket.RemoteAddr())
		}
		limit := p.crowd.enter(from, trusts(p.settings.Load().trusted, from))
		if limit == "" {
			return c, from, nil
		}
		p.metrics.turnedAway[limit].Inc()
		_ = c.Close()
	}
}

// patient is a listener that survives a shortage of file descriptors: where
// fasthttp would stop serving it waits and tries again.
type patient struct {
	net.Listener
	metrics *metrics
}

func (l *patient) Accept() (net.Conn, error) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		conn, err := l.Listener.Accept()
		if err == nil || errors.Is(err, net.ErrClosed) {
			return conn, err
		}
		l.metrics.acceptErrors.Inc()
		<-time.After(pause)
	}
}
