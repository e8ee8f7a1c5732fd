package proxy

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
)

// Directions of a tunnel.
const (
	up   = 0 // from the client
	down = 1 // to the client
)

// Status codes of close frames (RFC 6455, 7.4.1).
const (
	closeAway     = 1001
	closeProtocol = 1002
	closePolicy   = 1008
)

// tunnel is a WebSocket that is open. Frames pass as they are; where messages
// are inspected a message passes when all of it has been read.
type tunnel struct {
	proxy   *Proxy
	ex      *exchange
	ends    [2]end // by the direction that reads from them
	active  atomic.Int64
	ending  atomic.Bool // the node shuts down
	inspect bool
}

// end is one end of a tunnel.
type end struct {
	conn   net.Conn
	reader *bufio.Reader
	passed prometheus.Counter
	bytes  int64

	mu     sync.Mutex // guards writing and the fields below
	within bool       // a frame has been begun and not ended
	closed bool       // a close frame was the last
}

func (e *end) open(c net.Conn, r *bufio.Reader, passed prometheus.Counter) {
	e.conn, e.reader, e.passed = c, r, passed
}

// write writes a piece of a frame; with last the frame is complete.
func (e *end) write(b []byte, last bool, wait time.Duration) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return net.ErrClosed
	}
	e.within = !last
	if err := e.conn.SetWriteDeadline(time.Now().Add(wait)); err != nil {
		return err
	}
	_, err := e.conn.Write(b)
	return err
}

// sayClose writes a close frame unless that would stand within another frame.
func (e *end) sayClose(frame []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || e.within || e.conn.SetWriteDeadline(time.Now().Add(time.Second)) != nil {
		return
	}
	e.closed = true
	_, _ = e.conn.Write(frame)
}

func (p *Proxy) serveTunnel(ex *exchange, client net.Conn) {
	start := ex.Start
	c := ex.tunnel
	t := &tunnel{proxy: p, ex: ex, inspect: ex.Settings.Messages && ex.Settings.Mode != config.Off}
	t.ends[up].open(client, bufio.NewReaderSize(client, 4<<10), p.metrics.tunnelBytes[up])
	t.ends[down].open(c.Conn, c.reader, p.metrics.tunnelBytes[down])
	t.touch()
	p.mu.Lock()
	p.tunnels[t] = struct{}{}
	p.mu.Unlock()
	p.metrics.tunnels.Inc()
	if p.draining.Load() {
		t.leave()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.pass(down)
	}()
	t.pass(up)
	<-done
	p.metrics.tunnels.Dec()
	p.mu.Lock()
	delete(p.tunnels, t)
	p.mu.Unlock()
	c.discard()
	ex.RequestBytes, ex.ResponseBytes = t.ends[up].bytes, t.ends[down].bytes
	p.end(ex, start)
	ex.release()
}

// leaveTunnels takes leave of all tunnels.
func (p *Proxy) leaveTunnels() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for t := range p.tunnels {
		t.leave()
	}
}

// endTunnels waits for tunnels until ctx ends, then closes them.
func (p *Proxy) endTunnels(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		p.tunnel.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		p.mu.Lock()
		for t := range p.tunnels {
			t.close()
		}
		p.mu.Unlock()
		<-done
	}
}

// leave has both directions end at the next boundary of frames.
func (t *tunnel) leave() {
	t.ending.Store(true)
	for i := range t.ends {
		_ = t.ends[i].conn.SetReadDeadline(time.Now())
	}
}

func (t *tunnel) close() {
	_ = t.ends[up].conn.SetDeadline(time.Now()) // fasthttp closes it
	_ = t.ends[down].conn.Close()
	if w := t.ex.h1.wire; w != nil {
		_ = w.Close()
	}
}

func (t *tunnel) touch() { t.active.Store(steady(time.Now())) }

// pass carries frames in one direction until something ends it, which ends both.
func (t *tunnel) pass(direction int) {
	defer t.close()
	defer func() {
		if cause := recover(); cause != nil {
			t.proxy.metrics.panics.Inc()
			t.proxy.log.Error("tunnel panicked", zap.String("cause", fmt.Sprint(cause)), zap.ByteString("stack", debug.Stack()))
		}
	}()
	s := &frames{tunnel: t, from: &t.ends[direction], to: &t.ends[1-direction], inspect: direction == up && t.inspect, masked: direction == up, limit: t.ex.InspectBytes()}
	for {
		code, err := s.next()
		if err != nil {
			return
		}
		if code != 0 {
			t.sayClose(code)
			return
		}
	}
}

// sayClose sends both ends a close frame.
func (t *tunnel) sayClose(code uint16) {
	t.ends[up].sayClose([]byte{0x88, 2, byte(code >> 8), byte(code)})
	t.ends[down].sayClose([]byte{0x88, 0x82, 0, 0, 0, 0, byte(code >> 8), byte(code)}) // masked, as clients must
}
