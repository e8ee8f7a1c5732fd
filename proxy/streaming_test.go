package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/weirnode/weir/config"
)

// dialed connects and gives everything on the connection five seconds.
func dialed(t *testing.T, address string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	return c, bufio.NewReader(c)
}

// until reads lines up to one with a text.
func until(t *testing.T, r *bufio.Reader, text string) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if strings.Contains(line, text) {
			return
		}
		if err != nil {
			t.Fatalf("before %q: %v", text, err)
		}
	}
}

// TestPiecesAreNotHeldBack: each piece arrives while the upstream waits for a sign
// that it has.
func TestPiecesAreNotHeldBack(t *testing.T) {
	for name, c := range map[string]struct{ head, piece, end string }{
		"chunked":     {"Transfer-Encoding: chunked\r\n\r\n", "6\r\npiece%d\r\n", "0\r\n\r\n"},
		"until close": {"\r\n", "piece%d", ""},
		"long length": {"Content-Length: 100000\r\n\r\n", "piece%d", ""},
		"length":      {"Content-Length: 35\r\n\r\n", "piece%d", ""},
	} {
		t.Run(name, func(t *testing.T) {
			arrived := make(chan struct{})
			u := newRaw(t, func(conn net.Conn, _ string) {
				defer conn.Close()
				_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"+c.head)
				for i := range 5 {
					fmt.Fprintf(conn, c.piece, i)
					<-arrived
				}
				_, _ = io.WriteString(conn, c.end)
			})
			_, address := running(t, nil, nil, u.url())
			conn, r := dialed(t, address)
			_, _ = io.WriteString(conn, "GET /events HTTP/1.1\r\nHost: h\r\n\r\n")
			for i := range 5 {
				want := fmt.Sprintf("piece%d", i)
				got := ""
				for !strings.HasSuffix(got, want) {
					b, err := r.ReadByte()
					if err != nil {
						t.Fatalf("before %s: %v", want, err)
					}
					got += string(b)
				}
				arrived <- struct{}{}
			}
		})
	}
}

// TestUploadsArePassedOnAsTheyCome: a chunked upload of which the application wants
// to see the first piece before the client sends the second.
func TestUploadsArePassedOnAsTheyCome(t *testing.T) {
	seen := make(chan string, 10)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		r := bufio.NewReader(c)
		for range 3 {
			until(t, r, "piece")
			seen <- "piece"
		}
		until(t, r, "0\r\n")
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	}()
	_, address := running(t, func(c *config.Config) { c.Parse.InspectBytes = 0 }, nil, "http://"+l.Addr().String())
	c, r := dialed(t, address)
	_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
	for range 3 {
		_, _ = io.WriteString(c, "7\r\npiece\r\n\r\n")
		select {
		case <-seen:
		case <-time.After(5 * time.Second):
			t.Fatal("a piece was held back")
		}
	}
	_, _ = io.WriteString(c, "0\r\n\r\n")
	until(t, r, "200 OK")
}

// TestLongUploadsArriveWhole: what the kernel moves, what is read, and the request behind it
// in the same packets.
func TestLongUploadsArriveWhole(t *testing.T) {
	const size = 3<<20 + 7
	body := make([]byte, size)
	for i := range body {
		body[i] = byte(i>>8) ^ byte(i*31)
	}
	got := make(chan bool, 2)
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 0 {
			b, err := io.ReadAll(r.Body)
			got <- err == nil && bytes.Equal(b, body)
		}
		_, _ = fmt.Fprintln(w, r.URL.Path)
	}))
	t.Cleanup(up.Close)
	_, address := running(t, nil, nil, up.URL)
	for _, piece := range []int{size, 100_000, 3_000} {
		c, r := dialed(t, address)
		go func() {
			_, _ = fmt.Fprintf(c, "POST /first HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", size)
			rest := append(bytes.Clone(body), "GET /second HTTP/1.1\r\nHost: h\r\n\r\n"...)
			for len(rest) > 0 {
				n, err := c.Write(rest[:min(piece, len(rest))])
				if err != nil {
					return
				}
				rest = rest[n:]
			}
		}()
		until(t, r, "/first")
		until(t, r, "/second")
		if !<-got {
			t.Errorf("pieces of %d: the body arrived changed", piece)
		}
	}
}

