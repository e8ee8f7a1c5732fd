package proxy

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
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
		accepting := &patient{Listener: listener, metrics: p.metrics, ended: make(chan struct{})}
		p.accepting, listener = append(p.accepting, accepting), accepting
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
//
// When it is to stop it first takes the connections that the kernel has for it: closing
// the socket would reset them, with requests on their way.
type patient struct {
	net.Listener
	metrics *metrics

	last  atomic.Pointer[time.Time] // when it stops at the latest; nil: it need not
	came  bool                      // a connection has, since it waits for the last
	ended chan struct{}             // closed when it has stopped
	once  sync.Once
}

const (
	lastWait = 20 * time.Millisecond  // for one more connection
	lastMost = 500 * time.Millisecond // for all of them
)

func (l *patient) Accept() (net.Conn, error) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		conn, err := l.Listener.Accept()
		if err == nil || errors.Is(err, net.ErrClosed) {
			l.came = true
			return conn, err
		}
		if last := l.last.Load(); last != nil && errors.Is(err, os.ErrDeadlineExceeded) {
			if l.more(*last) {
				continue
			}
			_ = l.Close() // at once: what comes between the last look and this is reset
			l.once.Do(func() { close(l.ended) })
			return nil, net.ErrClosed
		}
		l.metrics.acceptErrors.Inc()
		<-time.After(pause)
	}
}

// more waits for one more connection, if one has come since it did so before.
func (l *patient) more(last time.Time) bool {
	now := time.Now()
	if !l.came || now.After(last) {
		return false
	}
	l.came = false
	return l.deadline(now.Add(lastWait))
}

// deadline sets when Accept gives up, and reports whether it will.
func (l *patient) deadline(t time.Time) bool {
	socket, ok := l.Listener.(interface{ SetDeadline(t time.Time) error })
	return ok && socket.SetDeadline(t) == nil
}

// stop has it take what has come, and returns when Accept takes no more.
func (l *patient) stop() {
	now := time.Now()
	last := now.Add(lastMost)
	l.last.Store(&last)
	if !l.deadline(now.Add(lastWait)) {
		return
	}
	select {
	case <-l.ended:
	case <-time.After(lastMost + lastWait):
	}
}
