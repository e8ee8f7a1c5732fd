package proxy

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/filter"
	"github.com/weirnode/weir/parse"
)

// FuzzAnswer holds that an accepted head has no field that could end early, and that
// it is read the same way again when it has been written.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 3\r\n\r\n", "HTTP/1.0 200\r\nA: 1\n b\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
		"HTTP/1.1 101 S\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 204 \r\nA : 1\r\nTrailer: X\r\n\r\n", "\n", "HTTP/1.1 200 OK\r\n x\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var a answer
		if a.read(bufio.NewReader(bytes.NewReader(raw))) != nil {
			return
		}
		for _, field := range a.fields {
			if !parse.IsToken(field.Name) || bytes.ContainsAny(field.Value, "\r\n\x00") {
				t.Fatalf("accepted %q: %q", field.Name, field.Value)
			}
		}
		h := http1{}
		if err := h.begin(&a, a.length); err != nil {
			t.Fatal(err)
		}
		var again answer
		if err := again.read(bufio.NewReader(bytes.NewReader(h.out))); err != nil {
			t.Fatalf("%v: written %q from %q", err, h.out, raw)
		}
		if again.status != a.status || a.status != 101 && a.status != 204 && a.status != 304 && a.length != bodyUntilClose && again.length != a.length {
			t.Fatalf("status %d, length %d; then %d, %d: %q", a.status, a.length, again.status, again.length, raw)
		}
	})
}

// FuzzChunks holds that decoding ends, gives no more than it got, and leaves what
// follows a body alone.
func FuzzChunks(f *testing.F) {
	for _, seed := range []string{"3\r\nabc\r\n0\r\n\r\nrest", "3;x=y\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n", "0\r\n\r\n", "ffffffffffffffff\r\n", "+1\r\na\r\n", "\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := &chunkReader{r: bufio.NewReader(bytes.NewReader(raw))}
		body, err := io.ReadAll(c)
		if len(body) > len(raw) || len(c.trailers) > maxTrailers || err == nil && !c.done {
			t.Fatalf("%d bytes of %d, %v", len(body), len(raw), err)
		}
	})
}

// quietConn takes what is written and never waits.
type quietConn struct {
	net.Conn
	written bytes.Buffer
}

func (c *quietConn) Write(b []byte) (int, error)    { return c.written.Write(b) }
func (*quietConn) SetReadDeadline(time.Time) error  { return nil }
func (*quietConn) SetWriteDeadline(time.Time) error { return nil }

// FuzzFrames holds that frames pass as they are or not at all, inspected or not.
func FuzzFrames(f *testing.F) {
	for _, seed := range []string{
		frame(0x81, true, "hello"), frame(0x01, true, "a") + frame(0x89, true, "p") + frame(0x80, true, "b"), frame(0x82, true, "bin") + frame(0x88, true, "\x03\xe8"),
		frame(0x81, true, "1' UNION SELECT a,b FROM users--"), "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	cfg, problems := config.ForUpstream("http://127.0.0.1:1")
	if len(problems) > 0 {
		f.Fatal(problems)
	}
	cfg.Mode = config.Block
	snapshot, err := filter.Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		f.Fatal(err)
	}
	p := &Proxy{filter: filter.New(filter.Options{Snapshot: snapshot}), limits: cfg.Limits}
	f.Fuzz(func(t *testing.T, raw []byte, inspect bool) {
		ex := p.acquire()
		ex.Request.Method, ex.Request.Target, ex.Request.Host = []byte("GET"), []byte("/"), []byte("h")
		p.filter.Begin(ex.Exchange)
		defer p.filter.Release(ex.Exchange)
		tun := &tunnel{proxy: p, ex: ex}
		tun.touch()
		counter := prometheus.NewCounter(prometheus.CounterOpts{Name: "passed_total", Help: "x"})
		to := &quietConn{}
		tun.ends[up].open(&quietConn{}, bufio.NewReader(bytes.NewReader(raw)), counter)
		tun.ends[down].open(to, bufio.NewReader(bytes.NewReader(nil)), counter)
		s := &frames{tunnel: tun, from: &tun.ends[up], to: &tun.ends[down], masked: true, inspect: inspect, limit: 64}
		for {
			if code, err := s.next(); code != 0 || err != nil {
				break
			}
		}
		if got := to.written.Bytes(); len(got) > len(raw) || !inspect && !bytes.HasPrefix(raw, got) {
			t.Fatalf("passed %q of %q", got, raw)
		}
	})
}
