package proxy

import (
	"crypto/tls"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// wire is a client's connection. fasthttp reads requests from it; answers are
// written past fasthttp, so that they leave byte for byte as the upstream sent
// them: what fasthttp writes for such an exchange is muted.
type wire struct {
	net.Conn
	proxy   *Proxy
	from    netip.Addr   // who is connected
	socket  *net.TCPConn // below TLS and the PROXY protocol
	secure  bool         // TLS
	lenient bool         // framing that is only odd is mended
	muted   bool
	h2c     bool   // HTTP/2 is taken without encryption
	http2   bool   // it began with the preface of HTTP/2
	first   []byte // what was read and is not given to fasthttp yet
	kept    []byte // memory for it
	heads   heads
	asked   bool         // a request of HTTP/1 was read from it
	strange bool         // no encrypted connection came about
	linger  bool         // unread bytes of the client may be on their way
	reset   bool         // the answer was cut: the client must not take it for complete
	until   atomic.Int64 // write deadline in force, steady; a tunnel has two writers
	gather  gather
	closed  atomic.Bool

	resting  bool // between two requests, of which the next has not begun
	timedOut bool // while it was

	mu    sync.Mutex // guards the fields below
	busy  io.Closer  // what works for the client now
	since time.Time  // when it began to
	gone  bool       // the client went away while it did
}

// Longest farewell: what is read from a client that is refused before its body
// ended, so that the answer is not lost to a reset.
const (
	lingerBytes = 256 << 10
	lingerTime  = 500 * time.Millisecond
)

// Write carries what fasthttp writes.
func (w *wire) Write(b []byte) (int, error) {
	if w.muted {
		return len(b), nil
	}
	return w.send(b)
}

// send writes within the body timeout.
func (w *wire) send(b []byte) (int, error) {
	if err := w.hurry(); err != nil {
		return 0, err
	}
	return w.Conn.Write(b)
}

// hurry sets the deadline of a write. One that still has most of its time is left
// as it is: setting it costs as much as a short write.
func (w *wire) hurry() error {
	wait := w.proxy.limits.BodyTimeout.Std()
	now := time.Now()
	if w.until.Load()-steady(now) >= int64(wait*3/4) {
		return nil
	}
	until := now.Add(wait)
	w.until.Store(steady(until))
	return w.SetWriteDeadline(until)
}

// sendBoth writes two pieces, at once if the connection is a bare socket.
func (w *wire) sendBoth(a, b []byte) error {
	if err := w.hurry(); err != nil {
		return err
	}
	return w.gather.write(w.Conn, a, b)
}

// SetDeadline is asked for by fasthttp before it hands a connection over.
func (w *wire) SetDeadline(t time.Time) error {
	w.until.Store(0) // whatever it is, the next write sets its own
	return w.Conn.SetDeadline(t)
}

// Close says farewell as the last answer needs it. A connection that fasthttp gives up
// because no request came for a while is parked.
func (w *wire) Close() error {
	if !w.proxy.draining.Load() && w.resting && w.timedOut && w.proxy.parking.take(w) {
		return nil
	}
	if w.closed.Swap(true) {
		return net.ErrClosed
	}
	w.proxy.forget(w)
	w.proxy.crowd.leave(w.from)
	switch {
	case w.reset:
		_ = w.socket.SetLinger(0) // closing sends a reset
	case w.linger:
		w.proxy.lingering.Go(w.farewell)
		return nil
	}
	return w.Conn.Close()
}

// farewell closes a connection whose client may still be sending: closing with
// unread bytes would destroy the answer on its way (RFC 9112, 9.6).
func (w *wire) farewell() {
	defer w.Conn.Close()
	if t, ok := w.Conn.(*tls.Conn); ok {
		_ = t.CloseWrite()
	}
	if w.socket.CloseWrite() != nil || w.socket.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, w.socket, lingerBytes)
}

// silence stands for an answer that has been written already: when fasthttp has
// written its own, muted head the connection speaks again.
type silence struct{ wire *wire }

func (silence) Read([]byte) (int, error) { return 0, io.EOF }

func (s silence) Close() error {
	s.wire.muted = false
	return nil
}

// socketOf returns the socket below the wrappings of a connection.
func socketOf(c net.Conn) *net.TCPConn {
	for {
		switch inner := c.(type) {
		case *net.TCPConn:
			return inner
		case interface{ NetConn() net.Conn }:
			c = inner.NetConn()
		case interface{ TCPConn() (*net.TCPConn, bool) }:
			socket, _ := inner.TCPConn()
			return socket
		default:
			return nil
		}
	}
}

// begin notes that an upstream works for the client.
func (w *wire) begin(c io.Closer, now time.Time) {
	w.mu.Lock()
	w.busy, w.since = c, now
	w.mu.Unlock()
}

// done notes that it no longer does and reports whether the client went away.
func (w *wire) done() (gone bool) {
	w.mu.Lock()
	w.busy = nil
	gone = w.gone
	w.mu.Unlock()
	return gone
}

// look ends the upstream's work if the client of an exchange older than a moment
// has closed its side.
func (w *wire) look(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy == nil || w.gone || now.Sub(w.since) < watchAfter || w.socket == nil || !hungUp(w.socket) {
		return
	}
	w.gone = true
	w.proxy.metrics.clientGone.Inc()
	_ = w.busy.Close()
}

// hungUp reports whether the peer of a socket has closed its side.
func hungUp(socket *net.TCPConn) (gone bool) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return true
	}
	err = raw.Control(func(fd uintptr) { gone = peerClosed(fd) })
	return gone || err != nil
}

// peeked tells what a look at a socket without waiting has found.
func peeked(fd uintptr) (n int, err error) {
	var b [1]byte
	n, _, err = syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	return n, err
}
