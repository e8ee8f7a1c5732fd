package proxy

import (
	"bytes"
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/weirnode/weir/detect/lex"
)

const (
	// Kept connections may still bring requests once the node drains, until none has
	// for quietTime, at most for quietMost. Each is answered with the news that its
	// connection ends, where closing at once would cross requests on their way.
	quietTime = 250 * time.Millisecond
	quietMost = time.Second
	// partTime is for what is left to end in order when the time to drain is over.
	partTime = time.Second
)

// drain takes no new connections, waits for exchanges in flight, at most for the drain
// timeout, and ends what is left.
func (p *Proxy) drain(ctx context.Context) (err error) {
	p.draining.Store(true)
	p.leaveTunnels()
	var accepting sync.WaitGroup
	for _, l := range p.accepting {
		accepting.Go(l.stop)
	}
	accepting.Wait()
	for _, l := range p.listeners {
		_ = l.Close()
	}
	allowed := max(p.limits.DrainTimeout.Std(), time.Millisecond)
	wait, cancel := context.WithTimeout(ctx, allowed)
	defer cancel()
	last, cancelLast := context.WithTimeout(ctx, allowed+partTime)
	defer cancelLast()
	parted := context.AfterFunc(wait, p.part)
	defer parted()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		p.http2.shutdown(last)
	}()
	p.quiet(wait)
	if p.parking != nil {
		p.parking.close()
	}
	if err = p.server.ShutdownWithContext(last); errors.Is(err, context.DeadlineExceeded) || errors.Is(err, net.ErrClosed) {
		err = nil
	}
	p.endTunnels(wait)
	<-ended
	return err
}

// quiet returns when all connections have ended, or none has brought a request for a
// while.
func (p *Proxy) quiet(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, quietMost)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	p.lastCame.Store(steady(time.Now()))
	for steady(time.Now())-p.lastCame.Load() < int64(quietTime) {
		p.mu.Lock()
		left := len(p.wires)
		p.mu.Unlock()
		if left == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// leaving reports whether connections end with the answer at hand.
func (p *Proxy) leaving() bool {
	if !p.draining.Load() {
		return false
	}
	p.lastCame.Store(steady(time.Now()))
	return true
}

// part ends event streams, which have no end of their own, as if the application had:
// their clients connect again by themselves, and find the next node.
func (p *Proxy) part() {
	p.parting.Store(true)
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.endless {
		_ = c.Close()
	}
}

// stream notes that an answer is an event stream until the returned function is called.
func (p *Proxy) stream(c *conn) (done func()) {
	p.mu.Lock()
	p.endless[c] = struct{}{}
	p.mu.Unlock()
	if p.parting.Load() {
		_ = c.Close()
	}
	return func() {
		p.mu.Lock()
		delete(p.endless, c)
		p.mu.Unlock()
	}
}

// streamsEvents reports whether the body is an event stream.
func (a *answer) streamsEvents() bool {
	for i := range a.fields {
		if f := &a.fields[i]; len(f.Name) == len("content-type") && lex.Equal(f.Name, "content-type") {
			kind, _, _ := bytes.Cut(f.Value, []byte(";"))
			return lex.Equal(bytes.TrimSpace(kind), "text/event-stream")
		}
	}
	return false
}
