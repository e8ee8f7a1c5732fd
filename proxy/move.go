package proxy

import (
	"errors"
	"io"
	"net"
	"syscall"
	"time"
)

// What the kernel moves of a body at once, in bytes. What a client sends in smaller pieces
// is read, so that its pace is watched.
const (
	leastMoved = 16 << 10
	mostMoved  = 1 << 20
)

// move has the kernel move what has arrived of a body from the client's socket to the
// upstream's (splice), so that nobody copies it. It returns 0 where that cannot be done or
// is not worth it.
func (ex *exchange) move(c *conn, wait time.Duration) (int64, error) {
	f, ok := ex.body.stream.(*fixed)
	if !ok {
		return 0, nil
	}
	to, ok := c.Conn.(*net.TCPConn)
	if !ok {
		return 0, nil
	}
	n := min(f.atHand(), mostMoved)
	if n < leastMoved {
		return 0, nil
	}
	now := time.Now()
	if err := errors.Join(ex.body.extend(now), c.SetDeadline(now.Add(wait))); err != nil {
		return 0, err
	}
	n, err := io.CopyN(to, f.wire.socket, n)
	f.left -= n
	ex.body.n += n
	if errors.Is(err, syscall.ECONNRESET) && hungUp(f.wire.socket) {
		err = errors.Join(errClientBody, err)
	}
	return n, err
}

// atHand returns how much of the rest of a body has arrived at the client's socket and can be
// taken from there: nothing if it is encrypted or if something of it has been read already.
func (f *fixed) atHand() (n int64) {
	w := f.wire
	if !f.begun || len(w.first) > 0 || w.Conn != net.Conn(w.socket) || f.left < leastMoved {
		return 0
	}
	raw, err := w.socket.SyscallConn()
	if err != nil || raw.Control(func(fd uintptr) { n = arrived(fd) }) != nil {
		return 0
	}
	return min(n, f.left)
}
