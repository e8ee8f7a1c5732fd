package proxy

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/filter"
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

// tunnel is a WebSocket that is open. Frames pass as they are; where text messages
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

func (t *tunnel) touch() { t.active.Store(time.Now().UnixNano()) }

// pass carries frames in one direction until something ends it, which ends both.
func (t *tunnel) pass(direction int) {
	defer t.close()
	defer func() {
		if cause := recover(); cause != nil {
			t.proxy.metrics.panics.Inc()
			t.proxy.log.Error("tunnel panicked", zap.String("cause", fmt.Sprint(cause)), zap.ByteString("stack", debug.Stack()))
		}
	}()
	s := &frames{tunnel: t, from: &t.ends[direction], to: &t.ends[1-direction], text: direction == up && t.inspect, masked: direction == up, limit: t.ex.InspectBytes()}
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

// frames reads frames of one direction.
type frames struct {
	tunnel   *tunnel
	from, to *end
	masked   bool // frames must be masked
	text     bool // text messages are inspected
	head     [14]byte
	held     []byte // frames of a text message that is not yet complete
	message  []byte // its text
	limit    int    // of a message, how much is inspected
	within   bool   // a text message has begun
	passing  bool   // it is longer than what is inspected and passes on
}

// Opcodes.
const (
	opContinuation = 0
	opText         = 1
	opControl      = 8
)

// next passes one frame. A code asks for the tunnel to be closed with it.
func (s *frames) next() (code uint16, err error) {
	if code, err = s.await(); code != 0 || err != nil {
		return code, err
	}
	n := 2
	if err := s.read(s.head[:2]); err != nil {
		return 0, err
	}
	length := uint64(s.head[1] & 0x7f)
	switch length {
	case 126:
		n = 4
	case 127:
		n = 10
	}
	if s.head[1]&0x80 != 0 {
		n += 4
	}
	if err := s.read(s.head[2:n]); err != nil {
		return 0, err
	}
	switch length {
	case 126:
		length = uint64(binary.BigEndian.Uint16(s.head[2:]))
	case 127:
		length = binary.BigEndian.Uint64(s.head[2:])
	}
	if s.masked != (s.head[1]&0x80 != 0) || length>>63 != 0 || s.head[0]&0x08 != 0 && length > 125 {
		return closeProtocol, nil
	}
	if s.text && s.head[0]&0x08 == 0 {
		return s.inspected(n, length)
	}
	return 0, s.copy(s.head[:n], length)
}

// await waits for the first byte of a frame, as long as the other direction is not
// silent for too long either.
func (s *frames) await() (code uint16, err error) {
	t := s.tunnel
	idle := t.proxy.limits.WebSocketIdle.Std()
	for {
		left := time.Until(time.Unix(0, t.active.Load()).Add(idle))
		switch {
		case t.ending.Load():
			return closeAway, nil
		case left <= 0:
			return closeAway, nil
		}
		if err := s.from.conn.SetReadDeadline(time.Now().Add(left)); err != nil {
			return 0, err
		}
		if t.ending.Load() { // leave may have come before the deadline
			return closeAway, nil
		}
		_, err := s.from.reader.Peek(1)
		if err == nil {
			t.touch()
			return 0, s.from.conn.SetReadDeadline(time.Now().Add(t.proxy.limits.BodyTimeout.Std()))
		}
		if !isTimeout(err) {
			return 0, err
		}
	}
}

func (s *frames) read(b []byte) error {
	_, err := io.ReadFull(s.from.reader, b)
	return err
}

func (s *frames) write(b []byte, last bool) error {
	s.from.bytes += int64(len(b))
	s.from.passed.Add(float64(len(b)))
	s.tunnel.touch()
	return s.to.write(b, last, s.tunnel.proxy.limits.BodyTimeout.Std())
}

// copy passes a frame of which head has been read.
func (s *frames) copy(head []byte, left uint64) error {
	var buf [8 << 10]byte
	n := copy(buf[:], head)
	for {
		m := int(min(left, uint64(len(buf)-n)))
		if m > 0 {
			var err error
			if m, err = s.from.reader.Read(buf[n : n+m]); err != nil {
				return err
			}
			left -= uint64(m)
		}
		if left == 0 || s.from.reader.Buffered() == 0 || n+m == len(buf) {
			if err := s.write(buf[:n+m], left == 0); err != nil {
				return err
			}
			n, m = 0, 0
			if left > 0 {
				if err := s.from.conn.SetReadDeadline(time.Now().Add(s.tunnel.proxy.limits.BodyTimeout.Std())); err != nil {
					return err
				}
			}
		}
		n += m
		if left == 0 {
			return nil
		}
	}
}

// inspected passes a data frame. A text message is held until it is complete or
// longer than what is inspected, decided about, and passed.
func (s *frames) inspected(n int, length uint64) (code uint16, err error) {
	opcode, final := s.head[0]&0x0f, s.head[0]&0x80 != 0
	switch {
	case s.head[0]&0x70 != 0, s.within && opcode != opContinuation:
		return closeProtocol, nil // an extension that was not agreed on, or a message within another
	case opcode == opText:
		s.within, s.passing = true, false
		s.held, s.message = s.held[:0], s.message[:0]
	case !s.within: // binary
		return 0, s.copy(s.head[:n], length)
	}
	s.within = !final
	if s.passing {
		return 0, s.copy(s.head[:n], length)
	}
	now := int(min(length, uint64(s.limit-len(s.message))))
	if err := s.hold(n, now); err != nil {
		return 0, err
	}
	left := length - uint64(now)
	if s.passing = left > 0; !final && !s.passing {
		return 0, nil
	}
	if d := s.tunnel.proxy.filter.Message(s.tunnel.ex.Exchange, s.message); d.Action == filter.Deny {
		return closePolicy, nil
	}
	if err := s.release(left == 0); err != nil || left == 0 {
		return 0, err
	}
	return 0, s.copy(nil, left)
}

// hold keeps the beginning of a frame and the text in it.
func (s *frames) hold(n, length int) error {
	s.held = append(s.held, s.head[:n]...)
	begun := len(s.held)
	s.held = append(s.held, make([]byte, length)...)
	payload := s.held[begun:]
	if err := s.read(payload); err != nil {
		return err
	}
	mask := s.head[n-4 : n]
	for i, c := range payload {
		s.message = append(s.message, c^mask[i&3])
	}
	return nil
}

// release passes what was held.
func (s *frames) release(last bool) error {
	err := s.write(s.held, last)
	s.held, s.message = kept(s.held), kept(s.message)
	return err
}
