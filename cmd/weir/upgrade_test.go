package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/weirnode/weir/internal/load"
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
	c := &child{traffic: load.FreeAddress(t), manage: load.FreeAddress(t), dir: filepath.Join(dir, "data"), log: filepath.Join(dir, "weir.log")}
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
