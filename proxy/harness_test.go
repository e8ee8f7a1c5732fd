package proxy

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/weirnode/weir/config"
	"github.com/weirnode/weir/detect"
	"github.com/weirnode/weir/filter"
)

// raw is an upstream that records what it gets and answers by a script.
type raw struct {
	net.Listener
	got   chan string
	serve func(c net.Conn, request string)
}

// newRaw starts an upstream. Its default answer repeats nothing.
func newRaw(t *testing.T, serve func(c net.Conn, request string)) *raw {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := &raw{l, make(chan string, 1000), serve}
	if serve == nil {
		u.serve = func(c net.Conn, _ string) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
	}
	t.Cleanup(func() { _ = l.Close() })
	go u.accept()
	return u
}

func (u *raw) accept() {
	for {
		c, err := u.Accept()
		if err != nil {
			return
		}
		go u.connection(c)
	}
}

func (u *raw) connection(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	for {
		request, err := readMessage(r)
		if err != nil {
			return
		}
		select {
		case u.got <- request:
		default:
		}
		u.serve(c, request)
	}
}

// readMessage reads one message with a length or chunks as it is on the wire.
func readMessage(r *bufio.Reader) (string, error) {
	var b bytes.Buffer
	length, chunked := 0, false
	for {
		line, err := r.ReadString('\n')
		b.WriteString(line)
		if err != nil {
			return b.String(), err
		}
		lower := strings.ToLower(line)
		if v, ok := strings.CutPrefix(lower, "content-length:"); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(v))
		}
		chunked = chunked || strings.HasPrefix(lower, "transfer-encoding:")
		if line == "\r\n" {
			break
		}
	}
	if !chunked {
		_, err := io.CopyN(&b, r, int64(length))
		return b.String(), err
	}
	for {
		line, err := r.ReadString('\n')
		b.WriteString(line)
		if err != nil {
			return b.String(), err
		}
		n, _ := strconv.ParseInt(strings.TrimSpace(line), 16, 64)
		if _, err := io.CopyN(&b, r, n+2); err != nil || n == 0 {
			return b.String(), err
		}
	}
}

// running starts a proxy for upstreams and returns it with its address.
func running(t *testing.T, change func(*config.Config), engine *detect.Engine, targets ...string) (*Proxy, string) {
	t.Helper()
	p, address, _ := stoppable(t, change, engine, targets...)
	return p, address
}

// stoppable is running for a test that stops the proxy itself; stop returns when
// everything has ended.
func stoppable(t *testing.T, change func(*config.Config), engine *detect.Engine, targets ...string) (p *Proxy, address string, stop func()) {
	t.Helper()
	cfg := config.Default()
	cfg.Version, cfg.Mode = 1, config.Block
	cfg.Listen[0].Address = "127.0.0.1:0"
	cfg.Upstreams = map[string]config.Upstream{"u": {
		Targets: targets, ConnectTimeout: config.Duration(500 * time.Millisecond), ResponseTimeout: config.Duration(600 * time.Millisecond),
		IdleTimeout: config.Duration(time.Minute), MaxConnections: 64,
	}}
	cfg.Sites = []config.Site{{Hosts: []string{"*"}, Upstream: "u", Application: config.Application{ID: -1}}}
	if change != nil {
		change(cfg)
	}
	s, err := filter.Compile(cfg, nil, make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	p, err = New(cfg, Options{Filter: filter.New(filter.Options{Snapshot: s, Detectors: engine})})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(stop)
	return p, p.Addrs()[0].String(), stop
}

func (u *raw) url() string { return "http://" + u.Addr().String() }

// exchangeRaw sends bytes and returns the first answer, and whether the connection
// was kept.
func exchangeRaw(t *testing.T, address, request string) (answer string, kept bool) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(c)
	answer, _ = readMessage(r)
	if strings.Contains(answer, "\r\nConnection: close\r\n") {
		rest, _ := io.ReadAll(r)
		return answer + string(rest), false
	}
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, err = r.ReadByte()
	return answer, isTimeout(err)
}

// counted returns the value of a counter.
func counted(c prometheus.Counter) float64 {
	var m dto.Metric
	_ = c.Write(&m)
	return m.GetCounter().GetValue()
}