// TestAClientThatLeavesFreesItsUpstream: before an answer and within one, by closing
// and by a reset.
func TestAClientThatLeavesFreesItsUpstream(t *testing.T) {
	for name, c := range map[string]struct {
		begin string
		reset bool
	}{
		"before the answer": {"", false}, "before the answer, reset": {"", true},
		"within events": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began, left := make(chan struct{}), make(chan time.Time, 1)
			u := newRaw(t, func(conn net.Conn, _ string) {
				_, _ = io.WriteString(conn, c.begin)
				close(began)
				_, _ = io.Copy(io.Discard, conn)
				left <- time.Now()
			})
			p, address := running(t, func(c *config.Config) {
				up := c.Upstreams["u"]
				up.ResponseTimeout = config.Duration(20 * time.Second)
				c.Upstreams["u"] = up
			}, nil, u.url())
			conn, _ := dialed(t, address)
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
			<-began
			if c.reset {
				_ = conn.(*net.TCPConn).SetLinger(0)
			}
			_ = conn.Close()
			gone := time.Now()
			select {
			case at := <-left:
				if d := at.Sub(gone); d > 2*time.Second {
					t.Errorf("freed after %s", d)
				}
			case <-time.After(5 * time.Second):
				t.Fatal("the upstream still works for nobody")
			}
			if counted(p.metrics.clientGone) != 1 {
				t.Error("not counted")
			}
		})
	}
}

// TestSlowUploadsEnd: a pause longer than the body timeout costs the connection.
func TestSlowUploadsEnd(t *testing.T) {
	u := newRaw(t, nil)
	_, address := running(t, func(c *config.Config) { c.Limits.BodyTimeout = config.Duration(200 * time.Millisecond) }, nil, u.url())
	answer := everything(t, address, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab")
	if !strings.HasPrefix(answer, "HTTP/1.1 408 ") {
		t.Errorf("answer %q", answer)
	}
}

// TestClientsThatDoNotReadLoseTheirAnswer: an answer that nobody takes does not hold
// its upstream for ever.
func TestClientsThatDoNotReadLoseTheirAnswer(t *testing.T) {
	ended := make(chan error, 1)
	u := newRaw(t, func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
		_, err := io.CopyN(c, zeros{}, 1_000_000_000)
		ended <- err
	})
	_, address := running(t, func(c *config.Config) { c.Limits.BodyTimeout = config.Duration(200 * time.Millisecond) }, nil, u.url())
	c, _ := dialed(t, address)
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	select {
	case err := <-ended:
		if err == nil {
			t.Error("a gigabyte went nowhere")
		}
	case <-time.After(5 * time.Second):
		t.Error("the upstream still waits")
	}
}

// TestCutAnswersAreNotTakenForWhole: what breaks off within a stream ends the
// client's connection, with a reset where the end could be taken for the body's.
func TestCutAnswersAreNotTakenForWhole(t *testing.T) {
	for name, c := range map[string]struct{ version, head string }{
		"chunked": {"1.1", "Transfer-Encoding: chunked\r\n\r\n20000\r\n"},
		"length":  {"1.1", "Content-Length: 200000\r\n\r\n"},
		"old":     {"1.0", "Transfer-Encoding: chunked\r\n\r\n20000\r\n"},
	} {
		u := newRaw(t, func(conn net.Conn, _ string) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+c.head+strings.Repeat("x", 70_000))
			_ = conn.Close()
		})
		_, address := running(t, nil, nil, u.url())
		conn, r := dialed(t, address)
		_, _ = io.WriteString(conn, "GET / HTTP/"+c.version+"\r\nHost: h\r\n\r\n")
		all, err := io.ReadAll(r)
		if err == nil && c.version == "1.0" || strings.Contains(string(all), "\r\n0\r\n") || !strings.Contains(string(all), "200 OK") {
			t.Errorf("%s: %d bytes, %v", name, len(all), err)
		}
	}
}

// TestTrailersOfAnswers pass to clients that take them, but for those that frame.
func TestTrailersOfAnswers(t *testing.T) {
	u := newRaw(t, func(c net.Conn, _ string) {
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nContent-Length: 3\r\n\r\n")
	})
	_, address := running(t, nil, nil, u.url())
	c, r := dialed(t, address)
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\nConnection: TE\r\nTE: trailers\r\n\r\n")
	until(t, r, "Trailer: X-Sum")
	until(t, r, "0\r\n")
	if line, _ := r.ReadString('\n'); line != "X-Sum: 1\r\n" {
		t.Errorf("trailer %q", line)
	}
	if line, _ := r.ReadString('\n'); line != "\r\n" {
		t.Errorf("after the trailer %q", line)
	}
	c, r = dialed(t, address)
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	if all, _ := io.ReadAll(r); strings.Contains(string(all), "X-Sum") {
		t.Errorf("unasked: %q", all)
	}
}

func TestPipelinedRequestsAreAnsweredInOrder(t *testing.T) {
	u := newRaw(t, func(c net.Conn, request string) {
		path := strings.Fields(request)[1]
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(path), path)
	})
	_, address := running(t, nil, nil, u.url())
	all := everything(t, address, "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\nHost: h\r\n\r\nGET /4 HTTP/1.1\r\nHost: h\r\nX Y: 1\r\n\r\n")
	if a, b, c, d := strings.Index(all, "/1"), strings.Index(all, "/2"), strings.Index(all, "/3"), strings.Index(all, " 400 "); a < 0 || b < a || c < b || d < c || strings.Count(all, "HTTP/1.1 ") != 4 {
		t.Errorf("answers %q", all)
	}
}
