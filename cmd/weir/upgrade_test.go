package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/weirnode/weir/internal/load"
	"github.com/weirnode/weir/store"
	"github.com/weirnode/weir/store/sqlite"
)

// child is a node as a process of its own, and after upgrades the one that took its place.
type child struct {
	pid                       int
	traffic, manage, dir, log string
}

// startNode starts a node with the load's origin behind it. Whatever became of it is
// killed in the end.
func startNode(t *testing.T, more string) *child {
	t.Helper()
	// Nodes that take over are nobody's children; their parent is who reaps.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	origin := httptest.NewServer(load.Origin())
	t.Cleanup(origin.Close)
	dir := t.TempDir()
	c := &child{traffic: freeAddress(t), manage: freeAddress(t), dir: filepath.Join(dir, "data"), log: filepath.Join(dir, "weir.log")}
	text := fmt.Sprintf("version: 1\nlisten: [{address: %q}]\nmanage: {address: %q}\nstore: {url: \"file:%s\"}\nmode: block\nupstreams: {app: {targets: [%q]}}\nsites: [{hosts: [\"*\"], upstream: app}]\nlimits: {drain_timeout: 1s}\n%s",
		c.traffic, c.manage, c.dir, origin.URL, more)
	if err := os.WriteFile(c.file(), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(c.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	weir := exec.CommandContext(context.Background(), os.Args[0], "serve", "-c", c.file())
	weir.Env = append(os.Environ(), runAsWeir+"=1")
	weir.Stdout, weir.Stderr = log, log
	if err := weir.Start(); err != nil {
		t.Fatal(err)
	}
	c.pid = weir.Process.Pid
	t.Cleanup(func() {
		if c.pid != 0 {
			_ = syscall.Kill(c.pid, syscall.SIGKILL)
			c.reap(t, c.pid)
		}
	})
	waitReady(t, "http://"+c.manage+"/ready", c.log)
	return c
}

func (c *child) file() string { return filepath.Join(filepath.Dir(c.log), "weir.yaml") }

// reap waits for the end of a process and returns its exit code.
func (c *child) reap(t *testing.T, pid int) int {
	t.Helper()
	var status unix.WaitStatus
	for {
		_, err := unix.Wait4(pid, &status, 0, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			t.Errorf("wait for process %d: %v", pid, err)
		}
		return status.ExitStatus()
	}
}

// lines returns the log lines that have a message.
func (c *child) lines(message string) (lines []map[string]any) {
	text, _ := os.ReadFile(c.log)
	for line := range bytes.Lines(text) {
		var m map[string]any
		if json.Unmarshal(line, &m) == nil && m["msg"] == message {
			lines = append(lines, m)
		}
	}
	return lines
}

// waitLines waits until the log holds n lines with a message and returns the last.
func (c *child) waitLines(t *testing.T, message string, n int) map[string]any {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-time.After(5 * time.Millisecond) {
		if lines := c.lines(message); len(lines) >= n {
			return lines[len(lines)-1]
		}
	}
	text, _ := os.ReadFile(c.log)
	t.Fatalf("the log does not say %q %d times:\n%s", message, n, text)
	return nil
}

const (
	handedOver = "upgrade: the new node serves, this one finishes what is in flight"
	notHanded  = "upgrade failed; this node stays"
)

// upgrade has the node replaced and waits for the end of the old one.
func (c *child) upgrade(t *testing.T, round int) {
	t.Helper()
	if err := syscall.Kill(c.pid, syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	line := c.waitLines(t, handedOver, round+1)
	old := c.pid
	c.pid = int(line["pid"].(float64))
	if code := c.reap(t, old); code != 0 {
		t.Errorf("round %d: the old node ended with %d", round, code)
	}
}

// users are clients of all kinds at work, and what became of their requests.
type users struct {
	group                               sync.WaitGroup
	mu                                  sync.Mutex // guards sent and the reports
	sent                                []load.Answer
	short, events, messages             atomic.Int64
	failed, brokenEvents, brokenSockets atomic.Int64
	refusing                            atomic.Bool // the node is going away: refused connections are no failure
}

// use begins to use a node until ctx ends: requests on kept connections, half of them
// with bodies that no client repeats, requests on new connections, event streams and
// WebSockets, which come back when they end.
func use(ctx context.Context, t *testing.T, address string) *users {
	t.Helper()
	u := &users{}
	url := "http://" + address
	answered := func(a load.Answer) {
		if a.Status == 0 && u.refusing.Load() && refused(a.Err) {
			return
		}
		u.mu.Lock()
		defer u.mu.Unlock()
		u.short.Add(1)
		u.sent = append(u.sent, a)
		if a.Status != http.StatusOK {
			u.failed.Add(1)
			t.Errorf("a short request: status %d, %v", a.Status, a.Err)
		}
	}
	u.group.Go(func() {
		load.Run(ctx, load.Options{URL: url, Rate: 400, Workers: 8, Answer: answered, Request: func(n int, r *http.Request) {
			if n%2 == 0 {
				r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(strings.NewReader("text=hello")), 10
			}
		}})
	})
	anew := func(a load.Answer) { // what the kernel took and the node not yet is reset when listening ends: refused, too
		if a.Status == 0 && u.refusing.Load() && errors.Is(a.Err, syscall.ECONNRESET) {
			return
		}
		answered(a)
	}
	u.group.Go(func() {
		load.Run(ctx, load.Options{URL: url + "/wait?ms=30", Rate: 50, Workers: 8, Answer: anew, Request: func(_ int, r *http.Request) { r.Close = true }})
	})
	for range 4 {
		u.group.Go(func() { u.again(ctx, t, "events", &u.brokenEvents, func() error { return u.read(ctx, url) }) })
		u.group.Go(func() { u.again(ctx, t, "WebSocket", &u.brokenSockets, func() error { return u.talk(ctx, address) }) })
	}
	return u
}

// refused reports whether no connection came about.
func refused(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "dial"
}

// again repeats what ends well and counts what does not.
func (u *users) again(ctx context.Context, t *testing.T, what string, broken *atomic.Int64, one func() error) {
	for ctx.Err() == nil && !u.refusing.Load() {
		if err := one(); err != nil && ctx.Err() == nil && (!u.refusing.Load() || !refused(err)) {
			broken.Add(1)
			t.Errorf("%s: %v", what, err)
		}
	}
}

func (u *users) read(ctx context.Context, url string) error {
	return load.Events(ctx, url+"/events", func(string) { u.events.Add(1) })
}

// talk sends messages and reads what comes back until the node takes leave.
func (u *users) talk(ctx context.Context, address string) error {
	s, err := load.DialWebSocket(ctx, address, "/ws")
	if err != nil {
		return err
	}
	defer s.Close()
	for n := 0; ctx.Err() == nil; n++ {
		if err := s.Send(fmt.Sprint("message ", n)); err != nil {
			n-- // the close frame is on its way
		}
		got, err := s.Receive(5 * time.Second)
		if errors.Is(err, load.ClosedError(1001)) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("message %d: %w", n, err)
		}
		if got != fmt.Sprint("message ", n) {
			return fmt.Errorf("got %q for message %d", got, n)
		}
		u.messages.Add(1)
		<-time.After(10 * time.Millisecond)
	}
	return nil
}

// check tells the sums, and holds the store to everything that was answered.
func (u *users) check(t *testing.T, dir string) {
	t.Helper()
	u.group.Wait()
	s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	lost, step := 0, 1+len(u.sent)/500
	for i := 0; i < len(u.sent); i += step {
		if a := u.sent[i]; a.Status == http.StatusOK && kept(s, a.ID, false) != nil {
			lost++
		}
	}
	totals, err := s.Totals(t.Context(), store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d short requests, %d failed; %d events, %d streams broken; %d messages, %d WebSockets broken; %d records lost, %d kept",
		u.short.Load(), u.failed.Load(), u.events.Load(), u.brokenEvents.Load(), u.messages.Load(), u.brokenSockets.Load(), lost, totals.Requests)
	if lost > 0 || totals.Requests < u.short.Load()-u.failed.Load() || u.short.Load() == 0 || u.events.Load() == 0 || u.messages.Load() == 0 {
		t.Errorf("records are lost, or a kind of client did nothing")
	}
}

// TestUpgradesUnderLoad replaces the node again and again while all kinds of clients use
// it.
func TestUpgradesUnderLoad(t *testing.T) {
	c := startNode(t, "")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	u := use(ctx, t, c.traffic)
	rounds := load.Rounds(2)
	for round := range rounds {
		<-time.After(300 * time.Millisecond) // let clients come to the new node
		c.upgrade(t, round)
	}
	<-time.After(300 * time.Millisecond)
	stop()
	u.group.Wait()
	c.stop(t)
	t.Logf("%d upgrades", rounds)
	u.check(t, c.dir)
}

// stop ends the node as a service manager does.
func (c *child) stop(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(c.pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := c.reap(t, c.pid); code != 0 {
		text, _ := os.ReadFile(c.log)
		t.Errorf("the node ended with %d:\n%s", code, text)
	}
	c.pid = 0
}

// TestDrainUnderLoad stops the node while all kinds of clients use it: what has begun is
// finished, streams end in order.
func TestDrainUnderLoad(t *testing.T) {
	c := startNode(t, "")
	ctx, end := context.WithCancel(t.Context())
	defer end()
	u := use(ctx, t, c.traffic)
	<-time.After(500 * time.Millisecond)
	u.refusing.Store(true)
	start := time.Now()
	c.stop(t)
	t.Logf("ended after %s", time.Since(start).Round(time.Millisecond))
	end()
	u.check(t, c.dir)
}

// TestAnUpgradeThatFails leaves the old node as it was.
func TestAnUpgradeThatFails(t *testing.T) {
	c := startNode(t, "")
	good, err := os.ReadFile(c.file())
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"nonsense: 1\n", "lists: {deny: [{address: \"no address\"}]}\n"} {
		if err := os.WriteFile(c.file(), append(good, text...), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(c.pid, syscall.SIGUSR2); err != nil {
			t.Fatal(err)
		}
		line := c.waitLines(t, notHanded, i+1)
		if text := fmt.Sprint(line["error"]); !strings.Contains(text, "ended before it was ready: exit status 2") {
			t.Errorf("the log says %q", text)
		}
		resp, err := http.Get("http://" + c.traffic + "/")
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("the old node does not serve: %v %v", resp, err)
		}
		_ = resp.Body.Close()
	}
	if err := os.WriteFile(c.file(), good, 0o600); err != nil {
		t.Fatal(err)
	}
	c.upgrade(t, 0)
	c.stop(t)
}
