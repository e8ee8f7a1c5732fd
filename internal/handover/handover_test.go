package handover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// role makes the test binary be a process that inherits.
const role = "HANDOVER_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "fail":
		os.Exit(3)
	case "hang":
		<-time.After(time.Minute)
	}
	if err := answer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// answer is a process that greets one client on each address of its arguments.
func answer() error {
	s, before, err := Inherit()
	if err != nil {
		return err
	}
	var listeners []net.Listener
	for _, address := range os.Args[1:] {
		l, err := s.Listen(address)
		if err != nil {
			return err
		}
		listeners = append(listeners, l)
	}
	dropped := s.Drop()
	if before != nil {
		if err := before.Ready(); err != nil {
			return err
		}
		before.Wait(context.Background())
	}
	for _, l := range listeners {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c, "%d inherited, dropped %s", len(s.open), strings.Join(dropped, " "))
		if err := errors.Join(err, c.Close()); err != nil {
			return err
		}
	}
	return nil
}

func greeting(t *testing.T, address string) string {
	t.Helper()
	c, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func listening(t *testing.T, s *Sockets, address string) net.Listener {
	t.Helper()
	l, err := s.Listen(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// TestSocketsGoToTheSuccessor hands over two sockets, of which the successor wants one,
// and is served by it while both processes have the socket.
func TestSocketsGoToTheSuccessor(t *testing.T) {
	t.Setenv(role, "serve")
	var s Sockets
	l := listening(t, &s, "127.0.0.1:0")
	other := listening(t, &s, "localhost:0")
	successor, err := s.Start(t.Context(), Options{Command: []string{os.Args[0], "127.0.0.1:0"}, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := successor.LetGo(); err != nil {
		t.Fatal(err)
	}
	if got := greeting(t, l.Addr().String()); !strings.HasPrefix(got, "1 inherited, dropped "+other.Addr().String()) {
		t.Errorf("got %q", got)
	}
	process, err := os.FindProcess(successor.PID)
	if err != nil {
		t.Fatal(err)
	}
	if state, err := process.Wait(); err != nil || !state.Success() {
		t.Errorf("the successor ended: %v %v", state, err)
	}
	if err := l.Close(); err != nil { // and accepting here can still be interrupted
		t.Error(err)
	}
}

// TestSuccessorsThatFail tells what went wrong and leaves nothing behind.
func TestSuccessorsThatFail(t *testing.T) {
	var s Sockets
	l := listening(t, &s, "127.0.0.1:0")
	accepted := make(chan error, 1)
	go func() {
		_, err := l.Accept()
		accepted <- err
	}()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		role, want string
		ctx        context.Context
		timeout    time.Duration
	}{
		{"fail", "ended before it was ready: exit status 3", t.Context(), 10 * time.Second},
		{"hang", "was not ready within 50ms and was killed", t.Context(), 50 * time.Millisecond},
		{"hang", "context canceled", ended, 10 * time.Second},
	} {
		t.Setenv(role, test.role)
		_, err := s.Start(test.ctx, Options{Command: os.Args[:1], Timeout: test.timeout})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.role, err, test.want)
		}
	}
	if _, err := s.Start(t.Context(), Options{Command: []string{"./no-such-program"}}); err == nil {
		t.Error("a program that is not there was started")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-accepted:
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("accept: %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Error("closing the socket does not interrupt accepting any more")
	}
}

// TestSocketsOfSystemd gives a process a socket as systemd does.
func TestSocketsOfSystemd(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	// The shell knows the number of the process that it becomes.
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `LISTEN_PID=$$ exec "$0" "$1"`, os.Args[0], l.Addr().String())
	cmd.Env = append(os.Environ(), role+"=serve", "LISTEN_FDS=1", "LISTEN_FDNAMES=web")
	cmd.ExtraFiles = []*os.File{file}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if got := greeting(t, l.Addr().String()); got != "1 inherited, dropped " {
		t.Errorf("got %q", got)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestInherited(t *testing.T) {
	f := func(env map[string]string, want string, wantErr bool) {
		t.Helper()
		names, err := inherited(env, 7)
		if got := fmt.Sprintf("%q", names); got != want || (err != nil) != wantErr {
			t.Errorf("%v: %s, %v; want %s", env, got, err, want)
		}
	}
	f(nil, "[]", false)
	f(map[string]string{systemdCount: "2", systemdPID: "7"}, `["" ""]`, false)
	f(map[string]string{systemdCount: "2", systemdPID: "7", systemdNames: "a:b"}, `["a" "b"]`, false)
	f(map[string]string{systemdCount: "2", systemdPID: "8", systemdNames: "a:b"}, "[]", false)
	f(map[string]string{systemdCount: "-1", systemdPID: "7"}, "[]", true)
	f(map[string]string{systemdCount: "x", systemdPID: "7"}, "[]", true)
	f(map[string]string{nodeNames: "127.0.0.1:80,[::1]:443"}, `["127.0.0.1:80" "[::1]:443"]`, false)
}

func TestBound(t *testing.T) {
	f := func(have, address string, want bool) {
		t.Helper()
		l, err := net.Listen("tcp", have)
		if err != nil {
			t.Skip("no such address here: ", err)
		}
		defer l.Close()
		_, port, _ := net.SplitHostPort(l.Addr().String())
		if got := bound(l.(*net.TCPListener), strings.ReplaceAll(address, "PORT", port)); got != want {
			t.Errorf("%s for %s: %t", l.Addr(), address, got)
		}
	}
	f("127.0.0.1:0", "127.0.0.1:PORT", true)
	f("127.0.0.1:0", ":PORT", false)
	f("127.0.0.1:0", "127.0.0.1:1", false)
	f("127.0.0.1:0", "127.0.0.1:0", false)
	f("0.0.0.0:0", ":PORT", true)
	f(":0", "0.0.0.0:PORT", true)
	f("0.0.0.0:0", "127.0.0.1:PORT", false)
	f("127.0.0.1:0", "no address", false)
}

func TestNotify(t *testing.T) {
	path := t.TempDir() + "/notify"
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	if err := Notify("READY=1"); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	n, err := l.Read(b)
	if err != nil || string(b[:n]) != "READY=1" {
		t.Errorf("got %q, %v", b[:n], err)
	}
	t.Setenv("NOTIFY_SOCKET", "")
	if err := Notify("READY=1"); err != nil {
		t.Error(err)
	}
}
