package reliability

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/load"
)

// Variables by which the test program is told to be a crowd of clients.
const (
	crowdKind  = "WEIR_CROWD"
	crowdNode  = "WEIR_CROWD_NODE"
	crowdSize  = "WEIR_CROWD_SIZE"
	crowdSpeed = "WEIR_CROWD_SPEED" // connections a second
)

// kinds are what a crowd does on each connection, until the node closes it.
var kinds = map[string]func(net.Conn) error{
	"header": func(c net.Conn) error { return dribble(c, "GET / HTTP/1.1\r\nHost: h\r\n", "X: y\r\n") },
	"body": func(c net.Conn) error {
		return dribble(c, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n", "x")
	},
	"read": slowRead,
	"idle": idle,
}

// crowd opens connections, tells "open N" when all are, and for each that the node has
// closed how long it lived.
func crowd() {
	if os.Getenv(crowdKind) == "origin" {
		serveOrigin()
	}
	size, _ := strconv.Atoi(os.Getenv(crowdSize))
	speed, _ := strconv.Atoi(os.Getenv(crowdSpeed))
	do := kinds[os.Getenv(crowdKind)]
	endWithParent()
	tick := time.NewTicker(time.Second / time.Duration(speed))
	var all, opened sync.WaitGroup
	var telling sync.Mutex
	say := func(format string, args ...any) {
		telling.Lock()
		defer telling.Unlock()
		_, _ = fmt.Fprintf(os.Stdout, format+"\n", args...)
	}
	for range size {
		<-tick.C
		opened.Add(1)
		all.Go(func() {
			c, err := net.DialTimeout("tcp", os.Getenv(crowdNode), 10*time.Second)
			opened.Done()
			if err != nil {
				say("refused %v", err)
				return
			}
			defer c.Close()
			begun := time.Now()
			err = do(c)
			say("closed %d %v", time.Since(begun).Milliseconds(), err)
		})
	}
	opened.Wait()
	say("open %d", size)
	all.Wait()
	os.Exit(0)
}

// serveOrigin is the load's origin as a process of its own, until it is killed.
func serveOrigin() {
	server := httptest.NewUnstartedServer(load.Origin())
	server.Config.ConnState = func(c net.Conn, s http.ConnState) {
		if tcp, ok := c.(*net.TCPConn); ok && s == http.StateNew {
			// Else its own buffers, which are another machine's, put this one in want of memory.
			_ = tcp.SetWriteBuffer(64 << 10)
		}
	}
	server.Start()
	endWithParent()
	_, _ = fmt.Fprintln(os.Stdout, "origin "+server.URL)
	select {}
}

// originProcess starts it and returns its URL.
func originProcess(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), crowdKind+"=origin")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	var url string
	if _, err := fmt.Fscanf(out, "origin %s", &url); err != nil {
		t.Fatal(err)
	}
	return url
}

// endWithParent ends this process when the test that started it is gone.
func endWithParent() {
	parent := os.Getppid()
	go func() {
		for os.Getppid() == parent {
			<-time.After(time.Second)
		}
		os.Exit(1)
	}()
}

// dribble sends a beginning and then a piece a second.
func dribble(c net.Conn, beginning, piece string) error {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = io.Copy(io.Discard, c)
	}()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for text := beginning; ; text = piece {
		if _, err := io.WriteString(c, text); err != nil {
			return nil
		}
		select {
		case <-gone:
			return nil
		case <-tick.C:
		}
	}
}

// slowRead asks for much and reads a byte a second, through a small window.
func slowRead(c net.Conn) error {
	_ = c.(*net.TCPConn).SetReadBuffer(4096)
	if _, err := io.WriteString(c, "GET /bytes?n=50000000 HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
		return err
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	one := make([]byte, 1)
	for range tick.C {
		// A reset is seen only behind what has come; writing meets it at once.
		if _, err := c.Write(nil); err != nil {
			return nil
		}
		if _, err := c.Read(one); err != nil || reset(c.(*net.TCPConn)) {
			return nil
		}
	}
	return nil
}

// idle sends one request and keeps the connection.
func idle(c net.Conn) error {
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"); err != nil {
		return err
	}
	r := bufio.NewReaderSize(c, 512)
	for {
		if _, err := r.ReadByte(); err != nil {
			return nil
		}
	}
}

// mob is a crowd that runs as a process.
type mob struct {
	cmd     *exec.Cmd
	open    chan struct{} // closed when all connections are open
	ended   chan struct{} // closed when all have been closed
	mu      sync.Mutex    // guards the fields below
	lives   []time.Duration
	refused int
}

// gather starts a crowd, which is killed when the test ends.
func gather(t *testing.T, n *node, kind string, size, speed int) *mob {
	t.Helper()
	m := &mob{open: make(chan struct{}), ended: make(chan struct{})}
	m.cmd = exec.CommandContext(context.Background(), os.Args[0], "-test.run=^$")
	m.cmd.Env = append(os.Environ(), crowdKind+"="+kind, crowdNode+"="+n.traffic, crowdSize+"="+strconv.Itoa(size), crowdSpeed+"="+strconv.Itoa(speed))
	m.cmd.Stderr = os.Stderr
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go m.listen(out)
	t.Cleanup(func() {
		m.disperse()
	})
	return m
}

// disperse kills the crowd and waits for its end.
func (m *mob) disperse() {
	_ = m.cmd.Process.Kill()
	<-m.ended
	_ = m.cmd.Wait() // it was killed
}

func (m *mob) listen(out io.Reader) {
	defer close(m.ended)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		m.mu.Lock()
		switch words[0] {
		case "open":
			close(m.open)
		case "closed":
			ms, _ := strconv.Atoi(words[1])
			m.lives = append(m.lives, time.Duration(ms)*time.Millisecond)
		case "refused":
			m.refused++
		}
		m.mu.Unlock()
	}
}

// closed returns how many connections the node has closed, how many were refused, and
// the longest life.
func (m *mob) closed() (closed, refused int, longest time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.lives {
		longest = max(longest, d)
	}
	return len(m.lives), m.refused, longest
}

func (m *mob) waitOpen(t *testing.T) {
	t.Helper()
	select {
	case <-m.open:
	case <-m.ended:
		t.Fatal("the crowd has ended")
	case <-time.After(2 * time.Minute):
		t.Fatal("the crowd does not come together")
	}
}
