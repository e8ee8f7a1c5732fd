package reliability

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/internal/load"
)

// saturateFresh sends requests, each on a new connection, at a modest rate.
func saturateFresh(t *testing.T, n *node, d time.Duration) *figures {
	t.Helper()
	f := &figures{}
	for deadline := time.Now().Add(d); time.Now().Before(deadline); <-time.After(5 * time.Millisecond) {
		a := load.Send(once, n.url("/"), 0, nil)
		if a.Status == http.StatusOK {
			f.ok++
		} else {
			f.failed++
		}
		f.times = append(f.times, a.Took)
	}
	return f
}

// TestFewDescriptors runs the node with 256 descriptors and opens more connections than
// that.
func TestFewDescriptors(t *testing.T) {
	long(t)
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell")
	}
	n := start(t, options{shell: "ulimit -n 256; "})
	var conns []net.Conn
	for range 400 {
		c, err := net.DialTimeout("tcp", n.traffic, time.Second)
		if err != nil {
			break
		}
		conns = append(conns, c)
	}
	<-time.After(3 * time.Second) // it meets the shortage
	for _, c := range conns {
		_ = c.Close()
	}
	begun := time.Now()
	ok := eventually(10*time.Second, func() bool { return status(n.url("/")) == http.StatusOK })
	took := time.Since(begun)
	short := n.metric(t, "weir_accept_errors_total")
	t.Logf("R10: %d connections to a process with 256 descriptors, %v failures to accept counted; serves again %s after they are gone (aim 2 s)", len(conns), short, took.Round(time.Millisecond))
	if !ok || took > 2*time.Second || short == 0 {
		t.Errorf("R10: ok %t, after %s, %v counted", ok, took, short)
	}
}

// TestOversize sends far too much of everything.
func TestOversize(t *testing.T) {
	long(t)
	n := start(t, options{limits: ", body_bytes: 1MiB, buffer_bytes: 256KiB"})
	pacedFor(t, time.Second, n.url("/"), 100, 8)
	before := n.rss(t)
	peak := n.watchPeak(t)
	chunk := "8000\r\n" + strings.Repeat("x", 0x8000) + "\r\n"
	field := "X-Field: " + strings.Repeat("y", 90) + "\r\n"
	for _, test := range []struct {
		name, beginning, piece string
		pieces                 int
		want                   string
	}{
		{"10 GiB declared", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10737418240\r\n\r\n", chunk, 327680, "413"},
		{"endless chunks", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, 327680, "413"},
		{"10 MiB of header", "GET / HTTP/1.1\r\nHost: h\r\n", field, 105_000, "431"},
		{"100,000 fields", "GET / HTTP/1.1\r\nHost: h\r\n", "X: 1\r\n", 100_000, "431"},
		{"one field of 10 MiB", "GET / HTTP/1.1\r\nHost: h\r\nX: ", strings.Repeat("z", 100), 105_000, "431"},
		{"a target of 10 MiB", "GET /", strings.Repeat("z", 100), 105_000, "431"},
	} {
		earlier := n.read(t)
		sent, got, err := pour(n.traffic, test.beginning, test.piece, test.pieces)
		t.Logf("R11 %s: %s after %d KiB were read (aim 1024, and of a body body_bytes); %d KiB left the client into socket buffers", test.name, got, (n.read(t)-earlier)>>10, sent>>10)
		if got != test.want || err != nil {
			t.Errorf("R11 %s: %q (%v), want %s", test.name, got, err, test.want)
		}
		if sent > 16*mib {
			t.Errorf("R11 %s: %d bytes were taken", test.name, sent)
		}
	}
	grown := peak() - before
	t.Logf("R11: RSS grew by %.1f MiB at its peak (aim 16)", float64(grown)/mib)
	if grown > 16*mib {
		t.Errorf("R11: RSS grew by %d bytes", grown)
	}
	n.alive(t)
}

// pour sends a beginning and pieces until the node closes, and returns how much went out
// and the status of the answer.
func pour(address, beginning, piece string, pieces int) (sent int64, got string, err error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return 0, "", err
	}
	defer c.Close()
	answer := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(c)
		answer <- string(text)
	}()
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	m, err := io.WriteString(c, beginning)
	for sent = int64(m); err == nil && pieces > 0; pieces-- {
		m, err = io.WriteString(c, piece)
		sent += int64(m)
	}
	text := <-answer
	var version, status string
	if _, err := fmt.Sscan(text, &version, &status); err != nil {
		return sent, "", fmt.Errorf("no answer: %.100q", text)
	}
	return sent, status, nil
}
