package proxy

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/weirnode/weir/config"
)

// target is one address of an upstream with its idle connections.
type target struct {
	address string // host:port
	options targetOptions
	tls     *tls.Config     // nil: not encrypted
	http2   *http.Transport // nil: HTTP/1
	wary    atomic.Int64    // steady time until which no connection serves twice
	silent  atomic.Int32    // connections that were silent when they were to serve again
	died    atomic.Int64    // steady time of the last failed connect, 0 if it works

	seed      uint64       // of hashing
	busy      atomic.Int64 // connections at work
	failures  atomic.Int32 // requests in a row that failed
	ejections atomic.Int32
	ejected   atomic.Int64 // steady time until which it is passed over, 0 if it is not
	trial     atomic.Int64 // when the last request on trial began
	back      atomic.Int64 // when it came back
	down      atomic.Bool  // by active checks
	probed    atomic.Int64 // when the next check is due
	probes    atomic.Int32 // outcomes in a row: good above 0, bad below

	mu     sync.Mutex // guards the fields below
	idle   []*conn    // latest last
	open   int
	closed bool
}

// targetOptions are what makes two targets of one address differ.
type targetOptions struct {
	connect, keep time.Duration
	most          int
	secure        bool
	protocol      config.Protocol
	tls           config.UpstreamTLS
	authorities   string // content of the file
}

func newTarget(text string, u config.Upstream) (*target, error) {
	parsed, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	t := &target{address: parsed.Host, options: targetOptions{connect: u.ConnectTimeout.Std(), keep: u.IdleTimeout.Std(), most: u.MaxConnections, protocol: u.Protocol}}
	port := "80"
	if parsed.Scheme == "https" {
		port = "443"
		if err := t.secure(parsed.Hostname(), u.TLS); err != nil {
			return nil, err
		}
	}
	if parsed.Port() == "" {
		t.address = net.JoinHostPort(parsed.Hostname(), port)
	}
	t.speak(u.Protocol)
	t.seed = xxhash.Sum64String(t.address)
	return t, nil
}

func (t *target) alive(now time.Time) bool {
	died := t.died.Load()
	return died == 0 || steady(now)-died > int64(deadFor)
}

// conn is a connection to a target.
type conn struct {
	net.Conn
	target *target
	reader *bufio.Reader
	used   time.Time // when it was put back
	raw    syscall.RawConn
	stale  bool
	loud   bool // because bytes have come
	peek   func(fd uintptr)
	pooled bool // it has served before
	idle   bool // it is in the pool
	gather gather
	due    time.Time // deadline that allow has set and nothing else has moved since

	// Set while an answer is on its way to a client.
	client client        // has what it is owed before more is waited for
	wait   time.Duration // longest pause of the upstream
	until  time.Time     // read deadline in force
}

// slack is how much longer than asked for a deadline may be, so that requests that follow one
// another on a connection need not move it: that costs as much as a short write.
const slack = time.Second

// allow gives the upstream its time, and at most a second or a sixteenth of it more.
func (c *conn) allow(now time.Time, wait time.Duration) error {
	more := min(slack, wait/16)
	if left := c.due.Sub(now); left >= wait && left <= wait+more {
		return nil
	}
	due := now.Add(wait + more)
	err := c.Conn.SetDeadline(due)
	c.due = due
	return err
}

// SetDeadline sets another deadline than that of allow.
func (c *conn) SetDeadline(t time.Time) error {
	c.due = time.Time{}
	return c.Conn.SetDeadline(t)
}

// SetReadDeadline sets another deadline for reading than that of allow.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.due = time.Time{}
	return c.Conn.SetReadDeadline(t)
}

// Read waits for more of an answer only when the client has all there was.
func (c *conn) Read(b []byte) (int, error) {
	if c.client != nil {
		if err := c.client.flush(false, nil); err != nil {
			return 0, err
		}
		if now := time.Now(); c.until.Sub(now) < c.wait*3/4 {
			c.until = now.Add(c.wait)
			if err := c.SetReadDeadline(c.until); err != nil {
				return 0, err
			}
		}
	}
	return c.Conn.Read(b)
}

const readBuffer = 16 << 10

// waryFor is for how long connections to a target serve once only, after it has sent
// bytes that nobody asked for. Those that come behind the next request cannot be told
// from its answer.
const waryFor = 10 * time.Minute

