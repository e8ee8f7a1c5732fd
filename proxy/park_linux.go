package proxy

import (
	"context"
	"net"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// A kept connection costs a goroutine and buffers, some 16 KiB, while it waits for its
// next request. One that waits for longer than parkAfter is parked: fasthttp is told
// that it has ended, and all that is left of it is the socket, in a poll of its own.
// When bytes come it is served again, as if it were new.

// parkAfter is for how long a kept connection waits before it is parked.
const parkAfter = 2 * time.Second

const (
	pollFor    = 250 * time.Millisecond // then the poll looks whether it is over
	sweepEvery = time.Second
)

// parking holds the connections that are parked.
type parking struct {
	proxy *Proxy
	poll  int
	keep  time.Duration // for which one is held

	mu     sync.Mutex // guards the fields below
	over   bool
	serial int32
	held   map[int32]parked // by descriptor
}

type parked struct {
	wire   *wire
	serial int32 // tells it from others that had the descriptor
	since  time.Time
}

// openParking returns nil where connections are not kept for long enough, or cannot be
// polled.
func (p *Proxy) openParking() *parking {
	keep := p.limits.IdleTimeout.Std() - parkAfter
	if keep <= 0 {
		return nil
	}
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil
	}
	return &parking{proxy: p, poll: poll, keep: keep, held: map[int32]parked{}}
}

// take parks a connection, or reports that it must be closed.
func (k *parking) take(w *wire) (taken bool) {
	raw, err := w.socket.SyscallConn()
	if err != nil {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.over {
		return false
	}
	k.serial++
	err = raw.Control(func(fd uintptr) {
		event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLONESHOT, Fd: int32(fd), Pad: k.serial}
		if unix.EpollCtl(k.poll, unix.EPOLL_CTL_ADD, int(fd), &event) == nil {
			k.held[int32(fd)] = parked{w, k.serial, time.Now()}
			taken = true
		}
	})
	return taken && err == nil
}

// release returns a parked connection that is parked no longer. The mutex is held.
func (k *parking) release(fd int32) *wire {
	w := k.held[fd].wire
	delete(k.held, fd)
	_ = unix.EpollCtl(k.poll, unix.EPOLL_CTL_DEL, int(fd), nil)
	w.resting, w.timedOut = false, false
	w.h2c = false    // what it speaks is known
	w.until.Store(0) // serving it again sets deadlines of its own
	return w
}

// run serves connections again to which bytes come, and closes those that have waited
// for too long, until ctx ends.
func (k *parking) run(ctx context.Context) {
	defer unix.Close(k.poll)
	events := make([]unix.EpollEvent, 256)
	swept := time.Now()
	for ctx.Err() == nil {
		n, err := unix.EpollWait(k.poll, events, int(pollFor.Milliseconds()))
		if err != nil && err != unix.EINTR {
			k.proxy.log.Error("poll kept connections: " + err.Error())
			return
		}
		for _, e := range events[:max(n, 0)] {
			k.wake(e)
		}
		if now := time.Now(); now.Sub(swept) >= sweepEvery {
			swept = now
			k.sweep(now.Add(-k.keep))
		}
	}
}

func (k *parking) wake(e unix.EpollEvent) {
	k.mu.Lock()
	if one, ok := k.held[e.Fd]; !ok || one.serial != e.Pad {
		k.mu.Unlock()
		return
	}
	w := k.release(e.Fd)
	k.mu.Unlock()
	if e.Events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0 && !hasBytes(w.socket) {
		_ = w.Close()
		return
	}
	k.proxy.lingering.Go(func() { _ = k.proxy.server.ServeConn(w) }) // what goes wrong is between it and the client
}

// hasBytes reports whether a socket has bytes to read.
func hasBytes(socket *net.TCPConn) (some bool) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	err = raw.Control(func(fd uintptr) {
		n, err := peeked(fd)
		some = n > 0 && err == nil
	})
	return some && err == nil
}

// sweep closes connections that have been parked since before a moment.
func (k *parking) sweep(before time.Time) {
	k.mu.Lock()
	var ended []*wire
	for fd, one := range k.held {
		if one.since.Before(before) {
			ended = append(ended, k.release(fd))
		}
	}
	k.mu.Unlock()
	for _, w := range ended {
		_ = w.Close()
	}
}

// close closes all connections, and takes no more.
func (k *parking) close() {
	k.mu.Lock()
	k.over = true
	k.mu.Unlock()
	k.sweep(time.Now().Add(time.Hour))
}