// What a target must show before its connections serve again at once: that so many of them stay
// silent for a while after an answer. One that sends more than was asked for is known by then.
const (
	silentTrials = 32
	trialPause   = 2 * time.Millisecond
)

var (
	errTooMany     = errors.New("all connections to the upstream are in use")
	errUnsolicited = errors.New("the upstream sent bytes that nobody asked for")
)

// get returns an idle connection that is still good, else a new one.
func (t *target) get(now time.Time, onUnsolicited func()) (*conn, error) {
	for {
		c := t.takeIdle()
		if c == nil {
			break
		}
		if now.Sub(c.used) > t.options.keep {
			c.discard()
			continue
		}
		trial := t.silent.Load() < silentTrials
		if trial {
			time.Sleep(trialPause - now.Sub(c.used)) //nolint:forbidigo // silence has no condition to wait for
		}
		if err := c.check(); err != nil {
			if errors.Is(err, errUnsolicited) {
				t.silent.Store(0)
				onUnsolicited()
				t.wary.Store(steady(now.Add(waryFor)))
			}
			c.discard()
			continue
		}
		if trial {
			t.silent.Add(1)
		}
		c.pooled = true
		t.busy.Add(1)
		c.idle = false
		return c, nil
	}
	return t.dial(now)
}

func (t *target) takeIdle() *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.idle)
	if n == 0 {
		return nil
	}
	c := t.idle[n-1]
	t.idle[n-1] = nil
	t.idle = t.idle[:n-1]
	return c
}

func (t *target) dial(now time.Time) (*conn, error) {
	t.mu.Lock()
	if t.open >= t.options.most {
		t.mu.Unlock()
		return nil, errTooMany
	}
	t.open++
	t.mu.Unlock()
	raw, err := net.DialTimeout("tcp", t.address, t.options.connect) //nolint:noctx // bounded by the timeout
	if err != nil {
		t.died.Store(steady(now))
		t.forget()
		return nil, err
	}
	c := &conn{Conn: raw, target: t}
	if t.tls != nil {
		if c.Conn, err = t.handshake(raw); err != nil {
			t.died.Store(steady(now))
			t.forget()
			return nil, err
		}
	}
	t.died.Store(0)
	t.busy.Add(1)
	c.reader = bufio.NewReaderSize(c, readBuffer)
	c.peek = c.look
	if tcp, ok := raw.(*net.TCPConn); ok {
		c.raw, _ = tcp.SyscallConn() // without it connections are not checked
	}
	return c, nil
}

func (t *target) forget() {
	t.mu.Lock()
	t.open--
	t.mu.Unlock()
}

// check looks whether an idle connection is silent: bytes or an end that nobody
// asked for must not become the next client's answer.
func (c *conn) check() error {
	if c.reader.Buffered() > 0 {
		return errUnsolicited
	}
	if c.raw == nil {
		return nil
	}
	c.stale, c.loud = false, false
	if err := c.raw.Control(c.peek); err != nil {
		return err
	}
	switch {
	case !c.stale:
		return nil
	case c.target.tls != nil:
		return c.checkTLS()
	case c.loud:
		return errUnsolicited
	}
	return io.EOF
}

// look peeks at the socket without waiting.
func (c *conn) look(fd uintptr) {
	n, err := peeked(fd)
	c.stale, c.loud = !errors.Is(err, syscall.EAGAIN), n > 0
}

// put gives a connection back after a complete exchange.
func (c *conn) put(now time.Time) {
	t := c.target
	c.used = now
	t.busy.Add(-1)
	c.idle = true
	t.mu.Lock()
	if t.closed || steady(now) < t.wary.Load() {
		t.mu.Unlock()
		c.discard()
		return
	}
	t.idle = append(t.idle, c)
	t.mu.Unlock()
}

// discard closes a connection that cannot be used again.
func (c *conn) discard() {
	_ = c.Close()
	if !c.idle {
		c.target.busy.Add(-1)
	}
	c.target.forget()
}

// close closes the idle connections; those in use are closed when they come back.
func (t *target) close() {
	t.mu.Lock()
	idle := t.idle
	t.idle, t.closed = nil, true
	t.mu.Unlock()
	for _, c := range idle {
		c.discard()
	}
	if t.http2 != nil {
		t.http2.CloseIdleConnections()
	}
}
